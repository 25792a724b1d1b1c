package nonuse

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Round is a series of interviews.
type Round struct {
	ID, Title string
	Opened    time.Time
	Closed    time.Time // zero: open
	Talks     int       // how many interviews
}

// Invitation is who is asked, in the open round.
type Invitation struct {
	ID, Name, Contact string
	State             string // planned, asked, yes, no
	On                time.Time
}

// counted is what of an interview is counted.
type counted struct {
	id, round, consent, lang, work, family, tag string
	month                                       int64
	reasons                                     []string
}

// noted is one note.
type noted struct {
	id, round, question, reason, text, tag string
	month                                  int64
}

// random names a row so that its name tells nothing, neither its age nor what it belongs to.
func random() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// monthOf returns the first moment of the month, in microseconds. Interviews carry that in which their round was opened, all the same: the
// store does not know when one was held.
func monthOf(at time.Time) int64 {
	at = at.UTC()
	return clock.Micros(time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC))
}

// dayOf returns the first moment of the day, in microseconds.
func dayOf(at time.Time) int64 {
	at = at.UTC()
	return clock.Micros(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC))
}

const roundColumns = `SELECT r.id, r.title, r.opened_at, r.closed_at, (SELECT COUNT(*) FROM skill_interview_codes c WHERE c.tenant_id = $1 AND c.round_id = r.id)
FROM skill_interview_rounds r WHERE r.tenant_id = $1`

func scanRound(scan func(...any) error) (Round, error) {
	var x Round
	var opened, closed int64
	if err := scan(&x.ID, &x.Title, &opened, &closed, &x.Talks); err != nil {
		return x, err
	}
	x.Opened = clock.Time(opened)
	if closed > 0 {
		x.Closed = clock.Time(closed)
	}
	return x, nil
}

// rounds lists the rounds, the newest first.
func rounds(ctx context.Context, r db.Reader) ([]Round, error) {
	var out []Round
	err := r.Rows(ctx, roundColumns+` ORDER BY r.opened_at DESC, r.id DESC`, func(scan func(...any) error) error {
		x, err := scanRound(scan)
		out = append(out, x)
		return err
	})
	return out, err
}

// openRound returns the round that is open; ok is false when none is.
func openRound(ctx context.Context, r db.Reader) (x Round, ok bool, err error) {
	err = r.Rows(ctx, roundColumns+` AND r.closed_at = 0`, func(scan func(...any) error) (err error) {
		x, err = scanRound(scan)
		ok = err == nil
		return err
	})
	return x, ok, err
}

func insertRound(ctx context.Context, s *db.Scope, x *Round) (bool, error) {
	n, err := s.Exec(ctx, `INSERT INTO skill_interview_rounds (tenant_id, id, title, opened_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, x.ID, x.Title, clock.Micros(x.Opened))
	return n > 0, err
}

// endRound closes a round and empties the list of invitations.
func endRound(ctx context.Context, s *db.Scope, round string, at time.Time) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE skill_interview_rounds SET closed_at = $3 WHERE tenant_id = $1 AND id = $2 AND closed_at = 0`, round, clock.Micros(at))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.Exec(ctx, `DELETE FROM skill_interview_invitations WHERE tenant_id = $1`)
	return true, err
}

// invitations lists who is asked, by name.
func invitations(ctx context.Context, r db.Reader) ([]Invitation, error) {
	var out []Invitation
	err := r.Rows(ctx, `SELECT id, name, contact, state, asked_on FROM skill_interview_invitations WHERE tenant_id = $1 ORDER BY name, id`, func(scan func(...any) error) error {
		var x Invitation
		var on int64
		if err := scan(&x.ID, &x.Name, &x.Contact, &x.State, &on); err != nil {
			return err
		}
		x.On = clock.Time(on)
		out = append(out, x)
		return nil
	})
	return out, err
}

func insertInvitation(ctx context.Context, s *db.Scope, x *Invitation) error {
	_, err := s.Exec(ctx, `INSERT INTO skill_interview_invitations (tenant_id, id, name, contact, state, asked_on) VALUES ($1, $2, $3, $4, $5, $6)`,
		x.ID, x.Name, x.Contact, x.State, dayOf(x.On))
	return err
}

