package store

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Read is that somebody looked at a person's data.
type Read struct {
	Person  string
	At      time.Time
	Account string
	Role    string // as which
	What    string // which data
	Purpose string
}

var readBulk = &db.Bulk{
	Table: "people_reads", Columns: []string{"person_id", "at", "account_id", "role", "what", "purpose"},
	Conflict: `ON CONFLICT (tenant_id, person_id, at, account_id, what) DO NOTHING`,
}

// NoteReads keeps that people's data was looked at. The same at the same moment is kept once.
func NoteReads(ctx context.Context, s *db.Scope, reads []Read) error {
	return s.InsertAll(ctx, readBulk, len(reads), func(i int, to []any) []any {
		v := &reads[i]
		return append(to, v.Person, clock.Micros(v.At), v.Account, v.Role, v.What, v.Purpose)
	})
}

// Reads lists at most limit times that a person's data was looked at, the newest first, those before a moment where before is not
// zero. Several of one moment are not parted: a list may be longer for them.
func Reads(ctx context.Context, r db.Reader, person string, before time.Time, limit int) ([]Read, error) {
	return list(ctx, r, scanRead, `SELECT `+readColumns+` FROM people_reads WHERE tenant_id = $1 AND person_id = $2 AND (CAST($3 AS BIGINT) = 0 OR at < $3) AND at >= COALESCE((
SELECT at FROM people_reads WHERE tenant_id = $1 AND person_id = $2 AND (CAST($3 AS BIGINT) = 0 OR at < $3) ORDER BY at DESC LIMIT 1 OFFSET $4), 0)
ORDER BY at DESC, account_id, what`, person, clock.Micros(before), limit-1)
}

// ReadsBy lists what an account looked at from a moment on, the oldest first.
func ReadsBy(ctx context.Context, r db.Reader, account string, from time.Time, limit int) ([]Read, error) {
	return list(ctx, r, scanRead, `SELECT `+readColumns+` FROM people_reads WHERE tenant_id = $1 AND account_id = $2 AND at >= $3 ORDER BY at, person_id, what LIMIT $4`,
		account, clock.Micros(from), limit)
}

// ForgetReads deletes what was noted before a moment and returns how much.
func ForgetReads(ctx context.Context, s *db.Scope, before time.Time) (int64, error) {
	return s.Exec(ctx, `DELETE FROM people_reads WHERE tenant_id = $1 AND at < $2`, clock.Micros(before))
}

const readColumns = `person_id, at, account_id, role, what, purpose`

func scanRead(scan func(...any) error) (Read, error) {
	var v Read
	var at int64
	err := scan(&v.Person, &at, &v.Account, &v.Role, &v.What, &v.Purpose)
	v.At = clock.Time(at)
	return v, err
}
