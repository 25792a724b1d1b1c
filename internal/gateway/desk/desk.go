package desk

import (
	"context"
	"embed"
	"net/http"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/gateway/ownuse"
	"tekentafel/internal/gateway/policy"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Models knows what models are offered and how their backends fare; *backend.Pool is one.
type Models interface {
	Models() []backend.Model
	Health() []backend.Health
}

// Prices knows what models cost; *price.List is one.
type Prices interface {
	Rates(name string, at time.Time) (price.Rates, error)
	Energy(name string) *price.Profile
}

// Accounts knows who people are.
type Accounts interface {
	// Name returns the name of an account, "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
	// ByMail returns the account with a mail address; ok is false when there is none.
	ByMail(ctx context.Context, r db.Reader, mail string) (account string, ok bool, err error)
}

// Beside is a page of another feature that stands beside these.
type Beside func(r *web.Request) (link ui.Link, ok bool)

// Dependencies is what the pages need. Beside and Chat may be left out.
type Dependencies struct {
	Limits   *limits.Service
	Keys     *keys.Service
	Policy   *policy.Service
	Use      *ownuse.Service
	Models   Models
	Prices   Prices
	Accounts Accounts
	DB       *db.DB
	Now      func() time.Time
	Zone     func(ctx context.Context, t tenant.ID) *time.Location
	Chat     string // address of the chat, for who has not used a model yet; "" for none
	Beside   []Beside
}

// Desk is the pages.
type Desk struct{ Dependencies }

// New returns the pages.
func New(d Dependencies) *Desk { return &Desk{d} }

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

func refuse(kind problem.Kind, key string) error { return problem.New(kind, locale(), key, nil) }

// What one must be able to do.
const (
	uses    = access.UseModels
	guards  = access.ReadGuard
	setsGrd = access.SetGuard
	reads   = access.ReadBudgets
	sets    = access.SetBudgets
	manages = access.ManageGateway
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "gateway"

// Where the pages are.
const (
	doorKey  = "try"
	home     = "/gateway"
	useAt    = home + "/use"
	ownAt    = useAt + "/limit"
	limitsAt = home + "/limits"
	keysAt   = home + "/keys"
	guardAt  = home + "/guard"
	modelsAt = home + "/models"
)

// AddTo makes the routes and the notices known to a server.
func (d *Desk) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	route := func(action access.Action, pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h}
	}
	return server.Add(
		route(uses, "GET /gateway", func(w http.ResponseWriter, r *web.Request) error { return r.Redirect(w, useAt, nil) }),
		route(uses, "GET /gateway/use", d.use),
		route(uses, "POST /gateway/use/seen", d.seenOwn),
		route(uses, "GET /gateway/use/limit", d.askOwn),
		route(uses, "POST /gateway/use/limit", d.putOwn),
		route(uses, "GET /gateway/use/limit/remove", d.askDropOwn),
		route(uses, "POST /gateway/use/limit/remove", d.dropOwn),

		route(reads, "GET /gateway/limits", d.limits),
		route(sets, "POST /gateway/limits", d.putLimit),
		route(sets, "POST /gateway/limits/preview", d.previewLimit),
		route(sets, "POST /gateway/limits/seen", d.seenShared),
		route(sets, "GET /gateway/limits/new", d.askLimit),
		route(reads, "GET /gateway/limits/items/{id}", d.showLimit),
		route(sets, "GET /gateway/limits/items/{id}/edit", d.editLimit),
		route(sets, "GET /gateway/limits/items/{id}/remove", d.askRemove),
		route(sets, "POST /gateway/limits/items/{id}/remove", d.removeLimit),

		route(manages, "GET /gateway/keys", d.keys),
		route(manages, "POST /gateway/keys", d.makeKey),
		route(manages, "GET /gateway/keys/new", d.askKey),
		route(manages, "GET /gateway/keys/{id}/renew", d.askRenew),
		route(manages, "POST /gateway/keys/{id}/renew", d.renewKey),
		route(manages, "GET /gateway/keys/{id}/withdraw", d.askWithdraw),
		route(manages, "POST /gateway/keys/{id}/withdraw", d.withdrawKey),

		route(guards, "GET /gateway/guard", d.guard),
		route(setsGrd, "GET /gateway/guard/edit", d.editGuard),
		route(setsGrd, "POST /gateway/guard/preview", d.previewGuard),
		route(setsGrd, "POST /gateway/guard", d.putGuard),

		route(uses, "GET /gateway/models", d.models),
	)
}

// Tabs are the pages beside each other that this person can open, with the one at current marked. Pages of other features come behind those of this one.
func (d *Desk) Tabs(r *web.Request, current string) []ui.Link {
	w := in(r)
	var out []ui.Link
	for _, tab := range []struct {
		may       access.Action
		key, href string
	}{{uses, "tab.use", useAt}, {uses, "tab.models", modelsAt}, {guards, "tab.guard", guardAt}, {reads, "tab.limits", limitsAt}, {manages, "tab.keys", keysAt}} {
		if r.Can(tab.may) {
			out = append(out, w.link(tab.key, tab.href))
		}
	}
	for _, beside := range d.Beside {
		if link, ok := beside(r); ok {
			out = append(out, link)
		}
	}
	for i := range out {
		out[i].Current = out[i].Href == current
	}
	return out
}

// Offers says what a person can do here at any time.
func (d *Desk) Offers(r *web.Request) []ui.Tile {
	w := in(r)
	switch {
	case r.Can(manages):
		return []ui.Tile{{Title: w.say("offer.keys"), Href: keysAt, Text: w.say("offer.keys-text")}}
	case r.Can(sets):
		return []ui.Tile{{Title: w.say("offer.limits"), Href: limitsAt, Text: w.say("offer.limits-text")}}
	}
	return nil
}

// Ranks of tasks, as web.Task has them.
const (
	rankFull = 40
	rankNear = 52
)

// Tasks says what waits for a person here: limits of their own that are nearly reached, and those of others for whoever sets budgets.
func (d *Desk) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Can(uses) {
		return nil, nil
	}
	w := in(r)
	var out []web.Task
	for _, shared := range []bool{false, true} {
		if shared && !r.Can(sets) {
			break
		}
		list, err := d.Limits.Unseen(ctx, r.Actor, shared)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			continue
		}
		key, href := "task.own", useAt
		if shared {
			key, href = "task.shared", limitsAt
		}
		t := web.Task{Text: w.say(key + "-text"), Href: href, Label: w.say(key + "-do"), Tag: w.say("title"), Rank: rankNear, Tone: ui.Info}
		level := "-near"
		if list[0].Level >= 100 { // the highest comes first
			t.Rank, t.Tone, level = rankFull, ui.Warning, "-full"
		}
		t.Title = w.say(key + level)
		out = append(out, t)
	}
	return out, nil
}
