// Package story tells Findings in words: rules that know uncertainty choose what to say, in which order and how surely.
// It decides nothing about looks and computes no estimate.
package story

import (
	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
)

// Story is the report in one language, ready to be laid out.
type Story struct {
	Lang      instrument.Lang
	Kicker    string // instrument, wave
	Synthetic string // "synthetische gegevens" where the answers are generated, else ""
	Pilot     string // said where the instrument is not validated, else ""
	Title     string
	Lead      string // response, weighting, group size
	Summary   []string
	Chapters  []Chapter
	Actions   []Action
	Caveats   []string // self-report, self-selection, small n, ...
	Method    []string // how it was measured and computed, for the researcher
	Data      []string // what was read, set aside and not understood, counted
	Sheet     Sheet
	Words     map[string]string // fixed words of the page: "show-as-table", "contents", ...
}

// Chapter answers one question.
type Chapter struct {
	ID       string
	Short    string // for the table of contents
	Big      string // the figure that leads, "54 %", or ""
	Headline string
	Text     []string
	Figures  []Figure
}

// Figure is a chart with all that makes it readable without seeing it.
type Figure struct {
	ID          string
	Title       string
	Description string // what the chart shows, for who cannot see it
	Caption     string // question wording, n, base, weighting, interval
	Chart       chart.Chart
	Table       Table
}

// Table is the data of a figure as text.
type Table struct {
	Head []string
	Rows [][]string
}

// Action is a recommendation made concrete, with the evidence it rests on.
type Action struct {
	Title    string
	Why      string   // the evidence, with its figure and interval
	Steps    []string // what to do
	Reach    string   // whom it reaches: "ongeveer 610 medewerkers", or ""
	Evidence []string // IDs of the chapters it rests on
}

// Sheet is the two-page fact sheet for staff: what we asked, what we heard, what we do with it.
type Sheet struct {
	Title   string
	Asked   []string
	Heard   []Heard
	Doing   []string
	Privacy string
	Contact string
}

// Heard is one big figure of the fact sheet with its sentence.
type Heard struct {
	Big   string
	Text  string
	Range string // "tussen 51 en 57 %"
	Chart chart.Chart
	Label string // text alternative of the chart
}
