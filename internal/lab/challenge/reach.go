package challenge

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

// Reach is how many people did a challenge.
type Reach struct {
	Challenge  string // id
	Department string // id; "" for departments together
	People     int    // never fewer than the smallest group that may be shown
	Until      time.Time
}

// patience is how many months a small number waits for its own department before it is told with those of others.
const patience = 3

// nearlyAll is the part of a department beyond which a number of people would say of nearly each of them that they did it.
const nearlyAll = .9

// waiting is what was counted and is too small to be told.
type waiting struct {
	people int
	since  int64 // first month
}

// Close counts the months that are over. It costs one query when there is nothing to count.
func (s *Service) Close(ctx context.Context, t tenant.ID) error {
	month := s.month()
	n, err := toClose(ctx, s.DB.Of(t), month)
	if err != nil || n == 0 {
		return err
	}
	k, err := s.Organisations.GroupSize(ctx, t)
	if err != nil {
		return err
	}
	sizes := map[string]int{}
	if s.Places != nil {
		list, err := s.Places.Departments(ctx, s.DB.Of(t))
		if err != nil {
			return err
		}
		for _, d := range list {
			sizes[d.ID] = d.People
		}
	}
	return s.DB.Write(ctx, t, func(tx *db.Scope) error {
		wait, err := waitingOf(ctx, tx.Reader)
		if err != nil {
			return err
		}
		if err := closeMarks(ctx, tx, month, wait); err != nil {
			return err
		}
		told, err := toldOf(ctx, tx.Reader)
		if err != nil {
			return err
		}
		last := clock.Micros(clock.Time(month).In(s.Zone).AddDate(0, -1, 0))
		late := clock.Micros(clock.Time(month).In(s.Zone).AddDate(0, -patience, 0))
		tell := release(wait, told, sizes, k, late)
		for i := range tell {
			if err := insertTold(ctx, tx, &tell[i], last); err != nil {
				return err
			}
		}
		return putWaiting(ctx, tx, wait)
	})
}

// release takes out of what waits what can be told: the number of a department that holds at least k people, unless it would be nearly all
// of them; and numbers that have waited long, of departments together, when these hold at least k.
func release(wait map[string]map[string]waiting, told []Reach, sizes map[string]int, k int, late int64) []Reach {
	already := map[[2]string]int{}
	for i := range told {
		already[[2]string{told[i].Challenge, told[i].Department}] += told[i].People
	}
	var out []Reach
	for _, challenge := range slices.Sorted(maps.Keys(wait)) {
		by, rest, oldest := wait[challenge], 0, int64(1<<62)
		for _, d := range slices.Sorted(maps.Keys(by)) {
			w := by[d]
			all := float64(w.people + already[[2]string{challenge, d}])
			if w.people >= k && (d == "" || sizes[d] == 0 || all <= nearlyAll*float64(sizes[d])) {
				out = append(out, Reach{Challenge: challenge, Department: d, People: w.people})
				delete(by, d)
				continue
			}
			rest, oldest = rest+w.people, min(oldest, w.since)
		}
		if rest >= k && oldest <= late && len(by) > 1 {
			out = append(out, Reach{Challenge: challenge, People: rest})
			clear(by)
		}
	}
	return out
}

// Reach tells how many people did each challenge, in numbers of at least k. What was told with a smaller k is not told any more.
func (s *Service) Reach(ctx context.Context, t tenant.ID) ([]Reach, error) {
	if err := s.Close(ctx, t); err != nil {
		return nil, err
	}
	k, err := s.Organisations.GroupSize(ctx, t)
	if err != nil {
		return nil, err
	}
	list, err := toldOf(ctx, s.DB.Of(t))
	if err != nil {
		return nil, err
	}
	sum := map[[2]string]Reach{}
	for _, r := range list {
		if r.People < k {
			continue
		}
		key := [2]string{r.Challenge, r.Department}
		x := sum[key]
		r.People += x.People
		if x.Until.After(r.Until) {
			r.Until = x.Until
		}
		sum[key] = r
	}
	out := slices.Collect(maps.Values(sum))
	slices.SortFunc(out, func(a, b Reach) int {
		return cmp.Or(cmp.Compare(a.Challenge, b.Challenge), cmp.Compare(b.People, a.People), cmp.Compare(a.Department, b.Department))
	})
	return out, nil
}
