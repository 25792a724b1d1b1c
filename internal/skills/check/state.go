package check

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
)

// Plan is what a check asks.
type Plan string

// The plans.
const (
	All        Plan = "all"        // statements and test of all skills
	One        Plan = "one"        // statements and test of one skill
	Statements Plan = "statements" // statements of all skills, no test
)

// Plans lists the plans.
func Plans() []Plan { return []Plan{All, One, Statements} }

// Ref names something of the organisation, such as a function.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Bounds of what a state carries; what is longer is cut or left out.
const (
	maxID    = 64  // bytes of an id
	maxName  = 120 // bytes of a name
	maxAvoid = 60  // items of earlier checks
	maxGiven = 24  // answers of a test
)

// Given is an answer to an item.
type Given struct {
	Item   int // position in Material.Items
	Option int // as the item lists them
}

// State is a check under way. Its functions change a copy.
type State struct {
	Seed     [16]byte // random; the questions and the code under which the check may be kept follow from it
	Plan     Plan
	Skill    string // of the plan One
	Field    bool   // work in the field, not at a desk
	Function Ref    // that the person says to have, or zero
	Unit     Ref    // where, or zero
	Self     []uint8
	Places   []uint8 // by skill: the level at which the monitor's statements put the person, or 0; nil for none
	Given    []Given // in the order of asking
	Avoid    []int   // items that the person saw in an earlier check
	Asking   bool    // the statements are done with
	Done     bool    // the person wants to see what there is
	Seen     bool    // the person saw the best answers, so that no answer counts any more
	Gave     bool    // the person gave the answers to improve the questions; that is done once
}

// NewState begins a check with a random seed (crypto/rand).
func (m *Material) NewState(p Plan, skill string, field bool) State {
	s := State{Plan: p, Skill: skill, Field: field, Self: make([]uint8, len(m.Statements))}
	if p != One || !m.Has(skill) {
		s.Skill = ""
	}
	if s.Plan == One && s.Skill == "" {
		s.Plan = All
	}
	_, _ = rand.Read(s.Seed[:]) // never fails (crypto/rand)
	return s
}

// Derive returns 32 bytes that follow from the seed for a purpose.
func (s *State) Derive(purpose string) [32]byte {
	return sha256.Sum256(append([]byte(purpose+"\x00"), s.Seed[:]...))
}

// Pages lists the skills whose statements are asked, a page each.
func (m *Material) Pages(s *State) []string {
	if s.Plan == One {
		return []string{s.Skill}
	}
	return m.skills
}

// Say keeps how much somebody agrees with a statement: 1 to 5, or 0 for no answer.
func (m *Material) Say(s State, statement int, agree uint8) State {
	if statement < 0 || statement >= len(m.Statements) || agree > most {
		return s
	}
	s.Self = slices.Clone(s.Self)
	s.Self[statement] = agree
	return s
}

// MostQuestions is how many questions the test of a plan has at most.
func (p Plan) MostQuestions() int {
	if p == Statements {
		return 0
	}
	return 12
}

// ErrStale says that an answer is to another question than the one that is asked: of a page that was left open.
var ErrStale = errors.New("the answer is to a question that is not asked now")

// ErrOption says that an answer names an option that the question does not have.
var ErrOption = errors.New("the question has no such answer")

// ErrSeen says that the best answers were shown, so that no answer counts any more.
var ErrSeen = errors.New("the best answers were shown")

// Answer keeps the answer to question n, from 1. A question that was answered already gets the new answer, and all that followed goes:
// it was chosen for the old one. The same answer again changes nothing. The errors are ErrStale, ErrOption and ErrSeen.
func (m *Material) Answer(s State, n int, g Given) (State, error) {
	switch {
	case s.Seen:
		return s, ErrSeen
	case n < 1 || n > len(s.Given)+1 || g.Item < 0 || g.Item >= len(m.Items):
		return s, ErrStale
	case g.Option < 0 || g.Option >= len(m.Items[g.Item].In(s.Field).Options):
		return s, ErrOption
	}
	if n <= len(s.Given) {
		switch s.Given[n-1] {
		case g:
			return s, nil
		case Given{g.Item, s.Given[n-1].Option}:
			s.Given = append(slices.Clone(s.Given[:n-1]), g)
			s.Done = false
			return s, nil
		}
		return s, ErrStale
	}
	next, ok, err := m.Next(&s)
	if err != nil {
		return s, err
	}
	if !ok || next != g.Item {
		return s, ErrStale
	}
	s.Given = append(slices.Clone(s.Given), g)
	return s, nil
}

// Evidence is what was answered so far.
func (m *Material) Evidence(s *State) Evidence {
	e := Evidence{Self: slices.Clone(s.Self), Places: slices.Clone(s.Places)}
	for _, g := range s.Given {
		it := &m.Items[g.Item]
		e.Test = append(e.Test, Scored{g.Item, it.In(s.Field).Options[g.Option].Credit})
	}
	return e
}

// Any tells whether anything was answered.
func (s *State) Any() bool {
	return len(s.Given) > 0 || s.Places != nil || slices.ContainsFunc(s.Self, func(v uint8) bool { return v > 0 })
}
