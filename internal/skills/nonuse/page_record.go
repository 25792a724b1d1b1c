package nonuse

import (
	"net/http"
	"net/url"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// recordView is a step of writing an interview down.
type recordView struct {
	printer
	s      *Service
	step   int
	form   *ui.FormState
	draft  *Draft
	token  string
	groups []Group
}

func (v *recordView) steps() ui.Steps {
	return ui.Steps{At: v.step, Labels: []string{v.say("step.consent"), v.say("step.about"), v.say("step.notes"), v.say("step.code")}}
}

func (v *recordView) at(path string) ui.FormSpec {
	return ui.FormSpec{State: v.form, Action: path + "?d=" + v.token}
}

// recordPage is a page of a step.
func recordPage(r *web.Request, v *recordView, title string, status int) web.Page {
	p := below(r, v.say(title), v.link("talks.page", talksAt))
	p.Status, p.Invalid = status, !v.form.OK()
	return p
}

func (s *Service) askConsent(w http.ResponseWriter, r *web.Request) error {
	if _, err := s.mustOpen(r.Context(), s.DB.Of(r.Actor.Tenant)); err != nil {
		return err
	}
	return s.consentPage(w, r, http.StatusOK, nil)
}

func (s *Service) consentPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	v := recordView{printer: in(r.Lang), s: s, form: form}
	return r.Show(w, recordPage(r, &v, "record.title", status), consentPage(v))
}

func (s *Service) consent(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	token, err := s.Consent(r.Context(), r.Actor, form.Get("version"), form.Get("agree") == "yes")
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.consentPage(w, r, status, state) })
	}
	return r.Redirect(w, aboutAt+"?d="+token, nil)
}

// draft reads the draft in the address.
func (s *Service) draft(r *web.Request) (*Draft, string, error) {
	token := r.URL.Query().Get("d")
	d, err := s.openDraft(r.Actor, token)
	return d, token, err
}

func (s *Service) askAbout(w http.ResponseWriter, r *web.Request) error {
	d, token, err := s.draft(r)
	if err != nil {
		return err
	}
	return s.aboutPage(w, r, d, token, http.StatusOK, nil)
}

func (s *Service) aboutPage(w http.ResponseWriter, r *web.Request, d *Draft, token string, status int, form *ui.FormState) error {
	v := recordView{printer: in(r.Lang), s: s, step: 1, form: form, draft: d, token: token}
	var err error
	if v.groups, err = s.groups(r.Context(), r.Actor.Tenant); err != nil {
		return err
	}
	return r.Show(w, recordPage(r, &v, "record.title", status), aboutPage(v))
}

func (v *recordView) language() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "language", Label: v.say("about.language")}, Chosen: []string{v.draft.Lang}, Inline: true}
	for _, l := range instrument.Languages() {
		c.Options = append(c.Options, ui.Option{Value: string(l), Label: ui.LanguageName(l)})
	}
	return c
}

func (v *recordView) work() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "work", Label: v.say("about.work")}, Chosen: []string{v.draft.Work}}
	for _, id := range []string{office, field} {
		c.Options = append(c.Options, ui.Option{Value: id, Label: v.say("work." + id)})
	}
	c.Options = append(c.Options, ui.Option{Value: "-", Label: v.say("about.unsaid"), Apart: true})
	return c
}

func (v *recordView) family() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "family", Label: v.say("about.family"), Hint: v.say("about.family-hint")}, Chosen: []string{v.draft.Family}, Options: []ui.Option{{Label: v.say("about.unsaid")}}}
	for _, g := range v.groups {
		c.Options = append(c.Options, ui.Option{Value: g.ID, Label: g.Name})
	}
	return c
}

func (v *recordView) reasons() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "reasons", Label: v.say("about.reasons"), Hint: v.say("about.reasons-hint")}, Chosen: v.draft.Reasons}
	for i := range v.s.Guide.Reasons {
		c.Options = append(c.Options, ui.Option{Value: v.s.Guide.Reasons[i].ID, Label: v.of(v.s.Guide.Reasons[i].Name)})
	}
	return c
}

