package identity

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/identity/passkey"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// passkeyNotices is the name under which notices about passkeys are known.
const passkeyNotices = "passkey"

// AddTo makes the routes, the script and the notices known to a server, and the ways to sign in and confirm to the service.
func (p *Passkeys) AddTo(server *web.Server) error {
	server.AddNotices(passkeyNotices, passkey.Locale())
	p.audit.Explain(passkey.Locale())
	server.Mount("GET /passkey/{script}", http.HandlerFunc(passkey.ServeScript))
	p.AddOptions(p)
	p.AddSections(p)
	return server.Add(
		web.Route{Pattern: "POST /o/{slug}/passkeys/options", Public: true, Handle: p.signInOptions},
		web.Route{Pattern: "POST /o/{slug}/passkeys/sign-in", Public: true, Strict: true, Handle: p.signIn},
		web.Route{Pattern: "POST /passkeys/confirm/options", Action: access.ChangeOwn, Handle: p.confirmOptions},
		web.Route{Pattern: "POST /passkeys/confirm", Action: access.ChangeOwn, Strict: true, Handle: p.confirm},
		web.Route{Pattern: "GET /passkeys/new", Action: access.ChangeOwn, Fresh: true, Handle: p.new},
		web.Route{Pattern: "POST /passkeys/options", Action: access.ChangeOwn, Fresh: true, Handle: p.createOptions},
		web.Route{Pattern: "POST /passkeys", Action: access.ChangeOwn, Fresh: true, Handle: p.create},
		web.Route{Pattern: "GET /passkeys/{id}", Action: access.ChangeOwn, Handle: p.edit},
		web.Route{Pattern: "POST /passkeys/{id}", Action: access.ChangeOwn, Handle: p.rename},
		web.Route{Pattern: "GET /passkeys/{id}/remove", Action: access.ChangeOwn, Fresh: true, Handle: p.askRemove},
		web.Route{Pattern: "POST /passkeys/{id}/remove", Action: access.ChangeOwn, Fresh: true, Handle: p.remove},
	)
}

func inPasskey(lang instrument.Lang) words { return words{passkey.Locale().Printer(lang)} }

// passkeyForm is a form that the script fills in.
type passkeyForm struct {
	words
	kind            string // create or get
	action, options string
	next            string
	label           string
	name            string // of a new passkey, as proposed
	state           *ui.FormState
}

// spec is the form itself. It is hidden until the script shows it.
func (f passkeyForm) spec() ui.FormSpec {
	hidden := append(hiddenNext(f.next), ui.NameValue{Name: "flow"}, ui.NameValue{Name: "answer"})
	return ui.FormSpec{State: f.state, Action: f.action, Hidden: hidden, Attrs: templ.Attributes{
		"hidden": true, "data-passkey": f.kind, "data-options": f.options,
	}}
}

// Offer implements SignInOption.
func (p *Passkeys) Offer(ctx context.Context, o Offer) (templ.Component, error) {
	if _, err := p.site(o.Org.ID); err != nil {
		return nil, nil //nolint:nilerr,nilnil // passkeys do not work at this address, so this way is not offered
	}
	say := inPasskey(o.Lang)
	if o.Confirm == nil {
		base := "/o/" + o.Org.Slug + "/passkeys/"
		return passkeyPart(passkeyForm{words: say, kind: "get", action: base + "sign-in", options: base + "options", next: web.Local(o.Next, ""), label: say.say("page.sign-in")}), nil
	}
	rows, err := passkeysOf(ctx, p.db.Of(o.Org.ID), o.Confirm.Owner)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return passkeyPart(passkeyForm{words: say, kind: "get", action: "/passkeys/confirm", options: "/passkeys/confirm/options", next: web.Local(o.Next, ""), label: say.say("page.confirm")}), nil
}

// Section implements SecuritySection.
func (p *Passkeys) Section(ctx context.Context, r *web.Request) (templ.Component, error) {
	list, err := p.List(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	if _, err := p.site(r.Actor.Tenant); err != nil && len(list) == 0 {
		return nil, nil //nolint:nilerr,nilnil // passkeys do not work at this address: there is nothing to see
	}
	say := inPasskey(r.Lang)
	around := in(r.Lang)
	t := ui.Table{Caption: say.say("page.title"), HideCaption: true}
	for _, key := range []string{"device", "created", "used"} {
		t.Columns = append(t.Columns, ui.Column{Label: say.say("page." + key)})
	}
	for _, k := range list {
		used := say.say("page.never")
		if !k.UsedAt.IsZero() {
			used = around.day(r, k.UsedAt)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(k.Name, around.day(r, k.CreatedAt), used), Actions: []ui.Action{
			{Label: say.say("page.rename"), Href: "/passkeys/" + k.ID, Kind: ui.Quiet},
			{Label: say.say("page.remove"), Href: "/passkeys/" + k.ID + "/remove", Kind: ui.Quiet},
		}})
	}
	return passkeySection(say, t), nil
}

func (p *Passkeys) at(r *web.Request) (OrganisationView, error) { return (&pages{p.Service}).at(r) }

// give answers the script.
func give(w http.ResponseWriter, r *web.Request, a Asked, err error) error {
	if err != nil {
		return err
	}
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return r.Send(w, http.StatusOK, "application/json", raw)
}

func (p *Passkeys) signInOptions(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	a, err := p.AskSignIn(r.Context(), o.ID)
	return give(w, r, a, err)
}

func (p *Passkeys) confirmOptions(w http.ResponseWriter, r *web.Request) error {
	a, err := p.AskConfirm(r.Context(), r.Actor)
	return give(w, r, a, err)
}

