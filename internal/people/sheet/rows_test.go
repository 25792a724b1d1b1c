package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"
)

// leftOut tells whether a note names rows that are not in the table.
func leftOut(k NoteKind) bool {
	return slices.Contains([]NoteKind{NotePreamble, NoteHeadings, NoteBlankRows, NoteRepeatedHeading, NoteTotal, NoteFooter}, k)
}

// checkRows fails unless each row up to the last is a row of the table or named by one note, and not both.
func checkRows(t *rapid.T, table *Table) map[int]bool {
	seen := map[int]bool{}
	take := func(n int, what string) {
		if seen[n] {
			t.Fatalf("row %d is there twice (%s)", n, what)
		}
		seen[n] = true
	}
	last := 0
	for _, r := range table.Rows() {
		if r.Number <= last || len(r.Cells) != len(table.Columns) {
			t.Fatalf("row %d with %d cells follows row %d", r.Number, len(r.Cells), last)
		}
		last = r.Number
		take(r.Number, "table")
	}
	for _, n := range table.Notes {
		if !leftOut(n.Kind) {
			continue
		}
		count := 0
		for _, s := range n.Rows {
			for i := s.From; i <= s.To; i++ {
				take(i, string(n.Kind))
				count++
			}
		}
		if count != n.Count {
			t.Fatalf("%s counts %d rows and names %d", n.Kind, n.Count, count)
		}
	}
	for i := 1; i <= len(seen); i++ {
		if !seen[i] {
			t.Fatalf("row %d is lost", i)
		}
	}
	for i := range table.Columns {
		for k := range i {
			if table.Columns[i].Heading == table.Columns[k].Heading {
				t.Fatalf("two columns are called %q", table.Columns[i].Heading)
			}
		}
	}
	return seen
}

// faulty is a generated list with the faults that exports have. Each line that is no heading holds a mark of its own.
type faulty struct {
	lines [][]string
	marks []string
}

func drawFaulty(t *rapid.T) faulty {
	var f faulty
	width := rapid.IntRange(1, 9).Draw(t, "columns")
	chance := func(of int, what string) bool { return rapid.IntRange(0, of-1).Draw(t, what) == 0 }
	mark := func() string {
		m := fmt.Sprintf("m%dx", len(f.marks))
		f.marks = append(f.marks, m)
		return m
	}
	word := rapid.SampledFrom([]string{"", "IT", "0,8", "100", "01/02/2020", "Zoë", "a b", "Totaal", "-", "x@y.be", "44197", "é;,\"", "lang\nverhaal", " ", "  in"})
	add := func(cells ...string) { f.lines = append(f.lines, cells) }
	for range rapid.IntRange(0, 3).Draw(t, "title") {
		switch {
		case chance(3, "blank"):
			add(make([]string, width)...)
		default:
			add("Lijst "+mark(), word.Draw(t, "word"))
		}
	}
	names := []string{"Nummer", "Naam", "Dienst", "Functie", "VTE", "Datum", "E-mail", "Naam", ""}
	if chance(3, "groups") {
		row := make([]string, width)
		for c := 0; c < width; c += 3 {
			row[c] = "Groep"
		}
		add(row...)
	}
	heading := slices.Clone(names[:width])
	if !chance(6, "no headings") {
		add(heading...)
	}
	for range rapid.IntRange(0, 25).Draw(t, "rows") {
		switch rapid.IntRange(0, 11).Draw(t, "kind") {
		case 0:
			add(make([]string, rapid.IntRange(1, width).Draw(t, "width"))...)
		case 1:
			add("Subtotaal " + mark())
		case 2:
			add(heading...)
		default:
			row := []string{mark()}
			for range rapid.IntRange(0, width).Draw(t, "cells") {
				row = append(row, word.Draw(t, "cell"))
			}
			add(row...)
		}
	}
	if chance(2, "total") {
		add("Totaal "+mark(), "", "3")
	}
	if chance(2, "footer") {
		add("Pagina " + mark())
	}
	return f
}

// checkMarks fails when a mark is neither in the table nor in a note that names its row.
func (f faulty) checkMarks(t *rapid.T, table *Table) {
	var all strings.Builder
	for _, r := range table.Rows() {
		all.WriteString(strings.Join(r.Cells, "|") + "\n")
	}
	for _, n := range table.Notes {
		all.WriteString(n.Args["text"] + n.Heading + "\n")
	}
	for _, c := range table.Columns {
		all.WriteString(c.Heading + c.Group + "\n")
	}
	if strings.Contains(all.String(), "…") {
		return // a note names the row and has the beginning of its text
	}
	for _, m := range f.marks {
		if !strings.Contains(all.String(), m) {
			t.Fatalf("%s is lost: %q\n%s\n%q", m, f.lines, strings.Join(shown(table), "\n"), kinds(table))
		}
	}
}

