package identity

import (
	"net/http"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

func (p *pages) myRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /me/security", Action: access.ReadOwn, Handle: p.security},
		{Pattern: "GET /me/security/password", Action: access.ChangeOwn, Fresh: true, Handle: p.password},
		{Pattern: "POST /me/security/password", Action: access.ChangeOwn, Fresh: true, Strict: true, Handle: p.doChangePassword},
		{Pattern: "GET /me/security/pin", Action: access.ChangeOwn, Fresh: true, Handle: p.pin},
		{Pattern: "POST /me/security/pin", Action: access.ChangeOwn, Fresh: true, Strict: true, Handle: p.doChangePIN},
		{Pattern: "POST /me/security/second-factor/start", Action: access.ChangeOwn, Fresh: true, Handle: p.startFactor},
		{Pattern: "GET /me/security/second-factor", Action: access.ChangeOwn, Fresh: true, Handle: p.factor},
		{Pattern: "POST /me/security/second-factor", Action: access.ChangeOwn, Fresh: true, Strict: true, Handle: p.doFactor},
		{Pattern: "GET /me/security/second-factor/remove", Action: access.ChangeOwn, Fresh: true, Handle: p.askRemoveFactor},
		{Pattern: "POST /me/security/second-factor/remove", Action: access.ChangeOwn, Fresh: true, Handle: p.removeFactor},
		{Pattern: "POST /me/security/codes", Action: access.ChangeOwn, Fresh: true, Handle: p.newRecoveryCodes},
		{Pattern: "POST /me/security/sessions/{id}/end", Action: access.ChangeOwn, Fresh: true, Handle: p.endSession},
		{Pattern: "POST /me/security/sessions/end-others", Action: access.ChangeOwn, Fresh: true, Handle: p.endOtherSessions},
		{Pattern: "GET /me/keys", Action: access.ManageKeys, Handle: p.keys},
		{Pattern: "GET /me/keys/new", Action: access.ManageKeys, Fresh: true, Handle: p.newKey},
		{Pattern: "POST /me/keys", Action: access.ManageKeys, Fresh: true, Handle: p.makeKey},
		{Pattern: "POST /me/keys/{id}/revoke", Action: access.ManageKeys, Handle: p.revokeKey},
	}
}

// securityView is the page about one's own security.
type securityView struct {
	words
	creds    Credentials
	settings Settings
	mail     bool
	number   bool
	needs    bool // a second factor is wanted of this person
	keys     bool
	sessions ui.Table
	others   bool
	sections []templ.Component
}

func (p *pages) security(w http.ResponseWriter, r *web.Request) error {
	ctx, rd := r.Context(), p.db.Of(r.Actor.Tenant)
	o, a, err := p.self(ctx, rd, r.Actor)
	if err != nil {
		return err
	}
	v := securityView{words: in(r.Lang), settings: o.Settings, mail: a.Mail != "", number: a.StaffNumber != "", keys: r.Can(access.ManageKeys)}
	v.needs = o.Settings.wantsSecondFactor(a.AllRoles())
	if v.creds, err = credentials(ctx, rd, a.ID); err != nil {
		return err
	}
	list, err := p.Sessions(ctx, r.Actor, r.Session)
	if err != nil {
		return err
	}
	v.sessions, v.others = sessionTable(r, v.words, list), len(list) > 1
	for _, s := range p.sections {
		c, err := s.Section(ctx, r)
		if err != nil {
			return err
		}
		if c != nil {
			v.sections = append(v.sections, c)
		}
	}
	pg := page(v.say("security.title"))
	pg.Lead = v.say("security.lead")
	return r.Show(w, pg, securityBody(v))
}

func sessionTable(r *web.Request, w words, list []SessionView) ui.Table {
	t := ui.Table{Caption: w.say("sessions.title"), HideCaption: true}
	for _, key := range []string{"device", "method", "since", "seen"} {
		t.Columns = append(t.Columns, ui.Column{Label: w.say("sessions." + key)})
	}
	for _, s := range list {
		device := s.Device
		if device == "" {
			device = w.say("sessions.unknown")
		}
		if s.Shared {
			device += " (" + w.say("sessions.shared") + ")"
		}
		row := ui.Row{Cells: []ui.Cell{
			{Text: device}, {Text: w.say("method." + string(s.Method))}, {Text: w.moment(r, s.CreatedAt)}, {Text: w.moment(r, s.SeenAt)},
		}}
		if s.Current {
			row.Cells[0].Content = thisSession(device, w.say("sessions.current"))
		} else {
			row.Cells = append(row.Cells, ui.Cell{Content: ui.PostButton(ui.FormSpec{Action: "/me/security/sessions/" + s.ID + "/end"},
				ui.Action{Label: w.say("sessions.end"), About: device, Kind: ui.Quiet})})
		}
		t.Rows = append(t.Rows, row)
	}
	if len(list) > 1 {
		t.Columns = append(t.Columns, ui.Column{Label: ui.WordActions.In(w.Lang)})
		for i := range t.Rows {
			if len(t.Rows[i].Cells) < len(t.Columns) {
				t.Rows[i].Cells = append(t.Rows[i].Cells, ui.Cell{Text: "–"})
			}
		}
	}
	return t
}

