package identity

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

// locale holds the texts of this package.
var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Dependencies is what a Service works with.
type Dependencies struct {
	DB    *db.DB
	Audit *audit.Log
	Box   *seal.Box
	Now   clock.Clock
	// Mail takes letters to send; nil when the installation sends no mail. Then links are shown to whoever makes them.
	Mail Mailer
	// PublicURL returns the address, without a slash at its end, under which browsers reach an organisation; "" asks for that
	// of the installation.
	PublicURL func(tenant.ID) string
	Log       *slog.Logger
}

// Cookies sets and reads the cookies of this product. The web server is one.
type Cookies interface {
	SetCookie(w http.ResponseWriter, name, value string, lives time.Duration)
	Cookie(r *http.Request, name string) string
	CookieName(name string) string
}

// Service is the feature. It is safe for concurrent use.
type Service struct {
	db      *db.DB
	audit   *audit.Log
	box     *seal.Box
	now     clock.Clock
	mail    Mailer
	public  func(tenant.ID) string
	log     *slog.Logger
	hasher  *hasher
	seen    seenTimes
	cookies Cookies

	options  []SignInOption
	sections []SecuritySection
	leaving  []SignOutStep
	clears   []func(http.ResponseWriter)
	erasers  []held.Eraser
}

// New returns the feature. AddTo makes its pages known, and Run keeps the times at which sessions were last seen.
func New(d Dependencies) *Service {
	return &Service{
		db: d.DB, audit: d.Audit, box: d.Box, now: d.Now, mail: d.Mail, public: d.PublicURL, log: d.Log,
		hasher: newHasher(), cookies: noCookies{},
	}
}

// noCookies is what a service has before it is connected to a server: nobody has a cookie.
type noCookies struct{}

func (noCookies) SetCookie(http.ResponseWriter, string, string, time.Duration) {}
func (noCookies) Cookie(*http.Request, string) string                          { return "" }
func (noCookies) CookieName(name string) string                                { return name }

// UseCookies says who keeps the cookies. AddTo does it; it is for whoever resolves visits without pages.
func (s *Service) UseCookies(c Cookies) { s.cookies = c }

// Mail is a letter about an account. The texts are those of the mail feature.
type Mail struct {
	Kind    string // invitation, recovery, password-changed, second-factor-changed, locked
	Account string
	To      string
	Name    string
	Lang    string
	Link    string    // to follow, or ""
	Ends    time.Time // when Link stops working
}

// Letters lists the kinds of letters whose texts this package brings, with the key in Locale under which their name, subject
// and body stand. The other kinds (invitation, recovery, password-changed) are those of the mail feature.
func Letters() map[string]string {
	return map[string]string{"locked": "letter.locked", "second-factor-changed": "letter.second-factor-changed"}
}

// Mailer takes letters.
type Mailer interface {
	// Queue notes a letter in the transaction of s, so that it is sent when the change that it tells of is kept.
	Queue(ctx context.Context, s *db.Scope, m Mail) error
}

// say makes a problem with a text of this package.
func say(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, locale(), "problem."+key, nil)
}

// allow refuses what an actor may not do to a resource.
func allow(actor access.Actor, action access.Action, resource access.Resource) error {
	if access.Can(actor, action, resource) {
		return nil
	}
	return say(problem.Forbidden, "forbidden")
}

// allowIn is allow for what belongs to the actor's own organisation.
func allowIn(actor access.Actor, action access.Action) error {
	return allow(actor, action, access.Resource{Tenant: actor.Tenant})
}

// system is the program itself, acting for an organisation.
func system(t tenant.ID) access.Actor { return access.Actor{Kind: access.System, Tenant: t} }

// visitor is somebody who has not signed in yet, at an organisation.
func visitor(t tenant.ID) access.Actor { return access.Actor{Kind: access.Visitor, Tenant: t} }

// person is the actor of an account.
func person(t tenant.ID, account string, roles []access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: t, ID: account, Owner: account, Roles: roles}
}

// form gathers what is wrong with the fields of an input.
func form() *problem.Form { return &problem.Form{Bundle: locale()} }

// wrong is a problem with one field.
func wrong(field, key string, args i18n.Args) error {
	f := form()
	f.Wrong(field, "field."+key, args)
	return f.Err()
}
