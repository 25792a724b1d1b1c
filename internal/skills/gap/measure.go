package gap

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"tekentafel/internal/stats/irt"
)

// scored are the scores of one skill, by respondent.
type scored struct {
	basis       Basis
	scale       scale
	correlation float64
	pattern     []int32 // of each respondent, -1 where there is nothing to score
	score       []float64
	variance    []float64
	level       []int8 // of each pattern, from 0; -1 where the form cannot be scored
	reliability []float64
	unscored    float64 // share of those who answered
}

// measureSkill scores everybody on one skill.
func measureSkill(ctx context.Context, in *Input, s int, o *Options) (*scored, error) {
	sk, n := &in.Skills[s], len(in.People.Function)
	keys := map[Basis][]uint64{}
	if in.People.Self != nil && len(in.People.Self[s]) > 0 {
		keys[Self] = pack(in.People.Self[s], func(i int) bool { return sk.Self[i].Reversed }, n)
	}
	if in.People.Test != nil && len(in.People.Test[s]) > 0 {
		keys[Test] = pack(in.People.Test[s], func(int) bool { return false }, n)
	}
	for r, tried := range in.People.Tried {
		if tried == 0 {
			for _, k := range keys {
				k[r] = 0
			}
		}
	}
	m := &scored{basis: chooseBasis(o.Basis, keys)}
	var list []uint64
	var sc *scorer
	var err error
	switch m.basis {
	case Test, Both:
		items := make([]irt.Item, len(sk.Test))
		for i := range items {
			items[i] = sk.Test[i].Parameters
		}
		list = keys[Test]
		var loading *irt.Loading
		if m.basis == Both {
			if loading, err = m.load(ctx, items, keys[Test], keys[Self], len(sk.Self)); err != nil {
				return nil, err
			}
			list = together(keys[Test], keys[Self], len(sk.Self))
		}
		sc = newScorer(items, loading)
	case Self, Auto:
		list = keys[Self]
		if list == nil {
			list = make([]uint64, n)
		}
		if m.scale, err = scaleOf(ctx, sk, in.Cuts, distinct(list), o.CalibrateFrom, 1); err != nil {
			return nil, err
		}
		sc = newScorer(m.scale.items, nil)
	}
	m.assign(list, sc, in.Cuts, o.Rule.MinReliable)
	return m, nil
}

func chooseBasis(asked Basis, keys map[Basis][]uint64) Basis {
	self, test, either := 0, 0, 0
	for r := range max(len(keys[Self]), len(keys[Test])) {
		a, b := keys[Self] != nil && keys[Self][r] != 0, keys[Test] != nil && keys[Test][r] != 0
		if a {
			self++
		}
		if b {
			test++
		}
		if a || b {
			either++
		}
	}
	switch {
	case keys[Test] == nil || asked == Self:
		return Self
	case keys[Self] == nil || asked == Test:
		return Test
	case asked == Both:
		return Both
	case 2*test >= either && test >= 200 || self == 0:
		return Both
	}
	return Self
}

// most people of whom the loading is estimated: the error of the correlation is below 0.03 by then, and it is rounded anyway.
const mostLoaded = 1500

// load estimates how what people say of themselves hangs on what they can do, from those who did both.
func (m *scored) load(ctx context.Context, items []irt.Item, test, self []uint64, statements int) (*irt.Loading, error) {
	type pair struct{ test, self uint64 }
	var pairs []pair
	for r := range test {
		if test[r] != 0 && enoughSaid(self[r], statements) {
			pairs = append(pairs, pair{test[r], self[r]})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Or(cmp.Compare(a.test, b.test), cmp.Compare(a.self, b.self)) })
	people := make([]irt.Both, 0, mostLoaded)
	step := max(1, (len(pairs)+mostLoaded-1)/mostLoaded)
	for i := 0; i < len(pairs); i += step {
		number, total := said(pairs[i].self)
		people = append(people, irt.Both{Answers: pattern{key: pairs[i].test}.answers(len(items)), Self: float64(total) / float64(number)})
	}
	sc, err := irt.NewScorer(items, nil)
	if err != nil {
		return nil, fmt.Errorf("gap: %w", err)
	}
	fit, err := irt.FitLoading(ctx, sc, people, irt.WeakLoading(3, 1), 0.8)
	if err != nil {
		return nil, fmt.Errorf("gap: self-report beside the test: %w", err)
	}
	l := fit.Loading
	for _, v := range []*float64{&l.Nu, &l.Lambda, &l.Sigma} {
		*v = math.Round(*v/paramStep) * paramStep
	}
	l.Sigma = max(l.Sigma, paramStep)
	l.Error = min(l.Error, 0.99*l.Sigma)
	m.correlation = l.Correlation()
	return &l, nil
}

// said returns how many statements a pattern answers, and the sum of the answers.
func said(self uint64) (number, total int) {
	for ; self > 0; self >>= bitsPerItem {
		if a := int(self & 7); a > 0 {
			number++
			total += a
		}
	}
	return number, total
}

// enoughSaid asks for at least half of the statements.
func enoughSaid(self uint64, statements int) bool {
	n, _ := said(self)
	return n > 0 && 2*n >= statements
}

// together joins the patterns of the test with sum and number of the statements.
func together(test, self []uint64, statements int) []uint64 {
	out := make([]uint64, len(test))
	for r := range out {
		out[r] = test[r]
		if test[r] != 0 && enoughSaid(self[r], statements) {
			n, total := said(self[r])
			out[r] |= uint64(n)<<selfNumber | uint64(total)<<selfSum
		}
	}
	return out
}

// most forms of a skill that get scores of their own; people with rarer ones are not scored.
const mostForms = 256

// assign scores each pattern once.
func (m *scored) assign(keys []uint64, sc *scorer, cuts []float64, minReliable float64) {
	patterns := distinct(keys)
	count := map[uint64]int{}
	for _, p := range patterns {
		count[sc.mask(p.key)] += p.count
	}
	masks := make([]uint64, 0, len(count))
	for k := range count {
		masks = append(masks, k)
	}
	slices.SortFunc(masks, func(a, b uint64) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	usable := map[uint64]*form{}
	for _, k := range masks[:min(len(masks), mostForms)] {
		if f := sc.form(k); f.reliability >= minReliable {
			usable[k] = f
		}
	}
	index := make(map[uint64]int32, len(patterns))
	lost, total := 0, 0
	for i, p := range patterns {
		index[p.key] = int32(i)
		total += p.count
		f := usable[sc.mask(p.key)]
		if f == nil {
			lost += p.count
			m.score, m.variance, m.level, m.reliability = append(m.score, 0), append(m.variance, 0), append(m.level, -1), append(m.reliability, 0)
			continue
		}
		x := sc.eap(p.key)
		y, v := f.of(x)
		level := int8(0)
		for _, c := range cuts {
			if y >= c {
				level++
			}
		}
		m.score, m.variance, m.level, m.reliability = append(m.score, y), append(m.variance, v), append(m.level, level), append(m.reliability, f.reliability)
	}
	if total > 0 {
		m.unscored = float64(lost) / float64(total)
	}
	m.pattern = make([]int32, len(keys))
	for r, k := range keys {
		m.pattern[r] = -1
		if k != 0 {
			if i := index[k]; m.level[i] >= 0 {
				m.pattern[r] = i
			}
		}
	}
}