// mine is a page below that about one's own security.
func mine(w words, title string) web.Page {
	return back(page(title), w.say("security.title"), "/me/security")
}

func (p *pages) password(w http.ResponseWriter, r *web.Request) error {
	return p.showPassword(w, r, &ui.FormState{}, http.StatusOK)
}

func (p *pages) showPassword(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	rd := p.db.Of(r.Actor.Tenant)
	_, a, err := p.self(r.Context(), rd, r.Actor)
	if err != nil {
		return err
	}
	c, err := credentials(r.Context(), rd, a.ID)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	return r.Show(w, shaped(mine(say, say.say("password.title")), state, status), passwordBody(say, state, a.Mail, c.Password))
}

func (p *pages) doChangePassword(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := p.ChangePassword(r.Context(), r.Actor, r.Session, form.Get("current"), form.Get("password")); err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showPassword(w, r, state, status)
	}
	return r.Redirect(w, "/me/security", notice("password-changed"))
}

func (p *pages) pin(w http.ResponseWriter, r *web.Request) error {
	return p.showOwnPIN(w, r, &ui.FormState{}, http.StatusOK)
}

func (p *pages) showOwnPIN(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	say := in(r.Lang)
	return r.Show(w, shaped(mine(say, say.say("newpin.change")), state, status), newPINBody(say, state, "/me/security/pin", true))
}

func (p *pages) doChangePIN(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err = sameTwice(form, "pin", "pin-repeat"); err == nil {
		err = p.ChangePIN(r.Context(), r.Actor, r.Session, form.Get("current"), form.Get("pin"))
	}
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showOwnPIN(w, r, state, status)
	}
	return r.Redirect(w, "/me/security", notice("pin-changed"))
}

func (p *pages) startFactor(w http.ResponseWriter, r *web.Request) error {
	if err := p.StartSecondFactor(r.Context(), r.Actor); err != nil {
		return err
	}
	return r.Redirect(w, "/me/security/second-factor", nil)
}

func (p *pages) factor(w http.ResponseWriter, r *web.Request) error {
	return p.showFactor(w, r, &ui.FormState{}, http.StatusOK)
}

func (p *pages) showFactor(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	factor, err := p.PendingSecondFactor(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	pg := mine(say, say.say("setup.title"))
	pg.Lead = say.say("setup.lead")
	return r.Show(w, shaped(pg, state, status), setUpBody(say, factor, state, "/me/security/second-factor"))
}

func (p *pages) doFactor(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	shown, err := p.ConfirmSecondFactor(r.Context(), r.Actor, r.Session, form.Get("code"))
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showFactor(w, r, state, status)
	}
	return r.Redirect(w, "/shown/"+shown, notice("second-factor-added"))
}

func (p *pages) askRemoveFactor(w http.ResponseWriter, r *web.Request) error {
	say := in(r.Lang)
	return r.Show(w, mine(say, say.say("factor.remove-title")), ui.ConfirmForm(ui.Confirm{
		ID: "remove", Text: say.say("factor.remove-text"), Form: ui.FormSpec{Action: "/me/security/second-factor/remove"},
		Do: ui.Action{Label: say.say("factor.remove"), Kind: ui.Danger}, Cancel: "/me/security",
	}))
}

func (p *pages) removeFactor(w http.ResponseWriter, r *web.Request) error {
	if err := p.RemoveSecondFactor(r.Context(), r.Actor, r.Session); err != nil {
		return err
	}
	return r.Redirect(w, "/me/security", notice("second-factor-removed"))
}

func (p *pages) newRecoveryCodes(w http.ResponseWriter, r *web.Request) error {
	shown, err := p.NewRecoveryCodes(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return r.Redirect(w, "/shown/"+shown, nil)
}

func (p *pages) endSession(w http.ResponseWriter, r *web.Request) error {
	if err := p.EndSession(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, "/me/security", notice("session-ended"))
}

func (p *pages) endOtherSessions(w http.ResponseWriter, r *web.Request) error {
	if err := p.EndOtherSessions(r.Context(), r.Actor, r.Session); err != nil {
		return err
	}
	return r.Redirect(w, "/me/security", notice("sessions-ended"))
}
