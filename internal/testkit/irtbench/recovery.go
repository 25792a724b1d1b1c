package main

import (
	"context"
	"fmt"
	"math"

	"tekentafel/internal/stats/irt"
)

// recovery prints the root mean squared errors of estimates beside those that theory allows.
func recovery(ctx context.Context) error {
	fmt.Println("\nRecovery of items: a bank of 60, each person saw 12 at random. Root mean squared error, and beside it the bound:")
	fmt.Println("root mean squared standard error from the observed information (Cramer-Rao), with the experts' priors.")
	fmt.Printf("%28s  %16s  %16s  %24s\n", "", "log slope", "threshold", "theta (EAP, 12 items)")
	fmt.Printf("%28s  %8s%8s  %8s%8s  %8s%8s%8s\n", "", "RMSE", "bound", "RMSE", "bound", "RMSE", "SD", "truth")
	for _, people := range []int{200, 1_000, 5_000, 20_000} {
		if err := recover60(ctx, people); err != nil {
			return err
		}
	}
	return nil
}

// recover60 calibrates and prints one line: from guesses that miss the truth by 0.3 in the logarithm of the slope and by 0.5 in place.
func recover60(ctx context.Context, people int) error {
	r := seeded(1)
	items := bank(r, 60)
	d, thetas, err := answersTo(r, items, people, 12)
	if err != nil {
		return err
	}
	guesses := make([]irt.Item, len(items))
	before := [2]meanSquare{}
	for i, it := range items {
		miss := 0.5 * r.NormFloat64()
		guesses[i] = irt.Item{A: it.A * math.Exp(0.3*r.NormFloat64()), C: it.C}
		before[0].add(math.Log(guesses[i].A / it.A))
		for _, b := range it.B {
			guesses[i].B = append(guesses[i].B, b+miss)
			before[1].add(miss)
		}
	}
	c, err := irt.Calibrate(ctx, d, irt.Experts(guesses), irt.Options{})
	if err != nil {
		return err
	}
	var slope, slopeSE, place, placeSE meanSquare
	for i, it := range c.Items {
		slope.add(math.Log(it.Item.A / items[i].A))
		slopeSE.add(it.SlopeSE / it.Item.A)
		for k, b := range it.Item.B {
			place.add(b - items[i].B[k])
			placeSE.add(it.ThresholdSE[k])
		}
	}
	estimated, err := thetaError(d, thetas, c.Parameters())
	if err != nil {
		return err
	}
	known, err := thetaError(d, thetas, items)
	if err != nil {
		return err
	}
	if people == 200 {
		fmt.Printf("%28s  %8.3f%8s  %8.3f\n", "the guesses", before[0].root(), "", before[1].root())
	}
	fmt.Printf("%21d people  %8.3f%8.3f  %8.3f%8.3f  %8.3f%8.3f%8.3f\n", people, slope.root(), slopeSE.root(), place.root(), placeSE.root(), estimated[0], estimated[1], known[0])
	return nil
}

// thetaError is the error of the EAP with these parameters, and the posterior standard deviation, which is its bound.
func thetaError(d *irt.Answers, thetas []float64, items []irt.Item) ([2]float64, error) {
	s, err := irt.NewScorer(items, nil)
	if err != nil {
		return [2]float64{}, err
	}
	var miss, sd meanSquare
	for p := range min(d.People(), 5_000) {
		answers, _ := d.Of(p)
		post, err := s.Posterior(answers)
		if err != nil {
			return [2]float64{}, err
		}
		miss.add(post.Mean - thetas[p])
		sd.add(post.SD)
	}
	return [2]float64{miss.root(), sd.root()}, nil
}

// meanSquare gathers squares.
type meanSquare struct{ sum, n float64 }

func (m *meanSquare) add(v float64) { m.sum, m.n = m.sum+v*v, m.n+1 }
func (m *meanSquare) root() float64 { return math.Sqrt(m.sum / max(1, m.n)) }