func setInvitation(ctx context.Context, s *db.Scope, id, state string) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE skill_interview_invitations SET state = $3 WHERE tenant_id = $1 AND id = $2`, id, state)
	return n > 0, err
}

func deleteInvitation(ctx context.Context, s *db.Scope, id string) (bool, error) {
	n, err := s.Exec(ctx, `DELETE FROM skill_interview_invitations WHERE tenant_id = $1 AND id = $2`, id)
	return n > 0, err
}

// codesOf reads what is counted of a round.
func codesOf(ctx context.Context, r db.Reader, round string) ([]counted, error) {
	var out []counted
	err := r.Rows(ctx, `SELECT id, round_id, month, consent, language, work, family, reasons, tag FROM skill_interview_codes WHERE tenant_id = $1 AND round_id = $2 ORDER BY id`,
		func(scan func(...any) error) error {
			var x counted
			var reasons string
			if err := scan(&x.id, &x.round, &x.month, &x.consent, &x.lang, &x.work, &x.family, &reasons, &x.tag); err != nil {
				return err
			}
			x.reasons = strings.Fields(reasons)
			out = append(out, x)
			return nil
		}, round)
	return out, err
}

// notesOf reads the notes of a round.
func notesOf(ctx context.Context, r db.Reader, round string) ([]noted, error) {
	var out []noted
	err := r.Rows(ctx, `SELECT id, round_id, month, question, reason, text, tag FROM skill_interview_notes WHERE tenant_id = $1 AND round_id = $2 ORDER BY id`,
		func(scan func(...any) error) error {
			var x noted
			if err := scan(&x.id, &x.round, &x.month, &x.question, &x.reason, &x.text, &x.tag); err != nil {
				return err
			}
			out = append(out, x)
			return nil
		}, round)
	return out, err
}

// put adds an interview. All rows of the round are written anew in the order of their random names, so that no order in which the
// engine keeps rows says which came last.
func put(ctx context.Context, s *db.Scope, c *counted, list []noted) error {
	codes, err := codesOf(ctx, s.Reader, c.round)
	if err != nil {
		return err
	}
	notes, err := notesOf(ctx, s.Reader, c.round)
	if err != nil {
		return err
	}
	codes, notes = append(codes, *c), append(notes, list...)
	slices.SortFunc(codes, func(a, b counted) int { return strings.Compare(a.id, b.id) })
	slices.SortFunc(notes, func(a, b noted) int { return strings.Compare(a.id, b.id) })
	for _, table := range []string{"skill_interview_codes", "skill_interview_notes"} {
		if _, err := s.Exec(ctx, `DELETE FROM `+table+` WHERE tenant_id = $1 AND round_id = $2`, c.round); err != nil {
			return err
		}
	}
	for i := range codes {
		x := &codes[i]
		if _, err := s.Exec(ctx, `INSERT INTO skill_interview_codes (tenant_id, id, round_id, month, consent, language, work, family, reasons, tag)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, x.id, x.round, x.month, x.consent, x.lang, x.work, x.family, strings.Join(x.reasons, " "), x.tag); err != nil {
			return err
		}
	}
	for i := range notes {
		x := &notes[i]
		if _, err := s.Exec(ctx, `INSERT INTO skill_interview_notes (tenant_id, id, round_id, month, question, reason, text, tag) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			x.id, x.round, x.month, x.question, x.reason, x.text, x.tag); err != nil {
			return err
		}
	}
	return nil
}

// whose returns the organisation in which a tag is kept; ok is false when it is nowhere.
func (s *Service) whose(ctx context.Context, tag string) (t string, ok bool, err error) {
	err = s.DB.System().Row(ctx, `SELECT tenant_id FROM skill_interview_codes WHERE tag = $1`, []any{tag}, &t) //nolint:forbidigo // who hands in a code is not known; the tag says whose it is
	if errors.Is(err, db.ErrNoRow) {
		return "", false, nil
	}
	return t, err == nil, err
}

func has(ctx context.Context, r db.Reader, tag string) (bool, error) {
	var n int
	err := r.Row(ctx, `SELECT COUNT(*) FROM skill_interview_codes WHERE tenant_id = $1 AND tag = $2`, []any{tag}, &n)
	return n > 0, err
}

// forget deletes what has one of the tags.
func forget(ctx context.Context, s *db.Scope, tags []string) (n int64, err error) {
	for _, tag := range tags {
		for _, table := range []string{"skill_interview_codes", "skill_interview_notes"} {
			some, err := s.Exec(ctx, `DELETE FROM `+table+` WHERE tenant_id = $1 AND tag = $2`, tag)
			if err != nil {
				return n, err
			}
			n += some
		}
	}
	return n, nil
}

func deleteNote(ctx context.Context, s *db.Scope, round, note string) (bool, error) {
	n, err := s.Exec(ctx, `DELETE FROM skill_interview_notes WHERE tenant_id = $1 AND round_id = $2 AND id = $3`, round, note)
	return n > 0, err
}
