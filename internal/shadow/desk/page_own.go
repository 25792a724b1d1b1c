package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// ownView is the form of a service that the organisation adds.
type ownView struct {
	words
	c    *catalogue
	own  Own
	form *ui.FormState
}

func (d *Desk) askOwn(w http.ResponseWriter, r *web.Request) error {
	return d.ownPage(w, r, http.StatusOK, nil)
}

func (d *Desk) ownPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	c, err := d.catalogue(r.Context(), d.DB.Of(r.Actor.Tenant))
	if err != nil {
		return err
	}
	v := ownView{words: in(r), c: c, form: form}
	title, above := v.say("own.new"), []ui.Link{v.link("list.title", listAt)}
	if id := r.PathValue("id"); id != "" {
		own, ok := c.added[id]
		if !ok || own.Gone {
			return db.ErrNoRow
		}
		v.own, title = own, v.say("own.edit")
		above = append(above, ui.Link{Label: own.Name, Href: serviceAt + url.PathEscape(id)})
	}
	p := page(r, title, above...)
	p.Lead, p.Status, p.Invalid = v.say("own.lead"), status, !form.OK()
	return r.Show(w, p, ownPage(v))
}

func (v *ownView) spec() ui.FormSpec {
	return ui.FormSpec{State: v.form, Hidden: []ui.NameValue{{Name: "at", Value: strconv.FormatInt(v.own.Version, 10)}}}
}

func (v *ownView) text(name string, value string, most int) ui.Field {
	return ui.Field{Name: name, Label: v.say("own." + name), Hint: v.hint(name), Value: value, MaxLength: most}
}

func (v *ownView) hint(name string) string {
	if !v.Has("own." + name + "-hint") {
		return ""
	}
	return v.say("own." + name + "-hint")
}

func (v *ownView) country() ui.Field {
	f := v.text("country", v.own.Country, 2)
	f.Optional, f.Chars = true, 2
	return f
}

func (v *ownView) domains() ui.Field {
	f := v.text("domains", strings.Join(v.own.Domains, "\n"), 0)
	f.Rows = 3
	return f
}

func (v *ownView) kind() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "kind", Label: v.say("column.kind")}, Chosen: []string{v.own.Kind}, Options: []ui.Option{{Label: v.say("own.kind-choose")}}}
	for _, k := range v.c.Kinds {
		c.Options = append(c.Options, ui.Option{Value: k.ID, Label: k.Label.In(v.lang)})
	}
	return c
}

func (v *ownView) mixed() ui.Field {
	f := ui.Field{Name: "mixed", Label: v.say("own.mixed"), Hint: v.say("own.mixed-hint")}
	if v.own.Mixed {
		f.Value = "yes"
	}
	return f
}

func (d *Desk) putOwn(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	at, _ := strconv.ParseInt(form.Get("at"), 10, 64) // what is no number is no version, and refused as such
	id, err := d.PutOwn(r.Context(), r.Actor, Own{ID: r.PathValue("id"), Version: at, Name: form.Get("name"), Maker: form.Get("maker"), Country: strings.ToUpper(form.Get("country")),
		Kind: form.Get("kind"), Mixed: form.Get("mixed") == "yes", Domains: strings.FieldsFunc(form.Get("domains"), func(c rune) bool { return strings.ContainsRune(" ,;\r\n\t", c) }), Why: form.Get("why")})
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.ownPage(w, r, status, state) })
	}
	return r.Redirect(w, serviceAt+url.PathEscape(id), notice(r, "own"))
}

func (d *Desk) askDrop(w http.ResponseWriter, r *web.Request) error {
	c, err := d.catalogue(r.Context(), d.DB.Of(r.Actor.Tenant))
	if err != nil {
		return err
	}
	own, ok := c.added[r.PathValue("id")]
	if !ok || own.Gone {
		return db.ErrNoRow
	}
	t, at := in(r), serviceAt+url.PathEscape(own.ID)
	p := page(r, t.say("own.drop"), t.link("list.title", listAt), ui.Link{Label: own.Name, Href: at})
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: "drop", Title: own.Name, Text: t.say("own.drop-text"), Cancel: at, Do: ui.Action{Label: t.say("own.drop"), Kind: ui.Danger},
		Form: ui.FormSpec{Action: at + "/drop", Hidden: []ui.NameValue{{Name: "at", Value: strconv.FormatInt(own.Version, 10)}}}}))
}

func (d *Desk) drop(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	at, _ := strconv.ParseInt(form.Get("at"), 10, 64) // what is no number is no version, and refused as such
	if err := d.DropOwn(r.Context(), r.Actor, r.PathValue("id"), at); err != nil {
		return err
	}
	return r.Redirect(w, listAt, notice(r, "dropped"))
}
