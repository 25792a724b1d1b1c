package gap

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Changes is what differs from an earlier wave. The waves count as independent: where many of the same people answered both,
// intervals are too wide, never too narrow.
type Changes struct {
	Earlier string `json:"earlier"` // wave
	// Skills tells of each skill why nothing is said of it; "" where something is.
	Skills []Silence    `json:"skills"`
	Rows   []ChangedRow `json:"rows"`
}

// Silence is why nothing is said of a change.
type Silence string

// The reasons to be silent.
const (
	NotSilent      Silence = ""
	OtherScale     Silence = "other-scale"     // parameters or cut points differ: hold the newer wave to those of the earlier one
	OtherBasis     Silence = "other-basis"     // self-report then, test now, or the other way round
	NotThen        Silence = "not-then"        // not shown then, or not enough data
	NotNow         Silence = "not-now"         // not enough data now
	UncertainThen  Silence = "uncertain-then"  //
	UncertainNow   Silence = "uncertain-now"   //
	SkillNotThen   Silence = "skill-not-then"  // the earlier wave did not have the skill
	OtherWeighting Silence = "other-weighting" // one of the waves was weighted to the staff list, the other was not
)

// ChangedRow is a group that is shown now.
type ChangedRow struct {
	Kind       Kind    `json:"kind,omitempty"` // "" for the whole
	Function   string  `json:"function,omitempty"`
	Department string  `json:"department,omitempty"`
	Family     string  `json:"family,omitempty"`
	Skills     []Moved `json:"skills"` // as Gap.Skills
}

// Moved is the change of a skill in a group.
type Moved struct {
	Silence Silence     `json:"silence,omitempty"`
	Level   *Difference `json:"level,omitempty"`
	Below   *Difference `json:"below,omitempty"`
	// Requirement tells that another level is required than then, so that the share below changed for that too.
	Requirement bool `json:"requirement,omitempty"`
}

// Difference is later less earlier.
type Difference struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Grain float64 `json:"grain"`
	// Clear tells that there is a change: the interval excludes 0, also when it is widened for the number of groups that are compared
	// (Holm 1979, over the groups of a kind in all skills).
	Clear bool `json:"clear,omitempty"`
}

// Compare compares a wave with an earlier one, from what is shown of both and nothing else.
func Compare(earlier, later *Gap) *Changes {
	out := &Changes{Earlier: earlier.Wave}
	then := make([]int, len(later.Skills))
	for s := range later.Skills {
		var why Silence
		then[s], why = sameSkill(earlier, later, s)
		out.Skills = append(out.Skills, why)
	}
	lists := []struct {
		kind        Kind
		before, now []Row
	}{{"", one(earlier.Whole), one(later.Whole)}, {ByFunction, earlier.Functions, later.Functions}, {ByDepartment, earlier.Departments, later.Departments},
		{ByFamily, earlier.Families, later.Families}, {ByCell, earlier.Cells, later.Cells}}
	for _, l := range lists {
		from := len(out.Rows)
		index := map[[3]string]*Row{}
		for i := range l.before {
			index[l.before[i].codes(l.kind)] = &l.before[i]
		}
		for i := range l.now {
			now := &l.now[i]
			c := now.codes(l.kind)
			r := ChangedRow{Kind: l.kind, Function: c[0], Department: c[1], Family: c[2]}
			for s := range later.Skills {
				r.Skills = append(r.Skills, moved(index[c], now, then[s], s, out.Skills[s]))
			}
			out.Rows = append(out.Rows, r)
		}
		clear := out.Rows[from:]
		holm(clear, func(m *Moved) *Difference { return m.Level })
		holm(clear, func(m *Moved) *Difference { return m.Below })
	}
	return out
}

func one(r *Row) []Row {
	if r == nil {
		return nil
	}
	return []Row{*r}
}

// codes name a row among those of its kind.
func (r *Row) codes(kind Kind) [3]string {
	if kind == ByFunction {
		return [3]string{r.Function}
	}
	return [3]string{r.Function, r.Department, r.Family}
}

