package urn

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"tekentafel/internal/db"
)

// draw is the change of one person.
type draw struct {
	wave    waveID
	person  string
	blinded string
	day     string
	take    bool // without a ballot
}

// commitDraws does draws in one transaction.
func (u *Urn) commitDraws(ctx context.Context, list []draw) (results []error, err error) {
	byWave, order := grouped(list, func(d draw) waveID { return d.wave })
	err = u.DB.System().Write(ctx, func(s *db.System) error {
		results = make([]error, len(list))
		for _, w := range order {
			if err := u.drawIn(ctx, s.Scope(w.tenant), w, list, byWave[w], results); err != nil {
				return err
			}
		}
		return nil
	})
	return results, err
}

// drawIn does the draws of one wave: those of list at the places in at.
func (u *Urn) drawIn(ctx context.Context, s *db.Scope, w waveID, list []draw, at []int, results []error) error {
	terms, err := termsOf(ctx, s, w.id)
	if err != nil {
		return err
	}
	if !terms.Takes(u.Now()) {
		for _, i := range at {
			results[i] = refused(ErrClosed)
		}
		return nil
	}
	byPerson := map[string][]int{}
	for _, i := range at {
		byPerson[list[i].person] = append(byPerson[list[i].person], i)
	}
	days := map[string]int{}
	for _, person := range slices.Sorted(maps.Keys(byPerson)) {
		same := byPerson[person]
		first := &list[same[0]]
		drawn, fresh, err := take(ctx, s, w.id, person, first.blinded)
		if err != nil && !errors.Is(err, db.ErrNoRow) {
			return err
		}
		if fresh {
			days[first.day]++
		}
		for _, i := range same {
			switch {
			case err != nil:
				results[i] = refused(ErrNobody)
			case drawn != list[i].blinded && !list[i].take:
				results[i] = refused(ErrDrawn)
			}
		}
	}
	return count(ctx, s, w.id, days)
}

// grouped returns the places of the entries of each wave, and the waves in order.
func grouped[E any](list []E, of func(E) waveID) (places map[waveID][]int, order []waveID) {
	places = map[waveID][]int{}
	for i, e := range list {
		places[of(e)] = append(places[of(e)], i)
	}
	for w := range places {
		order = append(order, w)
	}
	slices.SortFunc(order, func(a, b waveID) int { return cmp.Or(cmp.Compare(a.tenant, b.tenant), cmp.Compare(a.id, b.id)) })
	return places, order
}
