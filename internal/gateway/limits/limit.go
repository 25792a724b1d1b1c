package limits

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/contact"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

// The bounds of limits.
const (
	MostEuro    = 10_000_000    // euro
	MostTokens  = 1_000_000_000 // thousands of them make no sense, and sums stay far from the largest number
	leastReason = 5             // characters
	MostReason  = 300
	MostAsk     = 120
	mostLimits  = 1_000 // that hold, of an organisation
)

// Place is what a limit is about. There is at most one limit for a place.
type Place struct {
	Kind    budget.Kind
	Subject string // account, unit or key; "" for each of that kind, and for the organisation
	Group   string // of models; "" for all models together
	Period  budget.Period
	Unit    budget.Unit
}

// Limit is a version of a limit.
type Limit struct {
	Place
	ID      string
	Version int64
	Most    int64  // nano-euro or tokens; 0 allows nothing that costs
	Ask     string // who can raise it, in words
	Holds   bool   // false: this version takes the limit away
	Reason  string
	By      string // account; "" for somebody who was erased
	At      time.Time
}

// Own is a limit that a person sets for themselves, for all models together.
type Own struct {
	Period  budget.Period
	Unit    budget.Unit
	Most    int64
	Changed time.Time
}

// Kinds lists whom a limit can be for.
func Kinds() []budget.Kind {
	return []budget.Kind{budget.Organisation, budget.Team, budget.Key, budget.Person}
}

// Periods lists the periods of a limit.
func Periods() []budget.Period {
	return []budget.Period{budget.Day, budget.Week, budget.Month, budget.Ever}
}

// Input is what one gives to set a limit.
type Input struct {
	Place
	Most    int64
	Ask     string
	Reason  string
	Version int64 // that was read; 0 where none was
}

// check brings the input in its one form and says what is wrong with it.
func (in *Input) check(groups []string) error {
	f := problem.Form{Bundle: locale()}
	in.Ask, in.Reason = contact.Line(in.Ask), contact.Line(in.Reason)
	if !slices.Contains(Kinds(), in.Kind) {
		f.Wrong("kind", "field.choose", nil)
	}
	if in.Kind == budget.Organisation && in.Subject != "" || len(in.Subject) > 200 || strings.ContainsAny(in.Subject, "\n\x00") {
		f.Wrong("subject", "field.choose", nil)
	}
	if in.Group != "" && !slices.Contains(groups, in.Group) {
		f.Wrong("group", "field.choose", nil)
	}
	if !slices.Contains(Periods(), in.Period) {
		f.Wrong("period", "field.choose", nil)
	}
	checkMost(&f, in.Unit, in.Most)
	if utf8.RuneCountInString(in.Ask) > MostAsk {
		f.Wrong("ask", "field.long", i18n.Args{"most": strconv.Itoa(MostAsk)})
	}
	checkReason(&f, in.Reason)
	return f.Err()
}

func checkReason(f *problem.Form, reason string) {
	if n := utf8.RuneCountInString(reason); n < leastReason || n > MostReason {
		f.Wrong("reason", "field.reason", i18n.Args{"least": strconv.Itoa(leastReason), "most": strconv.Itoa(MostReason)})
	}
}

func checkMost(f *problem.Form, unit budget.Unit, most int64) {
	switch unit {
	case budget.Euros:
		if most < 0 || most > MostEuro*1_000_000_000 {
			f.Wrong("most", "field.euro", i18n.Args{"most": strconv.Itoa(MostEuro)})
		}
	case budget.Tokens:
		if most < 0 || most > MostTokens {
			f.Wrong("most", "field.tokens", i18n.Args{"most": strconv.Itoa(MostTokens)})
		}
	default:
		f.Wrong("unit", "field.choose", nil)
	}
}
