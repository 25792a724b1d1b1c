package example

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const noticeBundle = "lab-examples"

// Where the pages are.
const (
	home     = shelf.Examples
	newAt    = home + "/new"
	mineAt   = home + "/mine"
	reviewAt = home + "/review"
)

func at(id string) string { return home + "/" + id }

// AddTo makes routes and notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	return server.Add(
		web.Route{Pattern: "GET /lab/examples", Action: shelf.Uses, Handle: s.list},
		web.Route{Pattern: "GET /lab/examples/new", Action: shelf.Uses, Handle: s.askNew},
		web.Route{Pattern: "POST /lab/examples/new", Action: shelf.Uses, Handle: s.put},
		web.Route{Pattern: "GET /lab/examples/mine", Action: shelf.Uses, Handle: s.mine},
		web.Route{Pattern: "GET /lab/examples/review", Action: reviews, Handle: s.review},
		web.Route{Pattern: "GET /lab/examples/{id}", Action: shelf.Uses, Handle: s.show},
		web.Route{Pattern: "GET /lab/examples/{id}/edit", Action: shelf.Uses, Handle: s.askEdit},
		web.Route{Pattern: "POST /lab/examples/{id}/edit", Action: shelf.Uses, Handle: s.put},
		web.Route{Pattern: "GET /lab/examples/{id}/withdraw", Action: shelf.Uses, Handle: s.askWithdraw},
		web.Route{Pattern: "POST /lab/examples/{id}/withdraw", Action: shelf.Uses, Handle: s.withdraw},
		web.Route{Pattern: "POST /lab/examples/{id}/decide", Action: reviews, Handle: s.decide},
	)
}

func in(lang instrument.Lang) shelf.Words { return shelf.In(locale(), lang) }

func below(w shelf.Words, title string) web.Page {
	return shelf.Page(w, title, ui.Link{Label: w.Say("title"), Href: home})
}

func tabs(r *web.Request, w shelf.Words, current string) []ui.Link {
	out := []ui.Link{{Label: w.Say("tab.library"), Href: home}, {Label: w.Say("tab.mine"), Href: mineAt}}
	if r.Can(reviews) {
		out = append(out, ui.Link{Label: w.Say("tab.review"), Href: reviewAt})
	}
	for i := range out {
		out[i].Current = out[i].Href == current
	}
	return out
}

// Entry returns what the chat shows of an example that is shown, by the id of its entry; ok is false for an id that is none.
func (s *Service) Entry(ctx context.Context, t tenant.ID, id string, lang instrument.Lang) (e lab.Entry, ok bool, err error) {
	if len(id) <= len(entryPrefix) || id[:len(entryPrefix)] != entryPrefix {
		return e, false, nil
	}
	list, err := s.Search(ctx, t, Query{}, lang)
	if err != nil {
		return e, false, err
	}
	for i := range list {
		if x := &list[i]; x.Entry() == id {
			w := in(lang)
			return lab.Entry{ID: id, Title: x.Title, Reminder: w.Say("reminder"), Look: []string{x.Watch}, Back: at(x.ID)}, true, nil
		}
	}
	return e, false, nil
}

// Newest lists some examples for a page: those of colleagues first.
func (s *Service) Newest(ctx context.Context, t tenant.ID, lang instrument.Lang, most int) ([]shelf.Entry, error) {
	list, err := s.Search(ctx, t, Query{}, lang)
	if err != nil {
		return nil, err
	}
	return s.entries(in(lang), list[:min(most, len(list))]), nil
}

func (s *Service) entries(w shelf.Words, list []Example) []shelf.Entry {
	var out []shelf.Entry
	tasks := s.Tasks.Tasks(w.Lang)
	for i := range list {
		e := &list[i]
		x := shelf.Entry{Title: e.Title, Href: at(e.ID), Text: cut(e.Did)}
		for _, tag := range []string{e.Family, e.DeptName, nameOf(tasks, e.Task)} {
			if tag != "" && !slices.Contains(x.Tags, tag) {
				x.Tags = append(x.Tags, tag)
			}
		}
		if e.Lang != w.Lang {
			x.Lang = string(e.Lang)
			x.Tags = append(x.Tags, ui.LanguageName(e.Lang))
		}
		if e.IsMadeUp() {
			x.Tags = append(x.Tags, w.Say("made-up.tag"))
		}
		out = append(out, x)
	}
	return out
}

// cut shortens a text to about two lines.
func cut(text string) string {
	const most = 140
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	return string(r[:most]) + "…"
}

// listView is the library.
type listView struct {
	shelf.Words
	tabs       []ui.Link
	form       *ui.FormState
	q          Query
	entries    []shelf.Entry
	families   []ui.Option
	places     []ui.Option
	tasks      []ui.Option
	onlyMadeUp bool
}

