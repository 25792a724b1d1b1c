package store

import (
	"context"
	"errors"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

// Leavers counts the people whom PurgeSome would delete, and returns when the first of all people who are out of service went
// (zero when there are none).
func Leavers(ctx context.Context, r db.Reader, day org.Date, before time.Time) (n int, oldest time.Time, err error) {
	h, err := Head(ctx, r)
	if err != nil {
		return 0, oldest, err
	}
	var first org.Date
	var unknown int64
	err = r.Row(ctx, `SELECT COUNT(*) FILTER (WHERE p.to_day > 0 AND p.to_day < $3 OR p.to_day = 0 AND COALESCE(v.at, $4) < $4),
COALESCE(MIN(CASE WHEN p.to_day > 0 THEN p.to_day END), 0), COALESCE(MIN(CASE WHEN p.to_day = 0 THEN v.at END), 0)
FROM people_staff p LEFT JOIN people_revisions v ON v.tenant_id = p.tenant_id AND v.seq = p.since
WHERE p.tenant_id = $1 AND +p.since <= $2 AND p.until > $2 AND p.is_out = TRUE`, []any{h.Current, int64(day), clock.Micros(before)}, &n, &first, &unknown)
	oldest = first.Time()
	if at := clock.Time(unknown); !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
		oldest = at
	}
	return n, oldest, err
}

