package instrument

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// conditions is what items of random instruments may ask of the operands of operandItems.
var conditions = []string{
	``, `use == "never"`, `use != "never" and answered(use)`, `use in ["never", "weekly"] or age >= 18`, `not answered(tools)`,
	`chosen(tools, "copilot") and not chosen(tools, "other")`, `answered(tools) and team == "IT"`, `row1 == "high" or row2 == "high"`,
	`18 <= age and age < 67`, `age != 18`, `team != "IT"`, `answered(row2)`, `"other" in tools or answered(team)`,
}

const operandItems = head + `items:
  - {id: use, kind: single, question: {nl: Q}, options: [{id: never, label: {nl: n}}, {id: weekly, label: {nl: w}}, {id: daily, label: {nl: d}}, {id: dk, label: {nl: k}, missing: dont-know}]}
  - {id: tools, kind: multiple, question: {nl: Q}, VISIBLE options: [{id: copilot, label: {nl: c}}, {id: other, label: {nl: o}}, {id: more, label: {nl: m}}]}
  - {id: age, kind: number, question: {nl: Q}, VISIBLE min: 15}
  - {id: team, kind: category, question: {nl: Q}}
  - {id: grid, kind: matrix, question: {nl: Q}, VISIBLE options: [{id: low, label: {nl: l}}, {id: high, label: {nl: h}}], rows: [{id: row1, text: {nl: R}}, {id: row2, text: {nl: R}}]}
`

// routed draws an instrument with conditions.
func routed(t *rapid.T) *Instrument {
	early := []string{``, `use == "never"`, `not answered(use)`, `use in ["weekly", "daily"]`}
	src := []byte(operandItems)
	for bytes.Contains(src, []byte("VISIBLE")) {
		src = bytes.Replace(src, []byte("VISIBLE"), fmt.Appendf(nil, "visible: '%s',", rapid.SampledFrom(early).Draw(t, "early")), 1)
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "items") {
		src = fmt.Appendf(src, "  - {id: i%d, kind: single, question: {nl: Q}, options: %s, visible: '%s'}\n", i, yesNo, rapid.SampledFrom(conditions).Draw(t, "condition"))
	}
	in, err := Parse("t", src)
	if err != nil {
		t.Skip("nobody can meet one of the conditions")
	}
	return in
}

// answersTo draws answers of n people, wide or narrow, whatever the routing says.
func answersTo(t *rapid.T, in *Instrument, n int) *Answers {
	a := &Answers{Instrument: in, N: n, Variables: in.Variables()}
	seed := rapid.Uint64().Draw(t, "seed")
	for _, v := range a.Variables {
		c := &Column{K: v.K()}
		switch v.Item.Kind {
		case Number:
			c.Numbers = []float64{15, 17.5, 18, 30, 66, 67, 80}
			c.K += len(c.Numbers)
		case Category:
			c.Levels = []string{"HR", "IT", "Zorg"}
			c.K += len(c.Levels)
		default:
		}
		wide := rapid.Bool().Draw(t, "wide")
		for range n {
			seed = seed*6364136223846793005 + 1442695040888963407
			code := int(seed>>33) % c.K
			if wide {
				c.Wide = append(c.Wide, uint16(code))
			} else {
				c.Narrow = append(c.Narrow, uint8(code))
			}
		}
		a.Columns = append(a.Columns, c)
	}
	return a
}

// givenBy returns what respondent i answered.
func givenBy(a *Answers, i int) func(string) Given {
	columns := a.byVariable()
	return func(id string) Given {
		c := columns[id]
		g := Given{Code: c.At(i)}
		if at := g.Code - FirstOption; at >= 0 && c.Levels != nil {
			g.Level = c.Levels[at]
		} else if at >= 0 && c.Numbers != nil {
			g.Number = c.Numbers[at]
		}
		return g
	}
}

func copyOf(a *Answers) *Answers {
	b := *a
	b.Columns = nil
	for _, c := range a.Columns {
		d := *c
		d.Narrow, d.Wide = slices.Clone(c.Narrow), slices.Clone(c.Wide)
		b.Columns = append(b.Columns, &d)
	}
	return &b
}

