package asked

import (
	"fmt"
	"math"

	"tekentafel/internal/skills/framework"
)

// PerSkill is the number of situations that a person gets of each skill.
const PerSkill = 2

// The thresholds that a situation is to have, on the scale of the latent skill (reference population: mean 0, sd 1): one below
// the middle and one above, so that two graded situations place a group around the cut points at -1, 0 and 1.
const (
	lowerAim = -0.6
	upperAim = 0.7
)

// Choose takes the situations of a skill from its bank: of all pairs of graded items from different areas the pair whose
// thresholds lie nearest to the aims, together; of pairs that are as near, the one with the steepest slopes, then the first in the
// bank. A choice item is never taken: with one threshold and a floor it says less. The error says that there is no such pair.
func Choose(b *framework.Bank) ([PerSkill]*framework.Item, error) {
	var best [PerSkill]*framework.Item
	least, steepest := math.Inf(1), 0.0
	for i := range b.Items {
		for j := i + 1; j < len(b.Items); j++ {
			one, two := &b.Items[i], &b.Items[j]
			if one.Kind != framework.Graded || two.Kind != framework.Graded || one.Area == two.Area {
				continue
			}
			off, slope := offAims(one)+offAims(two), one.Parameters.A+two.Parameters.A
			if near := math.Abs(off-least) < 1e-9; off < least && !near || near && slope > steepest+1e-9 {
				best, least, steepest = [PerSkill]*framework.Item{one, two}, off, slope
			}
		}
	}
	if best[0] == nil {
		return best, fmt.Errorf("the bank of the skill %q has no two graded items in different areas", b.Skill)
	}
	if best[1].Parameters.B[0] < best[0].Parameters.B[0] {
		best[0], best[1] = best[1], best[0] // the easier one first
	}
	return best, nil
}

// offAims is how far the thresholds of a graded item lie from the aims, together.
func offAims(it *framework.Item) float64 {
	return math.Abs(it.Parameters.B[0]-lowerAim) + math.Abs(it.Parameters.B[1]-upperAim)
}
