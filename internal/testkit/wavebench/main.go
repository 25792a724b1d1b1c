// Command wavebench measures a wave under load on this machine: ballots drawn, answers handed in, pages of questions, ten
// thousand people at once, and the memory that it takes, beside a plain server that only keeps the bytes.
//
// Run it with "make bench-wave". BENCH_SECONDS sets the length of a run (default 10), BENCH_RUNS how often each is repeated
// (default 3), BENCH_CROWD how many people come at once (default 10000), BENCH_ANSWERS how many answers a wave that closes
// holds (default 1000000; 10000000 takes some minutes and 8 GB of disk to fill). BENCH_ONLY is "sqlite" or "postgres" for one engine,
// BENCH_PARTS "load" or "closing" for one half, and BENCH_PROGRAM another server than bin/tekentafel. TEST_DATABASE_URL names an
// empty PostgreSQL database; without it a server is started for the purpose, that writes to disk what it acknowledges. Nothing
// goes beyond the loopback interface.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"tekentafel/internal/testkit/pgtest"
	"tekentafel/internal/testkit/taken"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-wave:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 3 && args[0] == "peer":
		return servePeer(ctx, args[1], args[2])
	case len(args) > 0:
		return errors.New("run it without arguments")
	}
	var p plan
	for _, one := range []struct {
		to        *int
		name      string
		otherwise int
	}{{&p.seconds, "BENCH_SECONDS", 10}, {&p.runs, "BENCH_RUNS", 3}, {&p.crowd, "BENCH_CROWD", 10_000}, {&p.answers, "BENCH_ANSWERS", 1_000_000}} {
		var err error
		if *one.to, err = fromEnv(one.name, one.otherwise); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "tekentafel-wave-")
	if err != nil {
		return err
	}
	err = measure(ctx, dir, p)
	return errors.Join(err, os.RemoveAll(dir))
}

// plan says how much load there is.
type plan struct{ seconds, runs, crowd, answers int }

// measure measures on each engine in turn.
func measure(ctx context.Context, dir string, p plan) error {
	fmt.Printf("load of this machine before the run: %s\n", taken.Load())
	if err := syncs(filepath.Join(dir, "sync")); err != nil {
		return err
	}
	only := os.Getenv("BENCH_ONLY")
	if only != "postgres" {
		if err := onEngine(ctx, p, filepath.Join(dir, "sqlite"), "SQLite", ""); err != nil {
			return err
		}
	}
	if only == "sqlite" {
		return nil
	}
	if address := os.Getenv(pgtest.Variable); address != "" {
		return onEngine(ctx, p, filepath.Join(dir, "postgres"), "PostgreSQL", address)
	}
	server, err := pgtest.Launch(ctx, true)
	if err != nil {
		fmt.Printf("\nPostgreSQL: not measured: %v\n", err)
		return nil
	}
	err = onEngine(ctx, p, filepath.Join(dir, "postgres"), "PostgreSQL", server.URL())
	return errors.Join(err, server.Close(context.WithoutCancel(ctx)))
}

// onEngine measures on one engine; database is the address of one, or "" for a file in the folder.
func onEngine(ctx context.Context, p plan, dir, name, database string) error {
	fmt.Printf("\n%s\n", name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	target := float64(handInTargetPostgres)
	if database == "" {
		database, target = filepath.Join(dir, "tekentafel.db"), handInTarget
	}
	g, err := prepare(ctx, p, dir, database)
	if err != nil {
		return err
	}
	parts := os.Getenv("BENCH_PARTS")
	if parts != "closing" {
		err = g.load(ctx, p, dir, target)
	}
	if err == nil && parts != "load" {
		err = g.closing(ctx, p)
	}
	return errors.Join(err, g.close())
}

func verdict(holds bool, target string) string {
	if holds {
		return "target met: " + target
	}
	return "TARGET MISSED: " + target
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

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
