package instrument

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	paths, _ := filepath.Glob(filepath.Join("..", "..", "instruments", "*.yaml"))
	for _, p := range paths {
		if src, err := os.ReadFile(p); err == nil {
			f.Add(src)
		}
	}
	for _, s := range []string{
		"", "- a\n", "a: &a [*a]\n", "{", "? a\n: b\n", "id: \xff", "\x00", strings.Repeat("[", 500), "<<: {id: a}\n", head + use,
		conditional(`use == "never"`), strings.ReplaceAll(operandItems, "VISIBLE", ""), "a: b\n---\nc: d\n", "items: [{options: [{}]}]\n",
		head + "items:\n  - {id: a, kind: matrix, options_from: a, rows: [{}]}\nscales: {a: [{}, {}]}\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		in, err := Parse("f.yaml", src)
		if err == nil {
			soundInstrument(t, in)
			return
		}
		var problems *Problems
		if !errors.As(err, &problems) || in != nil {
			t.Fatalf("not a list of problems: %v", err)
		}
		last := 0
		for _, p := range problems.List {
			if p.Message == "" || p.Mend == "" || p.File != "f.yaml" || p.Line < last || !utf8.ValidString(p.String()) {
				t.Fatalf("a problem out of order, or without message or mend: %+v", p)
			}
			last = p.Line
		}
	})
}

// soundInstrument checks what everything else in the house takes for granted.
func soundInstrument(t *testing.T, in *Instrument) {
	r, err := CompileRouting(in)
	if err != nil {
		t.Fatalf("Parse accepts conditions that CompileRouting refuses: %v", err)
	}
	rewritten(t, in)
	r.Route(func(string) Given { return Given{} })
	r.Minutes(NL)
	variables := in.Variables()
	headings, ids := map[string]bool{}, map[string]bool{}
	a := &Answers{Instrument: in, N: 1, Variables: variables}
	for _, v := range variables {
		if headings[v.Heading()] || ids[v.ID] {
			t.Fatalf("two variables %q under %q", v.ID, v.Heading())
		}
		headings[v.Heading()], ids[v.ID] = true, true
		if v.K() > 256 {
			t.Fatalf("%s has %d codes", v.ID, v.K())
		}
		a.Columns = append(a.Columns, &Column{Narrow: []uint8{uint8(v.K() - 1)}, K: v.K()})
	}
	r.Apply(a)
	for i := range in.Constructs {
		if _, err := in.Score(a, &in.Constructs[i]); err != nil {
			t.Fatal(err)
		}
	}
	for i := range in.Indicators {
		if _, err := in.Indicate(a, &in.Indicators[i]); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzCondition(f *testing.F) {
	for _, c := range conditions {
		f.Add(c)
	}
	for _, c := range []string{`all(tools, # == "x")`, `1..100000`, `use["a"].b?.c`, `"a" + "b" == use`, `use == "a" ? true : false`, `(((`, `-age < 3`, "use == `never`", `answered(answered)`, `now() > 1`} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, condition string) {
		in, err := Parse("t", []byte(strings.ReplaceAll(operandItems, "VISIBLE", "")))
		if err != nil {
			t.Fatal(err)
		}
		in.Items = append(in.Items, Item{ID: "last", Kind: OpenText, Visible: condition})
		r, err := CompileRouting(in)
		if err != nil {
			return
		}
		// Nobody answered anything, and everybody everything: the condition holds or not, but it evaluates.
		for _, g := range []Given{{}, {Code: FirstOption + 1, Level: "IT", Number: 18}} {
			given := func(string) Given { return g }
			if r.Visible(&in.Items[len(in.Items)-1], given) != r.Route(given)[len(in.Items)-1] {
				t.Fatal("one item alone is judged otherwise than the whole route")
			}
		}
		if c := r.conditions[len(in.Items)-1]; c != nil {
			env := environment(c.references)
			if _, err := new(evaluator).machine.Run(c.program, env); err != nil {
				t.Fatalf("%s fails on no answers: %v", condition, err)
			}
		}
	})
}
