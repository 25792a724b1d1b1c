package instrument

import (
	"errors"
	"strings"
	"testing"
)

// head starts an instrument in one language; what follows is line 6.
const head = `id: test
version: "1"
title: {nl: Test}
languages: [nl]
group_size: 10
`

const yesNo = `[{id: ja, label: {nl: ja}}, {id: nee, label: {nl: nee}}]`

// use is a sound first item, lines 6-8.
const use = `items:
  - {id: use, kind: single, question: {nl: Gebruik}, options: ` + yesNo + `}
  - {id: s1, kind: scale, question: {nl: S1}, options: ` + yesNo + `}
`

func TestParseAccepts(t *testing.T) {
	t.Parallel()
	in, err := Parse("t.yaml", []byte(head+use+`  - {id: m, kind: matrix, question: {nl: M}, options_from: five, visible: use == "ja", rows: [{id: m1, text: {same: M1}}, {id: m2, text: {nl: tweede}, label: {nl: kort}}]}
scales:
  five:
    - {id: 1, label: {nl: een}}
    - {id: 2, label: {nl: twee}}
    - {id: dk, label: {nl: weet niet}, missing: dont-know}
constructs:
  - {id: c, label: {nl: C}, items: [m1, m2, s1]}
`))
	if err != nil {
		t.Fatal(err)
	}
	m := in.Items[2]
	if got := *m.Options[1].Value; got != 2 {
		t.Errorf("second point has value %v, want its position 2", got)
	}
	if m.Options[2].Value != nil {
		t.Error("an answer outside the scale got a value")
	}
	if got := m.Rows[0].Text.In(NL); got != "M1" {
		t.Errorf("a text that is the same in all languages reads %q, want M1", got)
	}
	if m.Topic != TopicOther {
		t.Errorf("topic %q, want the default other", m.Topic)
	}
	if got := in.Constructs[0].MinAnswered; got != 2 {
		t.Errorf("min_answered %d, want the default 2 of 3", got)
	}
}

func TestParseDefaultsToFourLanguages(t *testing.T) {
	t.Parallel()
	_, err := Parse("t.yaml", []byte("id: t\nversion: 1\ngroup_size: 5\ntitle: {nl: a, fr: b, en: c}\nitems:\n  - {id: a, kind: text, question: {same: A}}\n"))
	want := `t.yaml:4:8: the translation in "de" is missing; add de: with the text`
	if err == nil || err.Error() != want {
		t.Fatalf("got  %v\nwant %s", err, want)
	}
}

