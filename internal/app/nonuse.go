package app

import (
	"context"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/national"
	"tekentafel/internal/report"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/skills/nonuse"
	"tekentafel/internal/tenant"
)

// newNonUse builds the feature about people who do not use AI.
func (a *App) newNonUse() error {
	guide, err := nonuse.BuiltIn()
	if err != nil {
		return err
	}
	a.NonUse = nonuse.New(nonuse.Dependencies{DB: a.DB, Box: a.Box, Audit: a.Audit, Now: a.Now, Guide: guide, National: nationalNumbers{}, Accounts: reached{},
		Organisations: sized{organisations{a.DB}}, Reports: reportsOfNonUse{a.Report}, Groups: groupsOfNonUse{a.places}})
	return nil
}

// nationalNumbers knows the numbers by which a state knows its people.
type nationalNumbers struct{}

// Holds implements nonuse.National.
func (nationalNumbers) Holds(text string) bool { return len(national.Find(text)) > 0 }

// reached tells how accounts are reached.
type reached struct{ staff }

// Mail implements nonuse.Accounts.
func (r reached) Mail(ctx context.Context, read db.Reader, account string) (string, error) {
	mail, _, err := r.Of(ctx, read, account)
	return mail, ignoreMissing(err)
}

// sized tells how large a group must be.
type sized struct{ organisations }

// GroupSize implements nonuse.Organisations.
func (s sized) GroupSize(ctx context.Context, t tenant.ID) (int, error) {
	_, k, _, err := s.About(ctx, t)
	return k, err
}

// reportsOfNonUse is the feature of reports as the one about non-users wants it.
type reportsOfNonUse struct{ *report.Service }

// Latest implements nonuse.Reports.
func (r reportsOfNonUse) Latest(ctx context.Context, actor access.Actor, question string) (nonuse.Report, bool, error) {
	list, err := r.Reports(ctx, actor)
	if err != nil {
		return nonuse.Report{}, false, err
	}
	for i := range list {
		one := &list[i]
		if one.State != report.Ready {
			continue
		}
		f, err := r.Findings(ctx, actor, one.ID)
		if err != nil {
			return nonuse.Report{}, false, err
		}
		if !slices.ContainsFunc(f.Questions, func(x findings.Question) bool { return x.ID == question }) {
			continue
		}
		out := nonuse.Report{ID: one.ID, Title: one.Title, Findings: f}
		if f.Earlier != nil && one.Options.Previous != "" {
			if out.Before, err = r.Findings(ctx, actor, one.Options.Previous); ignoreMissing(err) != nil {
				return nonuse.Report{}, false, err
			}
		}
		return out, true, nil
	}
	return nonuse.Report{}, false, nil
}

// Caveats implements nonuse.Reports.
func (reportsOfNonUse) Caveats(f *findings.Findings, lang instrument.Lang) []string {
	return story.Tell(f, lang).Caveats
}

// groupsOfNonUse are the departments.
type groupsOfNonUse struct{ *places }

// Groups implements nonuse.Groups: the departments that people work in.
func (g groupsOfNonUse) Groups(ctx context.Context, t tenant.ID) ([]nonuse.Group, error) {
	s, err := g.Standing(ctx, t)
	if err != nil {
		return nil, err
	}
	var out []nonuse.Group
	for _, d := range s.Departments {
		if d.People > 0 {
			out = append(out, nonuse.Group(d))
		}
	}
	return out, nil
}
