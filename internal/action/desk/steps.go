package desk

import (
	"net/http"
	"strconv"

	"tekentafel/internal/action"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// numberOf reads a whole number of a form; -1 for anything else.
func numberOf(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func invalid(err error) bool { return problem.Is(err, problem.Invalid) }

// stepView is a small form about an action.
type stepView struct {
	words
	a      *action.Action
	form   *ui.FormState
	kind   string // stop, reach, material, review
	groups []ui.Option
}

// step shows a small form about an action that the reader may work on.
func (d *Desk) step(w http.ResponseWriter, r *web.Request, kind string, status int, form *ui.FormState) error {
	a, err := d.Actions.Action(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !mayRun(r, &a) {
		return db.ErrNoRow
	}
	v := stepView{words: in(r), a: &a, form: form, kind: kind}
	if kind == "reach" {
		if v.groups, err = d.audiences(r, nil, &a.Target); err != nil {
			return err
		}
	}
	if v.form == nil {
		v.form = web.NewForm()
	}
	p := below(r, v.say(kind+".page"), ui.Link{Label: a.Title, Href: itemAt(a.ID)})
	p.Lead, p.Status, p.Invalid = v.say(kind+".lead"), status, !form.OK()
	return r.Show(w, p, stepPage(v))
}

// version is the version of the action that was read; when the form is shown again it stays.
func (v *stepView) spec() ui.FormSpec {
	version := strconv.FormatInt(v.a.Version, 10)
	if was := v.form.Values.Get("version"); was != "" {
		version = was
	}
	path := "/" + v.kind
	if v.kind == "stop" {
		path = "/state"
	}
	s := ui.FormSpec{State: v.form, Action: itemAt(v.a.ID) + path, Hidden: []ui.NameValue{{Name: "version", Value: version}}}
	if v.kind == "stop" {
		s.Hidden = append(s.Hidden, ui.NameValue{Name: "to", Value: string(action.Stopped)})
	}
	return s
}

func (v *stepView) field(name, label string) ui.Field {
	f := ui.Field{Name: name, Label: v.say(label)}
	if v.Has(label + "-hint") {
		f.Hint = v.say(label + "-hint")
	}
	return f
}

func (v *stepView) text(name, label string, most int, optional bool) ui.Field {
	f := v.field(name, label)
	f.MaxLength, f.Optional = most, optional
	return f
}

func (v *stepView) day(name, label, value string, optional bool) ui.Field {
	f := v.field(name, label)
	f.Value, f.Optional = value, optional
	return f
}

func (v *stepView) number(name, label string, optional bool) ui.Field {
	f := v.field(name, label)
	f.InputMode, f.Min, f.Chars, f.Optional = "numeric", "1", 10, optional
	return f
}

func (v *stepView) audience() ui.Choice {
	return ui.Choice{Field: v.field("audience", "reach.audience"), Options: v.groups, Chosen: []string{targetValue(&v.a.Target)}}
}

// materials are those of the action, for the list of what was used.
func (v *stepView) materials() ui.Choice {
	c := ui.Choice{Field: v.text("material", "reach.material", 0, true), Options: []ui.Option{{Label: v.say("reach.material-none")}}}
	for i := range v.a.Materials {
		m := &v.a.Materials[i]
		name := m.Name
		if m.Version != "" {
			name = v.with("reach.material-version", "name", m.Name, "version", m.Version)
		}
		c.Options = append(c.Options, ui.Option{Value: name, Label: name})
	}
	return c
}

func (d *Desk) askStop(w http.ResponseWriter, r *web.Request) error {
	return d.stopPage(w, r, http.StatusOK, nil)
}

func (d *Desk) stopPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	return d.step(w, r, "stop", status, form)
}

func (d *Desk) askReach(w http.ResponseWriter, r *web.Request) error {
	return d.step(w, r, "reach", http.StatusOK, nil)
}

// dayOf reads a day of a form, and notes when there is no such day.
func dayOf(form *problem.Form, name, text string) action.Day {
	day, ok := action.ParseDay(text)
	if !ok {
		form.Wrong(name, "field.date", nil)
	}
	return day
}

// peopleOf reads a number of people; -1 for what is none, which the domain refuses.
func peopleOf(text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func (d *Desk) putReach(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	a, err := d.Actions.Action(r.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	dates := problem.Form{Bundle: action.Locale()}
	x := action.Reach{Day: dayOf(&dates, "day", form.Get("day")), What: form.Get("what"), People: peopleOf(form.Get("people")), Of: peopleOf(form.Get("of")), Material: form.Get("material")}
	if err = dates.Err(); err == nil {
		if x.Audience, err = d.target(r, form.Get("audience"), form.Get("audience-name"), nil, &a.Target); err == nil {
			err = d.Actions.Touch(r.Context(), r.Actor, id, numberOf(form.Get("version")), x)
		}
	}
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.step(w, r, "reach", status, state) })
	}
	return r.Redirect(w, itemAt(id)+"#reach", notice(r, "reached"))
}

func (d *Desk) askMaterial(w http.ResponseWriter, r *web.Request) error {
	return d.step(w, r, "material", http.StatusOK, nil)
}

func (d *Desk) putMaterial(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	dates := problem.Form{Bundle: action.Locale()}
	m := action.Material{Name: form.Get("name"), Version: form.Get("material-version"), Link: form.Get("link"), Since: dayOf(&dates, "since", form.Get("since"))}
	if err = dates.Err(); err == nil {
		err = d.Actions.Supply(r.Context(), r.Actor, id, numberOf(form.Get("version")), m)
	}
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.step(w, r, "material", status, state) })
	}
	return r.Redirect(w, itemAt(id)+"#material", notice(r, "supplied"))
}

