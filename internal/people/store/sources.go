package store

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Key says by what the people of a source are recognised.
type Key string

// The keys.
const (
	ByStaffNumber  Key = "number"
	ByMailAddress  Key = "mail"
	ByNationalHash Key = "national" // the keyed hash of a national number
)

// firstVersion is the version of a row that nobody has changed.
const firstVersion = 1

// Source is where personnel data comes from.
type Source struct {
	ID        string
	Name      string // unique in an organisation
	Mapping   string // JSON of package mapping; "" before the first import
	Key       Key
	Complete  bool   // who is not in a file is gone
	Folder    string // where files come by themselves; "" for nowhere
	Limits    string // JSON: how much loss stops an import; "{}" for the usual
	Signature string // of the headings of the last file; ""
	Prefix    string // before each staff number of its files, with a dash between; "" for none
	Former    string // JSON: list of prefixes under which its people may stand, the newest last; "[]" for none
	CreatedBy string
	Created   time.Time
	Version   int64 // of the row, for UpdateSource
}

const sourceColumns = `id, name, mapping, key, complete, folder, limits, signature, prefix, former_prefixes, created_by, created_at, version`

func scanSource(scan func(...any) error) (Source, error) {
	var s Source
	var created int64
	err := scan(&s.ID, &s.Name, &s.Mapping, &s.Key, &s.Complete, &s.Folder, &s.Limits, &s.Signature, &s.Prefix, &s.Former, &s.CreatedBy, &created, &s.Version)
	s.Created = clock.Time(created)
	return s, err
}

// AddSource keeps a new source; db.ErrExists when there is one with its name.
func AddSource(ctx context.Context, s *db.Scope, v Source) error {
	_, err := s.Exec(ctx, `INSERT INTO people_sources (tenant_id, id, name, mapping, key, complete, folder, limits, signature, prefix, former_prefixes, created_by, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, v.ID, v.Name, v.Mapping, string(v.Key), v.Complete, v.Folder, object(v.Limits), v.Signature, v.Prefix, array(v.Former),
		v.CreatedBy, clock.Micros(v.Created), firstVersion)
	return err
}

// UpdateSource writes what may change of a source that is still at v.Version: all but ID, CreatedBy and Created. ErrChanged when
// it is not, db.ErrExists when another has its name.
func UpdateSource(ctx context.Context, s *db.Scope, v Source) error {
	n, err := s.Exec(ctx, `UPDATE people_sources SET name = $3, mapping = $4, key = $5, complete = $6, folder = $7, limits = $8, signature = $9, prefix = $10, former_prefixes = $11,
version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $12`, v.ID, v.Name, v.Mapping, string(v.Key), v.Complete, v.Folder, object(v.Limits), v.Signature, v.Prefix, array(v.Former), v.Version)
	return changedOne(n, err)
}

// DeleteSource deletes a source that has no imports; db.ErrRefers when it has, db.ErrNoRow when it is not there.
func DeleteSource(ctx context.Context, s *db.Scope, id string) error {
	n, err := s.Exec(ctx, `DELETE FROM people_sources WHERE tenant_id = $1 AND id = $2`, id)
	if err == nil && n == 0 {
		err = db.ErrNoRow
	}
	return err
}

// SourceOf returns a source; db.ErrNoRow when it is not there.
func SourceOf(ctx context.Context, r db.Reader, id string) (Source, error) {
	return one(sources(ctx, r, `id = $2`, id))
}

// Sources lists the sources in order of name.
func Sources(ctx context.Context, r db.Reader) ([]Source, error) { return sources(ctx, r, `TRUE`) }

func sources(ctx context.Context, r db.Reader, where string, args ...any) ([]Source, error) {
	return list(ctx, r, scanSource, `SELECT `+sourceColumns+` FROM people_sources WHERE tenant_id = $1 AND `+where+` ORDER BY name, id`, args...)
}

// list gathers the rows of a query.
func list[E any](ctx context.Context, r db.Reader, read func(func(...any) error) (E, error), query string, args ...any) ([]E, error) {
	var out []E
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		v, err := read(scan)
		out = append(out, v)
		return err
	}, args...)
	return out, err
}

// one returns the only element of a list, or db.ErrNoRow.
func one[E any](found []E, err error) (E, error) {
	if err == nil && len(found) == 0 {
		err = db.ErrNoRow
	}
	if err != nil {
		var none E
		return none, err
	}
	return found[0], nil
}

// changedOne tells of an update that found its row in another state.
func changedOne(n int64, err error) error {
	if err == nil && n != 1 {
		err = ErrChanged
	}
	return err
}

// object returns JSON of an object, the empty one for "".
func object(s string) string {
	if s == "" {
		return "{}"
	}
	return s
}
