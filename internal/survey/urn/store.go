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

// take notes that a person took part, with the hash of what was blinded. Of who did before, it returns the hash that is kept;
// db.ErrNoRow when nobody in the frame is this person. One statement is about one person: signing their ballot takes ten
// times as long, so more in one would win nothing.
func take(ctx context.Context, s *db.Scope, id, person, blinded string) (drawn string, fresh bool, err error) {
	n, err := s.Exec(ctx, `UPDATE wave_people SET taken = TRUE, drawn = $4 WHERE tenant_id = $1 AND wave_id = $2 AND id = $3 AND taken = FALSE`, id, person, blinded)
	if err != nil || n == 1 {
		return blinded, n == 1, err
	}
	err = s.Row(ctx, `SELECT drawn FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, []any{id, person}, &drawn)
	return drawn, false, err
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

// pieces are the numbers of rows that one statement writes. There are few of them, so that the store knows each
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
