package budget

import (
	"cmp"
	"fmt"
	"time"

	"tekentafel/internal/gateway/price"
)

// Kind is whom a limit is for.
type Kind string

// The kinds.
const (
	Person       Kind = "person"
	Team         Kind = "team"
	Key          Kind = "key" // of the gateway
	Organisation Kind = "organisation"
)

// Period is how long a limit counts before it starts anew.
type Period string

// The periods, on the calendar and in the zone of the organisation. A week starts on Monday.
const (
	Day   Period = "day"
	Week  Period = "week"
	Month Period = "month"
	Ever  Period = "ever" // never anew
)

// Unit is what a limit counts.
type Unit string

// The units.
const (
	Euros  Unit = "euro" // nano-euro
	Tokens Unit = "tokens"
)

// Amount is money and tokens.
type Amount struct {
	Euro   price.Nano
	Tokens int64
}

func (a Amount) plus(b Amount) Amount  { return Amount{a.Euro + b.Euro, a.Tokens + b.Tokens} }
func (a Amount) minus(b Amount) Amount { return Amount{a.Euro - b.Euro, a.Tokens - b.Tokens} }

// in returns the part of the amount that a limit in this unit counts.
func (a Amount) in(u Unit) int64 {
	if u == Tokens {
		return a.Tokens
	}
	return int64(a.Euro)
}

// Limit is the most that may be used in a period.
type Limit struct {
	ID      string
	Kind    Kind
	Subject string // account, unit or key; "" for the organisation
	Group   string // of models; "" for all models together
	Period  Period
	Unit    Unit
	Most    int64  // nano-euro or tokens; 0 allows nothing that costs
	Own     bool   // the person set it for themselves
	Ask     string // who can raise it, in words
}

// counter names what the limit counts on.
func (l *Limit) counter() string { return counter(l.Kind, l.Subject) }

func counter(k Kind, subject string) string { return string(k) + ":" + subject }

// Level is how full a limit is, for a warning.
type Level int

// The levels.
const (
	Fine Level = 0
	Near Level = 80  // at least 80 % is used
	Full Level = 100 // at least all is used
)

// level looks at what is used; what is held for calls that run may come back.
func (l *Limit) level(used int64) Level {
	switch {
	case used >= l.Most:
		return Full
	case used >= l.Most-l.Most/5: // four fifths, rounded up
		return Near
	}
	return Fine
}

// State is how a limit stands.
type State struct {
	Limit
	Used   int64 // in the unit of the limit, with what is estimated
	Held   int64 // for calls that run
	Guess  int64 // the part of Used that is an estimate
	Level  Level
	Resets time.Time // when it starts anew; zero for never
}

// Left is what may still be reserved; never below 0.
func (s State) Left() int64 { return max(0, s.Most-s.Used-s.Held) }

// Refused is the error of Reserve when a limit has too little left. Nothing is held then.
type Refused struct {
	State       // of the limit with the least left
	Asked int64 // that the call may use, in the unit of the limit
}

// Error says which limit, how much is left and when it starts anew. The interface says it in the words of the person.
func (r *Refused) Error() string {
	until := "it does not start anew"
	if !r.Resets.IsZero() {
		until = "it starts anew at " + r.Resets.Format(time.RFC3339)
	}
	left, asked := fmt.Sprint(r.Left()), fmt.Sprint(r.Asked)
	if r.Unit == Euros {
		left, asked = price.Nano(r.Left()).String(), price.Nano(r.Asked).String()
	}
	return fmt.Sprintf("the limit of the %s for a %s has %s %s left and this call may use %s; %s; ask %s for more",
		r.Kind, r.Period, left, r.Unit, asked, until, cmp.Or(r.Ask, "who sets the limits"))
}

// span is the first and the last day of a period, as days since 1970.
type span struct{ from, to int64 }

// lastDay is beyond every day.
const lastDay = 1 << 40

func (s span) holds(day int64) bool { return s.from <= day && day <= s.to }

// civil returns the day of t on the calendar of its zone, as days since 1970.
func civil(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// around returns the days of the period that t, in the zone of the organisation, lies in, and when the next one starts: at midnight by
// the clock of the zone, which is 23 or 25 hours after the midnight before when the clock changes.
func (p Period) around(t time.Time) (days span, next time.Time) {
	y, m, d := t.Date()
	first, after := d, d+1
	switch p {
	case Week:
		first = d - (int(t.Weekday())+6)%7
		after = first + 7
	case Month:
		first = 1
		m, after = m+1, 1
	case Ever:
		return span{0, lastDay}, time.Time{}
	case Day:
	}
	next = time.Date(y, m, after, 0, 0, 0, 0, t.Location())
	start := time.Date(y, t.Month(), first, 12, 0, 0, 0, time.UTC)
	end := time.Date(y, m, after-1, 12, 0, 0, 0, time.UTC)
	return span{civil(start), civil(end)}, next
}
