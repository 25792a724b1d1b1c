// Command gapbench prints how long the gap analysis of a large made-up organisation takes, and how much memory.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/synthetic"
	"tekentafel/internal/testkit/taken"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	size := 350_000
	if s := os.Getenv("BENCH_SIZE"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1000 {
			return fmt.Errorf("BENCH_SIZE is %q; give a number of staff from 1,000", s)
		}
		size = n
	}
	fmt.Printf("%-44s %9s %9s %9s %9s %9s %9s\n", "two workers", "cells", "groups", "seconds", "CPU s", "peak MB", "result MB")
	for _, c := range []struct {
		name   string
		change func(r *synthetic.Recipe)
	}{
		{"everybody answers, five statements a skill", func(*synthetic.Recipe) {}},
		{"a third answers, a quarter never tried", func(r *synthetic.Recipe) { r.Response, r.Untried, r.Missing = 0.33, 0.25, 0.02 }},
		{"everybody, statements and four test items", func(r *synthetic.Recipe) { r.TestItems = 4 }},
	} {
		rec := synthetic.Usual(1, size, 2000, 300)
		c.change(&rec)
		w := synthetic.Make(rec)
		w.Hide()
		runtime.GC()
		start, used := elapsed(), cpu()
		g, err := gap.Compute(ctx, &w.Input, gap.Options{Secret: []byte("a secret of the wave"), Seed: 1, Workers: 2})
		if err != nil {
			return err
		}
		seconds := start()
		used = cpu() - used
		file, err := json.Marshal(g)
		if err != nil {
			return fmt.Errorf("result: %w", err)
		}
		fmt.Printf("%-44s %9d %9d %9.1f %9.1f %9.0f %9.1f\n", c.name, len(w.Input.Staff), len(g.Cells)+len(g.Functions)+len(g.Departments)+len(g.Families),
			seconds, used, peak(), float64(len(file))/1e6)
	}
	return nil
}

// elapsed starts a stopwatch.
func elapsed() func() float64 {
	start := time.Now() //nolint:forbidigo // a benchmark measures time
	return func() float64 { return time.Since(start).Seconds() }
}

// peak is the largest resident size of the process so far, in MB; 0 where the system does not tell.
func peak() float64 {
	bytes, err := taken.Peak(os.Getpid())
	if err != nil {
		return 0
	}
	return float64(bytes) / (1 << 20)
}
