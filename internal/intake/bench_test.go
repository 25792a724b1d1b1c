package intake

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"tekentafel/internal/instrument"
)

// benchRows is a million, or what TEKENTAFEL_BENCH_ROWS says.
func benchRows(b *testing.B) int {
	if n, err := strconv.Atoi(os.Getenv("TEKENTAFEL_BENCH_ROWS")); err == nil {
		return n
	}
	return 1_000_000
}

func benchRead(b *testing.B, path string, items int) {
	in := wide(items)
	b.ReportAllocs()
	for b.Loop() {
		res, err := Read(b.Context(), path, in, Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(res.Answers.N * items))
	}
}

// BenchmarkParquet reads 80 items; bytes a second are cells a second.
func BenchmarkParquet(b *testing.B) {
	for _, text := range []bool{true, false} {
		name := "int8"
		if text {
			name = "dictionary"
		}
		b.Run(name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "big.parquet")
			writeBig(b, path, benchRows(b), 80, text)
			benchRead(b, path, 80)
		})
	}
}

// BenchmarkSnapshot loads 80 items; bytes a second are cells a second.
func BenchmarkSnapshot(b *testing.B) {
	rows := benchRows(b)
	in := wide(80)
	a := &instrument.Answers{Instrument: in, N: rows, Variables: in.Variables()}
	rng := rand.New(rand.NewPCG(1, 2))
	for range a.Variables {
		codes := make([]uint8, rows)
		for i := range codes {
			codes[i] = uint8(1 + rng.IntN(9))
		}
		a.Columns = append(a.Columns, &instrument.Column{Narrow: codes, K: 10})
	}
	path := filepath.Join(b.TempDir(), "big.snapshot")
	if err := WriteSnapshot(path, a); err != nil {
		b.Fatal(err)
	}
	a = nil
	benchRead(b, path, 80)
}

// BenchmarkCSV reads 80 items; bytes a second are cells a second.
func BenchmarkCSV(b *testing.B) {
	rows := benchRows(b)
	var text bytes.Buffer
	for i := range 80 {
		fmt.Fprintf(&text, "q%02d,", i)
	}
	text.Truncate(text.Len() - 1)
	rng := rand.New(rand.NewPCG(1, 2))
	for range rows {
		text.WriteByte('\n')
		for i := range 80 {
			if i > 0 {
				text.WriteByte(',')
			}
			text.WriteByte(byte('1' + rng.IntN(5)))
		}
	}
	path := write(b, "big.csv", text.Bytes())
	benchRead(b, path, 80)
}
