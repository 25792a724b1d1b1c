package app

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/action/evidence"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/identity"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/example"
	"tekentafel/internal/tenant"
)

// connectEvidence lets the evidence tell what people tried. The gateway, the place to try and the reading of logs come first.
func (a *App) connectEvidence() { a.evidence.Tries = triesOfEvidence{a} }

// triesOfEvidence is what people tried, and what was set for it.
type triesOfEvidence struct{ app *App }

const (
	// mostMonthsOfUse bounds the months of the use of models in the evidence.
	mostMonthsOfUse = 12
	monthForm       = "2006-01"
)

// Challenges implements evidence.Tries.
func (x triesOfEvidence) Challenges(ctx context.Context, t tenant.ID) ([]evidence.Tried, error) {
	s := x.app.lab.challenges
	list, err := s.Reach(ctx, t)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	departments, err := s.Places.Departments(ctx, x.app.DB.Of(t))
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, d := range departments {
		names[d.ID] = d.Name
	}
	var out []evidence.Tried
	for _, r := range list {
		title := everywhere(r.Challenge)
		if c := s.Find(r.Challenge); c != nil {
			title = c.Title
		}
		out = append(out, evidence.Tried{Challenge: title, Department: names[r.Department], Together: r.Department == "", People: r.People, Until: r.Until.In(x.app.Zone).Format(monthForm)})
	}
	return out, nil
}

// Use implements evidence.Tries.
func (x triesOfEvidence) Use(ctx context.Context, t tenant.ID) ([]evidence.Used, error) {
	list, err := x.app.models.insight.Reach(ctx, t, mostMonthsOfUse)
	var out []evidence.Used
	for _, r := range list {
		out = append(out, evidence.Used{Month: string(r.Month), Count: evidence.Count{People: r.People.N, Few: r.Few}, AtLeast: r.People.AtLeast, Of: r.Heads, Days: r.Days, GroupSize: r.K})
	}
	return out, err
}

// Agreements implements evidence.Tries. The program itself reads them: the evidence says the same to everyone who may read it.
func (x triesOfEvidence) Agreements(ctx context.Context, t tenant.ID) (evidence.Agreements, error) {
	out := evidence.Agreements{Limits: []string{}}
	by := access.Actor{Kind: access.System, Tenant: t}
	var err error
	if out.Guard, err = x.guarding(ctx, by); err != nil {
		return out, err
	}
	limits, err := x.app.models.limits.List(ctx, by)
	if err != nil {
		return out, err
	}
	seen := map[budget.Kind]bool{}
	for i := range limits { // in the order in which kinds are shown
		l := &limits[i]
		if l.Kind == budget.Person && l.Subject != "" || seen[l.Kind] { // a limit of one person is theirs
			continue
		}
		seen[l.Kind] = true
		out.Limits = append(out.Limits, string(l.Kind))
	}
	weeks, err := x.app.shadow.Weeks(ctx, t)
	if err != nil {
		return out, err
	}
	if n := len(weeks); n > 0 {
		out.Shadow = evidence.Weeks{Weeks: n, First: weeks[n-1], Last: weeks[0]}
	}
	examples, err := x.app.lab.examples.Search(ctx, t, example.Query{}, instrument.NL)
	for i := range examples {
		if !examples[i].IsMadeUp() {
			out.Examples++
		}
	}
	return out, err
}

// guarding tells what the guard does. Who set it is told by role alone.
func (x triesOfEvidence) guarding(ctx context.Context, by access.Actor) (evidence.Guarding, error) {
	out := evidence.Guarding{By: []instrument.Text{}}
	now, err := x.app.models.policy.Current(ctx, by)
	if err != nil {
		return out, err
	}
	for _, t := range guard.Types() {
		out.Types = append(out.Types, evidence.Guarded{Type: string(t), Name: inEach(guard.Texts(), "type."+string(t)), Does: evidence.Does(now.Policy[t].String())})
	}
	if now.Version == 0 {
		return out, nil
	}
	at := now.At.UTC().Truncate(time.Second)
	out.Since = &at
	if now.By == "" { // erased
		return out, nil
	}
	err = x.app.DB.Of(by.Tenant).Rows(ctx, `SELECT DISTINCT role FROM account_roles WHERE tenant_id = $1 AND account_id = $2 ORDER BY role`, func(scan func(...any) error) error {
		var role access.Role
		if err := scan(&role); err != nil {
			return err
		}
		if access.Can(access.Actor{Kind: access.Person, Tenant: by.Tenant, Owner: now.By, Roles: []access.Role{role}}, access.SetGuard, access.Resource{Tenant: by.Tenant}) {
			out.By = append(out.By, inEach(identity.Locale(), "role."+string(role)))
		}
		return nil
	}, now.By)
	return out, err
}

// inEach is a message in each language.
func inEach(b *i18n.Bundle, key string) instrument.Text {
	out := instrument.Text{}
	for _, l := range instrument.Languages() {
		out[l] = b.Printer(l).T(key, nil)
	}
	return out
}

// everywhere is a text that is the same in each language.
func everywhere(s string) instrument.Text {
	out := instrument.Text{}
	for _, l := range instrument.Languages() {
		out[l] = s
	}
	return out
}
