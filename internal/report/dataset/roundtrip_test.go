package dataset_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/dataset"
	"tekentafel/internal/report/findings"
)

// every is a questionnaire with every kind of question, routing, and options outside the base.
const every = `id: every
version: "1"
title: {same: Every}
group_size: 5
items:
  - id: department
    kind: category
    topic: background
    group: true
    question: {same: Department}
  - id: uses
    kind: single
    topic: use
    question: {same: Use}
    options:
      - {id: never, label: {same: never}}
      - {id: "2", label: {same: sometimes}}
      - {id: with-care, label: {same: with care}}
      - {id: dunno, label: {same: dunno}, missing: dont-know}
      - {id: na, label: {same: not me}, missing: not-applicable}
  - id: systems
    kind: multiple
    topic: systems
    visible: uses != "never"
    question: {same: Systems}
    options:
      - {id: a, label: {same: A}}
      - {id: b, label: {same: B}}
      - {id: none, label: {same: None}, exclusive: true}
      - {id: dunno, label: {same: dunno}, missing: dont-know}
  - id: grid
    kind: matrix
    topic: skills
    question: {same: Grid}
    options:
      - {id: low, label: {same: low}, value: -20}
      - {id: mid, label: {same: mid}, value: 0}
      - {id: high, label: {same: high}, value: 3}
      - {id: nvt, label: {same: nvt}, missing: not-applicable}
    rows:
      - {id: r1, text: {same: one}}
      - {id: all, text: {same: two}}
  - id: years
    kind: number
    topic: other
    min: -1000
    max: 1000
    question: {same: Years}
`

// drawnAnswers draws answers as intake would have read them.
func drawnAnswers(r *rapid.T, in *instrument.Instrument) *instrument.Answers {
	n := rapid.IntRange(5, 40).Draw(r, "respondents")
	a := &instrument.Answers{Instrument: in, N: n, Variables: in.Variables(), Texts: map[string]int{}, Extra: map[string]*instrument.Factor{}}
	code := func(substantive int, missing ...int) int {
		if k := rapid.IntRange(0, substantive+len(missing)).Draw(r, "code"); k < substantive {
			return instrument.FirstOption + k
		} else if k > substantive {
			return missing[k-substantive-1]
		}
		return instrument.NoAnswer
	}
	levels := drawnLevels(r)
	number := rapid.Map(rapid.Float64Range(-1000, 1000), func(x float64) float64 { return x + 0 }) // never -0
	numbers := rapid.SliceOfNDistinct(number, 1, 6, rapid.ID).Draw(r, "numbers")
	slices.Sort(numbers)
	narrow := func(k int) *instrument.Column { return &instrument.Column{Narrow: make([]uint8, n), K: k} }
	columns := map[string]*instrument.Column{"department": narrow(instrument.FirstOption + len(levels)), "years": narrow(instrument.FirstOption + len(numbers)),
		"uses": narrow(instrument.FirstOption + 3), "r1": narrow(instrument.FirstOption + 3), "all": narrow(instrument.FirstOption + 3)}
	columns["department"].Levels, columns["years"].Numbers = levels, numbers
	for _, o := range []string{"a", "b", "none"} {
		columns["systems."+o] = narrow(instrument.FirstOption + 2)
	}
	put := func(id string, i, code int) { columns[id].Narrow[i] = uint8(code) }
	for i := range n {
		// Every level and number occurs, as each does that intake finds.
		put("department", i, instrument.FirstOption+i%len(levels))
		put("years", i, instrument.FirstOption+i%len(numbers))
		if i >= max(len(levels), len(numbers)) {
			put("department", i, code(len(levels)))
			put("years", i, code(len(numbers), instrument.Invalid))
		}
		put("uses", i, code(3, instrument.DontKnow, instrument.NotApplicable, instrument.Invalid))
		put("r1", i, code(3, instrument.NotApplicable))
		if !slices.Contains([]int{columns["department"].At(i), columns["uses"].At(i)}, instrument.FirstOption) {
			put("r1", i, instrument.FirstOption) // who answered nothing is no respondent
		}
		put("all", i, code(3, instrument.NotApplicable, instrument.Invalid))
		switch whole := code(4, instrument.DontKnow, instrument.Invalid); {
		case whole < instrument.FirstOption:
			for _, o := range []string{"a", "b", "none"} {
				put("systems."+o, i, whole)
			}
		default:
			pattern := [][3]int{{0, 1, 0}, {1, 1, 0}, {0, 0, 1}, {1, 0, 0}}[whole-instrument.FirstOption]
			for k, o := range []string{"a", "b", "none"} {
				put("systems."+o, i, instrument.FirstOption+pattern[k])
			}
		}
	}
	for _, v := range a.Variables {
		a.Columns = append(a.Columns, columns[v.ID])
	}
	return a
}

// drawnLevels draws names of departments, also such as spreadsheets and readers stumble over.
func drawnLevels(r *rapid.T) []string {
	one := rapid.OneOf(rapid.SampledFrom([]string{"=1+1", "'=1+1", "(intern)", "-", "NA", "a,b", `"quoted"`, "twee\nregels", "+32", "@x", "Ä"}),
		rapid.StringMatching(`[A-Za-z][A-Za-z0-9 '=-]{0,8}[A-Za-z0-9]`))
	levels := rapid.SliceOfNDistinct(one, 1, 5, func(s string) string { return s }).Draw(r, "levels")
	slices.Sort(levels)
	return levels
}

func TestIntakeReadsThePackageBackToTheSameAnswers(t *testing.T) {
	t.Parallel()
	in := parsed(t, []byte(every))
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		a := drawnAnswers(r, in)
		weights, err := analysis.Weigh(context.Background(), a, analysis.Options{})
		if err != nil {
			r.Fatal(err)
		}
		published := &findings.Findings{Respondents: a.N, Groups: []findings.Grouping{{Variable: "department"}}}
		files := packed(t, dataset.Input{Answers: a, Findings: published, Weights: weights, Questionnaire: []byte(every)}, options())
		m, err := intake.ParseMapping("mapping.yaml", files["mapping.yaml"])
		if err != nil {
			r.Fatalf("%v\n%s", err, files["mapping.yaml"])
		}
		again := parsed(t, files["questionnaire.yaml"])
		for _, name := range []string{"answers.csv", "answers.parquet"} {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, files[name], 0o600); err != nil {
				r.Fatal(err)
			}
			got, err := intake.Read(context.Background(), path, again, intake.Options{Mapping: m, Weight: "weight"})
			if err != nil {
				r.Fatalf("%s: %v\n%s", name, err, files["answers.csv"])
			}
			w, err := analysis.Weigh(context.Background(), got.Answers, analysis.Options{})
			if err != nil {
				r.Fatal(err)
			}
			if len(w.Weights) != a.N {
				r.Fatalf("%d respondents, want %d", len(w.Weights), a.N)
			}
			if x, y := table(a, name), table(got.Answers, name); !slices.Equal(x, y) {
				r.Fatalf("%s came back as\n%s\nwant\n%s\n%s", name, strings.Join(y, "\n"), strings.Join(x, "\n"), files["answers.csv"])
			}
		}
	})
}

// table writes each respondent as a line, sorted, for rows have no order.
func table(a *instrument.Answers, file string) []string {
	lines := make([]string, a.N)
	for i := range lines {
		var b strings.Builder
		for k, c := range a.Columns {
			code := c.At(i)
			switch {
			case c.Levels != nil && code >= instrument.FirstOption:
				fmt.Fprintf(&b, "%q ", c.Levels[code-instrument.FirstOption])
			case c.Numbers != nil && code >= instrument.FirstOption:
				fmt.Fprint(&b, c.Numbers[code-instrument.FirstOption], " ")
			case a.Variables[k].Item.Kind == instrument.Number && file == "answers.parquet":
				b.WriteString("absent ") // null, whatever the reason
			default:
				fmt.Fprint(&b, code, " ")
			}
		}
		lines[i] = b.String()
	}
	slices.Sort(lines)
	return lines
}
