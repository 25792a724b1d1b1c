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
		{"unknown key", module("{id: a, label: {nl: A}, items: [use], topics: [use]}"), `:6:49: unknown key "topics"; use one of: id, label, description, items, required`},
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
