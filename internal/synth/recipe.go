package synth

import (
	"hash/fnv"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"tekentafel/internal/instrument"
)

// The shares of answers that are not there.
const (
	leftOpen     = 0.015 // asked, no answer
	dontKnow     = 0.03  // where the question offers it
	ratherNotSay = 0.12  // the same on a sensitive question
)

// recipe makes the answers to one variable.
type recipe interface {
	column(n int) *instrument.Column
	answer(p *person) int // code
}

// recipeFor chooses how a variable is answered; nil for open text, which a generator should not pretend to write.
func (w *Wave) recipeFor(v *instrument.Variable) recipe {
	switch v.Item.Kind {
	case instrument.OpenText, instrument.Info:
		return nil
	case instrument.Category:
		return &category{org: w.org, department: v.ID == departmentItem, id: v.ID}
	case instrument.Number:
		return newNumber(v.Item)
	case instrument.Multiple:
		return &tick{item: v.Item, option: v.Option.ID, k: v.K()}
	default:
		if s := newSituation(v, w.opt.Instrument, w.world); s != nil {
			return s
		}
		if trait, ok := w.world.items[v.ID]; ok || v.Item.Kind == instrument.Scale || v.Item.Kind == instrument.Matrix {
			return newRating(v, w.world, trait, ok, w.reversed(v.ID))
		}
		return newChoice(v)
	}
}

// reversed tells whether a construct counts the item the other way round.
func (w *Wave) reversed(id string) bool {
	for i := range w.opt.Instrument.Constructs {
		for _, r := range w.opt.Instrument.Constructs[i].Reverse {
			if r == id {
				return true
			}
		}
	}
	return false
}

// choice is a single choice: ordered options are cut points on an inclination.
type choice struct {
	k       int
	cuts    []float64 // upper end of each option but the last, on a normal scale
	by      func(p *person) float64
	load    float64
	missing int     // code of an option outside the base, 0 for none
	share   float64 // of that option
}

func newChoice(v *instrument.Variable) *choice {
	substantive, missing := v.Choices()
	t, known := choiceTargets[v.Item.ID]
	c := &choice{k: v.K(), by: t.by, load: t.load}
	var shares []float64
	var sum float64
	for i, ch := range substantive {
		share, ok := t.shares[ch.Option.ID]
		if !known || !ok {
			share = 0.3 + spread(v.ID, i)
		}
		shares = append(shares, share)
		sum += share
	}
	var below float64
	for _, s := range shares[:len(shares)-1] {
		below += s / sum
		c.cuts = append(c.cuts, normal.Quantile(min(max(below, 1e-9), 1-1e-9)))
	}
	if len(missing) > 0 {
		c.missing, c.share = missing[0].Code, dontKnow
		if v.Item.Sensitive {
			c.share = ratherNotSay
		}
	}
	return c
}

var normal = distuv.UnitNormal

func (c *choice) column(n int) *instrument.Column {
	return &instrument.Column{Narrow: make([]uint8, n), K: c.k}
}

func (c *choice) answer(p *person) int {
	gap := p.rng.Float64()
	z := p.rng.NormFloat64()
	if c.by != nil {
		z = c.load*c.by(p) + math.Sqrt(1-c.load*c.load)*z
	}
	switch {
	case gap < leftOpen:
		return instrument.NoAnswer
	case c.missing > 0 && gap < leftOpen+c.share:
		return c.missing
	}
	i := 0
	for i < len(c.cuts) && z > c.cuts[i] {
		i++
	}
	return instrument.FirstOption + i
}

// rating is an answer on a scale: a trait, what the item asks on top of it, and chance.
type rating struct {
	k       int
	points  int
	mean    float64 // of the answers, 0..points-1
	trait   int
	loads   bool
	reverse bool
	missing int
}

func newRating(v *instrument.Variable, w *world, trait int, loads, reverse bool) *rating {
	substantive, missing := v.Choices()
	r := &rating{k: v.K(), points: len(substantive), trait: trait, loads: loads, reverse: reverse}
	mean := 0.55
	if loads {
		mean = w.means[trait]
	}
	r.mean = (mean + 0.16*(spread(v.ID, 0)-0.5)) * float64(r.points-1)
	if len(missing) > 0 {
		r.missing = missing[0].Code
	}
	return r
}

func (r *rating) column(n int) *instrument.Column {
	return &instrument.Column{Narrow: make([]uint8, n), K: r.k}
}

