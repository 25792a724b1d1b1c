package view

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

func workbookOf(t *testing.T, lang instrument.Lang) (*excelize.File, []byte) {
	t.Helper()
	s, f := example()
	s.Lang = lang
	var b bytes.Buffer
	if err := XLSX(&b, f, s); err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x, b.Bytes()
}

func TestWorkbookSaysOnEachSheetThatAnswersAreSynthetic(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		x, _ := workbookOf(t, lang)
		if n := len(x.GetSheetList()); n != 11 {
			t.Errorf("%s: %d sheets: %v", lang, n, x.GetSheetList())
		}
		label := i18n.New(locales, "locale").Printer(lang).T("synthetic", nil)
		for _, sheet := range x.GetSheetList() {
			if banner, err := x.GetCellValue(sheet, "A1"); err != nil || !strings.Contains(banner, label) {
				t.Errorf("%s, %s: banner %q, %v", lang, sheet, banner, err)
			}
			panes, err := x.GetPanes(sheet)
			if err != nil || !panes.Freeze || panes.YSplit != 2 {
				t.Errorf("%s, %s: headings not frozen: %+v %v", lang, sheet, panes, err)
			}
			rows, err := x.GetRows(sheet)
			if err != nil || len(rows) < 2 || slices.Contains(rows[1], "") {
				t.Errorf("%s, %s: headings %v %v", lang, sheet, rows, err)
			}
		}
	}
}

func TestWorkbookShowsSuppressedFiguresAsWords(t *testing.T) {
	t.Parallel()
	x, _ := workbookOf(t, instrument.NL)
	for sheet, want := range map[string][]string{
		"Aandelen":    {"use_work", "Gebruik op het werk", "daily", "Elke dag", "Dienst", "Archief", "< 10", "< 10", "< 10", "< 10", "< 10", "< 10"},
		"Gemiddelden": {"technical", "Technisch", "Dienst", "Archief", "< 10", "< 10", "< 10", "< 10", "< 10", "< 10"},
	} {
		rows, err := x.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if last := rows[len(rows)-1]; !slices.Equal(last, want) {
			t.Errorf("%s: %q, want %q", sheet, last, want)
		}
	}
	if v, _ := x.GetCellValue("Aandelen", "I3"); v != "25.0%" {
		t.Errorf("share shown as %q", v)
	}
	if kind, _ := x.GetCellType("Aandelen", "I3"); kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Error("a share is text")
	}
	if v, _ := x.GetCellValue("Betrouwbaarheid", "H3"); v != "" {
		t.Errorf("omega that is not a number shown as %q", v)
	}
}

func TestWorkbookHoldsNoFormula(t *testing.T) {
	t.Parallel()
	x, _ := workbookOf(t, instrument.NL)
	found := 0
	for _, sheet := range x.GetSheetList() {
		rows, err := x.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, v := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := x.GetCellFormula(sheet, cell); formula != "" {
					t.Errorf("%s!%s is a formula: %s", sheet, cell, formula)
				}
				if strings.HasPrefix(v, "'=") || strings.HasPrefix(v, "'@") {
					found++
				}
				kind, _ := x.GetCellType(sheet, cell)
				if v != "" && strings.ContainsRune("=+-@\t", rune(v[0])) && kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
					t.Errorf("%s!%s starts like a formula: %q", sheet, cell, v)
				}
			}
		}
	}
	if found == 0 {
		t.Error("the example has texts that start like a formula, yet none was guarded")
	}
}

func TestWorkbookHoldsTheSameEachTime(t *testing.T) {
	t.Parallel()
	_, one := workbookOf(t, instrument.FR)
	for range 4 {
		if _, other := workbookOf(t, instrument.FR); !bytes.Equal(one, other) {
			t.Fatal("the same tables give other bytes")
		}
	}
}

func TestWorkbookTellsCaveatsInTheWordsOfTheStory(t *testing.T) {
	t.Parallel()
	s, _ := example()
	x, _ := workbookOf(t, instrument.NL)
	rows, err := x.GetRows("Kanttekeningen")
	if err != nil || len(rows) != 2+len(s.Caveats) {
		t.Fatalf("%v, %v", rows, err)
	}
	for i, want := range s.Caveats {
		if rows[i+2][0] != want {
			t.Errorf("caveat %q, want %q", rows[i+2][0], want)
		}
	}
}

