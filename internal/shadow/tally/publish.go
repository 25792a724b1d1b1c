package tally

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// step is what counts are rounded to.
const step = 5

// Close ends the reading: it returns what may be shown, and forgets the key and everything that was counted. Weeks of which the function says that an earlier reading has shown them are
// left out, for two readings of one week with slightly different lines could give one person away.
func (t *Tally) Close(before func(week string) bool) (Result, error) {
	if t.closed {
		return Result{}, ErrClosed
	}
	defer t.forget()
	r := Result{K: t.o.K, Compiled: t.o.Matcher.List().Compiled}
	counts := t.count()
	t.shown = map[Place]Count{}
	weeks := make([]int32, 0, len(t.weeks))
	for w := range t.weeks {
		weeks = append(weeks, w)
	}
	slices.Sort(weeks)
	for _, w := range weeks {
		name := weekName(w)
		if before != nil && before(name) {
			r.Before = append(r.Before, name)
			continue
		}
		week, err := t.week(w, name, counts)
		if err != nil {
			return Result{}, err
		}
		r.Weeks = append(r.Weeks, week)
	}
	return r, nil
}

// group is the people of a unit who used a service in a week.
type group struct {
	unit int32
	n    int
}

// tallies are the people by week and service, as groups by unit, and their traffic.
type tallies struct {
	groups  map[cell][]group
	traffic map[cell]traffic
}

type traffic struct{ all, most int64 }

// count makes groups of the pairs: users once a week; of addresses, half of the most on one day.
func (t *Tally) count() tallies {
	type key struct {
		cell
		unit int32
	}
	users, daily, halves := map[key]int{}, map[key]int{}, map[key]int{}
	perAddress := map[key]int64{} // unit is the person here
	out := tallies{groups: map[cell][]group{}, traffic: map[cell]traffic{}}
	heavy := func(week cell, bytes, more int64) {
		was := out.traffic[week]
		out.traffic[week] = traffic{was.all + more, max(was.most, bytes)}
	}
	for pair, bytes := range t.pairs {
		c, who := t.cells[pair>>32], uint32(pair)
		unit := t.people[who].unit
		week := cell{day: monday(c.day), service: c.service}
		if !c.address {
			users[key{week, unit}]++
			heavy(week, bytes, bytes)
			continue
		}
		daily[key{c, unit}]++
		all := key{week, int32(who)}
		perAddress[all] += bytes
		heavy(week, perAddress[all], bytes)
	}
	for k, n := range daily {
		week := key{cell{day: monday(k.day), service: k.service}, k.unit}
		halves[week] = max(halves[week], n/2)
	}
	for k, n := range halves {
		users[k] = max(users[k], n)
	}
	for k, n := range users {
		if n > 0 {
			out.groups[k.cell] = append(out.groups[k.cell], group{k.unit, n})
		}
	}
	return out
}

func (t *Tally) week(day int32, name string, counts tallies) (Week, error) {
	w := Week{Week: name, Basis: t.basis(day)}
	for d := day; d < day+7; d++ {
		if t.days[d] {
			w.Days++
		}
	}
	var err error
	if w.Any, err = t.use(cell{day: day, service: anyService}, counts); err != nil {
		return w, err
	}
	folded := map[int32]bool{}
	for i, s := range t.o.Matcher.List().Services {
		c := cell{day: day, service: int32(i)}
		if len(counts.groups[c]) == 0 && t.given[c] == 0 {
			continue
		}
		use, err := t.use(c, counts)
		if err != nil {
			return w, err
		}
		if !use.Total.Shown() {
			folded[c.service] = true
			continue
		}
		use.Service = s.ID
		w.Used = append(w.Used, use)
	}
	slices.SortStableFunc(w.Used, func(a, b Use) int {
		return cmp.Or(cmp.Compare(b.Total.About, a.Total.About), cmp.Compare(a.Service, b.Service))
	})
	if n := t.union(day, folded); len(folded) > 1 && n >= t.o.K {
		w.Other, err = t.steady(Place{Part: Folded}, n)
	}
	return w, err
}

