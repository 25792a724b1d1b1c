// Command linkagebench prints quality, time and memory of linkage on made-up titles and people, beside two simpler ways in the same
// run: exact match after folding, and Jaro-Winkler at the threshold that was best on the tuning half. scripts/bench-linkage runs it.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/people/linkage"
	"tekentafel/internal/people/linkage/synthetic"
	"tekentafel/internal/testkit/taken"
)

const (
	tuningSeed  = 1
	heldOutSeed = 20_261_129
)

func main() {
	if err := run(context.Background(), clock.System()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, now clock.Clock) error {
	fmt.Printf("%d processors, %s. Held-out seed, words, and rates of faults that nothing was tuned on. Pairs of probability 0.5 or more.\n\n", runtime.GOMAXPROCS(0), runtime.Version())
	fmt.Printf("%-8s %8s  %-28s %9s %7s %6s %8s %9s %9s\n", "", "rows", "way", "precision", "recall", "F1", "time", "computing", "memory")
	sizes := []int{1_000, 10_000, 100_000}
	if s := os.Getenv("BENCH_SIZE"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			return fmt.Errorf("BENCH_SIZE is %q; give a number of rows", s)
		}
		sizes = []int{n}
	}
	for _, n := range sizes {
		if err := people(ctx, now, n); err != nil {
			return err
		}
		if err := titles(ctx, now, n); err != nil {
			return err
		}
	}
	return nil
}

func titles(ctx context.Context, now clock.Clock, n int) error {
	rows, labels := synthetic.Titles(heldOutSeed, n, synthetic.HeldOut, synthetic.HeldOutTitles())
	tuning, truth := synthetic.Titles(tuningSeed, 1_500, synthetic.Tuning, synthetic.TuningTitles())
	start, busy := now(), computing()
	p, err := linkage.Titles(ctx, rows, linkage.Options{Seed: 1})
	if err != nil {
		return err
	}
	took := spent{now().Sub(start), computing() - busy}
	show("titles", len(rows), "linkage", synthetic.Measure(p.Pairs, labels, 0.5), took)
	show("", 0, "  its clusters", synthetic.Clusters(p.Clusters, labels), spent{})
	detail(p, labels)
	texts := func(all []linkage.Title) []record {
		out := make([]record, len(all))
		for i, t := range all {
			out[i].text = plain(t.Text)
		}
		return out
	}
	peers(now, texts(rows), labels, texts(tuning), truth)
	return nil
}

func people(ctx context.Context, now clock.Clock, n int) error {
	rows, labels := synthetic.People(heldOutSeed, n, synthetic.HeldOut, synthetic.HeldOutPeople())
	tuning, truth := synthetic.People(tuningSeed, 10_000, synthetic.Tuning, synthetic.TuningPeople())
	start, busy := now(), computing()
	p, err := linkage.People(ctx, rows, linkage.Options{Seed: 1})
	if err != nil {
		return err
	}
	took := spent{now().Sub(start), computing() - busy}
	show("people", len(rows), "linkage", synthetic.Measure(p.Pairs, labels, 0.5), took)
	show("", 0, "  its clusters", synthetic.Clusters(p.Clusters, labels), spent{})
	detail(p, labels)
	names := func(all []linkage.Person) []record {
		out := make([]record, len(all))
		for i, p := range all {
			out[i] = record{plain(p.Family + " " + p.Given), p.BirthYear}
		}
		return out
	}
	peers(now, names(rows), labels, names(tuning), truth)
	return nil
}

// spent is what a way took: by the clock, and of processors.
type spent struct{ clock, processors time.Duration }

func show(what string, rows int, way string, q synthetic.Quality, took spent) {
	size, time, busy, memory := "", "", "", ""
	if rows > 0 {
		size = fmt.Sprint(rows)
	}
	if took.clock > 0 {
		time = fmt.Sprintf("%.2f s", took.clock.Seconds())
		busy = fmt.Sprintf("%.2f s", took.processors.Seconds())
		memory = fmt.Sprintf("%d MB", peak())
	}
	fmt.Printf("%-8s %8s  %-28s %9.3f %7.3f %6.3f %8s %9s %9s\n", what, size, way, q.Precision(), q.Recall(), q.F1(), time, busy, memory)
}

// detail says how sure the probabilities are and what blocking did.
func detail(p *linkage.Proposals, labels []int) {
	q := synthetic.Measure(p.Pairs, labels, 0.5)
	fmt.Printf("%19s calibration: error %.3f, Brier %.3f;", "", q.Error, q.Brier)
	for _, b := range q.Bins {
		if b.Pairs > 0 {
			fmt.Printf(" %.2f is %.2f (%d)", b.Mean, b.Share, b.Pairs)
		}
	}
	fmt.Printf("\n%19s blocking: %d of %.0f pairs, recall %.3f estimated;", "", p.Compared, p.Possible, p.Recall)
	for _, s := range p.Passes {
		fmt.Printf(" %s %d", s.Name, s.Pairs)
	}
	fmt.Println()
}

// computing is the time that processors worked for this process, by threads of its own and in the system; 0 where the system
// does not say.
func computing() time.Duration {
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	var own, system int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &own, &system); err != nil {
		return 0
	}
	return time.Duration(own+system) * 10 * time.Millisecond
}

// peak is the most memory of the process so far, in MB; 0 where the system does not say.
func peak() int {
	bytes, err := taken.Peak(os.Getpid())
	if err != nil {
		return 0
	}
	return int(bytes >> 20)
}
