package demand

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tekentafel/internal/skills/framework"
)

// Need is what is required of a skill at a post.
type Need struct {
	framework.Required
	Set    bool      // a person decided on it; otherwise it is a proposal
	Taken  bool      // a person decided, by taking over what was proposed for at least one rule
	Reason string    // of the override
	Said   *Standing // of the override; nil when the rules decide
}

// Row is a function with what it asks, wherever and by whomever it is done.
type Row struct {
	Function
	People int
	Needs  []Need // in the order of the skills
	Open   int    // skills that nobody decided on
	ByHand bool   // nobody took over a proposal as it was
}

// Seen tells whether a person decided on every skill.
func (r *Row) Seen() bool { return r.Open == 0 }

// Family is a family of functions.
type Family struct {
	Name   string // "" for the functions without one
	Rows   []int  // in Map.Rows, in the order of the names
	People int
	Open   int // functions that nobody looked at
}

// Map is what each function asks. It is not changed once it is made.
type Map struct {
	State     *State
	Framework *framework.Framework
	Org       *Organisation
	Rows      []Row    // in the order of family and name, those without a family last
	Families  []Family // in the order of their names, that without a name last

	suggester *framework.Suggester
	overrides *framework.Overrides
	words     map[string]map[string]string // that families' names suggest, by rule
	row       map[string]int               // by function
	unit      map[string]int               // in Org.Units
	grid      func() *Grid
}

