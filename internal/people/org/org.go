package org

// Unit is a place in the tree of an organisation.
type Unit struct {
	ID     string `json:"id"`
	Code   string `json:"code,omitempty"` // as the personnel system names it; "" when it has none. Unique, without regard to case
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"` // id of the unit above; "" for the root
	Kind   string `json:"kind,omitempty"`   // such as "departement" or "dienst", as the organisation says it
	Head   string `json:"head,omitempty"`   // id of the person who leads it
	Span
}

// Level is the level of a function in Flemish public service: "A" (master) to "E" (no diploma asked), "" unknown.
type Level string

// Levels lists the levels, the highest first.
func Levels() []Level { return []Level{"A", "B", "C", "D", "E"} }

// Work is where a function is done.
type Work string

// The kinds of work.
const (
	WorkUnknown Work = ""
	Desk        Work = "desk"
	Field       Work = "field" // on the road, in a workshop, with people; without a desk of one's own
	Both        Work = "both"
)

// Function is an entry in the catalogue of job profiles.
type Function struct {
	ID     string `json:"id"`
	Code   string `json:"code,omitempty"` // Unique, without regard to case; "" when it has none
	Name   string `json:"name"`
	Family string `json:"family,omitempty"` // group of functions
	Level  Level  `json:"level,omitempty"`
	Work   Work   `json:"work,omitempty"`
	ISCO   string `json:"isco,omitempty"` // ISCO-08 unit group, four digits (ILO 2012); "" unknown
	Span
}

// Person is somebody who works or worked for the organisation.
type Person struct {
	ID        string `json:"id"`
	Number    string `json:"number,omitempty"` // staff number in the form of contact.Number; unique. What people are recognised by
	Given     string `json:"given,omitempty"`
	Family    string `json:"family"` // the whole name where a source does not tell the two apart
	Mail      string `json:"mail,omitempty"`
	Language  string `json:"language,omitempty"` // nl, fr, de, en; "" unknown
	BirthYear int    `json:"birthYear,omitempty"`
	Out       bool   `json:"out,omitempty"` // no longer in service
	Manager   string `json:"manager,omitempty"`
	Site      string `json:"site,omitempty"`
	Shift     string `json:"shift,omitempty"`
	Hidden    string `json:"hidden,omitempty"` // keyed hash of a national number, never the number
	// Sources are the ids of the complete sources that name this person, sorted, with commas between. Who leaves one of several stays.
	Sources string `json:"sources,omitempty"`
	Span           // in service
}

// Name returns the name as one writes it: first name, then family name.
func (p *Person) Name() string {
	if p.Given == "" {
		return p.Family
	}
	if p.Family == "" {
		return p.Given
	}
	return p.Given + " " + p.Family
}

// Post is a function that a person has in a unit.
type Post struct {
	ID       string `json:"id"`
	Person   string `json:"person"`
	Unit     string `json:"unit,omitempty"`
	Function string `json:"function,omitempty"`
	FTE      int    `json:"fte"`               // in thousandths of full time; -1 unknown
	Statute  string `json:"statute,omitempty"` // such as "statutair" or "contractueel", as the organisation says it
	Main     bool   `json:"main,omitempty"`    // the one that counts where a person is counted once; exactly one of a person's posts
	Span
}

// Organisation is all of it at a moment. Slices are in the order of ID; posts in the order of person, the main one first.
type Organisation struct {
	Units     []Unit
	Functions []Function
	People    []Person
	Posts     []Post
}
