package quality

import "tekentafel/internal/people/org"

// Version is the version of Result. It goes up when the meaning of a figure changes, so that a trend does not compare two meanings.
const Version = 1

// Result is an assessment of an organisation. It names rows by their ids and nobody by name.
type Result struct {
	Version     int      `json:"version"`
	Day         org.Date `json:"day"`
	K           int      `json:"k"`
	Units       int      `json:"units"`     // that stand on the day
	Functions   int      `json:"functions"` // that stand on the day
	People      int      `json:"people"`    // all records
	Posts       int      `json:"posts"`     // all
	Staff       Amount   `json:"staff"`     // in service
	Top         string   `json:"top,omitempty"`
	TopGone     bool     `json:"topGone,omitempty"` // the unit above all departments is not there itself
	Departments int      `json:"departments"`
	Checks      []Check  `json:"checks"`
	Scores      []Score  `json:"scores"`
}

// Amount is a number of people and of full-time equivalents, the latter in thousandths. Somebody whose part of full time is unknown, 0 or
// above 1.5 counts as full time.
type Amount struct {
	People int   `json:"people"`
	FTE    int64 `json:"fte"`
}

func (a *Amount) add(b Amount) { a.People += b.People; a.FTE += b.FTE }
func (a *Amount) sub(b Amount) { a.People -= b.People; a.FTE -= b.FTE }

// Check is how often a kind of fault was found.
type Check struct {
	Kind     Kind      `json:"kind"`
	Severity Severity  `json:"severity"`
	About    About     `json:"about"`
	Mend     Mend      `json:"mend"`
	Count    int       `json:"count"`  // of what the kind counts: people, units, sets of titles...
	People   int       `json:"people"` // staff in service who are touched
	Share    float64   `json:"share"`  // of staff in service, 0 to 1
	Examples []Example `json:"examples,omitempty"`
}

// Example is a case: of units and functions the ones with most people first, of people and posts in the order of their ids.
type Example struct {
	ID     string   `json:"id"`             // of what the check is about; it may be of something that is not there
	With   []string `json:"with,omitempty"` // the others of a case of several, at most 20
	People int      `json:"people,omitempty"`
}

// Score is how much of the staff a conclusion can be drawn of.
type Score struct {
	Name   string `json:"name"`
	State         // as it is
	Groups int    `json:"groups"` // with usable people
	Small  int    `json:"small"`  // of them below k
	// Losses say where the points that are missing go: in the order of points, and together 100 less the score.
	Losses []Loss `json:"losses,omitempty"`
	// Gains are the mends that help most, each after the ones before it.
	Gains []Gain `json:"gains,omitempty"`
	Rest  Rest   `json:"rest"` // the mends that are not listed
	Best  State  `json:"best"` // after all mends
}

// State is what is usable and shown of the staff in service.
type State struct {
	Staff  Amount `json:"staff"`
	Usable Amount `json:"usable"`
	Shown  Amount `json:"shown"`
}

// Points returns the share of people that is shown, from 0 to 100; 0 when there are none.
func (s State) Points() float64 { return points(s.Shown.People, s.Staff.People) }

// UsablePoints returns the share of people that is usable, from 0 to 100.
func (s State) UsablePoints() float64 { return points(s.Usable.People, s.Staff.People) }

func points(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

// Loss is what one kind of fault takes from a conclusion. A person with several faults counts for an equal part in each.
type Loss struct {
	Kind   Kind    `json:"kind"`
	People int     `json:"people"` // not shown, and with this fault
	Alone  int     `json:"alone"`  // not shown, and with this fault alone
	Points float64 `json:"points"`
}

// Gain is what one mend adds to the score when those before it in the list are done.
type Gain struct {
	Mend   Mend     `json:"mend"`
	Check  Kind     `json:"check"`          // the fault that it mends
	IDs    []string `json:"ids,omitempty"`  // the functions to merge, the unit to place, the functions to complete (at most 20); of people, see the examples of the check
	Into   string   `json:"into,omitempty"` // the function that stays
	Count  int      `json:"count"`          // things to mend
	People int      `json:"people"`         // staff in service who are touched
	Points float64  `json:"points"`         // may be 0 when a later mend needs this one
	After  State    `json:"after"`          // what is usable and shown then
	// Assumed says that what is entered decides in which group people fall, and that it was taken as what is most frequent among those
	// like them. A unit is taken to come right below the top, so that its gain is a lower bound.
	Assumed bool `json:"assumed,omitempty"`
}

// Rest is what the mends add that are not listed.
type Rest struct {
	Count  int     `json:"count"`
	Points float64 `json:"points"`
}
