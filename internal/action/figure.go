package action

import (
	"strings"

	"tekentafel/internal/instrument"
)

// Source is where a figure comes from.
type Source string

// The sources.
const (
	FromReport Source = "report" // findings.Findings
	FromGap    Source = "gap"    // gap.Gap of the same report
)

// Key names a figure, so that a later report can be asked for the same.
type Key struct {
	Source Source `json:"source"`
	Item   string `json:"item"`             // a question, indicator or construct; a skill of a gap
	Option string `json:"option,omitempty"` // of a share; "" for a mean. Of a gap one of GapBelow and GapLevel
	// Variable and Value name a group; "" for everyone. Of a gap: the kind of group (function, department, family) and its code.
	Variable string `json:"variable,omitempty"`
	Value    string `json:"value,omitempty"`
}

// What a gap says of a skill in a group.
const (
	GapBelow = "below" // share below the level that is asked
	GapLevel = "level" // mean level
)

// String writes the key so that no two keys are written alike; ParseKey reads it.
func (k Key) String() string {
	parts := []string{string(k.Source), k.Item, k.Option, k.Variable, k.Value}
	for i, p := range parts {
		parts[i] = strings.NewReplacer("%", "%25", "~", "%7E").Replace(p)
	}
	return strings.Join(parts, "~")
}

// ParseKey reads what Key.String writes; ok is false for anything else.
func ParseKey(text string) (k Key, ok bool) {
	parts := strings.Split(text, "~")
	if len(parts) != 5 {
		return Key{}, false
	}
	for i, p := range parts {
		parts[i] = strings.NewReplacer("%7E", "~", "%25", "%").Replace(p)
	}
	k = Key{Source(parts[0]), parts[1], parts[2], parts[3], parts[4]}
	return k, k.String() == text && k.Item != "" && (k.Source == FromReport || k.Source == FromGap)
}

// Everyone tells whether the figure is of all people together.
func (k Key) Everyone() bool { return k.Variable == "" }

// Unit is what a figure counts in.
type Unit string

// The units.
const (
	Share Unit = "share" // a part of people: 0 to 1
	Scale Unit = "scale" // a mean on a scale of answers, such as 1 to 5
	Level Unit = "level" // a mean level of skill, from 1
)

// Figure is a number as it was shown, with its 95 % interval. It was safe to show then: what disclosure control hides is no Figure.
type Figure struct {
	Key   Key     `json:"key"`
	Unit  Unit    `json:"unit"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Base  int     `json:"base"` // people who answered, unweighted
	// From and To are the ends of a Scale.
	From float64 `json:"from,omitempty"`
	To   float64 `json:"to,omitempty"`
	// Grain is the step to which a figure of a gap is rounded; 0: as it is.
	Grain float64 `json:"grain,omitempty"`
	// What names the figure, and Group its group, as the report had them: they stay when the report goes.
	What instrument.Text `json:"what"`
	// Claim completes "54 % ...", where the report has such words; else it is empty.
	Claim instrument.Text `json:"claim,omitempty"`
	Group instrument.Text `json:"group,omitempty"`
	// Answer is the answer of a share, where the question has several: What names it with its question.
	Answer    instrument.Text `json:"answer,omitempty"`
	Synthetic bool            `json:"synthetic,omitempty"` // of made-up answers
	Sensitive bool            `json:"sensitive,omitempty"` // told with care, and never on a page for everyone
}

// Clear tells whether the intervals of two figures do not touch. Two 95 % intervals that do not touch differ at the 5 % level however
// the two figures are correlated, as se(a-b) <= se(a)+se(b).
func (f *Figure) Clear(other *Figure) bool { return f.Low > other.High || other.Low > f.High }
