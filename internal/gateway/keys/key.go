package keys

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/contact"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

// The bounds of keys.
const (
	Longest    = 366 * 24 * time.Hour // from making or renewing to the end
	Most       = 500                  // keys that hold, of an organisation
	MostName   = 80                   // characters
	mostModels = 100
)

// Graces are how long the secret of before may hold when a key is renewed.
func Graces() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{0, day, 7 * day, 30 * day}
}

// State is how a key stands.
type State string

// The states.
const (
	Holds     State = "holds"
	Expired   State = "expired"
	Withdrawn State = "withdrawn"
)

// Key is a key as those who manage keys see it. It does not hold the secret.
type Key struct {
	ID, Name string
	Unit     string   // "" for the organisation
	Models   []string // the only ones that it may ask for; none for all that are offered
	MadeBy   string   // account; "" for somebody who was erased
	Made     time.Time
	Ends     time.Time
	State    State
	Used     time.Time // midnight UTC of the last day on which it was used; zero for never
	Before   time.Time // until when the secret of before holds too; zero for no such secret
}

// Input is what one gives to make a key.
type Input struct {
	Name   string
	Unit   string // "" for the organisation
	Models []string
	Ends   time.Time
}

// check brings the input in its one form and says what is wrong with it.
func (in *Input) check(now time.Time, units []Unit, models []string) error {
	f := problem.Form{Bundle: locale()}
	in.Name = contact.Line(in.Name)
	if n := utf8.RuneCountInString(in.Name); n == 0 || n > MostName {
		f.Wrong("name", "field.name", i18n.Args{"most": strconv.Itoa(MostName)})
	}
	if in.Unit != "" && !slices.ContainsFunc(units, func(u Unit) bool { return u.ID == in.Unit }) {
		f.Wrong("unit", "field.unit", nil)
	}
	in.Models = slices.Clone(in.Models)
	slices.Sort(in.Models)
	in.Models = slices.Compact(in.Models)
	if len(in.Models) > mostModels || slices.ContainsFunc(in.Models, func(m string) bool { return !slices.Contains(models, m) || strings.Contains(m, "\n") }) {
		f.Wrong("models", "field.models", nil)
	}
	checkEnds(&f, &in.Ends, now)
	return f.Err()
}

// checkEnds brings an end in its one form and says what is wrong with it.
func checkEnds(f *problem.Form, ends *time.Time, now time.Time) {
	*ends = ends.UTC().Truncate(time.Second)
	if !ends.After(now) || ends.Sub(now) > Longest {
		f.Wrong("ends", "field.ends", nil)
	}
}
