package own

import (
	"context"
	"errors"
	"net/http"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/vault"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// load reads the profile that is open, and its version. The errors are those of vault.Get and check.ReadProfile.
func (p *Pages) load(v *visit) (*check.Profile, int64, error) {
	place, err := vault.PlaceOf(p.Box, v.key.Tenant, v.key.Code)
	if err != nil {
		return nil, 0, err
	}
	content, version, err := vault.Get(v.Context(), p.DB.Of(v.key.Tenant), place)
	if err != nil {
		return nil, 0, err
	}
	profile, err := check.ReadProfile(content)
	return profile, version, err
}

// lost answers for a profile that is open and cannot be shown: it was erased elsewhere, went, or is of a later version.
func (p *Pages) lost(w http.ResponseWriter, v *visit, err error) error {
	switch {
	case errors.Is(err, vault.ErrAbsent):
		p.setCookie(w, codeCookie, "", -1)
		return v.Redirect(w, openAt, v.bad("gone"))
	case errors.Is(err, vault.ErrDamaged), errors.Is(err, check.ErrProfile):
		return refuse(problem.Conflict, "error.damaged").Because(err)
	case errors.Is(err, check.ErrNewer):
		return refuse(problem.Conflict, "error.newer").Because(err)
	}
	return err
}

// write keeps a profile at the place of a code; version is that of load, or 0 for a new one.
func (p *Pages) write(ctx context.Context, k *key, version int64, profile *check.Profile) error {
	content, err := profile.Bytes()
	if err != nil {
		return err
	}
	place, err := vault.PlaceOf(p.Box, k.Tenant, k.Code)
	if err != nil {
		return err
	}
	return p.DB.Write(ctx, k.Tenant, func(s *db.Scope) error {
		return vault.Put(ctx, s, place, version, content, p.Clock())
	})
}

// codeOf is the code under which a check may be kept. It follows from the seed, so that pressing the button again keeps it once.
func codeOf(s *check.State) vault.Code {
	random := s.Derive("code")
	return vault.CodeOf([15]byte(random[:15]))
}

// keep keeps the check in a profile of its own, and shows its code.
func (p *Pages) keep(w http.ResponseWriter, v *visit) error {
	if !v.state.Any() {
		return v.Redirect(w, resultAt, nil)
	}
	k := &key{Tenant: v.Org.ID, Code: codeOf(v.state), Kiosk: v.kiosk(), Month: p.month()}
	profile := &check.Profile{}
	kept, err := v.m.Keep(v.state, v.Local(p.Clock()))
	if err != nil {
		return err
	}
	profile.Add(kept, v.state)
	if err := p.write(v.Context(), k, 0, profile); err != nil && !errors.Is(err, vault.ErrChanged) { // changed: it was kept a moment ago
		return err
	}
	p.setCookie(w, stateCookie, "", -1)
	if err := p.giveKey(w, k); err != nil {
		return err
	}
	return v.Redirect(w, codeAt+"?new=yes", nil)
}

// add adds the check to the profile that is open.
func (p *Pages) add(w http.ResponseWriter, v *visit) error {
	if v.key == nil {
		return v.Redirect(w, openAt+"?add=yes", nil)
	}
	if err := p.addTo(v); err != nil {
		return p.lost(w, v, err)
	}
	p.setCookie(w, stateCookie, "", -1)
	return v.Redirect(w, profileAt, v.notice("added"))
}

// addTo adds the check under way to the open profile; when another page changed that meanwhile, to what it became.
func (p *Pages) addTo(v *visit) error {
	kept, err := v.m.Keep(v.state, v.Local(p.Clock()))
	if err != nil {
		return err
	}
	for range 3 {
		profile, version, err := p.load(v)
		if err != nil {
			return err
		}
		profile.Add(kept, v.state)
		if err = p.write(v.Context(), v.key, version, profile); !errors.Is(err, vault.ErrChanged) {
			return err
		}
	}
	return db.ErrBusy
}

// discard lets go of the check under way.
func (p *Pages) discard(w http.ResponseWriter, r *web.Request) error {
	p.setCookie(w, stateCookie, "", -1)
	return r.Redirect(w, checkAt, r.Notice(noticeBundle, "notice.discarded"))
}

// codeView is a page about the code.
type codeView struct {
	*visit
	form  *ui.FormState
	fresh bool // it was just made
	add   bool // the check under way goes with it
}

func (v codeView) field() ui.Field {
	return ui.Field{Name: "code", Label: v.say("open.code"), Hint: v.say("open.code-hint"), Autocomplete: "off", Chars: 20,
		Attrs: map[string]any{"autocapitalize": "characters", "spellcheck": "false", "class": "control w20 own-code"}}
}

func (v codeView) rememberField() ui.Field {
	value := ""
	if v.key != nil && v.key.Remember {
		value = "yes"
	}
	return ui.Field{Name: "remember", Label: v.say("code.remember"), Hint: v.say("code.remember-hint"), Value: value}
}

// askCode asks for the code of a profile.
func (p *Pages) askCode(w http.ResponseWriter, v *visit) error {
	c := codeView{visit: v, add: v.state != nil && v.state.Any() && v.URL.Query().Get("add") == "yes"}
	if v.key != nil && !c.add {
		return v.Redirect(w, profileAt, nil)
	}
	return p.showAsk(w, c)
}

func (p *Pages) showAsk(w http.ResponseWriter, c codeView) error {
	pg := page(c.say("open.title"))
	pg.Lead = c.say("open.lead")
	if c.add {
		pg.Lead = c.say("open.lead-add")
	}
	if pg.Invalid = !c.form.OK(); pg.Invalid {
		pg.Status = http.StatusUnprocessableEntity
	}
	return c.show(w, pg, openPage(c))
}

// openProfile opens the profile of a code.
func (p *Pages) openProfile(w http.ResponseWriter, v *visit) error {
	form, err := v.ReadForm()
	if err != nil {
		return err
	}
	c := codeView{visit: v, add: v.state != nil && v.state.Any() && form.Get("add") == "yes"}
	if err := p.unlock(v, form.Get("code")); err != nil {
		if c.form, err = v.Refill(form, err); err != nil {
			return p.lost(w, v, err)
		}
		return p.showAsk(w, c)
	}
	v.key.Remember = form.Get("remember") == "yes" && !v.kiosk()
	if c.add {
		if err := p.addTo(v); err != nil {
			return p.lost(w, v, err)
		}
		p.setCookie(w, stateCookie, "", -1)
	}
	if err := p.giveKey(w, v.key); err != nil {
		return err
	}
	if c.add {
		return v.Redirect(w, profileAt, v.notice("added"))
	}
	return v.Redirect(w, profileAt, nil)
}

// unlock makes the profile of a code the one that is open. What is wrong with the code is an error of the form.
func (p *Pages) unlock(v *visit, typed string) error {
	wrong := func(key string) error {
		f := problem.Form{Bundle: locale()}
		f.Wrong("code", key, nil)
		return f.Err()
	}
	if wait := p.guesses.wait(v.Address()); wait > 0 {
		return refuse(problem.TooMany, "error.too-many").After(int(wait/time.Second) + 1)
	}
	code, err := vault.ReadCode(typed)
	switch {
	case errors.Is(err, vault.ErrNone):
		return wrong("error.code-none")
	case errors.Is(err, vault.ErrSign):
		return wrong("error.code-sign")
	case errors.Is(err, vault.ErrLength):
		return wrong("error.code-length")
	case errors.Is(err, vault.ErrLinking):
		return wrong("error.code-linking")
	case errors.Is(err, vault.ErrCheck):
		return wrong("error.code-check")
	case err != nil:
		return err
	}
	v.key = &key{Tenant: v.Org.ID, Code: code, Kiosk: v.kiosk(), Month: p.month()}
	_, _, err = p.load(v)
	if errors.Is(err, vault.ErrAbsent) {
		v.key = nil
		p.guesses.wrong(v.Address())
		return wrong("error.code-absent")
	}
	if err != nil {
		return err
	}
	return p.used(v.Context(), v.key)
}

// month is how fine the store knows when something was used.
func (p *Pages) month() string { return p.Clock().UTC().Format("2006-01") }

// used notes that a profile was opened this month.
func (p *Pages) used(ctx context.Context, k *key) error {
	place, err := vault.PlaceOf(p.Box, k.Tenant, k.Code)
	if err != nil {
		return err
	}
	return p.DB.Write(ctx, k.Tenant, func(s *db.Scope) error { return vault.Used(ctx, s, place, p.Clock()) })
}

// showCode shows the code of the open profile.
func (p *Pages) showCode(w http.ResponseWriter, v *visit) error {
	c := codeView{visit: v, fresh: v.URL.Query().Get("new") == "yes"}
	pg := page(v.say("code.title"))
	pg.Lead = v.say("code.lead")
	return v.show(w, pg, codePage(c))
}

// remember goes on from the code to the profile, and keeps the code on this device for longer when its owner wants so.
func (p *Pages) remember(w http.ResponseWriter, v *visit) error {
	form, err := v.ReadForm()
	if err != nil {
		return err
	}
	v.key.Remember = form.Get("remember") == "yes" && !v.kiosk()
	if err := p.giveKey(w, v.key); err != nil {
		return err
	}
	return v.Redirect(w, profileAt, nil)
}

// askErase asks whether the profile may go.
func (p *Pages) askErase(w http.ResponseWriter, v *visit) error {
	pg := page(v.say("erase.title"))
	return v.show(w, pg, ui.ConfirmForm(ui.Confirm{Text: v.say("erase.text"), Form: ui.FormSpec{Action: eraseAt}, Do: ui.Action{Label: v.say("erase.do"), Kind: ui.Danger}, Cancel: profileAt}))
}

// erase erases the profile.
func (p *Pages) erase(w http.ResponseWriter, v *visit) error {
	place, err := vault.PlaceOf(p.Box, v.key.Tenant, v.key.Code)
	if err != nil {
		return err
	}
	err = p.DB.Write(v.Context(), v.key.Tenant, func(s *db.Scope) error { return vault.Erase(v.Context(), s, place) })
	if err != nil && !errors.Is(err, vault.ErrAbsent) {
		return err
	}
	p.setCookie(w, codeCookie, "", -1)
	return p.leave(w, v, "erased")
}

// leave leads to where the next one begins.
func (p *Pages) leave(w http.ResponseWriter, v *visit, notice string) error {
	if v.pass == nil {
		return v.Redirect(w, openAt, v.notice(notice))
	}
	return v.Redirect(w, checkAt, v.notice(notice))
}

// bad is a notice that something did not work.
func (v *visit) bad(key string) *web.Notice {
	n := v.notice(key)
	n.Bad = true
	return n
}

// closeAll closes the profile and lets go of the check under way; on a kiosk the next person begins.
func (p *Pages) closeAll(w http.ResponseWriter, r *web.Request) error {
	x := p.takePass(r)
	p.setCookie(w, codeCookie, "", -1)
	p.setCookie(w, stateCookie, "", -1)
	switch {
	case x != nil && x.Kiosk && x.Link != "":
		return r.Redirect(w, linkAt+x.Link+"?lang="+string(x.Lang), nil)
	case x != nil && x.Kiosk && !x.Account: // from a questionnaire on a shared tablet
		p.setCookie(w, passCookie, "", -1)
		return r.Redirect(w, closedAt, nil)
	case x != nil && x.Kiosk: // somebody who is signed in at a device that others use too
		p.setCookie(w, passCookie, "", -1)
		return r.Redirect(w, doorAt, r.Notice(noticeBundle, "notice.closed"))
	case x != nil:
		return r.Redirect(w, checkAt, r.Notice(noticeBundle, "notice.closed"))
	default:
		return r.Redirect(w, doorAt, r.Notice(noticeBundle, "notice.closed"))
	}
}
