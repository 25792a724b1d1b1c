package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Subject says what a decision is about.
type Subject string

// The subjects.
const (
	Title     Subject = "title"
	Duplicate Subject = "person"
	Moved     Subject = "unit" // a unit under another name
)

// Verdict says what was decided on two things.
type Verdict string

// The verdicts.
const (
	Same      Verdict = "same"
	Different Verdict = "different"
)

// Decision is what a person decided on two titles, two people or two units that may be the same.
type Decision struct {
	ID      string // sorts by time (package id)
	Kind    Subject
	A, B    string // the two in their normal form, in either order; a list has the smaller in A
	Verdict Verdict
	Into    string // which of the two stays, for Same; "" where that does not matter
	Account string
	At      time.Time
	Undone  time.Time // zero while it counts
}

const decisionColumns = `id, kind, a, b, verdict, into_key, account_id, at, undone_at`

func scanDecision(scan func(...any) error) (Decision, error) {
	var v Decision
	var at, undone int64
	err := scan(&v.ID, &v.Kind, &v.A, &v.B, &v.Verdict, &v.Into, &v.Account, &at, &undone)
	v.At, v.Undone = clock.Time(at), clock.Time(undone)
	return v, err
}

// Decide keeps a decision; one on the same two that counted until now is undone by it.
func Decide(ctx context.Context, s *db.Scope, v Decision) error {
	if v.A == v.B || v.Into != "" && v.Into != v.A && v.Into != v.B {
		return fmt.Errorf("a decision is about two different things, of which one may stay: got %q, %q and %q", v.A, v.B, v.Into)
	}
	v.A, v.B = min(v.A, v.B), max(v.A, v.B)
	if _, err := s.Exec(ctx, `UPDATE people_decisions SET undone_at = $5 WHERE tenant_id = $1 AND kind = $2 AND a = $3 AND b = $4 AND undone_at = 0`,
		string(v.Kind), v.A, v.B, clock.Micros(v.At)); err != nil {
		return err
	}
	_, err := s.Exec(ctx, `INSERT INTO people_decisions (tenant_id, id, kind, a, b, verdict, into_key, account_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		v.ID, string(v.Kind), v.A, v.B, string(v.Verdict), v.Into, v.Account, clock.Micros(v.At))
	return err
}

// UndoDecision ends a decision; ErrChanged when it counts no more, or is not there.
func UndoDecision(ctx context.Context, s *db.Scope, id string, now time.Time) error {
	return changedOne(s.Exec(ctx, `UPDATE people_decisions SET undone_at = $3 WHERE tenant_id = $1 AND id = $2 AND undone_at = 0`, id, clock.Micros(now)))
}

// DecisionOf returns a decision, also one that was undone; db.ErrNoRow when it is not there.
func DecisionOf(ctx context.Context, r db.Reader, id string) (Decision, error) {
	return one(list(ctx, r, scanDecision, `SELECT `+decisionColumns+` FROM people_decisions WHERE tenant_id = $1 AND id = $2`, id))
}

// Decisions lists the decisions of a subject that count, the oldest first.
func Decisions(ctx context.Context, r db.Reader, kind Subject) ([]Decision, error) {
	return list(ctx, r, scanDecision, `SELECT `+decisionColumns+` FROM people_decisions WHERE tenant_id = $1 AND kind = $2 AND undone_at = 0 ORDER BY id`, string(kind))
}

// DecisionsEver lists at most limit decisions of a subject, those undone too, the newest first, those before an id where before is
// not "".
func DecisionsEver(ctx context.Context, r db.Reader, kind Subject, before string, limit int) ([]Decision, error) {
	return list(ctx, r, scanDecision, `SELECT `+decisionColumns+` FROM people_decisions WHERE tenant_id = $1 AND kind = $2 AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4`,
		string(kind), before, limit)
}

// ForgetDecisions deletes the decisions of a subject of which one side is a key, also those that were undone: for a person who is
// erased.
func ForgetDecisions(ctx context.Context, s *db.Scope, kind Subject, key string) (int64, error) {
	return s.Exec(ctx, `DELETE FROM people_decisions WHERE tenant_id = $1 AND kind = $2 AND (a = $3 OR b = $3)`, string(kind), key)
}

// Rename lets a decision be about other keys for the same two, where these are named anew. Another decision on them that counts is undone: the
// one that is named anew is about who they were.
func Rename(ctx context.Context, s *db.Scope, v Decision, now time.Time) error {
	v.A, v.B = min(v.A, v.B), max(v.A, v.B)
	if _, err := s.Exec(ctx, `UPDATE people_decisions SET undone_at = $6 WHERE tenant_id = $1 AND kind = $2 AND a = $3 AND b = $4 AND id <> $5 AND undone_at = 0`,
		string(v.Kind), v.A, v.B, v.ID, clock.Micros(now)); err != nil {
		return err
	}
	return changedOne(s.Exec(ctx, `UPDATE people_decisions SET a = $3, b = $4, into_key = $5 WHERE tenant_id = $1 AND id = $2`, v.ID, v.A, v.B, v.Into))
}

// LastSources returns which complete sources named whoever had a staff number last, as org.Person.Sources; "" when nobody had it, or
// none named them.
func LastSources(ctx context.Context, r db.Reader, number string) (sources string, err error) {
	h, err := Head(ctx, r)
	if err != nil {
		return "", err
	}
	err = r.Row(ctx, `SELECT sources FROM people_staff WHERE tenant_id = $1 AND number = $2 AND number <> '' AND sources <> '' AND since <= $3 ORDER BY since DESC, id LIMIT 1`,
		[]any{number, h.Current}, &sources)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return sources, err
}
