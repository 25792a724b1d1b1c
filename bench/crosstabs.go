package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/stats"
)

// rScript times the same sums in R.
const rScript = "crosstabs.R"

// compareCrosstabs times, in turn, all weighted shares with standard errors and all crosstabs by department: ours with
// estimates and intervals, DuckDB's with the sums that they need, R's with the same sums.
func compareCrosstabs(ctx context.Context, w *wave, runs int) error {
	fmt.Printf("\n%d respondents x %d items, weighted, %d departments: every share with its standard error, overall and by department\n",
		w.size, len(w.items), departments)
	var ours, duck []float64
	var check float64
	for range runs {
		start := time.Now()
		sum, err := crosstabs(ctx, w)
		if err != nil {
			return err
		}
		ours = append(ours, time.Since(start).Seconds())
		start = time.Now()
		theirs, err := duckCrosstabs(ctx, w)
		if err != nil {
			return err
		}
		duck = append(duck, time.Since(start).Seconds())
		if math.Abs(sum-theirs) > 1e-9*math.Abs(sum) {
			return fmt.Errorf("the two do not agree: the weights of all answers add up to %v here and to %v in DuckDB", sum, theirs)
		}
		check = sum
	}
	var ratios []float64
	for i := range ours {
		ratios = append(ratios, ours[i]/duck[i])
	}
	row := func(name string, s []float64, unit string) {
		fmt.Printf("  %-24s min %7.3f   median %7.3f   max %7.3f %s\n", name, slices.Min(s), median(s), slices.Max(s), unit)
	}
	row("tekentafel", ours, "s")
	row("DuckDB", duck, "s")
	row("ratio tekentafel/DuckDB", ratios, "")
	r, err := rCrosstabs(ctx, w, check)
	if err != nil {
		fmt.Printf("  R: not measured (%v)\n", err)
		return nil
	}
	row("R (data.table)", r, "s")
	fmt.Printf("  %-24s median %7.3f\n", "ratio tekentafel/R", median(ours)/median(r))
	return nil
}

// crosstabs estimates every share of every item, overall and by department, and returns the sum of the weights of all
// answers as a check.
func crosstabs(ctx context.Context, w *wave) (float64, error) {
	a := w.answers
	design := &stats.Design{N: a.N, Weights: a.Weights}
	estimator, err := stats.New(design)
	if err != nil {
		return 0, err
	}
	group := w.codes("department")
	items := make([]stats.Codes, len(w.items))
	for i, id := range w.items {
		items[i] = w.codes(id)
	}
	tables, err := stats.Tally(ctx, design, items, &group, 0)
	if err != nil {
		return 0, err
	}
	var sum float64
	for i, t := range tables {
		total := t.Total()
		class := substantive(items[i].K)
		if _, err := estimator.Shares(ctx, stats.Cross{Item: items[i], Class: class, Classes: items[i].K - first, Table: total}); err != nil {
			return 0, err
		}
		if _, err := estimator.Shares(ctx, stats.Cross{Item: items[i], Class: class, Classes: items[i].K - first, Group: &group, Table: t}); err != nil {
			return 0, err
		}
		for k := first; k < total.K; k++ {
			sum += total.At(0, k).W
		}
	}
	return sum, nil
}

// duckCrosstabs asks DuckDB for the count, the sum of weights and the sum of squared weights of every department and
// answer, from which the same estimates follow.
func duckCrosstabs(ctx context.Context, w *wave) (float64, error) {
	var sum float64
	for _, id := range w.items {
		rows, err := w.db.QueryContext(ctx, fmt.Sprintf("SELECT department, %[1]s, count(*), sum(weight), sum(weight * weight) FROM wave GROUP BY department, %[1]s", id))
		if err != nil {
			return 0, err
		}
		for rows.Next() {
			var department string
			var answer *uint8
			var n int64
			var sw, sw2 float64
			if err := rows.Scan(&department, &answer, &n, &sw, &sw2); err != nil {
				return 0, err
			}
			if answer != nil {
				sum += sw
			}
		}
		if err := rows.Err(); err != nil {
			return 0, err
		}
		if err := rows.Close(); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// rCrosstabs hands the columns to R as bytes and reads back the seconds of three runs.
func rCrosstabs(ctx context.Context, w *wave, check float64) ([]float64, error) {
	rscript, err := exec.LookPath("Rscript")
	if err != nil {
		return nil, fmt.Errorf("Rscript is not installed")
	}
	if err := w.writeColumns(); err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, rscript, "--vanilla", rScript, w.dir, strconv.Itoa(w.size), strings.Join(w.items, ",")).Output()
	if err != nil {
		return nil, fmt.Errorf("R: %w", err)
	}
	var seconds []float64
	for _, line := range strings.Fields(string(out)) {
		if s, ok := strings.CutPrefix(line, "sum="); ok {
			sum, err := strconv.ParseFloat(s, 64)
			if err != nil || math.Abs(sum-check) > 1e-9*math.Abs(check) {
				return nil, fmt.Errorf("its weights add up to %s, not %v", s, check)
			}
			continue
		}
		s, err := strconv.ParseFloat(line, 64)
		if err != nil {
			return nil, fmt.Errorf("R printed %q", line)
		}
		seconds = append(seconds, s)
	}
	if len(seconds) == 0 {
		return nil, fmt.Errorf("R printed no time")
	}
	return seconds, nil
}

// writeColumns writes the columns as plain little-endian binary, once.
func (w *wave) writeColumns() error {
	for _, id := range w.items {
		if err := writeOnce(filepath.Join(w.dir, id+".u8"), w.codes(id).U8); err != nil {
			return err
		}
	}
	dep := w.codes("department")
	if err := writeOnce(filepath.Join(w.dir, "department.u16"), dep.U16); err != nil {
		return err
	}
	return writeOnce(filepath.Join(w.dir, "weight.f64"), w.answers.Weights)
}

func writeOnce(path string, data any) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<20)
	if err := binary.Write(b, binary.LittleEndian, data); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// first is the code of the first substantive answer.
const first = 5

// substantive returns the class of each of k codes: the answers in order, nothing for absent ones.
func substantive(k int) []int {
	class := make([]int, k)
	for c := range class {
		class[c] = max(-1, c-first)
	}
	return class
}

func (w *wave) codes(id string) stats.Codes {
	for i, v := range w.answers.Variables {
		if v.ID == id {
			c := w.answers.Columns[i]
			return stats.Codes{U8: c.Narrow, U16: c.Wide, K: c.K}
		}
	}
	panic("no column " + id)
}

func median(s []float64) float64 {
	s = slices.Sorted(slices.Values(s))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