func (s *Service) list(w http.ResponseWriter, r *web.Request) error {
	get := r.URL.Query()
	q := Query{Text: get.Get("q"), Family: get.Get("family"), Department: get.Get("department"), Task: get.Get("task")}
	list, err := s.Search(r.Context(), r.Actor.Tenant, q, r.Lang)
	if err != nil {
		return err
	}
	all, err := s.Search(r.Context(), r.Actor.Tenant, Query{}, r.Lang)
	if err != nil {
		return err
	}
	v := listView{Words: in(r.Lang), q: q, form: &ui.FormState{ID: "q", Values: get}}
	v.tabs, v.entries = tabs(r, v.Words, home), s.entries(v.Words, list)
	v.filters(all, s.Tasks.Tasks(r.Lang))
	p := shelf.Page(v.Words, v.Say("title"))
	p.Lead = v.Say("lead")
	p.Actions = []ui.Action{{Label: v.Say("offer"), Href: newAt, Kind: ui.Quiet}}
	return r.Show(w, p, listPage(v))
}

// filters offers what there is to choose from.
func (v *listView) filters(all []Example, tasks []Place) {
	any := ui.Option{Label: v.Say("filter.any")}
	v.families, v.places, v.tasks = []ui.Option{any}, []ui.Option{any}, []ui.Option{any}
	add := func(list []ui.Option, value, label string) []ui.Option {
		if value == "" || slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == value }) {
			return list
		}
		return append(list, ui.Option{Value: value, Label: label})
	}
	v.onlyMadeUp = true
	for i := range all {
		e := &all[i]
		v.onlyMadeUp = v.onlyMadeUp && e.IsMadeUp()
		v.families, v.places = add(v.families, e.Family, e.Family), add(v.places, e.Department, e.DeptName)
		v.tasks = add(v.tasks, e.Task, nameOf(tasks, e.Task))
	}
	for _, list := range [][]ui.Option{v.families, v.places, v.tasks} {
		slices.SortStableFunc(list[1:], func(a, b ui.Option) int {
			switch {
			case a.Label < b.Label:
				return -1
			case a.Label > b.Label:
				return 1
			}
			return 0
		})
	}
}

// showView is one example.
type showView struct {
	shelf.Words
	e      *Example
	author string // name, where it is shown
	task   string
	mine   bool
	lines  []Line
	names  map[string]string
	form   *ui.FormState // to decide; nil for who does not
	found  []Found
}

func (s *Service) show(w http.ResponseWriter, r *web.Request) error {
	return s.showExample(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) showExample(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	e, err := s.Example(r.Context(), r.Actor, r.PathValue("id"), r.Lang)
	if err != nil {
		return err
	}
	v := showView{Words: in(r.Lang), e: &e, names: map[string]string{}, task: nameOf(s.Tasks.Tasks(r.Lang), e.Task)}
	reader := s.DB.Of(r.Actor.Tenant)
	if e.Named && e.Author != "" {
		if v.author, err = s.nameOfAccount(r.Context(), reader, e.Author); err != nil {
			return err
		}
	}
	v.mine = !e.IsMadeUp() && e.Author == r.Actor.Owner
	reviewer := !e.IsMadeUp() && r.Can(reviews)
	if v.mine || reviewer {
		if v.lines, err = history(r.Context(), reader, e.ID); err != nil {
			return err
		}
	}
	if reviewer && !v.mine {
		v.form = form
		v.found = s.Find(&e.Content)
		for i := range v.lines {
			if id := v.lines[i].Account; id != "" && id != e.Author && v.names[id] == "" {
				if v.names[id], err = s.nameOfAccount(r.Context(), reader, id); err != nil {
					return err
				}
			}
		}
	}
	p := below(v.Words, e.Title)
	p.Status, p.Invalid, p.Kicker = status, !form.OK(), v.kicker()
	return r.Show(w, p, showPage(v))
}

func (s *Service) nameOfAccount(ctx context.Context, r db.Reader, account string) (string, error) {
	name, err := s.Accounts.Name(ctx, r, account)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return name, err
}

// kicker says where an example comes from.
func (v *showView) kicker() string {
	var list []string
	switch {
	case v.e.IsMadeUp():
		list = append(list, v.Say("made-up.tag"))
	case v.author != "":
		list = append(list, v.With("by", "name", v.author))
	}
	for _, x := range []string{v.e.Family, v.e.DeptName} {
		if x != "" && !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	out := ""
	for i, x := range list {
		if i > 0 {
			out += " · "
		}
		out += x
	}
	return out
}

func (v *showView) tone() ui.Tone {
	switch v.e.State {
	case Shown:
		return ui.Success
	case Asked:
		return ui.Warning
	case Refused, Offered:
	}
	return ui.Muted
}

// who says who made a version.
func (v *showView) who(l *Line) string {
	switch {
	case l.Account == v.e.Author:
		return v.Say("history.author")
	case v.names[l.Account] != "":
		return v.names[l.Account]
	}
	return v.Say("history.reviewer")
}

func (v *showView) decision() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "to", Label: v.Say("decide.to")}}
	for _, to := range []State{Shown, Asked, Refused} {
		if to != v.e.State {
			c.Options = append(c.Options, ui.Option{Value: string(to), Label: v.Say("decide." + string(to)), Hint: v.Say("decide." + string(to) + "-hint")})
		}
	}
	return c
}

