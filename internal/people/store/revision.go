package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Reason says how a revision came to be.
type Reason string

// The reasons.
const (
	ByImport Reason = "import"
	ByEdit   Reason = "edit"
	ByMerge  Reason = "merge"
	BySCIM   Reason = "scim"
	ByUndo   Reason = "undo"
)

// Revision is a change of the organisation that counts, or counted until it was undone.
type Revision struct {
	Seq      int64
	Kind     Reason
	Import   string // id; "" when it came from no import
	Account  string // who made it; "" for the program
	At       time.Time
	Note     string // JSON of whoever made it; "{}" for none
	Put      int64  // rows that it wrote
	Ended    int64  // rows that it ended without another in their place
	UndoneBy int64  // the revision that put back what this one changed; 0: it counts
	Undoes   int64  // the revision that this one put back; 0: none
}

const revisionColumns = `seq, kind, import_id, account_id, at, note, put, ended, undone_by, undoes`

func scanRevision(scan func(...any) error) (Revision, error) {
	var v Revision
	var at int64
	err := scan(&v.Seq, &v.Kind, &v.Import, &v.Account, &at, &v.Note, &v.Put, &v.Ended, &v.UndoneBy, &v.Undoes)
	v.At = clock.Time(at)
	return v, err
}

// RevisionOf returns a revision; ErrNoRevision when there is none.
func RevisionOf(ctx context.Context, r db.Reader, seq int64) (Revision, error) {
	list, err := revisions(ctx, r, `seq = $2`, 1, seq)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%w: %d", ErrNoRevision, seq)
	}
	if err != nil {
		return Revision{}, err
	}
	return list[0], nil
}

// Revisions lists at most limit revisions from the newest on, those before a number where before is not 0.
func Revisions(ctx context.Context, r db.Reader, before int64, limit int) ([]Revision, error) {
	if before == 0 {
		before = open
	}
	return revisions(ctx, r, `seq < $2`, limit, before)
}

func revisions(ctx context.Context, r db.Reader, where string, limit int, arg int64) ([]Revision, error) {
	var list []Revision
	err := r.Rows(ctx, `SELECT `+revisionColumns+` FROM people_revisions WHERE tenant_id = $1 AND `+where+` ORDER BY seq DESC LIMIT $3`,
		func(scan func(...any) error) error {
			v, err := scanRevision(scan)
			list = append(list, v)
			return err
		}, arg, limit)
	return list, err
}

// record moves the head to a revision and notes it. The head must not have moved since it was read in this transaction.
func record(ctx context.Context, s *db.Scope, v Revision) error {
	if v.Note == "" {
		v.Note = "{}"
	}
	n, err := s.Exec(ctx, `UPDATE people_heads SET current = $2, pending = 0, owner = '', lease_until = 0 WHERE tenant_id = $1 AND current = $2 - 1`, v.Seq)
	if err != nil {
		return err
	}
	if n != 1 {
		return ErrLost
	}
	if _, err := s.Exec(ctx, `INSERT INTO people_revisions (tenant_id, seq, kind, import_id, account_id, at, note, put, ended, undoes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, v.Seq, string(v.Kind), v.Import, v.Account, clock.Micros(v.At), v.Note, v.Put, v.Ended, v.Undoes); err != nil {
		return err
	}
	if v.Undoes == 0 {
		return nil
	}
	undone, err := RevisionOf(ctx, s.Reader, v.Undoes)
	if err != nil {
		return err
	}
	if undone.UndoneBy != 0 {
		return fmt.Errorf("%w, by %d", ErrUndone, undone.UndoneBy)
	}
	if _, err := s.Exec(ctx, `UPDATE people_revisions SET undone_by = $3 WHERE tenant_id = $1 AND seq = $2`, v.Undoes, v.Seq); err != nil {
		return err
	}
	// What the undone one had undone counts again.
	_, err = s.Exec(ctx, `UPDATE people_revisions SET undone_by = 0 WHERE tenant_id = $1 AND seq = $2 AND undone_by = $3`, undone.Undoes, v.Undoes)
	return err
}

// headRow makes the row of the head where there is none.
func headRow(ctx context.Context, s *db.Scope) error {
	_, err := s.Exec(ctx, `INSERT INTO people_heads (tenant_id) VALUES ($1) ON CONFLICT (tenant_id) DO NOTHING`)
	if errors.Is(err, db.ErrRefers) {
		return fmt.Errorf("there is no organisation %q: %w", s.Tenant(), err)
	}
	return err
}
