package stats

import (
	"fmt"
)

// Estimator estimates shares, means and totals under one design, with the standard errors of Taylor linearisation
// (Binder 1983), as the R package survey does with options(survey.lonely.psu = "adjust"): the sampling unit of a
// stratum that holds only one is centred at the overall mean instead of at its stratum's.
//
// A group, or the people who answered an item, is a domain: units outside keep counting as sampling units, with zero,
// and the degrees of freedom are those of the units inside, as degf(subset(design)).
//
// It is read-only after New: any number of goroutines may use it at once.
type Estimator struct {
	design  *Design
	walk    *walk    // nil for a design without strata, clusters and raking
	margins *margins // nil unless raked
	kappa   float64  // plain design: finite population factor times n/(n-1)
	sampled float64  // mean finite population factor, 1 without one, 0 for a census
	info    DesignInfo
}

// DesignInfo describes a design for the reader of its standard errors.
type DesignInfo struct {
	Strata   int     // strata with at least one unit
	Clusters int     // primary sampling units (the units themselves without clusters)
	DF       float64 // primary sampling units minus strata, among units with a weight
	FPC      bool    // finite population correction
	Lonely   int     // strata with one primary sampling unit that is not the whole stratum
	Raked    int     // margins that the weights were raked to
}

// New validates the design and prepares what all estimates share.
func New(d *Design) (*Estimator, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	e := &Estimator{design: d, sampled: 1}
	e.info = DesignInfo{Strata: 1, Clusters: d.N, FPC: d.Population != nil, Raked: len(d.Raked)}
	e.info.DF = float64(d.N-len(zeroWeights(d))) - 1
	if d.Strata == nil && d.Clusters == nil && len(d.Raked) == 0 {
		f, err := finite(d, 0, d.N)
		if err != nil {
			return nil, err
		}
		e.kappa, e.sampled = f*spread(d.N), f
		if d.N == 1 && f > 0 {
			e.info.Lonely = 1
		}
		return e, nil
	}
	w, err := newWalk(d)
	if err != nil {
		return nil, err
	}
	e.walk = w
	e.sampled = w.sampled
	e.info.Strata, e.info.Clusters, e.info.Lonely, e.info.DF = w.nStrata, w.nUnits, w.lonely, w.df
	if len(d.Raked) > 0 {
		e.margins = newMargins(d, w)
	}
	return e, nil
}

// Info describes the design.
func (e *Estimator) Info() DesignInfo { return e.info }

// Plain tells whether the design has neither strata nor clusters nor raking, so that every estimate follows from
// tallies without reading the units again.
func (e *Estimator) Plain() bool { return e.walk == nil }

// finite returns the finite population factor (N-n)/N of stratum h with n sampling units; 0 for a census.
func finite(d *Design, h, n int) (float64, error) {
	if d.Population == nil {
		return 1, nil
	}
	pop := d.Population[h]
	f := 1 - float64(n)/pop
	if pop < float64(n) {
		return 0, fmt.Errorf("design: stratum %d holds %d sampling units, but its population is %v; correct the population size",
			h, n, pop)
	}
	if f < 1e-7 { // as survey::onestrat
		f = 0
	}
	if pop > 1e300 {
		f = 1
	}
	return f, nil
}

// spread is the n/(n-1) of a variance between n sampling units; a lonely unit counts as it is.
func spread(n int) float64 {
	if n < 2 {
		return 1
	}
	return float64(n) / float64(n-1)
}

// Cross names what a table is about: an item and, if set, the groups by which it is broken down.
type Cross struct {
	Item Codes
	// Class is the class of each code of the item, -1 for codes outside the base (not asked, no answer); nil: each code
	// is its own class and in the base.
	Class   []int
	Classes int    // number of classes; ignored when Class is nil
	Group   *Codes // nil: overall
	// Keep tells which groups take part in a comparison; nil: all. Shares and means are given for every group.
	Keep []bool
	// Table is the tally of Item by Group as Tally gives it; nil: gathered here. A caller with many items tallies them
	// together first.
	Table *Table
}

func (c *Cross) class(k int) int {
	if c.Class == nil {
		return k
	}
	return c.Class[k]
}

func (c *Cross) classes() int {
	if c.Class == nil {
		return c.Item.K
	}
	return c.Classes
}

func (c *Cross) groups() int {
	if c.Group == nil {
		return 1
	}
	return c.Group.K
}

func (c *Cross) keeps(g int) bool { return c.Keep == nil || c.Keep[g] }

func (c *Cross) validate() error {
	if c.Class != nil && len(c.Class) != c.Item.K {
		return fmt.Errorf("cross: %d classes given for %d codes; give one class a code", len(c.Class), c.Item.K)
	}
	for k, j := range c.Class {
		if j >= c.Classes {
			return fmt.Errorf("cross: code %d falls in class %d, but there are %d classes", k, j, c.Classes)
		}
	}
	if c.Keep != nil && len(c.Keep) != c.groups() {
		return fmt.Errorf("cross: Keep has %d entries for %d groups", len(c.Keep), c.groups())
	}
	if c.Table != nil && (c.Table.K != c.Item.K || c.Table.G != c.groups()) {
		return fmt.Errorf("cross: the tally is of %d codes by %d groups, the item has %d and the group column %d",
			c.Table.K, c.Table.G, c.Item.K, c.groups())
	}
	return nil
}
