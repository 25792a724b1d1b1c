package kept

import (
	"context"
	"embed"
	"strconv"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Accounts tells who people are.
type Accounts interface {
	// Name returns the name of an account, "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
}

// Periods tells how long an organisation keeps a kind of data.
type Periods interface {
	// Days returns the period that an organisation set for a kind, or the usual one.
	Days(ctx context.Context, t tenant.ID, kind string) (int, error)
}

// Policies tells what the organisation wants of the guard.
type Policies interface {
	Policy(ctx context.Context, t tenant.ID) (guard.Policy, error)
}

// Titles tells how models and tasks are called.
type Titles interface {
	// Model returns the title of a model, its name when it is not offered any more.
	Model(ctx context.Context, t tenant.ID, name string) (string, error)
}

// Dependencies of the feature. Titles and Entries may be nil.
type Dependencies struct {
	DB       *db.DB
	Box      *seal.Box
	Audit    *audit.Log
	Now      clock.Clock
	Accounts Accounts
	Periods  Periods
	Policies Policies
	Titles   Titles
	Entries  lab.Entries
	Zone     *time.Location // of the calendar; nil means that of Brussels
}

// Service keeps and shares conversations. It is safe for concurrent use.
type Service struct {
	Dependencies
	scanner *guard.Scanner
}

// New returns the feature.
func New(d Dependencies) *Service {
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	return &Service{d, guard.New()}
}

// Bounds of what one person keeps.
const (
	mostConversations = 200
	mostShares        = 100
	mostMessages      = 2000
	mostBytes         = 4 << 20 // of a conversation as JSON, its images included
	mostTitle         = 120     // characters
)

// Day is a day on the calendar: 2027-01-15. Days compare as texts do.
type Day string

// DayOf returns the day of a time, on the calendar of the installation.
func (s *Service) DayOf(t time.Time) Day { return Day(t.In(s.Zone).Format(time.DateOnly)) }

// Today returns the day of the clock.
func (s *Service) Today() Day { return s.DayOf(s.Now()) }

// Time returns the beginning of the day; zero for what is no day.
func (d Day) Time(zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// plus returns the day some days later.
func (d Day) plus(days int) Day {
	return Day(d.Time(time.UTC).AddDate(0, 0, days).Format(time.DateOnly))
}

// Most returns the last day until which something may be kept from today.
func (s *Service) Most(ctx context.Context, t tenant.ID) (Day, error) {
	days, err := s.Periods.Days(ctx, t, Kind)
	if err != nil {
		return "", err
	}
	return s.Today().plus(days), nil
}

// until checks the day that somebody chose; "" means as long as may be.
func (s *Service) until(ctx context.Context, t tenant.ID, chosen Day) (Day, error) {
	most, err := s.Most(ctx, t)
	if err != nil || chosen == "" {
		return most, err
	}
	if chosen.Time(time.UTC).IsZero() || chosen < s.Today() || chosen > most {
		form := problem.Form{Bundle: locale()}
		form.Wrong("until", "field.until-wrong", i18n.Args{"first": s.written(s.Today()), "last": s.written(most)})
		return "", form.Err()
	}
	return chosen, nil
}

// written writes a day for messages that know no language: 15/01/2027.
func (s *Service) written(d Day) string { return d.Time(time.UTC).Format("02/01/2006") }

// ends returns the end of today.
func (s *Service) ends() time.Time { return s.Today().plus(1).Time(s.Zone) }

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

func itoa(n int) string { return strconv.Itoa(n) }

// person returns the account of a person who may use models. A key acts for nobody here.
func person(actor access.Actor) (string, error) {
	if actor.Kind != access.Person || !access.Can(actor, access.UseModels, access.Resource{Tenant: actor.Tenant}) {
		return "", refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return actor.ID, nil
}

// errGone says that something is not there, or not theirs.
func errGone() error { return refuse(problem.NotFound, "error.gone", nil) }
