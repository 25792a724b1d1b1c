package desk

import (
	"net/http"
	"net/url"
	"strconv"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// showView is an action.
type showView struct {
	words
	a       *action.Action
	owner   string
	effect  *action.Effect
	overdue bool
	review  bool
	runs    bool // say how far it is
	changes bool // change, delete
	reports bool // read reports
	undoes  bool // the last change can be undone
	history []historyLine
	by      []string // who looked, beside Reviews
	form    *ui.FormState
}

type historyLine struct{ when, who, what string }

func (d *Desk) show(w http.ResponseWriter, r *web.Request) error {
	return d.showPage(w, r, http.StatusOK, nil)
}

func (d *Desk) showPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	a, err := d.Actions.Action(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	today := d.Actions.Today()
	v := showView{words: in(r), a: &a, overdue: a.Overdue(today), review: a.ToReview(today), runs: mayRun(r, &a), changes: r.Can(changes), reports: r.Can(access.ReadReport), form: form}
	names := d.names(r)
	if v.owner, err = names.owner(v.words, a.Owner); err != nil {
		return err
	}
	for i := range a.Reviews {
		name, err := names.of(a.Reviews[i].By)
		if err != nil {
			return err
		}
		v.by = append(v.by, v.nameOr(name))
	}
	if e, ok, err := d.Actions.Effect(r.Context(), r.Actor, a.ID); err != nil {
		return err
	} else if ok {
		v.effect = &e
	}
	if err := d.traced(r, &v, names); err != nil {
		return err
	}
	p := below(r, a.Title)
	p.Status, p.Invalid, p.Kicker = status, !form.OK(), v.say("state."+string(a.State))
	p.Synthetic = a.Measure != nil && a.Measure.Figure.Synthetic || a.From != nil && a.From.Figure != nil && a.From.Figure.Synthetic
	if next := v.next(); next != nil {
		p.Actions = []ui.Action{*next}
	}
	return r.Show(w, p, showPage(v))
}

// traced fills in the history.
func (d *Desk) traced(r *web.Request, v *showView, names *names) error {
	lines, err := d.Actions.History(r.Context(), r.Actor, v.a.ID)
	if err != nil {
		return err
	}
	for i := range lines {
		l := &lines[i]
		name, err := names.of(l.Account)
		if err != nil {
			return err
		}
		what := v.say("change." + string(l.Kind))
		if l.Kind == action.Moved || l.Kind == action.Undone {
			what = v.with("change.to", "what", what, "state", v.Inside(v.say("state."+string(l.State))))
		}
		v.history = append(v.history, historyLine{v.moment(l.At), v.nameOr(name), what})
	}
	v.undoes = len(lines) > 1 && (v.changes || v.runs && lines[0].Account == r.Actor.Owner)
	return nil
}

func (w words) nameOr(name string) string {
	if name == "" {
		return w.say("owner.gone")
	}
	return name
}

// next is the one next step of who may take it; nil for none.
func (v *showView) next() *ui.Action {
	at := itemAt(v.a.ID)
	switch {
	case v.review && v.runs:
		return &ui.Action{Label: v.say("review.do"), Href: at + "/review", Kind: ui.Next}
	case v.a.State == action.Proposed && v.changes:
		return &ui.Action{Label: v.say("show.plan"), Href: at + "/edit?then=planned", Kind: ui.Next}
	case v.a.State == action.Running && v.runs:
		return &ui.Action{Label: v.say("reach.do"), Href: at + "/reach", Kind: ui.Next}
	}
	return nil
}

// facts are what one must know.
func (v *showView) facts() []ui.Fact {
	a := v.a
	out := []ui.Fact{{Term: v.say("column.target"), Text: v.target(&a.Target)}, {Term: v.say("column.owner"), Text: v.owner}}
	if a.Starts != "" {
		out = append(out, ui.Fact{Term: v.say("field.starts"), Text: v.day(a.Starts)})
	}
	out = append(out, ui.Fact{Term: v.say("field.due"), Content: dueCell(v.words, a.Due, v.overdue, false)})
	if a.Ended != "" {
		out = append(out, ui.Fact{Term: v.say("column.ended"), Text: v.day(a.Ended)})
	}
	if a.Reason != "" {
		out = append(out, ui.Fact{Term: v.say("field.reason"), Text: a.Reason})
	}
	if a.Review != "" {
		out = append(out, ui.Fact{Term: v.say("field.review"), Content: dueCell(v.words, a.Review, false, v.review)})
	}
	if a.From != nil {
		out = append(out, ui.Fact{Term: v.say("show.from"), Content: originCell(v)})
	}
	if a.Risk != "" {
		out = append(out, ui.Fact{Term: v.say("field.risk"), Content: paragraphs(lines(a.Risk))})
	}
	if a.Notes != "" {
		out = append(out, ui.Fact{Term: v.say("field.notes"), Content: paragraphs(lines(a.Notes))})
	}
	return out
}

// origin says what was found then.
func (v *showView) origin() string {
	f := v.a.From.Figure
	if f == nil {
		return v.say("show.from-reason")
	}
	return v.with("show.from-figure", "what", v.what(f), "figure", v.figure(f))
}

// wish says which figure should move where.
func (v *showView) wish() string {
	m := v.a.Measure
	key := "measure." + string(m.Direction)
	if m.Goal != nil {
		return v.with(key+"-goal", "what", v.what(&m.Figure), "goal", v.value(&m.Figure, *m.Goal))
	}
	return v.with(key, "what", v.what(&m.Figure))
}

// reachTable is whom it reached, the newest first.
func (v *showView) reachTable() ui.Table {
	t := ui.Table{Caption: v.say("reach.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("timeline.what")}, {Label: v.say("reach.day")}, {Label: v.say("column.target")}, {Label: v.say("reach.short"), Numeric: true}}}
	for i := len(v.a.Reach) - 1; i >= 0; i-- {
		x := &v.a.Reach[i]
		people := v.Int(x.People)
		if x.Of > 0 {
			people = v.with("reach.of", "n", people, "all", v.Int(x.Of))
		}
		row := ui.Row{Cells: []ui.Cell{{Text: x.What}, {Text: v.day(x.Day)}, {Text: v.target(&x.Audience)}, {Text: people}}}
		v.clearing(&row, action.OfReach, i, x.What)
		t.Rows = append(t.Rows, row)
	}
	v.clearColumn(&t)
	return t
}

// clearColumn names the column of buttons.
func (v *showView) clearColumn(t *ui.Table) {
	if v.runs {
		t.Columns = append(t.Columns, ui.Column{Label: ui.WordActions.In(v.lang)})
	}
}

// clearing gives a row its button to take it off.
func (v *showView) clearing(row *ui.Row, list string, i int, about string) {
	if !v.runs {
		return
	}
	form := v.post("/clear", ui.NameValue{Name: "list", Value: list}, ui.NameValue{Name: "at", Value: strconv.Itoa(i)})
	row.Cells = append(row.Cells, ui.Cell{Content: ui.PostButton(form, ui.Action{Label: v.say("clear.do"), About: about, Kind: ui.Quiet})})
}

// post is a form that changes the action as it was read.
func (v *showView) post(path string, more ...ui.NameValue) ui.FormSpec {
	return ui.FormSpec{Action: itemAt(v.a.ID) + path, Hidden: append([]ui.NameValue{versionField(v.a.Version)}, more...)}
}

func versionField(version int64) ui.NameValue {
	return ui.NameValue{Name: "version", Value: strconv.FormatInt(version, 10)}
}

// times is how often somebody took part.
func (v *showView) times() int {
	n := 0
	for _, x := range v.a.Reach {
		n += x.People
	}
	return n
}

func (v *showView) materialTable() ui.Table {
	t := ui.Table{Caption: v.say("material.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("material.name")}, {Label: v.say("material.version")}, {Label: v.say("material.since")}}}
	for i := range v.a.Materials {
		x := &v.a.Materials[i]
		version := x.Version
		if version == "" {
			version = "–"
		}
		row := ui.Row{Cells: []ui.Cell{{Text: x.Name, Href: x.Link}, {Text: version}, {Text: v.day(x.Since)}}}
		v.clearing(&row, action.OfMaterials, i, x.Name)
		t.Rows = append(t.Rows, row)
	}
	v.clearColumn(&t)
	return t
}

// steps are the states to which one may go, as buttons. What needs more than a button leads to its page.
func (v *showView) steps() []ui.Action {
	var out []ui.Action
	at := itemAt(v.a.ID)
	for _, to := range v.a.State.Next() {
		a := ui.Action{Label: v.say("to." + string(to)), Kind: ui.Quiet, Name: "to", Value: string(to)}
		switch {
		case to == action.Planned && v.a.State == action.Running:
			a.Label = v.say("to.planned-back")
		case to == action.Running && v.a.State == action.Done, to == action.Planned && v.a.State == action.Stopped:
			a.Label = v.say("to.again")
		}
		ready := v.a.Owner.Given() && v.a.Due != ""
		switch {
		case to == action.Stopped:
			a.Href = at + "/stop"
		case (to == action.Planned || to == action.Running) && !ready && v.changes:
			a.Href = at + "/edit?then=" + string(to)
		}
		out = append(out, a)
	}
	return out
}

// toReport leads to a report that the reader may open; "" for none.
func (v *showView) toReport(id string) string {
	if !v.reports {
		return ""
	}
	return "/reports/" + url.PathEscape(id)
}

func (d *Desk) move(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id, to := r.PathValue("id"), action.State(form.Get("to"))
	err = d.Actions.Move(r.Context(), r.Actor, id, numberOf(form.Get("version")), to, form.Get("reason"))
	if err == nil {
		return r.Redirect(w, itemAt(id), notice(r, "moved"))
	}
	if to == action.Stopped {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.stopPage(w, r, status, state) })
	}
	if to == action.Planned || to == action.Running {
		if r.Can(changes) && invalid(err) {
			return r.Redirect(w, itemAt(id)+"/edit?then="+string(to), nil)
		}
	}
	return again(r, form, err, func(status int, state *ui.FormState) error { return d.showPage(w, r, status, state) })
}
