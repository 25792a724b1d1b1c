package action

import (
	"context"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/gap"
)

// alpha is the chance to call a figure shifted that did not, over all figures that are compared with one report.
const alpha = 0.05

// Effects tells of each action with a measure whether it moved, by id. What reports the actor may not read is not told: the verdict
// is then Waiting.
func (s *Service) Effects(ctx context.Context, actor access.Actor) (map[string]Effect, error) {
	mine, err := s.List(ctx, actor, Query{})
	if err != nil || len(mine) == 0 {
		return map[string]Effect{}, err
	}
	list, err := actions(ctx, s.DB.Of(actor.Tenant)) // what is called shifted depends on all of them
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(list, func(a Action) bool { return a.Measure != nil }) {
		return map[string]Effect{}, nil
	}
	reports, err := s.Reports.Reports(ctx, actor)
	if problem.Is(err, problem.Forbidden) {
		reports, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := s.effects(ctx, actor, list, reports, func(Report) bool { return true })
	out := map[string]Effect{}
	for i := range mine {
		if e, ok := all[mine[i].ID]; ok {
			out[mine[i].ID] = e
		}
	}
	return out, err
}

// Effect tells whether the measure of an action moved; ok is false when it has none.
func (s *Service) Effect(ctx context.Context, actor access.Actor, id string) (e Effect, ok bool, err error) {
	all, err := s.Effects(ctx, actor)
	e, ok = all[id]
	return e, ok, err
}

// effects tells what the newest of those reports that may tell says of the measures of actions.
func (s *Service) effects(ctx context.Context, actor access.Actor, list []Action, reports []Report, may func(Report) bool) (map[string]Effect, error) {
	out := map[string]Effect{}
	read := &reading{s: s, actor: actor, findings: map[string]*findings.Findings{}, gaps: map[string]*gap.Gap{}}
	for i := range list {
		a := &list[i]
		if a.Measure == nil {
			continue
		}
		r, ok := s.after(reports, a, may)
		if !ok {
			out[a.ID] = Effect{Verdict: Waiting, Before: a.Measure.Figure}
			continue
		}
		l, err := read.later(ctx, reports, r, a.Measure)
		if err != nil {
			return nil, err
		}
		out[a.ID] = a.Measure.compare(l)
	}
	correct(list, out)
	return out, nil
}

// after returns the newest report of the series that was made after an action began.
func (s *Service) after(reports []Report, a *Action, may func(Report) bool) (Report, bool) {
	start := a.start()
	for _, r := range reports {
		if start != "" && may(r) && DayOf(r.Made.In(s.Zone)) > start && len(series(reports, r, a.Measure.Report)) > 0 {
			return r, true
		}
	}
	return Report{}, false
}

// series are the reports from a later one back to the one after an earlier one; none when the later does not follow from it.
func series(reports []Report, from Report, to string) []Report {
	var out []Report
	for r := from; len(out) <= len(reports); {
		out = append(out, r)
		if r.Previous == to {
			return out
		}
		i := slices.IndexFunc(reports, func(x Report) bool { return x.ID == r.Previous })
		if r.Previous == "" || i < 0 {
			return nil
		}
		r = reports[i]
	}
	return nil
}

// reading reads each report once.
type reading struct {
	s        *Service
	actor    access.Actor
	findings map[string]*findings.Findings
	gaps     map[string]*gap.Gap
}

// of returns what a report found, nil when it is gone.
func (r *reading) of(ctx context.Context, id string) (*findings.Findings, error) {
	f, known := r.findings[id]
	if known {
		return f, nil
	}
	f, err := r.s.Reports.Findings(ctx, r.actor, id)
	if err = lost(err); err != nil {
		return nil, err
	}
	r.findings[id] = f
	return f, nil
}

func (r *reading) gap(ctx context.Context, id string) (*gap.Gap, error) {
	g, known := r.gaps[id]
	if known || r.s.Gaps == nil {
		return g, nil
	}
	g, ok, err := r.s.Gaps.Gap(ctx, r.actor, id)
	if err = lost(err); err != nil {
		return nil, err
	}
	if !ok {
		g = nil
	}
	r.gaps[id] = g
	return g, nil
}

func (r *reading) later(ctx context.Context, reports []Report, from Report, m *Measure) (*later, error) {
	l := &later{report: from, direct: from.Previous == m.Report, broken: map[string]bool{}}
	var err error
	if m.Figure.Key.Source == FromGap {
		if l.gap, err = r.gap(ctx, from.ID); err != nil {
			return nil, err
		}
		l.was, err = r.gap(ctx, m.Report)
		return l, err
	}
	if l.now, err = r.of(ctx, from.ID); err != nil {
		return nil, err
	}
	if l.now == nil {
		l.now = &findings.Findings{}
	}
	if slices.ContainsFunc(reports, func(x Report) bool { return x.ID == m.Report }) {
		if l.before, err = r.of(ctx, m.Report); err != nil || l.before != nil {
			return l, err
		}
	}
	for _, x := range series(reports, from, m.Report) {
		f, err := r.of(ctx, x.ID)
		if err != nil {
			return nil, err
		}
		if f == nil || f.Earlier == nil {
			continue
		}
		for _, i := range f.Earlier.Incomparable {
			l.broken[i.Item] = true
		}
	}
	return l, nil
}

// correct calls a figure shifted where that holds for all figures together that are compared with one report (Holm 1979). A figure that
// several actions should move is compared once.
func correct(list []Action, out map[string]Effect) {
	type test struct{ report, from, key string }
	tests := map[string]map[test]float64{} // by later report
	of := func(a *Action, e *Effect) test {
		return test{e.Report.ID, a.Measure.Report, a.Measure.Figure.Key.String()}
	}
	for i := range list {
		a := &list[i]
		if e, ok := out[a.ID]; ok && e.Verdict == NotShown {
			if tests[e.Report.ID] == nil {
				tests[e.Report.ID] = map[test]float64{}
			}
			tests[e.Report.ID][of(a, &e)] = e.Change.p
		}
	}
	for i := range list {
		a := &list[i]
		e, ok := out[a.ID]
		if !ok || e.Verdict != NotShown {
			continue
		}
		among := tests[e.Report.ID]
		e.Tests = len(among)
		if holds(among, among[of(a, &e)]) && (e.Change.Low > 0 || e.Change.High < 0) {
			e.Verdict = Shifted
		}
		out[a.ID] = e
	}
}

// holds tells whether Holm's method rejects a hypothesis with a p-value among those of a family.
func holds[K comparable](family map[K]float64, p float64) bool {
	var ps []float64
	for _, x := range family {
		ps = append(ps, x)
	}
	slices.Sort(ps)
	for i, x := range ps {
		if x*float64(len(ps)-i) >= alpha {
			return false
		}
		if x == p {
			return true
		}
	}
	return false
}
