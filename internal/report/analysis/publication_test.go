package analysis_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/disclosure/attack"
)

// publication is the JSON of the Findings as somebody outside reads it. None of the program's own types is used.
type publication struct {
	Respondents int
	Questions   []struct {
		ID        string
		Kind      string
		Condition string
		NotAsked  int `json:"not_asked"`
		NoAnswer  int `json:"no_answer"`
		DontKnow  int `json:"dont_know"`
		NA        int `json:"not_applicable"`
		Invalid   int
		Options   []struct{ ID, Missing string }
	}
	Groups []struct {
		Variable string
		Values   []*publishedGroup
	}
	Shares     []*publishedShare
	Means      []*publishedMean
	Disclosure struct{ K int }
}

type publishedGroup struct {
	Value      string
	N          *int
	Suppressed bool
}

type publishedShare struct {
	Item, Option         string
	Group                *struct{ Variable, Value string }
	N, Base              *int
	Share, SE, Low, High *float64
	Suppressed           bool
	Method               string
}

type publishedMean struct {
	Construct               string
	Group                   *struct{ Variable, Value string }
	Base                    *int
	Mean, SD, SE, Low, High *float64
	Suppressed              bool
}

func readPublication(t testing.TB, src []byte) *publication {
	t.Helper()
	var p publication
	if err := json.Unmarshal(src, &p); err != nil {
		t.Fatal(err)
	}
	return &p
}

// silent checks that what is suppressed says nothing, and that what is not is complete.
func (p *publication) silent(t *testing.T) {
	t.Helper()
	for _, g := range p.Groups {
		for _, v := range g.Values {
			if v.Suppressed != (v.N == nil) {
				t.Errorf("%s %q: suppressed %v, yet n is given %v", g.Variable, v.Value, v.Suppressed, v.N != nil)
			}
		}
	}
	for _, s := range p.Shares {
		for _, given := range []bool{s.N != nil, s.Base != nil, s.Share != nil, s.SE != nil, s.Low != nil, s.High != nil} {
			if given == s.Suppressed {
				t.Errorf("share %s.%s of %v: suppressed %v, yet a figure is given %v", s.Item, s.Option, s.Group, s.Suppressed, given)
			}
		}
		if s.Suppressed && s.Method != "" {
			t.Errorf("share %s.%s of %v is suppressed and names a method", s.Item, s.Option, s.Group)
		}
	}
	for _, m := range p.Means {
		for _, given := range []bool{m.Base != nil, m.Mean != nil, m.SD != nil, m.SE != nil, m.Low != nil, m.High != nil} {
			if given == m.Suppressed {
				t.Errorf("mean of %s in %v: suppressed %v, yet a figure is given %v", m.Construct, m.Group, m.Suppressed, given)
			}
		}
	}
}

// facts states everything that the publication says in the attacker's words: respondents by group, every question with
// its options, scores by their bases, and which answers led to a question.
func (p *publication) facts(t testing.TB) attack.Published {
	t.Helper()
	out := attack.Published{Respondents: p.Respondents}
	answered, conditions := map[string]int{}, map[string]string{}
	for _, q := range p.Questions {
		answered[q.ID] = p.Respondents - q.NotAsked - q.NoAnswer - q.DontKnow - q.NA - q.Invalid
		conditions[q.ID] = q.Condition
	}
	for _, g := range p.Groups {
		a := attack.Grouping{Variable: g.Variable, Answered: -1}
		if n, known := answered[g.Variable]; known {
			a.Answered = n
		}
		for _, v := range g.Values {
			group := attack.Group{Value: v.Value, Hidden: v.Suppressed}
			if v.N != nil {
				group.N = *v.N
			}
			a.Groups = append(a.Groups, group)
		}
		out.Groupings = append(out.Groupings, a)
	}
	at := map[string]int{}
	question := func(id string, base int) *attack.Question {
		i, known := at[id]
		if !known {
			i = len(out.Questions)
			at[id] = i
			out.Questions = append(out.Questions, attack.Question{ID: id, Base: base, Filter: filterOf(conditions[id])})
		}
		return &out.Questions[i]
	}
	hidden := map[string]bool{}
	for _, s := range p.Shares {
		switch {
		case s.Group != nil:
		case s.Suppressed:
			hidden[s.Item], hidden[s.Item+"."+s.Option] = true, true
		default:
			q := question(s.Item, *s.Base)
			q.Options = append(q.Options, attack.Option{ID: s.Option, N: *s.N})
		}
	}
	for _, m := range p.Means {
		if m.Group == nil && !m.Suppressed {
			question(m.Construct, *m.Base)
		}
	}
	p.cells(t, &out, at, hidden)
	for i := range out.Questions {
		q := &out.Questions[i]
		sum := 0
		for _, o := range q.Options {
			sum += o.N
		}
		q.Partition = !hidden[q.ID] && len(q.Options) > 1 && sum == q.Base
	}
	return out
}

