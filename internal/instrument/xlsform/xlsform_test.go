package xlsform_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/instrument/xlsform"
)

// workbook writes sheets of rows of cells; | parts the cells.
func workbook(t testing.TB, sheets map[string]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for _, name := range []string{"survey", "choices", "settings"} {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(sheets[name], "\n") {
			for j, cell := range strings.Split(line, "|") {
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := f.SetCellStr(name, at, strings.TrimSpace(cell)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t testing.TB, sheets map[string]string) *xlsform.Form {
	t.Helper()
	form, err := xlsform.Read("form.xlsx", workbook(t, sheets))
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func notes(form *xlsform.Form) string {
	var lines []string
	for _, n := range form.Notes {
		lines = append(lines, n.String())
	}
	return strings.Join(lines, "\n")
}

const choices = `list_name | name | label::Nederlands (nl) | label::Français (fr)
yn | yes | ja | oui
yn | no | nee | non
tools | copilot | Copilot | Copilot
tools | other tool | iets anders | autre`

func TestAFormBecomesAnInstrument(t *testing.T) {
	t.Parallel()
	form := read(t, map[string]string{
		"survey": `type | name | label::Nederlands (nl) | label::Français (fr) | hint::Nederlands (nl) | hint::Français (fr) | required | relevant | constraint | parameters | appearance
start | start | | | | | | | | |
begin_group | ai | AI | IA | | | | | | |
select_one yn | use | Gebruik je AI? | Utilisez-vous l’IA ? | Ook thuis | Aussi chez vous | yes | | | |
select_multiple tools | which | Welke? | Lesquels ? | | | | ${use} = 'yes' | | | minimal
end_group | | | | | | | | | |
integer | age | Leeftijd | Âge | | | true() | not(selected(${which}, 'other tool')) or ${use} != 'yes' | . >= 16 and . < 100 | |
range | mark | Cijfer | Note | | | | ${age} > 17 | | start=1 end=5 step=1 |
note | bye | Dank je! | Merci ! | | | | | | |
text | words | Nog iets? | Autre chose ? | | | no | ${which} != '' | | |`,
		"choices":  choices,
		"settings": "form_title | form_id | version | default_language\nAI bij ons | ai-bij-ons | 2026-11 | Nederlands (nl)",
	})
	const want = `id: "ai-bij-ons"
version: "2026-11"
title:
  nl: "AI bij ons"
  fr: "AI bij ons"
source: "XLSForm ai-bij-ons"
languages: ["nl", "fr"]
group_size: 10
modules:
  - id: "ai"
    label:
      nl: "AI"
      fr: "IA"
    items: ["use", "which"]
items:
  - id: "use"
    kind: "single"
    topic: "other"
    question:
      nl: "Gebruik je AI?"
      fr: "Utilisez-vous l’IA ?"
    help:
      nl: "Ook thuis"
      fr: "Aussi chez vous"
    options:
      - id: "yes"
        label:
          nl: "ja"
          fr: "oui"
      - id: "no"
        label:
          nl: "nee"
          fr: "non"
    required: true
  - id: "which"
    kind: "multiple"
    topic: "other"
    question:
      nl: "Welke?"
      fr: "Lesquels ?"
    options:
      - id: "copilot"
        label:
          nl: "Copilot"
          fr: "Copilot"
      - id: "other_tool"
        label:
          nl: "iets anders"
          fr: "autre"
    visible: "use == \"yes\""
  - id: "age"
    kind: "number"
    topic: "other"
    question:
      nl: "Leeftijd"
      fr: "Âge"
    visible: "(not (chosen(which, \"other_tool\")) or use != \"yes\")"
    required: true
    min: 16
    max: 99
  - id: "mark"
    kind: "scale"
    topic: "other"
    question:
      nl: "Cijfer"
      fr: "Note"
`
	got := string(form.YAML)
	if diff := cmp.Diff(want, got[:min(len(want), len(got))]); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if it := form.Instrument.Item("words"); it == nil || it.Visible != "answered(which)" || it.Kind != instrument.OpenText {
		t.Errorf("%+v", it)
	}
	if it := form.Instrument.Item("bye"); it == nil || it.Kind != instrument.Info {
		t.Errorf("%+v", it)
	}
	const said = `survey, row 2, type: "start" is not carried over; nothing: who answers, where and when is not recorded
choices, row 5, name: the name "other tool" became "other_tool"; nothing, unless other programs use the name`
	if diff := cmp.Diff(said, notes(form)); diff != "" {
		t.Errorf("notes -want +got\n%s", diff)
	}
}

func TestWhatCannotBeCarriedOverIsToldWithItsRow(t *testing.T) {
	t.Parallel()
	one := func(survey string) map[string]string {
		return map[string]string{"survey": "type|name|label|relevant|constraint|required|choice_filter|parameters\nselect_one yn|use|Gebruik?\nselect_multiple tools|which|Welke?\n" + survey,
			"choices": "list_name|name|label\nyn|yes|ja\nyn|no|nee\nsolo|a|A\ntools|a|A\ntools|b|B"}
	}
	for _, c := range []struct{ row, want string }{
		{"geopoint|where|Waar?", `survey, row 4, type: the type "geopoint" has no counterpart: the question is left out; ask it as`},
		{"calculate|sum|", "survey, row 4, type: a calculation is not carried over"},
		{"select_one gone|x|X", `survey, row 4, type: the list "gone" has 0 choices: the question is left out`},
		{"select_one solo|x|X", `survey, row 4, type: the list "solo" has 1 choices`},
		{"select_one|x|X", "survey, row 4, type: the question names no list of choices"},
		{"select_one solo or_other|x|X", "survey, row 4, type: or_other became a choice"},
		{"text|x|", "survey, row 4, label: the question has no label"},
		{"text|1 x|X", `survey, row 4, name: the name "1 x" became "x"`},
		{"text|use|X", `survey, row 4, name: the name "use" became "use_2"`},
		{"text|x|Dag ${use}", "survey, row 4, label: an earlier answer cannot be repeated inside a text"},
		{"text|x|<b>Dag</b>", "survey, row 4, label: the formatting in this text is not carried over"},
		{"text|x|X|${later} = 'a'", `survey, row 4, relevant: the condition "${later} = 'a'" is not carried over, and everyone is asked: the question "later" does not stand before it`},
		{"text|x|X|${use} = 'maybe'", `has no choice "maybe"`},
		{"text|x|X|count(${use}) > 1", `"count" has no counterpart`},
		{"text|x|X|${which} = 'a'", `the question "which" cannot be compared so`},
		{"text|x|X|${use} = 'yes' and ${use} = 'no'", `everyone is asked: nobody can meet the condition of "x"`},
		{"text|x|X|(${use} = 'yes'", `")" is missing`},
		{"integer|x|X||. != 3", "survey, row 4, constraint: the bounds"},
		{"decimal|x|X||. > 0", "survey, row 4, constraint: the bound itself may be answered too"},
		{"integer|x|X||. > 9 and . < 3", "the lowest number is not below the highest"},
		{"text|x|X|||${use} = 'yes'", "survey, row 4, required: whether one must answer cannot depend"},
		{"select_one yn|x|X||||a = 1", "survey, row 4, choice_filter: choices cannot depend on earlier answers"},
		{"range|x|X|||||start=5 end=1", "survey, row 4, parameters: the range does not rise"},
		{"begin_repeat|x|X\ntext|y|Y\nend_repeat", "survey, row 4, type: a repeat is not carried over"},
		{"begin_group|x|X\ntext|y|Y", "survey, type: a group has no end"},
		{"end_group", "survey, row 4, type: a group ends that did not begin"},
		{"|x|X", "survey, row 4, type: the row has no type"},
		{"note|x|", "survey, row 4, label: an empty note is left out"},
	} {
		if got := notes(read(t, one(c.row))); !strings.Contains(got, c.want) {
			t.Errorf("%s: it does not say %s\n%s", c.row, c.want, got)
		}
	}
	form := read(t, map[string]string{"survey": "type|name|label::nl|label::Español (es)|label::fr\ntext|a|A|A|", "settings": ""})
	if got := notes(form); !strings.Contains(got, "survey, label::Español (es): this language is not carried over") || !strings.Contains(got, "survey, row 2, label (fr): the translation is missing") {
		t.Errorf("languages: %s", got)
	}
}

func TestConditionsKeepTheirMeaning(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ relevant, want string }{
		{"", ""},
		{"${use} = 'yes'", `use == "yes"`},
		{`"yes" = ${use}`, `use == "yes"`},
		{"selected(${use}, 'yes') and not(${use} = 'no')", `(use == "yes" and not (use == "no"))`},
		{"${use} = ''", "not answered(use)"},
		{"${age}>=18 or 65 > ${age}", "(age >= 18 or age < 65)"},
		{"${age} != '18'", "age != 18"},
		{"selected(${which-ones}, '1')", `chosen(which_ones, "1")`},
		{"${mark} = 3", `mark == "3"`},
		{"((${use} = 'yes'))", `use == "yes"`},
	} {
		form := read(t, map[string]string{
			"survey": "type|name|label|relevant|parameters\nselect_one yn|use|A\ninteger|age|B\nselect_multiple n|which-ones|C\nrange|mark|D||start=1 end=5\n" +
				"begin_group|g||" + c.relevant + "\ntext|last|X\nend_group\ntext|ref|R|selected(${which-ones}, '2')",
			"choices": "list_name|name|label\nyn|yes|ja\nyn|no|nee\nn|1|een\nn|2|twee",
		})
		if got := form.Instrument.Item("last").Visible; got != c.want {
			t.Errorf("%s: %s, want %s\n%s", c.relevant, got, c.want, notes(form))
		}
	}
}

func TestWhatIsNoFormIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for name, src := range map[string][]byte{
		"empty": nil, "text": []byte("type,name"), "large": make([]byte, xlsform.MaxBytes+1),
		"no rows":  workbook(t, map[string]string{"survey": "type|name|label"}),
		"no items": workbook(t, map[string]string{"survey": "type|name|label\nimage|a|A"}),
	} {
		_, err := xlsform.Read("f.xlsx", src)
		var p *xlsform.Problem
		if !errors.As(err, &p) || p.Message == "" || p.Mend == "" || !strings.HasPrefix(p.Error(), "f.xlsx: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// whatever holds a form that was read against what everything else takes for granted.
func whatever(t interface{ Fatalf(string, ...any) }, src []byte) {
	form, err := xlsform.Read("f.xlsx", src)
	var p *xlsform.Problem
	var list *instrument.Problems
	switch {
	case errors.As(err, &p) || errors.As(err, &list):
		return
	case err != nil:
		t.Fatalf("an error that nobody expects: %v", err)
	}
	if _, err := instrument.Parse("f", form.YAML); err != nil {
		t.Fatalf("the instrument is refused: %v\n%s", err, form.YAML)
	}
	for _, n := range form.Notes {
		if n.Message == "" || n.Mend == "" {
			t.Fatalf("a note that does not help: %+v", n)
		}
	}
}

func TestAnyWorkbookBecomesAnInstrumentOrIsRefused(t *testing.T) {
	t.Parallel()
	words := []string{"", "use", "yes", "no", "1", "select_one yn", "select_multiple yn", "select_one yn or_other", "integer", "range", "note", "text", "begin_group", "end_group",
		"${use} = 'yes'", "${a} > 1 and not(${use} = '')", "selected(${use}, 'no')", ". > 1", "start=1 end=3", "a", "a-b", "<b>x</b>", "&lt;<", "é\x07", "Ja", "ja", "in", "not"}
	rapid.Check(t, func(r *rapid.T) {
		rowOf := rapid.Custom(func(r *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 8, 8).Draw(r, "cells"), "|")
		})
		lines := rapid.SliceOfN(rowOf, 0, 12)
		src := workbook(t, map[string]string{
			"survey":   "type|name|label::nl|label::fr|relevant|constraint|required|parameters\nselect_one yn|use|Q|Q\n" + strings.Join(lines.Draw(r, "survey"), "\n"),
			"choices":  "list_name|name|label::nl|label::fr\nyn|yes|ja|oui\nyn|no|nee|non\n" + strings.Join(lines.Draw(r, "choices"), "\n"),
			"settings": "form_title|form_id|version\n" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 3, 3).Draw(r, "settings"), "|"),
		})
		whatever(r, src)
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte{})
	f.Add(workbook(f, map[string]string{"survey": "type|name|label\ntext|a|A", "choices": choices}))
	f.Fuzz(func(t *testing.T, src []byte) { whatever(t, src) })
}
