package irt

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// DIF is whether an item works differently in the groups of a calibration, with the skill itself held equal.
type DIF struct {
	// ChiSquared is twice the gain in log-likelihood when each group has parameters of its own for the item, with DF degrees of freedom;
	// P is its probability where the item works the same. With strong priors or few answers it errs towards no difference.
	ChiSquared, DF, P float64
	// Groups are those that answered the item, each with its own parameters.
	Groups []DIFGroup
}

// DIFGroup is an item in one group.
type DIFGroup struct {
	Group int
	Item  Item
	// Signed and Unsigned are the mean difference of the expected category to that of the first group, over the theta of this group, as a
	// share of the highest category (Meade 2010): with the sign, and of the absolute difference. Below 0.05 it matters little.
	Signed, Unsigned float64
}

// ErrNoGroups says that fewer than two groups answered an item.
var ErrNoGroups = errors.New("an item works differently only between groups")

// DIF tests one item by a likelihood ratio (Thissen, Steinberg & Wainer 1993): all other items, equal in all groups, hold the scale, so the
// calibration should have the means and standard deviations of all groups but one free. The errors are those of Calibrate, and
// ErrNoGroups. Whoever tests many items corrects for it.
func (c *Calibration) DIF(ctx context.Context, item int) (DIF, error) {
	if item < 0 || item >= len(c.Items) {
		return DIF{}, &ItemError{item, fmt.Sprintf("there are %d items", len(c.Items))}
	}
	f := c.fit
	if f.setup[item].Fixed {
		return DIF{}, &ItemError{item, "is fixed; calibrate it before testing it"}
	}
	asked := make([]bool, len(f.people))
	for p, g := range f.d.group {
		for j := f.d.start[p]; j < f.d.start[p+1]; j++ {
			asked[g] = asked[g] || int(f.d.item[j]) == item
		}
	}
	split := &fit{d: f.d, options: f.options, grid: f.grid, nrows: f.nrows, first: append([]int(nil), f.first...), rows: append([]int32(nil), f.rows...)}
	split.options.Groups = append([]Group(nil), f.options.Groups...)
	for g := range split.options.Groups {
		split.options.Groups[g].Mean, split.options.Groups[g].SD = c.Groups[g].Mean, c.Groups[g].SD
	}
	for i, s := range f.setup {
		s.Start = c.Items[i].Item
		split.setup = append(split.setup, s)
	}
	var out DIF
	at := map[int]int{} // index of the item of each group
	for g, any := range asked {
		if !any {
			continue
		}
		at[g] = item
		if len(out.Groups) > 0 {
			at[g] = len(split.setup)
			split.setup = append(split.setup, split.setup[item])
			split.first = append(split.first, split.nrows)
			split.nrows += c.Items[item].Item.Categories()
		}
		out.Groups = append(out.Groups, DIFGroup{Group: g})
	}
	if len(out.Groups) < 2 {
		return DIF{}, fmt.Errorf("%w: item %d was answered in %d", ErrNoGroups, item, len(out.Groups))
	}
	for p, g := range f.d.group {
		for j := f.d.start[p]; j < f.d.start[p+1]; j++ {
			if int(f.d.item[j]) == item {
				split.rows[j] = int32(split.first[at[int(g)]] + int(f.d.level[j]))
			}
		}
	}
	split.par = newParameters(split.setup, split.options.Groups)
	if err := split.count(); err != nil {
		return DIF{}, err
	}
	if err := split.climb(ctx); err != nil {
		return DIF{}, err
	}
	out.ChiSquared = max(0, 2*(split.now.loglik-f.now.loglik))
	out.DF = float64(len(split.par.free) - len(f.par.free))
	out.P = distuv.ChiSquared{K: out.DF}.Survival(out.ChiSquared)
	for k := range out.Groups {
		g := &out.Groups[k]
		g.Item = split.par.item(at[g.Group])
		g.apart(out.Groups[0].Item, split)
	}
	return out, nil
}

// apart sets the differences to the item of the first group.
func (g *DIFGroup) apart(first Item, f *fit) {
	at := f.par.groups + 2*g.Group
	mean, sd := f.par.value[at], math.Exp(f.par.value[at+1])
	population := Standard()
	for q, z := range population.points {
		theta := mean + sd*z
		diff := (g.Item.Expected(theta) - first.Expected(theta)) / float64(len(first.B))
		g.Signed += population.mass[q] * diff
		g.Unsigned += population.mass[q] * math.Abs(diff)
	}
}
