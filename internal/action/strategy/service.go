package strategy

import (
	"context"
	"embed"
	"errors"
	"slices"
	"strconv"
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
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// What one must be able to do.
const (
	reads  = access.ReadStrategy
	writes = access.ChangeStrategy
)

// Actions knows what the organisation does. *action.Service implements it.
type Actions interface {
	List(ctx context.Context, actor access.Actor, q action.Query) ([]action.Action, error)
	Effects(ctx context.Context, actor access.Actor) (map[string]action.Effect, error)
}

// Words tells findings in sentences.
type Words interface {
	Tell(f *findings.Findings, lang instrument.Lang) Telling
}

// Reason is why people do not use AI, with what may help.
type Reason struct {
	ID, Name string
	Helps    []Help
}

// Help is a suggestion, at a desk and for work outdoors or in shifts.
type Help struct{ Office, Field string }

// Helps knows what may help with reasons.
type Helps interface {
	// Reasons lists them in a language.
	Reasons(lang instrument.Lang) []Reason
}

// Accounts knows who people are.
type Accounts interface {
	// Name returns the name of an account, "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
}

// Organisations tells how large a group must be.
type Organisations interface {
	GroupSize(ctx context.Context, t tenant.ID) (int, error)
}

// Dependencies is what the feature needs of the rest. Gaps, Helps and Tabs may be nil.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Now           clock.Clock
	Zone          *time.Location // nil means that of Brussels
	Skeleton      *Skeleton      // nil means that of the product
	Law           *law.Law       // nil means that of the product
	Actions       Actions
	Reports       action.Reports
	Gaps          action.Gaps
	Words         Words
	Helps         Helps
	Accounts      Accounts
	Organisations Organisations
	Print         paper.Print // nil means pdf.Print
	// Tabs returns the pages beside those of the strategy, with the one at current marked.
	Tabs func(r *web.Request, current string) []ui.Link
	Door string // behind which the pages stand; "" means that of planning
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
	var err, other error
	if d.Skeleton == nil {
		d.Skeleton, err = BuiltIn()
	}
	if d.Law == nil {
		d.Law, other = law.BuiltIn()
	}
	return &Service{Dependencies: d, printing: make(chan struct{}, 1)}, errors.Join(err, other)
}

// say makes a message of this package.
func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// refuse makes a problem of this package.
func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

func allow(actor access.Actor, a access.Action) error {
	if !access.Can(actor, a, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}

// whole is the program itself, which sees all actions: the document says the same to everyone who may read it.
func whole(actor access.Actor) access.Actor {
	return access.Actor{Kind: access.System, Tenant: actor.Tenant}
}

// choices lists the reports of which figures can be placed, the newest first; none for who may not read reports.
func (s *Service) choices(ctx context.Context, actor access.Actor) ([]action.Report, error) {
	list, err := s.Reports.Reports(ctx, actor)
	if problem.Is(err, problem.Forbidden) {
		return nil, nil
	}
	return list, err
}

// Place puts the figures of a report in the document, after those of that number (0 for none). A problem of kind Conflict when somebody
// placed others meanwhile.
func (s *Service) Place(ctx context.Context, actor access.Actor, report string, after int64) (*Placed, error) {
	if err := allow(actor, writes); err != nil {
		return nil, err
	}
	list, err := s.choices(ctx, actor)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(r action.Report) bool { return r.ID == report })
	if i < 0 {
		form := problem.Form{Bundle: locale()}
		form.Wrong("report", "field.report", nil)
		return nil, form.Err()
	}
	f, err := s.Reports.Findings(ctx, actor, report)
	if err != nil {
		return nil, err
	}
	g, names, err := s.gapOf(ctx, actor, report)
	if err != nil {
		return nil, err
	}
	k, err := s.Organisations.GroupSize(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	if f.Disclosure.K < k {
		form := problem.Form{Bundle: locale()}
		form.Wrong("report", "field.small", i18n.Args{"was": strconv.Itoa(f.Disclosure.K), "now": strconv.Itoa(k)})
		return nil, form.Err()
	}
	if g != nil && g.K < k {
		g = nil
	}
	p := place(&list[i], f, func(l instrument.Lang) Telling { return s.Words.Tell(f, l) }, g, names)
	p.Number, p.By, p.At = after+1, actor.Owner, s.Now()
	return p, s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		stands, err := placedOf(ctx, tx.Reader, 1)
		if err != nil {
			return err
		}
		if len(stands) > 0 && stands[0].Number != after || len(stands) == 0 && after != 0 {
			return refuse(problem.Conflict, "error.placed", nil)
		}
		ok, err := insertPlaced(ctx, tx, p)
		if err != nil {
			return err
		}
		if !ok {
			return refuse(problem.Conflict, "error.placed", nil)
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "strategy.figures-placed", Subject: report})
	})
}

func (s *Service) gapOf(ctx context.Context, actor access.Actor, report string) (*gap.Gap, map[string]instrument.Text, error) {
	if s.Gaps == nil {
		return nil, nil, nil
	}
	g, ok, err := s.Gaps.Gap(ctx, actor, report)
	if problem.Is(err, problem.Forbidden) || errors.Is(err, db.ErrNoRow) {
		return nil, nil, nil
	}
	if err != nil || !ok {
		return nil, nil, err
	}
	names, err := s.Gaps.SkillNames(ctx, actor.Tenant)
	return g, names, err
}

// placed returns what stands in the document, nil when nothing was placed.
func (s *Service) placed(ctx context.Context, t tenant.ID) (*Placed, error) {
	list, err := placedOf(ctx, s.DB.Of(t), 1)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// nameOf returns the name of an account, "" for one that is gone.
func (s *Service) nameOf(ctx context.Context, r db.Reader, account string) (string, error) {
	if account == "" {
		return "", nil
	}
	name, err := s.Accounts.Name(ctx, r, account)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return name, err
}