// TestApplyFollowsEachRespondent holds the fast way over columns against walking the route of each respondent.
func TestApplyFollowsEachRespondent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := routed(t)
		r, err := CompileRouting(in)
		if err != nil {
			t.Fatal(err)
		}
		before := answersTo(t, in, rapid.SampledFrom([]int{0, 1, 7, 8, 61}).Draw(t, "n"))
		after := copyOf(before)
		report := r.Apply(after)
		violations, total := map[string]int{}, 0
		for i := range before.N {
			route := r.Route(givenBy(before, i))
			for k, v := range before.Variables {
				was, is := before.Columns[k].At(i), after.Columns[k].At(i)
				want := was
				switch asked := route[r.position[v.Item.ID]]; {
				case asked && was == NotAsked:
					want = NoAnswer
				case !asked:
					want = NotAsked
					if was >= FirstOption {
						violations[v.ID]++
						total++
					}
				}
				if is != want {
					t.Fatalf("respondent %d, %s: code %d became %d, want %d", i, v.ID, was, is, want)
				}
			}
		}
		if diff := cmp.Diff(violations, report.Violations); diff != "" || total != report.Total {
			t.Fatalf("violations (-want +got):\n%s total %d, want %d", diff, report.Total, total)
		}
		again := copyOf(after)
		if second := r.Apply(again); second.Total != 0 || !cmp.Equal(again.Columns, after.Columns) {
			t.Fatal("applying the routing again changes the answers")
		}
	})
}

// TestApplyInBlocks crosses the borders of blocks, and falls back on a map when combinations are many.
func TestApplyInBlocks(t *testing.T) {
	t.Parallel()
	src := head + "items:\n"
	condition := ""
	for i := range 14 {
		src += fmt.Sprintf("  - {id: a%d, kind: scale, question: {nl: Q}, options_from: s}\n", i)
		if i > 0 {
			condition += " or "
		}
		condition += fmt.Sprintf(`a%d == "o1"`, i)
	}
	src += "  - {id: last, kind: scale, question: {nl: Q}, options_from: s, visible: '" + condition + "'}\nscales:\n  s: [{id: o1, label: {nl: a}}, {id: o2, label: {nl: b}}, {id: o3, label: {nl: c}}]\n"
	in, err := Parse("t", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	r, err := CompileRouting(in)
	if err != nil {
		t.Fatal(err)
	}
	a := &Answers{Instrument: in, N: 3*blockRows + 5, Variables: in.Variables()}
	for range a.Variables {
		c := &Column{Narrow: make([]uint8, a.N), K: FirstOption + 3}
		for i := range c.Narrow {
			c.Narrow[i] = FirstOption + 1
		}
		a.Columns = append(a.Columns, c)
	}
	last := a.Columns[14]
	a.Columns[7].Narrow[2*blockRows] = FirstOption
	a.Columns[13].Narrow[a.N-1] = FirstOption
	last.Narrow[a.N-1] = NotAsked
	report := r.Apply(a)
	if want := a.N - 2; report.Total != want || report.Violations["last"] != want {
		t.Errorf("%+v, want %d violations of last", report, want)
	}
	if last.At(2*blockRows) != FirstOption+1 || last.At(a.N-1) != NoAnswer || last.At(0) != NotAsked {
		t.Error("the wrong respondents were asked")
	}
}

func TestApplyWithoutTheColumn(t *testing.T) {
	t.Parallel()
	in := chain(t)
	r, err := CompileRouting(in)
	if err != nil {
		t.Fatal(err)
	}
	column := func(code uint8) *Column { return &Column{Narrow: []uint8{code}, K: FirstOption + 2} }
	a := &Answers{Instrument: in, N: 1, Variables: in.Variables(), Columns: []*Column{nil, column(FirstOption), column(NotAsked), nil}}
	report := r.Apply(a)
	if want := []string{"b"}; !slices.Equal(report.Unjudged, want) {
		t.Errorf("unjudged %v, want %v", report.Unjudged, want)
	}
	if a.Columns[1].At(0) != FirstOption {
		t.Error("an answer was set aside although its condition cannot be judged")
	}
	if a.Columns[2].At(0) != NoAnswer {
		t.Error("c is asked, because b is answered with yes, but does not count as left open")
	}
}

func BenchmarkApply(b *testing.B) {
	src := bytes.ReplaceAll([]byte(operandItems), []byte("VISIBLE"), []byte(`visible: 'use != "never"',`))
	for i := range 60 {
		src = fmt.Appendf(src, "  - {id: i%d, kind: single, question: {nl: Q}, options: %s, visible: '%s'}\n", i, yesNo, conditions[i%len(conditions)])
	}
	in, err := Parse("t", src)
	if err != nil {
		b.Fatal(err)
	}
	r, err := CompileRouting(in)
	if err != nil {
		b.Fatal(err)
	}
	const n = 1 << 20
	a := &Answers{Instrument: in, N: n, Variables: in.Variables()}
	for k, v := range a.Variables {
		c := &Column{Narrow: make([]uint8, n), K: v.K()}
		if v.Item.Kind == Number {
			c.Numbers = []float64{15, 18, 30, 67}
			c.K += 4
		}
		if v.Item.Kind == Category {
			c.Levels = []string{"HR", "IT"}
			c.K += 2
		}
		for i := range c.Narrow {
			c.Narrow[i] = uint8((i*(k+7) + i>>5) % c.K)
		}
		a.Columns = append(a.Columns, c)
	}
	b.SetBytes(int64(n * len(a.Columns)))
	for b.Loop() {
		r.Apply(a)
	}
}
