package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tekentafel/internal/api"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/home"
	"tekentafel/internal/identity"
	"tekentafel/internal/jobs"
	"tekentafel/internal/mail"
	"tekentafel/internal/privacy"
	"tekentafel/internal/report"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// App is the server, built and not yet started.
type App struct {
	Config
	DB       *db.DB
	Web      *web.Server
	API      *api.API
	Audit    *audit.Log
	Queue    *jobs.Queue
	Mail     *mail.Outbox
	Identity *identity.Service
	Report   *report.Service
	Privacy  *privacy.Retention
}

// New opens and migrates the store and builds every feature on it.
func New(ctx context.Context, c Config) (*App, error) {
	store, err := db.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	a := &App{Config: c, DB: store}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return a, nil
}

func (a *App) build(ctx context.Context) error {
	if err := a.DB.Migrate(ctx); err != nil {
		return err
	}
	if err := a.claimKey(ctx); err != nil {
		return err
	}
	a.Audit = audit.New(a.DB, a.Now)
	a.Queue = jobs.NewQueue(a.DB, a.Audit, a.Now, a.Log, jobs.Options{Workers: a.Workers})
	var err error
	a.Mail, err = mail.New(a.Config.Mail, mail.Parts{DB: a.DB, Box: a.Box, Audit: a.Audit, Now: a.Now, Log: a.Log, Zone: a.zone, Mailbox: a.mailbox})
	if err != nil {
		return err
	}
	for _, kind := range []string{"second-factor-changed", "locked"} {
		a.Mail.Register(mail.Kind{Name: kind, Bundle: identity.Locale(), Key: "letter." + kind})
	}
	a.Identity = identity.New(identity.Dependencies{DB: a.DB, Audit: a.Audit, Box: a.Box, Now: a.Now, Mail: a.mailer(), PublicURL: a.publicURL, Log: a.Log})
	a.Report = report.New(report.Dependencies{DB: a.DB, Audit: a.Audit, Queue: a.Queue, Organisations: organisations{a.DB}, Now: a.Now, Dir: a.Dir, MaxUpload: a.MaxUpload})
	a.Web = web.New(web.Config{PublicURL: a.PublicURL, TrustedProxies: a.TrustedProxies, PerMinute: a.RatePerMinute, StrictPer10Min: a.SignInAttempts,
		Version: a.Version, Zone: a.Zone}, a.Identity, nil, a.Now, a.Log)
	a.API = api.New(a.Web, a.Identity, a.Version)
	return a.connect()
}

// connect gives every feature its pages, its operations, its part in privacy and its words in the log.
func (a *App) connect() error {
	people, retention := privacy.NewPeople(a.DB, a.Audit, a.Now), privacy.NewRetention(a.DB, a.Audit, a.Now)
	common := privacy.NewCommon(a.DB)
	people.Ask(a.Identity.Personal(), a.Report, a.Mail, a.Audit, common)
	people.Tell(a.Report, a.Mail, common, a.Identity.Personal())
	a.Identity.EraseWith(a.Report, a.Mail, common)
	a.Privacy = retention
	if err := errors.Join(retention.Register(audit.Kept(), mail.Kept()), retention.Register(a.Report.Kept()...)); err != nil {
		return err
	}
	a.Audit.Explain(identity.Locale(), report.Locale(), jobs.Locale(), mail.Locale(), privacy.Locale())

	a.Web.Mount("GET /assets/", ui.Assets())
	pages := errors.Join(
		home.New(a.Now, []home.Source{a.Report}, nil).AddTo(a.Web),
		a.Report.Pages().AddTo(a.Web),
		a.Identity.AddTo(a.Web),
		mail.NewPages(a.Mail).Mount(a.Web),
		a.Queue.Pages().AddTo(a.Web),
		audit.NewPages(a.Audit, a.Identity, a.zone).Mount(a.Web),
		privacy.NewPages(people, retention, privacy.Surroundings{Zone: a.zone, SignOut: a.forgetCookie}).Mount(a.Web),
		a.addOwn(),
	)
	if pages != nil {
		return pages
	}
	a.Report.API(a.API, a.absolute)
	a.Identity.API(a.API)
	a.Queue.API(a.API)
	a.Mail.API(a.API)
	a.Audit.API(a.API)
	retention.API(a.API)
	return nil
}

// Run works in the background until ctx ends: jobs, mail, retention, and what sign-in keeps. It returns when all of it has
// stopped.
func (a *App) Run(ctx context.Context) {
	var work sync.WaitGroup
	work.Go(func() { a.Queue.Run(ctx) })
	work.Go(func() { a.Identity.Run(ctx) })
	work.Go(func() { a.nightly(ctx) })
	work.Go(func() { a.watchClock(ctx) })
	work.Go(func() {
		if err := a.Mail.Run(ctx); err != nil {
			a.Log.ErrorContext(ctx, "mail is not sent any more", "error", err.Error())
		}
	})
	work.Wait()
}

// Close closes the store, after Run has returned and no request is under way.
func (a *App) Close() error { return a.DB.Close() }

func (a *App) absolute(path string) string { return a.PublicURL.JoinPath(path).String() }

func (a *App) zone(context.Context, tenant.ID) *time.Location { return a.Zone }

// claimKey keeps the fingerprint of the key with the first start, and refuses another key afterwards: nothing that was
// sealed could be opened.
func (a *App) claimKey(ctx context.Context) error {
	return a.DB.System().Write(ctx, func(s *db.System) error {
		if _, err := s.Exec(ctx, `INSERT INTO installation (name, value) VALUES ('key', $1) ON CONFLICT (name) DO NOTHING`, a.Box.Fingerprint()); err != nil {
			return err
		}
		var was string
		if err := s.Row(ctx, `SELECT value FROM installation WHERE name = 'key'`, nil, &was); err != nil {
			return err
		}
		if was != a.Box.Fingerprint() {
			return fmt.Errorf("the key of the installation is another one (%s) than that of the database (%s): give the key with which this "+
				"database was begun; each node has the same", a.Box.Fingerprint(), was)
		}
		return nil
	})
}
