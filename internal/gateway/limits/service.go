package limits

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Unit is a part of the organisation.
type Unit struct {
	ID, Name, Parent string
	People           int // in service in it and below
}

// Teams knows the parts of the organisation, and who stands where.
type Teams interface {
	// Units lists the units that stand today, by name; none when there is no staff list.
	Units(ctx context.Context, t tenant.ID) ([]Unit, error)
	// Of returns the unit of an account, then those above it; none when it is not known.
	Of(ctx context.Context, t tenant.ID, account string) ([]string, error)
}

// Organisations tells how large a group must be.
type Organisations interface {
	// GroupSize returns the smallest group that may be shown.
	GroupSize(ctx context.Context, t tenant.ID) (int, error)
}

// Mails posts mails. It may be left out, and then warnings stand on the home page alone.
type Mails interface {
	// Post posts a mail to an account in the transaction of s, in the language of its person; nothing when it has no address.
	Post(ctx context.Context, s *db.Scope, m *Mail) error
	// Setters lists the accounts that set budgets.
	Setters(ctx context.Context, r db.Reader) ([]string, error)
}

// Dependencies is what the limits need of the rest. Teams, Mails and Log may be nil.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Now           clock.Clock
	Log           *slog.Logger
	Zone          func(ctx context.Context, t tenant.ID) *time.Location
	Teams         Teams
	Organisations Organisations
	Mails         Mails
	Groups        func() []string // of models, as the settings name them; one may come several times
}

// Service is the limits of all organisations. It implements budget.Rules and is safe for concurrent use.
type Service struct {
	Dependencies
	// Book counts by these limits.
	Book *budget.Book

	mu      sync.Mutex
	shelves map[tenant.ID]*shelf
	told    map[toldKey]bool
}

// New returns the limits and the book that counts by them.
func New(d Dependencies) *Service {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	groups := d.Groups
	d.Groups = func() (out []string) { // several models may be of one group
		for _, g := range groups() {
			if g != "" && !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
		return out
	}
	s := &Service{Dependencies: d, shelves: map[tenant.ID]*shelf{}, told: map[toldKey]bool{}}
	s.Book = budget.New(d.DB, s, d.Now)
	return s
}

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

func refuse(kind problem.Kind, key string, args i18n.Args) error {
	return problem.New(kind, locale(), key, args)
}

func allow(actor access.Actor, action access.Action, owner string) error {
	if !access.Can(actor, action, access.Resource{Tenant: actor.Tenant, Owner: owner}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}

// List lists the limits that hold.
func (s *Service) List(ctx context.Context, actor access.Actor) ([]Limit, error) {
	if err := allow(actor, access.ReadBudgets, ""); err != nil {
		return nil, err
	}
	return current(ctx, s.DB.Of(actor.Tenant))
}

// Versions lists the versions of a limit, the newest first; db.ErrNoRow when there is none.
func (s *Service) Versions(ctx context.Context, actor access.Actor, id string) ([]Limit, error) {
	if err := allow(actor, access.ReadBudgets, ""); err != nil {
		return nil, err
	}
	list, err := versions(ctx, s.DB.Of(actor.Tenant), id)
	if err == nil && len(list) == 0 {
		err = db.ErrNoRow
	}
	return list, err
}

// Lately lists what was changed of late, the newest first.
func (s *Service) Lately(ctx context.Context, actor access.Actor, most int) ([]Limit, error) {
	if err := allow(actor, access.ReadBudgets, ""); err != nil {
		return nil, err
	}
	return lately(ctx, s.DB.Of(actor.Tenant), most)
}

// Check says what is wrong with a limit that somebody is about to set, and returns the one that it would take the place of; ok is false when there is none that holds.
func (s *Service) Check(ctx context.Context, actor access.Actor, in *Input) (now Limit, ok bool, err error) {
	if err := allow(actor, access.SetBudgets, ""); err != nil {
		return Limit{}, false, err
	}
	if err := in.check(s.Groups()); err != nil {
		return Limit{}, false, err
	}
	l, known, err := at(ctx, s.DB.Of(actor.Tenant), &in.Place)
	return l, known && l.Holds, err
}

// Set sets the limit of a place: a new one, or another version of the one that is there. A problem of kind Conflict when somebody else changed it since it was read.
func (s *Service) Set(ctx context.Context, actor access.Actor, in Input) (Limit, error) {
	if _, _, err := s.Check(ctx, actor, &in); err != nil {
		return Limit{}, err
	}
	return s.change(ctx, actor, &in, true)
}

// Remove takes a limit away.
func (s *Service) Remove(ctx context.Context, actor access.Actor, id string, version int64, reason string) error {
	if err := allow(actor, access.SetBudgets, ""); err != nil {
		return err
	}
	f := problem.Form{Bundle: locale()}
	checkReason(&f, reason)
	if err := f.Err(); err != nil {
		return err
	}
	list, err := s.Versions(ctx, actor, id)
	if err != nil {
		return err
	}
	if l := &list[0]; l.Holds {
		_, err = s.change(ctx, actor, &Input{Place: l.Place, Most: l.Most, Ask: l.Ask, Reason: reason, Version: version}, false)
	}
	return err
}

func (s *Service) change(ctx context.Context, actor access.Actor, in *Input, holds bool) (out Limit, err error) {
	err = s.DB.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		was, known, err := at(ctx, sc.Reader, &in.Place)
		if err != nil {
			return err
		}
		out = Limit{Place: in.Place, ID: was.ID, Version: was.Version + 1, Most: in.Most, Ask: in.Ask, Holds: holds, Reason: in.Reason, By: actor.Owner, At: s.Now()}
		switch {
		case !known:
			out.ID = id.New(s.Now())
			list, err := current(ctx, sc.Reader)
			if err != nil {
				return err
			}
			if len(list) >= mostLimits {
				return refuse(problem.Conflict, "error.full", i18n.Args{"most": strconv.Itoa(mostLimits)})
			}
		case was.Holds && was.Version != in.Version, !was.Holds && in.Version != 0 && in.Version != was.Version:
			return refuse(problem.Conflict, "error.changed", nil)
		}
		if err := insert(ctx, sc, &out); err != nil {
			return err
		}
		return s.record(ctx, sc, actor, &out)
	})
	if errors.Is(err, db.ErrExists) { // two at a time on PostgreSQL
		err = refuse(problem.Conflict, "error.changed", nil)
	}
	s.forget(actor.Tenant)
	return out, err
}

