package nonuse

import (
	"net/http"
	"net/url"
	"slices"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// talksView is where interviews are held: the open round with who is asked, and the rounds before.
type talksView struct {
	printer
	tabs    []ui.Link
	open    *Round
	before  []Round
	invited []Invitation
	form    *ui.FormState // of a new round, or an invitation
	date    func(Round) string
}

func (s *Service) talks(w http.ResponseWriter, r *web.Request) error {
	return s.talksPage(w, r, http.StatusOK, nil)
}

func (s *Service) talksPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	reader := s.DB.Of(r.Actor.Tenant)
	v := talksView{printer: in(r.Lang), tabs: tabs(r, talksAt), form: form}
	list, err := rounds(r.Context(), reader)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Closed.IsZero() {
			v.open = &list[i]
		} else {
			v.before = append(v.before, list[i])
		}
	}
	if v.invited, err = invitations(r.Context(), reader); err != nil {
		return err
	}
	i18n.Collate(v.Printer, v.invited, func(x Invitation) string { return x.Name })
	v.date = func(x Round) string {
		if x.Closed.IsZero() {
			return v.Date(r.Local(x.Opened))
		}
		return v.Date(r.Local(x.Opened)) + " – " + v.Date(r.Local(x.Closed))
	}
	p := below(r, v.say("talks.page"))
	p.Lead, p.Status, p.Invalid = v.say("talks.lead"), status, !form.OK()
	if v.open != nil {
		p.Actions = []ui.Action{{Label: v.say("talks.new"), Href: consentAt, Kind: ui.Next}}
	}
	return r.Show(w, p, talksPage(v))
}

func (v *talksView) titleField() ui.Field {
	return ui.Field{Name: "title", Label: v.say("round.title"), Hint: v.say("round.title-hint"), MaxLength: mostTitle}
}

func (v *talksView) nameField() ui.Field {
	return ui.Field{Name: "name", Label: v.say("invite.name"), MaxLength: mostName, Autocomplete: "off"}
}

func (v *talksView) contactField() ui.Field {
	return ui.Field{Name: "contact", Label: v.say("invite.contact"), Hint: v.say("invite.contact-hint"), MaxLength: mostContact, Optional: true, Autocomplete: "off"}
}

// stateForm is the form to change how an invitation stands.
func (v *talksView) stateForm(x *Invitation) ui.FormSpec {
	return ui.FormSpec{Action: invitesAt + "/" + x.ID}
}

// states are the buttons of an invitation: the states that it is not in.
func (v *talksView) states(x *Invitation) []ui.Action {
	var out []ui.Action
	for _, state := range append(invitationStates()[1:], "gone") {
		if state != x.State {
			out = append(out, ui.Action{Label: v.say("invite.set-" + state), About: x.Name, Kind: ui.Quiet, Name: "state", Value: state})
		}
	}
	return out
}

func (v *talksView) tone(state string) ui.Tone {
	switch state {
	case "asked":
		return ui.Info
	case "yes":
		return ui.Success
	default:
		return ui.Muted
	}
}

// roundTable is the rounds before.
func (v *talksView) roundTable() ui.Table {
	t := ui.Table{Caption: v.say("rounds.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("round.title")}, {Label: v.say("round.when")}, {Label: v.say("round.talks"), Numeric: true}}}
	for _, x := range v.before {
		c := ui.Cell{Text: x.Title}
		n := ui.Cell{Text: v.Int(x.Talks)}
		if x.told() {
			c.Href = roundsAt + x.ID
		} else {
			n = ui.Cell{Text: v.n("round.few", fewestTalks), Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{c, {Text: v.date(x)}, n}})
	}
	return t
}

func (s *Service) open(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := s.Open(r.Context(), r.Actor, form.Get("title")); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.talksPage(w, r, status, state) })
	}
	return r.Redirect(w, talksAt, notice(r, "opened"))
}

