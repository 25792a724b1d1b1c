package app

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	gatewaydesk "tekentafel/internal/gateway/desk"
	"tekentafel/internal/gateway/insight"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/challenge"
	"tekentafel/internal/lab/example"
	"tekentafel/internal/lab/extract"
	labkept "tekentafel/internal/lab/kept"
	"tekentafel/internal/lab/room"
	"tekentafel/internal/lab/start"
	"tekentafel/internal/lab/task"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// labs is the place to try: the chat, what leads to it, and what is kept of it.
type labs struct {
	room       *room.Room
	kept       *labkept.Service
	extract    *extract.Reader
	challenges *challenge.Service
	examples   *example.Service
	start      *start.Service
}

// newLab builds the place to try. The gateway and retention come first.
func (a *App) newLab() error {
	tasks, err := task.BuiltIn()
	if err != nil {
		return err
	}
	challenges, err := challenge.BuiltIn()
	if err != nil {
		return err
	}
	examples, err := example.BuiltIn()
	if err != nil {
		return err
	}
	l := &a.lab
	pages := task.New(tasks)
	l.challenges = challenge.New(challenge.Dependencies{DB: a.DB, Box: a.Box, Now: a.Now, Zone: a.Zone, Challenges: challenges, Places: placesOfLab{a.places}, Organisations: sized{organisations{a.DB}}})
	l.examples = example.New(example.Dependencies{DB: a.DB, Audit: a.Audit, Now: a.Now, MadeUp: examples, Places: placesOfExamples{placesOfUse{a.places}}, Accounts: accountsOfStaff{}, Tasks: start.TasksOf(pages)})
	l.start = start.New(start.Dependencies{Tasks: pages, Challenges: l.challenges, Examples: l.examples, Beside: []start.Beside{beside(access.UseModels, labkept.Locale(), "title", "/lab/kept"),
		beside(access.UseModels, gatewaydesk.Locale(), "tab.use", "/gateway/use"), beside(access.ReadUse, insight.Locale(), "title", "/gateway/insight"), a.shadow.Beside}})
	l.extract = extract.New(extract.Limits{})
	l.kept = labkept.New(labkept.Dependencies{DB: a.DB, Box: a.Box, Audit: a.Audit, Now: a.Now, Accounts: accountsOfStaff{}, Periods: a.Privacy, Policies: a.models.policy, Titles: titlesOfKept{a}, Entries: l.start, Zone: a.Zone})
	l.room = room.New(room.Dependencies{Models: talk{a.models.pool, a.models.engine, a.models.policy, a.models.limits, a.places}, Entries: l.start, Starts: startsOfRoom{l.start}, Extract: filesOfRoom{l.extract},
		Keeper: keeperOfRoom{l.kept}, Now: a.Now})
	return nil
}

// beside leads to a page of another feature, for who may do what it is about.
func beside(may access.Action, bundle *i18n.Bundle, key, href string) func(r *web.Request) (ui.Link, bool) {
	return func(r *web.Request) (ui.Link, bool) {
		return ui.Link{Label: bundle.Printer(r.Lang).T(key, nil), Href: href}, r.Can(may)
	}
}

// placesOfLab are the departments in which people try.
type placesOfLab struct{ *places }

// Departments implements challenge.Places.
func (p placesOfLab) Departments(ctx context.Context, r db.Reader) ([]challenge.Department, error) {
	s, err := p.Standing(ctx, r.Tenant())
	if err != nil {
		return nil, err
	}
	out := make([]challenge.Department, len(s.Departments))
	for i, d := range s.Departments {
		out[i] = challenge.Department(d)
	}
	return out, nil
}

// Department implements challenge.Places.
func (p placesOfLab) Department(ctx context.Context, r db.Reader, account string) (string, error) {
	at, err := p.Of(ctx, r.Tenant(), account)
	return at.Department, err
}

// placesOfExamples are where examples come from.
type placesOfExamples struct{ placesOfUse }

// Places implements example.Places.
func (p placesOfExamples) Places(ctx context.Context, r db.Reader) (departments []example.Place, families []string, err error) {
	s, err := p.Standing(ctx, r.Tenant())
	if err != nil {
		return nil, nil, err
	}
	for _, d := range s.Departments {
		departments = append(departments, example.Place{ID: d.ID, Name: d.Name})
	}
	for _, f := range s.Families {
		families = append(families, f.Name)
	}
	return departments, families, nil
}

// startsOfRoom are the tasks that the empty chat shows.
type startsOfRoom struct{ *start.Service }

// Starts implements room.Starts.
func (s startsOfRoom) Starts(ctx context.Context, t tenant.ID, lang instrument.Lang) ([]room.Start, error) {
	list, err := s.Service.Starts(ctx, t, lang)
	var out []room.Start
	for _, e := range list {
		out = append(out, room.Start{Title: e.Title, Href: e.Href})
	}
	return out, err
}

// titlesOfKept says how models are called in what somebody kept.
type titlesOfKept struct{ app *App }

// Model implements kept.Titles.
func (t titlesOfKept) Model(ctx context.Context, of tenant.ID, name string) (string, error) {
	if title := namesOfUse(t).Model(ctx, of, name, instrument.NL); title != "" {
		return title, nil
	}
	return name, nil
}

// filesOfRoom reads documents for the chat.
type filesOfRoom struct{ *extract.Reader }

// Text implements room.Extractor.
func (f filesOfRoom) Text(ctx context.Context, name string, data []byte) (room.Document, error) {
	d, err := f.Reader.Text(ctx, name, data)
	return room.Document{Text: d.Text, Cut: d.Cut, Notes: d.Notes}, err
}

// keeperOfRoom keeps conversations of the chat.
type keeperOfRoom struct{ *labkept.Service }

// Keep implements room.Keeper.
func (k keeperOfRoom) Keep(ctx context.Context, who access.Actor, id string, version int64, c *lab.Conversation, until time.Time) (string, int64, error) {
	return k.Service.Keep(ctx, who, id, version, c, k.DayOf(until))
}

// Open implements room.Keeper.
func (k keeperOfRoom) Open(ctx context.Context, who access.Actor, id string) (room.Stored, error) {
	s, err := k.Service.Open(ctx, who, id)
	if err != nil {
		return room.Stored{}, err
	}
	return room.Stored{Conversation: s.Conversation, Version: s.Version, Until: s.Until.Time(k.Zone)}, nil
}

// MostDays implements room.Keeper.
func (k keeperOfRoom) MostDays(ctx context.Context, t tenant.ID) (int, error) {
	return k.Periods.Days(ctx, t, labkept.Kind)
}