// record notes who did what. For whom a limit of one account is stands in the field for that.
func (s *Service) record(ctx context.Context, sc *db.Scope, actor access.Actor, l *Limit) error {
	e := audit.Entry{Action: "gateway-limit.set", Subject: l.ID, Detail: map[string]string{"kind": string(l.Kind), "period": string(l.Period), "unit": string(l.Unit), "most": strconv.FormatInt(l.Most, 10)}}
	if !l.Holds {
		e.Action = "gateway-limit.removed"
	}
	if l.Kind == budget.Person {
		e.Account = l.Subject
	}
	return s.Audit.Record(ctx, sc, actor, e)
}

// Own lists the limits that the actor set for themselves.
func (s *Service) Own(ctx context.Context, actor access.Actor) ([]Own, error) {
	if err := allow(actor, access.ReadOwn, actor.Owner); err != nil {
		return nil, err
	}
	return ownOf(ctx, s.DB.Of(actor.Tenant), actor.Owner)
}

// SetOwn sets a limit of the actor's own. Those of the organisation hold beside it. Nobody is told, and the log does not say it: it is about nobody else.
func (s *Service) SetOwn(ctx context.Context, actor access.Actor, o Own) error {
	if err := allow(actor, access.ChangeOwn, actor.Owner); err != nil {
		return err
	}
	f := problem.Form{Bundle: locale()}
	if o.Period != budget.Day && o.Period != budget.Week && o.Period != budget.Month {
		f.Wrong("period", "field.choose", nil)
	}
	checkMost(&f, o.Unit, o.Most)
	if err := f.Err(); err != nil {
		return err
	}
	o.Changed = s.Now()
	err := s.DB.Write(ctx, actor.Tenant, func(sc *db.Scope) error { return putOwn(ctx, sc, actor.Owner, &o) })
	s.forget(actor.Tenant)
	return err
}

// DropOwn takes a limit of the actor's own away; what is not there stays away.
func (s *Service) DropOwn(ctx context.Context, actor access.Actor, p budget.Period, u budget.Unit) error {
	if err := allow(actor, access.ChangeOwn, actor.Owner); err != nil {
		return err
	}
	err := s.DB.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		_, err := dropOwn(ctx, sc, actor.Owner, string(p), string(u))
		return err
	})
	s.forget(actor.Tenant)
	return err
}
