package store

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// ImportState says how far an import is.
type ImportState string

// The states of an import.
const (
	Received  ImportState = "received"  // the cleaned table is kept, and waits for a mapping
	Previewed ImportState = "previewed" // the difference can be looked at
	Applying  ImportState = "applying"
	Applied   ImportState = "applied"
	WasUndone ImportState = "undone"
	Refused   ImportState = "refused" // by a person, or by a rule
	Failed    ImportState = "failed"
)

// Import is a file that came in from a source, and what became of it.
type Import struct {
	ID       string // sorts by time (package id)
	Source   string
	State    ImportState
	File     string // id of the cleaned table (package files); "" once it is not needed
	FileName string // as its sender calls it
	Notes    string // JSON: what was decided while it was read; "[]" for nothing
	Counts   string // JSON; "{}" for none
	Preview  string // JSON; "" before there is one
	Revision int64  // in which it was applied; 0 for none
	Account  string // who brought it; "" for a folder
	Created  time.Time
	Finished time.Time // when it came in a state that it does not leave by itself; zero before
	Version  int64     // of the row, for UpdateImport
}

const importColumns = `id, source_id, state, COALESCE(file_id, ''), file_name, notes, counts, preview, revision, account_id, created_at, finished_at, version`

func scanImport(scan func(...any) error) (Import, error) {
	var v Import
	var created, finished int64
	err := scan(&v.ID, &v.Source, &v.State, &v.File, &v.FileName, &v.Notes, &v.Counts, &v.Preview, &v.Revision, &v.Account, &created, &finished, &v.Version)
	v.Created, v.Finished = clock.Time(created), clock.Time(finished)
	return v, err
}

// AddImport keeps a new import of a source; db.ErrRefers when the source or the file is not there.
func AddImport(ctx context.Context, s *db.Scope, v Import) error {
	_, err := s.Exec(ctx, `INSERT INTO people_imports (tenant_id, id, source_id, state, file_id, file_name, notes, counts, preview, revision, account_id, created_at, finished_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, v.ID, v.Source, string(v.State), orNull(v.File), v.FileName, array(v.Notes), object(v.Counts),
		v.Preview, v.Revision, v.Account, clock.Micros(v.Created), clock.Micros(v.Finished), firstVersion)
	return err
}

// UpdateImport writes what may change of an import that is still at v.Version: all but ID, Source, FileName, Account and Created.
// ErrChanged when it is not. A file that it no longer names is the caller's to delete, after this.
func UpdateImport(ctx context.Context, s *db.Scope, v Import) error {
	n, err := s.Exec(ctx, `UPDATE people_imports SET state = $3, file_id = $4, notes = $5, counts = $6, preview = $7, revision = $8, finished_at = $9, version = version + 1
WHERE tenant_id = $1 AND id = $2 AND version = $10`, v.ID, string(v.State), orNull(v.File), array(v.Notes), object(v.Counts), v.Preview, v.Revision,
		clock.Micros(v.Finished), v.Version)
	return changedOne(n, err)
}

// DeleteImport deletes an import and returns the id of its file, "" for none, which is the caller's to delete; db.ErrNoRow when it
// is not there. The revision that it made stays.
func DeleteImport(ctx context.Context, s *db.Scope, id string) (file string, err error) {
	v, err := ImportOf(ctx, s.Reader, id)
	if err != nil {
		return "", err
	}
	_, err = s.Exec(ctx, `DELETE FROM people_imports WHERE tenant_id = $1 AND id = $2`, id)
	return v.File, err
}

// ImportOf returns an import; db.ErrNoRow when it is not there.
func ImportOf(ctx context.Context, r db.Reader, id string) (Import, error) {
	return one(list(ctx, r, scanImport, `SELECT `+importColumns+` FROM people_imports WHERE tenant_id = $1 AND id = $2`, id))
}

// ImportQuery says which imports a list holds.
type ImportQuery struct {
	Source string      // "" for all
	State  ImportState // "" for all
	Before string      // id of the last of the page before; "" for the newest
	Limit  int
}

// Imports lists imports, the newest first, without Notes and Preview, which can be large.
func Imports(ctx context.Context, r db.Reader, q ImportQuery) ([]Import, error) {
	return list(ctx, r, scanImport, `SELECT id, source_id, state, COALESCE(file_id, ''), file_name, '', counts, '', revision, account_id, created_at, finished_at, version
FROM people_imports WHERE tenant_id = $1 AND ($2 = '' OR source_id = $2) AND ($3 = '' OR state = $3) AND ($4 = '' OR id < $4) ORDER BY id DESC LIMIT $5`,
		q.Source, string(q.State), q.Before, q.Limit)
}

// CameIn tells whether an import of a source was ever applied, also when it was undone since.
func CameIn(ctx context.Context, r db.Reader, source string) (bool, error) {
	var n int
	err := r.Row(ctx, `SELECT COUNT(*) FROM people_imports WHERE tenant_id = $1 AND source_id = $2 AND state IN ('applied', 'undone')`, []any{source}, &n)
	return n > 0, err
}

// Undecided counts the imports that came by themselves and that wait for a person, and says when the first of them came in.
func Undecided(ctx context.Context, r db.Reader) (n int, first time.Time, err error) {
	var at int64
	err = r.Row(ctx, `SELECT COUNT(*), COALESCE(MIN(created_at), 0) FROM people_imports WHERE tenant_id = $1 AND account_id = '' AND state IN ('received', 'previewed', 'failed')`,
		nil, &n, &at)
	return n, clock.Time(at), err
}

// OldImports lists the ids of imports that were finished before a moment and still hold a file or a preview, the oldest first: for
// retention.
func OldImports(ctx context.Context, r db.Reader, before time.Time, limit int) ([]string, error) {
	return list(ctx, r, scanText, `SELECT id FROM people_imports WHERE tenant_id = $1 AND finished_at > 0 AND finished_at < $2
AND (file_id IS NOT NULL OR preview <> '') ORDER BY id LIMIT $3`, clock.Micros(before), limit)
}

func scanText(scan func(...any) error) (s string, err error) {
	err = scan(&s)
	return s, err
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// array returns JSON of an array, the empty one for "".
func array(s string) string {
	if s == "" {
		return "[]"
	}
	return s
}
