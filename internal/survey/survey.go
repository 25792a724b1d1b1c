package survey

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tekentafel/internal/api"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/answering"
	"tekentafel/internal/survey/closing"
	"tekentafel/internal/survey/compose"
	"tekentafel/internal/survey/desk"
	"tekentafel/internal/survey/invite"
	"tekentafel/internal/survey/monitor"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Organisations tells what waves must know of their organisation.
type Organisations interface {
	wave.Organisations
	answering.Organisations
}

// Reports is what the feature of reports does for waves.
type Reports interface {
	wave.Reports
	closing.Reports
}

// Told knows what people are told about what was done with their answers.
type Told interface {
	// ToldAt returns the address of what is told about a report, "" when nothing is published.
	ToldAt(ctx context.Context, t tenant.ID, report string) (string, error)
}

// Dependencies of the feature.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Queue         *jobs.Queue
	Box           *seal.Box
	Now           clock.Clock
	Log           *slog.Logger
	Organisations Organisations
	Accounts      invite.Accounts
	Staff         invite.Staff // nil where there is no personnel data to take people from
	Mail          invite.Mailer
	Reports       Reports
	Told          Told                 // nil where nobody is told
	Afterwards    answering.Afterwards // nil where nothing is offered to who handed in
	PublicURL     string               // without a slash at its end
	Zone          *time.Location
	Dir           string // for files while they are read or made
	MaxUpload     int64  // bytes
}

// Service is the feature.
type Service struct {
	Dependencies
	Waves     *wave.Service
	Invite    *invite.Service
	Compose   *compose.Service
	Urn       *urn.Urn
	closing   *closing.Service
	desk      *desk.Desk
	monitor   *monitor.Service
	answering *answering.Pages
}

// New builds the feature and registers its jobs.
func New(d Dependencies) *Service {
	s := &Service{Dependencies: d}
	s.Urn = urn.New(urn.Dependencies{DB: d.DB, Box: d.Box, Now: d.Now})
	s.Invite = invite.New(invite.Dependencies{DB: d.DB, Audit: d.Audit, Queue: d.Queue, Box: d.Box, Now: d.Now, Organisations: d.Organisations, Accounts: d.Accounts, Staff: d.Staff,
		Mail: d.Mail, PublicURL: d.PublicURL, Zone: d.Zone, Dir: d.Dir, MaxUpload: d.MaxUpload})
	s.Compose = compose.New(compose.Dependencies{DB: d.DB, Audit: d.Audit, Now: d.Now, Frames: frames{}})
	s.closing = closing.New(closing.Dependencies{DB: d.DB, Audit: d.Audit, Queue: d.Queue, Box: d.Box, Now: d.Now, Zone: d.Zone, Dir: d.Dir,
		Urn: opened{s.Urn}, Reports: d.Reports, Organisations: d.Organisations, Variable: variableOf})
	s.Waves = wave.New(wave.Dependencies{DB: d.DB, Audit: d.Audit, Queue: d.Queue, Box: d.Box, Now: d.Now, Log: d.Log, Organisations: d.Organisations,
		Questionnaires: s.Compose, Inviter: inviter{s.Invite}, Closer: s.closing, Reports: d.Reports, NewKey: newKey, MailOn: d.Mail.On})
	s.monitor = &monitor.Service{DB: d.DB, Now: d.Now, Log: d.Log, Zone: func(context.Context, tenant.ID) *time.Location { return d.Zone }}
	s.desk = desk.New(desk.Dependencies{DB: d.DB, Waves: s.Waves, Jobs: d.Queue, Now: d.Now, Purged: s.purged, Listed: listed})
	s.answering = answering.New(answering.Dependencies{
		Waves:  &answering.Source{DB: d.DB, Box: d.Box, Clock: d.Now, Organisations: d.Organisations},
		People: people{s.Invite}, Urn: s.Urn, Drafts: answering.DraftStore{DB: d.DB}, Lists: lists{d.DB}, Reports: published{d.Reports, d.Told}, Afterwards: d.Afterwards, Box: d.Box, Clock: d.Now, Zone: d.Zone,
	})
	return s
}

// AddTo makes the pages known to a server.
func (s *Service) AddTo(server *web.Server) error {
	return errors.Join(s.desk.AddTo(server), s.Compose.AddTo(server), s.Invite.AddTo(server), s.closing.Pages().AddTo(server), s.answering.AddTo(server))
}

// API registers the operations.
func (s *Service) API(a *api.API, absolute func(path string) string) {
	s.desk.API(a, absolute)
	s.Invite.API(a)
}

// Run moves waves on and counts them until ctx ends.
func (s *Service) Run(ctx context.Context) {
	var work sync.WaitGroup
	work.Go(func() { s.Waves.Run(ctx) })
	work.Go(func() { s.monitor.Run(ctx) })
	work.Wait()
}

// Count counts running waves if a day began, as Run does.
func (s *Service) Count(ctx context.Context) error { return s.monitor.Due(ctx) }

// Tasks says what waits for a person here.
func (s *Service) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	return s.desk.Tasks(ctx, r)
}

// Offers says what a person can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile { return s.desk.Offers(r) }

// Locales are the messages of the parts, which explain what they write in the log.
func Locales() []*i18n.Bundle {
	return []*i18n.Bundle{wave.Locale(), desk.Locale(), compose.Locale(), invite.Locale(), closing.Locale()}
}

// Held implements held.Holder.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	made, err := s.desk.Held(ctx, t, account)
	if err != nil {
		return nil, err
	}
	listed, err := s.Invite.Held(ctx, t, account)
	return append(made, listed...), err
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	a, b := s.desk.Effects(), s.Invite.Effects()
	return held.Effects{Goes: append(a.Goes, b.Goes...), Stays: append(a.Stays, b.Stays...)}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	return errors.Join(s.desk.Erase(ctx, tx, account), s.Invite.Erase(ctx, tx, account))
}

// Kept says how long what belongs to waves stays.
func (s *Service) Kept() []held.Kept { return append(s.Invite.Kept(), s.desk.Kept()) }

// purged takes away what is kept of a wave outside its tables, before it is deleted.
func (s *Service) purged(ctx context.Context, tx *db.Scope, waveID string) error {
	if err := s.Invite.Clean(ctx, tx, waveID); err != nil {
		return err
	}
	list, err := closing.ListFile(ctx, tx.Reader, waveID)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	return files.Delete(ctx, tx, list.ID)
}

// variableOf says which variable of the frame an item asks.
func variableOf(_ *wave.Wave, it *instrument.Item, frame map[string][]string) string {
	return compose.VariableFor(it, frame)
}
