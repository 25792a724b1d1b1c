package desk

import (
	"errors"
	"net/http"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// importView is the page of an import, whatever its state.
type importView struct {
	w       words
	v       store.Import
	source  store.Source
	reading *people.Reading
	by      string
	when    string
	form    *ui.FormState

	// of the columns
	mapping *mapping.Mapping
	lost    *lostZeros

	// of what it would change
	shown *people.Preview
	again bool // it was to be applied, and the organisation had changed

	// while it works, and afterwards
	work    *ui.Work
	trouble string
	counts  *people.Counts
	undoes  bool // it can be undone
}

// busy tells whether the program works on an import: it waits for nobody.
func busy(v *store.Import, reading *people.Reading) bool {
	return v.State == store.Applying || v.State == store.Received && reading.Saved
}

// steps of an import.
func (w words) steps(at int, links ...string) ui.Steps {
	return ui.Steps{Labels: []string{w.say("steps.bring"), w.say("steps.columns"), w.say("steps.look"), w.say("steps.done")}, Links: links, At: at}
}

// find reads the import that the address names, with what its pages share.
func (d *Desk) find(r *web.Request) (importView, error) {
	x := importView{w: in(r.Lang), form: web.NewForm()}
	var err error
	if x.v, err = d.People.Import(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return x, err
	}
	if x.source, err = d.People.Source(r.Context(), r.Actor, x.v.Source); err != nil {
		return x, err
	}
	if x.reading, err = people.ReadingOf(&x.v); err != nil {
		return x, err
	}
	x.when = x.w.Moment(r.Local(x.v.Created))
	x.by, err = d.who(r, x.w).name(x.v.Account)
	return x, err
}

// frame is the page around an import.
func (x *importView) frame(r *web.Request, key string) web.Page {
	p := page(r, x.w.T(key, i18n.Args{"file": x.v.FileName}), importsCrumb(x.w))
	p.Kicker = x.source.Name + " · " + x.w.say("state."+string(x.v.State))
	p.Invalid = !x.form.OK()
	return p
}

// show is the page of an import: what is to be done in its state.
func (d *Desk) show(w http.ResponseWriter, r *web.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	if busy(&x.v, x.reading) {
		if x.work, err = d.workOf(r, &x); err != nil {
			return err
		}
		p := x.frame(r, "work.page")
		p.Live = true
		return r.Show(w, p, workPage(x))
	}
	switch x.v.State {
	case store.Received:
		return d.columnsPage(w, r, x, http.StatusOK)
	case store.Previewed:
		return d.previewPage(w, r, x, http.StatusOK)
	case store.Applying, store.Applied, store.WasUndone, store.Refused, store.Failed:
	}
	return d.endPage(w, r, x)
}

// progress is how far the work on an import is, for htmx.
func (d *Desk) progress(w http.ResponseWriter, r *web.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	if !busy(&x.v, x.reading) {
		return r.Redirect(w, importAt(x.v.ID), nil)
	}
	work, err := d.workOf(r, &x)
	if err != nil {
		return err
	}
	return r.Part(w, ui.WorkPanel(*work))
}

// workOf is how far the job of an import is.
func (d *Desk) workOf(r *web.Request, x *importView) (*ui.Work, error) {
	here := importAt(x.v.ID)
	key := "work.preview"
	if x.v.State == store.Applying {
		key = "work.apply"
	}
	panel := &ui.Work{ID: "work", Title: x.w.say(key), State: ui.Queued, Stage: x.w.say("work.waits"), Refresh: here,
		Poll: map[string]any{"hx-get": here + "/progress", "hx-trigger": "every 1s", "hx-swap": "outerHTML"}}
	j, err := d.People.Work(r.Context(), r.Actor, x.v.ID)
	if errors.Is(err, db.ErrNoRow) {
		return panel, nil
	}
	if err != nil {
		return nil, err
	}
	switch j.State {
	case jobs.Running:
		panel.State, panel.Stage = ui.Running, d.People.Queue.StageTitle(j).In(r.Lang)
		panel.Known, panel.Share = j.Total > 0, float64(j.Done)/float64(max(1, j.Total))
		panel.Elapsed = d.People.Now().Sub(j.Started)
	case jobs.Waiting:
		if text := j.Trouble.In(r.Lang); text != "" {
			panel.Stage = text + " " + x.w.say("work.again")
		}
	case jobs.Done, jobs.Failed, jobs.Cancelled:
	}
	panel.Actions = []ui.Action{{Label: x.w.say("work.stop"), Href: "/jobs/" + j.ID + "/stop", Kind: ui.Quiet}}
	return panel, nil
}

// endPage is the page of an import on which nothing is to be decided any more, or that came to nothing.
func (d *Desk) endPage(w http.ResponseWriter, r *web.Request, x importView) error {
	p := x.frame(r, "end."+string(x.v.State))
	p.Lead = x.w.say("end." + string(x.v.State) + "-lead")
	again := ui.Action{Label: x.w.say("end.bring"), Href: importsAt + "/new?source=" + x.source.ID, Kind: ui.Quiet}
	switch x.v.State {
	case store.Applied, store.WasUndone:
		x.counts = people.CountsOf(&x.v)
		if x.counts != nil {
			p.Lead = x.lead(x.counts)
		}
		if x.v.State == store.WasUndone {
			p.Lead = x.w.say("end.undone-lead")
			p.Actions = []ui.Action{again}
			break
		}
		p.Actions = []ui.Action{{Label: x.w.say("end.quality"), Href: qualityAt, Kind: ui.Next}, again}
		head, err := store.Head(r.Context(), d.store(r))
		if err != nil {
			return err
		}
		x.undoes = x.v.Revision >= max(head.Oldest, 1)
	case store.Failed:
		x.trouble = people.TroubleOf(&x.v).In(r.Lang)
		if x.v.File != "" {
			p.Actions = []ui.Action{{Label: x.w.say("end.columns"), Href: importAt(x.v.ID) + "/columns", Kind: ui.Next}, again}
		} else {
			again.Kind = ui.Next
			p.Actions = []ui.Action{again}
		}
	case store.Refused, store.Received, store.Previewed, store.Applying:
		again.Kind = ui.Next
		p.Actions = []ui.Action{again}
	}
	return r.Show(w, p, endPage(x))
}

// lead says in a sentence what an import did.
func (x *importView) lead(c *people.Counts) string {
	if x.v.Revision == 0 {
		return x.w.say("end.nothing")
	}
	if c.People == (people.Few{}) {
		return x.w.say("end.tree")
	}
	return x.w.T("end.people", i18n.Args{"before": x.w.Int(c.Before), "after": x.w.Int(c.After), "what": x.w.few(c.People.Added, c.People.Changed, c.People.Gone, c.People.Back)})
}

// facts are where an import came from and what became of it.
func (x importView) facts() []ui.Fact {
	facts := []ui.Fact{{Term: x.w.say("fact.source"), Text: x.source.Name}, {Term: x.w.say("fact.brought"), Text: x.w.T("fact.by", i18n.Args{"when": x.when, "who": x.by})},
		{Term: x.w.say("fact.rows"), Text: x.w.Int(x.reading.Rows)}}
	if x.counts != nil {
		facts = append(facts, ui.Fact{Term: x.w.say("fact.rejected"), Text: x.w.Int(x.counts.Rejected)})
	}
	return facts
}

// countsTable is what an import did.
func (x importView) countsTable() ui.Table {
	c := x.counts
	return x.w.difference([4]people.Few{c.People, c.Units, c.Funcs, c.Posts})
}

// difference is a table of numbers of what is new, changed, gone and back.
func (w words) difference(parts [4]people.Few) ui.Table {
	t := ui.Table{Caption: w.say("diff.caption"), HideCaption: true, Columns: []ui.Column{{Label: w.say("diff.what")}, {Label: w.say("diff.added"), Numeric: true},
		{Label: w.say("diff.changed"), Numeric: true}, {Label: w.say("diff.gone"), Numeric: true}, {Label: w.say("diff.back"), Numeric: true}}}
	for i, name := range []string{"people", "units", "functions", "posts"} {
		f := parts[i]
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(w.say("diff."+name), w.Int(f.Added), w.Int(f.Changed), w.Int(f.Gone), w.Int(f.Back))})
	}
	return t
}

