package own

import (
	"context"
	"net/http"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// byLink gives whoever opens a link a pass, and leads to the check.
func (p *Pages) byLink(w http.ResponseWriter, r *web.Request) error {
	l, err := p.linkBy(r.Context(), r.PathValue("key"))
	if err != nil {
		return err
	}
	x := &pass{Tenant: l.tenant, Link: l.key, Kiosk: l.kind == tablet, Lang: r.Lang}
	if wanted := instrument.Lang(r.URL.Query().Get("lang")); slices.Contains(instrument.Languages(), wanted) {
		x.Lang, r.Lang = wanted, wanted
		r.KeepLanguage(w)
	}
	if x.Kiosk { // whoever was here before has gone
		p.setCookie(w, codeCookie, "", -1)
		p.setCookie(w, stateCookie, "", -1)
	}
	if err := p.givePass(w, x); err != nil {
		return err
	}
	return r.Redirect(w, checkAt, nil)
}

// linksView is the page on which HR opens and closes links.
type linksView struct {
	words
	kinds []linkView
}

type linkView struct {
	words
	kind    linkKind
	open    bool
	since   string
	address string
	posters []ui.Action
}

// links shows the links.
func (p *Pages) links(w http.ResponseWriter, r *web.Request) error {
	t := in(r.Lang)
	open, err := p.linksOf(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	v := linksView{words: t}
	for _, kind := range []linkKind{poster, tablet} {
		l, is := open[kind]
		x := linkView{words: t, kind: kind, open: is}
		if is {
			x.since, x.address = t.Date(r.Local(l.since)), r.Absolute(linkAt+l.key)
		}
		if is && kind == poster {
			for i, lang := range r.Org.Languages {
				a := ui.Action{Label: t.with("links.print", "language", ui.LanguageName(lang)), Href: posterAt + "?lang=" + string(lang), Kind: ui.Quiet}
				if i == 0 {
					a.Kind = ui.Ink
				}
				x.posters = append(x.posters, a)
			}
		}
		v.kinds = append(v.kinds, x)
	}
	pg := page(t.say("links.title"))
	pg.Door, pg.Lead = DoorLearn, t.say("links.lead")
	pg.Crumbs = []ui.Link{{Label: t.say("door.title"), Href: doorAt}}
	return r.Show(w, pg, linksPage(v))
}

// setLink opens or closes a link.
func (p *Pages) setLink(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if !r.Can(access.OpenSkills) {
		return refuse(problem.Forbidden, "error.unknown")
	}
	kind := linkKind(form.Get("kind"))
	if kind != poster && kind != tablet {
		return refuse(problem.Invalid, "error.unknown")
	}
	change, said := p.openLink, "link-opened"
	if form.Get("do") == "close" {
		change, said = p.closeLink, "link-closed"
	}
	if err := change(r.Context(), r.Actor, kind); err != nil {
		return err
	}
	return r.Redirect(w, linksAt, r.Notice(noticeBundle, "notice."+said))
}

// poster is a page for a wall.
func (p *Pages) poster(w http.ResponseWriter, r *web.Request) error {
	open, err := p.linksOf(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	l, is := open[poster]
	if !is {
		return refuse(problem.NotFound, "error.link")
	}
	lang := r.Lang
	if wanted := instrument.Lang(r.URL.Query().Get("lang")); slices.Contains(instrument.Languages(), wanted) {
		lang = wanted
	}
	doc, err := posterOf(lang, r.Org.Name, r.Org.Synthetic, r.Absolute(linkAt+l.key), r.Absolute(linkAt+l.key+"?lang="+string(lang)))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", ui.PaperPolicy)
	return r.Send(w, http.StatusOK, "text/html; charset=utf-8", doc)
}

// OpenPoster opens the link for posters, unless it is open, and returns its path.
func (p *Pages) OpenPoster(ctx context.Context, actor access.Actor) (string, error) {
	if !access.Can(actor, access.OpenSkills, access.Resource{Tenant: actor.Tenant}) {
		return "", refuse(problem.Forbidden, "error.unknown")
	}
	if err := p.openLink(ctx, actor, poster); err != nil {
		return "", err
	}
	open, err := p.linksOf(ctx, actor.Tenant)
	return linkAt + open[poster].key, err
}
