package framework

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var hostile = []string{
	"", "- a\n", "a: &a [*a]\n", "{", "? a\n: b\n", "id: \xff", "\x00", strings.Repeat("[", 500), "<<: {id: a}\n", "a: b\n---\nc: d\n", "levels: [{from: 0}, {from: .nan}, {}]\n",
	"skills: [{levels: [{}]}]\nlevels: [{}]\n", "rules: [{words: {nl: ['*', '**a**', '']}, asks: [{}]}]\n", "items: [{office: {options: [{}, {}, {}]}}]\n", "id:\n  id: [a\n",
	"items: [{kind: graded, parameters: {a: 1, b: []}}]\n", "title: {nl: \"\\ud800\"}\n",
}

// told checks what every error of a parser promises.
func told(t *testing.T, err error) {
	t.Helper()
	var problems *Problems
	if !errors.As(err, &problems) {
		t.Fatalf("not a list of problems: %v", err)
	}
	last := 0
	for _, p := range problems.List {
		if p.Message == "" || p.Mend == "" || p.File != "f.yaml" || p.Line < last || !utf8.ValidString(p.String()) {
			t.Fatalf("a problem out of order, or without message or mend: %+v", p)
		}
		last = p.Line
	}
}

func FuzzParse(f *testing.F) {
	f.Add(content(f, "framework.yaml"))
	f.Add([]byte(small()))
	for _, s := range hostile {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		got, err := Parse("f.yaml", bytes.NewReader(src))
		if err != nil {
			told(t, err)
			return
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		again := &Framework{}
		if err := json.Unmarshal(text, again); err != nil {
			t.Fatal(err)
		}
		if found := again.Check(); len(found) > 0 || len(Diff(got, again)) > 0 {
			t.Fatalf("what JSON reads back is not sound: %v", found)
		}
		if _, err := Adapt(got, &Change{Version: got.Version + "x"}); err != nil && utf8.RuneCountInString(got.Version) < 40 {
			t.Fatalf("no change is refused: %v", err)
		}
		answers := map[string]bool{}
		for _, r := range got.Rules {
			answers[r.ID] = true
		}
		required, err := got.Propose(answers)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range required {
			if r.Level < 1 || r.Level > MostLevels || len(r.Reasons) == 0 {
				t.Fatalf("%+v", r)
			}
		}
		got.Suggester().Suggest(string(src[:min(len(src), 200)]))
	})
}

func FuzzParseItems(f *testing.F) {
	paths, _ := filepath.Glob(filepath.Join("..", "..", "..", "content", "skills", "items", "*.yaml"))
	for _, p := range paths {
		f.Add(content(f, filepath.Join("items", filepath.Base(p))))
	}
	f.Add([]byte(bankHead + item(1) + item(2)))
	for _, s := range hostile {
		f.Add([]byte(s))
	}
	whole := builtIn(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		got, err := ParseItems("f.yaml", bytes.NewReader(src))
		if err != nil {
			told(t, err)
			return
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		again := &Bank{}
		if err := json.Unmarshal(text, again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatalf("JSON reads back something else:\n%s", diff)
		}
		for i := range got.Items {
			for _, field := range []bool{false, true} {
				if best := got.Items[i].In(field).Best(); best < 0 || best >= maxOptions {
					t.Fatalf("item %d has its best option at %d", i, best)
				}
			}
		}
		whole.CheckItems([]*Bank{got})
	})
}
