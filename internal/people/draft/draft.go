package draft

import (
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// Draft is a file in typed values. In = Taken + len(Rejected).
type Draft struct {
	Content   mapping.Content
	Key       mapping.Key
	Fields    Fields // that the file has a column of
	Units     []Unit // that the file names, each once, in the order of their keys
	Functions []Function
	Rows      []Row // about people, that were taken, in the order of the file
	In        int   // rows of the file
	Taken     int
	Rejected  []Rejected // in the order of the file
	Doubts    []Doubt

	prefix string           // before staff numbers, with its dash; ""
	byKey  map[string]int32 // people by their key, as positions in people
	folks  []folk
	held   map[string]bool // keys of people with a row that was not taken
}

// People returns how many people the rows are about.
func (d *Draft) People() int { return len(d.folks) }

// folk is a person of the file: positions in Rows, in the order in which their values count.
type folk struct{ rows []int32 }

// Row is what a row says of a person and one post.
type Row struct {
	Number        int    // in the file
	Key           string // what the person is recognised by, in its one form
	Staff         string // staff number in the form of contact.Number
	Given         string
	Family        string
	Mail          string
	Language      string
	Hidden        string
	BirthYear     int
	Unit          int // position in Draft.Units; -1 for none
	Function      int // position in Draft.Functions; -1 for none
	FTE           int // in thousandths; -1 for none
	Statute       string
	Start         org.Date // first day in service
	End           org.Date // first day no longer in service
	PostStart     org.Date
	PostEnd       org.Date
	Service       value.Answer
	ManagerNumber string
	ManagerMail   string
	ManagerName   string
	Site          string
	Shift         string
	Unread        Fields // of which the cell was not understood
}

// Unit is a unit that a file names.
type Unit struct {
	Code   string
	Name   string // "" when the file only points to it
	Kind   string
	Head   string // as the file writes it: a staff number, a mail address or a name
	Parent int    // position in Draft.Units; -1 for none
	Placed bool   // the file says where in the tree it stands: Parent, or at the top
	Rows   int    // that name it
	key    string // in which it is compared: code, or else path
}

// Function is a function that a file names.
type Function struct {
	Code   string
	Name   string
	Family string
	Level  org.Level
	ISCO   string
	Work   org.Work
	Rows   int // that name it
	key    string
}

// Fields is a set of fields.
type Fields uint64

// Has tells whether a field is in the set.
func (s Fields) Has(f mapping.Field) bool { return s&bit(f) != 0 }

// any tells whether one of the fields is in the set.
func (s Fields) any(list ...mapping.Field) bool {
	for _, f := range list {
		if s.Has(f) {
			return true
		}
	}
	return false
}

func bit(f mapping.Field) Fields {
	if at := f.At(); at >= 0 {
		return 1 << at
	}
	return 0
}

// Kind is why a row was not taken, or what is doubtful about a value.
type Kind string

// The kinds for rows that were not taken.
const (
	EmptyRow        Kind = "empty"            // nothing in a column that has a meaning
	TotalRow        Kind = "total"            // adds up other rows
	RepeatedHeading Kind = "repeated-heading" // the headings again
	NoKey           Kind = "no-key"           // nothing that says who it is
	BadKey          Kind = "bad-key"          // what says who it is cannot be read
	NoName          Kind = "no-name"          // nobody's name, in none of the rows of this person; or no name of a unit or function
	SameRow         Kind = "same-row"         // the same as another row in every column that has a meaning
	TwoPeople       Kind = "two-people"       // more people of the organisation have what this one is recognised by
)

// The kinds of doubts.
const (
	BadValue         Kind = "bad-value"         // not understood
	TwoValues        Kind = "two-values"        // rows of one person, unit or function contradict each other; one of the values was taken
	UnknownParent    Kind = "unknown-parent"    // a unit stands under a code that the file does not describe
	AmbiguousParent  Kind = "ambiguous-parent"  // several units have the name under which this one stands
	UnknownManager   Kind = "unknown-manager"   // nobody has this number, mail address or name
	AmbiguousManager Kind = "ambiguous-manager" // several people have this name or address
	NumberTaken      Kind = "number-taken"      // another person has this staff number
)

// Rejected is a row that was not taken.
type Rejected struct {
	Row    int // in the file
	Kind   Kind
	Column int    // of the file, from 0; -1 when no single one is to blame
	Value  string // of the cell, cut short; never of a column with national numbers
}

// Doubt is something about values that a person should look at. Rows with it are taken.
type Doubt struct {
	Kind   Kind
	Field  mapping.Field
	Column int    // of the file, from 0; -1 when it is about no column
	Count  int    // of rows; of different ones for what rows say of functions and units
	First  []Cell // the first rows, at most Shown
}

// Cell is a cell of a doubt.
type Cell struct {
	Row   int    // in the file; 0 where it is about many
	Value string // cut short
	Other string // what was taken instead, for TwoValues
}

// Shown is how many rows of a doubt, and how many entries of a difference, are listed. All are counted.
const Shown = 50
