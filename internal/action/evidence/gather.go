package evidence

import (
	"context"
	"embed"
	"errors"
	"slices"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/law"
	"tekentafel/internal/action/paper"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

const reads = access.ReadEvidence

// Actions knows what the organisation does. *action.Service implements it.
type Actions interface {
	List(ctx context.Context, actor access.Actor, q action.Query) ([]action.Action, error)
	Action(ctx context.Context, actor access.Actor, id string) (action.Action, error)
	Effects(ctx context.Context, actor access.Actor) (map[string]action.Effect, error)
}

// People knows of whom the organisation is made, and what their functions ask.
type People interface {
	// Audiences lists everyone first, then the families of functions; none when there is no staff list. Numbers are as they are.
	Audiences(ctx context.Context, t tenant.ID) ([]Audience, error)
}

// Caveats says in sentences what one must know to read the figures of a report.
type Caveats interface {
	Caveats(f *findings.Findings, lang instrument.Lang) []string
}

// Accounts knows who people are.
type Accounts interface {
	Name(ctx context.Context, r db.Reader, account string) (string, error)
}

// Organisations tells how large a group must be.
type Organisations interface {
	GroupSize(ctx context.Context, t tenant.ID) (int, error)
}

// Dependencies is what the feature needs of the rest. People, Tries and Tabs may be nil; what Tries tells is then left out.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Now           clock.Clock
	Zone          *time.Location // nil means that of Brussels
	Law           *law.Law       // nil means that of the product
	Actions       Actions
	Reports       action.Reports
	Caveats       Caveats
	People        People
	Tries         Tries // may be set later, before the first page
	Accounts      Accounts
	Organisations Organisations
	Print         paper.Print // nil means pdf.Print
	// Tabs returns the pages beside this one, with the one at current marked.
	Tabs func(r *web.Request, current string) []ui.Link
	Door string // behind which the page stands; "" means that of planning
}

// Service is the feature.
type Service struct {
	Dependencies
	printing chan struct{} // at most one PDF at a time
}

// New returns the feature. The error says what is wrong with the content that comes with the product.
func New(d Dependencies) (*Service, error) {
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	if d.Print == nil {
		d.Print = pdf.Print
	}
	if d.Door == "" {
		d.Door = "plan"
	}
	var err error
	if d.Law == nil {
		d.Law, err = law.BuiltIn()
	}
	return &Service{Dependencies: d, printing: make(chan struct{}, 1)}, err
}

// refuse makes a problem of this package.
func refuse(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, locale(), key, nil)
}

// mostBaselines bounds the measurements that are listed, the newest first.
const mostBaselines = 12

// gatherer brings the evidence together.
type gatherer struct {
	s     *Service
	ctx   context.Context
	by    access.Actor // the program itself: the evidence says the same to everyone who may read it
	r     db.Reader
	out   *Evidence
	names map[string]string
}

// Evidence gathers it, for an organisation of that name.
func (s *Service) Evidence(ctx context.Context, actor access.Actor, organisation string) (*Evidence, error) {
	if !access.Can(actor, reads, access.Resource{Tenant: actor.Tenant}) {
		return nil, refuse(problem.Forbidden, "error.forbidden")
	}
	k, err := s.Organisations.GroupSize(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	g := &gatherer{s: s, ctx: ctx, by: access.Actor{Kind: access.System, Tenant: actor.Tenant}, r: s.DB.Of(actor.Tenant), names: map[string]string{},
		out: &Evidence{Schema: Schema, Organisation: organisation, Made: s.Now().UTC().Truncate(time.Second), GroupSize: k,
			Law:       Law{Reference: s.Law.Reference, Asks: s.Law.Asks, Since: s.Law.Since, Checked: s.Law.Checked},
			Audiences: []Audience{}, Baselines: []Baseline{}, Goals: []Goal{}, Measures: []Measure{}, Effects: []Effect{}, Reviews: []Review{}, Missing: []Missing{}}}
	g.lacks(Systems, NoSystems, "", "")
	for _, step := range []func() error{g.audiences, g.baselines, g.actions, g.tries} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(g.out.Missing, func(a, b Missing) int { return slices.Index(Parts(), a.Part) - slices.Index(Parts(), b.Part) })
	return g.out, nil
}

func (g *gatherer) lacks(p Part, l Lack, what, link string) {
	g.out.Missing = append(g.out.Missing, Missing{Part: p, Lack: l, What: what, Link: link})
}

func (g *gatherer) audiences() error {
	if g.s.People == nil {
		g.lacks(Audiences, NoStaff, "", "")
		return nil
	}
	list, err := g.s.People.Audiences(g.ctx, g.by.Tenant)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		g.lacks(Audiences, NoStaff, "", "/staff")
	}
	whole := 0
	for _, a := range list {
		if a.Kind == Staff {
			whole = a.People
		}
		a.Count = count(a.People, g.out.GroupSize)
		if a.Kind == Family && slices.ContainsFunc(a.Levels, func(l Level) bool { return !l.Decided }) {
			g.lacks(Audiences, NotDecided, a.Name, "/learn/needs")
		}
		g.out.Audiences = append(g.out.Audiences, a)
	}
	guard(g.out.Audiences, whole, g.out.GroupSize)
	return nil
}

func (g *gatherer) baselines() error {
	list, err := g.s.Reports.Reports(g.ctx, g.by)
	if err != nil {
		return err
	}
	titles := map[string]string{}
	for i := range list {
		titles[list[i].ID] = list[i].Title
	}
	skills := false
	for i := range list[:min(len(list), mostBaselines)] {
		r := &list[i]
		f, err := g.s.Reports.Findings(g.ctx, g.by, r.ID)
		if errors.Is(err, db.ErrNoRow) || problem.Is(err, problem.NotFound) || problem.Is(err, problem.Gone) {
			continue // deleted meanwhile
		}
		if err != nil {
			return err
		}
		b := Baseline{Report: r.Title, Wave: r.Wave, Made: r.Made.UTC(), Respondents: f.Respondents, Population: int(f.Wave.Population + .5), Rate: f.Wave.ResponseRate,
			Instrument: f.Instrument.Title, Version: f.Instrument.Version, GroupSize: f.Disclosure.K, Weighting: f.Weights.Method, Follows: titles[r.Previous], Synthetic: f.Wave.Synthetic, Caveats: map[string][]string{}}
		b.Skills = slices.ContainsFunc(f.Questions, func(q findings.Question) bool {
			return q.Topic == instrument.TopicSkills || q.Topic == instrument.TopicTest
		})
		for _, l := range instrument.Languages() {
			b.Caveats[string(l)] = g.s.Caveats.Caveats(f, l)
		}
		skills = skills || b.Skills
		g.out.Synthetic = g.out.Synthetic || b.Synthetic
		g.out.Baselines = append(g.out.Baselines, b)
	}
	if len(g.out.Baselines) == 0 {
		g.lacks(Baselines, NoBaseline, "", "/waves")
	} else if !skills {
		g.lacks(Baselines, NoSkills, "", "/waves")
	}
	return nil
}

// named returns the name of an account, "" for one that is gone.
func (g *gatherer) named(account string) (string, error) {
	if account == "" {
		return "", nil
	}
	name, known := g.names[account]
	if known {
		return name, nil
	}
	name, err := g.s.Accounts.Name(g.ctx, g.r, account)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	g.names[account] = name
	return name, err
}
