// Command bench prints our figures beside DuckDB's and R's on the same made-up answers.
//
// It lives in a module of its own, so that the product stays free of cgo. Run it with "make bench"; BENCH_SIZE sets the
// number of respondents (default 10 million), BENCH_RUNS the number of timed runs of each peer (default 5).
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	size, err := fromEnv("BENCH_SIZE", 10_000_000)
	if err != nil {
		return err
	}
	runs, err := fromEnv("BENCH_RUNS", 5)
	if err != nil {
		return err
	}
	w, err := openWave(ctx, "out", size)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := compareCrosstabs(ctx, w, runs); err != nil {
		return err
	}
	return timeCommand(ctx, w)
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