func sameSkill(earlier, later *Gap, s int) (int, Silence) {
	now := &later.Skills[s]
	i := slices.IndexFunc(earlier.Skills, func(m Measured) bool { return m.ID == now.ID })
	if i < 0 {
		return -1, SkillNotThen
	}
	then := &earlier.Skills[i]
	switch {
	case then.Basis != now.Basis:
		return i, OtherBasis
	case earlier.Staffed != later.Staffed:
		return i, OtherWeighting
	case !slices.Equal(earlier.Cuts, later.Cuts) || !sameItems(then.Items, now.Items):
		return i, OtherScale
	}
	return i, NotSilent
}

// sameItems tells whether items that both have are the same, and whether there is one.
func sameItems(a, b []ItemUsed) bool {
	common := 0
	for _, x := range a {
		for _, y := range b {
			if x.ID != y.ID {
				continue
			}
			if x.A != y.A || x.C != y.C || !slices.Equal(x.B, y.B) {
				return false
			}
			common++
		}
	}
	return common > 0
}

func moved(before, now *Row, then, s int, why Silence) Moved {
	if why != NotSilent {
		return Moved{Silence: why}
	}
	b := &now.Skills[s]
	switch {
	case b.Verdict == TooFew:
		return Moved{Silence: NotNow}
	case b.Verdict == TooUncertain:
		return Moved{Silence: UncertainNow}
	case before == nil || before.Skills[then].Verdict == TooFew:
		return Moved{Silence: NotThen}
	case before.Skills[then].Verdict == TooUncertain:
		return Moved{Silence: UncertainThen}
	}
	a := &before.Skills[then]
	return Moved{Level: less(a.Level, b.Level), Below: less(a.Below, b.Below), Requirement: a.RequiredLow != b.RequiredLow || a.RequiredHigh != b.RequiredHigh}
}

// less combines the intervals of two independent figures (MOVER: Zou & Donner 2008).
func less(a, b *Figure) *Difference {
	if a == nil || b == nil {
		return nil
	}
	d := b.Value - a.Value
	low := d - math.Hypot(b.Value-b.Low, a.High-a.Value)
	high := d + math.Hypot(b.High-b.Value, a.Value-a.Low)
	g := math.Max(a.Grain, b.Grain)
	f := figure(d, low, high, g, math.Inf(-1), math.Inf(1))
	return &Difference{Value: f.Value, Low: f.Low, High: f.High, Grain: g}
}

// holm marks the differences that hold after Holm's correction.
func holm(rows []ChangedRow, of func(m *Moved) *Difference) {
	type test struct {
		d *Difference
		p float64
	}
	var list []test
	for i := range rows {
		for s := range rows[i].Skills {
			d := of(&rows[i].Skills[s])
			if d == nil {
				continue
			}
			p := 1.0
			if side := math.Max(d.Value-d.Low, d.High-d.Value); side > 0 {
				p = 2 * distuv.UnitNormal.Survival(math.Abs(d.Value)/side*critical)
			}
			list = append(list, test{d, p})
		}
	}
	slices.SortStableFunc(list, func(a, b test) int {
		switch {
		case a.p < b.p:
			return -1
		case a.p > b.p:
			return 1
		}
		return 0
	})
	for i, t := range list {
		if t.p*float64(len(list)-i) >= 0.05 || t.d.Low <= 0 && t.d.High >= 0 {
			return
		}
		t.d.Clear = true
	}
}

// Hold returns the skills with their statements held to the parameters of an earlier wave, so that both can be compared.
// Statements that the earlier wave did not have are estimated beside them.
func Hold(skills []Skill, earlier *Gap) []Skill {
	out := slices.Clone(skills)
	for s := range out {
		i := slices.IndexFunc(earlier.Skills, func(m Measured) bool { return m.ID == out[s].ID && m.Basis == Self })
		if i < 0 {
			continue
		}
		out[s].Self = slices.Clone(out[s].Self)
		for k := range out[s].Self {
			for _, it := range earlier.Skills[i].Items {
				if it.ID == out[s].Self[k].ID {
					item := it.item()
					out[s].Self[k].Parameters = &item
				}
			}
		}
	}
	return out
}
