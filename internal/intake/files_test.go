package intake

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"tekentafel/internal/instrument"
)

// grid is a table of cells under headings, to be written in any format.
type grid struct {
	headings []string
	rows     [][]string
}

// sort puts the columns in the order of their headings, which Parquet does by itself.
func (g *grid) sort() {
	order := make([]int, len(g.headings))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(g.headings[a], g.headings[b]) })
	for r, row := range append([][]string{g.headings}, g.rows...) {
		sorted := make([]string, len(row))
		for to, from := range order {
			sorted[to] = row[from]
		}
		if r == 0 {
			g.headings = sorted
		} else {
			g.rows[r-1] = sorted
		}
	}
}

func (g grid) csv(t testing.TB, delimiter rune) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = delimiter
	if err := w.Write(g.headings); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteAll(g.rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (g grid) xlsx(t testing.TB, path string) {
	t.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range append([][]string{g.headings}, g.rows...) {
		cells := make([]any, len(row))
		for j, c := range row {
			if cells[j] = c; c == "" {
				cells[j] = nil
			}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

// parquet writes optional text columns, in a dictionary when dict.
func (g grid) parquet(t testing.TB, path string, dict bool, rowsPerGroup int) {
	t.Helper()
	group := parquet.Group{}
	for _, h := range g.headings {
		node := parquet.Optional(parquet.String())
		if dict {
			node = parquet.Encoded(node, &parquet.RLEDictionary)
		}
		group[h] = node
	}
	schema := parquet.NewSchema("answers", group)
	place := map[string]int{} // heading -> column
	for i, c := range schema.Columns() {
		place[c[0]] = i
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := parquet.NewWriter(f, schema, parquet.MaxRowsPerRowGroup(int64(max(rowsPerGroup, 1))))
	for _, r := range g.rows {
		row := make(parquet.Row, len(g.headings))
		for i, h := range g.headings {
			column := place[h]
			row[column] = parquet.NullValue().Level(0, 0, column)
			if r[i] != "" {
				row[column] = parquet.ValueOf(r[i]).Level(0, 1, column)
			}
		}
		if _, err := w.WriteRows([]parquet.Row{row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// write puts bytes in a file of the test.
func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// wide is an instrument of n five-point items.
func wide(n int) *instrument.Instrument {
	in := &instrument.Instrument{ID: "wide", Version: "1"}
	for i := range n {
		in.Items = append(in.Items, likert(fmt.Sprintf("q%02d", i)))
	}
	return in
}

// writeBig writes rows five-point answers to n items as Parquet: texts in a dictionary, or plain small integers.
func writeBig(t testing.TB, path string, rows, n int, text bool) {
	t.Helper()
	group := parquet.Group{}
	for i := range n {
		if text {
			group[fmt.Sprintf("q%02d", i)] = parquet.Encoded(parquet.Optional(parquet.String()), &parquet.RLEDictionary)
		} else {
			group[fmt.Sprintf("q%02d", i)] = parquet.Encoded(parquet.Int(8), &parquet.Plain)
		}
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := parquet.NewWriter(f, parquet.NewSchema("answers", group), parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(1<<20))
	rng := rand.New(rand.NewPCG(1, 2))
	batch := make([]parquet.Row, 1000)
	for i := range batch {
		batch[i] = make(parquet.Row, n)
	}
	for range rows / len(batch) {
		for _, row := range batch {
			for j := range row {
				v := rng.IntN(6)
				switch {
				case !text:
					row[j] = parquet.Int32Value(int32(max(v, 1))).Level(0, 0, j)
				case v == 0:
					row[j] = parquet.NullValue().Level(0, 0, j)
				default:
					row[j] = parquet.ByteArrayValue([]byte{byte('0' + v)}).Level(0, 1, j)
				}
			}
		}
		if _, err := w.WriteRows(batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
