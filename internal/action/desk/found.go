package desk

import (
	"context"
	"errors"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/propose"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/web"
)

// found is what a report found, with what is proposed from it.
type found struct {
	report   action.Report
	findings *findings.Findings
	gap      *gap.Gap // nil for none
	names    map[string]instrument.Text
	list     []propose.Proposal
}

// reports lists the reports that the reader may read, the newest first; none for who may read none.
func (d *Desk) reports(r *web.Request) ([]action.Report, error) {
	return d.reportsOf(r.Context(), r.Actor)
}

func (d *Desk) reportsOf(ctx context.Context, actor access.Actor) ([]action.Report, error) {
	list, err := d.Actions.Reports.Reports(ctx, actor)
	if problem.Is(err, problem.Forbidden) {
		return nil, nil
	}
	return list, err
}

// found reads a report; db.ErrNoRow when the reader may not, or it is not there.
func (d *Desk) found(r *web.Request, id string) (*found, error) {
	list, err := d.reports(r)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(x action.Report) bool { return x.ID == id })
	if i < 0 {
		return nil, db.ErrNoRow
	}
	return d.read(r, list[i])
}

// latest reads the newest report; nil when there is none.
func (d *Desk) latest(r *web.Request) (*found, error) {
	list, err := d.reports(r)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return d.read(r, list[0])
}

func (d *Desk) read(r *web.Request, report action.Report) (*found, error) {
	x := &found{report: report}
	var err error
	if x.findings, err = d.Actions.Reports.Findings(r.Context(), r.Actor, report.ID); err != nil {
		return nil, err
	}
	if d.Actions.Gaps != nil {
		g, ok, err := d.Actions.Gaps.Gap(r.Context(), r.Actor, report.ID)
		switch {
		case problem.Is(err, problem.Forbidden) || errors.Is(err, db.ErrNoRow):
		case err != nil:
			return nil, err
		case ok:
			x.gap = g
			if x.names, err = d.Actions.GapNames(r.Context(), r.Actor.Tenant, report.ID); err != nil {
				return nil, err
			}
		}
	}
	x.list = propose.All(propose.From(x.findings), propose.FromGap(x.gap, x.names))
	return x, nil
}

// figures are the figures that an action could move.
func (x *found) figures() []action.Figure {
	out := propose.Figures(x.findings)
	if x.gap == nil {
		return out
	}
	for i := range x.gap.Skills {
		if f, ok := action.ReadGap(x.gap, action.Key{Source: action.FromGap, Item: x.gap.Skills[i].ID, Option: action.GapBelow}, x.names); ok {
			out = append(out, f)
		}
	}
	return out
}

// reason returns the share that named a reason not to use AI; ok is false when the report does not have it.
func (x *found) reason(question, id string) (action.Figure, bool) {
	return action.Read(x.findings, action.Key{Source: action.FromReport, Item: question, Option: id})
}
