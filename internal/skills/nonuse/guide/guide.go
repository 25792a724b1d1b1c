// Package guide reads why people do not use AI, what helps with each reason, and the guide for an interview about it: content
// that people write in YAML, checked strictly. It does no I/O.
package guide

import (
	"slices"

	"tekentafel/internal/skills/framework"
)

// Guide is the content.
type Guide struct {
	Version  string    `yaml:"version"`
	Contexts []Context `yaml:"contexts"`
	Reasons  []Reason  `yaml:"reasons"`
	Consent  Consent   `yaml:"consent"`
	Talk     Talk      `yaml:"guide"`
}

// Context is where people use AI or not, and the questions of a questionnaire that ask it.
type Context struct {
	ID      string   `yaml:"id"`      // work, leisure
	Use     string   `yaml:"use"`     // the question how often
	Never   []string `yaml:"never"`   // its options that mean never
	Hardly  []string `yaml:"hardly"`  // its options that mean hardly ever
	Reasons string   `yaml:"reasons"` // the question why not
}

// Reason is why somebody does not use AI. Its ID is an option of the questions why not.
type Reason struct {
	ID        string           `yaml:"id"`
	Name      framework.Text   `yaml:"name"`
	Meaning   framework.Text   `yaml:"meaning"`
	Helps     []Help           `yaml:"helps"`     // two to four
	Questions []framework.Text `yaml:"questions"` // to ask about it in an interview
}

// Kind is what sort of thing helps.
type Kind string

// The kinds.
const (
	Training Kind = "training"
	Example  Kind = "example"
	Rule     Kind = "rule"
	Tool     Kind = "tool"
	Time     Kind = "time"
	Speak    Kind = "talk"
)

// Kinds lists them all.
func Kinds() []Kind { return []Kind{Training, Example, Rule, Tool, Time, Speak} }

// Help is what an organisation can do about a reason, at a desk and in the field.
type Help struct {
	Kind   Kind           `yaml:"kind"`
	Office framework.Text `yaml:"office"`
	Field  framework.Text `yaml:"field"`
}

// Consent is what somebody agrees to before an interview.
type Consent struct {
	Version string           `yaml:"version"`
	Date    string           `yaml:"date"` // of the text: 2026-11-29
	Text    []framework.Text `yaml:"text"`
	Agree   framework.Text   `yaml:"agree"`
}

// Talk leads through an interview.
type Talk struct {
	Prepare   []framework.Text `yaml:"prepare"`
	Opening   []framework.Text `yaml:"opening"`
	Questions []Question       `yaml:"questions"`
	Closing   []framework.Text `yaml:"closing"`
}

// Question is asked of everyone.
type Question struct {
	ID   string         `yaml:"id"`
	Text framework.Text `yaml:"text"`
}

// Reason returns the reason with an id, nil when there is none.
func (g *Guide) Reason(id string) *Reason {
	for i := range g.Reasons {
		if g.Reasons[i].ID == id {
			return &g.Reasons[i]
		}
	}
	return nil
}

// Question returns the question with an id, nil when there is none.
func (g *Guide) Question(id string) *Question {
	i := slices.IndexFunc(g.Talk.Questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return nil
	}
	return &g.Talk.Questions[i]
}

// Context returns the context with an id, nil when there is none.
func (g *Guide) Context(id string) *Context {
	for i := range g.Contexts {
		if g.Contexts[i].ID == id {
			return &g.Contexts[i]
		}
	}
	return nil
}
