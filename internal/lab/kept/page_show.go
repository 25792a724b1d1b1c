package kept

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

type showView struct {
	words
	Item
	talk    talk
	leaf    string
	formats []ui.Link
}

// titles tells how models are called, each asked for once.
func (s *Service) titles(r *web.Request) func(string) string {
	known := map[string]string{}
	return func(model string) string {
		if t, ok := known[model]; ok {
			return t
		}
		t, err := s.modelTitle(r.Context(), r.Actor.Tenant, model)
		if err != nil {
			t = model
		}
		known[model] = t
		return t
	}
}

// tasks tells how entries are called.
func (s *Service) tasks(r *web.Request) func(string) string {
	return func(id string) string {
		if s.Entries == nil {
			return id
		}
		e, ok, err := s.Entries.Entry(r.Context(), r.Actor.Tenant, id, r.Lang)
		if err != nil || !ok || e.Title == "" {
			return id
		}
		return e.Title
	}
}

func (s *Service) showPage(w http.ResponseWriter, r *web.Request) error {
	had, err := s.Open(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := showView{words: in(r), Item: had.Item, leaf: r.URL.Query().Get("leaf")}
	if v.leaf == "" || len(had.Conversation.Branch(v.leaf)) == 0 {
		v.leaf = had.Conversation.Leaf
	}
	v.talk = v.read(had.Conversation, v.leaf, s.titles(r))
	for _, f := range Formats() {
		v.formats = append(v.formats, v.link("export."+f, at(had.ID)+"/export?format="+f+"&leaf="+url.QueryEscape(v.leaf)))
	}
	quiet(w)
	p := below(r, had.Title)
	p.Lead = v.with("show.lead", "day", v.day(had.Until))
	p.Actions = []ui.Action{{Label: v.say("show.on"), Href: chatAt + "?kept=" + url.QueryEscape(had.ID), Kind: ui.Next}}
	return r.Show(w, p, showContent(v))
}

// actions are what one can do with the conversation.
func (v *showView) actions() []ui.Action {
	return []ui.Action{
		{Label: v.say("change.title"), Href: at(v.ID) + "/change", Kind: ui.Quiet},
		{Label: v.say("share.title"), Href: at(v.ID) + "/share?leaf=" + url.QueryEscape(v.leaf), Kind: ui.Quiet},
		{Label: v.say("delete.do"), Href: at(v.ID) + "/delete", Kind: ui.Plain},
	}
}

// data gives a conversation to the page of the chat.
func (s *Service) data(w http.ResponseWriter, r *web.Request) error {
	had, err := s.Open(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{"id": had.ID, "version": had.Version, "until": had.Until, "conversation": had.Conversation})
	if err != nil {
		return err
	}
	quiet(w)
	return r.Send(w, http.StatusOK, "application/json", body)
}

type changeView struct {
	words
	Item
	most Day
	now  Day
	form *ui.FormState
}

func (s *Service) askChange(w http.ResponseWriter, r *web.Request) error {
	return s.changePage(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) changePage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	had, err := s.Open(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := changeView{words: in(r), Item: had.Item, now: s.Today(), form: form}
	if v.most, err = s.Most(r.Context(), r.Actor.Tenant); err != nil {
		return err
	}
	quiet(w)
	p := below(r, v.say("change.title"), ui.Link{Label: had.Title, Href: at(had.ID)})
	p.Status, p.Invalid = status, !form.OK()
	return r.Show(w, p, changeContent(v))
}

func (v *changeView) spec() ui.FormSpec {
	version := v.form.Value("version", strconv.FormatInt(v.Version, 10))
	return ui.FormSpec{State: v.form, Action: at(v.ID) + "/change", Hidden: []ui.NameValue{{Name: "version", Value: version}}}
}

func (v *changeView) until() ui.Field {
	return ui.Field{Name: "until", Label: v.say("field.until"), Hint: v.with("field.until-hint", "day", v.day(v.most)), Value: string(v.Until), Min: string(v.now), Max: string(v.most)}
}

func (s *Service) change(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	name := r.PathValue("id")
	if _, err := s.Change(r.Context(), r.Actor, name, number(form.Get("version")), form.Get("title"), Day(form.Get("until"))); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.changePage(w, r, status, state) })
	}
	return r.Redirect(w, at(name), notice(r, "changed"))
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (s *Service) askDelete(w http.ResponseWriter, r *web.Request) error {
	had, err := s.Open(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := in(r)
	return r.Show(w, below(r, v.say("delete.title"), ui.Link{Label: had.Title, Href: at(had.ID)}), ui.ConfirmForm(ui.Confirm{
		ID: "delete", Title: v.say("delete.title"), Text: v.with("delete.text", "title", v.Quote(had.Title)), Cancel: at(had.ID), Do: ui.Action{Label: v.say("delete.do"), Kind: ui.Danger},
		Form: ui.FormSpec{Action: at(had.ID) + "/delete"},
	}))
}

func (s *Service) delete(w http.ResponseWriter, r *web.Request) error {
	if err := s.Delete(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, home, notice(r, "deleted"))
}
