// Command serve measures the server as an organisation runs it: how fast it starts, how much memory it takes, how heavy its
// first page is, and how long pages take at a steady number of requests a second, beside a plain server that sends the
// same bytes from memory.
//
// Run it with "make bench-serve". BENCH_SECONDS sets the length of a run (default 20), BENCH_RATE the requests a second
// (default 1000), BENCH_RUNS how often each is repeated (default 3). TEST_DATABASE_URL names an empty PostgreSQL database;
// without it SQLite alone is measured.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// product is the program's binary, from the folder of this module.
const product = "../bin/tekentafel"

// Targets of the product.
const (
	startTarget  = time.Second
	memoryTarget = 60 << 20
	binaryTarget = 45_000_000
	weightTarget = 100_000
	latencyGoal  = 5 * time.Millisecond
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-serve:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 2 && args[0] == "peer" {
		return servePeer(ctx, args[1])
	}
	seconds, err := fromEnv("BENCH_SECONDS", 20)
	if err != nil {
		return err
	}
	rate, err := fromEnv("BENCH_RATE", 1000)
	if err != nil {
		return err
	}
	runs, err := fromEnv("BENCH_RUNS", 3)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tekentafel-bench-")
	if err != nil {
		return err
	}
	err = measure(ctx, dir, plan{rate: rate, seconds: seconds, runs: runs})
	return errors.Join(err, os.RemoveAll(dir))
}

// plan says how much load there is.
type plan struct{ rate, seconds, runs int }

// measure measures everything in turn.
func measure(ctx context.Context, dir string, p plan) error {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	fmt.Printf("load of this machine before the run: %s", load)
	info, err := os.Stat(product)
	if err != nil {
		return err
	}
	fmt.Printf("\n%-34s %8.1f MB   %s\n", "binary", float64(info.Size())/1e6, verdict(info.Size() <= binaryTarget, "at most 45 MB"))
	data := filepath.Join(dir, "data")
	sessions, err := prepare(ctx, data)
	if err != nil {
		return err
	}
	if err := engine(ctx, p, dir, "SQLite", sessions, "--data", data); err != nil {
		return err
	}
	address := os.Getenv("TEST_DATABASE_URL")
	if address == "" {
		fmt.Println("\nPostgreSQL: not measured, TEST_DATABASE_URL names none")
		return nil
	}
	copied := filepath.Join(dir, "copy")
	key := filepath.Join(data, "key")
	if err := call(ctx, "backup", "--data", data, "--out", copied); err != nil {
		return err
	}
	if err := call(ctx, "restore", "--data", data, "--key-file", key, "--database", address, copied); err != nil {
		return err
	}
	return engine(ctx, p, dir, "PostgreSQL", sessions, "--data", data, "--key-file", key, "--database", address)
}

// call runs a command of the product to its end.
func call(ctx context.Context, args ...string) error {
	if out, err := exec.CommandContext(ctx, product, args...).CombinedOutput(); err != nil { //nolint:gosec // our own program
		return fmt.Errorf("tekentafel %s: %w\n%s", args[0], err, out)
	}
	return nil
}

// engine measures the server on one database.
func engine(ctx context.Context, p plan, dir, name string, sessions []session, args ...string) error {
	fmt.Printf("\n%s\n", name)
	var starts []time.Duration
	for range 5 {
		s, took, err := begin(ctx, args...)
		if err != nil {
			return err
		}
		starts = append(starts, took)
		if err := s.end(); err != nil {
			return err
		}
	}
	best := least(starts)
	fmt.Printf("%-34s %8.0f ms   %s; all: %v\n", "start to ready, best of 5", ms(best), verdict(best < startTarget, "below 1 s"), rounded(starts))
	s, _, err := begin(ctx, args...)
	if err != nil {
		return err
	}
	err = s.measure(ctx, p, dir, sessions)
	return errors.Join(err, s.end())
}

// measure measures a server that runs.
func (s *server) measure(ctx context.Context, p plan, dir string, sessions []session) error {
	select {
	case <-time.After(5 * time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	idle, err := s.memory()
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %8.1f MB   %s\n", "resident after 5 s idle", float64(idle)/(1<<20), verdict(idle < memoryTarget, "below 60 MB"))
	if err := weigh(ctx, s.url, sessions[0]); err != nil {
		return err
	}
	requests, err := s.collect(ctx, dir, sessions)
	if err != nil {
		return err
	}
	peer, err := startPeer(ctx, filepath.Join(dir, "answers"))
	if err != nil {
		return err
	}
	err = s.compare(ctx, p, peer, requests)
	if err := errors.Join(err, peer.end()); err != nil {
		return err
	}
	after, err := s.memory()
	fmt.Printf("%-34s %8.1f MB\n", "resident after the load", float64(after)/(1<<20))
	return err
}

// compare drives the server and its peer in turn and prints how long answers took.
func (s *server) compare(ctx context.Context, p plan, peer *server, requests []request) error {
	fmt.Printf("%d requests a second for %d s, by when each was due (ms)\n%-34s %8s %8s %8s %8s\n", p.rate, p.seconds, "", "p50", "p90", "p99", "max")
	var ours, theirs []times
	for n := range p.runs {
		for _, one := range []struct {
			name string
			at   *server
			all  *[]times
		}{{"tekentafel", s, &ours}, {"plain net/http, the same bytes", peer, &theirs}} {
			before := one.at.cpu()
			t, err := drive(ctx, one.at.address, p, requests)
			if err != nil {
				return fmt.Errorf("%s: %w", one.name, err)
			}
			*one.all = append(*one.all, t)
			fmt.Printf("  run %d %-27s %8.2f %8.2f %8.2f %8.2f   %4.0f µs of processor a request\n", n+1, one.name, ms(t.p50), ms(t.p90), ms(t.p99), ms(t.max),
				float64((one.at.cpu()-before).Microseconds())/float64(p.rate*p.seconds))
		}
	}
	mine, plain := fastest(ours), fastest(theirs)
	fmt.Printf("%-34s %8.2f ms   %s; plain %.2f ms, ratio %.1f\n", "p99, best run", ms(mine), verdict(mine < latencyGoal, "below 5 ms"), ms(plain), float64(mine)/float64(plain))
	return nil
}

func verdict(holds bool, target string) string {
	if holds {
		return "target met: " + target
	}
	return "TARGET MISSED: " + target
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func least(all []time.Duration) time.Duration {
	best := all[0]
	for _, d := range all {
		best = min(best, d)
	}
	return best
}

func fastest(all []times) time.Duration {
	best := all[0].p99
	for _, t := range all {
		best = min(best, t.p99)
	}
	return best
}

func rounded(all []time.Duration) string {
	var parts []string
	for _, d := range all {
		parts = append(parts, fmt.Sprintf("%.0f", ms(d)))
	}
	return strings.Join(parts, " ")
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

// saveJSON writes a value to a file.
func saveJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}
