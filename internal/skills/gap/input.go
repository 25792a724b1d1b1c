package gap

import (
	"errors"
	"fmt"
	"math"

	"tekentafel/internal/disclosure"
	"tekentafel/internal/stats/irt"
)

// Input is everything that Compute reads.
type Input struct {
	Wave      string // id of the wave
	Synthetic bool   // made-up answers
	K         int    // minimum group size; 0: disclosure.DefaultK
	// Cuts are the cut points of theta, rising; there is one level more.
	Cuts        []float64
	Skills      []Skill
	Functions   []Group // Group.Family counts
	Departments []Group
	Families    []Group
	People      People
	// Staff is the staff list in numbers; nil when there is none, and then groups are weighted as they answered. The same
	// place may stand in it several times.
	Staff []Staff
	// Required returns the level required of each skill, 0 for none, of a function in a department (-1: not known). It may
	// return the same slice again. Nil: nothing is required.
	Required func(function, department int) []int8
	// Readiness is what is known of the personnel data; nil when nothing is.
	Readiness *Readiness
	// Earlier is the result of an earlier wave to compare with; nil for none.
	Earlier *Gap
}

// Group is a function, a department or a family of functions.
type Group struct {
	Code   string // stable over waves
	Name   string
	Family int // of a function: index in Input.Families, -1 for none
}

// Skill is a skill with its items.
type Skill struct {
	ID   string
	Self []SelfItem
	Test []TestItem
}

// SelfItem is a statement about oneself, answered from 1 (not at all) to 5 (fully).
type SelfItem struct {
	ID       string
	Reversed bool // agreement shows less of the skill
	// Parameters hold the item to a scale: those of an earlier wave (Measured.Items), with which this one is compared. Nil: they are
	// estimated from this wave, or assumed.
	Parameters *irt.Item
}

// TestItem is an item of the test.
type TestItem struct {
	ID         string
	Parameters irt.Item
}

// People are the respondents, in columns of the same length. Columns that are nil are left out.
type People struct {
	Function, Department []int32   // index, or -1 when not known
	Weight               []float64 // above 0; nil: all the same
	Tried                []int8    // 1 ever used GenAI, 0 never, -1 not known; nil: everyone did
	// Self and Test are answers by skill and item: 0 for none; else 1 to 5, or the category of the test item plus 1.
	Self, Test [][][]int8
}

// Staff is how many people there are in a place.
type Staff struct{ Function, Department, N int } // indices, or -1 when not known

// Basis is what figures rest on.
type Basis string

// The bases.
const (
	Auto Basis = ""     // Both where at least half of those who can be scored, and 200 people, did the test; else Self
	Self Basis = "self" // what people say of themselves: how they see it, not what they can do
	Test Basis = "test"
	Both Basis = "both" // the test, and what people say of themselves as far as it goes with the test
)

// FamilyAs says how families of functions enter the model.
type FamilyAs int

// The ways.
const (
	FamilyRandom FamilyAs = iota // drawn to their mean as far as the data says
	FamilyFixed                  // each its own mean
	FamilyNone                   // not at all
)

// Options of a computation. The zero value is the usual one.
type Options struct {
	Basis   Basis
	Family  FamilyAs
	Draws   int    // even; 0: 400, of which the ends of intervals are off by some 2 % of their width; 200 from 50,000 cells on
	Seed    uint64 // the same seed gives the same bits, for any number of workers and any order of respondents
	Workers int    // 0: as many as there are processors
	Top     int    // places that count as top in a ranking; 0: 10
	// CalibrateFrom is the number of respondents from which parameters of statements are estimated; 0: 300.
	CalibrateFrom int
	Rule          Rule // zero: DefaultRule

	// Secret belongs to the wave: at least 16 bytes that nobody who reads results knows, the same for every computation of it. It makes
	// the errors that Blur adds to each score, in standard deviations of theta (0: 0.5; negative: none, for made-up answers).
	Secret []byte
	Blur   float64

	plugIn bool // variances as if known, for tests
}

// Rule says when a figure is enough to go by.
type Rule struct {
	MinPeople   int     // respondents in the base
	LevelWidth  float64 // widest interval of a mean level
	ShareWidth  float64 // widest interval of a share
	FewGroups   int     // functions, or departments, with respondents, below which it is said that their spread is hardly known
	MinReliable float64 // reliability in the reference population below which answers cannot be scored
}

// DefaultRule asks for ten people, an interval of at most a level and of at most 40 points.
func DefaultRule() Rule {
	return Rule{MinPeople: 10, LevelWidth: 1, ShareWidth: 0.4, FewGroups: 5, MinReliable: 0.3}
}

const (
	maxItems      = 20 // statements of a skill
	maxCategories = 7
	maxPlaces     = 64 << 20 // functions times departments
)

// InputError says what is wrong with the input, and how to mend it.
type InputError struct{ What string }

func (e *InputError) Error() string { return "gap: " + e.What }

func wrong(format string, a ...any) error { return &InputError{fmt.Sprintf(format, a...)} }

// ErrNobody says that nobody answered.
var ErrNobody = errors.New("gap: nobody answered")

