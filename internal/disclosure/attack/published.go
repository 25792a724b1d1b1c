package attack

// Published is what a publication says of one wave, hidden figures left out.
type Published struct {
	Respondents int
	Groupings   []Grouping
	Questions   []Question
}

// Grouping is a background variable with its groups.
type Grouping struct {
	Variable string
	Groups   []Group
	// Answered is the number of respondents who gave an answer to the variable, or -1 when it is not published.
	Answered int
	// Within names the grouping in which this one is nested, or is empty.
	Within string
}

// Group is one group; N counts only when it is not Hidden.
type Group struct {
	Value  string
	N      int
	Hidden bool
	Within string // value of the enclosing grouping that holds this group
}

// Question is a question with its figures in total and by group.
type Question struct {
	ID        string
	Base      int
	Options   []Option
	Partition bool // each respondent in the base chose exactly one of Options
	Cells     []Cell
	Filter    *Filter
}

// Option is an option with the number of respondents who chose it.
type Option struct {
	ID string
	N  int
}

// Cell is a question in one group; Base and N (as Options) count only when it is not Hidden.
type Cell struct {
	Variable, Value string
	Base            int
	N               []int
	Hidden          bool
}

// Filter says that a question was put to whoever chose one of Options of another question.
type Filter struct {
	Question string
	Options  []string
	Exact    bool // everybody who was asked answered
}

// NameN names the number of respondents of a group.
func NameN(variable, value string) string { return "N|" + variable + "|" + value }

// NameBase names the base of a question in a group.
func NameBase(question, variable, value string) string {
	return "base|" + question + "|" + variable + "|" + value
}

// NameCount names the number who chose an option of a question in a group.
func NameCount(question, option, variable, value string) string {
	return "n|" + question + "|" + option + "|" + variable + "|" + value
}

// rest stands in the place of a value for the people without an answer to the variable.
const rest = "\x00rest"

// restIn stands for the people of an enclosing group without an answer to the nested variable.
func restIn(within string) string { return rest + "|" + within }

// Constraints builds the system of everything that is published on the groups and on the questions named (all when none
// is), filters included.
//
// Hidden numbers of respondents tie all questions together. Take the questions one by one where a publication is large:
// each further question adds unknowns, but hardly narrows the others.
func Constraints(p Published, questions ...string) *System {
	b := builder{p: p, s: NewSystem(), wanted: map[string]bool{}, byID: map[string]*Question{}}
	for i := range p.Questions {
		b.byID[p.Questions[i].ID] = &p.Questions[i]
	}
	for _, id := range questions {
		b.want(id)
	}
	b.breakdown(func(variable, value string) string { return NameN(variable, value) }, p.Respondents, nil)
	for gi := range p.Groupings {
		b.respondents(&p.Groupings[gi])
	}
	for i := range p.Questions {
		q := &p.Questions[i]
		if len(questions) == 0 || b.wanted[q.ID] {
			b.question(q)
		}
	}
	return b.s
}

type builder struct {
	p      Published
	s      *System
	wanted map[string]bool
	byID   map[string]*Question
}

// want marks a question and the filters above it.
func (b *builder) want(id string) {
	for q := b.byID[id]; q != nil && !b.wanted[q.ID]; {
		b.wanted[q.ID] = true
		if q.Filter == nil {
			return
		}
		q = b.byID[q.Filter.Question]
	}
}

// breakdown states that groups and rest make up the total, and inner groups and rest make up their enclosing group, for
// the number that name gives. Groupings in skip are left out.
func (b *builder) breakdown(name func(variable, value string) string, total int, only map[string]bool) {
	for _, g := range b.p.Groupings {
		if only != nil && !only[g.Variable] {
			continue
		}
		sum := Terms{name(g.Variable, rest): 1}
		inside := map[string]Terms{}
		for _, v := range g.Groups {
			sum[name(g.Variable, v.Value)] = 1
			if g.Within != "" && v.Within != "" {
				if inside[v.Within] == nil {
					inside[v.Within] = Terms{}
				}
				inside[v.Within][name(g.Variable, v.Value)] = 1
			}
		}
		b.s.Equal(sum, float64(total))
		if only != nil && !only[g.Within] {
			continue
		}
		all := Terms{name(g.Variable, rest): -1}
		for _, value := range enclosing(g) {
			t := inside[value]
			t[name(g.Variable, restIn(value))] = 1
			t[name(g.Within, value)] = -1
			b.s.Equal(t, 0)
			all[name(g.Variable, restIn(value))] = 1
		}
		if g.Within != "" {
			b.s.AtMost(all, 0)
		}
	}
}

func (b *builder) respondents(g *Grouping) {
	if g.Answered >= 0 {
		b.s.Equal(Terms{NameN(g.Variable, rest): 1}, float64(b.p.Respondents-g.Answered))
	}
	for _, v := range g.Groups {
		if !v.Hidden {
			b.s.Equal(Terms{NameN(g.Variable, v.Value): 1}, float64(v.N))
		}
	}
}

func (b *builder) question(q *Question) {
	only := map[string]bool{}
	for _, c := range q.Cells {
		only[c.Variable] = true
	}
	b.breakdown(func(variable, value string) string { return NameBase(q.ID, variable, value) }, q.Base, only)
	for _, o := range q.Options {
		b.breakdown(func(variable, value string) string { return NameCount(q.ID, o.ID, variable, value) }, o.N, only)
	}
	for _, c := range q.Cells {
		if !c.Hidden {
			b.shown(q, c)
		}
	}
	for _, g := range b.p.Groupings {
		if !only[g.Variable] {
			continue
		}
		b.cell(q, g.Variable, rest)
		for _, v := range g.Groups {
			b.cell(q, g.Variable, v.Value)
		}
		if g.Within != "" && only[g.Within] {
			for _, value := range enclosing(g) {
				b.cell(q, g.Variable, restIn(value))
			}
		}
	}
}

func enclosing(g Grouping) []string {
	var out []string
	seen := map[string]bool{}
	for _, v := range g.Groups {
		if v.Within != "" && !seen[v.Within] {
			seen[v.Within] = true
			out = append(out, v.Within)
		}
	}
	return out
}

func (b *builder) shown(q *Question, c Cell) {
	b.s.Equal(Terms{NameBase(q.ID, c.Variable, c.Value): 1}, float64(c.Base))
	for i, o := range q.Options {
		b.s.Equal(Terms{NameCount(q.ID, o.ID, c.Variable, c.Value): 1}, float64(c.N[i]))
	}
}

// cell states what holds inside any group: options within the base, the base within the respondents and the filter.
func (b *builder) cell(q *Question, variable, value string) {
	base := NameBase(q.ID, variable, value)
	b.s.AtMost(Terms{base: 1, NameN(variable, value): -1}, 0)
	sum := Terms{base: -1}
	for _, o := range q.Options {
		n := NameCount(q.ID, o.ID, variable, value)
		sum[n] = 1
		if !q.Partition {
			b.s.AtMost(Terms{n: 1, base: -1}, 0)
		}
	}
	if q.Partition && len(q.Options) > 0 {
		b.s.Equal(sum, 0)
	}
	if q.Filter == nil || b.byID[q.Filter.Question] == nil {
		return
	}
	asked := Terms{base: 1}
	for _, o := range q.Filter.Options {
		asked[NameCount(q.Filter.Question, o, variable, value)] = -1
	}
	if q.Filter.Exact {
		b.s.Equal(asked, 0)
	} else {
		b.s.AtMost(asked, 0)
	}
}
