package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"tekentafel/internal/stats/irt"
)

// recovery prints the root mean squared errors of estimates beside those that theory allows.
func recovery(ctx context.Context) error {
	fmt.Println("\nRecovery of items: a bank of 60, each person saw 12 at random. Root mean squared error, and beside it the bound:")
	fmt.Println("root mean squared standard error from the observed information (Cramer-Rao), with the experts' priors.")
	fmt.Printf("%28s  %16s  %16s  %24s\n", "", "log slope", "threshold", "theta (EAP, 12 items)")
	fmt.Printf("%28s  %8s%8s  %8s%8s  %8s%8s%8s\n", "", "RMSE", "bound", "RMSE", "bound", "RMSE", "SD", "truth")
	for _, c := range []struct{ people, runs int }{{200, 20}, {1_000, 10}, {5_000, 4}, {20_000, 3}} {
		var e recovered
		for seed := range c.runs {
			if err := e.add(ctx, seeded(uint64(seed)), c.people); err != nil {
				return err
			}
		}
		if c.people == 200 {
			fmt.Printf("%28s  %8.3f%8s  %8.3f\n", "the guesses", e.guess[0].root(), "", e.guess[1].root())
		}
		fmt.Printf("%9d people, %2d runs      %8.3f%8.3f  %8.3f%8.3f  %8.3f%8.3f%8.3f\n", c.people, c.runs,
			e.slope[0].root(), e.slope[1].root(), e.place[0].root(), e.place[1].root(), e.theta[0].root(), e.theta[1].root(), e.known.root())
	}
	return nil
}

// recovered gathers errors of guesses, and errors and standard errors of estimates.
type recovered struct {
	guess, slope, place, theta [2]meanSquare
	known                      meanSquare // errors of theta with the true parameters
}

// add calibrates once: from guesses that miss the truth by 0.3 in the logarithm of the slope and by 0.5 in place.
func (e *recovered) add(ctx context.Context, r *rand.Rand, people int) error {
	items := bank(r, 60)
	d, thetas, err := answersTo(r, items, people, 12)
	if err != nil {
		return err
	}
	guesses := make([]irt.Item, len(items))
	for i, it := range items {
		miss := 0.5 * r.NormFloat64()
		guesses[i] = irt.Item{A: it.A * math.Exp(0.3*r.NormFloat64()), C: it.C}
		e.guess[0].add(math.Log(guesses[i].A / it.A))
		for _, b := range it.B {
			guesses[i].B = append(guesses[i].B, b+miss)
			e.guess[1].add(miss)
		}
	}
	c, err := irt.Calibrate(ctx, d, irt.Experts(guesses), irt.Options{})
	if err != nil {
		return err
	}
	for i, it := range c.Items {
		e.slope[0].add(math.Log(it.Item.A / items[i].A))
		e.slope[1].add(it.SlopeSE / it.Item.A)
		for k, b := range it.Item.B {
			e.place[0].add(b - items[i].B[k])
			e.place[1].add(it.ThresholdSE[k])
		}
	}
	var unused meanSquare
	if err := thetaError(d, thetas, c.Parameters(), &e.theta[0], &e.theta[1]); err != nil {
		return err
	}
	return thetaError(d, thetas, items, &e.known, &unused)
}

// thetaError gathers the errors of the EAP with these parameters, and the posterior standard deviations, which are their bound.
func thetaError(d *irt.Answers, thetas []float64, items []irt.Item, miss, sd *meanSquare) error {
	s, err := irt.NewScorer(items, nil)
	if err != nil {
		return err
	}
	for p := range min(d.People(), 5_000) {
		answers, _ := d.Of(p)
		post, err := s.Posterior(answers)
		if err != nil {
			return err
		}
		miss.add(post.Mean - thetas[p])
		sd.add(post.SD)
	}
	return nil
}

// meanSquare gathers squares.
type meanSquare struct{ sum, n float64 }

func (m *meanSquare) add(v float64) { m.sum, m.n = m.sum+v*v, m.n+1 }
func (m *meanSquare) root() float64 { return math.Sqrt(m.sum / max(1, m.n)) }
