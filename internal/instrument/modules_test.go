package instrument

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestModuleProblems(t *testing.T) {
	t.Parallel()
	module := func(list string) string { return head + "modules: [" + list + "]\n" + use }
	for _, c := range []struct{ name, src, want string }{
		{"unknown item", module("{id: a, label: {nl: A}, items: [us]}"), `:6:43: there is no item "us"; use one of: use, s1`},
		{"item in two", module("{id: a, label: {nl: A}, items: [use]}, {id: b, label: {nl: B}, items: [use]}"), `:6:82: the item "use" stands in the module "a" already; keep it in one module`},
		{"item twice", module("{id: a, label: {nl: A}, items: [use, use]}"), `:6:48: the item "use" stands in the module "a" already; keep it in one module`},
		{"no items", module("{id: a, label: {nl: A}}"), `:6:11: the module has no items; list the ids of the items that it holds, or remove it`},
		{"id twice", module("{id: a, label: {nl: A}, items: [use]}, {id: a, label: {nl: B}, items: [s1]}"), `:6:55: two modules have the id "a"; give one of them another id`},
		{"no label", module("{id: a, items: [use]}"), `:6:11: the text label is missing; add it in nl`},
		{"no id", module("{label: {nl: A}, items: [use]}"), `:6:11: the module has no id; add id: with a short name of letters, digits, - and _`},
		{"unknown key", module("{id: a, label: {nl: A}, items: [use], topics: [use]}"), `:6:49: unknown key "topics"; use one of: id, label, description, items, required, extra`},
		{"extra and required", module("{id: a, label: {nl: A}, items: [use], extra: true, required: true}"), `:6:56: the module is both extra and required; keep one of the two: an extra part is asked only where somebody chose it`},
	} {
		checkProblems(t, c.name, c.src, c.want)
	}
	in, err := Parse("t", []byte(module("{id: a, label: {nl: A}, items: [use], required: true}")))
	if err != nil || in.Module("use") != &in.Modules[0] || in.Module("s1") != nil || !in.Modules[0].Required {
		t.Errorf("%+v, %v", in, err)
	}
}

func TestAConditionIsReducedToWhatStillDepends(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source, gone, want string
		ever               bool
	}{
		{"", "use", "", true},
		{`use == "never"`, "use", "", false},
		{`use != "never"`, "use", "", true},
		{`use == "never"`, "age", `use == "never"`, true},
		{`use in ["never", "weekly"] or age >= 18`, "use", `age >= 18`, true},
		{`use in ["never", "weekly"] and age >= 18`, "use", "", false},
		{`use != "never" and age >= 18`, "use", `age >= 18`, true},
		{`use != "never" or age >= 18`, "use", "", true},
		{`not answered(use)`, "use", "", true},
		{`!(chosen(tools, "other") || age < 18) && use == "never"`, "tools", `!(age < 18) && use == "never"`, true},
		{`"other" in tools or row1 == "low"`, "tools", `row1 == "low"`, true},
	} {
		rest, ever, err := ReduceCondition(c.source, func(v string) bool { return v == c.gone })
		if err != nil || rest != c.want || ever != c.ever {
			t.Errorf("%s without %s: %q, %t, %v", c.source, c.gone, rest, ever, err)
		}
	}
	if _, _, err := ReduceCondition("use ==", nil); err == nil {
		t.Error("half a condition was read")
	}
}

// A reduced condition holds for whoever the whole one holds for, when the variables that are gone are unanswered.
func TestAReducedConditionSaysTheSame(t *testing.T) {
	t.Parallel()
	atoms := []string{`use == "never"`, `use != "weekly"`, `use in ["never", "weekly"]`, `answered(use)`, `chosen(tools, "other")`, `"copilot" in tools`,
		`age >= 18`, `age != 20`, `-1 < age`, `team == "x"`, `row1 == "low"`, `answered(row1)`}
	rapid.Check(t, func(t *rapid.T) {
		var build func(depth int) string
		build = func(depth int) string {
			switch n := rapid.IntRange(0, 4).Draw(t, "form"); {
			case depth == 0 || n <= 1:
				return rapid.SampledFrom(atoms).Draw(t, "atom")
			case n == 2:
				return "not (" + build(depth-1) + ")"
			default:
				return "(" + build(depth-1) + ")" + rapid.SampledFrom([]string{" and ", " or ", " && ", " || "}).Draw(t, "word") + "(" + build(depth-1) + ")"
			}
		}
		source := build(3)
		gone := map[string]bool{}
		for _, v := range []string{"use", "tools", "age", "team", "row1"} {
			gone[v] = rapid.Bool().Draw(t, v+" gone")
		}
		given := func(v string) Given {
			id, _, _ := strings.Cut(v, ".")
			if gone[id] {
				return Given{}
			}
			return map[string]Given{"use": {Code: FirstOption}, "tools.other": {Code: FirstOption + 1}, "age": {Code: FirstOption, Number: 20},
				"team": {Level: "x"}, "row1": {Code: FirstOption + 1}}[v]
		}
		holds := func(condition string) bool {
			in, err := Parse("t", []byte(conditional(condition)))
			if err != nil {
				t.Skip("nobody can meet it")
			}
			r, err := CompileRouting(in)
			if err != nil {
				t.Fatal(err)
			}
			return r.Visible(in.Item("last"), given)
		}
		rest, ever, err := ReduceCondition(source, func(v string) bool { return gone[v] })
		if err != nil {
			t.Fatal(err)
		}
		want := holds(source)
		if rest == "" {
			if ever != want {
				t.Fatalf("%s: always %t, want %t", source, ever, want)
			}
			return
		}
		if got := holds(rest); got != want {
			t.Fatalf("%s became %s: %t, want %t", source, rest, got, want)
		}
	})
}

