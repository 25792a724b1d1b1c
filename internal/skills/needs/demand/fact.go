package demand

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"tekentafel/internal/skills/framework"
)

// Kind is what a fact is about.
type Kind string

// The kinds of facts.
const (
	Answer  Kind = "answer"    // to a rule, about a family or a function: Yes, No or Unknown
	Level   Kind = "level"     // of a skill, instead of what the rules ask: "1" to "4", with the reason as note
	Factor  Kind = "factor"    // a circumstance of article 4, about a family or a function: Yes, with a note
	Role    Kind = "role"      // a role of the organisation: its name, and as note what it is
	Adapted Kind = "framework" // number of the version of the framework that holds
)

// Answers to rules.
const (
	Yes     = "yes"
	No      = "no"
	Unknown = "unknown" // somebody looked, and does not know yet
)

// How an answer came to be.
const (
	Chosen = "chosen" // somebody answered it
	Taken  = "taken"  // somebody took over what was proposed
)

// Key says what a fact is about. Two facts with one key never hold at once.
type Key struct {
	Kind Kind `json:"kind"`
	framework.Where
	Item string `json:"item,omitempty"` // id of the rule (Answer), the skill (Level) or the factor (Factor)
}

// Value is what a fact says. The zero value says nothing: it takes away.
type Value struct {
	Value string `json:"value,omitempty"`
	Note  string `json:"note,omitempty"`
	How   string `json:"how,omitempty"` // of an Answer: Chosen or Taken
}

// Wish is a fact that somebody wants to hold.
type Wish struct {
	Key
	Value
}

// Standing is a value with the change that brought it.
type Standing struct {
	Value
	Seq     int64
	Account string // who made that change
	At      time.Time
}

// Fact is what a change wrote, with what stood before.
type Fact struct {
	Key
	Value
	Was    Value
	WasSeq int64 // 0: nothing stood before
}

// State is the facts that hold. It is not changed once it is made, so that many may read it.
type State struct {
	Seq   int64 // of the last change
	facts map[Key]Standing
}

// Empty returns the state before the first change.
func Empty() *State { return &State{facts: map[Key]Standing{}} }

// With returns the state after more facts, up to and with the change seq.
func (s *State) With(seq int64, keys []Key, values []Standing) *State {
	out := &State{Seq: seq, facts: maps.Clone(s.facts)}
	for i, k := range keys {
		if old := out.facts[k]; old.Seq <= values[i].Seq {
			out.facts[k] = values[i]
		}
	}
	return out
}

// Of returns what holds for a key; also what was taken away has a Seq.
func (s *State) Of(k Key) Standing { return s.facts[k] }

// All returns the facts of a kind that hold, in the order of their keys.
func (s *State) All(kind Kind) []Wish {
	var out []Wish
	for k, v := range s.facts {
		if k.Kind == kind && v.Value != (Value{}) {
			out = append(out, Wish{k, v.Value})
		}
	}
	slices.SortFunc(out, func(a, b Wish) int { return Compare(a.Key, b.Key) })
	return out
}

// Compare puts keys in an order: by what they are about, then by item.
func Compare(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Family, b.Family), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Department, b.Department),
		cmp.Compare(a.Role, b.Role), cmp.Compare(a.Item, b.Item))
}

// Plan says which facts a change must write so that the wishes hold: those that do not hold yet, in the order of their keys. Of two
// wishes for one key the last counts. changed lists the keys that somebody changed after the change at, whose wish says something
// else than what now stands: then nothing should be written.
func (s *State) Plan(wishes []Wish, at int64) (facts []Fact, changed []Key) {
	last := make(map[Key]Value, len(wishes))
	for _, w := range wishes {
		last[w.Key] = w.Value
	}
	for k, v := range last {
		stands := s.facts[k]
		if stands.Value == v {
			continue
		}
		if stands.Seq > at {
			changed = append(changed, k)
		}
		facts = append(facts, Fact{Key: k, Value: v, Was: stands.Value, WasSeq: stands.Seq})
	}
	slices.SortFunc(facts, func(a, b Fact) int { return Compare(a.Key, b.Key) })
	slices.SortFunc(changed, Compare)
	return facts, changed
}

// Undo returns the wishes that put back what a change wrote. changed lists the keys that say something else since: then the change
// cannot be put back.
func (s *State) Undo(facts []Fact) (wishes []Wish, changed []Key) {
	for _, f := range facts {
		if s.facts[f.Key].Value != f.Value {
			changed = append(changed, f.Key)
		}
		wishes = append(wishes, Wish{f.Key, f.Was})
	}
	slices.SortFunc(changed, Compare)
	return wishes, changed
}
