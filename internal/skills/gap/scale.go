package gap

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"tekentafel/internal/stats/irt"
)

// usualSlope of a statement: with five of them a reliability of about 0.8, as self-report scales of this length have.
const usualSlope = 1.8

// paramStep is what parameters are rounded to before they are used, so that they hold no trace of one person's answers, and the
// next wave can be held to the very same ones.
const paramStep = 0.05

// assumed are the parameters of a statement before any answers: the thresholds of agreement are the cut points of the
// levels, and one as far below the lowest as these lie apart. Who tends to agree sees oneself at the level that begins at the
// last cut point but one.
func assumed(cuts []float64) irt.Item {
	it := irt.Item{A: usualSlope, B: []float64{-2, -1, 0, 1}}
	if n := len(cuts); n == 3 {
		it.B = []float64{2*cuts[0] - cuts[1], cuts[0], cuts[1], cuts[2]}
	}
	return it
}

// scale are the parameters of the statements of a skill.
type scale struct {
	items  []irt.Item
	origin Origin
}

// scaleOf takes the parameters that the input holds, and estimates the others when there are enough answers: by marginal maximum
// likelihood with the assumed ones as prior and mean and spread of this wave's people free, so that the wave's own level
// stays visible. Where a calibration fails the assumed ones stay.
func scaleOf(ctx context.Context, sk *Skill, cuts []float64, patterns []pattern, from, workers int) (scale, error) {
	out := scale{origin: Held}
	setup := make([]irt.Setup, len(sk.Self))
	for i := range sk.Self {
		if p := sk.Self[i].Parameters; p != nil {
			out.items = append(out.items, *p)
			setup[i] = irt.Setup{Start: *p, Fixed: true}
			continue
		}
		out.origin = Assumed
		out.items = append(out.items, assumed(cuts))
		setup[i] = irt.Experts([]irt.Item{assumed(cuts)})[0]
	}
	if out.origin == Held {
		return out, nil
	}
	var answers irt.Answers
	people := 0
	for _, p := range patterns {
		list := p.answers(len(sk.Self))
		if len(list) < 2 {
			continue
		}
		people += p.count
		if err := answers.AddMany(float64(p.count), 0, list...); err != nil {
			return out, fmt.Errorf("gap: skill %q: %w", sk.ID, err)
		}
	}
	if people < from {
		return out, nil
	}
	c, err := irt.Calibrate(ctx, &answers, setup, irt.Options{Workers: workers, Groups: []irt.Group{{SD: 1, FreeMean: true, FreeSD: true}}})
	if ctx.Err() != nil {
		return out, fmt.Errorf("gap: skill %q: %w", sk.ID, ctx.Err())
	}
	if err != nil || !c.Converged {
		return out, nil //nolint:nilerr // the assumed parameters stay, and the result says so
	}
	for i, it := range c.Parameters() {
		if sk.Self[i].Parameters == nil {
			out.items[i] = rounded(it)
		}
	}
	out.origin = Calibrated
	return out, nil
}

func rounded(it irt.Item) irt.Item {
	step := func(x float64) float64 { return digits(math.Round(x/paramStep)*paramStep, 2) + 0 }
	out := irt.Item{A: max(paramStep, step(it.A)), C: it.C}
	for k, b := range it.B {
		b = step(b)
		if k > 0 {
			b = max(b, step(out.B[k-1]+paramStep))
		}
		out.B = append(out.B, b)
	}
	return out
}

// pattern is a set of answers to the items of a skill, packed, with how many people gave it.
type pattern struct {
	key   uint64
	count int
}

const bitsPerItem = 3

// answers unpacks the first items of a pattern.
func (p pattern) answers(items int) []irt.Answer {
	var out []irt.Answer
	for i := range items {
		if a := int(p.key >> (bitsPerItem * i) & 7); a > 0 {
			out = append(out, irt.Answer{Item: i, Category: a - 1})
		}
	}
	return out
}

// pack packs columns of answers by respondent.
func pack(columns [][]int8, reversed func(i int) bool, n int) []uint64 {
	keys := make([]uint64, n)
	for i, column := range columns {
		turn := reversed(i)
		for r, a := range column {
			if a == 0 {
				continue
			}
			if turn {
				a = 6 - a
			}
			keys[r] |= uint64(a) << (bitsPerItem * i)
		}
	}
	return keys
}

// distinct returns the patterns in ascending order of key, without the empty one.
func distinct(keys []uint64) []pattern {
	counts := make(map[uint64]int, 4096)
	for _, k := range keys {
		counts[k]++
	}
	delete(counts, 0)
	out := make([]pattern, 0, len(counts))
	for k, n := range counts {
		out = append(out, pattern{k, n})
	}
	slices.SortFunc(out, func(a, b pattern) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	return out
}

func processors(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}