func TestWorkbookReportsAFailingWriter(t *testing.T) {
	t.Parallel()
	s, f := example()
	for name, err := range map[string]error{"xlsx": XLSX(broken{}, f, s), "json": JSON(broken{}, f)} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestMessagesAgree(t *testing.T) {
	t.Parallel()
	b := i18n.New(locales, "locale")
	if err := b.Check(); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"synthetic": true, "yes": true, "no": true, "paper.tables": true, "paper.table": true}
	_, f := example()
	f.Data.Missing = []string{"x"}
	f.Design.Clusters, f.Weights.Trimmed, f.Instrument.Source = 2, 2, "s"
	f.Earlier = &findings.Earlier{Label: "toen", Respondents: 9, Linked: 7, Standardised: []string{"department"}}
	for _, reason := range findings.Reasons() {
		f.Earlier.Incomparable = append(f.Earlier.Incomparable, findings.Incomparable{Item: "use_work", Reason: reason})
	}
	f.Changes = []findings.Change{{Item: "technical", Standard: &findings.Standard{}}, {Item: "use_work", Option: "daily", Suppressed: true}}
	for _, g := range (tables{f: f, lang: instrument.NL, words: func(k string) string { used[k] = true; return k }, names: names(f, instrument.NL)}).all() {
		used[g.name] = true
		for _, c := range g.columns {
			used[c.head] = true
		}
		for i, row := range g.rows {
			if len(row) != len(g.columns) {
				t.Errorf("%s, row %d: %d cells under %d headings", g.name, i, len(row), len(g.columns))
			}
		}
	}
	keys, err := b.Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if !used[k] {
			t.Errorf("message %s is used nowhere", k)
		}
		delete(used, k)
	}
	if len(used) > 0 {
		t.Error(fmt.Sprint("no message for ", used))
	}
}

// TestWorkbookGuardsHostileTextEverywhere writes texts that start a formula in each place where somebody outside may have put
// them: labels, wordings, answers, groups, headings of a file, the name of the organisation.
func TestWorkbookGuardsHostileTextEverywhere(t *testing.T) {
	t.Parallel()
	for _, start := range []string{"=", "+", "-", "@", "\t", "\r", "\n"} {
		evil := start + "cmd|' /C calc'!A0"
		text := instrument.Text{}
		for _, lang := range instrument.Languages() {
			text[lang] = evil
		}
		s, f := example()
		f.Instrument.ID, f.Instrument.Title, f.Instrument.Pilot, f.Instrument.Source = evil, text, text, evil
		f.Wave.Organisation, f.Wave.Label = evil, evil
		for i := range f.Questions {
			q := &f.Questions[i]
			q.Label, q.Wording, q.Condition = text, text, evil
			for j := range q.Options {
				q.Options[j].Label = text
			}
		}
		for i := range f.Groups {
			f.Groups[i].Label = text
			for j := range f.Groups[i].Values {
				f.Groups[i].Values[j].Label = text
			}
		}
		f.Shares[0].Option, f.Weights.Margins, f.Data.Unread, f.Data.Missing = evil, []string{evil}, []string{evil}, []string{evil}
		f.Benchmarks[0].Name, f.Benchmarks[0].Caveat, f.Benchmarks[0].Source = text, text, evil
		f.Reliability[0].Note, f.Models[0].Note = evil, evil
		s.Caveats = []string{evil}
		var b bytes.Buffer
		if err := XLSX(&b, f, s); err != nil {
			t.Fatalf("%q: %v", start, err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		guarded := 0
		for _, sheet := range x.GetSheetList() {
			rows, err := x.GetRows(sheet, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			for r, row := range rows {
				for c, v := range row {
					cell, err := excelize.CoordinatesToCellName(c+1, r+1)
					if err != nil {
						t.Fatal(err)
					}
					if formula, err := x.GetCellFormula(sheet, cell); formula != "" || err != nil {
						t.Errorf("%q: %s!%s is a formula: %s, %v", start, sheet, cell, formula, err)
					}
					if strings.HasPrefix(v, start+"cmd") {
						t.Errorf("%q: %s!%s starts a formula: %q", start, sheet, cell, v)
					}
					if strings.Contains(v, "cmd|") {
						guarded++
					}
				}
			}
		}
		if guarded < 30 {
			t.Errorf("%q: only %d hostile texts were found in the workbook", start, guarded)
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
}