// use decides what is shown of a service in a week. Units of at least k people are shown. Everyone else is the rest; while the rest is smaller than k and not empty, the smallest unit that is
// shown joins it. So whoever subtracts what is shown from the total is left with nobody.
func (t *Tally) use(c cell, counts tallies) (Use, error) {
	var u Use
	place := Place{}
	if c.service != anyService {
		place.Service = t.o.Matcher.List().Services[c.service].ID
	}
	var shown []group
	total, rest, parts, alone := 0, 0, 0, false // alone: the rest is one department, of which nearly all are in it
	for _, g := range counts.groups[c] {
		total += g.n
		nearly := t.nearlyAll(g)
		if g.n >= t.o.K && t.units[g.unit] != "" && !nearly {
			shown = append(shown, g)
			continue
		}
		rest, parts = rest+g.n, parts+1
		alone = parts == 1 && nearly
	}
	if given := int(min(t.given[c], 1<<30)); given > total { // of another product, which knows no units
		total, rest, shown = given, given, nil
	}
	if total < t.o.K {
		return u, nil
	}
	slices.SortFunc(shown, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(t.units[a.unit], t.units[b.unit]))
	})
	for rest > 0 && (rest < t.o.K || alone) && len(shown) > 0 {
		rest, alone = rest+shown[len(shown)-1].n, false
		shown = shown[:len(shown)-1]
	}
	var err error
	if u.Total, err = t.steady(place, total); err != nil {
		return u, err
	}
	for _, g := range shown {
		count, at := u.Total, Place{place.Service, OfUnit, t.units[g.unit]}
		if g.n != total { // the same people are rounded once
			if count, err = t.steady(at, g.n); err != nil {
				return u, err
			}
		}
		t.shown[at] = count
		u.Units = append(u.Units, UnitUse{t.units[g.unit], count})
	}
	slices.SortFunc(u.Units, func(a, b UnitUse) int {
		return cmp.Or(cmp.Compare(b.Count.About, a.Count.About), cmp.Compare(a.Unit, b.Unit))
	})
	switch {
	case rest == total:
		u.Rest = u.Total
		t.shown[Place{place.Service, Rest, ""}] = u.Rest
	case rest > 0:
		if u.Rest, err = t.steady(Place{place.Service, Rest, ""}, rest); err != nil {
			return u, err
		}
	}
	seen := t.lines[c]
	u.Refused = seen.all > 0 && seen.refused*2 > seen.all
	if tr := counts.traffic[c]; tr.most*2 <= tr.all {
		for v := tr.all; v >= 10; v /= 10 {
			u.Traffic++
		}
	}
	return u, nil
}

// nearlyAll reports whether more than nine in ten of a department are in a group: the figure would then speak of everyone in it.
func (t *Tally) nearlyAll(g group) bool {
	s, ok := t.o.Units.(Sizes)
	if !ok {
		return false
	}
	size := s.Size(t.units[g.unit])
	return size > 0 && g.n*10 > size*9
}

// union counts the people of several services in a week, each once; of addresses, half of the most on one day.
func (t *Tally) union(week int32, of map[int32]bool) int {
	users, daily := map[uint32]bool{}, map[int32]map[uint32]bool{}
	for pair := range t.pairs {
		c, who := t.cells[pair>>32], uint32(pair)
		switch {
		case monday(c.day) != week || !of[c.service]:
		case !c.address:
			users[who] = true
		default:
			if daily[c.day] == nil {
				daily[c.day] = map[uint32]bool{}
			}
			daily[c.day][who] = true
		}
	}
	n := len(users)
	for _, d := range daily {
		n = max(n, len(d)/2)
	}
	return n
}

func (t *Tally) basis(week int32) Basis {
	users, addresses, given := false, false, false
	for _, c := range t.cells {
		if monday(c.day) == week {
			users, addresses = users || !c.address, addresses || c.address
		}
	}
	for c := range t.given {
		given = given || c.day == week
	}
	switch {
	case users && addresses:
		return Both
	case addresses:
		return Addresses
	case given && !users:
		return Given
	default:
		return Users
	}
}

// steady rounds a count, and keeps what was shown last in the same place as long as the true number still lies in its range. Rounding the same people anew every week
// would tell their number to whoever takes the average, and would look like a change where there is none.
func (t *Tally) steady(at Place, n int) (Count, error) {
	last, ok := t.shown[at]
	if !ok && t.o.Last != nil {
		last, ok = t.o.Last(at)
	}
	c := t.around(last.About)
	if !ok || last.About%step != 0 || n < last.About-step+1 || n > last.About+step-1 {
		var err error
		if c, err = t.round(n); err != nil {
			return c, err
		}
	}
	t.shown[at] = c
	return c, nil
}

// round gives a multiple of 5 below or above, at random and without bias: 12 becomes 10 three times in five, and 15 twice in five.
func (t *Tally) round(n int) (Count, error) {
	about := n - n%step
	if n%step > 0 {
		var b [1]byte
		for b[0] = 255; b[0] == 255; { // the 255 values below are as often each remainder
			if _, err := io.ReadFull(t.o.Random, b[:]); err != nil {
				return Count{}, fmt.Errorf("round a count: %w", err)
			}
		}
		if int(b[0])%step < n%step {
			about += step
		}
	}
	return t.around(about), nil
}

// around is the count that is rounded to a number.
func (t *Tally) around(about int) Count {
	return Count{About: about, Low: max(t.o.K, about-step+1), High: about + step - 1}
}