// again shows a form again with what is wrong with it.
func again(r *web.Request, values map[string][]string, err error, show func(form *ui.FormState) error) error {
	form, err := r.Refill(values, err)
	if err != nil {
		return err
	}
	return show(form)
}

func (s *Service) decide(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := s.Decide(r.Context(), r.Actor, id, number(form.Get("version")), State(form.Get("to")), form.Get("message")); err != nil {
		return again(r, form, err, func(state *ui.FormState) error { return s.showExample(w, r, http.StatusUnprocessableEntity, state) })
	}
	return r.Redirect(w, reviewAt, r.Notice(noticeBundle, "notice."+form.Get("to")))
}

// ownView is a list of examples with where they stand.
type ownView struct {
	shelf.Words
	tabs  []ui.Link
	tasks []ui.Task
}

func (s *Service) mine(w http.ResponseWriter, r *web.Request) error {
	list, err := byAuthor(r.Context(), s.DB.Of(r.Actor.Tenant), r.Actor.Owner)
	if err != nil {
		return err
	}
	v := ownView{Words: in(r.Lang), tabs: tabs(r, in(r.Lang), mineAt)}
	for i := range list {
		sv := showView{Words: v.Words, e: &list[i]}
		v.tasks = append(v.tasks, ui.Task{Title: list[i].Title, Href: at(list[i].ID), Text: v.Say("state." + string(list[i].State) + "-text"), Tag: v.Say("state." + string(list[i].State)), Tone: sv.tone()})
	}
	p := below(v.Words, v.Say("mine.title"))
	p.Actions = []ui.Action{{Label: v.Say("offer"), Href: newAt, Kind: ui.Quiet}}
	return r.Show(w, p, minePage(v))
}

func (s *Service) review(w http.ResponseWriter, r *web.Request) error {
	list, err := inState(r.Context(), s.DB.Of(r.Actor.Tenant), Offered)
	if err != nil {
		return err
	}
	v := ownView{Words: in(r.Lang), tabs: tabs(r, in(r.Lang), reviewAt)}
	for i := range list {
		t := ui.Task{Title: list[i].Title, Href: at(list[i].ID), Text: v.With("review.since", "date", v.Date(r.Local(list[i].Changed)))}
		if list[i].Author == r.Actor.Owner {
			t.Tag = v.Say("review.own")
		}
		v.tasks = append(v.tasks, t)
	}
	p := below(v.Words, v.Say("review.title"))
	p.Lead = v.Say("review.lead")
	return r.Show(w, p, reviewPage(v))
}

func (s *Service) askWithdraw(w http.ResponseWriter, r *web.Request) error {
	e, err := s.own(r)
	if err != nil {
		return err
	}
	v := in(r.Lang)
	p := below(v, v.Say("withdraw.title"))
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: "withdraw", Title: e.Title, Text: v.Say("withdraw.text"), Form: ui.FormSpec{Action: at(e.ID) + "/withdraw"},
		Do: ui.Action{Label: v.Say("withdraw.do"), Kind: ui.Danger}, Cancel: at(e.ID)}))
}

func (s *Service) withdraw(w http.ResponseWriter, r *web.Request) error {
	if err := s.Withdraw(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, mineAt, r.Notice(noticeBundle, "notice.withdrawn"))
}

// own returns the example in the address, which is one of the person who asks.
func (s *Service) own(r *web.Request) (Example, error) {
	e, err := one(r.Context(), s.DB.Of(r.Actor.Tenant), r.PathValue("id"))
	if err == nil && e.Author != r.Actor.Owner {
		err = db.ErrNoRow
	}
	return e, err
}

// lang is the language of the example, where it is another than that of the page.
func (v *showView) lang() string {
	if v.e.Lang == v.Lang {
		return ""
	}
	return string(v.e.Lang)
}

func (v *showView) version() string { return strconv.FormatInt(v.e.Version, 10) }

// facts are what an example is filed under.
func (v *showView) facts() []ui.Fact {
	var out []ui.Fact
	for _, f := range []struct{ key, text string }{{"task", v.task}, {"tags", v.e.Tags}, {"tools", v.e.Tools}} {
		if f.text != "" {
			out = append(out, ui.Fact{Term: v.Say("field." + f.key), Text: f.text})
		}
	}
	return out
}
