package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/guard"
	"tekentafel/internal/id"
	"tekentafel/internal/tenant"
)

// demoCast are the people of the made-up city who do something at the place to try.
type demoCast struct {
	tenant                                  tenant.ID
	hr, employee, manager, team, dpo, admin access.Actor
}

func (a *App) demoCast(ctx context.Context, t tenant.ID) (c demoCast, err error) {
	c.tenant = t
	for who, at := range map[*access.Actor]int{&c.hr: 0, &c.employee: 1, &c.manager: 2, &c.team: 3, &c.dpo: 4, &c.admin: 6} {
		if *who, err = a.demoActor(ctx, t, DemoPeople()[at]); err != nil {
			return c, err
		}
	}
	return c, nil
}

// FillDemoModels makes what the city does with models, unless it is there already: limits, a key, what the guard does, some months of use, what people keep
// and share at the place to try, and some weeks of AI services elsewhere. All of it is made up. The personnel data must be there.
func (a *App) FillDemoModels(ctx context.Context) error {
	t, err := a.demoTenant(ctx)
	if err != nil || t == "" {
		return err
	}
	c, err := a.demoCast(ctx, t)
	if err != nil {
		return err
	}
	set, err := a.models.limits.List(ctx, c.admin)
	if err != nil || len(set) > 0 {
		return err
	}
	for _, part := range []struct {
		what string
		fill func(context.Context, *demoCast) error
	}{
		{"limits", a.demoLimits}, {"what the guard does", a.demoGuard}, {"use by a program", a.demoKey}, {"own use", a.demoOwnUse}, {"months of use", a.demoMonths},
		{"challenges", a.demoChallenges}, {"conversations", a.demoConversations}, {"examples", a.demoExamples}, {"use of services elsewhere", a.demoElsewhere},
	} {
		if err := part.fill(ctx, &c); err != nil {
			return fmt.Errorf("make %s of the example city: %w", part.what, err)
		}
	}
	return nil
}

// demoDepartment is the department of the manager, or the largest where that is not known; "" without a staff list.
func (a *App) demoDepartment(ctx context.Context, c *demoCast) (string, error) {
	at, err := a.places.Of(ctx, c.tenant, c.manager.Owner)
	if err != nil || at.Department != "" {
		return at.Department, err
	}
	s, err := a.places.Standing(ctx, c.tenant)
	if err != nil || len(s.Departments) == 0 {
		return "", err
	}
	return slices.MaxFunc(s.Departments, func(x, y department) int { return x.People - y.People }).ID, nil
}

// demoLimits sets limits of the city, one of which was raised.
func (a *App) demoLimits(ctx context.Context, c *demoCast) error {
	const euro, team = 1_000_000_000, "Karima Benali van het kernteam"
	whole := limits.Place{Kind: budget.Organisation, Period: budget.Month, Unit: budget.Euros}
	first, err := a.models.limits.Set(ctx, c.team, limits.Input{Place: whole, Most: 400 * euro, Ask: team, Reason: "Proefjaar: zoveel staat op de begroting (synthetisch)"})
	if err != nil {
		return err
	}
	list := []limits.Input{
		{Place: whole, Most: 600 * euro, Ask: team, Version: first.Version, Reason: "Na de zomer doen drie diensten mee (synthetisch)"},
		{Place: limits.Place{Kind: budget.Person, Period: budget.Day, Unit: budget.Tokens}, Most: 60_000, Ask: team, Reason: "Genoeg voor een dag proberen, te weinig voor een programma (synthetisch)"},
	}
	department, err := a.demoDepartment(ctx, c)
	if err != nil {
		return err
	}
	if department != "" {
		list = append(list, limits.Input{Place: limits.Place{Kind: budget.Team, Subject: department, Period: budget.Month, Unit: budget.Tokens}, Most: 1_500_000, Ask: team,
			Reason: "Deze dienst zet een eigen programma in (synthetisch)"})
	}
	for i := range list {
		if _, err := a.models.limits.Set(ctx, c.team, list[i]); err != nil {
			return err
		}
	}
	return a.models.limits.SetOwn(ctx, c.employee, limits.Own{Period: budget.Week, Unit: budget.Tokens, Most: 120_000})
}

// demoGuard lets the data protection officer change what the guard does.
func (a *App) demoGuard(ctx context.Context, c *demoCast) error {
	p := guard.DefaultPolicy()
	p[guard.Company] = guard.Ignore
	return a.models.policy.Set(ctx, c.dpo, p, 0, "Ondernemingsnummers zijn openbaar; de waarschuwing leidde af (synthetisch)")
}

// demoKey gives a department a key, by which a program used a model.
func (a *App) demoKey(ctx context.Context, c *demoCast) error {
	department, err := a.demoDepartment(ctx, c)
	if err != nil {
		return err
	}
	key, secret, err := a.models.keys.Make(ctx, c.admin, keys.Input{Name: "Zoeken op de website (synthetisch)", Unit: department, Ends: a.Now().AddDate(0, 6, 0)}, asked.Request{})
	if err != nil {
		return err
	}
	if _, err := a.models.keys.Find(ctx, secret); err != nil { // so it was used today
		return err
	}
	who := door.Caller{Tenant: c.tenant, Key: key.ID}
	if department != "" {
		who.Teams = []string{department}
	}
	for back := range 4 {
		if err := a.demoCall(ctx, who, a.Now().AddDate(0, 0, -back), int64(21_000-4_000*back)); err != nil {
			return err
		}
	}
	return nil
}

// demoOwnUse lets the employee and the manager have used a model on some days of this month and the one before.
func (a *App) demoOwnUse(ctx context.Context, c *demoCast) error {
	chance := rand.New(rand.NewPCG(demoSeed, 7)) //nolint:gosec // made-up data that is the same each time
	for _, who := range []access.Actor{c.employee, c.manager} {
		at, err := a.places.Of(ctx, c.tenant, who.Owner)
		if err != nil {
			return err
		}
		for _, back := range []int{0, 1, 2, 5, 6, 8, 12, 13, 20, 26, 33} {
			if err := a.demoCall(ctx, door.Caller{Tenant: c.tenant, Person: who.Owner, Teams: at.Units}, a.Now().AddDate(0, 0, -back), 900+chance.Int64N(5_000)); err != nil {
				return err
			}
		}
	}
	a.models.own.Flush(ctx)
	return nil
}

// demoCall counts a call that was answered at a time, as the gateway would have then.
func (a *App) demoCall(ctx context.Context, who door.Caller, at time.Time, tokens int64) error {
	book := budget.New(a.DB, a.models.limits, func() time.Time { return at })
	name := id.New(at)
	most := budget.Amount{Tokens: tokens}
	if _, err := book.Reserve(ctx, who.Tenant, &budget.Call{ID: name, Person: who.Person, Key: who.Key, Teams: who.Teams, Most: most, Within: time.Minute}); err != nil {
		return err
	}
	if err := book.Settle(ctx, who.Tenant, name, most, false); err != nil {
		return err
	}
	a.models.own.Count(&door.Done{Caller: who, Model: a.demoModel(), Outcome: door.Answered, Used: price.Usage{Input: tokens / 3, Output: tokens - tokens/3}, At: at}) //nolint:contextcheck // it waits for nothing
	return nil
}

// demoModel is the practice model, or the first model where it is not offered.
func (a *App) demoModel() string {
	list := a.models.pool.Models()
	for i := range list {
		if list[i].Practice {
			return list[i].Name
		}
	}
	if len(list) > 0 {
		return list[0].Name
	}
	return backend.PracticeName
}
