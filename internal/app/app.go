package app

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	actiondesk "tekentafel/internal/action/desk"
	"tekentafel/internal/action/evidence"
	"tekentafel/internal/action/strategy"
	"tekentafel/internal/api"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/insight"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/gateway/ownuse"
	"tekentafel/internal/gateway/policy"
	"tekentafel/internal/home"
	"tekentafel/internal/i18n"
	"tekentafel/internal/identity"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/installation"
	"tekentafel/internal/jobs"
	"tekentafel/internal/lab/challenge"
	"tekentafel/internal/lab/example"
	labkept "tekentafel/internal/lab/kept"
	"tekentafel/internal/mail"
	"tekentafel/internal/metrics"
	"tekentafel/internal/outbound"
	"tekentafel/internal/people"
	"tekentafel/internal/people/desk"
	"tekentafel/internal/people/folder"
	"tekentafel/internal/people/gate"
	"tekentafel/internal/people/gateway"
	"tekentafel/internal/people/roster"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/privacy"
	"tekentafel/internal/report"
	shadowdesk "tekentafel/internal/shadow/desk"
	"tekentafel/internal/skills"
	gapdesk "tekentafel/internal/skills/gap/desk"
	"tekentafel/internal/skills/items"
	"tekentafel/internal/skills/needs"
	"tekentafel/internal/skills/nonuse"
	"tekentafel/internal/skills/own"
	"tekentafel/internal/survey"
	"tekentafel/internal/survey/invite"
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
	Survey   *survey.Service
	Staff    *people.Service
	Needs    *needs.Service
	Skills   *skills.Service
	NonUse   *nonuse.Service
	Items    *items.Service
	Gaps     *gapdesk.Service
	Actions  *action.Service
	Strategy *strategy.Service

	actionDesk *actiondesk.Desk
	evidence   *evidence.Service
	People     *privacy.People
	Privacy    *privacy.Retention
	Metrics    *metrics.Metrics
	Ready      *metrics.Readiness

	models models
	lab    labs
	shadow *shadowdesk.Desk
	places *places
	folder *folder.Watcher // nil where the installation has no folder for personnel data
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
	if err := installation.HoldKey(ctx, a.DB, a.Box); err != nil {
		return err
	}
	a.Audit = audit.New(a.DB, a.Now)
	a.Queue = jobs.NewQueue(a.DB, a.Audit, a.Now, a.Log, jobs.Options{Workers: a.Workers})
	var err error
	a.Mail, err = mail.New(a.Config.Mail, mail.Parts{DB: a.DB, Box: a.Box, Audit: a.Audit, Now: a.Now, Log: a.Log, Zone: a.zone, Mailbox: a.mailbox})
	if err != nil {
		return err
	}
	for kind, key := range identity.Letters() {
		a.Mail.Register(mail.Kind{Name: kind, Bundle: identity.Locale(), Key: key})
	}
	a.Identity = identity.New(identity.Dependencies{DB: a.DB, Audit: a.Audit, Box: a.Box, Now: a.Now, Mail: a.mailer(), PublicURL: a.publicURL, Log: a.Log})
	a.Report = report.New(report.Dependencies{DB: a.DB, Audit: a.Audit, Queue: a.Queue, Organisations: organisations{a.DB}, Now: a.Now, Dir: a.Dir, MaxUpload: a.MaxUpload})
	a.Staff = NewStaff(StaffParts{DB: a.DB, Audit: a.Audit, Queue: a.Queue, Box: a.Box, Now: a.Now, Log: a.Log, Zone: a.Zone, Dir: a.Dir, MaxUpload: a.MaxUpload})
	a.places = newPlaces(a.Staff, a.DB, a.Now)
	a.folder = a.newFolder()
	a.Mail.Register(mail.Kind{Name: limits.MailOwn, Bundle: limits.Locale(), Key: "mail.own", Apart: true}, mail.Kind{Name: limits.MailShared, Bundle: limits.Locale(), Key: "mail.shared"})
	for _, k := range invite.Kinds() {
		a.Mail.Register(mail.Kind{Name: k.Name, Bundle: k.Bundle, Key: k.Key, Apart: true})
	}
	a.Survey = survey.New(survey.Dependencies{DB: a.DB, Audit: a.Audit, Queue: a.Queue, Box: a.Box, Now: a.Now, Log: a.Log, Organisations: faces{organisations{a.DB}, a},
		Accounts: staff{}, Staff: staffOfWaves{a.Staff}, Mail: invitations{a.Mail}, Reports: reportsOfWaves{a.Report}, Afterwards: afterWaves{a}, Told: afterWaves{a}, PublicURL: a.publicURL(""), Zone: a.Zone, Dir: a.Dir, MaxUpload: a.MaxUpload})
	if err := errors.Join(a.newSkills(), a.newNonUse(), a.newActions()); err != nil {
		return err
	}
	a.People, a.Privacy = privacy.NewPeople(a.DB, a.Audit, a.Now), privacy.NewRetention(a.DB, a.Audit, a.Now)
	a.Metrics = metrics.New(a.Version, string(a.DB.Engine))
	if err := a.newShadow(); err != nil {
		return err
	}
	if err := a.newModels(); err != nil {
		return err
	}
	if err := a.newLab(); err != nil {
		return err
	}
	a.connectEvidence()
	a.Web = web.New(web.Config{PublicURL: a.PublicURL, TrustedProxies: a.TrustedProxies, PerMinute: a.RatePerMinute, StrictPer10Min: a.SignInAttempts,
		Version: a.Version, Zone: a.Zone}, a.Identity, a.Metrics, a.Now, a.Log)
	a.Ready = metrics.NewReadiness(a.DB, a.Web.IsClosing, a.Log)
	a.API = api.New(a.Web, a.Identity, a.Version)
	return a.connect() //nolint:contextcheck // each request brings its own
}

