package record

import (
	"fmt"
	"strings"
)

// Fault says what is wrong with an answer.
type Fault string

// The faults.
const (
	Broken    Fault = "broken"    // the whole is no JSON object of answers in UTF-8, or is nested too deep; Item is ""
	TooLarge  Fault = "too-large" // the whole is more than MaxBytes; Item is ""
	Unknown   Fault = "unknown"   // no such item in this questionnaire
	Twice     Fault = "twice"     // answered twice
	WrongKind Fault = "kind"      // a text where a list belongs, and the like
	NoOption  Fault = "option"    // an option that the item does not have
	Together  Fault = "together"  // an option that excludes the others stands beside another
	Range     Fault = "range"     // a number below Min or above Max of the item, or not finite
	TooLong   Fault = "too-long"  // a text of more than MaxText characters
	Required  Fault = "required"  // asked, must be answered, and is not
)

// Problem is one thing that is wrong.
type Problem struct {
	Item     string // ID of the item, for a page to lead to; "" for the whole
	Variable string // ID of the row of a matrix; else the same as Item
	Fault    Fault
}

// Problems is the error of Read: what is wrong, in the order of the questionnaire; at most MaxProblems.
type Problems struct{ List []Problem }

// MaxProblems bounds what a hostile request makes the program remember.
const MaxProblems = 100

// Error lists items and faults, and nothing that a respondent wrote.
func (p *Problems) Error() string {
	parts := make([]string, len(p.List))
	for i, q := range p.List {
		parts[i] = fmt.Sprintf("%s: %s", q.Variable, q.Fault)
	}
	return "the answers cannot be taken: " + strings.Join(parts, "; ")
}

func whole(f Fault) error { return &Problems{List: []Problem{{Fault: f}}} }
