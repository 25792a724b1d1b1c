package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/stats/irt"
)

// speed prints times by the clock, and of processors, which other work on the machine lengthens less.
func speed(ctx context.Context, now clock.Clock) error {
	fmt.Printf("\n%-62s %10s %12s\n", "Speed", "clock", "processors")
	r := seeded(3)
	items := bank(r, 60)
	d, _, err := answersTo(r, items, 100_000, 12)
	if err != nil {
		return err
	}
	start, busy := now(), computing()
	c, err := irt.Calibrate(ctx, d, irt.Experts(items), irt.Options{})
	if err != nil {
		return err
	}
	show(fmt.Sprintf("calibrate 60 items, 100,000 people, 12 answers each (%d passes)", c.Steps), 1, now().Sub(start), computing()-busy)
	if !c.Converged {
		return fmt.Errorf("the calibration did not converge in %d passes", c.Steps)
	}
	start, busy = now(), computing()
	if _, err := c.ItemFit(ctx, true); err != nil {
		return err
	}
	show("fit of the 60 items", 1, now().Sub(start), computing()-busy)
	if err := scoring(now, items, d); err != nil {
		return err
	}
	return choosing(now, items)
}

func scoring(now clock.Clock, items []irt.Item, d *irt.Answers) error {
	s, err := irt.NewScorer(items, nil)
	if err != nil {
		return err
	}
	const people = 20_000
	answers := make([][]irt.Answer, people)
	for p := range answers {
		answers[p], _ = d.Of(p)
	}
	for _, way := range []struct {
		name  string
		score func([]irt.Answer) error
	}{
		{"EAP with its standard error", func(a []irt.Answer) error { _, err := s.Posterior(a); return err }},
		{"MAP", func(a []irt.Answer) error { _, err := s.MAP(a); return err }},
		{"WLE", func(a []irt.Answer) error { _, err := irt.WLE(items, a); return err }},
	} {
		start, busy := now(), computing()
		for _, a := range answers {
			if err := way.score(a); err != nil {
				return err
			}
		}
		show("score a person with 12 answers: "+way.name, people, now().Sub(start), computing()-busy)
	}
	return nil
}

func choosing(now clock.Clock, items []irt.Item) error {
	var entries []irt.Entry
	for scale := range 5 {
		for i := range 12 {
			entries = append(entries, irt.Entry{Item: items[(scale+5*i)%len(items)], Scale: scale, Area: i % 3})
		}
	}
	b, err := irt.NewBank(entries)
	if err != nil {
		return err
	}
	s := irt.State{Scales: []int{0, 1, 2, 3, 4}}
	for i := range 6 {
		s = s.With(irt.Given{Entry: 12*(i%5) + i, Category: 1})
	}
	const times = 5_000
	r := seeded(4)
	start, busy := now(), computing()
	for range times {
		if _, err := irt.Next(s, b, irt.DefaultRules(), r); err != nil {
			return err
		}
	}
	show("choose the next item, five scales of 12, after 6 answers", times, now().Sub(start), computing()-busy)
	return nil
}

// show prints the time of one of a number of times.
func show(what string, times int, took, busy time.Duration) {
	each := func(d time.Duration) string {
		d /= time.Duration(times)
		if d > 100*time.Millisecond {
			return fmt.Sprintf("%.2f s", d.Seconds())
		}
		return fmt.Sprintf("%.1f µs", float64(d)/float64(time.Microsecond))
	}
	fmt.Printf("%-62s %10s %12s\n", what, each(took), each(busy))
}

// computing is the time that processors have spent on this process.
func computing() time.Duration {
	var use syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &use) != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