func readDrawn(t *rapid.T, path string, opt Options) *Table {
	opt.Cleaner = hashing()
	table, err := Read(t.Context(), path, opt)
	var e *Error
	if errors.As(err, &e) && e.Kind == ErrEmpty {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestNoRowOfATextIsLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFaulty(t)
		sep := rapid.SampledFrom([]string{";", ",", "\t"}).Draw(t, "separator")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		wellFormed := true
		var text strings.Builder
		for _, row := range f.lines {
			for i, cell := range row {
				if i > 0 {
					text.WriteString(sep)
				}
				switch {
				case strings.ContainsAny(cell, "\n\"") || strings.Contains(cell, sep):
					text.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
				case rapid.IntRange(0, 40).Draw(t, "stray quote") == 0:
					wellFormed = false
					text.WriteString(`"` + cell)
				default:
					text.WriteString(cell)
				}
			}
			text.WriteString(end)
		}
		raw := text.String()
		if rapid.Bool().Draw(t, "windows-1252") {
			raw, _ = charmap.Windows1252.NewEncoder().String(raw)
		}
		path := filepath.Join(dir, "list.csv")
		must(os.WriteFile(path, []byte(raw), 0o600))
		table := readDrawn(t, path, Options{Separator: sep})
		if table == nil {
			return
		}
		seen := checkRows(t, table)
		f.checkMarks(t, table)
		if !wellFormed {
			return
		}
		for i, row := range f.lines {
			filled := slices.ContainsFunc(row, func(c string) bool { return strings.TrimSpace(c) != "" })
			if filled && !seen[i+1] {
				t.Fatalf("row %d of %d is lost: %q", i+1, len(f.lines), row)
			}
		}
		for _, r := range table.Rows() { // cells stand where they stood
			for _, cell := range f.lines[r.Number-1] {
				if cell == "44197" || strings.TrimSpace(cell) == "" {
					continue // may have become a day; means nothing
				}
				if !slices.Contains(r.Cells, strings.ReplaceAll(cell, "\r\n", "\n")) {
					t.Fatalf("row %d lost %q: %q", r.Number, cell, r.Cells)
				}
			}
		}
	})
}

func TestNoRowOfAWorkbookIsLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFaulty(t)
		x := excelize.NewFile()
		for i, row := range f.lines {
			for c, cell := range row {
				if cell == "" {
					continue
				}
				at, err := excelize.CoordinatesToCellName(c+1, i+1)
				must(err)
				if cell == "100" || cell == "44197" {
					must(x.SetCellInt("Sheet1", at, int64(len(cell)*1000)))
					continue
				}
				must(x.SetCellStr("Sheet1", at, cell))
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "merges") {
			row, column := rapid.IntRange(1, 12).Draw(t, "row"), rapid.IntRange(2, 6).Draw(t, "column")
			from, _ := excelize.CoordinatesToCellName(column, row)
			to, _ := excelize.CoordinatesToCellName(column+rapid.IntRange(0, 2).Draw(t, "across"), row+rapid.IntRange(0, 2).Draw(t, "down"))
			must(x.MergeCell("Sheet1", from, to))
		}
		path := filepath.Join(dir, "list.xlsx")
		must(x.SaveAs(path))
		table := readDrawn(t, path, Options{})
		if table == nil {
			return
		}
		seen := checkRows(t, table)
		f.checkMarks(t, table)
		for i, row := range f.lines {
			if slices.ContainsFunc(row, func(c string) bool { return strings.TrimSpace(c) != "" }) && !seen[i+1] {
				t.Fatalf("row %d of %d is lost: %q", i+1, len(f.lines), row)
			}
		}
	})
}

func TestAStoredTableIsTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFaulty(t)
		path := filepath.Join(dir, "list.csv")
		var text strings.Builder
		for range rapid.SampledFrom([]int{1, 2, 400}).Draw(t, "times") { // beyond a run of rows
			for _, row := range f.lines {
				text.WriteString(strings.Join(row, ";") + "\n")
			}
		}
		must(os.WriteFile(path, []byte(text.String()), 0o600))
		table := readDrawn(t, path, Options{})
		if table == nil {
			return
		}
		var b bytes.Buffer
		must(table.Write(&b))
		again, err := ReadTable(bytes.NewReader(b.Bytes()), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(shown(table), shown(again)); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(table.Columns, again.Columns); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(table.Notes, again.Notes); d != "" {
			t.Fatal(d)
		}
		cut := b.Bytes()[:rapid.IntRange(0, b.Len()-1).Draw(t, "cut")]
		var e *Error
		if _, err := ReadTable(bytes.NewReader(cut), Limits{}); !errors.As(err, &e) || e.Kind != ErrStored {
			t.Fatalf("a stored table of which the end lacks gives %v", err)
		}
	})
}

func TestColumnsCountWhatStandsInThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{1, 7, runRows, runRows + 3, 3*runRows - 1}).Draw(t, "rows")
		distinct := rapid.SampledFrom([]int{1, 2, 300, 3000, 20000}).Draw(t, "distinct")
		c, want, counts := newCellColumn(), make([]string, n), map[string]int{}
		for i := range want {
			if v := (i*7919 + i/3) % distinct; v%5 != 1 {
				want[i] = fmt.Sprint("v", v)
			}
			c.add([]byte(want[i]))
		}
		c.done()
		e := newEditor(c)
		for i := range want {
			if (i*31+distinct)%97 == 0 {
				want[i] = "edited"
				e.set(i, "edited")
			}
			if e.cell(i) != want[i] {
				t.Fatalf("cell %d is %q while it is edited", i, e.cell(i))
			}
		}
		e.close()
		table := &Table{Columns: []Column{{Heading: "h"}}, cells: []*cellColumn{c}, rows: n}
		for i := range n {
			table.place = append(table.place, uint32(i+1))
		}
		if rapid.Bool().Draw(t, "some left out") {
			table.keep = []uint32{}
			table.rows = 0
			for i := range n {
				if i%1000 != 5 {
					table.keep = append(table.keep, uint32(i))
					table.rows++
				}
			}
		}
		filled := 0
		for i := range table.rows {
			at := table.at(i)
			if got := table.Cell(i, 0); got != want[at] {
				t.Fatalf("cell %d is %q, want %q", i, got, want[at])
			}
			if want[at] != "" {
				filled++
				counts[want[at]]++
			}
		}
		table.describe(0)
		if d := table.Columns[0]; d.Filled != filled || d.Distinct != len(counts) {
			t.Fatalf("%+v, want %d filled and %d distinct", d, filled, len(counts))
		}
	})
}
