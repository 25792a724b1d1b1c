package challenge

import (
	"context"
	"embed"
	"encoding/hex"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Department is a part of the organisation for which reach is counted.
type Department struct {
	ID, Name string
	People   int // in service; 0 where nobody knows
}

// Places knows where people work.
type Places interface {
	// Departments lists the departments; none when there is no staff list.
	Departments(ctx context.Context, r db.Reader) ([]Department, error)
	// Department returns the id of the department in which the person with an account works, "" when that is not known.
	Department(ctx context.Context, r db.Reader, account string) (string, error)
}

// Organisations tells how large a group must be.
type Organisations interface {
	// GroupSize returns the smallest group that may be shown.
	GroupSize(ctx context.Context, t tenant.ID) (int, error)
}

// Dependencies is what the feature needs of the rest. Places may be nil.
type Dependencies struct {
	DB            *db.DB
	Box           *seal.Box
	Now           clock.Clock
	Zone          *time.Location // nil means that of Brussels
	Challenges    []Challenge
	Places        Places
	Organisations Organisations
}

// Service is the feature.
type Service struct{ Dependencies }

// New returns the feature.
func New(d Dependencies) *Service {
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	return &Service{d}
}

// Find returns the challenge with an id, nil when there is none.
func (s *Service) Find(id string) *Challenge {
	for i := range s.Challenges {
		if s.Challenges[i].ID == id {
			return &s.Challenges[i]
		}
	}
	return nil
}

// mark is the name under which the store keeps that an account did a challenge.
func (s *Service) mark(t tenant.ID, account, challenge string) string {
	return hex.EncodeToString(s.Box.Keyed("lab challenge done", []byte(string(t)+"\x00"+account+"\x00"+challenge)))
}

// month is the first moment of the present month at the organisation, in microseconds.
func (s *Service) month() int64 {
	now := s.Now().In(s.Zone)
	return clock.Micros(time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, s.Zone))
}

// Do notes that the actor did a challenge. Doing it again changes nothing.
func (s *Service) Do(ctx context.Context, actor access.Actor, id string) error {
	if err := shelf.Allow(locale(), actor, shelf.Uses); err != nil {
		return err
	}
	if s.Find(id) == nil {
		return db.ErrNoRow
	}
	department := ""
	if s.Places != nil {
		var err error
		if department, err = s.Places.Department(ctx, s.DB.Of(actor.Tenant), actor.Owner); err != nil {
			return err
		}
	}
	if err := s.Close(ctx, actor.Tenant); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		return insertMark(ctx, tx, s.mark(actor.Tenant, actor.Owner, id), id, department, s.month())
	})
}

// TakeBack forgets that the actor did a challenge. A number that was told before stays: it names nobody.
func (s *Service) TakeBack(ctx context.Context, actor access.Actor, id string) error {
	if err := shelf.Allow(locale(), actor, shelf.Uses); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		return deleteMarks(ctx, tx, s.mark(actor.Tenant, actor.Owner, id))
	})
}

// Done returns which challenges an account did, by id.
func (s *Service) Done(ctx context.Context, t tenant.ID, account string) (map[string]bool, error) {
	of := map[string]string{}
	for i := range s.Challenges {
		of[s.mark(t, account, s.Challenges[i].ID)] = s.Challenges[i].ID
	}
	found, err := marksOf(ctx, s.DB.Of(t), of)
	out := map[string]bool{}
	for m := range found {
		out[of[m]] = true
	}
	return out, err
}
