package nonuse

import (
	"errors"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/nonuse/guide"
	"tekentafel/internal/stats"
)

// compare sets how the reasons of a picture changed since an earlier wave: the difference of two independent samples with its 95 %
// interval (Newcombe 1998, method 10, on the intervals of both shares), as the report measures changes of the figures that it compares,
// to which single reasons do not belong. The p-values are adjusted for the number of reasons (Holm 1979). It reads figures that both
// waves show, and so adds nothing to what can be known.
func (p *Picture) compare(now, before *findings.Findings, c *guide.Context, group *findings.Group) error {
	if p.Compared || before == nil {
		return nil
	}
	other := findings.Incomparables(now, before)
	if p.Because = other[c.Reasons]; p.Because != "" {
		return nil
	}
	was := question(before, c.Reasons)
	if was == nil || group != nil && otherGroup(now, before, other, *group) {
		return nil
	}
	ids := make([]string, len(p.Reasons))
	for i := range p.Reasons {
		ids[i] = p.Reasons[i].ID
	}
	var ps []float64
	var changes []*findings.Change
	for i, old := range figures(before, was, ids, group) {
		f := &p.Reasons[i]
		if !f.Shown() || !old.Shown() {
			continue
		}
		a, b := f.Share, old.Share
		d, se, err := stats.DependentShares(estimate(a), estimate(b), 0)
		if err != nil {
			return errors.Join(errors.New("compare the reasons of two waves"), err)
		}
		f.Change = &findings.Change{Item: c.Reasons, Option: f.ID, Group: group, Before: b.Share, BeforeLow: b.Low, BeforeHigh: b.High, BeforeBase: b.Base,
			Now: a.Share, NowLow: a.Low, NowHigh: a.High, NowBase: a.Base, Diff: d.Diff, SE: se, Low: d.Low, High: d.High, P: d.P}
		ps, changes = append(ps, d.P), append(changes, f.Change)
	}
	for i, adjusted := range stats.Holm(ps) {
		changes[i].PAdjusted = adjusted
	}
	p.Compared = len(changes) > 0
	return nil
}

func estimate(s *findings.Share) stats.Share {
	return stats.Share{N: s.N, Base: s.Base, Share: s.Share, SE: s.SE, DF: s.DF, Low: s.Low, High: s.High, Method: s.Method, EffectiveN: s.Effective}
}

// otherGroup tells whether a group is another one than that of the same name in the earlier wave. Departments come and go: groups of a
// background variable with other options are the same where they are called the same.
func otherGroup(now, before *findings.Findings, other map[string]string, g findings.Group) bool {
	if findings.Renamed(now, before)[g] {
		return true
	}
	why, q := other[g.Variable], question(now, g.Variable)
	return q != nil && why != "" && (why != findings.OtherOptions || q.Topic != instrument.TopicBackground)
}