func (in *Input) check() error {
	n := len(in.People.Function)
	switch {
	case in.K != 0 && in.K < disclosure.MinimumK:
		return wrong("the minimum group size is %d; it is at least %d", in.K, disclosure.MinimumK)
	case len(in.Cuts) < 1 || len(in.Cuts) > 9:
		return wrong("%d cut points; give 1 to 9", len(in.Cuts))
	case len(in.Skills) == 0:
		return wrong("there are no skills")
	case len(in.Functions) == 0 || len(in.Departments) == 0:
		return wrong("%d functions and %d departments; give at least one of each", len(in.Functions), len(in.Departments))
	case (len(in.Functions)+1)*(len(in.Departments)+1) > maxPlaces:
		return wrong("%d functions in %d departments are too many together", len(in.Functions), len(in.Departments))
	case n == 0:
		return ErrNobody
	case len(in.People.Self) != len(in.Skills) && in.People.Self != nil || len(in.People.Test) != len(in.Skills) && in.People.Test != nil:
		return wrong("answers to %d and %d skills of %d; give an entry for each skill", len(in.People.Self), len(in.People.Test), len(in.Skills))
	}
	for i, c := range in.Cuts {
		if math.IsNaN(c) || math.Abs(c) > 5 || i > 0 && !(c > in.Cuts[i-1]) {
			return wrong("cut points %v do not rise between -5 and 5", in.Cuts)
		}
	}
	for i, f := range in.Functions {
		if f.Family < -1 || f.Family >= len(in.Families) {
			return wrong("function %d has family %d of %d; give -1 for none", i, f.Family, len(in.Families))
		}
	}
	for _, s := range in.Staff {
		if s.Function < -1 || s.Function >= len(in.Functions) || s.Department < -1 || s.Department >= len(in.Departments) || s.N < 0 {
			return wrong("the staff list has %d people in function %d of department %d", s.N, s.Function, s.Department)
		}
	}
	if err := codes(in.Functions, in.Departments, in.Families); err != nil {
		return err
	}
	if err := in.checkPeople(n); err != nil {
		return err
	}
	for s := range in.Skills {
		if err := in.checkSkill(s, n); err != nil {
			return err
		}
	}
	return nil
}

func codes(lists ...[]Group) error {
	for _, list := range lists {
		seen := make(map[string]bool, len(list))
		for _, g := range list {
			if seen[g.Code] {
				return wrong("code %q stands twice in one list of groups", g.Code)
			}
			seen[g.Code] = true
		}
	}
	return nil
}

func (in *Input) checkPeople(n int) error {
	p := &in.People
	if len(p.Department) != n || p.Weight != nil && len(p.Weight) != n || p.Tried != nil && len(p.Tried) != n {
		return wrong("columns of respondents have different lengths")
	}
	for i := range n {
		if f, d := int(p.Function[i]), int(p.Department[i]); f < -1 || f >= len(in.Functions) || d < -1 || d >= len(in.Departments) {
			return wrong("respondent %d has function %d of %d and department %d of %d", i, f, len(in.Functions), d, len(in.Departments))
		}
	}
	for i, w := range p.Weight {
		if !(w > 0) || math.IsInf(w, 1) {
			return wrong("respondent %d has weight %v; leave out who does not count", i, w)
		}
	}
	for i, t := range p.Tried {
		if t < -1 || t > 1 {
			return wrong("respondent %d has %d where 1, 0 or -1 says who ever used GenAI", i, t)
		}
	}
	return nil
}

func (in *Input) checkSkill(s, n int) error {
	sk := &in.Skills[s]
	if len(sk.Self) > maxItems || len(sk.Test) > maxTest {
		return wrong("skill %q has %d statements and %d items of a test; give at most %d and %d", sk.ID, len(sk.Self), len(sk.Test), maxItems, maxTest)
	}
	for _, it := range sk.Self {
		if it.Parameters == nil {
			continue
		}
		if err := it.Parameters.Check(); err != nil || it.Parameters.Categories() != 5 {
			return wrong("statement %q has parameters %+v; give those of an item of 5 categories", it.ID, *it.Parameters)
		}
	}
	for _, it := range sk.Test {
		if err := it.Parameters.Check(); err != nil || it.Parameters.Categories() > maxCategories {
			return wrong("item %q has parameters %+v; give those of an item of at most %d categories", it.ID, it.Parameters, maxCategories)
		}
	}
	column := func(what string, list [][][]int8, items int, most func(i int) int) error {
		if list == nil || list[s] == nil {
			return nil
		}
		if len(list[s]) != items {
			return wrong("skill %q has %d columns of answers for %d %s", sk.ID, len(list[s]), items, what)
		}
		for i, answers := range list[s] {
			if len(answers) != n {
				return wrong("skill %q, %s %d: %d answers of %d respondents", sk.ID, what, i, len(answers), n)
			}
			for r, a := range answers {
				if a < 0 || int(a) > most(i) {
					return wrong("skill %q, %s %d, respondent %d: answer %d is not between 0 and %d", sk.ID, what, i, r, a, most(i))
				}
			}
		}
		return nil
	}
	if err := column("statements", in.People.Self, len(sk.Self), func(int) int { return 5 }); err != nil {
		return err
	}
	return column("items", in.People.Test, len(sk.Test), func(i int) int { return sk.Test[i].Parameters.Categories() })
}
