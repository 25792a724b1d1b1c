package answering

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/testkit/node"
	"tekentafel/internal/web"
)

func TestLocaleSaysTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

const routedItems = `id: routed
version: "1"
title: {nl: T}
languages: [nl]
group_size: 10
items:
  - {id: use, kind: single, question: {nl: Q}, options: [{id: never, label: {nl: n}}, {id: weekly, label: {nl: w}}, {id: daily, label: {nl: d}}, {id: dk, label: {nl: k}, missing: dont-know}]}
  - {id: tools, kind: multiple, question: {nl: Q}VISIBLE, options: [{id: copilot, label: {nl: c}}, {id: other, label: {nl: o}}, {id: none, label: {nl: m}, exclusive: true}, {id: dk, label: {nl: k}, missing: dont-know}]}
  - {id: age, kind: number, question: {nl: Q}VISIBLE, min: -5}
  - {id: grid, kind: matrix, question: {nl: Q}VISIBLE, options: [{id: low, label: {nl: l}}, {id: high, label: {nl: h}}, {id: na, label: {nl: a}, missing: not-applicable}], rows: [{id: row1, text: {nl: R}}, {id: row2, text: {nl: R}}]}
  - {id: pace, kind: scale, question: {nl: Q}VISIBLE, options: [{id: slow, label: {nl: s}}, {id: fast, label: {nl: f}}]}
`

// atom draws a condition on one item.
func atom(t *rapid.T) string {
	number := rapid.SampledFrom([]string{"18", "-2", "17.5", "+3", "0"})
	operator := rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">="})
	equal := rapid.SampledFrom([]string{"==", "!="})
	name, options := "use", []string{"never", "weekly", "daily"}
	switch rapid.IntRange(0, 3).Draw(t, "operand") {
	case 1:
		name, options = "row1", []string{"low", "high"}
	case 2:
		name, options = "row2", []string{"low", "high"}
	case 3:
		name, options = "pace", []string{"slow", "fast"}
	}
	option := rapid.SampledFrom(options)
	tool := rapid.SampledFrom([]string{"copilot", "other", "none"})
	switch rapid.IntRange(0, 8).Draw(t, "form") {
	case 0:
		return fmt.Sprintf("%s %s %q", name, equal.Draw(t, "equal"), option.Draw(t, "option"))
	case 1:
		return fmt.Sprintf("%q %s %s", option.Draw(t, "option"), equal.Draw(t, "equal"), name)
	case 2:
		return fmt.Sprintf("%s in [%q, %q]", name, options[0], option.Draw(t, "option"))
	case 3:
		return fmt.Sprintf("%s not in [%q]", name, option.Draw(t, "option"))
	case 4:
		return fmt.Sprintf("age %s %s", operator.Draw(t, "operator"), number.Draw(t, "number"))
	case 5:
		return fmt.Sprintf("%s %s age", number.Draw(t, "number"), operator.Draw(t, "operator"))
	case 6:
		return fmt.Sprintf("chosen(tools, %q)", tool.Draw(t, "tool"))
	case 7:
		return fmt.Sprintf("%q in tools", tool.Draw(t, "tool"))
	default:
		return "answered(" + rapid.SampledFrom([]string{"use", "tools", "age", "row1", "row2", "pace"}).Draw(t, "answered") + ")"
	}
}

// condition draws a condition of some atoms.
func condition(t *rapid.T, depth int) string {
	if depth == 0 {
		return atom(t)
	}
	switch rapid.IntRange(0, 4).Draw(t, "join") {
	case 0:
		return "(" + condition(t, depth-1) + rapid.SampledFrom([]string{" and ", " && "}).Draw(t, "and") + condition(t, depth-1) + ")"
	case 1:
		return "(" + condition(t, depth-1) + rapid.SampledFrom([]string{" or ", " || "}).Draw(t, "or") + condition(t, depth-1) + ")"
	case 2:
		return rapid.SampledFrom([]string{"not ", "!"}).Draw(t, "not") + "(" + condition(t, depth-1) + ")"
	default:
		return atom(t)
	}
}

// reply draws answers as the page keeps them, whatever the routing says.
func reply(t *rapid.T) map[string]any {
	out := map[string]any{}
	choose := func(id string, options ...string) {
		if o := rapid.SampledFrom(append(options, "")).Draw(t, id); o != "" {
			out[id] = o
		}
	}
	choose("use", "never", "weekly", "daily", "dk")
	choose("row1", "low", "high", "na")
	choose("row2", "low", "high", "na")
	choose("pace", "slow", "fast")
	if list := rapid.SampledFrom([][]string{nil, {"copilot"}, {"other", "copilot"}, {"none"}, {"dk"}}).Draw(t, "tools"); list != nil {
		out["tools"] = list
	}
	if rapid.Bool().Draw(t, "numbered") {
		out["age"] = rapid.SampledFrom([]float64{-5, -2, 0, 3, 17.5, 18, 40}).Draw(t, "age")
	}
	for _, id := range []string{"i0", "i1", "i2"} {
		choose(id, "ja", "nee")
	}
	return out
}

