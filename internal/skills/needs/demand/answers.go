package demand

import (
	"tekentafel/internal/skills/framework"
)

// Source is where an answer comes from.
type Source string

// The sources of answers, the strongest first. Those of a person are Own and OfFamily.
const (
	Own        Source = "own"         // somebody answered it for the function, or for the family where the family is meant
	OfFamily   Source = "family"      // somebody answered it for the family
	TitleWord  Source = "word"        // a word in the title proposes it
	FamilyWord Source = "family-word" // a word in the name of the family proposes it
	OfWork     Source = "work"        // the personnel data says where the work is done
	Nothing    Source = "nothing"     // nothing says yes
)

// FieldRule is the id of the rule that the kind of work of the personnel data answers, where the framework has it.
const FieldRule = "field"

// Answered is the answer to a rule about a function or a family.
type Answered struct {
	Rule    *framework.Rule
	Verdict string // Yes, No or Unknown; Unknown counts as no
	Source  Source
	Word    string   // that proposes it, of TitleWord and FamilyWord
	Said    Standing // of Own and OfFamily
	// Proposed is what would hold if nobody had answered it for the function or family itself.
	Proposed       string
	ProposedSource Source
	ProposedWord   string
}

// Person tells whether a person said so, and it is no "unknown".
func (a *Answered) Person() bool {
	return (a.Source == Own || a.Source == OfFamily) && a.Verdict != Unknown
}

// answers are the answers to the rules of a framework about a function (of a family), or about a family for no function.
func (m *Map) answers(family string, f *Function) []Answered {
	title := map[string]string{}
	if f != nil {
		for _, x := range m.suggester.Suggest(f.Name) {
			title[x.Rule] = x.Word
		}
	}
	ofFamily := m.familyWords(family)
	out := make([]Answered, len(m.Framework.Rules))
	for i := range m.Framework.Rules {
		rule := &m.Framework.Rules[i]
		a := &out[i]
		a.Rule = rule
		a.Proposed, a.ProposedSource = No, Nothing
		if f != nil && rule.ID == FieldRule && f.Work == Field {
			a.Proposed, a.ProposedSource = Yes, OfWork
		}
		if w := ofFamily[rule.ID]; w != "" {
			a.Proposed, a.ProposedSource, a.ProposedWord = Yes, FamilyWord, w
		}
		if w := title[rule.ID]; w != "" {
			a.Proposed, a.ProposedSource, a.ProposedWord = Yes, TitleWord, w
		}
		var own, above Standing
		if family != "" {
			above = m.State.facts[Key{Kind: Answer, Where: framework.Where{Family: family}, Item: rule.ID}]
		}
		if f != nil {
			own = m.State.facts[Key{Kind: Answer, Where: framework.Where{Function: f.ID}, Item: rule.ID}]
			if above.Value.Value != "" {
				a.Proposed, a.ProposedSource, a.ProposedWord = above.Value.Value, OfFamily, ""
			}
		} else {
			own, above = above, Standing{}
		}
		a.Verdict, a.Source, a.Word = a.Proposed, a.ProposedSource, a.ProposedWord
		switch {
		case own.Value.Value != "":
			a.Verdict, a.Source, a.Word, a.Said = own.Value.Value, Own, "", own
		case above.Value.Value != "":
			a.Said = above
		}
	}
	return out
}

func (m *Map) familyWords(family string) map[string]string {
	if words, ok := m.words[family]; ok || family == "" {
		return words
	}
	words := map[string]string{}
	for _, x := range m.suggester.Suggest(family) {
		words[x.Rule] = x.Word
	}
	return words
}

// propose is what the rules require with these answers.
func (m *Map) propose(list []Answered) []framework.Required {
	yes := make(map[string]bool, len(list))
	for i := range list {
		yes[list[i].Rule.ID] = list[i].Verdict == Yes
	}
	out, err := m.Framework.Propose(yes)
	if err != nil { // the answers are those of the rules of this framework
		return nil
	}
	return out
}

// settled tells for each skill whether every rule that could ask it was answered by a person.
func (m *Map) settled(list []Answered) []bool {
	out := make([]bool, len(m.Framework.Skills))
	any := false
	for i := range list {
		any = any || list[i].Person()
	}
	for s := range out {
		out[s] = any
		for i := range list {
			for _, a := range list[i].Rule.Asks {
				if a.Skill == m.Framework.Skills[s].ID && !list[i].Person() {
					out[s] = false
				}
			}
		}
	}
	return out
}

// TakeOver returns the wishes that make what is proposed for a function, or for a family, the answer of a person. Answers that a
// person gave for it stay; so does what a person answered for its family.
func TakeOver(list []Answered, where framework.Where) []Wish {
	var out []Wish
	for i := range list {
		a := &list[i]
		if a.Source == Own || a.Source == OfFamily {
			continue
		}
		out = append(out, Wish{Key{Kind: Answer, Where: where, Item: a.Rule.ID}, Value{Value: a.Verdict, Note: a.Word, How: Taken}})
	}
	return out
}