func TestParseProblems(t *testing.T) {
	t.Parallel()
	item := func(fields string) string { return head + "items:\n  - {id: a, question: {nl: A}, " + fields + "}\n" }
	for _, c := range []struct {
		name, src string
		want      string // messages, without the file's name, one a line
	}{
		// The file as a whole.
		{"empty", "", `: the file is empty; start from an instrument that works, such as genai-monitor.yaml`},
		{"only a comment", "# nothing\n", `: the file is empty; start from an instrument that works, such as genai-monitor.yaml`},
		{"too large", strings.Repeat("#", MaxBytes+1), `: the file is larger than 4 MB; an instrument is a short text file: check that this is the right one`},
		{"not UTF-8", "id: a\nversion: \xff", `:2:10: the file is not valid UTF-8 here; save it as UTF-8 (in a spreadsheet or editor: encoding UTF-8)`},
		{"not YAML", "id: a\n\tb: c\n", `:2:1: this is not YAML: found a tab character that violates indentation; check the indentation and the colons from this line on, and put a text with : ? # or , between double quotes`},
		{"not YAML in a flow", head + "items:\n  - {id: a, kind: text, question: {nl: Echt waar?}}\n", `:7:1: this is not YAML: did not find expected ',' or '}'; check the indentation and the colons from this line on, and put a text with : ? # or , between double quotes`},
		{"two documents", head + use + "---\nid: b\n", `:9:1: the file goes on after the first document; keep one in a file and remove the line ---`},
		{"a list", "- a\n", ":1:1: expected a mapping with id, version, title and so on, found a list; write each part as `key: value`"},
		{"anchor", head + use + "  - &x {id: b, kind: text, question: {nl: B}}\n", `:9:5: anchors and aliases (& and *) are not allowed; write the text out, or put shared options under scales and name them with options_from`},
		{"tag", head + "source: !!binary aGk=\n" + use, `:6:9: the YAML tag "!!binary" is not allowed; remove it`},

		// Keys and types.
		{"unknown key", head + use + "construct: []\n", `:9:1: unknown key "construct"; did you mean "constructs"?`},
		{"unknown key without likeness", item("kind: text, colour: red"), `:7:44: unknown key "colour"; use one of: id, kind, topic, context, label, question, help, options, options_from, rows, visible, required, sensitive, column, min, max, unit, group`},
		{"key twice", item("kind: text, kind: info"), `:7:44: key "kind" stands here for the second time (first on line 7); keep one of the two`},
		{"text expected", head + "source: [a]\n" + use, `:6:9: expected a text, found a list; write the text between quotes`},
		{"truth expected", item("kind: text, required: yes"), `:7:54: expected true or false, found "yes"; write true or false without quotes`},
		{"number expected", item(`kind: number, min: "3"`), `:7:51: expected a number, found "3"; write digits with a decimal point, without quotes`},
		{"infinity", item(`kind: number, min: .inf`), `:7:51: expected a number, found ".inf"; write digits with a decimal point, without quotes`},
		{"whole number expected", strings.Replace(head, "10", "10.5", 1) + use, `:5:13: expected a whole number, found "10.5"; write digits only, without quotes`},
		{"list expected", head + "items: {}\n", ":6:8: expected a list, found a mapping; start each element on a new line with `- `, or write [a, b]"},
		{"nothing where a text should be", item("kind: text, label: {nl: }"), `:7:56: expected a text, found nothing; write the text between quotes`},

		// Languages and texts.
		{"unknown language", strings.Replace(head, "[nl]", "[nl, es]", 1) + use, `:4:17: unknown language "es"; use nl, fr, de, en`},
		{"language twice", strings.Replace(head, "[nl]", "[nl, nl]", 1) + use, `:4:17: language "nl" stands here twice; keep it once`},
		{"text in a language too many", item("kind: text, help: {nl: x, fr: y}"), `:7:62: the language "fr" is not in languages; add it there, or remove this text`},
		{"text in an unknown language", item("kind: text, help: {nl: x, es: y}"), `:7:58: unknown key "es"; use one of: same, nl, fr, de, en`},
		{"empty text", item(`kind: text, help: {nl: " "}`), `:7:55: this text is empty; write it in "nl"`},
		{"missing question", head + "items:\n  - {id: a, kind: text}\n", `:7:5: the text question is missing; add it in nl`},
		{"HTML", item(`kind: text, help: {nl: "<b>x</b>"}`), `:7:55: this text holds HTML: "<b>"; write plain text: it is shown as it stands`},
		{"entity", item(`kind: text, help: {nl: "a&nbsp;b"}`), `:7:55: this text holds HTML: "&nbsp;"; write plain text: it is shown as it stands`},
		{"control character", item(`kind: text, help: {nl: "a\u0007b"}`), `:7:55: this text holds the invisible character U+0007; remove it`},
		{"bidi override", item(`kind: text, help: {nl: "a\u202eb"}`), `:7:55: this text holds the invisible character U+202E; remove it`},
		{"same beside others", item(`kind: text, help: {same: x, nl: y}`), `:7:57: a text that is the same in all languages has other languages beside it; keep same: alone, or write each language`},

		// Ids.
		{"id grammar", head + "items:\n  - {id: 1a, kind: text, question: {nl: A}}\n", `:7:10: the id "1a" is not allowed; start with a letter and use only a-z, A-Z, 0-9, - and _`},
		{"item id twice", head + use + "  - {id: use, kind: text, question: {nl: A}}\n", `:9:10: the id "use" is already that of item on line 7; give it another id: items, rows, constructs and indicators share one list of ids`},
		{"row has the id of an item", head + use + "  - {id: m, kind: matrix, question: {nl: A}, options: " + yesNo + ", rows: [{id: use, text: {nl: R}, column: r}]}\n",
			`:9:125: the id "use" is already that of item on line 7; give it another id: items, rows, constructs and indicators share one list of ids`},
		{"group size", strings.Replace(head, "10", "4", 1) + use, `:5:13: group_size is 4; write a whole number of 5 or more (10 is usual): smaller groups would show persons`},
	} {
		checkProblems(t, c.name, c.src, c.want)
	}
}

// checkProblems runs a subtest that Parse finds exactly these problems.
func checkProblems(t *testing.T, name, src, want string) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		in, err := Parse("t", []byte(src))
		var problems *Problems
		if !errors.As(err, &problems) || in != nil {
			t.Fatalf("got instrument %v, error %v; want no instrument and problems", in != nil, err)
		}
		got := strings.ReplaceAll("\n"+err.Error(), "\nt:", "\n:")[1:]
		if got != want {
			t.Errorf("problems\n%s\nwant\n%s", got, want)
		}
		for _, p := range problems.List {
			if p.Message == "" || p.Mend == "" {
				t.Errorf("problem without message or mend: %+v", p)
			}
		}
	})
}
