package i18n

import (
	"golang.org/x/text/language"

	"tekentafel/internal/instrument"
)

const (
	noBreak       = "\u00a0" // keeps a number and its unit on one line
	narrowNoBreak = "\u202f" // the same, as French typography spaces its signs
)

// convention is how a language writes what the libraries leave open.
type convention struct {
	digits     language.Tag // decimal and grouping signs
	unit       string       // between a number and its unit or percent sign
	and        string
	pause      string    // between items that hold commas themselves
	between    [2]string // before and between the ends of a range
	repeat     bool      // the unit stands after both ends of a range
	open       string    // quotation marks
	shut       string
	keepsNouns bool // a noun keeps its capital inside a sentence
	bareTerms  bool // a label can stand in a sentence as it is, without article or case
	months     [12]string
	dayMonth   string // between day and month
	first      string // what the first day of a month has after its number
}

// conventions lists what each language of the interface does. Dutch, French and German follow Belgian use: a space
// before the percent sign, a decimal comma. Months are those of the Unicode CLDR.
func conventions() map[instrument.Lang]convention {
	return map[instrument.Lang]convention{
		instrument.NL: {
			digits: language.MustParse("nl-BE"), unit: noBreak, and: "en", pause: "; ", between: [2]string{"tussen ", " en "},
			open: "‘", shut: "’", bareTerms: true, dayMonth: " ",
			months: [12]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
		},
		instrument.FR: {
			digits: language.MustParse("fr-BE"), unit: narrowNoBreak, and: "et", pause: narrowNoBreak + "; ", between: [2]string{"entre ", " et "},
			open: "«" + narrowNoBreak, shut: narrowNoBreak + "»", dayMonth: " ", first: "er",
			months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		},
		instrument.DE: {
			digits: language.MustParse("de-BE"), unit: noBreak, and: "und", pause: "; ", between: [2]string{"zwischen ", " und "},
			open: "„", shut: "“", keepsNouns: true, dayMonth: ". ",
			months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		},
		instrument.EN: {
			digits: language.MustParse("en-GB"), and: "and", pause: "; ", between: [2]string{"between ", " and "}, repeat: true,
			open: "‘", shut: "’", bareTerms: true, dayMonth: " ",
			months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		},
	}
}
