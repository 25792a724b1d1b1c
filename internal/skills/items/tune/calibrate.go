package tune

import (
	"context"
	"encoding/binary"
	"errors"
	"math"

	"tekentafel/internal/stats/irt"
)

// least of a version that the difference between versions can be told from, and how large and sure it must be to matter.
const (
	leastOfVersion  = 100
	enoughForSlopes = 4 // items that hold the scale while slopes are free
	mattersFrom     = 0.10
	mattersP        = 0.01
)

// calibrate adds what the answers say of one skill.
func calibrate(ctx context.Context, in *Input, s *Skill, weights []float64, out *Result) error {
	lines := make([]ItemResult, len(s.Items))
	guesses := make([]irt.Item, len(s.Items))
	for i := range s.Items {
		it := &s.Items[i]
		guesses[i] = it.Guess
		lines[i] = ItemResult{ID: it.ID, Skill: s.ID, Mark: it.Mark, Verdict: TooFew, BySource: make([]int, len(in.Sources)), Guess: it.Guess, Was: it.Now, New: it.Now, SE: make([]float64, len(it.Guess.B)), FitP: 1}
	}
	count(s, weights, lines)
	skill := SkillResult{ID: s.ID, Link: irt.Link{A: 1}}
	groups, of := grouped(s, weights)
	enough := 0
	for i := range lines {
		if lines[i].N >= LeastAnswers {
			enough++
		}
	}
	fitted, err := estimate(ctx, s, weights, of, groups, experts(guesses, enough))
	switch {
	case errors.Is(err, irt.ErrNoAnswers):
	case err != nil:
		return err
	default:
		skill.Converged = fitted.Converged
		skill.Link, skill.Linked = link(fitted, lines, guesses)
		settle(fitted, lines, skill.Link)
		if err := fits(ctx, in, s, weights, of, fitted, lines); err != nil {
			return err
		}
		if err := differences(ctx, s, weights, guesses, lines); err != nil {
			return err
		}
	}
	for i := range lines {
		if lines[i].Verdict == Calibrated {
			skill.Calibrated++
		}
	}
	if skill.Shift, err = shift(s, lines, in.Cuts); err != nil {
		return err
	}
	out.Skills, out.Items = append(out.Skills, skill), append(out.Items, lines...)
	return nil
}

// count says how many answers there are to each item that count.
func count(s *Skill, weights []float64, lines []ItemResult) {
	for p := range s.People {
		one := &s.People[p]
		for _, a := range one.Answers {
			l := &lines[a.Item]
			l.BySource[one.Source]++
			if weights[one.Source] == 0 {
				continue
			}
			l.N++
			if one.Field {
				l.Field++
			} else {
				l.Office++
			}
		}
	}
}

// grouped puts people into groups with a distribution of their own: those of a source and a version where they are many, the others by
// version. of is the group of each person, -1 for who does not count.
func grouped(s *Skill, weights []float64) (groups []irt.Group, of []int) {
	type key struct {
		source int
		field  bool
	}
	people, answers := map[key]int{}, map[key]int{}
	for p := range s.People {
		k := key{s.People[p].Source, s.People[p].Field}
		people[k]++
		answers[k] += len(s.People[p].Answers)
	}
	index := map[key]int{}
	var size, said []int
	of = make([]int, len(s.People))
	for p := range s.People {
		k := key{s.People[p].Source, s.People[p].Field}
		if weights[k.source] == 0 {
			of[p] = -1
			continue
		}
		if people[k] < ownGroup {
			k.source = -1
		}
		g, known := index[k]
		if !known {
			g = len(size)
			index[k] = g
			size, said = append(size, 0), append(said, 0)
		}
		of[p] = g
		size[g]++
		said[g] += len(s.People[p].Answers)
	}
	for g := range size {
		x := irt.Reference()
		x.FreeMean = size[g] >= 20
		x.FreeSD = size[g] >= ownGroup && float64(said[g])/float64(size[g]) >= dividing
		groups = append(groups, x)
	}
	return groups, of
}

// experts has the guesses as priors. Where few items have enough answers the slopes stay as guessed: of two items only the product of their slopes can
// be told, and how they share it would follow from any difference between groups that is none of skill.
func experts(guesses []irt.Item, enough int) []irt.Setup {
	setup := irt.Experts(guesses)
	for i := range setup {
		setup[i].FixedSlope = enough < enoughForSlopes
	}
	return setup
}

// estimate calibrates.
func estimate(ctx context.Context, s *Skill, weights []float64, of []int, groups []irt.Group, setup []irt.Setup) (*irt.Calibration, error) {
	d := &irt.Answers{}
	var patterns []pattern
	at := map[string]int{}
	for p := range s.People {
		one := &s.People[p]
		if of[p] < 0 || len(one.Answers) == 0 {
			continue
		}
		key := one.key(of[p])
		i, known := at[key]
		if !known {
			i = len(patterns)
			at[key], patterns = i, append(patterns, pattern{p, 0})
		}
		patterns[i].count += weights[one.Source]
	}
	var answers []irt.Answer
	for _, x := range patterns {
		answers = answers[:0]
		for _, a := range s.People[x.person].Answers {
			answers = append(answers, irt.Answer{Item: a.Item, Category: a.Category})
		}
		if err := d.AddMany(x.count, of[x.person], answers...); err != nil {
			return nil, err
		}
	}
	if d.People() == 0 {
		return nil, irt.ErrNoAnswers
	}
	return irt.Calibrate(ctx, d, setup, irt.Options{Groups: groups})
}

// pattern is a first person with some answers, and how many gave the same.
type pattern struct {
	person int
	count  float64
}

// key is the same for people of a group who gave the same answers in the same order.
func (p *Person) key(group int) string {
	out := binary.AppendUvarint(nil, uint64(group))
	for _, a := range p.Answers {
		out = append(binary.AppendUvarint(out, uint64(a.Item)), byte(a.Category))
	}
	return string(out)
}

// link carries the new parameters to the scale of the guesses, by the items that were calibrated and lie not far from theirs.
func link(c *irt.Calibration, lines []ItemResult, guesses []irt.Item) (irt.Link, bool) {
	var fresh, earlier []irt.Item
	for i := range lines {
		if x := &c.Items[i]; lines[i].N >= LeastAnswers && !x.AtLimit && x.Moved <= MostMoved {
			fresh, earlier = append(fresh, x.Item), append(earlier, guesses[i])
		}
	}
	if len(fresh) >= LeastAnchors {
		if l, err := irt.StockingLord(fresh, earlier); err == nil && l.A > 0.5 && l.A < 2 && math.Abs(l.B) < 1 {
			return l, true
		}
	}
	return irt.Link{A: 1}, false
}

// settle decides what becomes of each item.
func settle(c *irt.Calibration, lines []ItemResult, to irt.Link) {
	for i := range lines {
		l, x := &lines[i], &c.Items[i]
		if l.N < LeastAnswers {
			continue
		}
		l.New, l.SlopeSE = to.Item(x.Item), x.SlopeSE/to.A
		for k, se := range x.ThresholdSE {
			l.SE[k] = se * to.A
		}
		prior := irt.Expert(l.Guess)
		l.Moved = math.Abs(math.Log(l.New.A/prior.Slope)) / prior.SlopeSD
		for k, b := range l.New.B {
			l.Moved = max(l.Moved, math.Abs(b-prior.Thresholds[k])/prior.ThresholdSD)
		}
		l.Verdict = Calibrated
		if x.AtLimit || l.Moved > MostMoved || l.New.Check() != nil {
			l.Verdict = Contradicts
		}
	}
}
