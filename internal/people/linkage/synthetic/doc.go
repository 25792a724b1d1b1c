// Package synthetic makes up titles and people of an organisation with the faults that real data have, and knows which rows are
// one thing. It exists to measure linkage; nobody in it exists.
//
//nolint:misspell // the words are Dutch
package synthetic

import "math/rand/v2"

// Vocabulary is which half of the words a made-up organisation uses; quality is measured on words that nothing was tuned on.
type Vocabulary int

// The two halves.
const (
	Tuning Vocabulary = iota
	HeldOut
)

// TitleRates say how often a spelling of a function has each fault; shares from 0 to 1.
type TitleRates struct {
	Spellings    float64 // mean number of other spellings of a function
	Abbreviation float64 // of a word, as people do: "adm. mdw."
	Truncation   float64 // of a word, cut anywhere: "kinderb."
	Gender       float64 // "-ster", "(st)er", "-trice"
	Mark         float64 // "(m/v/x)"
	Capitals     float64
	Typo         float64
	Grade        float64 // "niv. C", "C1-C3"
	Contract     float64 // "contractueel", "vervanging"
	Compound     float64 // apart or together
	Order        float64 // "medewerker, administratief"
	French       float64
	Accent       float64 // "coordinator" for "coördinator"
	Known        float64 // share of rows with each of level, family and ISCO
	Wrong        float64 // share of those that are wrong
	Senior       float64 // share of functions that have a senior, hoofd- or adjunct- sister
	Levels       float64 // share of functions that have a sister of the same name at another level
}

// TuningTitles are the rates that the linkage was tuned on.
func TuningTitles() TitleRates {
	return TitleRates{Spellings: 2, Abbreviation: .3, Truncation: .06, Gender: .15, Mark: .15, Capitals: .12, Typo: .15, Grade: .15, Contract: .06,
		Compound: .08, Order: .05, French: .05, Accent: .3, Known: .6, Wrong: .03, Senior: .15, Levels: .05}
}

// HeldOutTitles are other rates: more typing errors and cut words, less that is tidy beside the words.
func HeldOutTitles() TitleRates {
	return TitleRates{Spellings: 3, Abbreviation: .22, Truncation: .1, Gender: .22, Mark: .1, Capitals: .2, Typo: .22, Grade: .22, Contract: .1,
		Compound: .05, Order: .08, French: .03, Accent: .5, Known: .45, Wrong: .05, Senior: .22, Levels: .08}
}

// PersonRates say how often a second row of a person has each fault; shares from 0 to 1.
type PersonRates struct {
	Twice      float64 // people with a second row; a tenth of those have a third
	Number     float64 // another number; the others have the same with a slip, or none
	Married    float64 // another family name, or a double one
	Initials   float64
	Typo       float64 // in one of the names
	Exchanged  float64
	Whole      float64 // both names in one cell
	Nickname   float64
	Mail       float64 // another address, or none
	BirthYear  float64 // wrong or unknown
	Unit       float64 // another unit
	Function   float64 // another function
	Hidden     float64 // share of rows with the hash of a national number
	NoMail     float64 // share of people without an address
	Relatives  float64 // share of people with a brother or sister in service, of whom a fifth is a twin
	Namesakes  float64 // share of people whose whole name is that of another
	SharedMail float64 // share of people with the address of their service
}

// TuningPeople are the rates that the linkage was tuned on.
func TuningPeople() PersonRates {
	return PersonRates{Twice: .03, Number: .9, Married: .12, Initials: .1, Typo: .2, Exchanged: .05, Whole: .03, Nickname: .06, Mail: .4, BirthYear: .06,
		Unit: .4, Function: .3, Hidden: .1, NoMail: .3, Relatives: .02, Namesakes: .005, SharedMail: .03}
}

// HeldOutPeople are other rates: fewer duplicates with more faults, and more people who are alike.
func HeldOutPeople() PersonRates {
	return PersonRates{Twice: .02, Number: .85, Married: .16, Initials: .15, Typo: .3, Exchanged: .08, Whole: .05, Nickname: .1, Mail: .5, BirthYear: .1,
		Unit: .5, Function: .45, Hidden: .05, NoMail: .4, Relatives: .03, Namesakes: .01, SharedMail: .05}
}

type dice struct{ *rand.Rand }

func newDice(seed, stream uint64) dice { return dice{rand.New(rand.NewPCG(seed, stream))} }

func (d dice) chance(p float64) bool { return d.Float64() < p }

func pick[T any](d dice, all []T) T { return all[d.IntN(len(all))] }

// typo makes one slip in a text: a letter left out, doubled, exchanged with its neighbour, or replaced.
func (d dice) typo(s string) string {
	r := []rune(s)
	if len(r) < 4 {
		return s
	}
	i := 1 + d.IntN(len(r)-2)
	if r[i] == ' ' || r[i+1] == ' ' {
		i = 1
	}
	switch d.IntN(4) {
	case 0:
		r = append(r[:i:i], r[i+1:]...)
	case 1:
		r = append(r[:i+1:i+1], r[i:]...)
	case 2:
		if r[i] == r[i+1] {
			r[i] = 'e'
		} else {
			r[i], r[i+1] = r[i+1], r[i]
		}
	default:
		near := map[rune]rune{'a': 's', 'e': 'r', 'i': 'o', 'o': 'p', 'n': 'm', 'm': 'n', 's': 'd', 't': 'y', 'r': 't', 'd': 'f', 'l': 'k', 'k': 'l', 'u': 'i', 'g': 'h', 'v': 'b', 'w': 'e'}
		if to, is := near[r[i]]; is {
			r[i] = to
		} else {
			r[i] = 'e'
		}
	}
	return string(r)
}
