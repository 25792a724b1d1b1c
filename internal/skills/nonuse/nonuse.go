package nonuse

import (
	"context"
	"embed"
	"sync"

	"tekentafel/content/skills"
	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/nonuse/guide"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// BuiltIn returns the guide that comes with the product.
var BuiltIn = sync.OnceValues(func() (*guide.Guide, error) { return guide.Parse("nonuse.yaml", skills.NonUse()) })

// What one must be able to do.
const (
	reads  = access.ReadGap        // the pages with figures and what helps
	writes = access.HoldInterviews // hold interviews: invitations, consent, notes
)

// Report is what a wave found.
type Report struct {
	ID       string // of its page, /reports/{id}
	Title    string
	Findings *findings.Findings // never changed
	// Before is what the wave found that Findings.Earlier tells of; nil when there is none, its report is gone or the actor may not read it.
	Before *findings.Findings
}

// Reports knows the reports of waves.
type Reports interface {
	// Latest returns the newest report that the actor may read and that has a question of that id; ok is false when there is none.
	Latest(ctx context.Context, actor access.Actor, question string) (r Report, ok bool, err error)
	// Caveats says in sentences what one must know to read the figures.
	Caveats(f *findings.Findings, lang instrument.Lang) []string
}

// Group is a group of departments.
type Group struct {
	ID, Name string
	People   int // in service
}

// Groups knows the groups of departments.
type Groups interface {
	// Groups lists them by name; none when there is no staff list.
	Groups(ctx context.Context, t tenant.ID) ([]Group, error)
}

// National knows the numbers by which a state knows its people.
type National interface {
	// Holds tells whether a text has such a number in it.
	Holds(text string) bool
}

// Actions leads to where something is done about a reason.
type Actions interface {
	// Act returns the address of the page on which who sends r makes an action of a reason, "" for who may not.
	Act(r *web.Request, reason string) string
}

// Accounts knows how people are reached.
type Accounts interface {
	// Mail returns the mail address of an account, "" for none.
	Mail(ctx context.Context, r db.Reader, account string) (string, error)
}

// Organisations tells how large a group must be.
type Organisations interface {
	// GroupSize returns the smallest group that may be shown.
	GroupSize(ctx context.Context, t tenant.ID) (int, error)
}

// Dependencies is what the feature needs of the rest. Reports, Groups and Actions may be nil.
type Dependencies struct {
	DB            *db.DB
	Box           *seal.Box
	Audit         *audit.Log
	Now           clock.Clock
	Guide         *guide.Guide
	National      National
	Accounts      Accounts
	Organisations Organisations
	Reports       Reports
	Groups        Groups
	Actions       Actions
}

// Service is the feature.
type Service struct{ Dependencies }

// New returns the feature.
func New(d Dependencies) *Service { return &Service{d} }

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

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "nonusers"

// Where the pages are.
const (
	door         = "/learn"
	home         = "/learn/nonusers"
	reasonsAt    = home + "/reasons/"
	guideAt      = home + "/guide"
	paperAt      = home + "/guide/paper"
	talksAt      = home + "/interviews"
	openAt       = talksAt + "/open"
	closeAt      = talksAt + "/close"
	invitesAt    = talksAt + "/invitations"
	consentAt    = talksAt + "/consent"
	aboutAt      = talksAt + "/about"
	notesAt      = talksAt + "/notes"
	doneAt       = talksAt + "/done"
	roundsAt     = talksAt + "/rounds/"
	withdrawAt   = home + "/withdraw"
	withdrawBody = 4 << 10
)

// AddTo makes the routes and the notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	route := func(action access.Action, pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h}
	}
	// Whoever hands in a code is not known, and leaves no trace. The code is too long to be guessed.
	apart := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Public: true, Untraced: true, Body: withdrawBody, Handle: h}
	}
	return server.Add(
		route(reads, "GET /learn/nonusers", s.who),
		route(reads, "GET /learn/nonusers/reasons/{id}", s.reason),
		web.Route{Pattern: "GET /learn/nonusers/guide", Any: true, Handle: s.guide},
		web.Route{Pattern: "GET /learn/nonusers/guide/paper", Any: true, Handle: s.paper},

		route(writes, "GET /learn/nonusers/interviews", s.talks),
		route(writes, "POST /learn/nonusers/interviews/open", s.open),
		route(writes, "GET /learn/nonusers/interviews/close", s.askClose),
		route(writes, "POST /learn/nonusers/interviews/close", s.close),
		route(writes, "POST /learn/nonusers/interviews/invitations", s.invite),
		route(writes, "POST /learn/nonusers/interviews/invitations/{id}", s.changeInvitation),
		route(writes, "GET /learn/nonusers/interviews/consent", s.askConsent),
		route(writes, "POST /learn/nonusers/interviews/consent", s.consent),
		route(writes, "GET /learn/nonusers/interviews/about", s.askAbout),
		route(writes, "POST /learn/nonusers/interviews/about", s.about),
		route(writes, "GET /learn/nonusers/interviews/notes", s.askNotes),
		route(writes, "POST /learn/nonusers/interviews/notes", s.notes),
		route(writes, "GET /learn/nonusers/interviews/done", s.done),
		route(writes, "GET /learn/nonusers/interviews/rounds/{id}", s.round),
		route(writes, "POST /learn/nonusers/interviews/rounds/{id}/notes/{note}", s.dropNote),

		apart("GET /learn/nonusers/withdraw", s.askWithdraw),
		apart("POST /learn/nonusers/withdraw", s.withdraw),
	)
}
