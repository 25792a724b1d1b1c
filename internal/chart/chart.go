// Package chart draws accessible SVG charts from plain data: text that a screen reader finds, no script, no inline
// style, colours from the page's custom properties, and a layout of its own for a phone.
package chart

// Chart is one of Intervals, Diverging and Profile.
type Chart interface{ chart() }

// Intervals draws a point with its interval a row: shares (with Percent) or means.
type Intervals struct {
	Rows    []Interval
	Min     float64 // start and end of the axis, in the unit of the rows (shares: 0 and 1)
	Max     float64
	Percent bool
	Ref     *Reference // a published figure as a vertical line, or nil
	Legend  *Legend    // names the two figures of rows that have one beside them, or nil
}

// Legend names the two figures of a row.
type Legend struct {
	Own    string // of the point with its interval
	Beside string // of the line with its band
}

// Interval is a row of Intervals.
type Interval struct {
	Label  string
	Value  float64
	Low    float64
	High   float64
	Text   string // the value as the language writes it: "54 %"
	Hidden string // why nothing is shown ("te weinig antwoorden (< 10)"); the figures are then ignored
	Strong bool   // the row that the headline is about

	Beside *Reference // in Intervals: another figure to read it against, drawn behind it; its label is the figure in words
}

// Reference is a labelled position on the axis with an optional band.
type Reference struct {
	Value float64
	Low   float64
	High  float64
	Label string
}

// Diverging draws answers on an ordered scale as stacked bars around the middle, neutral set apart.
type Diverging struct {
	Rows    []Stack
	Legend  []string // the options from most negative to most positive, neutral excluded
	Neutral string   // label of the neutral option; "" when the scale has none
}

// Stack is a row of Diverging. Shares are proportions of the base: Negative from outermost to innermost, Positive from
// innermost to outermost.
type Stack struct {
	Label    string
	Negative []float64
	Positive []float64
	Neutral  float64
	Texts    []string // negative total, neutral and positive total as the language writes them
	Hidden   string
	Strong   bool
}

// Profile draws the means of a few constructs on one scale with intervals, connected for the eye.
type Profile struct {
	Rows     []Interval
	Min, Max float64
	LowText  string // what the ends of the scale mean
	HighText string
}

func (Intervals) chart() {}
func (Diverging) chart() {}
func (Profile) chart()   {}
