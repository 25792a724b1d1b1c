package synth

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
)

// written returns a file of the wave in the format of the ending.
func written(t *testing.T, w *Wave, ext string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := w.Write(t.Context(), &b, "wave"+ext); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readBack reads a file of the wave as a user's file is read.
func readBack(t *testing.T, w *Wave, in *instrument.Instrument, ext string) *intake.Result {
	t.Helper()
	path := filepath.Join(t.TempDir(), "wave"+ext)
	if err := os.WriteFile(path, written(t, w, ext), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := intake.Read(t.Context(), path, in, intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every cell is understood, in every instrument and for organisations from one department to more than a byte can
// number; CSV and Parquet give the same columns.
func TestEveryCellIsUnderstood(t *testing.T) {
	t.Parallel()
	for _, name := range instruments.Names() {
		for _, departments := range []int{1, 24, 400} {
			t.Run(fmt.Sprintf("%s of %d", name, departments), func(t *testing.T) {
				t.Parallel()
				src, err := instruments.Open(name)
				if err != nil {
					t.Fatal(err)
				}
				in, err := instrument.Parse(name, src)
				if err != nil {
					t.Fatal(err)
				}
				w := wave(t, Options{Instrument: in, Size: 4000, Seed: 12, Departments: departments})
				one, other := readBack(t, w, in, ".csv"), readBack(t, w, in, ".parquet")
				routing, err := instrument.CompileRouting(in)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range []*intake.Result{one, other} {
					if report := routing.Apply(r.Answers); report.Total != 0 {
						t.Errorf("%d answers to questions that were not asked", report.Total)
					}
					q := r.Quality
					if len(r.Issues) > 0 || len(r.Proposals) > 0 || q.Unknown > 0 || q.Empty > 0 || len(q.Unread) > 0 || !r.Answers.Synthetic {
						t.Errorf("issues %v, proposals %v, quality %+v", r.Issues[:min(3, len(r.Issues))], r.Proposals, q)
					}
				}
				compare(t, one.Answers, other.Answers)
				compare(t, answers(t, w, 0, 4000), other.Answers)
				for i, c := range one.Answers.Columns {
					if c != nil && !slices.Equal(c.Levels, other.Answers.Columns[i].Levels) {
						t.Errorf("%s has other levels in CSV and Parquet", one.Answers.Variables[i].ID)
					}
				}
			})
		}
	}
}

// The number of workers changes no byte. It belongs to the whole process, so this test runs alone.
func TestWorkersChangeNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	files := map[string][]byte{}
	for _, workers := range []int{1, 3, 16} {
		runtime.GOMAXPROCS(workers)
		for _, ext := range []string{".csv", ".parquet"} {
			got := written(t, wave(t, Options{Size: 2500, Seed: 77}), ext)
			if first, known := files[ext]; known && !bytes.Equal(first, got) {
				t.Errorf("%d workers write another %s", workers, ext)
			}
			files[ext] = got
		}
	}
}

// A wave streams: after three chunks no more is held than after one. Memory belongs to the whole process, so this test
// runs alone.
func TestMemoryIsBounded(t *testing.T) {
	src, err := instruments.Open("chatgpt-literacy-cl")
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse("chatgpt-literacy-cl", src)
	if err != nil {
		t.Fatal(err)
	}
	var held []uint64
	w := wave(t, Options{Instrument: in, Size: 3 * chunk, Seed: 1, Progress: func(int64, int64) {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		held = append(held, m.HeapAlloc)
	}})
	if err := w.Write(context.Background(), io.Discard, "wave.csv"); err != nil {
		t.Fatal(err)
	}
	whole := uint64(len(w.variables) * chunk)
	if len(held) != 3 || held[2] > held[0]+whole/4 {
		t.Errorf("held after each chunk: %d; a chunk of answers is %d bytes", held, whole)
	}
}

// Each margin counts the whole population, and nobody answers from outside it.
func TestMarginsCountEverybody(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{
		{Size: 1, Departments: 1}, {Size: 7, Departments: 24, Population: 7}, {Size: 900, Departments: 400}, {Size: 1214, Departments: 24, Population: 5000},
	} {
		w := wave(t, o)
		var b bytes.Buffer
		if err := w.WriteMargins(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		population := map[string]int{}
		people := map[[2]string]int{}
		for _, row := range rows[1:] {
			n, err := strconv.Atoi(row[2])
			if err != nil || n < 0 {
				t.Fatalf("count %q", row[2])
			}
			population[row[0]] += n
			people[[2]string{row[0], row[1]}] = n
		}
		for variable, n := range population {
			if n != w.opt.Population {
				t.Errorf("%+v: %s counts %d of %d people", o, variable, n, w.opt.Population)
			}
		}
		a := answers(t, w, 0, o.Size)
		_, c := column(t, a, departmentItem)
		answered := map[string]int{}
		for i := range a.N {
			answered[meaning(c, c.At(i))]++
		}
		for name, n := range answered {
			if n > people[[2]string{departmentItem, name}] {
				t.Errorf("%+v: %d answers from %d people of %s", o, n, people[[2]string{departmentItem, name}], name)
			}
		}
	}
}

// A failing disk stops the wave with its own error.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for _, ext := range []string{".csv", ".parquet"} {
		if err := wave(t, Options{Size: 3000, Seed: 1}).Write(t.Context(), full{}, "wave"+ext); err == nil {
			t.Errorf("%s: no error", ext)
		}
	}
	if err := wave(t, Options{Size: 30}).WriteMargins(full{}); err == nil {
		t.Error("margins: no error")
	}
}

// full takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }
