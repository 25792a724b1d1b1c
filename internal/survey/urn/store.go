package urn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/survey/wave"
)

// termsOf reads what decides on whether a wave takes anything. A wave that is not there takes nothing.
func termsOf(ctx context.Context, s *db.Scope, id string) (wave.Wave, error) {
	w := wave.Wave{Tenant: s.Tenant(), ID: id}
	var opens, closes int64
	err := s.Row(ctx, `SELECT state, mode, opens_at, closes_at FROM waves WHERE tenant_id = $1 AND id = $2`, []any{id}, &w.State, &w.Mode, &opens, &closes)
	if errors.Is(err, db.ErrNoRow) {
		return w, nil
	}
	w.Opens, w.Closes = clock.Time(opens), clock.Time(closes)
	return w, err
}

// strataOf returns the strata of a wave that have a key.
func strataOf(ctx context.Context, s *db.Scope, id string) (map[string]bool, error) {
	strata := map[string]bool{}
	err := s.Rows(ctx, `SELECT stratum FROM wave_keys WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		strata[name] = true
		return err
	}, id)
	return strata, err
}

// person is somebody of the frame, as far as it matters here.
type person struct {
	id    string
	taken bool
	drawn string
}

// peopleOf returns those of the people who are in the frame of a wave.
func peopleOf(ctx context.Context, s *db.Scope, id string, people []string) (map[string]*person, error) {
	found := map[string]*person{}
	err := inPieces(people, func(piece []string) error {
		args := []any{id}
		for _, p := range piece {
			args = append(args, p)
		}
		return s.Rows(ctx, `SELECT id, taken, drawn FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND id IN (`+places(3, len(piece))+`)`,
			func(scan func(...any) error) error {
				p := &person{}
				err := scan(&p.id, &p.taken, &p.drawn)
				found[p.id] = p
				return err
			}, args...)
	})
	return found, err
}

// take notes that people took part. The id of each stands in the condition, so that both engines look them up: joined with
// a list, PostgreSQL would read the whole frame as long as it knows little of the table.
func take(ctx context.Context, s *db.Scope, id string, people []*person) error {
	return inPieces(people, func(piece []*person) error {
		args := []any{id}
		var drawn, ids strings.Builder
		for i, p := range piece {
			at := 3 + 2*i
			fmt.Fprintf(&drawn, " WHEN $%d THEN $%d", at, at+1)
			if i > 0 {
				ids.WriteString(", ")
			}
			fmt.Fprintf(&ids, "$%d", at)
			args = append(args, p.id, p.drawn)
		}
		n, err := s.Exec(ctx, `UPDATE wave_people SET taken = TRUE, drawn = CASE id`+drawn.String()+` END
WHERE tenant_id = $1 AND wave_id = $2 AND id IN (`+ids.String()+`) AND taken = FALSE`, args...)
		if err == nil && n != int64(len(piece)) {
			err = fmt.Errorf("%d of %d people could be noted", n, len(piece))
		}
		return err
	})
}

// count adds to how many took part on days.
func count(ctx context.Context, s *db.Scope, id string, days map[string]int) error {
	for day, n := range days {
		if _, err := s.Exec(ctx, `INSERT INTO wave_days (tenant_id, wave_id, day, taken) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, wave_id, day) DO UPDATE SET taken = wave_days.taken + excluded.taken`, id, day, n); err != nil {
			return err
		}
	}
	return nil
}

// put writes answers over those that are there.
func put(ctx context.Context, s *db.Scope, id string, answers []*answer) error {
	return inPieces(answers, func(piece []*answer) error {
		args := []any{id}
		var rows strings.Builder
		for i, a := range piece {
			if i > 0 {
				rows.WriteString(", ")
			}
			fmt.Fprintf(&rows, "($1, $2, $%d, $%d, $%d, $%d)", len(args)+2, len(args)+3, len(args)+4, len(args)+5)
			args = append(args, a.key[:], a.stratum, filled(a.ballot), a.sealed)
		}
		_, err := s.Exec(ctx, `INSERT INTO wave_answers (tenant_id, wave_id, key, stratum, ballot, sealed) VALUES `+rows.String()+`
ON CONFLICT (tenant_id, wave_id, key) DO UPDATE SET stratum = excluded.stratum, ballot = excluded.ballot, sealed = excluded.sealed`, args...)
		return err
	})
}

// filled returns b, and no bytes for nil, which the store would take for no value.
func filled(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// pieces are the numbers of rows that one statement writes or reads. There are few of them, so that the store knows each
// statement already.
var pieces = []int{64, 16, 4, 1}

// inPieces calls do for runs of a list that have the length of a piece.
func inPieces[E any](list []E, do func([]E) error) error {
	for len(list) > 0 {
		n := pieces[slices.IndexFunc(pieces, func(n int) bool { return n <= len(list) })]
		if err := do(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// places writes n placeholders, from $first on: "$3, $4".
func places(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String()
}