func (d *Desk) askReview(w http.ResponseWriter, r *web.Request) error {
	return d.step(w, r, "review", http.StatusOK, nil)
}

func (d *Desk) putReview(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	dates := problem.Form{Bundle: action.Locale()}
	next := dayOf(&dates, "review", form.Get("review"))
	if err = dates.Err(); err == nil {
		err = d.Actions.Look(r.Context(), r.Actor, id, numberOf(form.Get("version")), form.Get("found"), next)
	}
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.step(w, r, "review", status, state) })
	}
	return r.Redirect(w, itemAt(id)+"#reviews", notice(r, "reviewed"))
}

func (d *Desk) clear(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := d.Actions.Clear(r.Context(), r.Actor, id, numberOf(form.Get("version")), form.Get("list"), int(numberOf(form.Get("at")))); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.showPage(w, r, status, state) })
	}
	return r.Redirect(w, itemAt(id), notice(r, "cleared"))
}

func (d *Desk) askUndo(w http.ResponseWriter, r *web.Request) error {
	return d.ask(w, r, "undo", ui.Ink)
}

func (d *Desk) askDelete(w http.ResponseWriter, r *web.Request) error {
	return d.ask(w, r, "delete", ui.Danger)
}

// ask asks whether somebody means it.
func (d *Desk) ask(w http.ResponseWriter, r *web.Request, what string, kind ui.Kind) error {
	a, err := d.Actions.Action(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !mayRun(r, &a) {
		return db.ErrNoRow
	}
	t := in(r)
	text := t.with(what+".text", "title", t.Quote(a.Title))
	if what == "undo" {
		lines, err := d.Actions.History(r.Context(), r.Actor, a.ID)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			name, err := d.names(r).of(lines[0].Account)
			if err != nil {
				return err
			}
			text = t.with("undo.text", "title", t.Quote(a.Title), "what", t.Inside(t.say("change."+string(lines[0].Kind))), "who", t.nameOr(name), "when", t.moment(lines[0].At))
		}
	}
	p := below(r, t.say(what+".title"), ui.Link{Label: a.Title, Href: itemAt(a.ID)})
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: what, Title: t.say(what + ".title"), Text: text, Cancel: itemAt(a.ID), Do: ui.Action{Label: t.say(what + ".do"), Kind: kind},
		Form: ui.FormSpec{Action: itemAt(a.ID) + "/" + what, Hidden: []ui.NameValue{versionField(a.Version)}}}))
}

func (d *Desk) undo(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := d.Actions.Undo(r.Context(), r.Actor, id, numberOf(form.Get("version"))); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.showPage(w, r, status, state) })
	}
	return r.Redirect(w, itemAt(id), notice(r, "undone"))
}

func (d *Desk) delete(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := d.Actions.Delete(r.Context(), r.Actor, r.PathValue("id"), numberOf(form.Get("version"))); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.showPage(w, r, status, state) })
	}
	return r.Redirect(w, home, notice(r, "deleted"))
}

// plainText is a text that somebody typed, in no language in particular.
func plainText(text string) instrument.Text { return instrument.Text{instrument.NL: text} }
