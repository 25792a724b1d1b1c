package gap

import "math"

// rows turns what was drawn into the rows that may be shown.
type rows struct {
	in     *Input
	p      *places
	o      *Options
	k      int
	c      *counts
	fits   []*fitted
	sh     *shown
	d      *drawn
	sums   []place // by slot
	result *Gap
}

// place is what is counted in a group with figures.
type place struct {
	n, staff  int
	base      []int
	low, high []int8    // levels required, by skill
	unasked   []bool    // of some staff no level is required
	empty     []float64 // staff in cells where nobody counts
}

func (w *rows) gather() {
	skills := len(w.in.Skills)
	w.sums = make([]place, w.d.slots.n)
	for g := range w.sums {
		w.sums[g] = place{base: make([]int, skills), low: make([]int8, skills), high: make([]int8, skills), unasked: make([]bool, skills), empty: make([]float64, skills)}
	}
	sl := w.d.slots
	for c := range w.p.function {
		for _, g := range []int32{sl.whole, sl.function[w.p.function[c]], sl.department[w.p.department[c]], sl.family[w.p.family[w.p.function[c]]], sl.cell[c]} {
			if g >= 0 {
				w.sums[g].add(w, c)
			}
		}
	}
}

func (x *place) add(w *rows, c int) {
	x.n += w.c.n[c]
	x.staff += w.p.staff[c]
	for s, t := range w.c.skills {
		if t == nil {
			continue
		}
		x.base[s] += t.base[c]
		if t.base[c] == 0 {
			x.empty[s] += w.p.size[c]
		}
		r := w.p.required[s][c]
		switch {
		case w.p.size[c] == 0:
		case r == 0:
			x.unasked[s] = true
		default:
			if x.low[s] == 0 || r < x.low[s] {
				x.low[s] = r
			}
			x.high[s] = max(x.high[s], r)
		}
	}
}

// fill writes whole, functions, departments, families and cells.
func (w *rows) fill() {
	w.gather()
	g, sl := w.result, w.d.slots
	if sl.whole >= 0 {
		whole := w.row(int(sl.whole))
		g.Whole = &whole
	}
	list := func(slot []int32, groups []Group, name func(*Row, *Group)) []Row {
		var out []Row
		for i := range groups {
			if slot[i] < 0 {
				continue
			}
			r := w.row(int(slot[i]))
			r.Name = groups[i].Name
			name(&r, &groups[i])
			out = append(out, r)
		}
		return out
	}
	g.Functions = list(sl.function, w.in.Functions, func(r *Row, x *Group) {
		r.Function = x.Code
		if x.Family >= 0 {
			r.Family = w.in.Families[x.Family].Code
		}
	})
	g.Departments = list(sl.department, w.in.Departments, func(r *Row, x *Group) { r.Department = x.Code })
	g.Families = list(sl.family, w.in.Families, func(r *Row, x *Group) { r.Family = x.Code })
	for c, slot := range sl.cell {
		if slot >= 0 {
			r := w.row(int(slot))
			r.Function, r.Department = w.in.Functions[w.p.function[c]].Code, w.in.Departments[w.p.department[c]].Code
			g.Cells = append(g.Cells, r)
		}
	}
	g.Hidden = w.sh.hidden
}

// row writes one group.
func (w *rows) row(slot int) Row {
	x := &w.sums[slot]
	r := Row{N: x.n, Staff: x.staff}
	if w.c.tried != nil {
		if m := &w.d.untried[slot]; m.n > 0 {
			value, low, high := m.interval()
			r.Untried = figure(value, low, high, grain(shareReach, x.n), 0, 1)
		}
	}
	for s := range w.in.Skills {
		r.Skills = append(r.Skills, w.standing(slot, s, x))
	}
	return r
}

func (w *rows) standing(slot, s int, x *place) Standing {
	if w.c.skills[s] == nil || w.fits[s] == nil {
		return Standing{Base: x.base[s], Verdict: TooFew, Why: []Why{NotFitted}}
	}
	out := Standing{Base: x.base[s], Verdict: Enough, RequiredLow: x.low[s], RequiredHigh: x.high[s]}
	if out.Base < w.o.Rule.MinPeople {
		out.Verdict, out.Why = TooFew, []Why{FewPeople}
		return out
	}
	m := &w.d.skills[s][slot]
	if m[levelOf].n == 0 {
		out.Verdict, out.Why = TooFew, []Why{NotStaffed}
		return out
	}
	value, low, high := m[levelOf].interval()
	steps := float64(len(w.in.Cuts))
	out.Level = figure(1+steps*value, 1+steps*low, 1+steps*high, grain(levelReach, out.Base), 1, 1+steps)
	if steps*(high-low) > w.o.Rule.LevelWidth {
		out.Verdict, out.Why = TooUncertain, append(out.Why, WideLevel)
	}
	switch x.high[s] {
	case 0:
		out.Verdict, out.Why = NoRequirement, append(out.Why, NothingAsked)
	case 1:
		out.Verdict, out.Why = NoRequirement, append(out.Why, LowestAsked)
	default:
		w.distance(&out, m, w.d.asked[s][slot])
		if x.unasked[s] {
			out.Why = append(out.Why, SomeNotAsked)
		}
	}
	if size := w.d.size[slot]; x.empty[s] > size/2 {
		out.Why = append(out.Why, Borrowed)
	}
	return out
}

// distance writes the figures on the requirement.
func (w *rows) distance(out *Standing, m *[measures]moments, staff float64) {
	steps, share := float64(len(w.in.Cuts)), grain(shareReach, out.Base)
	value, low, high := m[belowOf].interval()
	out.Below = figure(value, low, high, share, 0, 1)
	if high-low > w.o.Rule.ShareWidth {
		out.Verdict, out.Why = TooUncertain, append(out.Why, WideShare)
	}
	levels := grain(levelReach, out.Base)
	value, low, high = m[distanceOf].interval()
	out.Distance = figure(steps*value, steps*low, steps*high, levels, 0, steps)
	if m[shortfallOf].n > 0 {
		value, low, high = m[shortfallOf].interval()
		out.Shortfall = figure(1+(steps-1)*value, 1+(steps-1)*low, 1+(steps-1)*high, levels, 1, steps)
	}
	value, low, high = m[peopleOf].interval()
	out.People = figure(value*staff, low*staff, high*staff, math.Max(1, step(share*staff)), 0, staff)
}
