package app

import (
	"context"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	gatewaydesk "tekentafel/internal/gateway/desk"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/insight"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/gateway/ownuse"
	"tekentafel/internal/gateway/policy"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/markdown"
	"tekentafel/internal/mail"
	"tekentafel/internal/tenant"
)

// models is the gateway with its parts: what leads questions to models, and what is set and counted of it.
type models struct {
	pool    *backend.Pool
	engine  *gateway.Engine
	limits  *limits.Service
	keys    *keys.Service
	policy  *policy.Service
	own     *ownuse.Service
	insight *insight.Service
	desk    *gatewaydesk.Desk
}

// newModels builds the gateway. The staff comes first.
func (a *App) newModels() error {
	settings := a.Models
	if settings == nil {
		settings = backend.PracticeAlone()
	}
	m := &a.models
	var err error
	if m.pool, err = backend.New(settings, backend.Parts{Now: a.Now}); err != nil {
		return err
	}
	offered := func() []string {
		var out []string
		for _, x := range m.pool.Models() {
			out = append(out, x.Name)
		}
		return out
	}
	groups := func() []string {
		var out []string
		for _, x := range m.pool.Models() {
			if x.Group != "" {
				out = append(out, x.Group)
			}
		}
		return out
	}
	teams := teamsOfModels{a.places}
	m.limits = limits.New(limits.Dependencies{DB: a.DB, Audit: a.Audit, Now: a.Now, Zone: a.zone, Teams: teams, Organisations: sized{organisations{a.DB}}, Mails: warnings{a}, Groups: groups, Log: a.Log})
	m.keys = keys.New(keys.Dependencies{DB: a.DB, Audit: a.Audit, Box: a.Box, Now: a.Now, Log: a.Log, Zone: a.zone, Units: keyUnits{teams}, Models: offered})
	m.policy = policy.New(policy.Dependencies{DB: a.DB, Audit: a.Audit, Now: a.Now})
	m.own = ownuse.New(ownuse.Dependencies{DB: a.DB, Box: a.Box, Now: a.Now, Log: a.Log, Zone: a.zone})
	m.insight = insight.New(insight.Dependencies{DB: a.DB, Box: a.Box, Now: a.Now, Zone: a.Zone, Log: a.Log, Organisations: sized{organisations{a.DB}}, Places: placesOfUse{a.places},
		Spread: spreadOfUse{m.limits.Book}, Names: namesOfUse{a}, Tenants: a.tenants})
	calls := gateway.NewMetrics()
	if err := a.Metrics.Add(calls); err != nil {
		return err
	}
	m.engine, err = gateway.New(gateway.Dependencies{Upstream: m.pool, Keys: m.keys, Policies: m.policy, Book: m.limits.Watched(), Prices: settings.Prices, Tally: tallies{m.own, m.insight},
		Remember: rememberUse, Now: a.Now, Zone: a.Zone, Log: a.Log, Metrics: calls, Tenants: a.tenants, Above: a.places.above})
	if err != nil {
		return err
	}
	m.desk = gatewaydesk.New(gatewaydesk.Dependencies{Limits: m.limits, Keys: m.keys, Policy: m.policy, Use: m.own, Models: m.pool, Prices: settings.Prices, Accounts: accountsOfModels{},
		DB: a.DB, Now: a.Now, Zone: a.zone, Chat: "/lab/chat", Beside: []gatewaydesk.Beside{beside(access.ReadUse, insight.Locale(), "title", "/gateway/insight"), a.shadow.Beside}})
	return nil
}

// tenants lists the organisations of this installation.
func (a *App) tenants(ctx context.Context) ([]tenant.ID, error) {
	var out []tenant.ID
	err := a.DB.System().Rows(ctx, `SELECT tenant_id FROM organisations ORDER BY tenant_id`, func(scan func(...any) error) error {
		var t string
		err := scan(&t)
		out = append(out, tenant.ID(t))
		return err
	})
	return out, err
}

// runModels counts, closes months, and lets calls lapse until ctx ends; then calls that run get time to end.
func (a *App) runModels(ctx context.Context) {
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{}, 2)
	go func() { a.models.own.Run(own); done <- struct{}{} }()
	go func() {
		if err := a.models.insight.Run(own); err != nil {
			a.Log.ErrorContext(own, "the last of the use of models was not counted", "error", err.Error())
		}
		done <- struct{}{}
	}()
	a.models.engine.Run(ctx)
	last, cancel := context.WithTimeout(own, lastCalls)
	defer cancel()
	if err := a.models.engine.Shutdown(last); err != nil {
		a.Log.ErrorContext(last, "calls to models did not all end", "error", err.Error())
	}
	stop() // what was counted while the last calls ended is written now
	<-done
	<-done
}

// rememberUse is how long the days of people and keys stay apart: longer than retention can keep them, which decides.
const rememberUse = 400 * 24 * time.Hour

// lastCalls is how long calls to models that run get when the program stops and its connections are gone.
const lastCalls = 5 * time.Second

// tallies are all that count calls.
type tallies []door.Tally

// Count implements door.Tally.
func (l tallies) Count(d *door.Done) {
	for _, t := range l {
		t.Count(d)
	}
}

// teamsOfModels are the units of the staff list.
type teamsOfModels struct{ *places }

// Units implements limits.Teams.
func (p teamsOfModels) Units(ctx context.Context, t tenant.ID) ([]limits.Unit, error) {
	s, err := p.Standing(ctx, t)
	if err != nil {
		return nil, err
	}
	out := make([]limits.Unit, len(s.Units))
	for i, u := range s.Units {
		out[i] = limits.Unit(u)
	}
	return out, nil
}

