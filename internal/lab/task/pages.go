package task

import (
	"embed"
	"encoding/json"
	"net/http"
	"net/url"
	"sync"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Bounds of what is filled in, in characters. The form has the same; beyond them the server cuts nothing and refuses nothing, as the chat does.
const (
	mostLine = 200
	mostLong = 20000
)

// Pages shows the tasks.
type Pages struct{ tasks []Task }

// New returns the pages of tasks in their order.
func New(tasks []Task) *Pages { return &Pages{tasks} }

// AddTo makes the routes known to a server.
func (p *Pages) AddTo(server *web.Server) error {
	return server.Add(
		web.Route{Pattern: "GET /lab/tasks", Action: shelf.Uses, Handle: p.list},
		web.Route{Pattern: "GET /lab/tasks/{id}", Action: shelf.Uses, Handle: p.ask},
		web.Route{Pattern: "POST /lab/tasks/{id}", Action: shelf.Uses, Body: 1 << 20, Handle: p.show},
	)
}

// List lists the tasks for a page, in a language.
func (p *Pages) List(lang instrument.Lang) []shelf.Entry {
	out := make([]shelf.Entry, 0, len(p.tasks))
	for i := range p.tasks {
		t := &p.tasks[i]
		out = append(out, shelf.Entry{Title: t.Title.In(lang), Href: at(t.ID), Text: t.About.In(lang)})
	}
	return out
}

// Entry returns what the chat shows of a task; ok is false for an id that is none.
func (p *Pages) Entry(id string, lang instrument.Lang) (e lab.Entry, ok bool) {
	t := p.find(id)
	if t == nil {
		return lab.Entry{}, false
	}
	w := shelf.In(locale(), lang)
	return lab.Entry{ID: t.ID, Title: w.Of(t.Title), Reminder: w.Of(t.Rule), Look: w.All(t.Look), Back: at(t.ID)}, true
}

func at(id string) string { return shelf.Tasks + "/" + id }

func (p *Pages) find(id string) *Task {
	for i := range p.tasks {
		if p.tasks[i].ID == id {
			return &p.tasks[i]
		}
	}
	return nil
}

func (p *Pages) list(w http.ResponseWriter, r *web.Request) error {
	say := shelf.In(locale(), r.Lang)
	page := shelf.Page(say, say.Say("title"))
	page.Lead = say.Say("lead")
	return r.Show(w, page, listPage(p.List(r.Lang)))
}

// view is a task with what was filled in.
type view struct {
	shelf.Words
	t     *Task
	form  *ui.FormState
	parts []Built
}

func (p *Pages) ask(w http.ResponseWriter, r *web.Request) error {
	t := p.find(r.PathValue("id"))
	if t == nil {
		return db.ErrNoRow
	}
	values := t.Sample(Work(r.URL.Query().Get("example")), r.Lang)
	return page(w, r, t, values)
}

// show builds the prompt of what was filled in, where no script does.
func (p *Pages) show(w http.ResponseWriter, r *web.Request) error {
	t := p.find(r.PathValue("id"))
	if t == nil {
		return db.ErrNoRow
	}
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	values := map[string]string{}
	for i := range t.Fields {
		values[t.Fields[i].ID] = form.Get(t.Fields[i].ID)
	}
	return page(w, r, t, values)
}

func page(w http.ResponseWriter, r *web.Request, t *Task, values map[string]string) error {
	form := ui.NewFormState(url.Values{})
	filled := map[string]string{}
	for i := range t.Fields {
		f := &t.Fields[i]
		filled[f.ID] = values[f.ID]
		if f.Kind == Choice && f.option(filled[f.ID]) == nil {
			filled[f.ID] = f.Options[0].ID
		}
		form.Values.Set(f.ID, filled[f.ID])
	}
	v := view{Words: shelf.In(locale(), r.Lang), t: t, form: form, parts: Build(t, r.Lang, filled)}
	pg := shelf.Page(v.Words, v.Of(t.Title), ui.Link{Label: v.Say("title"), Href: shelf.Tasks})
	pg.Lead = v.Of(t.About)
	return r.Show(w, pg, taskPage(v))
}

// field is a field of the form.
func (v view) field(f *Field) ui.Field {
	out := ui.Field{Name: f.ID, Label: v.Of(f.Label), Hint: v.Of(f.Hint), Optional: !f.Needed, MaxLength: mostLine}
	if f.Kind == Long {
		out.MaxLength, out.Rows = mostLong, 6
	}
	if f.Kind == Choice {
		out.Optional, out.MaxLength = false, 0
	}
	return out
}

func (v view) choice(f *Field) ui.Choice {
	c := ui.Choice{Field: v.field(f)}
	for i := range f.Options {
		c.Options = append(c.Options, ui.Option{Value: f.Options[i].ID, Label: v.Of(f.Options[i].Label)})
	}
	return c
}

// says tells the script what stands in the prompt for each option.
func (v view) says(f *Field) (string, error) {
	out := map[string]string{}
	for i := range f.Options {
		out[f.Options[i].ID] = v.Of(f.Options[i].Says)
	}
	b, err := json.Marshal(out)
	return string(b), err
}

// shown is the text of a part on the page.
func (b *Built) shown() string {
	if len(b.Missing) > 0 {
		return b.Preview
	}
	return b.Text
}

// Title is how a task is called.
type Title struct{ ID, Title string }

// Titles lists how the tasks are called in a language, in their order.
func (p *Pages) Titles(lang instrument.Lang) []Title {
	out := make([]Title, len(p.tasks))
	for i := range p.tasks {
		out[i] = Title{p.tasks[i].ID, p.tasks[i].Title.In(lang)}
	}
	return out
}
