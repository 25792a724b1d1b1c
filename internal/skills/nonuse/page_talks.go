package nonuse

import (
	"net/http"

	"tekentafel/internal/i18n"
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