// cells adds the figures by group; options that are hidden in total have no place in the attacker's table.
func (p *publication) cells(t testing.TB, out *attack.Published, at map[string]int, hiddenOption map[string]bool) {
	t.Helper()
	index := map[[3]string]int{}
	cell := func(id, variable, value string, hidden bool) *attack.Cell {
		i, known := at[id]
		if !known {
			if !hidden {
				t.Errorf("%s is hidden in total, yet shown in %s %q", id, variable, value)
			}
			return nil
		}
		q, key := &out.Questions[i], [3]string{id, variable, value}
		c, known := index[key]
		if !known {
			c = len(q.Cells)
			index[key] = c
			q.Cells = append(q.Cells, attack.Cell{Variable: variable, Value: value, Hidden: hidden})
		}
		if q.Cells[c].Hidden != hidden {
			t.Errorf("%s in %s %q is suppressed in part", id, variable, value)
		}
		return &q.Cells[c]
	}
	for _, s := range p.Shares {
		if s.Group == nil {
			continue
		}
		if c := cell(s.Item, s.Group.Variable, s.Group.Value, s.Suppressed); c != nil && !s.Suppressed {
			c.Base = *s.Base
			if !hiddenOption[s.Item+"."+s.Option] {
				c.N = append(c.N, *s.N)
			}
		}
	}
	for _, m := range p.Means {
		if m.Group == nil {
			continue
		}
		if c := cell(m.Construct, m.Group.Variable, m.Group.Value, m.Suppressed); c != nil && !m.Suppressed {
			c.Base = *m.Base
		}
	}
}

var oneVariable = regexp.MustCompile(`^(\w+) (?:in \[(.*)\]|== (".*"))$`)

// filterOf reads a condition on one question; on several it says only that there is one.
func filterOf(condition string) *attack.Filter {
	if condition == "" {
		return nil
	}
	m := oneVariable.FindStringSubmatch(condition)
	if m == nil || strings.Contains(condition, " or ") || strings.Contains(condition, " and ") {
		return &attack.Filter{Question: condition}
	}
	f := &attack.Filter{Question: m[1]}
	for _, option := range strings.Split(m[2]+m[3], ",") {
		f.Options = append(f.Options, strings.Trim(option, ` "`))
	}
	return f
}

// groupSizes bounds the size of every group of a variable that is a question too: its options may be counted in other
// groups, and in indicators, where its own count is hidden.
func (p *publication) groupSizes(t testing.TB, in map[string]map[string][]string, variable string) map[string]attack.Interval {
	t.Helper()
	s := attack.NewSystem()
	values := map[string]bool{}
	for _, g := range p.Groups {
		if g.Variable != variable {
			continue
		}
		for _, v := range g.Values {
			values[v.Value] = true
			if v.N != nil {
				s.Equal(attack.Terms{v.Value: 1}, float64(*v.N))
			}
		}
	}
	// The answers to the question, in total and summed over the groups of each other variable.
	partial := map[[2]string]attack.Terms{}
	for _, sh := range p.Shares {
		options := in[sh.Item][sh.Option]
		if sh.Item == variable {
			options = []string{sh.Option}
		}
		if options == nil {
			continue
		}
		count := attack.Terms{}
		for _, o := range options {
			if values[o] {
				count[o] = 1
			}
		}
		if sh.Group == nil {
			if !sh.Suppressed {
				s.Equal(count, float64(*sh.N))
			}
			continue
		}
		key := [2]string{sh.Item + "." + sh.Option, sh.Group.Variable}
		if partial[key] == nil {
			partial[key] = count
			count["rest|"+key[0]+key[1]] = -1 // who left the other variable open
		}
		n := strings.Join([]string{"n", sh.Item, sh.Option, sh.Group.Variable, sh.Group.Value}, "|")
		partial[key][n] = -1
		if !sh.Suppressed {
			s.Equal(attack.Terms{n: 1}, float64(*sh.N))
		}
	}
	answered := p.Respondents
	for _, q := range p.Questions {
		if q.ID == variable {
			answered -= q.NotAsked + q.NoAnswer + q.DontKnow + q.NA + q.Invalid
		}
	}
	for key, terms := range partial {
		s.Equal(terms, 0)
		for _, q := range p.Questions {
			if q.ID == key[1] {
				open := q.NotAsked + q.NoAnswer + q.DontKnow + q.NA + q.Invalid
				s.AtMost(attack.Terms{"rest|" + key[0] + key[1]: 1}, float64(open))
			}
		}
	}
	all := attack.Terms{}
	for v := range values {
		all[v] = 1
	}
	s.Equal(all, float64(answered))
	out := map[string]attack.Interval{}
	for v := range values {
		i, err := s.Bounds(t.Context(), v)
		if err != nil {
			t.Fatalf("%s %q: %v", variable, v, err)
		}
		out[v] = i
	}
	return out
}

// isQuestion tells whether a variable by which figures are broken down is asked as a question.
func (p *publication) isQuestion(variable string) bool {
	return slices.ContainsFunc(p.Shares, func(s *publishedShare) bool { return s.Item == variable })
}