// Of implements limits.Teams.
func (p teamsOfModels) Of(ctx context.Context, t tenant.ID, account string) ([]string, error) {
	at, err := p.places.Of(ctx, t, account)
	return at.Units, err
}

// keyUnits are the units that a key can belong to.
type keyUnits struct{ teamsOfModels }

// Units implements keys.Units.
func (p keyUnits) Units(ctx context.Context, t tenant.ID) ([]keys.Unit, error) {
	s, err := p.Standing(ctx, t)
	if err != nil {
		return nil, err
	}
	var out []keys.Unit
	for _, u := range s.Units {
		out = append(out, keys.Unit{ID: u.ID, Name: u.Name})
	}
	return out, nil
}

// placesOfUse are the departments and families of which use is told.
type placesOfUse struct{ *places }

// Of implements insight.Places.
func (p placesOfUse) Of(ctx context.Context, r db.Reader, account string) (department, family string, err error) {
	at, err := p.places.Of(ctx, r.Tenant(), account)
	return at.Department, at.Family, err
}

// Departments implements insight.Places.
func (p placesOfUse) Departments(ctx context.Context, r db.Reader) ([]insight.Part, error) {
	s, err := p.Standing(ctx, r.Tenant())
	if err != nil {
		return nil, err
	}
	var out []insight.Part
	for _, d := range s.Departments {
		out = append(out, insight.Part{ID: d.ID, Name: d.Name, Heads: d.People})
	}
	return out, nil
}

// Families implements insight.Places.
func (p placesOfUse) Families(ctx context.Context, r db.Reader) ([]insight.Part, error) {
	s, err := p.Standing(ctx, r.Tenant())
	if err != nil {
		return nil, err
	}
	var out []insight.Part
	for _, f := range s.Families {
		out = append(out, insight.Part{ID: f.Name, Name: f.Name, Heads: f.People})
	}
	return out, nil
}

// spreadOfUse is how use is spread, as the book of budgets knows it.
type spreadOfUse struct{ book *budget.Book }

// Weights implements insight.Spread.
func (s spreadOfUse) Weights(ctx context.Context, r db.Reader, from, to time.Time) (insight.Weights, error) {
	w, err := s.book.Weights(ctx, r, from, to)
	return insight.Weights{Users: w.Users, Tokens: insight.Weight(w.Tokens), Nano: insight.Weight(w.Euro)}, err
}

// namesOfUse says how models and entries are called.
type namesOfUse struct{ app *App }

// Model implements insight.Names.
func (n namesOfUse) Model(_ context.Context, _ tenant.ID, name string, _ instrument.Lang) string {
	m, ok := n.app.models.pool.Model(name)
	if !ok {
		return ""
	}
	return m.Title
}

// Task implements insight.Names.
func (n namesOfUse) Task(ctx context.Context, t tenant.ID, id string, lang instrument.Lang) string {
	e, ok, err := n.app.lab.start.Entry(ctx, t, id, lang)
	if err != nil || !ok {
		return ""
	}
	return e.Title
}

// accountsOfModels tells who people are, to who sets limits.
type accountsOfModels struct{ accountsOfStaff }

// ByMail implements gatewaydesk.Accounts.
func (accountsOfModels) ByMail(ctx context.Context, r db.Reader, address string) (account string, ok bool, err error) {
	address, err = mail.Address(address)
	if err != nil {
		return "", false, nil //nolint:nilerr // what is no address is nobody's
	}
	err = r.Row(ctx, `SELECT id FROM accounts WHERE tenant_id = $1 AND mail = $2 AND state <> 'erased'`, []any{address}, &account)
	if errors.Is(err, db.ErrNoRow) {
		return "", false, nil
	}
	return account, err == nil, err
}

// warnings puts the warnings of limits in the outbox.
type warnings struct{ app *App }

// Post implements limits.Mails.
func (w warnings) Post(ctx context.Context, s *db.Scope, m *limits.Mail) error {
	if !w.app.Mail.On() {
		return nil
	}
	var to, name, lang string
	err := s.Row(ctx, `SELECT COALESCE(mail, ''), name, language FROM accounts WHERE tenant_id = $1 AND id = $2 AND state = 'active'`, []any{m.Account}, &to, &name, &lang)
	if err != nil || to == "" {
		return ignoreMissing(err)
	}
	organisation, _, _, err := organisations{}.of(ctx, s.Reader)
	if err != nil {
		return err
	}
	args := m.Args(instrument.Lang(lang))
	args["link"] = w.app.absolute(m.Path)
	_, err = w.app.Mail.Post(ctx, s, mail.Message{Kind: m.Kind, To: to, Name: name, Account: m.Account, Lang: instrument.Lang(lang), Organisation: organisation, Args: args, Until: m.Until})
	return err
}

// Setters implements limits.Mails.
func (w warnings) Setters(ctx context.Context, r db.Reader) ([]string, error) {
	var out []string
	err := r.Rows(ctx, `SELECT DISTINCT a.id FROM accounts a JOIN account_roles o ON o.tenant_id = a.tenant_id AND o.account_id = a.id
WHERE a.tenant_id = $1 AND a.state = 'active' AND o.role IN ('core-team', 'administrator') ORDER BY a.id`, func(scan func(...any) error) error {
		var account string
		err := scan(&account)
		out = append(out, account)
		return err
	})
	return out, err
}

// addModels makes the pages of the gateway and of the place to try known, and serves programs.
func (a *App) addModels() error {
	return errors.Join(a.models.desk.AddTo(a.Web), a.models.insight.AddTo(a.Web), a.lab.room.AddTo(a.Web), a.lab.kept.AddTo(a.Web), markdown.AddTo(a.Web), a.lab.start.AddTo(a.Web), gateway.Mount(a.Web, a.models.engine))
}