func (s *Service) askClose(w http.ResponseWriter, r *web.Request) error {
	x, err := s.mustOpen(r.Context(), s.DB.Of(r.Actor.Tenant))
	if err != nil {
		return err
	}
	t := in(r.Lang)
	p := below(r, t.say("close.title"), t.link("talks.page", talksAt))
	text := t.n("close.text", x.Talks)
	if x.Talks < fewestTalks {
		text += " " + t.n("close.few", fewestTalks)
	}
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: "close", Title: x.Title, Text: text, Cancel: talksAt, Do: ui.Action{Label: t.say("close.do"), Kind: ui.Danger},
		Form: ui.FormSpec{Action: closeAt, Hidden: []ui.NameValue{{Name: "round", Value: x.ID}}}}))
}

func (s *Service) close(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := s.Close(r.Context(), r.Actor, form.Get("round")); err != nil {
		return err
	}
	return r.Redirect(w, talksAt, notice(r, "closed"))
}

func (s *Service) invite(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := s.Invite(r.Context(), r.Actor, form.Get("name"), form.Get("contact")); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.talksPage(w, r, status, state) })
	}
	return r.Redirect(w, talksAt+"#invitations", notice(r, "invited"))
}

func (s *Service) changeInvitation(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := s.SetInvitation(r.Context(), r.Actor, r.PathValue("id"), form.Get("state")); err != nil {
		return err
	}
	return r.Redirect(w, talksAt+"#invitations", notice(r, "invitation"))
}

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

// roundView is the notes of a round that may be shown.
type roundView struct {
	printer
	s     *Service
	round Round
	parts []notePart
	drops bool // notes can be deleted here
}

// notePart is the notes on one question or reason, or the quotes.
type notePart struct {
	id, title string
	notes     []Noted
}

func (s *Service) round(w http.ResponseWriter, r *web.Request) error {
	x, list, err := s.RoundNotes(r.Context(), r.Actor.Tenant, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := roundView{printer: in(r.Lang), s: s, round: x, drops: r.URL.Query().Get("drop") == "yes"}
	add := func(id, title string) {
		p := notePart{id: id, title: title}
		for _, n := range list {
			if n.Question == id {
				p.notes = append(p.notes, n)
			}
		}
		if len(p.notes) > 0 {
			v.parts = append(v.parts, p)
		}
	}
	for i := range s.Guide.Talk.Questions {
		add(s.Guide.Talk.Questions[i].ID, v.of(s.Guide.Talk.Questions[i].Text))
	}
	for i := range s.Guide.Reasons {
		add(s.Guide.Reasons[i].ID, v.of(s.Guide.Reasons[i].Name))
	}
	for _, n := range list { // of a guide that was another
		if n.Question != "quote" && s.Guide.Question(n.Question) == nil && s.Guide.Reason(n.Question) == nil &&
			!slices.ContainsFunc(v.parts, func(p notePart) bool { return p.id == n.Question }) {
			add(n.Question, n.Question)
		}
	}
	add("quote", v.say("talks.quotes"))
	p := below(r, x.Title, v.link("talks.page", talksAt))
	p.Lead = v.n("round.lead", x.Talks)
	return r.Show(w, p, roundPage(v))
}

func (v *roundView) drop(n *Noted) ui.FormSpec {
	return ui.FormSpec{Action: roundsAt + v.round.ID + "/notes/" + n.ID}
}

func (s *Service) dropNote(w http.ResponseWriter, r *web.Request) error {
	if err := s.DropNote(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("note")); err != nil {
		return err
	}
	return r.Redirect(w, roundsAt+url.PathEscape(r.PathValue("id"))+"?drop=yes", notice(r, "note"))
}

// withdrawView is where a code deletes what it stands for.
type withdrawView struct {
	printer
	form *ui.FormState
	done bool
}

func (s *Service) askWithdraw(w http.ResponseWriter, r *web.Request) error {
	return s.withdrawPage(w, r, http.StatusOK, nil, false)
}

func (s *Service) withdrawPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState, done bool) error {
	v := withdrawView{printer: in(r.Lang), form: form, done: done}
	p := web.Page{Bare: true, Status: status}
	p.Title, p.Invalid = v.say("withdraw.title"), !form.OK()
	return r.Show(w, p, withdrawPage(v))
}

func (s *Service) withdraw(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := s.Withdraw(r.Context(), form.Get("code")); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.withdrawPage(w, r, status, state, false) })
	}
	return s.withdrawPage(w, r, http.StatusOK, nil, true)
}
