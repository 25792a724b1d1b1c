package tally

// Result is what may be shown of a reading, and all that remains of it. It is plain and holds neither users nor addresses.
type Result struct {
	K        int      // people of the smallest group that is shown
	Compiled string   // day of the list of services
	Weeks    []Week   // oldest first
	Before   []string // weeks that an earlier reading has shown; this one says nothing of them
}

// Week is what was used in one week (ISO 8601).
type Week struct {
	Week  string // 2026-W48
	Days  int    // on how many of its seven days the logs have any line
	Basis Basis
	Any   Use   // any service that is AI alone; services whose hosts serve other things too do not count here
	Used  []Use // by people, most first, then by service
	Other Count // people of the services that are folded; a person of several counts once
}

// Basis says what was counted.
type Basis string

// Users are names; addresses stand for people by half of the most on one day; given are counts that another product made.
const (
	Users     Basis = "users"
	Addresses Basis = "addresses"
	Both      Basis = "both"
	Given     Basis = "given"
)

// Use is the use of one service in one week.
type Use struct {
	Service string // id in the list; "" for any
	Total   Count  // of all units and the rest together
	Units   []UnitUse
	Rest    Count // people of all other units and of none that is known; zero when nobody of them, or shown nowhere
	Refused bool  // most visits were refused by the proxy
	Traffic int   // bytes as a power of ten, rounded down: 6 is from 1 to 10 MB; 0 when not known or when one person has most of it
}

// UnitUse is the use by one department.
type UnitUse struct {
	Unit  string
	Count Count
}

// Count is a number of people that was rounded at random to a multiple of 5. The true number lies from Low to High, and is at least K. The zero value is not shown.
type Count struct {
	About, Low, High int
}

// Shown reports whether there is a number.
func (c Count) Shown() bool { return c.High > 0 }
