package findings

import (
	"slices"

	"tekentafel/internal/instrument"
)

// Earlier describes the wave that changes are measured against.
type Earlier struct {
	Label       string  `json:"label"`
	Respondents int     `json:"respondents"`
	Population  float64 `json:"population,omitempty"` // people in its frame; 0 when unknown
	Synthetic   bool    `json:"synthetic"`
	// Standardised lists the background variables whose composition is held the same in Change.Standard, and Note says why
	// there are none: one of the NotStandardised keys.
	Standardised []string       `json:"standardised"`
	Note         string         `json:"note,omitempty"`
	Incomparable []Incomparable `json:"not_comparable"`
	// Linked is how many people linked their answers to both waves, by which the changes of everyone are told more sharply; 0 where
	// that is not so, or fewer than k people did.
	Linked int `json:"linked,omitempty"`
}

// Why changes are not also given for the same composition of the staff.
const (
	NoAnswers    = "no-answers"   // the answers of the earlier wave are gone, its figures alone are left
	NoVariables  = "no-variables" // both waves show no background variable asked in the same way
	NotReached   = "not-reached"  // the earlier wave cannot be weighted to the composition of the newer one
	BadlyMatched = "not-matched"  // the answers of the earlier wave cannot be read any more with its own questionnaire
)

// Incomparable is a question of which no change is given.
type Incomparable struct {
	Item   string `json:"item"`
	Reason string `json:"reason"`
}

// Why a question cannot be compared.
const (
	NewQuestion     = "new"     // the earlier wave did not have it
	OtherKind       = "kind"    // it is asked in another way
	OtherWording    = "wording" // in a language that both waves have
	OtherOptions    = "options" // other answers to choose from, in another order, or in other words
	OtherPeople     = "asked"   // another condition decides who is asked
	OtherRule       = "rule"    // an indicator or a score is derived in another way
	OtherIngredient = "items"   // a question behind it changed
)

// Reasons lists them all.
func Reasons() []string {
	return []string{NewQuestion, OtherKind, OtherWording, OtherOptions, OtherPeople, OtherRule, OtherIngredient}
}

// Change is the difference between this wave and the earlier one in a share of an option (proportions 0..1) or a mean (scale
// units), for everyone or in a group, with its 95 % interval. The waves count as independent samples, but for everyone where Earlier.Linked people are known to be in both.
//
// A change is shown where its figure is shown in both waves; else it is Suppressed and has no figures.
type Change struct {
	Item       string    `json:"item"`
	Option     string    `json:"option,omitempty"` // "" for a mean
	Group      *Group    `json:"group"`
	Before     float64   `json:"before"`
	BeforeLow  float64   `json:"before_low"`
	BeforeHigh float64   `json:"before_high"`
	BeforeBase int       `json:"before_base"` // respondents, unweighted
	Now        float64   `json:"now"`
	NowLow     float64   `json:"now_low"`
	NowHigh    float64   `json:"now_high"`
	NowBase    int       `json:"now_base"`
	Diff       float64   `json:"diff"` // now - before
	SE         float64   `json:"se"`
	Low        float64   `json:"low"`
	High       float64   `json:"high"`
	P          float64   `json:"p"`
	PAdjusted  float64   `json:"p_adjusted"`             // Holm, over the changes of everyone or over those of groups
	Standard   *Standard `json:"standardised,omitempty"` // with the composition held the same; nil where it is not computed
	Suppressed bool      `json:"suppressed"`
}

// Standard is a change with the earlier wave weighted to the composition of the newer one. What is left is the change in the
// figure itself; the rest of Change.Diff is Composition: other people, not other answers (Kitagawa 1955).
type Standard struct {
	Before      float64 `json:"before"` // the figure of the earlier wave, had its staff been composed as now
	Diff        float64 `json:"diff"`   // now - that
	SE          float64 `json:"se"`
	Low         float64 `json:"low"`
	High        float64 `json:"high"`
	P           float64 `json:"p"`
	Composition float64 `json:"composition"` // Change.Diff - Diff
}

// MarshalJSON writes a suppressed change with null for each figure.
func (c Change) MarshalJSON() ([]byte, error) { return marshal(c) }

// Incomparables tells why questions cannot be compared between two Findings, by id; those that can are not in it.
func Incomparables(now, before *Findings) map[string]string {
	a, b := now.questions(), before.questions()
	out := map[string]string{}
	for id := range a {
		if r := reason(a, b, id); r != "" {
			out[id] = r
		}
	}
	return out
}

// Renamed tells which groups have another name in an earlier wave, in a language that both have: these are other groups.
func Renamed(now, before *Findings) map[Group]bool {
	labels := map[Group]map[instrument.Lang]string{}
	for _, g := range before.Groups {
		for _, v := range g.Values {
			labels[Group{g.Variable, v.Value}] = v.Label
		}
	}
	out := map[Group]bool{}
	for _, g := range now.Groups {
		for _, v := range g.Values {
			if was, both := labels[Group{g.Variable, v.Value}]; both && !sameText(v.Label, was) {
				out[Group{g.Variable, v.Value}] = true
			}
		}
	}
	return out
}

func (f *Findings) questions() map[string]*Question {
	m := make(map[string]*Question, len(f.Questions))
	for i := range f.Questions {
		m[f.Questions[i].ID] = &f.Questions[i]
	}
	return m
}

func reason(now, before map[string]*Question, id string) string {
	a, b := now[id], before[id]
	if a == nil || b == nil {
		return NewQuestion
	}
	switch derived := a.Rule != "" || b.Rule != ""; {
	case a.Kind != b.Kind:
		return OtherKind
	case a.Condition != b.Condition:
		return OtherPeople
	case derived:
		return derivedReason(now, before, a, b)
	case !sameText(a.Wording, b.Wording):
		return OtherWording
	case a.Kind != kindCategory && !sameOptions(a.Options, b.Options):
		return OtherOptions
	}
	return ""
}

// kindCategory is the kind of a question whose answers are found in the data.
const kindCategory = "category"

// derivedReason compares an indicator or a construct by how it is made and what it is made of; its own label is no wording.
func derivedReason(now, before map[string]*Question, a, b *Question) string {
	if a.Rule != b.Rule || !slices.Equal(a.Items, b.Items) || !slices.Equal(a.Reverse, b.Reverse) || a.Parent != b.Parent {
		return OtherRule
	}
	of := a.Items
	if a.Parent != "" && len(of) == 0 {
		of = []string{a.Parent}
	}
	for _, id := range of {
		if now[id] == nil && before[id] == nil {
			continue // neither wave asked it
		}
		if reason(now, before, id) != "" {
			return OtherIngredient
		}
	}
	return ""
}

// sameOptions tells whether people could choose from the same answers in the same order.
func sameOptions(a, b []Option) bool {
	return slices.EqualFunc(a, b, func(x, y Option) bool {
		return x.ID == y.ID && x.Missing == y.Missing && x.None == y.None && sameText(x.Label, y.Label) &&
			(x.Value == nil) == (y.Value == nil) && (x.Value == nil || *x.Value == *y.Value)
	})
}

// sameText compares texts in the languages that both have; a language more is no other wording.
func sameText(a, b map[instrument.Lang]string) bool {
	for lang, text := range a {
		if other, both := b[lang]; both && other != text {
			return false
		}
	}
	return true
}
