package identity

import (
	"net/http"

	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// sure asks whether somebody means what they do to an account.
func (p *pages) sure(w http.ResponseWriter, r *web.Request, key, path string, kind ui.Kind) error {
	a, err := p.find(r)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	return r.Show(w, below(say, a, say.with("sure."+key, "name", a.Name)), ui.ConfirmForm(ui.Confirm{
		ID: key, Text: say.say("sure." + key + "-text"), Form: ui.FormSpec{Action: "/people/" + a.ID + path},
		Do: ui.Action{Label: say.say("sure." + key + "-do"), Kind: kind}, Cancel: "/people/" + a.ID,
	}))
}

// done goes back to the page of the account.
func (p *pages) done(w http.ResponseWriter, r *web.Request, key string, err error) error {
	if err != nil {
		return err
	}
	return r.Redirect(w, "/people/"+r.PathValue("id"), notice(key))
}

func (p *pages) askPIN(w http.ResponseWriter, r *web.Request) error {
	return p.sure(w, r, "pin", "/pin", ui.Ink)
}

func (p *pages) issuePIN(w http.ResponseWriter, r *web.Request) error {
	shown, err := p.IssuePIN(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return r.Redirect(w, "/shown/"+shown, nil)
}

func (p *pages) askBlock(w http.ResponseWriter, r *web.Request) error {
	return p.sure(w, r, "block", "/block", ui.Danger)
}

func (p *pages) block(w http.ResponseWriter, r *web.Request) error {
	_, err := p.Block(r.Context(), r.Actor, r.PathValue("id"))
	return p.done(w, r, "blocked", err)
}

func (p *pages) unblock(w http.ResponseWriter, r *web.Request) error {
	_, err := p.Unblock(r.Context(), r.Actor, r.PathValue("id"))
	return p.done(w, r, "unblocked", err)
}

func (p *pages) endPersonSessions(w http.ResponseWriter, r *web.Request) error {
	return p.done(w, r, "all-sessions-ended", p.EndAccountSessions(r.Context(), r.Actor, r.PathValue("id")))
}

func (p *pages) askResetFactor(w http.ResponseWriter, r *web.Request) error {
	return p.sure(w, r, "reset", "/second-factor/reset", ui.Danger)
}

func (p *pages) resetFactor(w http.ResponseWriter, r *web.Request) error {
	return p.done(w, r, "second-factor-reset", p.ResetSecondFactor(r.Context(), r.Actor, r.PathValue("id")))
}

func (p *pages) askErase(w http.ResponseWriter, r *web.Request) error {
	return p.sure(w, r, "erase", "/erase", ui.Danger)
}

func (p *pages) erase(w http.ResponseWriter, r *web.Request) error {
	if err := p.Erase(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, "/people", notice("erased"))
}
