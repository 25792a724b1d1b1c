package tune

import (
	"context"
	"errors"

	"tekentafel/internal/stats/irt"
)

// fits says how well the model holds for each item.
func fits(ctx context.Context, in *Input, s *Skill, weights []float64, of []int, c *irt.Calibration, lines []ItemResult) error {
	adaptive := false
	for i, source := range in.Sources {
		adaptive = adaptive || source.Kind == Gifts && weights[i] > 0
	}
	list, err := c.ItemFit(ctx, adaptive)
	if err != nil {
		return err
	}
	priors := make([]*irt.Prior, len(c.Groups))
	for g := range c.Groups {
		if priors[g], err = irt.Normal(c.Groups[g].Mean, c.Groups[g].SD); err != nil {
			return err
		}
	}
	gathered := make([]fitting, len(lines))
	counting := &Skill{Items: s.Items}
	var groups []int
	for p := range s.People {
		if of[p] >= 0 {
			counting.People, groups = append(counting.People, s.People[p]), append(groups, of[p])
		}
	}
	err = predict(counting, c.Parameters(), in.ordered, func(p int) *irt.Prior { return priors[groups[p]] }, func(p predicted) { gathered[p.item].add(p) })
	if err != nil {
		return err
	}
	for i := range lines {
		if lines[i].N >= LeastAnswers {
			lines[i].Infit, lines[i].Outfit = gathered[i].infit(), gathered[i].outfit()
			lines[i].Misfit, lines[i].FitP = list[i].Largest, list[i].P
		}
	}
	return nil
}

// differences tests whether the version for the field is another item than that for desk work: on one scale for both, with the skill of those
// who work in the field free; its spread only where people answered enough items to tell. Of a skill of which two items were asked, each is held
// against the other, so that both differ or neither does.
func differences(ctx context.Context, s *Skill, weights []float64, guesses []irt.Item, lines []ItemResult) error {
	tested := 0
	for i := range lines {
		if lines[i].Office >= leastOfVersion && lines[i].Field >= leastOfVersion && lines[i].N >= LeastAnswers {
			tested++
		}
	}
	if tested == 0 {
		return nil
	}
	of := make([]int, len(s.People))
	people, said := 0, 0
	for p := range s.People {
		if s.People[p].Field && weights[s.People[p].Source] > 0 {
			people, said = people+1, said+len(s.People[p].Answers)
		}
		switch {
		case weights[s.People[p].Source] == 0:
			of[p] = -1
		case s.People[p].Field:
			of[p] = 1
		}
	}
	field := irt.Reference()
	field.FreeMean, field.FreeSD = true, float64(said) >= dividing*float64(people)
	c, err := estimate(ctx, s, weights, of, []irt.Group{irt.Reference(), field}, experts(guesses, tested))
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		if l.Office < leastOfVersion || l.Field < leastOfVersion || l.N < LeastAnswers {
			continue
		}
		d, err := c.DIF(ctx, i)
		if errors.Is(err, irt.ErrNoGroups) {
			continue
		}
		if err != nil {
			return err
		}
		x := d.Groups[len(d.Groups)-1]
		l.DIF = &DIF{P: d.P, Signed: x.Signed, Size: x.Unsigned, Matters: x.Unsigned >= mattersFrom && d.P < mattersP/float64(tested)}
	}
	return nil
}