// TestTheScriptRoutesAsTheServer compares the two on drawn questionnaires and answers.
func TestTheScriptRoutesAsTheServer(t *testing.T) {
	t.Parallel()
	page := node.Run(t, filepath.Join("testdata", "route.mjs"))
	compared := 0
	rapid.Check(t, func(rt *rapid.T) {
		src := routedItems
		for strings.Contains(src, "VISIBLE") {
			early := rapid.SampledFrom([]string{"", `, visible: 'use == "never"'`, `, visible: 'not answered(use)'`, `, visible: 'use in ["weekly", "daily"]'`}).Draw(rt, "early")
			src = strings.Replace(src, "VISIBLE", early, 1)
		}
		for i := range 3 {
			c := condition(rt, 3)
			if i > 0 && rapid.Bool().Draw(rt, "on the one before") {
				c = fmt.Sprintf(`i%d != "ja" or %s`, i-1, c)
			}
			if len(c) > 450 {
				rt.Skip("longer than a condition may be")
			}
			src += fmt.Sprintf("  - {id: i%d, kind: single, question: {nl: Q}, options: [{id: ja, label: {nl: j}}, {id: nee, label: {nl: n}}], visible: '%s'}\n", i, c)
		}
		parsed, err := instrument.Parse("t", []byte(src))
		if err != nil {
			rt.Skip("nobody can meet one of the conditions")
		}
		s, err := NewSurvey(wave.Wave{Languages: []instrument.Lang{"nl"}}, parsed, nil, web.Organisation{})
		if err != nil {
			rt.Fatal(err)
		}
		items, err := s.plan("nl")
		if err != nil {
			rt.Fatal(err)
		}
		replies := make([]map[string]any, 8)
		for i := range replies {
			replies[i] = reply(rt)
		}
		byScript := node.Do[[][]bool](page, "route", map[string]any{"items": items, "answers": replies})
		for i, answers := range replies {
			raw, err := json.Marshal(answers)
			if err != nil {
				rt.Fatal(err)
			}
			rec, err := s.Codec.Draft(raw)
			if err != nil {
				rt.Fatal(err)
			}
			if !slices.Equal(rec.Asked(), byScript[i]) {
				rt.Fatalf("the server asks %v, the script %v\n%s\n%s", rec.Asked(), byScript[i], raw, src)
			}
			compared++
		}
	})
	if compared < 100 {
		t.Errorf("only %d answers were compared", compared)
	}
}

// TestConditionsOnCategoriesKnowTheirOptions: a condition names what a report shows, the page what one chooses.
func TestConditionsOnCategoriesKnowTheirOptions(t *testing.T) {
	t.Parallel()
	in := &instrument.Instrument{Languages: []instrument.Lang{"nl"}, Items: []instrument.Item{{ID: "team", Kind: instrument.Category, Options: []instrument.Option{
		{ID: "a", Label: instrument.Text{"nl": "Groen"}}, {ID: "b", Label: instrument.Text{"nl": "Zorg"}}, {ID: "c", Label: instrument.Text{"nl": "Zorg"}},
		{ID: "d", Label: instrument.Text{"nl": "Weet niet"}, Missing: instrument.MissingDontKnow}}}}}
	for source, want := range map[string]string{
		`team == "Zorg"`:          `["is","team",["b","c"]]`,
		`team != "Groen"`:         `["not",["is","team",["a"]]]`,
		`team in ["Groen", "IT"]`: `["is","team",["a"]]`,
		`team == "Weet niet"`:     `["is","team",[]]`,
	} {
		tree, err := conditionTree(in, source)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(tree); err != nil || string(got) != want {
			t.Errorf("%s: %s, want %s (%v)", source, got, want, err)
		}
	}
	for _, source := range []string{`team`, `team + 1 == 2`, `len(team) > 2`, `team matches "a"`, `(`} {
		if tree, err := conditionTree(in, source); err == nil {
			t.Errorf("%s became %v", source, tree)
		}
	}
}

// TestGroupsHoldNothingThatDependsOnTheirOwn: nothing appears or goes on a screen while one answers.
func TestGroupsHoldNothingThatDependsOnTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wave.Anonymous)
	items, err := w.survey.plan("nl")
	if err != nil {
		t.Fatal(err)
	}
	byGroup := map[int][]string{}
	for _, p := range items {
		for _, before := range byGroup[p.Group] {
			if p.refers[before] {
				t.Errorf("%s stands beside %s, on which it depends", p.ID, before)
			}
		}
		byGroup[p.Group] = append(byGroup[p.Group], p.ID)
	}
	if g := byGroup[items[6].Group]; !slices.Equal(g, []string{"likes", "wants"}) {
		t.Errorf("short questions on one subject are grouped as %v", g)
	}
}

func FuzzConditionTree(f *testing.F) {
	for _, seed := range []string{`a == "x"`, `not (a in ["x"] or b > -1.5e3)`, `"x" in a`, `answered(a) and chosen(b, "y")`, `a.b["c"]`, `1 == a ? b : c`, `{`, `!!!a`} {
		f.Add(seed)
	}
	in := &instrument.Instrument{Items: []instrument.Item{{ID: "a", Kind: instrument.Category}}}
	f.Fuzz(func(t *testing.T, source string) {
		tree, err := conditionTree(in, source)
		if err != nil || tree == nil {
			return
		}
		if _, err := json.Marshal(tree); err != nil {
			t.Errorf("%q became what cannot be written: %v", source, err)
		}
	})
}

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]any{"3": 3.0, "2,5": 2.5, "2.5": 2.5, " 1 000 ": 1000.0, "-4": -4.0, "veel": "veel", "1,2,3": "1.2.3", "1e999": "1e999", "Inf": "Inf", "NaN": "NaN", "0x10": "0x10", "+3": 3.0} {
		if got := readNumber(typed); got != want {
			t.Errorf("%q is %v (%T), want %v", typed, got, got, want)
		}
	}
}
