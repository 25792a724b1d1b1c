package compose

import (
	"net/http"
	"net/url"
	"strconv"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// doorMeasure is the key of the door behind which waves are.
const doorMeasure = "measure"

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "compose"

// maxForm bounds a form with the texts of a whole questionnaire, in bytes.
const maxForm = 1 << 20

// AddTo makes the pages and the notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	read := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: "GET /waves/{id}/questions" + pattern, Action: access.ReadWave, Handle: h}
	}
	run := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: access.RunWave, Body: maxForm, Handle: h}
	}
	const at = "/waves/{id}/questions"
	base := run("POST "+at+"/base", s.setBasePage)
	base.Body, base.Slow = maxUpload+maxForm, true
	return server.Add(
		read("", s.overview),
		read("/preview", s.preview),
		run("POST "+at+"/parts", s.setPartsPage),
		run("GET "+at+"/new", s.newOwn),
		run("POST "+at+"/new", s.addOwn),
		run("GET "+at+"/own/{own}", s.showOwn),
		run("POST "+at+"/own/{own}", s.changeOwn),
		run("GET "+at+"/own/{own}/condition", s.showCondition),
		run("POST "+at+"/own/{own}/condition", s.changeCondition),
		run("POST "+at+"/own/{own}/move", s.moveOwn),
		run("POST "+at+"/own/{own}/remove", s.removeOwn),
		run("POST "+at+"/own/{own}/restore", s.restoreOwn),
		run("GET "+at+"/levels/{item}", s.showLevels),
		run("POST "+at+"/levels/{item}", s.changeLevels),
		run("GET "+at+"/texts/{item}", s.showTexts),
		run("POST "+at+"/texts/{item}", s.changeTexts),
		run("GET "+at+"/topics", s.showTopics),
		run("POST "+at+"/topics", s.changeTopics),
		run("GET "+at+"/translations", s.showTranslations),
		run("POST "+at+"/translations", s.changeTranslations),
		run("GET "+at+"/base", s.showBase),
		base,
	)
}

// open returns the questionnaire that a request is about; for a change, only of a draft.
func (s *Service) open(r *web.Request, change bool) (*Set, error) {
	set, err := s.Open(r.Context(), r.Actor, r.PathValue("id"))
	if err == nil && change && set.Locked() {
		return nil, refuse(problem.Conflict, "error.locked", nil)
	}
	return set, err
}

// page is a page about the questions of a wave. Below the overview it leads back there.
func page(r *web.Request, set *Set, title string, below bool) web.Page {
	w := in(r.Lang)
	p := web.Page{Door: doorMeasure}
	p.Title = title
	p.Crumbs = []ui.Link{{Label: w.say("waves"), Href: "/waves"}, {Label: set.Wave.Title, Href: "/waves/" + set.Wave.ID}}
	if below {
		p.Crumbs = append(p.Crumbs, ui.Link{Label: w.say("questions"), Href: pageOf(set.Wave.ID)})
	}
	return p
}

// version is the hidden field with the version that a change is made on.
func version(set *Set) []ui.NameValue {
	return []ui.NameValue{{Name: "version", Value: strconv.FormatInt(set.Wave.Version, 10)}}
}

// ask reads who asks for a change, and on which version.
func ask(r *web.Request, form url.Values, what string) Change {
	v, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		v = -1 // of no wave
	}
	return Change{What: what, Version: v, Asked: r.Asked(form, []any{r.URL.Path, form})}
}

// back leads to the overview with a notice. That somebody else changed the wave in the meantime is told there as well.
func back(w http.ResponseWriter, r *web.Request, err error, to, notice string) error {
	if problem.Is(err, problem.Conflict) {
		return r.Redirect(w, pageOf(r.PathValue("id")), &web.Notice{Bundle: noticeBundle, Key: "notice.changed", Bad: true})
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, to, r.Notice(noticeBundle, "notice."+notice))
}

func (s *Service) overview(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, false)
	if err != nil {
		return err
	}
	p := page(r, set, in(r.Lang).say("questions"), false)
	v := newOverview(set, r.Lang, r.Can(access.RunWave) && !set.Locked())
	p.Lead = v.lead()
	p.Actions = []ui.Action{{Label: v.w.say("preview.title"), Href: v.at + "/preview", Kind: ui.Quiet}}
	return r.Show(w, p, overviewPage(v, web.NewForm()))
}

func (s *Service) setPartsPage(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	err = s.Change(r.Context(), r.Actor, r.PathValue("id"), ask(r, form, "parts"), func(set *Set) error {
		set.setParts(form["module"], form["extra"], form["background"])
		return nil
	})
	return back(w, r, err, pageOf(r.PathValue("id")), "parts")
}

func (s *Service) moveOwn(w http.ResponseWriter, r *web.Request) error {
	return s.press(w, r, "moved", func(set *Set, form url.Values) error { return set.move(r.PathValue("own"), form.Get("to") == "up") })
}

func (s *Service) removeOwn(w http.ResponseWriter, r *web.Request) error {
	return s.press(w, r, "removed", func(set *Set, _ url.Values) error { return set.remove(r.PathValue("own")) })
}

func (s *Service) restoreOwn(w http.ResponseWriter, r *web.Request) error {
	return s.press(w, r, "restored", func(set *Set, _ url.Values) error { return set.restore(r.PathValue("own")) })
}

// press carries out what a button asks.
func (s *Service) press(w http.ResponseWriter, r *web.Request, what string, change func(*Set, url.Values) error) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	err = s.Change(r.Context(), r.Actor, r.PathValue("id"), ask(r, form, what), func(set *Set) error { return change(set, form) })
	return back(w, r, err, pageOf(r.PathValue("id"))+"#own", what)
}

func (s *Service) preview(w http.ResponseWriter, r *web.Request) error {
	set, err := s.open(r, false)
	if err != nil {
		return err
	}
	lang := set.Given.Languages[0]
	for _, l := range set.Given.Languages {
		if string(l) == r.URL.Query().Get("language") {
			lang = l
		}
	}
	p := page(r, set, in(r.Lang).say("preview.title"), true)
	p.Lead = in(r.Lang).say("preview.lead")
	return r.Show(w, p, previewPage(set, in(r.Lang), lang))
}

// text returns a text of the questionnaire as a reader of the interface best reads it.
func text(t instrument.Text, lang instrument.Lang) string { return t.In(lang) }
