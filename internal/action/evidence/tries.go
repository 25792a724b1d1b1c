package evidence

import (
	"context"
	"time"

	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
)

// Tries knows what people can try, how many did, and what the organisation set so that they can do it safely. Numbers of people are protected where they
// come from: none is of fewer people than the smallest group, and none can be taken from another. Nothing is added up here.
type Tries interface {
	// Challenges lists how many people say that they did a challenge, in the order in which they are shown.
	Challenges(ctx context.Context, t tenant.ID) ([]Tried, error)
	// Use lists how many people used a model in each month that is closed, the last first.
	Use(ctx context.Context, t tenant.ID) ([]Used, error)
	// Agreements tells what is set and shared today.
	Agreements(ctx context.Context, t tenant.ID) (Agreements, error)
}

// Trying is what people tried, and under which agreements. It is reach: it never says that somebody learned.
type Trying struct {
	Challenges []Tried    `json:"challenges"`
	Use        []Used     `json:"use"`
	Agreements Agreements `json:"agreements"`
}

// Tried is how many people of a department say that they did a challenge.
type Tried struct {
	Challenge  instrument.Text `json:"challenge"`
	Department string          `json:"department,omitempty"` // "" for one that is gone, and for several together
	Together   bool            `json:"together,omitempty"`   // several departments
	People     int             `json:"people"`
	Until      string          `json:"until"` // last month that is counted, as 2026-10
}

// Used is how many people used a model in a month.
type Used struct {
	Month string `json:"month"` // 2026-10
	Count
	AtLeast   bool `json:"at_least,omitempty"` // nearly everyone; how many did not, is not told
	Of        int  `json:"of,omitempty"`       // people in service; 0 where unknown, or where it would tell too much
	Days      int  `json:"days,omitempty"`     // on which each of them did, together
	GroupSize int  `json:"group_size"`         // when the month was closed
}

// Agreements is what an organisation set and shares.
type Agreements struct {
	Guard    Guarding `json:"guard"`
	Limits   []string `json:"limits"`   // whom there are limits for: organisation, team, key, person; those of one single person are not told
	Shadow   Weeks    `json:"shadow"`   // of which AI services outside the offer were counted
	Examples int      `json:"examples"` // of colleagues, shown to everyone; those that come with the product do not count
}

// Guarding is what happens to sensitive data before a text goes to a model.
type Guarding struct {
	Since *time.Time        `json:"since,omitempty"` // nil: as the product comes
	By    []instrument.Text `json:"by"`              // roles of who set it so; none when they have none any more
	Types []Guarded         `json:"types"`
}

// Guarded is a type of sensitive data and what becomes of it.
type Guarded struct {
	Type string          `json:"type"`
	Name instrument.Text `json:"name"`
	Does Does            `json:"does"`
}

// Does is what becomes of sensitive data.
type Does string

// What the guard does, from the strictest to nothing.
const (
	Blocked Does = "block" // the text does not go
	Masked  Does = "mask"  // a placeholder goes in its place
	Warned  Does = "warn"  // who writes is told
	Ignored Does = "ignore"
)

func everyDoes() []Does { return []Does{Blocked, Masked, Warned, Ignored} }

// Weeks are weeks that were counted, as ISO 8601 names them: 2026-W48.
type Weeks struct {
	Weeks int    `json:"weeks"`
	First string `json:"first,omitempty"`
	Last  string `json:"last,omitempty"`
}

// rounding is the step to which numbers of people of a month are rounded where they come from.
const rounding = 5

// tries gathers what people tried. What was told with a smaller group than today's is held back where it may be too few now.
func (g *gatherer) tries() error {
	if g.s.Tries == nil {
		return nil
	}
	t, k := &Trying{Challenges: []Tried{}, Use: []Used{}}, g.out.GroupSize
	challenges, err := g.s.Tries.Challenges(g.ctx, g.by.Tenant)
	if err != nil {
		return err
	}
	for _, x := range challenges {
		if x.People >= k {
			t.Challenges = append(t.Challenges, x)
		}
	}
	use, err := g.s.Tries.Use(g.ctx, g.by.Tenant)
	if err != nil {
		return err
	}
	for i := range use {
		t.Use = append(t.Use, use[i].guarded(k))
	}
	if t.Agreements, err = g.s.Tries.Agreements(g.ctx, g.by.Tenant); err != nil {
		return err
	}
	if len(t.Challenges) == 0 {
		g.lacks(Challenges, NoTried, "", "/lab/challenges")
	}
	if len(t.Use) == 0 {
		g.lacks(Use, NoUse, "", "")
	}
	g.out.Trying = t
	return nil
}

// guarded returns a month as it may be told with today's smallest group. A number is left out when it, or who is not in it, could be fewer.
func (u Used) guarded(k int) Used {
	if u.GroupSize >= k || u.Few {
		return u
	}
	least := k + rounding
	if u.AtLeast || u.People < least || u.Of > 0 && u.Of-u.People < least {
		return Used{Month: u.Month, Count: Count{Held: true}, GroupSize: k}
	}
	return u
}
