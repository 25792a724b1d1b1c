package own

import (
	"errors"
	"net/http"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"

	"github.com/a-h/templ"
)

// visit is a request below /check with what its cookies say.
type visit struct {
	*web.Request
	words
	p       *Pages
	m       *check.Material
	pass    *pass        // nil without one
	key     *key         // nil while no profile is open
	state   *check.State // nil without a check under way
	gone    int          // answers that a new bank has no more
	broken  bool         // there was a check under way that cannot be read
	notices []ui.Notice
}

type handler func(w http.ResponseWriter, v *visit) error

// open lets in whoever has a pass or an open profile, and says to the others where to begin.
func (p *Pages) open(h handler) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		v, err := p.visit(r)
		if err != nil {
			return err
		}
		if v == nil {
			return p.nowhere(w, r)
		}
		if v.gone > 0 {
			v.notices = append(v.notices, ui.Notice{Tone: ui.Warning, Text: v.say("renewed")})
			if err := p.giveState(w, v); err != nil {
				return err
			}
		}
		if v.pass != nil && v.pass.passing() { // as long as somebody is here
			if err := p.givePass(w, v.pass); err != nil {
				return err
			}
		}
		if v.key != nil && v.key.Kiosk {
			if err := p.giveKey(w, v.key); err != nil {
				return err
			}
		}
		return h(w, v)
	}
}

// anyone lets in everybody; the organisation may not be known.
func (p *Pages) anyone(h handler) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		v, err := p.visit(r)
		if err != nil {
			return err
		}
		if v == nil {
			v = &visit{Request: r, words: in(r.Lang), p: p, m: p.Material}
		}
		return h(w, v)
	}
}

// under lets in whoever has a check under way.
func (p *Pages) under(h handler) web.Handler {
	return p.open(func(w http.ResponseWriter, v *visit) error {
		if v.state == nil {
			return v.Redirect(w, checkAt, nil)
		}
		if v.kiosk() {
			if err := p.giveState(w, v); err != nil {
				return err
			}
		}
		return h(w, v)
	})
}

// own lets in whoever has a profile open.
func (p *Pages) own(h handler) web.Handler {
	return p.open(func(w http.ResponseWriter, v *visit) error {
		if v.key == nil {
			return v.Redirect(w, openAt, nil)
		}
		return h(w, v)
	})
}

// visit reads the cookies of a request; nil where they name no organisation.
func (p *Pages) visit(r *web.Request) (*visit, error) {
	v := &visit{Request: r, p: p, pass: p.takePass(r), key: p.takeKey(r)}
	var of tenant.ID
	switch {
	case v.pass != nil:
		of = v.pass.Tenant
	case v.key != nil:
		of = v.key.Tenant
	default:
		return nil, nil //nolint:nilnil // nobody is a visit too
	}
	if v.key != nil && v.key.Tenant != of {
		v.key = nil
	}
	var err error
	if r.Org, err = p.Organisations.Organisation(r.Context(), of); errors.Is(err, db.ErrNoRow) {
		return nil, nil //nolint:nilnil // an organisation that is gone
	} else if err != nil {
		return nil, err
	}
	if len(r.Org.Languages) > 0 && !slices.Contains(r.Org.Languages, r.Lang) {
		r.Lang = r.Org.Languages[0]
	}
	v.words = in(r.Lang)
	if v.m, err = p.materialFor(r.Context(), of); err != nil {
		return nil, err
	}
	v.broken, err = p.takeState(r, v)
	return v, err
}

// kiosk tells whether others use this device too.
func (v *visit) kiosk() bool {
	return v.pass != nil && v.pass.Kiosk || v.key != nil && v.key.Kiosk
}

// show renders a page.
func (v *visit) show(w http.ResponseWriter, page web.Page, content templ.Component) error {
	page.Bare, page.Home = true, checkAt
	if v.pass == nil && v.key == nil { // from where one gets in
		page.Home = doorAt
	}
	page.Notices = append(page.Notices, v.notices...)
	if v.URL.Path != aboutAt {
		page.Footer = append(page.Footer, ui.Link{Label: v.say("about.link"), Href: aboutAt})
	}
	if v.pass != nil && v.pass.Account {
		page.Footer = append(page.Footer, ui.Link{Label: v.say("to-door"), Href: doorAt})
	}
	return v.Show(w, page, framed(v, content))
}

// page is a page with a title.
func page(title string) web.Page {
	p := web.Page{}
	p.Title = title
	return p
}

// nowhere says where to begin, to whoever has no pass.
func (p *Pages) nowhere(w http.ResponseWriter, r *web.Request) error {
	t := in(r.Lang)
	pg := page(t.say("nowhere.title"))
	pg.Bare, pg.Lead, pg.Home = true, t.say("nowhere.lead"), doorAt
	pg.Status = http.StatusForbidden
	pg.Actions = []ui.Action{{Label: t.say("nowhere.do"), Href: doorAt}}
	return r.Show(w, pg, p.homeward(paragraphs(t.say("nowhere.link"))))
}

// notice makes a notice for the next page.
func (v *visit) notice(key string) *web.Notice { return v.Notice(noticeBundle, "notice."+key) }
