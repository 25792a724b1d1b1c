package dataset

import (
	"embed"
	"errors"
	"fmt"
	"sync"
	"time"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Input is what a package is made from.
type Input struct {
	Answers  *instrument.Answers // in line with the routing, as Weigh leaves them
	Findings *findings.Findings  // what was published of them
	Weights  *analysis.Weighting // with the options behind the Findings
	Margins  []analysis.Margin   // what was weighted to; nil for nothing

	Questionnaire []byte // YAML of Answers.Instrument
}

// Options say how the package is to be.
type Options struct {
	Lang       instrument.Lang // of labels, codebook and README
	Title      string          // of the report
	Seed       string          // decides the order of rows; the id of the report
	Made       time.Time
	Program    string // name and version of the program, for the codebook
	Terms      string // under which the data may be used; "" for the usual ones
	Background bool   // with all background variables
	// Strata and Cluster are the headings of the design in Answers.Extra, as the analysis was given; "" for none.
	Strata, Cluster string
}

func (in *Input) check() error {
	switch {
	case in.Answers == nil || in.Findings == nil || in.Weights == nil:
		return errors.New("a package needs answers, findings and weights")
	case in.Answers.N == 0:
		return analysis.ErrNoRespondents
	case len(in.Weights.Weights) != in.Answers.N:
		return fmt.Errorf("%d weights for %d respondents; weigh these answers", len(in.Weights.Weights), in.Answers.N)
	case in.Findings.Respondents != in.Answers.N:
		return fmt.Errorf("the report is about %d people, the file with answers holds %d; make the report anew from these answers", in.Findings.Respondents, in.Answers.N)
	}
	return nil
}

// Locale returns the messages of the package.
func Locale() *i18n.Bundle { return locale() }
