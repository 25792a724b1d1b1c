// Command bench prints our figures beside DuckDB's and R's on the same made-up answers.
//
// It lives in a module of its own, so that the product stays free of cgo. Run it with "make bench"; BENCH_SIZE sets the
// number of respondents (default 10 million), BENCH_RUNS the number of timed runs of each peer (default 5).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run does one step, or all of them, each in a process of its own: a child's peak memory is counted from its parent's.
func run(ctx context.Context, args []string) error {
	size, err := fromEnv("BENCH_SIZE", 10_000_000)
	if err != nil {
		return err
	}
	runs, err := fromEnv("BENCH_RUNS", 5)
	if err != nil {
		return err
	}
	f := filesOf("out", size)
	switch {
	case len(args) == 0:
		for _, step := range []string{"prepare", "command", "crosstabs"} {
			self := exec.CommandContext(ctx, os.Args[0], step)
			self.Stdout, self.Stderr = os.Stdout, os.Stderr
			if err := self.Run(); err != nil {
				return fmt.Errorf("%s: %w", step, err)
			}
		}
		return nil
	case args[0] == "prepare":
		return prepare(ctx, f)
	case args[0] == "command":
		return timeCommand(ctx, f)
	case args[0] == "crosstabs":
		w, err := openWave(ctx, f)
		if err != nil {
			return err
		}
		return errors.Join(compareCrosstabs(ctx, w, runs), w.Close())
	default:
		return fmt.Errorf("there is no step %q; choose prepare, command or crosstabs", args[0])
	}
}

func fromEnv(name string, otherwise int) (int, error) {
	s := os.Getenv(name)
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s must be a whole number of 1 or more, not %q", name, s)
	}
	return n, nil
}