// few says what happened to people in a few words, without what did not: "12 nieuw, 3 uit dienst".
func (w words) few(added, changed, gone, back int) string {
	var parts []string
	for _, p := range []struct {
		key string
		n   int
	}{{"few.added", added}, {"few.changed", changed}, {"few.gone", gone}, {"few.back", back}} {
		if p.n > 0 {
			parts = append(parts, w.n(p.key, p.n))
		}
	}
	if len(parts) == 0 {
		return w.say("few.nothing")
	}
	return w.And(parts)
}

func (d *Desk) askRefuse(w http.ResponseWriter, r *web.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	return d.confirmRefuse(w, r, x, http.StatusOK)
}

func (d *Desk) confirmRefuse(w http.ResponseWriter, r *web.Request, x importView, status int) error {
	at := importAt(x.v.ID)
	p := page(r, x.w.T("refuse.title", i18n.Args{"file": x.v.FileName}), importsCrumb(x.w), ui.Link{Label: x.v.FileName, Href: at})
	p.Status, p.Invalid = status, !x.form.OK()
	return r.Show(w, p, confirmPage(x.form, ui.Confirm{Text: x.w.say("refuse.text"), Form: ui.FormSpec{State: x.form, Action: at + "/refuse", Hidden: []ui.NameValue{version(x.v.Version)}},
		Do: ui.Action{Label: x.w.say("refuse.do"), Kind: ui.Danger}, Cancel: at}))
}

func (d *Desk) refuse(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	x, err := d.find(r)
	if err != nil {
		return err
	}
	if x.v.State != store.Refused { // else it was sent twice
		if err := d.People.Refuse(r.Context(), r.Actor, x.v.ID, number(form.Get("version"))); err != nil {
			return refilled(r, form, err, func(status int, state *ui.FormState) error {
				x.form = state
				return d.confirmRefuse(w, r, x, status)
			})
		}
	}
	return r.Redirect(w, importsAt, r.Notice(noticeBundle, "notice.refused"))
}
