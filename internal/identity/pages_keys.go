package identity

import (
	"net/http"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

func (p *pages) keys(w http.ResponseWriter, r *web.Request) error {
	list, err := p.Keys(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	pg := mine(say, say.say("keys.title"))
	pg.Lead = say.say("keys.lead")
	if len(list) > 0 {
		pg.Actions = []ui.Action{{Label: say.say("keys.new"), Href: "/me/keys/new"}}
	}
	return r.Show(w, pg, keysBody(say, keyTable(r, say, list)))
}

func keyTable(r *web.Request, w words, list []KeyView) ui.Table {
	t := ui.Table{Caption: w.say("keys.title"), HideCaption: true}
	for _, key := range []string{"name", "may", "until", "used"} {
		t.Columns = append(t.Columns, ui.Column{Label: w.say("keys." + key)})
	}
	t.Columns = append(t.Columns, ui.Column{Label: ui.WordActions.In(w.Lang)})
	for _, k := range list {
		used := w.say("keys.never")
		if !k.UsedAt.IsZero() {
			used = w.moment(r, k.UsedAt)
		}
		until := w.day(r, k.ExpiresAt)
		if k.Expired {
			until += " (" + w.say("keys.expired") + ")"
		}
		var may []string
		for _, a := range k.Scopes {
			may = append(may, actionWord(w, a))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: k.Name}, {Text: w.And(may)}, {Text: until}, {Text: used},
			{Content: ui.PostButton(ui.FormSpec{Action: "/me/keys/" + k.ID + "/revoke"}, ui.Action{Label: w.say("keys.revoke"), About: k.Name, Kind: ui.Quiet})},
		}})
	}
	return t
}

// actionWord says what an action is; one that has no words yet by its name.
func actionWord(w words, a access.Action) string {
	if key := "action." + string(a); w.Has(key) {
		return w.say(key)
	}
	return string(a)
}

func (p *pages) newKey(w http.ResponseWriter, r *web.Request) error {
	return p.showNewKey(w, r, web.NewForm(), http.StatusOK)
}

func (p *pages) showNewKey(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	say := in(r.Lang)
	var scopes []ui.Option
	for _, a := range Grantable(r.Actor) {
		scopes = append(scopes, ui.Option{Value: string(a), Label: actionWord(say, a)})
	}
	now := p.now()
	pg := back(page(say.say("keys.new-title")), say.say("keys.title"), "/me/keys")
	return r.Show(w, shaped(pg, state, status), newKeyBody(say, state, scopes, now.AddDate(0, 3, 0).Format(time.DateOnly), now.AddDate(1, 0, 0).Format(time.DateOnly)))
}

func (p *pages) makeKey(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	in := KeyInput{Name: form.Get("name")}
	for _, s := range form["scopes"] {
		in.Scopes = append(in.Scopes, access.Action(s))
	}
	if day, err := time.Parse(time.DateOnly, form.Get("expiresAt")); err == nil {
		in.ExpiresAt = day.Add(24*time.Hour - time.Second)
	}
	asked := r.Asked(form, slices.Concat([]string{in.Name, form.Get("expiresAt")}, form["scopes"]))
	key, secret, err := p.MakeKey(r.Context(), r.Actor, in, asked)
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showNewKey(w, r, state, status)
	}
	var shown string
	err = p.db.Write(r.Context(), r.Actor.Tenant, func(sc *db.Scope) (err error) {
		shown, err = p.show(r.Context(), sc, r.Actor, Shown{Kind: ShownKey, Lines: []string{secret}, Note: key.Name, Next: "/me/keys"})
		return err
	})
	if err != nil {
		return err
	}
	return r.Redirect(w, "/shown/"+shown, nil)
}

func (p *pages) revokeKey(w http.ResponseWriter, r *web.Request) error {
	if err := p.RevokeKey(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, "/me/keys", notice("key-revoked"))
}
