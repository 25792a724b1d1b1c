package desk

import (
	"regexp"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/asked"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/desk/placing"
)

// measures tells whether a questionnaire asks about one of some skills: by statements, or by situations.
func measures(in *instrument.Instrument, skills []framework.Skill) bool {
	for i := range in.Constructs {
		if slices.ContainsFunc(skills, func(s framework.Skill) bool { return s.ID == in.Constructs[i].ID }) {
			return true
		}
	}
	return slices.ContainsFunc(in.Items, func(it instrument.Item) bool {
		_, _, ok := asked.ParseID(it.ID)
		return ok
	})
}

// inputOf lays the answers of a wave out as package gap takes them. Respondents without weight are left out.
func inputOf(w *Wave, l *placing.Layout, f *framework.Framework, banks []*framework.Bank) *gap.Input {
	in := &gap.Input{Wave: w.Source, Synthetic: w.Synthetic || w.Answers.Synthetic, K: w.Answers.Instrument.GroupSize,
		Functions: l.Functions, Departments: l.Departments, Families: l.Families, Staff: l.Staff, Required: l.Required}
	for _, level := range f.Levels {
		if level.From != nil {
			in.Cuts = append(in.Cuts, *level.From)
		}
	}
	ids := make([]string, len(f.Skills))
	for i := range f.Skills {
		ids[i] = f.Skills[i].ID
	}
	p := &in.People
	p.Function, p.Department = l.Place(w.Answers)
	p.Weight, p.Tried = slices.Clone(w.Weights), tried(w.Answers, ids)
	for _, sk := range asked.Read(w.Answers, ids, banks) {
		out := gap.Skill{ID: sk.ID}
		var self, test [][]int8
		for _, s := range sk.Self {
			out.Self = append(out.Self, gap.SelfItem{ID: s.ID, Reversed: s.Reversed})
			self = append(self, s.Answers)
		}
		for _, t := range sk.Test {
			out.Test = append(out.Test, gap.TestItem{ID: t.Item, Parameters: t.Parameters})
			test = append(test, t.Answers)
		}
		in.Skills = append(in.Skills, out)
		p.Self, p.Test = append(p.Self, self), append(p.Test, test)
	}
	weighted(p)
	return in
}

// weighted leaves out who has no weight.
func weighted(p *gap.People) {
	if !slices.ContainsFunc(p.Weight, func(w float64) bool { return !(w > 0) }) {
		return
	}
	var stay []int
	for i, w := range p.Weight {
		if w > 0 {
			stay = append(stay, i)
		}
	}
	p.Function, p.Department, p.Tried = pick(p.Function, stay), pick(p.Department, stay), pick(p.Tried, stay)
	for _, lists := range [][][][]int8{p.Self, p.Test} {
		for s := range lists {
			for i := range lists[s] {
				lists[s][i] = pick(lists[s][i], stay)
			}
		}
	}
	p.Weight = pick(p.Weight, stay)
}

func pick[T any](list []T, stay []int) []T {
	if list == nil {
		return nil
	}
	out := make([]T, len(stay))
	for i, at := range stay {
		out[i] = list[at]
	}
	return out
}

// names are the words of a condition that may be questions.
var names = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)

// tried tells who ever used GenAI: who was asked the statements about skills did; who was not, and answered every question that decides on
// that and was asked, did not. Nil where everybody is asked about skills.
func tried(a *instrument.Answers, skills []string) []int8 {
	column := map[string]int{}
	for i := range a.Variables {
		if a.Columns[i] != nil {
			column[a.Variables[i].ID] = i
		}
	}
	var statements, deciding []int
	for i := range a.Instrument.Constructs {
		if c := &a.Instrument.Constructs[i]; slices.Contains(skills, c.ID) {
			for _, id := range c.Items {
				at, there := column[id]
				if !there {
					continue
				}
				condition := a.Variables[at].Item.Visible
				if condition == "" {
					return nil
				}
				statements = append(statements, at)
				for _, name := range names.FindAllString(condition, -1) {
					if d, there := column[name]; there && !slices.Contains(deciding, d) {
						deciding = append(deciding, d)
					}
				}
			}
		}
	}
	if len(statements) == 0 || len(deciding) == 0 {
		return nil
	}
	out := make([]int8, a.N)
	for i := range out {
		out[i] = triedBy(a, i, statements, deciding)
	}
	return out
}

func triedBy(a *instrument.Answers, i int, statements, deciding []int) int8 {
	for _, at := range statements {
		if a.Columns[at].At(i) != instrument.NotAsked {
			return 1
		}
	}
	for _, at := range deciding {
		if code := a.Columns[at].At(i); code != instrument.NotAsked && code < instrument.FirstOption {
			return -1
		}
	}
	return 0
}
