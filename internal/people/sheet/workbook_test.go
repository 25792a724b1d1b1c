package sheet

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// book makes a workbook; f fills it.
func book(t testing.TB, f func(x *excelize.File)) string {
	t.Helper()
	x := excelize.NewFile()
	f(x)
	path := filepath.Join(t.TempDir(), "list.xlsx")
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func rows(x *excelize.File, sheet string, first int, list ...[]any) {
	for i, r := range list {
		cell, err := excelize.CoordinatesToCellName(1, first+i)
		must(err)
		must(x.SetSheetRow(sheet, cell, &r))
	}
}

func style(x *excelize.File, s *excelize.Style) int {
	id, err := x.NewStyle(s)
	must(err)
	return id
}

func TestAWorkbookAsPeopleMakeIt(t *testing.T) {
	t.Parallel()
	path := book(t, func(x *excelize.File) {
		const s = "Sheet1"
		rows(x, s, 1, []any{"Personeel op 29 november"})
		must(x.MergeCell(s, "A1", "H1"))
		rows(x, s, 3,
			[]any{"Persoon", nil, nil, "Tewerkstelling", nil, nil, nil, "Datum in dienst"},
			[]any{"Stamnr", "Naam", "E-mail", "Dienst", nil, "Functie", "VTE"},
			[]any{412, "Jan", "jan@voorbeeld.be", "Burgerzaken", nil, "loketbediende", 1, 44197},
			[]any{1001, "An", "an@voorbeeld.be", nil, nil, "loketbediende", 0.8, 40210},
			[]any{20345, "Bo", "bo@voorbeeld.be", "Groen", nil, "tuinman", 0.5, 43831},
			[]any{20346, "Els", "els@voorbeeld.be", "Groen", nil, "tuinman", 1, 43832},
			[]any{"Totaal", nil, nil, nil, nil, nil, 3.1})
		must(x.MergeCell(s, "A3", "C3"))
		must(x.MergeCell(s, "D3", "G3"))
		must(x.MergeCell(s, "H3", "H4"))
		must(x.MergeCell(s, "D5", "D6"))
		must(x.SetCellStyle(s, "A5", "A8", style(x, &excelize.Style{CustomNumFmt: ptr("000000")})))
		must(x.SetCellStyle(s, "H5", "H5", style(x, &excelize.Style{NumFmt: 14})))
		must(x.SetCellStyle(s, "F7", "F7", style(x, &excelize.Style{Alignment: &excelize.Alignment{Indent: 1}})))
		must(x.SetCellFormula(s, "G9", "SUM(G5:G8)"))
		must(x.SetRowVisible(s, 8, false))
		must(x.SetColVisible(s, "C", false))
		_, err := x.NewSheet("Codes")
		must(err)
		rows(x, "Codes", 1, []any{"Code", "Omschrijving"}, []any{"A1", "Burgerzaken"}, []any{"A2", "Groen"})
		_, err = x.NewSheet("Oud")
		must(err)
		for i := range 40 {
			rows(x, "Oud", 1+i, []any{i, "x", "y", "z", 1, 2, 3, 4, 5, 6, 7, 8})
		}
		must(x.SetSheetVisible("Oud", false))
	})
	table := read(t, path, Options{})
	want := []string{
		"Stamnr|Naam|E-mail|Dienst|Functie|VTE|Datum in dienst",
		"5 000412|Jan|jan@voorbeeld.be|Burgerzaken|loketbediende|1|2021-01-01",
		"6 001001|An|an@voorbeeld.be|Burgerzaken|loketbediende|0.8|2010-02-01",
		"7 020345|Bo|bo@voorbeeld.be|Groen|  tuinman|0.5|2020-01-01",
		"8 020346|Els|els@voorbeeld.be|Groen|tuinman|1|2020-01-02",
	}
	if d := cmp.Diff(want, shown(table)); d != "" {
		t.Error(d)
	}
	notes := []string{
		"hidden-rows@8", "preamble@1", "headings@3-4", "total@9", "blank-rows@2", "empty-column", "sheet-skipped", "sheet-skipped",
		"zeros-shown:Stamnr@5-8", "hidden-column:E-mail", "merged-filled:Dienst", "indented:Functie@7", "date-serials:Datum in dienst",
	}
	if d := cmp.Diff(notes, kinds(table)); d != "" {
		t.Error(d)
	}
	if g := table.Columns[3].Group + table.Columns[6].Group; g != "Tewerkstelling" {
		t.Errorf("the groups are %q", g)
	}
	if s := note(table, NoteWorkbook).Args["sheet"]; s != "Sheet1" {
		t.Errorf("the sheet is %q", s)
	}
	chosen := read(t, path, Options{Sheet: "codes"})
	if d := cmp.Diff([]string{"Code|Omschrijving", "2 A1|Burgerzaken", "3 A2|Groen"}, shown(chosen)); d != "" {
		t.Error(d)
	}
	if _, err := Read(t.Context(), path, Options{Sheet: "Leden"}); err == nil || err.Error() != `the workbook has no sheet "Leden"; choose another` {
		t.Error(err)
	}
}

func ptr[T any](v T) *T { return &v }

func TestASheetOfTheSameKindIsNoticed(t *testing.T) {
	t.Parallel()
	table := read(t, book(t, func(x *excelize.File) {
		_, err := x.NewSheet("Mandatarissen")
		must(err)
		rows(x, "Sheet1", 1, []any{"Nr", "Naam", "Dienst"}, []any{1, "Jan", "IT"}, []any{2, "An", "IT"}, []any{3, "Bo", "IT"})
		rows(x, "Mandatarissen", 1, []any{"Nr", "Naam", "Dienst"}, []any{4, "Els", "IT"})
	}), Options{})
	n := note(table, NoteSheetAlike)
	if n.Args["sheet"] != "Mandatarissen" || n.Args["rows"] != "2" || table.Len() != 3 {
		t.Errorf("%+v", n)
	}
}

func TestAWorkbookThatCountsFrom1904(t *testing.T) {
	t.Parallel()
	table := read(t, book(t, func(x *excelize.File) {
		yes := true
		must(x.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
		rows(x, "Sheet1", 1, []any{"Nr", "Geboren"}, []any{1, 0}, []any{2, 42735})
		must(x.SetCellStyle("Sheet1", "B2", "B3", style(x, &excelize.Style{NumFmt: 14})))
	}), Options{})
	if d := cmp.Diff([]string{"Nr|Geboren", "2 1|1904-01-01", "3 2|2021-01-01"}, shown(table)); d != "" {
		t.Error(d)
	}
}
