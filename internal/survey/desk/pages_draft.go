package desk

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/steps"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

func (d *Desk) askNew(w http.ResponseWriter, r *web.Request) error {
	return d.newForm(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) newForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	p := page(r, nil, "new.title")
	p.Lead, p.Status, p.Invalid = in(r.Lang).say("new.lead"), status, !form.OK()
	return r.Show(w, p, newPage(form, in(r.Lang)))
}

// create makes a draft with what is usual, and goes on to how anonymous it is.
func (d *Desk) create(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	title, base := form.Get("title"), form.Get("base")
	in := wave.Input{Base: base, Asked: r.Asked(form, []any{title, base}), Terms: wave.Terms{Title: title, Mode: wave.Anonymous, Languages: r.Org.Languages,
		GroupSize: max(r.Org.GroupSize, instrument.MinGroupSize), Retention: wave.DefaultRetention}}
	made, err := d.Waves.Create(r.Context(), r.Actor, in)
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return d.newForm(w, r, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, "/waves/"+made.ID+"/settings", nil)
}

func (d *Desk) askSettings(w http.ResponseWriter, r *web.Request) error {
	v, err := d.find(r)
	if err != nil {
		return err
	}
	return d.settingsForm(w, r, &v, http.StatusOK, web.NewForm())
}

func (d *Desk) settingsForm(w http.ResponseWriter, r *web.Request, v *wave.Wave, status int, form *ui.FormState) error {
	say := in(r.Lang)
	key := "settings.title"
	if v.State.Launched() {
		key = "settings.locked-title"
	}
	p := page(r, v, key)
	p.Status, p.Invalid = status, !form.OK()
	others, err := d.Waves.Waves(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	others = slices.DeleteFunc(others, func(o wave.Wave) bool { return o.ID == v.ID || o.State == wave.Draft })
	return r.Show(w, p, settingsPage(settingsView{v, others, form, say, r.Org}))
}

func (d *Desk) settings(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	v, err := d.find(r)
	if err != nil {
		return err
	}
	terms := wave.Terms{Title: form.Get("title"), Mode: wave.Mode(form.Get("mode")), GroupSize: number(form, "groupSize"), Retention: number(form, "retention"),
		Linked: form.Get("linked") == "yes", Previous: form.Get("previous")}
	for _, l := range form["languages"] {
		terms.Languages = append(terms.Languages, instrument.Lang(l))
	}
	if err := d.Waves.Change(r.Context(), r.Actor, v.ID, version(form), terms); err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return d.settingsForm(w, r, &v, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, steps.Kept(v.ID, steps.Mode, form.Get(steps.To)), r.Notice(noticeBundle, "notice.kept"))
}

func (d *Desk) rename(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	v, err := d.find(r)
	if err != nil {
		return err
	}
	if err := d.Waves.Rename(r.Context(), r.Actor, v.ID, version(form), form.Get("title")); err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return d.settingsForm(w, r, &v, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, "/waves/"+v.ID, r.Notice(noticeBundle, "notice.kept"))
}

func (d *Desk) askPlan(w http.ResponseWriter, r *web.Request) error {
	v, err := d.find(r)
	if err != nil {
		return err
	}
	return d.planForm(w, r, &v, http.StatusOK, web.NewForm())
}

func (d *Desk) planForm(w http.ResponseWriter, r *web.Request, v *wave.Wave, status int, form *ui.FormState) error {
	p := page(r, v, "plan.title")
	p.Status, p.Invalid = status, !form.OK()
	return r.Show(w, p, planPage(planView{v, form, in(r.Lang), r.Local}))
}

func (d *Desk) plan(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	v, err := d.find(r)
	if err != nil {
		return err
	}
	plan, err := d.readPlan(r, form, &v)
	if err == nil {
		err = d.Waves.SetPlan(r.Context(), r.Actor, v.ID, version(form), plan)
	}
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return d.planForm(w, r, &v, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, steps.Kept(v.ID, steps.When, form.Get(steps.To)), r.Notice(noticeBundle, "notice.kept"))
}

// readPlan reads the form of a plan. The moment to open of a wave that was launched is not in the form: it stays.
func (d *Desk) readPlan(r *web.Request, form url.Values, v *wave.Wave) (wave.Plan, error) {
	wrong := &problem.Form{Bundle: locale()}
	read := func(name string) (at momentField) {
		at.time, at.ok = moment(r, d.Now(), form.Get(name), form.Get(name+"-hour"))
		if !at.ok {
			wrong.Wrong(name, "error.moment", nil)
		}
		return at
	}
	p := wave.Plan{Contact: form.Get("contact"), Kiosk: form.Get("kiosk") == "yes", Words: instrument.Text{}}
	p.Opens, p.Closes = v.Opens, read("closes").time
	if !v.State.Launched() {
		p.Opens = read("opens").time
	}
	for i := range reminderFields {
		if at := read(fmt.Sprintf("reminder%d", i+1)); at.ok && !at.time.IsZero() {
			p.Reminders = append(p.Reminders, at.time)
		}
	}
	for _, l := range v.Languages {
		p.Words[l] = form.Get("words-" + string(l))
	}
	return p, wrong.Err()
}

// reminderFields is how many reminders the form offers.
const reminderFields = 3

func number(form url.Values, name string) int {
	n, _ := strconv.Atoi(form.Get(name)) // what is no number is refused as 0
	return n
}

// version is the one that a form was made on; what is no number is one that never was.
func version(form url.Values) int64 {
	n, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// bases lists the built-in questionnaires that can be asked.
func (w words) bases() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "base", Label: w.say("new.base"), Hint: w.say("new.base-hint")}, Chosen: []string{"genai-monitor"}}
	titles := baseTitles()
	usual := c.Chosen[0]
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(titles)), func(name string) bool { return name == usual })
	for _, name := range append([]string{usual}, others...) {
		c.Options = append(c.Options, ui.Option{Value: name, Label: titles[name].In(w.Lang)})
	}
	return c
}

// modes are the modes in plain words, with what follows from each.
func (w words) modes(v *wave.Wave) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "mode", Label: w.say("settings.mode"), Hint: w.say("settings.mode-hint")}, Chosen: []string{string(v.Mode)}, Tiles: true}
	for _, m := range wave.Modes() {
		c.Options = append(c.Options, ui.Option{Value: string(m), Label: w.say("mode." + string(m)), Hint: w.say("mode." + string(m) + "-text")})
	}
	return c
}

func (w words) languages(v *wave.Wave) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "languages", Label: w.say("settings.languages"), Hint: w.say("settings.languages-hint")}, Inline: true}
	for _, l := range instrument.Languages() {
		c.Options = append(c.Options, ui.Option{Value: string(l), Label: w.languageLabel(l)})
		if slices.Contains(v.Languages, l) {
			c.Chosen = append(c.Chosen, string(l))
		}
	}
	return c
}

// language names a language in that of the page, as it stands in a sentence.
func (w words) language(l instrument.Lang) string { return w.say("language." + string(l)) }

// languageLabel is language as it stands by itself.
func (w words) languageLabel(l instrument.Lang) string {
	name := w.language(l)
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

func (w words) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// momentField is a moment that was read, and whether it could be.
type momentField struct {
	time time.Time
	ok   bool
}
