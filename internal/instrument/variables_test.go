package instrument

import (
	"math"
	"slices"
	"testing"
)

func TestVariables(t *testing.T) {
	t.Parallel()
	src := head + `items:
  - {id: page, kind: info, question: {nl: Lees dit}}
  - {id: one, kind: single, label: {nl: kort}, question: {nl: Eén}, column: Q1, options: [{id: a, label: {nl: A}}, {id: b, label: {nl: B}, missing: not-applicable}, {id: c, label: {nl: C}}]}
  - {id: more, kind: multiple, question: {nl: Meer}, options: [{id: a, label: {nl: A}}, {id: b, label: {nl: B}, column: QB}, {id: dk, label: {nl: D}, missing: dont-know}]}
  - {id: grid, kind: matrix, question: {nl: Rooster}, options: [{id: lo, label: {nl: L}}, {id: hi, label: {nl: H}}], rows: [{id: r1, text: {nl: Rij 1}}, {id: r2, text: {nl: Rij 2}, label: {nl: rij}, column: QR}]}
  - {id: n, kind: number, question: {nl: Getal}}
  - {id: cat, kind: category, question: {nl: Dienst}}
  - {id: free, kind: text, question: {nl: Vrij}}
`
	in, err := Parse("t", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		id, heading, name, wording string
		k                          int
	}{
		{"one", "Q1", "kort", "Eén", FirstOption + 2},
		{"more.a", "more.a", "A", "A", FirstOption + 2},
		{"more.b", "QB", "B", "B", FirstOption + 2},
		{"r1", "r1", "Rij 1", "Rij 1", FirstOption + 2},
		{"r2", "QR", "rij", "Rij 2", FirstOption + 2},
		{"n", "n", "Getal", "Getal", FirstOption},
		{"cat", "cat", "Dienst", "Dienst", FirstOption},
		{"free", "free", "Vrij", "Vrij", FirstOption},
	}
	got := in.Variables()
	if len(got) != len(want) {
		t.Fatalf("%d variables, want %d", len(got), len(want))
	}
	for i, w := range want {
		v := got[i]
		if v.ID != w.id || v.Heading() != w.heading || v.Name().In(NL) != w.name || v.Wording().In(NL) != w.wording || v.K() != w.k {
			t.Errorf("variable %d: %s %s %q %q %d, want %+v", i, v.ID, v.Heading(), v.Name().In(NL), v.Wording().In(NL), v.K(), w)
		}
		if found, ok := in.Variable(w.id); !ok || found.ID != w.id || found.Item != v.Item {
			t.Errorf("variable %s is not found by its ID", w.id)
		}
	}
	if _, ok := in.Variable("grid"); ok {
		t.Error("a matrix is a variable")
	}
	if in.Item("more") == nil || in.Item("r1") != nil {
		t.Error("items are not found by their ID")
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	in, err := Parse("t", []byte(conditional(`use == "never"`)))
	if err != nil {
		t.Fatal(err)
	}
	use, _ := in.Variable("use")
	other, _ := in.Variable("tools.other")
	row, _ := in.Variable("row1")
	for _, c := range []struct {
		v      *Variable
		option string
		code   int
		ok     bool
	}{
		{&use, "never", FirstOption, true}, {&use, "weekly", FirstOption + 1, true}, {&use, "dk", DontKnow, true}, {&use, "x", 0, false},
		{&other, "other", FirstOption + 1, true}, {&other, "copilot", 0, false}, {&row, "high", FirstOption + 1, true},
	} {
		code, ok := c.v.CodeOf(c.option)
		if code != c.code || ok != c.ok {
			t.Errorf("%s, option %s: code %d, %v; want %d, %v", c.v.ID, c.option, code, ok, c.code, c.ok)
		}
		if ok && c.v.OptionOf(code).ID != c.option {
			t.Errorf("%s: code %d is option %s, want %s", c.v.ID, code, c.v.OptionOf(code).ID, c.option)
		}
	}
	if use.OptionOf(NoAnswer) != nil || other.OptionOf(FirstOption) != nil {
		t.Error("an absent or unchosen answer has an option")
	}
	scores := row.Scores()
	if len(scores) != FirstOption+2 || !math.IsNaN(scores[NotAsked]) || !slices.Equal(scores[FirstOption:], []float64{1, 2}) {
		t.Errorf("scores %v, want 1 and 2 for the points and none below", scores)
	}
	if s := use.Scores(); !math.IsNaN(s[FirstOption]) {
		t.Error("an option without a value has a score")
	}
}

func TestTextFallsBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text Text
		want string
	}{{nil, ""}, {Text{DE: "de", NL: "nl"}, "de"}, {Text{NL: "nl", EN: "en"}, "nl"}, {Text{EN: "en", FR: "fr"}, "en"}, {Text{FR: "fr"}, "fr"}} {
		if got := c.text.In(DE); got != c.want {
			t.Errorf("%v reads %q in German, want %q", c.text, got, c.want)
		}
	}
}
