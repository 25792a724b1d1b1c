package book

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func words() Words {
	return Words{Columns: map[string]string{"code": CodeColumn, "functie": FunctionColumn, "familie": FamilyColumn, "reden": ReasonColumn, "mensen": Passed,
		"kritisch": SkillColumn + "critical", "ethisch": SkillColumn + "ethical", "leidt mensen": RuleColumn + "leads"}, Passed: map[string]bool{"uitleg": true}}
}

func file(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func written(t testing.TB, sheets ...Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, sheets); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sample() []Sheet {
	return []Sheet{
		{Name: "Nodenkaart", Widths: []float64{10, 30}, Head: []string{"Code", "Functie", "Familie", "Mensen", "Kritisch", "Ethisch", "Reden"}, Frozen: 2,
			Rows: [][]any{{"A1", "=HYPERLINK(\"x\")", "Groen", 12, 3, 2, "+1 omdat"}, {"", "", "Groen", 40, "", 4, ""}}},
		{Name: "Regels", Head: []string{"Functie", "Leidt mensen"}, Rows: [][]any{{"@bode", "ja"}}},
		{Name: "Uitleg", Rows: [][]any{{"Lees dit."}}},
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	tables, err := Read(t.Context(), file(t, written(t, sample()...)))
	if err != nil {
		t.Fatal(err)
	}
	lines, troubles := Parse(tables, words())
	if len(troubles) != 0 {
		t.Errorf("troubles: %+v", troubles)
	}
	if len(lines) != 3 {
		t.Fatalf("%+v", lines)
	}
	first, family, rule := lines[0], lines[1], lines[2]
	if first.Code != "A1" || first.Function != `=HYPERLINK("x")` || first.Reason != "+1 omdat" || first.Skills["critical"] != "3" || first.Skills["ethical"] != "2" || first.Row != 2 {
		t.Errorf("%+v", first)
	}
	if family.Function != "" || family.Family != "Groen" || len(family.Skills) != 1 {
		t.Errorf("%+v", family)
	}
	if rule.Function != "@bode" || rule.Rules["leads"] != "ja" || rule.Sheet != "Regels" {
		t.Errorf("%+v", rule)
	}
}

// TestNoCellIsAFormula looks at the cells as a spreadsheet gets them.
func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "|x", "%x", "\t=1", " =1"} {
		content := written(t, Sheet{Name: "A", Head: []string{evil}, Rows: [][]any{{evil}}}, Sheet{Name: "B", Rows: [][]any{{evil}}})
		f, err := excelize.OpenReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range [][2]string{{"A", "A1"}, {"A", "A2"}, {"B", "A1"}} {
			text, err := f.GetCellValue(place[0], place[1])
			formula, err2 := f.GetCellFormula(place[0], place[1])
			if err != nil || err2 != nil || formula != "" || !strings.HasPrefix(text, "'") {
				t.Errorf("%q in %v: %q, formula %q, %v %v", evil, place, text, formula, err, err2)
			}
		}
		tables, err := Read(t.Context(), file(t, content))
		if err != nil {
			t.Fatal(err)
		}
		if got := tables[0].Rows[1].Cells[0]; got != strings.TrimSpace(evil) {
			t.Errorf("%q comes back as %q", evil, got)
		}
	}
}

func TestEveryRowAndColumnIsReadOrTold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		headings := []string{"Code", "Functie", "Familie", "Reden", "Kritisch", "Ethisch", "Leidt mensen", "Mensen", "Kleur", "", "Functie "}
		table := Table{Name: "Blad"}
		for i := range rapid.IntRange(0, 5).Draw(t, "rows") {
			r := Row{Number: i + 1}
			for j := range rapid.IntRange(0, 6).Draw(t, "cells") {
				cell := rapid.SampledFrom([]string{"", "x", "3", "ja"}).Draw(t, "cell")
				if i == 0 {
					cell = rapid.SampledFrom(headings).Draw(t, "heading")
				}
				r.Cells = append(r.Cells, plain(cell))
				_ = j
			}
			table.Rows = append(table.Rows, r)
		}
		lines, troubles := Parse([]Table{table}, words())
		told := func(row int) bool {
			return slices.ContainsFunc(troubles, func(x Trouble) bool { return x.Row == row || x.Row == 0 })
		}
		for _, r := range table.Rows {
			if !blank(r.Cells) && !told(r.Number) && !slices.ContainsFunc(lines, func(l Line) bool { return l.Row == r.Number }) && r.Number > 1 {
				t.Errorf("row %d %q is nowhere: %+v %+v", r.Number, r.Cells, lines, troubles)
			}
		}
	})
}