func TestTheMinutesOfPartsAddUpToTheWholeWhereNobodyIsFiltered(t *testing.T) {
	t.Parallel()
	in, err := Parse("t", []byte(head+use))
	if err != nil {
		t.Fatal(err)
	}
	r, err := CompileRouting(in)
	if err != nil {
		t.Fatal(err)
	}
	part := func(id string) float64 {
		return r.PartMinutes(NL, func(it *Item) bool { return it.ID == id }).Longest
	}
	if whole, sum := r.Minutes(NL).Longest, part("use")+part("s1"); whole-sum > 1e-9 || sum-whole > 1e-9 || part("use") <= 0 {
		t.Errorf("parts take %v together, the whole %v", sum, whole)
	}
}

const withExtra = `id: t
version: "1"
title: {nl: T}
languages: [nl]
group_size: 10
scales:
  both: [{id: "no", label: {nl: nee}}, {id: "yes", label: {nl: ja}}]
  often: [{id: never, label: {nl: nooit}}, {id: weekly, label: {nl: wekelijks}}]
modules:
  - {id: daily, label: {nl: A}, items: [use, why]}
  - {id: more, label: {nl: B}, items: [rows, seen], extra: true}
items:
  - {id: use, kind: single, question: {nl: A}, options_from: often}
  - {id: ease, kind: scale, question: {nl: F}, options_from: often}
  - {id: rows, kind: matrix, question: {nl: B}, options_from: both, rows: [{id: r1, text: {nl: a}}, {id: r2, text: {nl: b}}]}
  - {id: seen, kind: single, question: {nl: C}, options_from: both}
  - {id: why, kind: text, question: {nl: D}, visible: 'use == "never" or r1 == "yes"'}
  - {id: deep, kind: text, question: {nl: E}, visible: 'seen == "yes"'}
constructs: [{id: score, label: {nl: S}, items: [r1, r2]}]
indicators:
  - {id: has_seen, label: {nl: I}, claim: {nl: i}, item: seen, options: ["yes"]}
  - {id: uses, label: {nl: J}, claim: {nl: j}, item: use, options: [weekly]}
benchmarks:
  - {id: b1, target: has_seen, share: 0.5, n: 10, source: s, name: {nl: n}, caveat: {nl: c}}
  - {id: b2, target: uses, share: 0.5, n: 10, source: s, name: {nl: n}, caveat: {nl: c}}
`

// What nobody chose is as if it had never been written.
func TestWhatIsExtraIsAskedOnlyWhereItIsChosen(t *testing.T) {
	t.Parallel()
	read := func(src string) *Instrument {
		t.Helper()
		in, err := Parse("t", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	written := func(in *Instrument) string {
		t.Helper()
		out, err := Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	in := read(withExtra)
	whole := written(in)
	var without strings.Builder
	for line := range strings.Lines(withExtra) {
		if !strings.Contains(line, "both") && !strings.Contains(line, "extra: true") && !strings.Contains(line, "id: seen") && !strings.Contains(line, "id: deep") &&
			!strings.Contains(line, "constructs") && !strings.Contains(line, "has_seen") {
			without.WriteString(strings.ReplaceAll(line, ` or r1 == "yes"`, ""))
		}
	}
	if got, want := written(in.Asking()), written(read(without.String())); got != want {
		t.Errorf("without the extra part it is\n%s\nwant\n%s", got, want)
	}
	if in.Asking("more") != in {
		t.Error("with all extra parts it is another instrument")
	}
	if again := in.Asking(); again.Asking() != again {
		t.Error("leaving out what is left out makes another instrument")
	}
	if written(in) != whole {
		t.Error("the instrument itself changed")
	}
	checkProblems(t, "a figure that rests on both", strings.Replace(withExtra, "items: [r1, r2]", "items: [r1, ease]", 1),
		`:19:54: the construct rests on an extra module and on something else; take its items from one extra module, or from none`)
}
