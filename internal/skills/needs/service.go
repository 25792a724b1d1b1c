package needs

import (
	"context"
	"embed"
	"errors"
	"sync"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Staff tells what the organisation is made of.
type Staff interface {
	// Revision returns a number that differs when anything that Standing returns differs.
	Revision(ctx context.Context, r db.Reader) (int64, error)
	// Standing returns the functions and units that stand today, and how many people in service have which function in which unit:
	// each person counts once, by the main post.
	Standing(ctx context.Context, r db.Reader) (*demand.Organisation, error)
	// Led returns how many people whom an account leads have which function in which unit; nothing for who leads nobody.
	Led(ctx context.Context, actor access.Actor) ([]demand.Tally, error)
}

// Accounts tells who people are.
type Accounts interface {
	// Name returns the name of an account, "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
}

// Dependencies of the feature.
type Dependencies struct {
	DB        *db.DB
	Audit     *audit.Log
	Now       clock.Clock
	Base      *framework.Framework // as it comes with the product
	Staff     Staff
	Accounts  Accounts
	Zone      *time.Location // nil means that of Brussels
	Dir       string         // for files while they are read and made
	MaxUpload int64          // bytes; 0 means 16 MiB
}

// Service is the feature.
type Service struct {
	Dependencies
	kept kept
}

// New returns the feature.
func New(d Dependencies) *Service {
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	if d.MaxUpload == 0 {
		d.MaxUpload = 16 << 20
	}
	return &Service{Dependencies: d, kept: kept{maps: map[tenant.ID]*demand.Map{}, states: map[tenant.ID]*demand.State{}, frameworks: map[tenant.ID]adapted{}}}
}

// say makes a message of this package.
func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// refuse makes a problem of this package.
func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

func allow(actor access.Actor, action access.Action) error {
	if !access.Can(actor, action, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}

// Bounds of texts that people write, in characters.
const (
	leastReason = 5
	mostReason  = 500
	mostNote    = 1000
	mostName    = 120
)

// reasonOf returns a reason in its one form, and notes on the form what is wrong with it.
func reasonOf(form *problem.Form, field, text string) string {
	text = contact.Line(text)
	if n := utf8.RuneCountInString(text); n < leastReason || n > mostReason {
		form.Wrong(field, "field.reason", i18n.Args{"least": itoa(leastReason), "most": itoa(mostReason)})
	}
	return text
}

// Need is what is required of a skill at a post, with the reasons: the rules that ask it, or who set it and why.
type Need = demand.Need

// Required returns what is required at a post, in the order of the skills. The family of a function that is known is that of the
// function. Departments are the unit of the post and those around it, the own one first; Roles are ids of roles of the organisation.
func (s *Service) Required(ctx context.Context, r db.Reader, post framework.Post) ([]Need, error) {
	m, err := s.mapOf(ctx, r)
	if err != nil {
		return nil, err
	}
	return m.At(post), nil
}

// For returns what a function requires in a unit, "" for any. ok is false when there is no such function.
func (s *Service) For(ctx context.Context, t tenant.ID, function, unit string) (list []Need, ok bool, err error) {
	m, err := s.mapOf(ctx, s.DB.Of(t))
	if err != nil || m.Function(function) == nil {
		return nil, false, err
	}
	return m.At(framework.Post{Function: function, Departments: m.Path(unit)}), true, nil
}

// Map returns what all functions ask, for the analysis of gaps: Map.Grid has the levels of each function in each unit.
func (s *Service) Map(ctx context.Context, t tenant.ID) (*demand.Map, error) {
	return s.mapOf(ctx, s.DB.Of(t))
}

// Framework returns the framework that holds for an organisation.
func (s *Service) Framework(ctx context.Context, t tenant.ID) (*framework.Framework, error) {
	r := s.DB.Of(t)
	state, err := s.stateOf(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.frameworkOf(ctx, r, state)
}

// team returns how many people whom the actor leads have which function; nothing for who may not propose.
func (s *Service) team(ctx context.Context, actor access.Actor) (map[string]int, error) {
	out := map[string]int{}
	if !access.Can(actor, access.ProposeNeeds, access.Resource{Tenant: actor.Tenant}) {
		return out, nil
	}
	led, err := s.Staff.Led(ctx, actor)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return nil, err
	}
	for _, t := range led {
		if t.Function != "" && t.People > 0 {
			out[t.Function] += t.People
		}
	}
	return out, nil
}
