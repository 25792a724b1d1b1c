package action

import (
	"context"
	"embed"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Report is a report that is ready.
type Report struct {
	ID, Title string
	Wave      string // what its figures are called: "Najaar 2026"
	Previous  string // id of the report that changes are measured against, or ""
	Made      time.Time
	Published bool // to all staff
	Synthetic bool
}

// Reports knows the reports of waves.
type Reports interface {
	// Reports lists the reports that are ready and that the actor may read, the newest first.
	Reports(ctx context.Context, actor access.Actor) ([]Report, error)
	// Findings returns what one of them found, which is never changed.
	Findings(ctx context.Context, actor access.Actor, report string) (*findings.Findings, error)
}

// Gaps knows the gap between what functions ask of skills and what is there.
type Gaps interface {
	// SkillNames returns how the skills are called, by id.
	SkillNames(ctx context.Context, t tenant.ID) (map[string]instrument.Text, error)
	// GroupNames returns how the groups of a report's gap are called in a language, by kind and code.
	GroupNames(ctx context.Context, t tenant.ID, report string, lang instrument.Lang) (map[gap.Kind]map[string]string, error)
	// Gap returns the gap of a report that the actor may read; ok is false when there is none.
	Gap(ctx context.Context, actor access.Actor, report string) (g *gap.Gap, ok bool, err error)
}

// Account is somebody who can answer for an action.
type Account struct{ ID, Name string }

// Accounts knows who people are.
type Accounts interface {
	// Name returns the name of an account, "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
	// Owners lists the accounts that are proposed to answer for actions, by name.
	Owners(ctx context.Context, r db.Reader) ([]Account, error)
}

// Organisations tells how large a group must be.
type Organisations interface {
	// GroupSize returns the smallest group that may be shown.
	GroupSize(ctx context.Context, t tenant.ID) (int, error)
}

// Dependencies is what the feature needs of the rest. Gaps may be nil.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Now           clock.Clock
	Zone          *time.Location // nil means that of Brussels
	Reports       Reports
	Gaps          Gaps
	Accounts      Accounts
	Organisations Organisations
}

// Service is the feature without its pages.
type Service struct{ Dependencies }

// New returns the feature.
func New(d Dependencies) *Service {
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	return &Service{d}
}

// Today is the day at the organisation.
func (s *Service) Today() Day { return DayOf(s.Now().In(s.Zone)) }

// say makes a message of this package.
func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// refuse makes a problem of this package.
func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

func allow(actor access.Actor, action access.Action, a *Action) error {
	r := access.Resource{Tenant: actor.Tenant}
	if a != nil {
		r.Owner = a.Owner.Account
	}
	if !access.Can(actor, action, r) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}

// Query says which actions a list holds. The zero value asks for all that the actor may read.
type Query struct {
	States []State // none: any
	Owner  string  // account; "" for any
	Report string  // from which it was proposed; "" for any
}

func (q *Query) holds(a *Action) bool {
	return (len(q.States) == 0 || slices.Contains(q.States, a.State)) && (q.Owner == "" || q.Owner == a.Owner.Account) &&
		(q.Report == "" || a.From != nil && a.From.Report == q.Report)
}

// List lists actions, those that are due first at the top and those without a day at the end. Who may not read all of them gets those
// that they answer for.
func (s *Service) List(ctx context.Context, actor access.Actor, q Query) ([]Action, error) {
	if actor.Tenant == "" || actor.Owner == "" && actor.Kind != access.System {
		return nil, refuse(problem.Forbidden, "error.forbidden", nil)
	}
	var list []Action
	var err error
	if r := s.DB.Of(actor.Tenant); allow(actor, access.ReadActions, nil) == nil {
		list, err = actions(ctx, r)
	} else {
		list, err = owned(ctx, r, actor.Owner) // everyone's home page asks
	}
	return slices.DeleteFunc(list, func(a Action) bool { return !q.holds(&a) || allow(actor, access.ReadActions, &a) != nil }), err
}

// Action returns an action that the actor may read, with who looked at it in its reviews. One that they may not read is not there.
func (s *Service) Action(ctx context.Context, actor access.Actor, id string) (Action, error) {
	r := s.DB.Of(actor.Tenant)
	a, err := one(ctx, r, id)
	if err != nil {
		return Action{}, err
	}
	if allow(actor, access.ReadActions, &a) != nil {
		return Action{}, db.ErrNoRow
	}
	if len(a.Reviews) > 0 {
		lines, err := history(ctx, r, id)
		if err != nil {
			return Action{}, err
		}
		a.signed(lines)
	}
	return a, nil
}

// signed fills in who looked at an action.
func (a *Action) signed(lines []Line) {
	a.Reviews = slices.Clone(a.Reviews)
	for i := range a.Reviews {
		if j := slices.IndexFunc(lines, func(l Line) bool { return l.Version == a.Reviews[i].Since }); j >= 0 {
			a.Reviews[i].By = lines[j].Account
		}
	}
}

// History returns what became of an action, the newest first.
func (s *Service) History(ctx context.Context, actor access.Actor, id string) ([]Line, error) {
	if _, err := s.Action(ctx, actor, id); err != nil {
		return nil, err
	}
	return history(ctx, s.DB.Of(actor.Tenant), id)
}

// lost makes nothing of an error that says that a report is not there, not ready or not for the actor.
func lost(err error) error {
	if errors.Is(err, db.ErrNoRow) || problem.Is(err, problem.NotFound) || problem.Is(err, problem.Forbidden) || problem.Is(err, problem.Conflict) || problem.Is(err, problem.Gone) {
		return nil
	}
	return err
}

// Figure returns a figure of a report that the actor may read, with the title of the report; ok is false when there is none of that key.
func (s *Service) Figure(ctx context.Context, actor access.Actor, report string, k Key) (f Figure, title string, ok bool, err error) {
	list, err := s.Reports.Reports(ctx, actor)
	if err != nil {
		return Figure{}, "", false, err
	}
	i := slices.IndexFunc(list, func(x Report) bool { return x.ID == report })
	if i < 0 {
		return Figure{}, "", false, nil
	}
	title = list[i].Title
	if k.Source == FromGap {
		if s.Gaps == nil {
			return Figure{}, "", false, nil
		}
		g, there, err := s.Gaps.Gap(ctx, actor, report)
		if err != nil || !there {
			return Figure{}, "", false, err
		}
		names, err := s.GapNames(ctx, actor.Tenant, report)
		if err != nil {
			return Figure{}, "", false, err
		}
		f, ok = ReadGap(g, k, names)
		return f, title, ok, nil
	}
	found, err := s.Reports.Findings(ctx, actor, report)
	if err != nil {
		return Figure{}, "", false, err
	}
	f, ok = Read(found, k)
	return f, title, ok, nil
}

// GapNames returns how the skills and the groups of a report's gap are called, as ReadGap wants it.
func (s *Service) GapNames(ctx context.Context, t tenant.ID, report string) (map[string]instrument.Text, error) {
	skills, err := s.Gaps.SkillNames(ctx, t)
	if err != nil {
		return nil, err
	}
	out := map[string]instrument.Text{}
	maps.Copy(out, skills)
	for _, lang := range instrument.Languages() {
		groups, err := s.Gaps.GroupNames(ctx, t, report, lang)
		if err != nil {
			return nil, err
		}
		for kind, list := range groups {
			for code, name := range list {
				key := GroupKey(string(kind), code)
				if out[key] == nil {
					out[key] = instrument.Text{}
				}
				out[key][lang] = name
			}
		}
	}
	return out, nil
}
