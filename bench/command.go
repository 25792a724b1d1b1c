package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// program is the product's binary, from the folder of this module.
const program = "../bin/tekentafel"

// realAnswers are 703 real answers; the timing is left out where they are absent.
const realAnswers = "../../shared/data/chatgpt-literacy-cl/answers.csv"

// timeCommand times the whole program: from file to complete Findings, and from 703 answers to a report.
func timeCommand(ctx context.Context, w files) error {
	fmt.Printf("\nthe whole program, %d respondents x %d items, weighted, by department, to complete Findings\n", w.size, len(itemIDs()))
	for _, data := range []string{w.snapshot, w.parquet} {
		err := timeRuns(ctx, filepath.Ext(data)[1:], 3, "analyse", "--instrument", w.instrument, "--data", data,
			"--weight", "weight", "--by", "department", "--format", "json", "--out", filepath.Join(w.dir, "findings"))
		if err != nil {
			return err
		}
	}
	if _, err := os.Stat(realAnswers); err != nil {
		fmt.Println("\n703 real answers: not measured, the file is absent")
		return nil
	}
	fmt.Println("\nthe whole program, 703 real answers to a complete HTML report")
	return timeRuns(ctx, "html", 10, "analyse", "--instrument", "chatgpt-literacy-cl", "--data", realAnswers,
		"--format", "html", "--out", filepath.Join(w.dir, "report"))
}

// timeRuns runs the program a number of times after one warm-up and prints its times and its largest memory.
func timeRuns(ctx context.Context, name string, runs int, args ...string) error {
	var wall []float64
	var peak int64
	for i := range runs + 1 {
		cmd := exec.CommandContext(ctx, program, args...)
		cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
		start := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s %v: %w\n%s", program, args, err, out)
		}
		if i == 0 {
			continue
		}
		wall = append(wall, time.Since(start).Seconds())
		if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			peak = max(peak, use.Maxrss)
		}
	}
	fmt.Printf("  from %-12s median %.3f s of %d runs, memory at most %.0f MB\n", name, median(wall), runs, float64(peak)/1024)
	return nil
}
