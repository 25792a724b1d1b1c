package closing

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "closing"

// doorMeasure is the door behind which waves are.
const doorMeasure = "measure"

// perPage is how many texts stand on a page.
const perPage = 25

// Pages are the pages of open answers.
type Pages struct{ s *Service }

// Pages returns the pages.
func (s *Service) Pages() *Pages { return &Pages{s} }

// AddTo makes the routes and the notices known to a server.
func (p *Pages) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	const one = "/waves/{id}/texts/{item}/{text}"
	return server.Add(
		web.Route{Pattern: "GET /waves/{id}/texts", Action: access.ReadTexts, Handle: p.questions},
		web.Route{Pattern: "GET /waves/{id}/texts/{item}", Action: access.ReadTexts, Handle: p.texts},
		web.Route{Pattern: "GET /waves/{id}/texts/{item}/export", Action: access.ReadTexts, Slow: true, Handle: p.export},
		web.Route{Pattern: "GET " + one + "/edit", Action: access.ReadTexts, Handle: p.edit},
		web.Route{Pattern: "POST " + one + "/edit", Action: access.ReadTexts, Handle: p.redact},
		web.Route{Pattern: "POST " + one + "/marks", Action: access.ReadTexts, Handle: p.marks},
		web.Route{Pattern: "POST " + one + "/hide", Action: access.ReadTexts, Handle: p.hide},
		web.Route{Pattern: "POST " + one + "/show", Action: access.ReadTexts, Handle: p.show},
	)
}

// words writes in one language.
type words struct{ *i18n.Printer }

func in(lang instrument.Lang) words { return words{locale().Printer(lang)} }

func (w words) say(key string) string { return w.T(key, nil) }

func base(waveID string) string { return "/waves/" + url.PathEscape(waveID) }

func (p *Pages) questions(w http.ResponseWriter, r *web.Request) error {
	wv, list, err := p.s.Questions(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	say := in(r.Lang)
	page := web.Page{Door: doorMeasure}
	page.Title = say.say("texts.title") + ": " + wv.Title
	page.Heading, page.Lead = say.say("texts.title"), say.say("texts.lead")
	page.Crumbs = p.crumbs(r, wv.ID, wv.Title)[:2]
	return r.Show(w, page, questionsPage(questionsView{wave: wv.ID, k: wv.GroupSize, list: list, lang: r.Lang}))
}

func (p *Pages) texts(w http.ResponseWriter, r *web.Request) error {
	query := r.URL.Query()
	search := Search{Words: query.Get("q"), Hidden: query.Get("which") == "hidden", Marked: query.Get("which") == "marked"}
	wv, q, list, err := p.s.Texts(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("item"), search)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	at, _ := strconv.Atoi(query.Get("page")) // what is no number is the first page
	at = max(0, min(at, (len(list)-1)/perPage))
	form := ui.NewFormState(query)
	form.ID = "search"
	v := textsView{base: base(wv.ID) + "/texts/" + url.PathEscape(q.ID), question: q, k: wv.GroupSize, found: len(list), page: at, form: form,
		query: query, list: list[at*perPage : min(len(list), (at+1)*perPage)], lang: r.Lang}
	page := web.Page{Door: doorMeasure}
	page.Title = q.Wording.In(r.Lang)
	page.Heading, page.Lead = q.Wording.In(r.Lang), say.say("texts.lead-one")
	page.Crumbs = p.crumbs(r, wv.ID, wv.Title)
	return r.Show(w, page, textsPage(v))
}

func (p *Pages) crumbs(r *web.Request, waveID, title string) []ui.Link {
	return []ui.Link{{Label: in(r.Lang).say("waves"), Href: "/waves"}, {Label: title, Href: base(waveID)}, {Label: in(r.Lang).say("texts.title"), Href: base(waveID) + "/texts"}}
}

func (p *Pages) export(w http.ResponseWriter, r *web.Request) error {
	var b bytes.Buffer
	if err := p.s.Export(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("item"), r.Lang, &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", in(r.Lang).say("texts.file")+".csv"))
	_, err := w.Write(b.Bytes())
	return err
}

func (p *Pages) edit(w http.ResponseWriter, r *web.Request) error {
	return p.editing(w, r, http.StatusOK, web.NewForm())
}

// editing shows the form with which words are taken out.
func (p *Pages) editing(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	wv, q, _, err := p.s.Texts(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("item"), Search{Hidden: true})
	if err != nil {
		return err
	}
	t, err := p.s.Text(r.Context(), r.Actor, wv.ID, q.ID, r.PathValue("text"))
	if err != nil {
		return err
	}
	say := in(r.Lang)
	form.ID = "edit"
	page := web.Page{Door: doorMeasure, Status: status}
	page.Title, page.Lead = say.say("edit.title"), say.say("edit.lead")
	page.Invalid = !form.OK()
	list := base(wv.ID) + "/texts/" + url.PathEscape(q.ID)
	page.Crumbs = append(p.crumbs(r, wv.ID, wv.Title), ui.Link{Label: q.Wording.In(r.Lang), Href: list})
	return r.Show(w, page, editPage(editView{text: t, form: form, list: list, lang: r.Lang}))
}

func (p *Pages) redact(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	err = p.s.Redact(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("item"), r.PathValue("text"), "", form.Get("text"))
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return p.editing(w, r, http.StatusUnprocessableEntity, state)
	}
	return p.back(w, r, "notice.redacted")
}

func (p *Pages) marks(w http.ResponseWriter, r *web.Request) error {
	if err := p.s.RedactMarks(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("item"), r.PathValue("text")); err != nil {
		return err
	}
	return p.back(w, r, "notice.redacted")
}

func (p *Pages) hide(w http.ResponseWriter, r *web.Request) error { return p.hiding(w, r, true) }
func (p *Pages) show(w http.ResponseWriter, r *web.Request) error { return p.hiding(w, r, false) }

func (p *Pages) hiding(w http.ResponseWriter, r *web.Request, hide bool) error {
	if err := p.s.Hide(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("item"), r.PathValue("text"), hide); err != nil {
		return err
	}
	notice := "notice.shown"
	if hide {
		notice = "notice.hidden"
	}
	return p.back(w, r, notice)
}

// back leads to the list that somebody came from: the part of it in their form, or its beginning.
func (p *Pages) back(w http.ResponseWriter, r *web.Request, notice string) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	to := base(r.PathValue("id")) + "/texts/" + url.PathEscape(r.PathValue("item"))
	if query, err := url.ParseQuery(form.Get("back")); err == nil && len(query) > 0 {
		to += "?" + query.Encode()
	}
	return r.Redirect(w, to, r.Notice(noticeBundle, notice))
}
