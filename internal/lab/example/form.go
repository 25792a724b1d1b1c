package example

import (
	"net/http"
	"net/url"
	"strconv"

	"tekentafel/internal/guard"
	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// formView is the form of an example.
type formView struct {
	shelf.Words
	e         *Example // nil for a new one
	form      *ui.FormState
	found     []Found
	replaced  bool
	places    []ui.Option
	families  []ui.Option
	tasks     []ui.Option
	languages []ui.Option
	hidden    []ui.NameValue
	address   string
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (s *Service) askNew(w http.ResponseWriter, r *web.Request) error {
	form := web.NewForm()
	form.Values = url.Values{"lang": {string(r.Lang)}}
	if s.Places != nil {
		department, family, err := s.Places.Of(r.Context(), s.DB.Of(r.Actor.Tenant), r.Actor.Owner)
		if err != nil {
			return err
		}
		form.Values.Set("department", department)
		form.Values.Set("family", family)
	}
	return s.formOf(w, r, http.StatusOK, formView{form: form})
}

func (s *Service) askEdit(w http.ResponseWriter, r *web.Request) error {
	e, err := s.own(r)
	if err != nil {
		return err
	}
	form := web.NewForm()
	form.Values = e.values()
	form.Values.Set("version", strconv.FormatInt(e.Version, 10))
	return s.formOf(w, r, http.StatusOK, formView{e: &e, form: form})
}

// values are the fields of the form.
func (c *Content) values() url.Values {
	v := url.Values{"department": {c.Department}, "family": {c.Family}, "task": {c.Task}, "lang": {string(c.Lang)}}
	for _, f := range c.texts() {
		v.Set(f.Name, *f.Text)
	}
	if c.Named {
		v.Set("named", "yes")
	}
	if c.Nobody {
		v.Set("nobody", "yes")
	}
	return v
}

// read makes an example of a form.
func read(form url.Values, r *web.Request) Content {
	c := Content{Department: form.Get("department"), Family: form.Get("family"), Task: form.Get("task"), Named: form.Get("named") == "yes", Nobody: form.Get("nobody") == "yes", Lang: r.Lang}
	for _, l := range r.Org.Languages {
		if string(l) == form.Get("lang") {
			c.Lang = l
		}
	}
	for _, f := range c.texts() {
		*f.Text = form.Get(f.Name)
	}
	return c
}

// put offers an example, or changes one.
func (s *Service) put(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	v := formView{}
	if r.PathValue("id") != "" {
		e, err := s.own(r)
		if err != nil {
			return err
		}
		v.e = &e
	}
	c := read(form, r)
	if form.Get("do") == "replace" {
		v.replaced = true
		clean := s.Replaced(c)
		values := clean.values()
		values.Set("version", form.Get("version"))
		v.form = &ui.FormState{Values: values, Once: form.Get(web.OnceField)}
		return s.formOf(w, r, http.StatusOK, v)
	}
	to, said := mineAt, "offered"
	if v.e == nil {
		_, err = s.Offer(r.Context(), r.Actor, c, r.Asked(form, form))
	} else {
		said, err = "changed", s.Change(r.Context(), r.Actor, v.e.ID, number(form.Get("version")), c)
	}
	if err != nil {
		if p, is := problem.Of(err); is && p.Kind == problem.Invalid {
			v.found = s.Find(&c)
		}
		return again(r, form, err, func(state *ui.FormState) error {
			v.form = state
			return s.formOf(w, r, http.StatusUnprocessableEntity, v)
		})
	}
	return r.Redirect(w, to, r.Notice(noticeBundle, "notice."+said))
}

func (s *Service) formOf(w http.ResponseWriter, r *web.Request, status int, v formView) error {
	v.Words = in(r.Lang)
	title := v.Say("new.title")
	v.address = newAt
	if v.e != nil {
		title, v.address = v.Say("edit.title"), at(v.e.ID)+"/edit"
		v.hidden = []ui.NameValue{{Name: "version", Value: v.form.Values.Get("version")}}
	}
	departments, families, err := s.places(r.Context(), s.DB.Of(r.Actor.Tenant))
	if err != nil {
		return err
	}
	none := ui.Option{Label: v.Say("form.none")}
	v.places, v.families, v.tasks = []ui.Option{none}, []ui.Option{none}, []ui.Option{none}
	for _, d := range departments {
		v.places = append(v.places, ui.Option{Value: d.ID, Label: d.Name})
	}
	for _, f := range families {
		v.families = append(v.families, ui.Option{Value: f, Label: f})
	}
	for _, t := range s.Tasks.Tasks(r.Lang) {
		v.tasks = append(v.tasks, ui.Option{Value: t.ID, Label: t.Name})
	}
	for _, l := range r.Org.Languages {
		v.languages = append(v.languages, ui.Option{Value: string(l), Label: ui.LanguageName(l)})
	}
	p := below(v.Words, title)
	p.Status, p.Invalid, p.Lead = status, !v.form.OK(), v.Say("form.lead")
	return r.Show(w, p, formPage(v))
}

// area is a field for a text.
func (v *formView) area(name string, most, rows int) ui.Field {
	return ui.Field{Name: name, Label: v.Say("field." + name), Hint: v.Say("field." + name + "-hint"), MaxLength: most, Rows: rows}
}

func (v *formView) pick(name string, list []ui.Option) ui.Choice {
	return ui.Choice{Field: ui.Field{Name: name, Label: v.Say("field." + name), Optional: name != "lang"}, Options: list}
}

// words tells whether the guard found words that may stay.
func (v *formView) words() bool {
	for _, f := range v.found {
		if f.Stays {
			return true
		}
	}
	return v.form.Values.Get("nobody") != ""
}

// values tells whether the guard found something that must go.
func (v *formView) values() bool {
	for _, f := range v.found {
		if !f.Stays {
			return true
		}
	}
	return false
}

func optional(f ui.Field) ui.Field {
	f.Optional = true
	return f
}

// limits says what the guard cannot find.
func (v *formView) limits() string { return shelf.In(guard.Texts(), v.Lang).Say("limits") }
