// Package actiontest gives tests of actions a world: reports with what they found, gaps, and people who answer for something.
package actiontest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/tenant"
)

// World is the feature with what it needs.
type World struct {
	*action.Service
	T  testing.TB
	DB *db.DB

	mu      sync.Mutex
	at      time.Time
	reports []action.Report
	found   map[string]*findings.Findings
	gaps    map[string]*gap.Gap
	Names   map[string]string // of accounts
	K       int
}

// New returns a world on a store, on 1 December 2026.
func New(t testing.TB, d *db.DB) *World {
	t.Helper()
	w := &World{T: t, DB: d, at: time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC), found: map[string]*findings.Findings{}, gaps: map[string]*gap.Gap{},
		Names: map[string]string{"hr": "Hanne Rogiers", "hr-two": "Chaima El Amrani", "manager": "Bert Vandenberghe", "employee": "An Peeters"}, K: 10}
	w.Service = action.New(action.Dependencies{DB: d, Audit: audit.New(d, w.Now), Now: w.Now, Zone: clock.Brussels(), Reports: w, Gaps: w, Accounts: w, Organisations: w})
	return w
}

// Now is the clock of the world.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

// Step lets days pass.
func (w *World) Step(days int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.AddDate(0, 0, days)
}

// Add adds a report, the newest, with what it found; g may be nil.
func (w *World) Add(r action.Report, f *findings.Findings, g *gap.Gap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r.Made = w.at
	w.reports = append([]action.Report{r}, w.reports...)
	w.found[r.ID], w.gaps[r.ID] = f, g
}

// Publicise shows a report to all staff, or no more.
func (w *World) Publicise(id string, on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.reports {
		if w.reports[i].ID == id {
			w.reports[i].Published = on
		}
	}
}

// Drop deletes a report.
func (w *World) Drop(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reports = slices.DeleteFunc(slices.Clone(w.reports), func(r action.Report) bool { return r.ID == id })
	delete(w.found, id)
	delete(w.gaps, id)
}

// Reports implements action.Reports.
func (w *World) Reports(_ context.Context, actor access.Actor) ([]action.Report, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if actor.Tenant != dbtest.Ours {
		return nil, nil
	}
	var out []action.Report
	for _, r := range w.reports {
		if access.Can(actor, access.ReadReport, access.Resource{Tenant: actor.Tenant, Published: r.Published}) {
			out = append(out, r)
		}
	}
	return out, nil
}

// Findings implements action.Reports.
func (w *World) Findings(_ context.Context, actor access.Actor, id string) (*findings.Findings, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f := w.found[id]; f != nil && actor.Tenant == dbtest.Ours {
		return f, nil
	}
	return nil, db.ErrNoRow
}

// Gap implements action.Gaps.
func (w *World) Gap(_ context.Context, actor access.Actor, id string) (*gap.Gap, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	g := w.gaps[id]
	return g, g != nil && actor.Tenant == dbtest.Ours, nil
}

// SkillNames implements action.Gaps.
func (w *World) SkillNames(context.Context, tenant.ID) (map[string]instrument.Text, error) {
	return map[string]instrument.Text{"critical": Text("Kritische vaardigheid"), "technical": Text("Technische vaardigheid")}, nil
}

// GroupNames implements action.Gaps.
func (w *World) GroupNames(_ context.Context, _ tenant.ID, _ string, lang instrument.Lang) (map[gap.Kind]map[string]string, error) {
	return map[gap.Kind]map[string]string{gap.ByDepartment: {"green": Text("Groen en ruimte").In(lang)}}, nil
}

// Name implements action.Accounts.
func (w *World) Name(_ context.Context, r db.Reader, account string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r.Tenant() != dbtest.Ours {
		return "", nil
	}
	return w.Names[account], nil
}

// Owners implements action.Accounts.
func (w *World) Owners(_ context.Context, r db.Reader) ([]action.Account, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []action.Account
	for id, name := range w.Names {
		if r.Tenant() == dbtest.Ours {
			out = append(out, action.Account{ID: id, Name: name})
		}
	}
	slices.SortFunc(out, func(a, b action.Account) int { return compare(a.Name, b.Name) })
	return out, nil
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// GroupSize implements action.Organisations.
func (w *World) GroupSize(context.Context, tenant.ID) (int, error) { return w.K, nil }

// Actor is somebody of our organisation; the account is called after the role.
func Actor(who string) access.Actor { return ActorOf(dbtest.Ours, who) }

// ActorOf is somebody of an organisation. "hr-two" is a second person of HR.
func ActorOf(t tenant.ID, who string) access.Actor {
	role := access.Role(who)
	if who == "hr-two" {
		role = access.HR
	}
	return access.Actor{Kind: access.Person, Tenant: t, ID: who, Owner: who, Roles: []access.Role{access.Employee, role}}
}

// Draft is an action as somebody of HR writes it.
func Draft(title string) action.Draft {
	return action.Draft{Title: title, Why: "Wie AI niet gebruikt, zegt vaak niet te weten hoe.", Owner: action.Owner{Role: "HR, team leren"}, Target: action.Target{Kind: action.Everyone},
		Starts: "2026-12-07", Due: "2027-03-31"}
}

// Begin makes an action as HR and brings it to a state.
func (w *World) Begin(d action.Draft, state action.State) action.Action {
	w.T.Helper()
	a, err := w.Make(w.T.Context(), Actor("hr"), d, action.Birth{}, asked.Request{})
	if err != nil {
		w.T.Fatal(err)
	}
	return w.Bring(a, state)
}

// Bring brings an action to a state.
func (w *World) Bring(a action.Action, state action.State) action.Action {
	w.T.Helper()
	path := map[action.State][]action.State{action.Proposed: nil, action.Planned: {action.Planned}, action.Running: {action.Planned, action.Running},
		action.Done: {action.Planned, action.Running, action.Done}, action.Stopped: {action.Stopped}}[state]
	for _, to := range path {
		if err := w.Move(w.T.Context(), Actor("hr"), a.ID, a.Version, to, "Er is geen tijd voor."); err != nil {
			w.T.Fatal(err)
		}
		a = w.See(a.ID)
	}
	return a
}

// See returns an action as it stands.
func (w *World) See(id string) action.Action {
	w.T.Helper()
	a, err := w.Action(w.T.Context(), Actor("hr"), id)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}
