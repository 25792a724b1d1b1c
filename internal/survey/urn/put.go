package urn

import (
	"bytes"
	"context"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/survey/wave"
)

// answer is a sealed entry.
type answer struct {
	wave    waveID
	key     [32]byte
	stratum string
	ballot  []byte
	sealed  []byte
}

// commitAnswers keeps answers in one transaction.
func (u *Urn) commitAnswers(ctx context.Context, list []answer) (results []error, err error) {
	byWave, order := grouped(list, func(a answer) waveID { return a.wave })
	err = u.DB.System().Write(ctx, func(s *db.System) error {
		results = make([]error, len(list))
		for _, w := range order {
			if err := u.putIn(ctx, s.Scope(w.tenant), w, list, byWave[w], results); err != nil {
				return err
			}
		}
		return nil
	})
	return results, err
}

// putIn keeps the answers of one wave: those of list at the places in at.
func (u *Urn) putIn(ctx context.Context, s *db.Scope, w waveID, list []answer, at []int, results []error) error {
	terms, err := termsOf(ctx, s, w.id)
	if err != nil {
		return err
	}
	refuse := ErrClosed
	strata := map[string]bool{"": true}
	if terms.Takes(u.Now()) {
		refuse = nil
		if terms.Mode == wave.Anonymous {
			if strata, err = strataOf(ctx, s, w.id); err != nil {
				return err
			}
		}
	}
	last := map[[32]byte]*answer{} // of two under one key the later counts
	for _, i := range at {
		switch {
		case refuse != nil:
			results[i] = refused(refuse)
		case !strata[list[i].stratum]:
			results[i] = refused(ErrStratum)
		default:
			last[list[i].key] = &list[i]
		}
	}
	rows := make([]*answer, 0, len(last))
	for _, a := range last {
		rows = append(rows, a)
	}
	slices.SortFunc(rows, func(a, b *answer) int { return bytes.Compare(a.key[:], b.key[:]) })
	return put(ctx, s, w.id, rows)
}
