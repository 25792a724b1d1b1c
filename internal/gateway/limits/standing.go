package limits

import (
	"context"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/tenant"
)

// Standing is how a limit stands, as somebody who reads budgets may see it.
type Standing struct {
	Limit
	Name  string // of a unit; "" for another
	Level budget.Level
	// Shown says that Percent may be read: the sum is about enough people. Otherwise only Level is known.
	Shown   bool
	Percent int       // used, in steps of ten rounded down; 100 and more is 100
	Resets  time.Time // when it starts anew; zero for never
}

// step is how coarse shares of limits are shown, in percent: a few calls do not move them.
const step = 10

// mostUnits bounds of how many units it is worked out how a limit for each unit stands.
const mostUnits = 500

// Standings returns how the limits of the organisation, of teams and of keys stand, in the order of List. A limit for each unit stands once for each unit that
// used something. Of limits of people nothing is said: not how they stand, nor how many people reached them.
func (s *Service) Standings(ctx context.Context, actor access.Actor) ([]Standing, error) {
	if err := allow(actor, access.ReadBudgets, ""); err != nil {
		return nil, err
	}
	b, err := s.standing(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	v := &viewer{s: s, t: actor.Tenant, seen: map[budget.Period]map[string]bool{}}
	if err := v.begin(ctx); err != nil {
		return nil, err
	}
	var out []Standing
	for _, l := range b.list {
		if l.Kind == budget.Person {
			continue
		}
		more, err := v.of(ctx, b, l)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// Try returns how a limit would stand that is not set yet: for the organisation, one unit or one key. ok is false for another, of which nothing is said.
func (s *Service) Try(ctx context.Context, actor access.Actor, in *Input) (st Standing, ok bool, err error) {
	if err := allow(actor, access.SetBudgets, ""); err != nil {
		return Standing{}, false, err
	}
	if in.Kind == budget.Person || in.Kind != budget.Organisation && in.Subject == "" {
		return Standing{}, false, nil
	}
	v := &viewer{s: s, t: actor.Tenant, seen: map[budget.Period]map[string]bool{}}
	if err := v.begin(ctx); err != nil {
		return Standing{}, false, err
	}
	st, err = v.one(ctx, &Limit{Place: in.Place, ID: "try", Most: in.Most}, in.Subject)
	return st, err == nil, err
}

// viewer works out how limits stand, for who may not see single people.
type viewer struct {
	s     *Service
	t     tenant.ID
	k     int
	units []Unit
	above map[string]string
	seen  map[budget.Period]map[string]bool // groups whose figures may be read, by period
}

func (v *viewer) begin(ctx context.Context) (err error) {
	if v.k, err = v.s.Organisations.GroupSize(ctx, v.t); err != nil {
		return err
	}
	v.above = map[string]string{}
	if v.s.Teams == nil {
		return nil
	}
	v.units, err = v.s.Teams.Units(ctx, v.t)
	for _, u := range v.units {
		v.above[u.ID] = u.Parent
	}
	return err
}

// of returns how a limit stands for whom it is about.
func (v *viewer) of(ctx context.Context, b *book, l *Limit) ([]Standing, error) {
	if l.Subject != "" || l.Kind == budget.Organisation {
		st, err := v.one(ctx, l, l.Subject)
		return []Standing{st}, err
	}
	out := []Standing{{Limit: *l}}
	if l.Kind != budget.Team {
		return out, nil
	}
	for _, u := range v.units[:min(len(v.units), mostUnits)] {
		p := l.Place
		p.Subject = u.ID
		if b.at[p] != nil {
			continue
		}
		st, err := v.one(ctx, l, u.ID)
		if err != nil {
			return nil, err
		}
		if st.Level > budget.Fine || st.Percent > 0 {
			out = append(out, st)
		}
	}
	return out, nil
}

// fixed are terms for one look.
type fixed budget.Terms

// Terms implements budget.Rules.
func (f fixed) Terms(context.Context, tenant.ID, *budget.Call) (budget.Terms, error) {
	return budget.Terms(f), nil
}

func (v *viewer) one(ctx context.Context, l *Limit, subject string) (Standing, error) {
	call := budget.Call{Group: l.Group}
	switch l.Kind {
	case budget.Team:
		call.Teams = []string{subject}
	case budget.Key:
		call.Key = subject
	case budget.Person, budget.Organisation:
	}
	rules := fixed{Zone: v.s.Zone(ctx, v.t), Limits: []budget.Limit{l.of(subject)}}
	states, err := budget.New(v.s.DB, rules, v.s.Now).Left(ctx, v.t, &call)
	if err != nil || len(states) == 0 {
		return Standing{Limit: *l}, err
	}
	st := Standing{Limit: *l, Level: states[0].Level, Resets: states[0].Resets, Shown: true}
	st.Subject = subject
	if i := slices.IndexFunc(v.units, func(u Unit) bool { return l.Kind == budget.Team && u.ID == subject }); i >= 0 {
		st.Name = v.units[i].Name
	}
	if l.Kind != budget.Key { // what a program uses is about no person
		shown, err := v.readable(ctx, l.Period)
		if err != nil {
			return st, err
		}
		st.Shown = shown[subject]
	}
	if st.Shown {
		st.Percent = percent(states[0].Used, l.Most)
	}
	return st, nil
}

// percent returns the share that is used, in steps.
func percent(used, most int64) int {
	if used >= most {
		return 100
	}
	return int(float64(used)/float64(most)*100) / step * step
}

// readable returns the groups whose figures of a period may be read.
func (v *viewer) readable(ctx context.Context, p budget.Period) (map[string]bool, error) {
	if got := v.seen[p]; got != nil {
		return got, nil
	}
	users, err := v.s.Book.People(ctx, v.t, p, v.s.Zone(ctx, v.t))
	if err != nil {
		return nil, err
	}
	whole := group{users: len(users), people: len(users)}
	in, staff := map[string]int{}, 0
	for _, account := range users {
		if v.s.Teams == nil {
			break
		}
		chain, err := v.s.Teams.Of(ctx, v.t, account)
		if err != nil {
			return nil, err
		}
		for _, unit := range chain {
			in[unit]++
		}
	}
	groups := make([]group, 0, len(v.units)+1)
	for _, u := range v.units {
		if u.Parent == "" {
			staff += u.People
		}
		groups = append(groups, group{id: u.ID, people: max(u.People, in[u.ID]), users: in[u.ID]})
	}
	whole.people = max(whole.people, staff)
	groups = append(groups, whole)
	v.seen[p] = readable(groups, v.around, v.k)
	return v.seen[p], nil
}

// around returns the groups around a unit, the organisation last.
func (v *viewer) around(id string) []string {
	if id == "" {
		return nil
	}
	var out []string
	for over := v.above[id]; over != "" && len(out) <= len(v.above); over = v.above[over] {
		out = append(out, over)
	}
	return append(out, "")
}

// Mine returns how the limits stand that hold for the actor, and what models a limit with a group is for is in it: those of the actor as a person with all that is known, those of
// their team and the organisation as their level alone.
func (s *Service) Mine(ctx context.Context, actor access.Actor) ([]budget.State, error) {
	if err := allow(actor, access.ReadOwn, actor.Owner); err != nil {
		return nil, err
	}
	return s.mine(ctx, actor.Tenant, actor.Owner)
}

func (s *Service) mine(ctx context.Context, t tenant.ID, account string) ([]budget.State, error) {
	call := budget.Call{Person: account}
	if s.Teams != nil {
		units, err := s.Teams.Of(ctx, t, account)
		if err != nil {
			return nil, err
		}
		call.Teams = units
	}
	var out []budget.State
	for _, g := range append([]string{""}, s.Groups()...) {
		call.Group = g
		states, err := s.Book.Left(ctx, t, &call)
		if err != nil {
			return nil, err
		}
		for i := range states {
			if st := &states[i]; g == "" || st.Group == g {
				out = append(out, Private(*st))
			}
		}
	}
	rank := []budget.Kind{budget.Person, budget.Team, budget.Organisation}
	slices.SortStableFunc(out, func(a, b budget.State) int {
		return 100*(slices.Index(rank, a.Kind)-slices.Index(rank, b.Kind)) + strings.Compare(a.Group, b.Group)
	})
	return out, nil
}

// Private returns a state as a person may see it: of a limit that others share only the level is left, for the rest would tell what colleagues used. Whoever tells a
// person about a limit, also that a call was refused by it, passes the state through here.
func Private(st budget.State) budget.State {
	if st.Kind == budget.Person {
		return st
	}
	st.Used, st.Held, st.Guess = 0, 0, 0
	return st
}
