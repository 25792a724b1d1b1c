package gap

import (
	"cmp"
	"slices"
)

// Readiness is what is known of the personnel data, as internal/people/quality counts it.
type Readiness struct{ Conclusions []Conclusion }

// Conclusion is something that one wants to say, and how much of the staff it can be said of.
type Conclusion struct {
	Name                 string // as there: "gap by function"
	Staff, Usable, Shown int
	Losses               []Loss
	Gains                []Gain
}

// Loss is what one kind of fault takes from a conclusion.
type Loss struct {
	Kind   string // as there: "person.no_function"
	People int
	Points float64 // of the staff, 0 to 100
}

// Gain is what a mend of a kind of fault adds to a conclusion, after the ones before it.
type Gain struct {
	Kind, Mend    string
	Count, People int
	Points        float64
}

// Limit is a fault in the personnel data that limits a conclusion.
type Limit struct {
	Conclusion string   `json:"conclusion"`
	Fault      string   `json:"fault"`
	Severity   Severity `json:"severity"`
	People     int      `json:"people"`          // staff who drop out of the conclusion
	Points     float64  `json:"points"`          // the same as a share of the staff, 0 to 100
	Mend       string   `json:"mend,omitempty"`  // what would mend most of it
	Count      int      `json:"count,omitempty"` // things to mend
	Gain       float64  `json:"gain,omitempty"`  // points that the mend adds
}

// Severity says how much a fault limits.
type Severity string

// The severities.
const (
	Blocks Severity = "blocks" // half of the staff or more
	Harms  Severity = "harms"  // five points or more
	Slight Severity = "slight"
)

func severity(points float64) Severity {
	switch {
	case points >= 50:
		return Blocks
	case points >= 5:
		return Harms
	}
	return Slight
}

// limits lists the faults by conclusion, the worst first.
func (r *Readiness) limits() []Limit {
	if r == nil {
		return nil
	}
	var out []Limit
	for _, c := range r.Conclusions {
		from := len(out)
		for _, l := range c.Losses {
			limit := Limit{Conclusion: c.Name, Fault: l.Kind, Severity: severity(l.Points), People: l.People, Points: digits(l.Points, 1)}
			for _, g := range c.Gains {
				if g.Kind != l.Kind {
					continue
				}
				if limit.Mend == "" {
					limit.Mend = g.Mend
				}
				limit.Count += g.Count
				limit.Gain = digits(limit.Gain+g.Points, 1)
			}
			out = append(out, limit)
		}
		slices.SortStableFunc(out[from:], func(a, b Limit) int { return cmp.Compare(b.Points, a.Points) })
	}
	return out
}

// Reach says of how much of the staff figures by one kind of group are shown, and why not of the others, as shares of the
// staff to two digits; they add up to 1.
type Reach struct {
	Kind    Kind    `json:"kind"`
	Enough  float64 `json:"enough"`  // in groups with figures to go by; the mean over skills
	Doubted float64 `json:"doubted"` // in groups with figures that are too few or too uncertain
	Hidden  float64 `json:"hidden"`  // in groups that are not shown: too few answered, or they cover others
	Nobody  float64 `json:"nobody"`  // in groups where nobody answered
	Unknown float64 `json:"unknown"` // the staff list does not say which group
}

func (w *rows) reach() []Reach {
	g, p := w.result, w.p
	kinds := []struct {
		kind Kind
		of   func(c int) int // group of a cell, -1 when not known
		slot []int32
		rows []Row
	}{
		{ByFunction, func(c int) int { return known(int(p.function[c]), p.functions) }, w.d.slots.function, g.Functions},
		{ByDepartment, func(c int) int { return known(int(p.department[c]), p.departments) }, w.d.slots.department, g.Departments},
		{ByFamily, func(c int) int { return known(int(p.family[p.function[c]]), p.families) }, w.d.slots.family, g.Families},
		{ByCell, func(c int) int {
			if p.known(c) {
				return c
			}
			return -1
		}, w.d.slots.cell, g.Cells},
	}
	var out []Reach
	for _, k := range kinds {
		if k.kind == ByFamily && p.families == 1 {
			continue
		}
		row := make(map[int]*Row, len(k.rows))
		next := 0
		people := make([]int, max(len(k.slot), 1))
		for i, s := range k.slot {
			if s >= 0 {
				row[i] = &k.rows[next]
				next++
			}
		}
		for c, n := range w.c.n {
			if i := k.of(c); i >= 0 {
				people[i] += n
			}
		}
		out = append(out, w.reachOf(k.kind, k.of, row, people))
	}
	return out
}

func known(i, n int) int {
	if i >= n-1 {
		return -1
	}
	return i
}

func (w *rows) reachOf(kind Kind, of func(int) int, row map[int]*Row, people []int) Reach {
	r := Reach{Kind: kind}
	total := 0.0
	for c, n := range w.p.size {
		total += n
		i := of(c)
		switch {
		case i < 0:
			r.Unknown += n
		case row[i] != nil:
			good := 0.0
			for s := range row[i].Skills {
				if v := row[i].Skills[s].Verdict; v == Enough || v == NoRequirement {
					good++
				}
			}
			good /= float64(len(row[i].Skills))
			r.Enough += n * good
			r.Doubted += n * (1 - good)
		case people[i] == 0:
			r.Nobody += n
		default:
			r.Hidden += n
		}
	}
	if total == 0 {
		return Reach{Kind: kind}
	}
	for _, x := range []*float64{&r.Doubted, &r.Hidden, &r.Nobody, &r.Unknown} {
		*x = digits(*x/total, 2)
	}
	r.Enough = digits(max(0, 1-r.Doubted-r.Hidden-r.Nobody-r.Unknown), 2)
	return r
}
