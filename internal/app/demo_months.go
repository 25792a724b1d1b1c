package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/insight"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/guard"
	"tekentafel/internal/lab/challenge"
)

// crowd are made-up people of the city, by a name that no account has, and where they work: figures about groups need more people than the few who can sign in.
type crowd struct {
	names []string
	seats map[string]seat
}

// demoCrowd makes as many people as the departments have, each with a family of functions.
func (a *App) demoCrowd(ctx context.Context, c *demoCast) (*crowd, error) {
	s, err := a.places.Standing(ctx, c.tenant)
	if err != nil {
		return nil, err
	}
	out := &crowd{seats: map[string]seat{}}
	chance := rand.New(rand.NewPCG(demoSeed, 8)) //nolint:gosec // made-up data that is the same each time
	var families []string
	for _, f := range s.Families {
		for range f.People {
			families = append(families, f.Name)
		}
	}
	for _, d := range s.Departments {
		for range d.People {
			name := fmt.Sprintf("made-up-%d", len(out.names))
			at := seat{Department: d.ID}
			if len(families) > 0 {
				at.Family = families[chance.IntN(len(families))]
			}
			out.names, out.seats[name] = append(out.names, name), at
		}
	}
	chance.Shuffle(len(out.names), func(i, j int) { out.names[i], out.names[j] = out.names[j], out.names[i] })
	return out, nil
}

// share returns the first of the people, a part of them.
func (c *crowd) share(part float64) []string { return c.names[:int(part*float64(len(c.names)))] }

// crowdOfUse is the crowd as the insight wants it.
type crowdOfUse struct {
	placesOfUse
	crowd *crowd
}

// Of implements insight.Places.
func (p crowdOfUse) Of(_ context.Context, _ db.Reader, account string) (department, family string, err error) {
	at := p.crowd.seats[account]
	return at.Department, at.Family, nil
}

// crowdOfLab is the crowd as challenges want it.
type crowdOfLab struct {
	placesOfLab
	crowd *crowd
}

// Department implements challenge.Places.
func (p crowdOfLab) Department(_ context.Context, _ db.Reader, account string) (string, error) {
	return p.crowd.seats[account].Department, nil
}

// demoSpread is how the use of made-up people is spread, by the first moment of the month.
type demoSpread map[int64]insight.Weights

// Weights implements insight.Spread.
func (s demoSpread) Weights(_ context.Context, _ db.Reader, from, _ time.Time) (insight.Weights, error) {
	return s[from.Unix()], nil
}

// monthsOfUse is how many closed months of use the city has.
const monthsOfUse = 3

// monthsBack is a moment in the middle of the month that lies some months back.
func (a *App) monthsBack(n int) time.Time {
	now := a.Now().In(a.Zone)
	return time.Date(now.Year(), now.Month()-time.Month(n), 15, 12, 0, 0, 0, a.Zone)
}

// demoMonths counts the use of the months before by the crowd, ever more of them, and closes these months.
func (a *App) demoMonths(ctx context.Context, c *demoCast) error {
	people, err := a.demoCrowd(ctx, c)
	if err != nil || len(people.names) == 0 {
		return err
	}
	var now time.Time
	spread := demoSpread{}
	past := insight.New(insight.Dependencies{DB: a.DB, Box: a.Box, Now: func() time.Time { return now }, Zone: a.Zone, Log: a.Log, Organisations: sized{organisations{a.DB}},
		Places: crowdOfUse{placesOfUse{a.places}, people}, Spread: spread, Tenants: a.tenants})
	chance := rand.New(rand.NewPCG(demoSeed, 9)) //nolint:gosec // made-up data that is the same each time
	for back := monthsOfUse; back > 0; back-- {
		now = a.monthsBack(back)
		first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, a.Zone)
		w := insight.Weights{}
		for _, who := range people.share(.45 - .07*float64(back)) {
			tokens := a.demoMonth(past, door.Caller{Tenant: c.tenant, Person: who}, first, chance)
			w.Users++
			w.Tokens.Total += tokens
			w.Tokens.First, w.Tokens.Second = max(w.Tokens.First, tokens), max(w.Tokens.Second, min(w.Tokens.First, tokens))
		}
		spread[first.Unix()] = w
		if err := past.Flush(ctx); err != nil {
			return err
		}
	}
	now = a.Now()
	return past.CloseOf(ctx, c.tenant)
}

// demoMonth counts a month of somebody made up, and returns the tokens of it.
func (a *App) demoMonth(to *insight.Service, who door.Caller, first time.Time, chance *rand.Rand) (tokens int64) {
	tasks := []string{"summarise", "plain_letter", "check_text", "answer_citizen", "meeting", "explain_rule", "", ""}
	found := []guard.Type{guard.Person, guard.Phone, guard.Mail, guard.Address, guard.Health}
	for range 1 + chance.IntN(6) {
		n := 600 + chance.Int64N(4_000)
		d := &door.Done{Caller: who, Task: tasks[chance.IntN(len(tasks))], Model: a.demoModel(), Outcome: door.Answered, Used: price.Usage{Input: n / 2, Output: n - n/2},
			At: first.AddDate(0, 0, chance.IntN(28)).Add(10 * time.Hour)}
		if chance.IntN(4) == 0 {
			d.Found = map[guard.Type]int{found[chance.IntN(len(found))]: 1}
		}
		to.Count(d)
		tokens += n
	}
	if chance.IntN(9) == 0 {
		to.Count(&door.Done{Caller: who, Model: a.demoModel(), Outcome: door.Blocked, Found: map[guard.Type]int{guard.Secret: 1}, At: first.Add(34 * time.Hour)})
	}
	return tokens
}

// demoChallenges lets the crowd have done some challenges in the month before, and the employee two of late.
func (a *App) demoChallenges(ctx context.Context, c *demoCast) error {
	people, err := a.demoCrowd(ctx, c)
	if err != nil {
		return err
	}
	then := a.monthsBack(1)
	past := challenge.New(challenge.Dependencies{DB: a.DB, Box: a.Box, Now: func() time.Time { return then }, Zone: a.Zone, Challenges: a.lab.challenges.Challenges,
		Places: crowdOfLab{placesOfLab{a.places}, people}, Organisations: sized{organisations{a.DB}}})
	for done, part := range map[string]float64{"critical_desk": .16, "ethical_field": .1, "communicative_desk": .07} {
		for _, who := range people.share(part) {
			actor := access.Actor{Kind: access.Person, Tenant: c.tenant, ID: who, Owner: who}
			if err := past.Do(ctx, actor, done); err != nil {
				return err
			}
		}
	}
	for _, done := range []string{"critical_desk", "creative_desk"} {
		if err := a.lab.challenges.Do(ctx, c.employee, done); err != nil {
			return err
		}
	}
	return a.lab.challenges.Close(ctx, c.tenant)
}
