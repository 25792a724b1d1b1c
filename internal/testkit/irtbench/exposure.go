package main

import (
	"fmt"

	"tekentafel/internal/stats/irt"
)

// exposure prints what the control of exposure does to a bank of 12, the smallest: rates come back after each 50 sessions.
func exposure() error {
	const sessions = 2_000
	fmt.Printf("\nExposure: %d sessions that end at a posterior standard deviation of 0.5, rates counted again after each 50.\n", sessions)
	fmt.Printf("%6s %8s %8s  %6s %12s %12s %14s\n", "bank", "Random", "MaxRate", "items", "highest rate", "lowest rate", "never asked")
	for _, size := range []int{12, 60} {
		for _, c := range []struct{ random, rate float64 }{{0, 1}, {0.25, 0.8}, {1, 0.8}} {
			items := bank(seeded(uint64(size)), size)
			entries := make([]irt.Entry, size)
			for i, it := range items {
				entries[i].Item = it
			}
			rules := irt.DefaultRules()
			rules.TargetSD, rules.MaxSeconds, rules.Random, rules.MaxRate = 0.5, 0, c.random, c.rate
			given, mean := make([]float64, size), 0.0
			var b *irt.Bank
			for p := range sessions {
				if p%50 == 0 {
					for i := range entries {
						entries[i].Rate = given[i] / max(1, float64(p))
					}
					var err error
					if b, err = irt.NewBank(entries); err != nil {
						return err
					}
				}
				_, answers, r := someone(p, items, populations()[0])
				s, _, err := session(b, rules, answers, r)
				if err != nil {
					return err
				}
				mean += float64(len(s.Given)) / sessions
				for _, g := range s.Given {
					given[g.Entry]++
				}
			}
			high, low, never := 0.0, 1.0, 0
			for _, n := range given {
				high, low = max(high, n/sessions), min(low, n/sessions)
				if n == 0 {
					never++
				}
			}
			fmt.Printf("%6d %8.2f %8.2f  %6.1f %12.2f %12.2f %14d\n", size, c.random, c.rate, mean, high, low, never)
		}
	}
	return nil
}