func TestTroublesAreNamed(t *testing.T) {
	t.Parallel()
	table := func(name string, rows ...string) Table {
		out := Table{Name: name}
		for i, r := range rows {
			out.Rows = append(out.Rows, Row{Number: i + 1, Cells: strings.Split(r, ";")})
		}
		return out
	}
	for name, c := range map[string]struct {
		tables []Table
		want   []string
	}{
		"nothing":             {nil, []string{NothingToRead}},
		"no headings":         {[]Table{table("Blad", "a;b", "c;d")}, []string{NoHeadings}},
		"only an explanation": {[]Table{table("Uitleg", "a")}, []string{NothingToRead}},
		"an odd column":       {[]Table{table("Blad", "Functie;Kritisch;Kleur", "a;3;rood")}, []string{OddColumn}},
		"beyond the headings": {[]Table{table("Blad", "Functie;Kritisch", "a;3;rood")}, []string{OddColumn}},
		"one column twice":    {[]Table{table("Blad", "Functie;Kritisch;KRITISCH", "a;3;2")}, []string{DoubleColumn}},
		"a row of nobody":     {[]Table{table("Blad", "Functie;Kritisch", ";3")}, []string{OddRow}},
		"a title above":       {[]Table{table("Blad", "Nodenkaart van de stad", "Functie;Kritisch", "a;3")}, nil},
	} {
		_, troubles := Parse(c.tables, words())
		var got []string
		for _, x := range troubles {
			got = append(got, x.Key)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if letters(0) != "A" || letters(25) != "Z" || letters(26) != "AA" || letters(701) != "ZZ" || letters(702) != "AAA" {
		t.Error("columns are not named as a spreadsheet does")
	}
}

func TestWhatIsNoWorkbookOrTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := Read(t.Context(), file(t, []byte("Functie;Kritisch"))); !errors.Is(err, ErrNoBook) {
		t.Errorf("a text: %v", err)
	}
	if _, err := Read(t.Context(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, ErrNoBook) {
		t.Errorf("no file: %v", err)
	}
	many := Sheet{Name: "A"}
	for i := range MostRows + 1 {
		many.Rows = append(many.Rows, []any{strconv.Itoa(i)})
	}
	path := file(t, written(t, many))
	if _, err := Read(t.Context(), path); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many rows: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Read(ctx, path); err == nil {
		t.Error("a reader who left is read for")
	}
}

func FuzzAWorkbookIsReadOrRefused(f *testing.F) {
	f.Add(written(f, sample()...))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, content []byte) {
		tables, err := Read(t.Context(), file(t, content))
		if err != nil && !errors.Is(err, ErrNoBook) && !errors.Is(err, ErrTooLarge) {
			t.Fatalf("%v", err)
		}
		Parse(tables, words())
	})
}

func FuzzLinesAreFoundInAnyCells(f *testing.F) {
	f.Add("Functie\tKritisch\na\t3\n\t2")
	f.Add("\n\t\nLeidt mensen\tFamilie\nja\tGroen\tmeer")
	f.Fuzz(func(t *testing.T, text string) {
		table := Table{Name: "Blad"}
		for i, line := range strings.Split(text, "\n") {
			r := Row{Number: i + 1}
			for cell := range strings.SplitSeq(line, "\t") {
				r.Cells = append(r.Cells, plain(cell))
			}
			table.Rows = append(table.Rows, r)
		}
		lines, _ := Parse([]Table{table}, words())
		for _, l := range lines {
			if l.Code+l.Function+l.Family == "" || l.Row < 1 || len(l.Skills) != len(l.SkillOrder) || len(l.Rules) != len(l.RuleOrder) {
				t.Errorf("%+v", l)
			}
		}
	})
}