func (s *Service) about(w http.ResponseWriter, r *web.Request) error {
	d, token, err := s.draft(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	next, err := s.About(r.Context(), d, form.Get("language"), form.Get("work"), form.Get("family"), form["reasons"])
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.aboutPage(w, r, d, token, status, state) })
	}
	return r.Redirect(w, notesAt+"?d="+next, nil)
}

func (s *Service) askNotes(w http.ResponseWriter, r *web.Request) error {
	d, token, err := s.told(r)
	if err != nil {
		return err
	}
	return s.notesPage(w, r, d, token, http.StatusOK, nil)
}

// told reads a draft in which the step about the person is done.
func (s *Service) told(r *web.Request) (*Draft, string, error) {
	d, token, err := s.draft(r)
	if err == nil && !d.Told {
		err = refuse(problem.Conflict, "error.draft", nil)
	}
	return d, token, err
}

func (s *Service) notesPage(w http.ResponseWriter, r *web.Request, d *Draft, token string, status int, form *ui.FormState) error {
	v := recordView{printer: in(r.Lang), s: s, step: 2, form: form, draft: d, token: token}
	return r.Show(w, recordPage(r, &v, "record.title", status), notesPage(v))
}

// noteFields are the fields for what was said: a question each, and a reason each.
func (v *recordView) noteFields() []ui.Field {
	var out []ui.Field
	for i := range v.s.Guide.Talk.Questions {
		q := &v.s.Guide.Talk.Questions[i]
		out = append(out, ui.Field{Name: noteField(q.ID), Label: v.of(q.Text), Rows: 3, MaxLength: mostNote, Optional: true, Autocomplete: "off"})
	}
	for _, id := range v.draft.Reasons {
		if x := v.s.Guide.Reason(id); x != nil {
			out = append(out, ui.Field{Name: noteField(id), Label: v.with("notes.reason", "reason", v.of(x.Name)), Hint: v.of(x.Questions[0]), Rows: 3, MaxLength: mostNote, Optional: true, Autocomplete: "off"})
		}
	}
	return out
}

func (v *recordView) quoteField() ui.Field {
	return ui.Field{Name: "quote", Label: v.say("notes.quote"), Hint: v.say("notes.quote-hint"), Rows: 2, MaxLength: mostQuote, Optional: true, Autocomplete: "off"}
}

func (v *recordView) mayQuote() ui.Field {
	return ui.Field{Name: "may-quote", Label: v.say("notes.may-quote")}
}

func (v *recordView) quoteReason() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "quote-reason", Label: v.say("notes.quote-reason")}, Chosen: v.draft.Reasons[:1]}
	for _, id := range v.draft.Reasons {
		c.Options = append(c.Options, ui.Option{Value: id, Label: v.s.reasonName(v.printer, id)})
	}
	return c
}

func (s *Service) notes(w http.ResponseWriter, r *web.Request) error {
	d, token, err := s.told(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := s.Record(r.Context(), r.Actor, d, s.readNotes(d, form)); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.notesPage(w, r, d, token, status, state) })
	}
	return r.Redirect(w, doneAt+"?d="+token, nil)
}

func (s *Service) readNotes(d *Draft, form url.Values) *Notes {
	n := &Notes{Text: map[string]string{}, Quote: form.Get("quote"), Reason: form.Get("quote-reason"), MayQuote: form.Get("may-quote") == "yes"}
	for _, id := range s.asked(d) {
		n.Text[id] = form.Get(noteField(id))
	}
	return n
}

// done shows the code that the person gets. It deletes the notes and opens nothing.
func (s *Service) done(w http.ResponseWriter, r *web.Request) error {
	d, _, err := s.told(r)
	if err != nil {
		return err
	}
	there, err := has(r.Context(), s.DB.Of(r.Actor.Tenant), s.tags(d.Code)[0])
	if err != nil {
		return err
	}
	if !there {
		return refuse(problem.Gone, "error.draft", nil)
	}
	v := recordView{printer: in(r.Lang), s: s, step: 3, draft: d}
	p := recordPage(r, &v, "done.title", http.StatusOK)
	p.Lead = v.say("done.lead")
	return r.Show(w, p, donePage(v, r.Absolute(withdrawAt)))
}