// connect gives every feature its pages, its operations, its part in privacy and its words in the log.
func (a *App) connect() error {
	directory := a.newDirectory()
	if err := a.connectPrivacy(directory); err != nil {
		return err
	}
	a.Audit.Explain(explained()...)

	a.Web.Mount("GET /assets/", ui.Assets())
	a.Web.Mount("GET /readyz", a.Ready)
	a.Web.Mount("GET /healthz", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	log := audit.NewPages(a.Audit, a.Identity, a.zone)
	staffDesk, staffRoster := desk.New(desk.Dependencies{People: a.Staff}), roster.New(a.Staff)
	pages := errors.Join(
		home.New(a.Now, []home.Source{a.Survey, a.Report, staffDesk, a.Gaps, a.Items, a.actionDesk, a.Strategy, a.Identity, a.Mail, a.People, a.models.desk, a.lab.examples.Desk()}, []home.Offerer{a.Survey, a.Report, staffDesk, staffRoster, a.actionDesk, a.Strategy, a.evidence, a.lab.start, a.models.desk, a.models.insight, a.shadow, a.lab.kept, a.Identity, log, a.People, identity.OwnOffers{}}).AddTo(a.Web),
		a.Survey.AddTo(a.Web), // before the reports: both stand behind one door
		a.Report.Pages().AddTo(a.Web),
		a.Skills.AddTo(a.Web),
		a.Needs.AddTo(a.Web),
		a.Gaps.AddTo(a.Web),
		a.Items.AddTo(a.Web),
		a.NonUse.AddTo(a.Web),
		a.addModels(), // its door comes before that to what is planned
		a.shadow.AddTo(a.Web),
		a.actionDesk.AddTo(a.Web),
		a.Strategy.AddTo(a.Web),
		a.evidence.AddTo(a.Web),
		staffDesk.AddTo(a.Web),
		staffRoster.AddTo(a.Web),
		a.Identity.AddTo(a.Web),
		identity.NewProviders(a.Identity, oidc.New(outbound.New(outbound.Config{Allow: a.AllowPrivate, AllowHTTP: a.AllowHTTP}), a.Now)).AddTo(a.Web),
		identity.NewPasskeys(a.Identity).AddTo(a.Web),
		mail.NewPages(a.Mail).Mount(a.Web),
		a.Queue.Pages().AddTo(a.Web),
		log.Mount(a.Web),
		privacy.NewPages(a.People, a.Privacy, privacy.Surroundings{Zone: a.zone, SignOut: a.forgetCookie}).Mount(a.Web),
		directory.AddTo(a.Web),
		a.addOwn(),
	)
	if pages != nil {
		return pages
	}
	scim.Mount(a.Web, a.Identity, directory.Registry, access.SyncPeople)
	a.Report.API(a.API, a.absolute)
	a.Survey.API(a.API, a.absolute)
	gate.New(a.Staff).API(a.API)
	a.Needs.API(a.API)
	a.Gaps.API(a.API)
	a.Items.API(a.API)
	a.actionDesk.API(a.API)
	a.evidence.API(a.API)
	a.Identity.API(a.API)
	a.Queue.API(a.API)
	a.Mail.API(a.API)
	a.Audit.API(a.API)
	a.models.desk.API(a.API)
	a.models.insight.API(a.API)
	a.lab.examples.API(a.API, access.ReadExamples)
	a.shadow.API(a.API)
	a.Privacy.API(a.API)
	return a.gauges()
}

// explained are the words in which features say what they write in the log.
func explained() []*i18n.Bundle {
	return append(survey.Locales(), identity.Locale(), report.Locale(), jobs.Locale(), mail.Messages(), privacy.Messages(), people.Locale(), gateway.Locale(), needs.Locale(), own.Locale(), gapdesk.Locale(), items.Locale(), nonuse.Locale(), action.Locale(), strategy.Locale(), evidence.Locale(),
		keys.Locale(), limits.Locale(), policy.Locale(), ownuse.Locale(), insight.Locale(), shadowdesk.Locale(), labkept.Locale(), challenge.Locale(), example.Locale())
}

// Run works in the background until ctx ends: jobs, mail, retention, and what sign-in keeps. It returns when all of it has
// stopped.
func (a *App) Run(ctx context.Context) {
	var work sync.WaitGroup
	work.Go(func() { a.Queue.Run(ctx) })
	work.Go(func() { a.Identity.Run(ctx) })
	work.Go(func() { a.Survey.Run(ctx) })
	work.Go(func() { a.runModels(ctx) })
	work.Go(func() { a.watchStaff(ctx) })
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
func (a *App) Close() error {
	err := errors.Join(a.lab.extract.Close(context.Background()), a.models.pool.Close(), a.DB.Close())
	if a.Release != nil {
		err = errors.Join(err, a.Release())
	}
	return err
}

func (a *App) absolute(path string) string { return a.PublicURL.JoinPath(path).String() }

func (a *App) zone(context.Context, tenant.ID) *time.Location { return a.Zone }
