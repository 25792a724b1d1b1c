package dataset

import (
	"math"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/dataset/sav"
	"tekentafel/internal/spreadsheet"
)

// kind is what a column of the package holds.
type kind int

const (
	choice    kind = iota // one answer of several
	chosen                // an option of a multiple choice: 1 or 0
	number                // a number
	group                 // a level that was found in the data
	weight                // how much the respondent counts
	synthetic             // says that the answers are made up
)

// column is one variable of the package, laid out for every file: by code, what stands in it.
type column struct {
	name     string // the same in every file
	id       string // of the variable; "" for what the questionnaire does not know
	target   string // what the mapping calls it, "" for nothing
	kind     kind
	variable *instrument.Variable // nil for what the questionnaire does not know
	label    string
	at       func(i int) int // code of respondent i
	cells    []string        // by code
	values   []float64       // by code, in the .sav
	texts    []string        // by code: what it means, in the language of the package
	absent   absences
	measure  sav.Measure
	numbers  []float64 // by respondent, for weight
	guarded  map[string]string
}

// newColumn lays out a variable of the questionnaire.
func newColumn(v *instrument.Variable, c *instrument.Column, w *i18n.Printer, lang instrument.Lang) *column {
	col := &column{id: v.ID, target: v.ID, variable: v, label: labelOf(v, lang), at: c.At}
	switch {
	case c.Levels != nil || v.Item.Kind == instrument.Category:
		col.levels(c.Levels)
	case c.Numbers != nil || v.Item.Kind == instrument.Number:
		col.figures(c.Numbers)
	case v.Option != nil:
		col.dichotomy(w)
	default:
		col.options(v, lang)
	}
	col.absences(v, w, lang)
	return col
}

// labelOf says in a line what a variable is about: short name and, where it stands in a list, the question around it.
func labelOf(v *instrument.Variable, lang instrument.Lang) string {
	name := v.Name().In(lang)
	if v.Option != nil || v.Row != nil {
		return v.Item.Name().In(lang) + ": " + name
	}
	return name
}

// room makes place for k codes.
func (c *column) room(k int) {
	c.cells, c.values, c.texts = make([]string, k), make([]float64, k), make([]string, k)
}

func (c *column) options(v *instrument.Variable, lang instrument.Lang) {
	substantive, _ := v.Choices()
	c.kind, c.measure = choice, sav.Nominal
	c.room(instrument.FirstOption + len(substantive))
	scores := wholeScores(v)
	if scores != nil || v.Item.Kind == instrument.Scale || v.Item.Kind == instrument.Matrix {
		c.measure = sav.Ordinal
	}
	for i, s := range substantive {
		c.cells[s.Code], c.texts[s.Code], c.values[s.Code] = s.Option.ID, s.Option.Label.In(lang), float64(i+1)
		if scores != nil {
			c.values[s.Code] = scores[i]
		}
	}
}

// wholeScores returns the scores of the options where each has a whole one of its own, so that a mean of codes is a mean of
// scores; else nil.
func wholeScores(v *instrument.Variable) []float64 {
	substantive, _ := v.Choices()
	var out []float64
	seen := map[float64]bool{}
	for _, s := range substantive {
		x := v.Scores()[s.Code]
		if x != math.Trunc(x) || math.Abs(x) > 1e6 || seen[x] {
			return nil
		}
		seen[x] = true
		out = append(out, x)
	}
	return out
}

func (c *column) dichotomy(w *i18n.Printer) {
	c.kind, c.measure = chosen, sav.Nominal
	c.room(instrument.FirstOption + 2)
	for i, key := range []string{"value.not-chosen", "value.chosen"} {
		code := instrument.FirstOption + i
		c.cells[code], c.values[code], c.texts[code] = strconv.Itoa(i), float64(i), w.T(key, nil)
	}
}

func (c *column) figures(numbers []float64) {
	c.kind, c.measure = number, sav.Scale
	c.room(instrument.FirstOption + len(numbers))
	for i, x := range numbers {
		c.cells[instrument.FirstOption+i], c.values[instrument.FirstOption+i] = strconv.FormatFloat(x, 'g', -1, 64), x
	}
}

// levels lays out a category: a number for each level in the .sav, the level itself elsewhere.
func (c *column) levels(levels []string) {
	c.kind, c.measure = group, sav.Nominal
	c.room(instrument.FirstOption + len(levels))
	c.guarded = map[string]string{}
	for i, l := range levels {
		code := instrument.FirstOption + i
		cell := guard(l)
		if cell != l {
			c.guarded[cell] = l
		}
		c.cells[code], c.texts[code], c.values[code] = cell, l, float64(i+1)
	}
}

// guard keeps a level from being read as a formula, and from being taken for a token or for another level that was guarded.
func guard(level string) string {
	if strings.HasPrefix(level, "'") || strings.HasPrefix(level, "(") {
		return "'" + level
	}
	return spreadsheet.Guard(level)
}

// absences fills in what stands for absent answers.
func (c *column) absences(v *instrument.Variable, w *i18n.Printer, lang instrument.Lang) {
	lowest := math.Inf(1)
	for _, x := range c.values[instrument.FirstOption:] {
		lowest = min(lowest, x)
	}
	c.absent = absencesBelow(lowest)
	for code := range instrument.FirstOption {
		c.cells[code], c.values[code], c.texts[code] = token(code), c.absent.code(code), w.T(reason(code), nil)
	}
	if v == nil {
		return
	}
	_, missing := v.Choices()
	for i := len(missing) - 1; i >= 0; i-- { // the first of those that share a code stays
		m := missing[i]
		c.texts[m.Code] = m.Option.Label.In(lang)
		if c.kind == choice {
			c.cells[m.Code] = m.Option.ID
		}
	}
}

// savLabels lists the value labels of a column.
func (c *column) savLabels() []sav.Label {
	var out []sav.Label
	for code, text := range c.texts {
		if text != "" {
			out = append(out, sav.Label{Value: c.values[code], Text: text})
		}
	}
	return out
}

// valid tells whether a code is an answer.
func valid(code int) bool { return code >= instrument.FirstOption }
