package nonuse

import (
	"net/http"
	"net/url"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// printer writes in one language.
type printer struct {
	*i18n.Printer
	lang instrument.Lang
}

func in(lang instrument.Lang) printer { return printer{locale().Printer(lang), lang} }

func (w printer) say(key string) string { return w.T(key, nil) }

// n fills in a number, with the plural that it asks for.
func (w printer) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// with fills in pairs of a name and a text.
func (w printer) with(key string, pairs ...string) string {
	a := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] = pairs[i+1]
	}
	return w.T(key, a)
}

// of writes a text of the guide.
func (w printer) of(t framework.Text) string { return t.In(framework.Lang(w.lang)) }

// all writes texts of the guide.
func (w printer) all(list []framework.Text) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = w.of(t)
	}
	return out
}

// reasonName names a reason; one that the guide does not know by its id.
func (s *Service) reasonName(w printer, id string) string {
	if x := s.Guide.Reason(id); x != nil {
		return w.of(x.Name)
	}
	return id
}

func (w printer) link(key, href string) ui.Link { return ui.Link{Label: w.say(key), Href: href} }

// page is a page of the area, with the pages above it.
func page(r *web.Request, title string, above ...ui.Link) web.Page {
	p := web.Page{Door: "learn"}
	p.Title = title
	p.Crumbs = append([]ui.Link{in(r.Lang).link("door", door)}, above...)
	return p
}

// below is a page below the first of the area.
func below(r *web.Request, title string, above ...ui.Link) web.Page {
	if r.Can(reads) {
		above = append([]ui.Link{in(r.Lang).link("title", home)}, above...)
	}
	return page(r, title, above...)
}

// tabs are the pages beside each other, with the one that is shown.
func tabs(r *web.Request, current string) []ui.Link {
	w := in(r.Lang)
	var out []ui.Link
	if r.Can(reads) {
		out = append(out, w.link("tab.who", home))
	}
	out = append(out, w.link("tab.guide", guideAt))
	if r.Can(writes) {
		out = append(out, w.link("tab.talks", talksAt))
	}
	for i := range out {
		out[i].Current = out[i].Href == current
	}
	return out
}

// again shows a form again with what is wrong with it.
func again(r *web.Request, values url.Values, err error, show func(status int, form *ui.FormState) error) error {
	state, err := r.Refill(values, err)
	if err != nil {
		return err
	}
	return show(http.StatusUnprocessableEntity, state)
}

func notice(r *web.Request, key string) *web.Notice { return r.Notice(noticeBundle, "notice."+key) }

// Offers says what a person can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	if !r.Can(reads) {
		return nil
	}
	w := in(r.Lang)
	return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.say("offer")}}
}