// PurgeSome deletes up to limit people, as Purge does, in the transaction of s. each gets the ids before they go; nil for nothing.
// While a large change is under way it deletes nobody.
func PurgeSome(ctx context.Context, s *db.Scope, now time.Time, day org.Date, before time.Time, limit int, each func([]string) error) (int, error) {
	h, err := Head(ctx, s.Reader)
	if err != nil {
		return 0, err
	}
	if err := h.free(now); err != nil {
		return 0, nil //nolint:nilerr // the next time does it
	}
	ids, err := goers(ctx, s, day, before, "", limit)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if each != nil {
		if err := each(ids); err != nil {
			return 0, err
		}
	}
	for _, id := range ids {
		if _, err := Erase(ctx, s, now, id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// PersonKeys returns by what the decisions on people may name them: every staff number, mail address and hash of a national number
// that they have or had.
func PersonKeys(ctx context.Context, r db.Reader, people []string) ([]string, error) {
	found := map[string]bool{}
	for _, id := range people {
		err := r.Rows(ctx, `SELECT DISTINCT number, mail, hidden FROM people_staff WHERE tenant_id = $1 AND id = $2`, func(scan func(...any) error) error {
			var number, mail, hidden string
			err := scan(&number, &mail, &hidden)
			found[number], found[mail], found[hidden] = true, true, true
			return err
		}, id)
		if err != nil {
			return nil, err
		}
	}
	delete(found, "")
	return sortedKeys(found), nil
}

// DecisionsOn lists the decisions of a subject, those undone too, of which one side is a key.
func DecisionsOn(ctx context.Context, r db.Reader, kind Subject, key string) ([]Decision, error) {
	return list(ctx, r, scanDecision, `SELECT `+decisionColumns+` FROM people_decisions WHERE tenant_id = $1 AND kind = $2 AND (a = $3 OR b = $3) ORDER BY id`, string(kind), key)
}

// oldestSince is the oldest revision that was made at or after a moment; the next one when there is none.
func oldestSince(ctx context.Context, r db.Reader, h *Standing, before time.Time) (int64, error) {
	oldest := h.Current + 1
	err := r.Row(ctx, `SELECT COALESCE(MIN(seq), $2) FROM people_revisions WHERE tenant_id = $1 AND at >= $3`, []any{h.Current + 1, clock.Micros(before)}, &oldest)
	return max(oldest, h.Oldest), err
}

// OldVersions counts the versions that PruneSome would delete, and returns when the first of all versions that are no longer in
// use ended (zero when there are none).
func OldVersions(ctx context.Context, r db.Reader, before time.Time) (n int, oldest time.Time, err error) {
	h, err := Head(ctx, r)
	if err != nil {
		return 0, oldest, err
	}
	upTo, err := oldestSince(ctx, r, &h, before)
	if err != nil {
		return 0, oldest, err
	}
	first := int64(open)
	for _, kind := range Kinds() {
		name, err := tableName(kind)
		if err != nil {
			return 0, oldest, err
		}
		var some int
		var seq int64
		err = r.Row(ctx, `SELECT COUNT(*) FILTER (WHERE until < $2), COALESCE(MIN(until), $3) FROM `+name+` WHERE tenant_id = $1 AND `+isEnded+` AND until <= $4`,
			[]any{upTo, int64(open), h.Current}, &some, &seq)
		if err != nil {
			return 0, oldest, err
		}
		n, first = n+some, min(first, seq)
	}
	if first == open {
		return n, oldest, nil
	}
	v, err := RevisionOf(ctx, r, first)
	if errors.Is(err, ErrNoRevision) {
		err = nil
	}
	return n, v.At, err
}

// EndedVersions counts the versions that are no longer in use.
func EndedVersions(ctx context.Context, r db.Reader) (n int, err error) {
	for _, kind := range Kinds() {
		name, err := tableName(kind)
		if err != nil {
			return 0, err
		}
		var some int
		if err := r.Row(ctx, `SELECT COUNT(*) FROM `+name+` WHERE tenant_id = $1 AND `+isEnded, nil, &some); err != nil {
			return 0, err
		}
		n += some
	}
	return n, nil
}

// PruneSome deletes up to limit versions, as Prune does, in the transaction of s.
func PruneSome(ctx context.Context, s *db.Scope, before time.Time, limit int) (int, error) {
	h, err := Head(ctx, s.Reader)
	if err != nil || h.Current == 0 {
		return 0, err
	}
	oldest, err := oldestSince(ctx, s.Reader, &h, before)
	if err != nil {
		return 0, err
	}
	if _, err := s.Exec(ctx, `UPDATE people_heads SET oldest = $2 WHERE tenant_id = $1`, oldest); err != nil {
		return 0, err
	}
	gone := 0
	for _, kind := range Kinds() {
		name, err := tableName(kind)
		if err != nil {
			return gone, err
		}
		if gone >= limit {
			break
		}
		n, err := s.Exec(ctx, `DELETE FROM `+name+` WHERE tenant_id = $1 AND +until < $2 AND (id, since) IN (
SELECT id, since FROM `+name+` WHERE tenant_id = $1 AND until < $2 AND `+isEnded+` LIMIT $3)`, oldest, limit-gone)
		if err != nil {
			return gone, err
		}
		gone += int(n)
	}
	return gone, nil
}

// stale is a condition on imports that hold rows, examples or a preview; agedAt is from when they age.
const (
	stale  = `state <> 'applying' AND (file_id IS NOT NULL OR preview <> '' OR notes NOT IN ('[]', '{}'))`
	agedAt = `CASE WHEN finished_at > 0 THEN finished_at ELSE created_at END`
)

// OldPreviews counts the imports that were finished, or else brought, before a moment and still hold rows of people, and returns
// the time of the first of all that do.
func OldPreviews(ctx context.Context, r db.Reader, before time.Time) (n int, oldest time.Time, err error) {
	var first int64
	err = r.Row(ctx, `SELECT COUNT(*) FILTER (WHERE `+agedAt+` < $2), COALESCE(MIN(`+agedAt+`), 0) FROM people_imports WHERE tenant_id = $1 AND `+stale,
		[]any{clock.Micros(before)}, &n, &first)
	return n, clock.Time(first), err
}

// Previews counts the imports that hold rows of people.
func Previews(ctx context.Context, r db.Reader) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM people_imports WHERE tenant_id = $1 AND (file_id IS NOT NULL OR preview <> '' OR notes NOT IN ('[]', '{}'))`, nil, &n)
	return n, err
}

// ForgetPreviews takes the rows, examples and previews out of up to limit imports that were finished, or else brought, before a
// moment; one that nobody decided on is put aside. It returns how many and the files that they held, which are the caller's to
// delete.
func ForgetPreviews(ctx context.Context, s *db.Scope, now, before time.Time, limit int) (n int, held []string, err error) {
	var ids []string
	err = s.Rows(ctx, `SELECT id, COALESCE(file_id, '') FROM people_imports WHERE tenant_id = $1 AND `+stale+` AND `+agedAt+` < $2 ORDER BY id LIMIT $3`,
		func(scan func(...any) error) error {
			var id, file string
			err := scan(&id, &file)
			ids = append(ids, id)
			if file != "" {
				held = append(held, file)
			}
			return err
		}, clock.Micros(before), limit)
	if err != nil {
		return 0, nil, err
	}
	for _, id := range ids {
		if _, err := s.Exec(ctx, `UPDATE people_imports SET file_id = NULL, preview = '', notes = '{}', version = version + 1,
state = CASE WHEN finished_at > 0 THEN state ELSE 'refused' END, finished_at = CASE WHEN finished_at > 0 THEN finished_at ELSE $3 END
WHERE tenant_id = $1 AND id = $2`, id, clock.Micros(now)); err != nil {
			return 0, nil, err
		}
	}
	return len(ids), held, nil
}

// ForgetSomeReads deletes up to limit notes of who looked at whose data, made before a moment.
func ForgetSomeReads(ctx context.Context, s *db.Scope, before time.Time, limit int) (int, error) {
	n, err := s.Exec(ctx, `DELETE FROM people_reads WHERE tenant_id = $1 AND (person_id, at, account_id, what) IN (
SELECT person_id, at, account_id, what FROM people_reads WHERE tenant_id = $1 AND at < $2 ORDER BY at LIMIT $3)`, clock.Micros(before), limit)
	return int(n), err
}

// ForgetAccount takes an account out of what it did here: sources, imports, changes, decisions, settings and reads stay, without
// who it was. What it put off goes.
func ForgetAccount(ctx context.Context, s *db.Scope, account string) error {
	for _, statement := range []string{
		`DELETE FROM people_later WHERE tenant_id = $1 AND account_id = $2`,
		`UPDATE people_revisions SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`,
		`UPDATE people_imports SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`,
		`UPDATE people_decisions SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`,
		`UPDATE people_sources SET created_by = '' WHERE tenant_id = $1 AND created_by = $2`,
		`UPDATE people_settings SET basis_by = '' WHERE tenant_id = $1 AND basis_by = $2`,
		// Two who are gone may have looked at the same in one moment: one note is enough then.
		`DELETE FROM people_reads WHERE tenant_id = $1 AND account_id = $2 AND EXISTS (SELECT 1 FROM people_reads o
WHERE o.tenant_id = $1 AND o.person_id = people_reads.person_id AND o.at = people_reads.at AND o.what = people_reads.what AND o.account_id = '')`,
		`UPDATE people_reads SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`,
	} {
		if _, err := s.Exec(ctx, statement, account); err != nil {
			return err
		}
	}
	return nil
}

// DoneBy counts what an account did here, by table.
func DoneBy(ctx context.Context, r db.Reader, account string) (map[string]int, error) {
	out := map[string]int{}
	for table, column := range map[string]string{"people_revisions": "account_id", "people_imports": "account_id", "people_decisions": "account_id",
		"people_sources": "created_by", "people_settings": "basis_by", "people_reads": "account_id", "people_later": "account_id"} {
		var n int
		if err := r.Row(ctx, `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1 AND `+column+` = $2`, []any{account}, &n); err != nil {
			return nil, err
		}
		if n > 0 {
			out[table] = n
		}
	}
	return out, nil
}