func (p *Passkeys) createOptions(w http.ResponseWriter, r *web.Request) error {
	a, err := p.AskCreate(r.Context(), r.Actor)
	return give(w, r, a, err)
}

// failed says why a passkey did not do, with the way back.
func (p *Passkeys) failed(w http.ResponseWriter, r *web.Request, backTo string, err error) error {
	q, ok := problem.Of(err)
	if !ok || q.Kind != problem.Forbidden && q.Kind != problem.Gone && q.Kind != problem.Conflict {
		return err
	}
	p.log.WarnContext(r.Context(), "a passkey was refused", "organisation", string(r.Org.ID), "error", err.Error())
	say := inPasskey(r.Lang)
	pg := bare(say.say("page.failed"))
	pg.Lead, pg.Status = q.Message.In(r.Lang), web.Status(q.Kind)
	return r.Show(w, pg, ui.Buttons(ui.Action{Label: say.say("page.again"), Href: backTo}))
}

func (p *Passkeys) signIn(w http.ResponseWriter, r *web.Request) error {
	o, err := p.at(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	next := web.Local(form.Get("next"), "/")
	if err := p.SignInWithPasskey(r.Context(), w, r.Request, o.ID, form.Get("flow"), []byte(form.Get("answer"))); err != nil {
		return p.failed(w, r, nextIn("/o/"+o.Slug+"/sign-in", next), err)
	}
	return r.Redirect(w, next, nil)
}

func (p *Passkeys) confirm(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	next := web.Local(form.Get("next"), "/")
	if err := p.ConfirmWithPasskey(r.Context(), w, r, form.Get("flow"), []byte(form.Get("answer"))); err != nil {
		return p.failed(w, r, nextIn("/confirm", next), err)
	}
	return r.Redirect(w, next, nil)
}

func (p *Passkeys) new(w http.ResponseWriter, r *web.Request) error {
	return p.showNew(w, r, &ui.FormState{}, http.StatusOK)
}

func (p *Passkeys) showNew(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	if _, err := p.site(r.Actor.Tenant); err != nil {
		return err
	}
	say := inPasskey(r.Lang)
	pg := mine(in(r.Lang), say.say("page.add"))
	pg.Lead = say.say("page.lead")
	return r.Show(w, shaped(pg, state, status), passkeyNew(passkeyForm{
		words: say, kind: "create", action: "/passkeys", options: "/passkeys/options", label: say.say("page.add"), name: Device(r.UserAgent()), state: state,
	}))
}

func (p *Passkeys) create(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	name := form.Get("name")
	if name == "" {
		if name = Device(r.UserAgent()); name == "" {
			name = inPasskey(r.Lang).say("page.device")
		}
	}
	if err := p.Create(r.Context(), r.Actor, form.Get("flow"), name, []byte(form.Get("answer"))); err != nil {
		if problem.Is(err, problem.Invalid) {
			state, status, err := again(w, r, form, err)
			if err != nil {
				return err
			}
			return p.showNew(w, r, state, status)
		}
		return p.failed(w, r, "/passkeys/new", err)
	}
	return r.Redirect(w, "/me/security", &web.Notice{Bundle: passkeyNotices, Key: "notice.added"})
}

// find returns the passkey that the address names, of the actor.
func (p *Passkeys) find(r *web.Request) (PasskeyView, error) {
	list, err := p.List(r.Context(), r.Actor)
	if err != nil {
		return PasskeyView{}, err
	}
	for _, k := range list {
		if k.ID == r.PathValue("id") {
			return k, nil
		}
	}
	return PasskeyView{}, db.ErrNoRow
}

func (p *Passkeys) edit(w http.ResponseWriter, r *web.Request) error {
	k, err := p.find(r)
	if err != nil {
		return err
	}
	return p.showEdit(w, r, k, &ui.FormState{}, http.StatusOK)
}

func (p *Passkeys) showEdit(w http.ResponseWriter, r *web.Request, k PasskeyView, state *ui.FormState, status int) error {
	say := inPasskey(r.Lang)
	pg := mine(in(r.Lang), say.say("page.rename-title"))
	return r.Show(w, shaped(pg, state, status), passkeyEdit(say, k, state))
}

func (p *Passkeys) rename(w http.ResponseWriter, r *web.Request) error {
	k, err := p.find(r)
	if err != nil {
		return err
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := p.Rename(r.Context(), r.Actor, k.ID, form.Get("name")); err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showEdit(w, r, k, state, status)
	}
	return r.Redirect(w, "/me/security", &web.Notice{Bundle: passkeyNotices, Key: "notice.renamed"})
}

func (p *Passkeys) askRemove(w http.ResponseWriter, r *web.Request) error {
	k, err := p.find(r)
	if err != nil {
		return err
	}
	say := inPasskey(r.Lang)
	return r.Show(w, mine(in(r.Lang), say.say("page.remove-title")), ui.ConfirmForm(ui.Confirm{
		Text: say.T("page.remove-text", i18n.Args{"name": k.Name}), Form: ui.FormSpec{Action: "/passkeys/" + k.ID + "/remove"},
		Do: ui.Action{Label: say.say("page.remove"), Kind: ui.Danger}, Cancel: "/me/security",
	}))
}

func (p *Passkeys) remove(w http.ResponseWriter, r *web.Request) error {
	k, err := p.find(r)
	if err != nil {
		return err
	}
	if err := p.Remove(r.Context(), r.Actor, k.ID); err != nil {
		say := inPasskey(r.Lang)
		return cannot(w, r, say.say("page.remove-title"), ui.Action{Label: say.say("page.again"), Href: "/me/security"}, err)
	}
	return r.Redirect(w, "/me/security", &web.Notice{Bundle: passkeyNotices, Key: "notice.removed"})
}
