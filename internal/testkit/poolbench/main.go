// Command poolbench prints what the gap analysis of a large organisation takes: five skills of made-up staff, fitted, with an
// interval for every cell that has respondents, and totals of departments, functions and everybody; beside R's lme4 on the
// same people in the same run.
//
// Run it with "make bench-pool". BENCH_SIZE sets the number of people (default 350000, in 2000 functions and 300 departments),
// BENCH_SKILLS how many skills R fits (default 1; ours are always five), and BENCH_GLMER=1 fits R's share too, which takes long.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"

	"tekentafel/internal/clock"
)

const (
	functions   = 2000
	departments = 300
	skills      = 5
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, clock.System()); err != nil {
		fmt.Fprintln(os.Stderr, "bench-pool:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, now clock.Clock) error {
	people, err := fromEnv("BENCH_SIZE", 350_000)
	if err != nil {
		return err
	}
	peers, err := fromEnv("BENCH_SKILLS", 1)
	if err != nil {
		return err
	}
	s := newStaff(people)
	fmt.Printf("%d made-up people, %d functions, %d departments, %d skills; %d processors, %s\n\n", people, functions, departments, skills, runtime.GOMAXPROCS(0), runtime.Version())
	fmt.Printf("%-46s %9s %11s\n", "", "seconds", "processor s")
	first, err := ours(ctx, now, s)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tekentafel-pool-")
	if err != nil {
		return err
	}
	return errors.Join(peer(ctx, dir, s, min(peers, skills), os.Getenv("BENCH_GLMER") == "1", first), os.RemoveAll(dir))
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
