package dataset

import (
	"math"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/dataset/sav"
)

// token returns the cell of an answer that is absent, by its code in Answers.
func token(code int) string {
	return [instrument.FirstOption]string{"(not asked)", "(no answer)", "(don't know)", "(not applicable)", "(invalid)"}[code]
}

// nothing lists the cells that mean "nothing here" to whoever reads the file. An invalid one is no such cell: what stood
// there was not understood, which is something else than nothing.
func nothing() []string {
	return []string{"", token(instrument.NotAsked), token(instrument.NoAnswer), token(instrument.DontKnow), token(instrument.NotApplicable)}
}

// reason is the key of the message that says what an absent answer means.
func reason(code int) string {
	return [instrument.FirstOption]string{"missing.not-asked", "missing.no-answer", "missing.dont-know", "missing.not-applicable", "missing.invalid"}[code]
}

// absences are the user-missing codes of a variable in the .sav: Low+code for each absent answer.
type absences struct{ low float64 }

// absencesBelow chooses five codes in a row that lie below every value.
func absencesBelow(lowest float64) absences {
	const usual = -9
	if lowest > usual+instrument.FirstOption-1 {
		return absences{usual}
	}
	ten := 100.0
	for ten < math.Abs(lowest)+instrument.FirstOption {
		ten *= 10
	}
	return absences{-ten}
}

func (a absences) code(code int) float64 { return a.low + float64(code) }

func (a absences) missing() *sav.Range {
	return &sav.Range{Low: a.low, High: a.low + instrument.FirstOption - 1}
}
