package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"
)

// benchRows is how many rows the benchmarks of CSV read: 200,000, or what TEKENTAFEL_BENCH_ROWS says.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("TEKENTAFEL_BENCH_ROWS")); err == nil {
		return n
	}
	return 200_000
}

// staff returns row i of a list with 12 columns.
func staff(r *rand.Rand, i int) []string {
	given := []string{"Jan", "An", "Els", "Bo", "Zoë", "René", "Hélène", "Mohamed", "Fatima", "Tom"}[r.IntN(10)]
	family := []string{"Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet"}[r.IntN(10)] + strconv.Itoa(r.IntN(5000))
	return []string{
		fmt.Sprintf("%07d", 1000000+i), family, given, fmt.Sprintf("%s.%s%d@voorbeeld.be", given, family, i%100),
		fmt.Sprintf("Dienst %d", r.IntN(400)), fmt.Sprintf("D%03d", r.IntN(400)), fmt.Sprintf("Functie %d", r.IntN(900)), "C1-C3", []string{"1,0", "0,8", "0,5"}[r.IntN(3)],
		[]string{"statutair", "contractueel"}[r.IntN(2)], fmt.Sprintf("%02d/%02d/%d", 1+r.IntN(28), 1+r.IntN(12), 1980+r.IntN(45)), fmt.Sprintf("%07d", 1000000+r.IntN(1+i/10)),
	}
}

func staffHeadings() []string {
	return []string{"Stamnummer", "Naam", "Voornaam", "E-mail", "Dienst", "Dienstcode", "Functie", "Graad", "VTE", "Statuut", "In dienst", "Leidinggevende"}
}

func benchCSV(b *testing.B, n int) string {
	path := filepath.Join(b.TempDir(), "staff.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	buf := bufio.NewWriter(f)
	w := csv.NewWriter(buf)
	w.Comma = ';'
	r := rand.New(rand.NewPCG(1, 2))
	must(w.Write(staffHeadings()))
	for i := range n {
		must(w.Write(staff(r, i)))
	}
	w.Flush()
	must(errors.Join(w.Error(), buf.Flush(), f.Close()))
	return path
}

// held returns the bytes that stay in use after f.
func held[T any](f func() T) (T, float64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	v := f()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return v, float64(after.HeapAlloc) - float64(before.HeapAlloc)
}

// BenchmarkCSV reads a list with 12 columns, beside encoding/csv that keeps all cells.
func BenchmarkCSV(b *testing.B) {
	n := benchRows()
	path := benchCSV(b, n)
	b.Run("sheet", func(b *testing.B) {
		for b.Loop() {
			t, bytes := held(func() *Table { return read(b, path, Options{}) })
			if t.Len() != n {
				b.Fatal(t.Len())
			}
			b.ReportMetric(bytes/float64(n), "B/row")
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("encoding/csv", func(b *testing.B) {
		for b.Loop() {
			rows, bytes := held(func() [][]string {
				f, err := os.Open(path)
				if err != nil {
					b.Fatal(err)
				}
				defer f.Close() //nolint:errcheck // only read from
				r := csv.NewReader(bufio.NewReaderSize(f, 1<<20))
				r.Comma = ';'
				rows, err := r.ReadAll()
				if err != nil {
					b.Fatal(err)
				}
				return rows
			})
			b.ReportMetric(bytes/float64(n), "B/row")
			runtime.KeepAlive(rows)
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkStored writes and reads the stored form.
func BenchmarkStored(b *testing.B) {
	n := benchRows()
	t := read(b, benchCSV(b, n), Options{})
	path := filepath.Join(b.TempDir(), "stored")
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			f, err := os.Create(path)
			must(err)
			must(errors.Join(t.Write(f), f.Close()))
		}
		info, err := os.Stat(path)
		must(err)
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		b.ReportMetric(float64(info.Size())/float64(n), "B/row")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			f, err := os.Open(path)
			must(err)
			again, err := ReadTable(f, Limits{})
			must(errors.Join(err, f.Close()))
			if again.Len() != n {
				b.Fatal(again.Len())
			}
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkXLSX reads a workbook with 12 columns, beside excelize.
func BenchmarkXLSX(b *testing.B) {
	n := min(benchRows(), 100_000)
	path := filepath.Join(b.TempDir(), "staff.xlsx")
	x := excelize.NewFile()
	w, err := x.NewStreamWriter("Sheet1")
	must(err)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n + 1 {
		cells := staffHeadings()
		if i > 0 {
			cells = staff(r, i-1)
		}
		row := make([]any, len(cells))
		for c, cell := range cells {
			row[c] = cell
		}
		if i > 0 {
			row[0], row[8], row[10] = 1000000+i, 0.8, 40000+i%5000
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		must(err)
		must(w.SetRow(at, row))
	}
	must(errors.Join(w.Flush(), x.SaveAs(path), x.Close()))
	b.Run("sheet", func(b *testing.B) {
		for b.Loop() {
			t, bytes := held(func() *Table { return read(b, path, Options{}) })
			if t.Len() != n {
				b.Fatal(t.Len())
			}
			b.ReportMetric(bytes/float64(n), "B/row")
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("excelize", func(b *testing.B) {
		for b.Loop() {
			x, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
			must(err)
			rows, err := x.Rows("Sheet1")
			must(err)
			var all [][]string
			for rows.Next() {
				cells, err := rows.Columns()
				must(err)
				all = append(all, cells)
			}
			must(errors.Join(rows.Error(), rows.Close(), x.Close()))
			if len(all) != n+1 {
				b.Fatal(len(all))
			}
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}
