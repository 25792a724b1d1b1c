package tune

import (
	"math"

	"tekentafel/internal/stats/irt"
)

// enoughToTell is how many answers of a source its consistency rests on at least.
const enoughToTell = 300

// Gifts of which more than this share are flat are left out: twice what is usual, as people who give differ from others, and a tenth.
const (
	flatFactor = 2
	flatMore   = 0.1
)

// flatness gathers how many people answered all the same, and how many would.
type flatness struct{ people, seen, usual float64 }

// add counts a person who answered at least two of the items.
func (f *flatness) add(p *Person, items []irt.Item, scorer *irt.Scorer) error {
	if len(p.Answers) < 2 {
		return nil
	}
	least, most := true, true
	low, high := make([]irt.Answer, len(p.Answers)), make([]irt.Answer, len(p.Answers))
	for i, a := range p.Answers {
		top := len(items[a.Item].B)
		least, most = least && a.Category == 0, most && a.Category == top
		low[i], high[i] = irt.Answer{Item: a.Item}, irt.Answer{Item: a.Item, Category: top}
	}
	f.people++
	if least || most {
		f.seen++
	}
	for _, pattern := range [][]irt.Answer{low, high} {
		post, err := scorer.Posterior(pattern)
		if err != nil {
			return err
		}
		f.usual += math.Exp(post.LogMarginal)
	}
	return nil
}

// screen holds each source against the parameters in use, decides whether it is used, and how much one of its people weighs. Waves are
// asked of people who are in the frame or hold the link, so that they are used; gifts can be made up by anybody, so that they must go together as
// answers of people do, not be all right or all wrong more often than people are, and together weigh no more than the waves, or than some thousand people.
func screen(in *Input, out *Result) (weights []float64, err error) {
	n := len(in.Sources)
	fits := make([]fitting, n)
	xm, mm, said := make([]float64, n), make([]float64, n), make([]float64, n)
	people, flat := make([]int, n), make([]flatness, n)
	out.Sources = make([]SourceResult, n)
	for i := range in.Skills {
		s := &in.Skills[i]
		now := make([]irt.Item, len(s.Items))
		for j := range s.Items {
			now[j] = s.Items[j].Now
		}
		agree := make([]agreeing, n)
		standard := irt.Standard()
		err := predict(s, now, in.ordered, func(int) *irt.Prior { return standard }, func(p predicted) {
			fits[p.source].add(p)
			agree[p.source].add(p)
		})
		if err != nil {
			return nil, err
		}
		for j := range n {
			a, b := agree[j].sums(len(s.Items))
			xm[j], mm[j], said[j] = xm[j]+a, mm[j]+b, said[j]+agree[j].n
		}
		inSkill := make([]int, n)
		scorer, err := irt.NewScorer(now, standard)
		if err != nil {
			return nil, err
		}
		for p := range s.People {
			if in.ordered(s.People[p].Source) {
				if err := flat[s.People[p].Source].add(&s.People[p], now, scorer); err != nil {
					return nil, err
				}
			}
			inSkill[s.People[p].Source]++
			out.Sources[s.People[p].Source].Answers += len(s.People[p].Answers)
		}
		for j := range n {
			people[j] = max(people[j], inSkill[j])
		}
	}
	if len(in.People) == n {
		people = in.People
	}
	weights = make([]float64, n)
	inWaves := 0
	for i := range n {
		r := &out.Sources[i]
		r.Source, r.People, r.Infit, r.Outfit = in.Sources[i], people[i], fits[i].infit(), fits[i].outfit()
		if mm[i] > 0 {
			r.Consistency, r.Told = xm[i]/mm[i], said[i] >= enoughToTell
		}
		if f := flat[i]; f.people > 0 {
			r.Flat, r.FlatUsual = f.seen/f.people, f.usual/f.people
		}
		if r.Kind == Wave {
			inWaves += people[i]
		}
	}
	for i := range n {
		r := &out.Sources[i]
		r.Used, r.Weight = true, 1
		if r.Kind == Gifts {
			r.Used = r.People > 0 && (!r.Told || r.Consistency >= LeastAgree && r.Flat <= flatFactor*r.FlatUsual+flatMore)
			r.Weight = min(1, float64(max(gifted, inWaves))/float64(max(1, r.People)))
		}
		if !r.Used {
			r.Weight = 0
		}
		weights[i] = r.Weight
	}
	return weights, nil
}

// ordered tells whether the items of a source were chosen by the answers before them.
func (in *Input) ordered(source int) bool { return in.Sources[source].Kind == Gifts }