// Make puts a state beside an organisation. What the state says of skills, rules and roles that are not there any more is passed over.
func Make(s *State, f *framework.Framework, o *Organisation) *Map {
	m := &Map{State: s, Framework: f, Org: o, suggester: f.Suggester(), words: map[string]map[string]string{}, row: map[string]int{}, unit: map[string]int{}}
	for i := range o.Units {
		m.unit[o.Units[i].ID] = i
	}
	m.makeOverrides()
	people := map[string]int{}
	for _, t := range o.Tallies {
		people[t.Function] += t.People
	}
	functions := slices.Clone(o.Functions)
	lower := make(map[string]string, len(functions))
	for i := range functions {
		lower[functions[i].ID] = strings.ToLower(functions[i].Name)
	}
	slices.SortFunc(functions, func(a, b Function) int {
		return cmp.Or(compareFamilies(a.Family, b.Family), cmp.Compare(lower[a.ID], lower[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	m.Rows = make([]Row, 0, len(functions))
	for i := range functions {
		fn := functions[i]
		if _, ok := m.words[fn.Family]; !ok && fn.Family != "" {
			m.words[fn.Family] = m.familyWords(fn.Family)
		}
		r := Row{Function: fn, People: people[fn.ID]}
		list := m.answers(fn.Family, &fn)
		r.Needs = m.needsOf(list, &framework.Post{Family: fn.Family, Function: fn.ID})
		r.ByHand = true
		for j := range r.Needs {
			if !r.Needs[j].Set {
				r.Open++
			}
			r.ByHand = r.ByHand && !r.Needs[j].Taken
		}
		m.Rows = append(m.Rows, r)
	}
	for i := range m.Rows {
		r := &m.Rows[i]
		m.row[r.ID] = i
		if n := len(m.Families); n == 0 || m.Families[n-1].Name != r.Family {
			m.Families = append(m.Families, Family{Name: r.Family})
		}
		fam := &m.Families[len(m.Families)-1]
		fam.Rows = append(fam.Rows, i)
		fam.People += r.People
		if !r.Seen() {
			fam.Open++
		}
	}
	m.grid = sync.OnceValue(m.makeGrid)
	return m
}

func compareFamilies(a, b string) int {
	if (a == "") != (b == "") {
		return cmp.Compare(b, a)
	}
	if a == b {
		return 0
	}
	return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
}

// makeOverrides readies the levels that hold.
func (m *Map) makeOverrides() {
	var list []framework.Override
	for _, w := range m.State.All(Level) {
		level, err := strconv.Atoi(w.Value.Value)
		if err != nil || level < 1 || level > framework.MostLevels || m.Framework.Skill(w.Item) == nil || w.Where == (framework.Where{}) {
			continue
		}
		if w.Role != "" && m.State.Of(Key{Kind: Role, Where: framework.Where{Role: w.Role}}).Value.Value == "" {
			continue
		}
		list = append(list, framework.Override{Where: w.Where, Skill: w.Item, Level: level})
	}
	o, err := m.Framework.Overrides(list)
	if err != nil { // none of them can be wrong: each was looked at above, and keys are unique
		o, _ = m.Framework.Overrides(nil)
	}
	m.overrides = o
}

// needsOf applies what was set to what the answers require.
func (m *Map) needsOf(list []Answered, post *framework.Post) []Need {
	settled := m.settled(list)
	required := m.overrides.Apply(m.propose(list), post)
	out := make([]Need, len(required))
	for i := range required {
		n := &out[i]
		n.Required, n.Set = required[i], settled[i]
		if o := n.Override; o != nil {
			said := m.State.Of(Key{Kind: Level, Where: o.Where, Item: o.Skill})
			n.Set, n.Said, n.Reason = true, &said, said.Note
			continue
		}
		for j := range list {
			if n.Set && list[j].Said.How == Taken && asks(list[j].Rule, n.Skill) {
				n.Taken = true
			}
		}
	}
	return out
}

func asks(r *framework.Rule, skill string) bool {
	return slices.ContainsFunc(r.Asks, func(a framework.Ask) bool { return a.Skill == skill })
}

// At returns what is required at a post. A function that is not known is one of the family that has no answers of its own.
func (m *Map) At(post framework.Post) []Need {
	var fn *Function
	if r := m.Function(post.Function); r != nil {
		fn = &r.Function
		post.Family = fn.Family
	}
	return m.needsOf(m.answers(post.Family, fn), &post)
}

// Answers returns the answers to the rules about a function, in the order of the framework; nil when it is not known.
func (m *Map) Answers(function string) []Answered {
	r := m.Function(function)
	if r == nil {
		return nil
	}
	return m.answers(r.Family, &r.Function)
}

// FamilyAnswers returns the answers to the rules about a family.
func (m *Map) FamilyAnswers(family string) []Answered { return m.answers(family, nil) }

// Function returns the row of a function, nil when it is not known.
func (m *Map) Function(id string) *Row {
	i, ok := m.row[id]
	if !ok {
		return nil
	}
	return &m.Rows[i]
}

// Family returns a family by its name, nil when no function has it.
func (m *Map) Family(name string) *Family {
	i := slices.IndexFunc(m.Families, func(f Family) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &m.Families[i]
}

// Unit returns a unit, nil when it is not known.
func (m *Map) Unit(id string) *Unit {
	i, ok := m.unit[id]
	if !ok {
		return nil
	}
	return &m.Org.Units[i]
}

// mostDeep bounds how far up one goes, should units stand below each other in a circle.
const mostDeep = 50

// Path returns the ids of a unit and of those around it, the own one first; nil when it is not known.
func (m *Map) Path(unit string) []string {
	var out []string
	for u := m.Unit(unit); u != nil && len(out) < mostDeep; u = m.Unit(u.Parent) {
		out = append(out, u.ID)
	}
	return out
}

// Coverage says for how many people somebody looked at what their function asks.
type Coverage struct {
	Functions, FunctionsSeen int
	People                   int // with a function that is known
	ByHand                   int // of whom a person decided on everything the function asks
	Taken                    int // of whom a person took over what was proposed, at least in part
	Without                  int // people without a function, for whom nothing can be said
}

// Seen returns the people for whom somebody looked.
func (c Coverage) Seen() int { return c.ByHand + c.Taken }

// Coverage counts functions and people.
func (m *Map) Coverage() Coverage {
	var c Coverage
	for i := range m.Rows {
		r := &m.Rows[i]
		c.Functions++
		c.People += r.People
		switch {
		case !r.Seen():
		case r.ByHand:
			c.FunctionsSeen++
			c.ByHand += r.People
		default:
			c.FunctionsSeen++
			c.Taken += r.People
		}
	}
	for _, t := range m.Org.Tallies {
		if _, known := m.row[t.Function]; !known {
			c.Without += t.People
		}
	}
	return c
}

// PeopleBelow returns how many people have which function in a unit and the units below it; of "" nothing.
func (m *Map) PeopleBelow(unit string) map[string]int {
	out := map[string]int{}
	if unit == "" {
		return out
	}
	within := map[string]bool{}
	for i := range m.Org.Units {
		within[m.Org.Units[i].ID] = slices.Contains(m.Path(m.Org.Units[i].ID), unit)
	}
	for _, t := range m.Org.Tallies {
		if within[t.Unit] {
			out[t.Function] += t.People
		}
	}
	return out
}
