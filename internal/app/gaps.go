package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/people/store"
	"tekentafel/internal/report"
	"tekentafel/internal/skills/asked"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/gap"
	gapdesk "tekentafel/internal/skills/gap/desk"
	"tekentafel/internal/skills/items"
	"tekentafel/internal/tenant"
)

// newItems builds the feature that says what the items of the test rest on.
func (a *App) newItems(material *check.Material) {
	a.Items = items.New(items.Dependencies{DB: a.DB, Box: a.Box, Audit: a.Audit, Queue: a.Queue, Now: a.Now, Material: material, Waves: wavesOfItems{reportsOfSkills{a.Report}},
		Accounts: accountsOfStaff{}, Organisations: sized{organisations{a.DB}}})
}

// newGaps builds the feature of what groups lack. It hears of each report that is ready.
func (a *App) newGaps() {
	a.Gaps = gapdesk.New(gapdesk.Dependencies{DB: a.DB, Box: a.Box, Audit: a.Audit, Queue: a.Queue, Now: a.Now, Reports: reportsOfSkills{a.Report}, Needs: a.Needs,
		Parameters: a.Items, Quality: readiness{}, Zone: a.Zone})
	a.Report.WhenReady(a.Gaps.ReportReady)
}

// reportsOfSkills is the feature of reports as those compute from it that ask what groups lack, and what items rest on.
type reportsOfSkills struct{ *report.Service }

// Ready implements gapdesk.Reports.
func (r reportsOfSkills) Ready(ctx context.Context, t tenant.ID) ([]gapdesk.Report, error) {
	list, err := r.Reports(ctx, access.Actor{Kind: access.System, Tenant: t})
	var out []gapdesk.Report
	for i := range list {
		if list[i].State == report.Ready {
			out = append(out, gapReport(&list[i]))
		}
	}
	return out, err
}

func gapReport(r *report.Report) gapdesk.Report {
	return gapdesk.Report{ID: r.ID, Source: r.Source, Title: r.Title, Respondents: r.Respondents, Synthetic: r.Synthetic, Previous: r.Options.Previous, Made: r.Created}
}

// Answers implements gapdesk.Reports.
func (r reportsOfSkills) Answers(ctx context.Context, read db.Reader, id string, p *jobs.Progress) (*gapdesk.Wave, error) {
	found, err := r.Service.Answers(ctx, read, id, p)
	if err != nil {
		return nil, err
	}
	return &gapdesk.Wave{Report: gapReport(&found.Report), Answers: found.Answers, Weights: found.Weights, Columns: found.Columns}, nil
}

// wavesOfItems are the answers by which items are calibrated.
type wavesOfItems struct{ reports reportsOfSkills }

// Waves implements items.Waves. A wave goes by the id of its newest report.
func (w wavesOfItems) Waves(ctx context.Context, t tenant.ID) ([]items.Wave, error) {
	list, err := w.reports.Ready(ctx, t)
	if err != nil {
		return nil, err
	}
	var out []items.Wave
	seen := map[string]bool{"": true}
	for _, r := range list {
		if seen[r.Source] {
			continue
		}
		seen[r.Source] = true
		q, err := w.reports.Asked(ctx, w.reports.DB.Of(t), r.ID)
		if errors.Is(err, db.ErrNoRow) {
			continue // taken away since the list was read
		}
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(q.Items, func(i instrument.Item) bool { return isSituation(&i) }) {
			out = append(out, items.Wave{ID: r.ID, Title: r.Title, Day: r.Made, Synthetic: r.Synthetic})
		}
	}
	return out, nil
}

func isSituation(i *instrument.Item) bool {
	_, _, ok := asked.ParseID(i.ID)
	return ok
}

// Answers implements items.Waves.
func (w wavesOfItems) Answers(ctx context.Context, t tenant.ID, wave string, p *jobs.Progress) (*instrument.Answers, error) {
	found, err := w.reports.Service.Answers(ctx, w.reports.DB.Of(t), wave, p)
	if err != nil {
		return nil, err
	}
	return found.Answers, nil
}

// readiness is how good the personnel data is, as the gap reads it.
type readiness struct{}

// Readiness implements gapdesk.Quality.
func (readiness) Readiness(ctx context.Context, r db.Reader) (*gap.Readiness, error) {
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, err
	}
	kept, err := store.QualityOf(ctx, r, head.Current)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil //nolint:nilnil // nobody looked yet, and that is no error
	}
	if err != nil {
		return nil, err
	}
	var a people.Assessment
	if err := json.Unmarshal([]byte(kept.Result), &a); err != nil || a.Quality == nil {
		return nil, err
	}
	out := &gap.Readiness{}
	for i := range a.Quality.Scores {
		s := &a.Quality.Scores[i]
		if !strings.HasPrefix(s.Name, "gap by ") {
			continue
		}
		c := gap.Conclusion{Name: s.Name, Staff: s.Staff.People, Usable: s.Usable.People, Shown: s.Shown.People}
		for _, x := range s.Losses {
			c.Losses = append(c.Losses, gap.Loss{Kind: x.Kind.String(), People: x.People, Points: x.Points})
		}
		for j := range s.Gains {
			x := &s.Gains[j]
			c.Gains = append(c.Gains, gap.Gain{Kind: x.Check.String(), Mend: string(x.Mend), Count: x.Count, People: x.People, Points: x.Points})
		}
		out.Conclusions = append(out.Conclusions, c)
	}
	return out, nil
}