func (r *rating) answer(p *person) int {
	gap, z := p.rng.Float64(), p.rng.NormFloat64()
	if r.loads {
		z = 0.78*p.traits[r.trait] + math.Sqrt(1-0.78*0.78)*z
	}
	switch {
	case gap < leftOpen:
		return instrument.NoAnswer
	case r.missing > 0 && gap < leftOpen+dontKnow:
		return r.missing
	}
	at := r.mean + z*0.27*float64(r.points-1)
	i := min(max(int(math.Round(at)), 0), r.points-1)
	if r.reverse {
		i = r.points - 1 - i
	}
	return instrument.FirstOption + i
}

// tick is one option of a multiple choice. The options of an item are decided together, so that "none of these" stands
// alone.
type tick struct {
	item   *instrument.Item
	option string
	k      int
}

func (t *tick) column(n int) *instrument.Column {
	return &instrument.Column{Narrow: make([]uint8, n), K: t.k}
}

func (t *tick) answer(p *person) int {
	if p.ticked != t.item {
		p.tick(t.item)
	}
	switch {
	case p.unanswered:
		return instrument.NoAnswer
	case p.ticks[t.option]:
		return instrument.FirstOption + 1
	default:
		return instrument.FirstOption
	}
}

// tick decides which options of an item the person chooses.
func (p *person) tick(it *instrument.Item) {
	p.ticked, p.ticks = it, map[string]bool{}
	p.unanswered = p.rng.Float64() < leftOpen
	targets := tickTargets[it.ID]
	alone := ""
	for i := range it.Options {
		o := &it.Options[i]
		share, known := targets[o.ID]
		if !known {
			share = 0.08 + 0.3*spread(it.ID, i)
		}
		if o.Exclusive {
			share = min(share, 0.06)
		}
		z := 0.25*p.use + math.Sqrt(1-0.25*0.25)*p.rng.NormFloat64()
		if z <= -normal.Quantile(share) || o.Missing != instrument.NotMissing {
			continue
		}
		if o.Exclusive {
			alone = o.ID
			continue
		}
		p.ticks[o.ID] = true
	}
	if len(p.ticks) == 0 && alone == "" {
		p.unanswered = true
	}
	if len(p.ticks) == 0 && alone != "" {
		p.ticks[alone] = true
	}
}

// number is a number around the middle of its range.
type number struct{ low, high float64 }

func newNumber(it *instrument.Item) *number {
	n := &number{low: 0, high: 100}
	if it.Min != nil {
		n.low = *it.Min
	}
	if it.Max != nil {
		n.high = *it.Max
	}
	return n
}

func (c *number) column(n int) *instrument.Column {
	col := &instrument.Column{Wide: make([]uint16, n)}
	for x := math.Ceil(c.low); x <= c.high && len(col.Numbers) < 1000; x++ {
		col.Numbers = append(col.Numbers, x)
	}
	col.K = instrument.FirstOption + len(col.Numbers)
	return col
}

func (c *number) answer(p *person) int {
	if p.rng.Float64() < leftOpen {
		return instrument.NoAnswer
	}
	n := min(int(c.high-math.Ceil(c.low))+1, 1000)
	return instrument.FirstOption + min(n-1, int(float64(n)*(p.rng.Float64()+p.rng.Float64())/2))
}

// departmentItem is the variable that holds the department.
const departmentItem = "department"

// category is a choice whose values the organisation decides: its departments, or five sites.
type category struct {
	org        *organisation
	department bool
	id         string
}

// sites are the values of any other category.
var sites = []string{"Centrum", "Noord", "Oost", "West", "Zuid"}

func (c *category) column(n int) *instrument.Column {
	col := &instrument.Column{}
	if !c.department {
		col.Levels = sites
		col.Narrow, col.K = make([]uint8, n), instrument.FirstOption+len(sites)
		return col
	}
	for _, d := range c.org.departments {
		col.Levels = append(col.Levels, d.name)
	}
	col.K = instrument.FirstOption + len(col.Levels)
	if col.K <= 256 {
		col.Narrow = make([]uint8, n)
	} else {
		col.Wide = make([]uint16, n)
	}
	return col
}

func (c *category) answer(p *person) int {
	gap := p.rng.Float64()
	if c.department {
		return instrument.FirstOption + p.department
	}
	if gap < leftOpen {
		return instrument.NoAnswer
	}
	return instrument.FirstOption + p.rng.IntN(len(sites))
}

// spread returns a number in 0..1 that looks random and depends on its arguments alone.
func spread(id string, i int) float64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	_, _ = h.Write([]byte{byte(i), byte(i >> 8)})
	return float64(h.Sum32()%1000) / 1000
}
