package desk

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/spreadsheet"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// previewPage shows what an import would do, and asks whether it should.
func (d *Desk) previewPage(w http.ResponseWriter, r *web.Request, x importView, status int) error {
	var err error
	if x.shown, err = d.People.Show(r.Context(), r.Actor, &x.v); err != nil {
		return err
	}
	if x.again, err = d.People.LookedAgain(r.Context(), r.Actor, &x.v); err != nil {
		return err
	}
	p := x.frame(r, "preview.title")
	p.Status = status
	p.Lead = x.sentence()
	p.Actions = []ui.Action{{Label: x.w.say("preview.decide"), Href: "#decide", Kind: ui.Quiet}}
	return r.Show(w, p, previewPage(x))
}

// sentence says in a sentence what would change.
func (x *importView) sentence() string {
	d := x.shown.Difference
	switch {
	case x.nothing():
		return x.w.say("preview.nothing")
	case x.shown.Content == mapping.Units:
		return x.w.say("preview.units")
	case x.shown.Content == mapping.Functions:
		return x.w.say("preview.functions")
	}
	return x.w.T("preview.people", i18n.Args{"before": x.w.Int(d.Before), "after": x.w.Int(d.After), "what": x.w.few(d.People.Added, d.People.Changed, d.People.Gone, d.People.Back)})
}

// nothing tells whether an import would change nothing.
func (x *importView) nothing() bool { return x.shown.Difference.Same() }

func (x importView) differenceTable() ui.Table {
	d := x.shown.Difference
	few := func(p *draft.Part) people.Few {
		return people.Few{Added: p.Added, Changed: p.Changed, Gone: p.Gone, Back: p.Back}
	}
	return x.w.difference([4]people.Few{few(&d.People), few(&d.Units), few(&d.Functions), few(&d.Posts)})
}

// mostLosses is how many losses are written out.
const mostLosses = 12

// goes are the losses of what goes beyond the limits.
func (x importView) goes() []draft.Loss {
	return slices.DeleteFunc(slices.Clone(x.shown.Difference.Losses), func(l draft.Loss) bool { return l.Kind == draft.OtherPeople })
}

// others is the numbers of another source that come with other names; nil for none.
func (x importView) others() *draft.Loss {
	list := x.shown.Difference.Losses
	if i := slices.IndexFunc(list, func(l draft.Loss) bool { return l.Kind == draft.OtherPeople }); i >= 0 {
		return &list[i]
	}
	return nil
}

// otherPeople says how many numbers are of other people.
func (x importView) otherPeople(l *draft.Loss) string {
	return x.w.N("others.count", l.N, i18n.Args{"n": x.w.Int(l.N), "of": x.w.Int(l.Of)})
}

// otherTable names the first of them.
func (x importView) otherTable(l *draft.Loss) ui.Table {
	t := ui.Table{Caption: x.w.say("others.title"), HideCaption: true, Columns: []ui.Column{{Label: x.w.say("others.number")}, {Label: x.w.say("others.stands")}, {Label: x.w.say("others.comes")}}}
	for _, o := range l.First {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: o.Number}, {Text: o.Stands, Href: listAt + "/" + o.ID}, {Text: o.Comes}}})
	}
	return t
}

// losses says what goes beyond the limits.
func (x importView) losses() []string {
	list := x.goes()
	var out []string
	for i := range list[:min(len(list), mostLosses)] {
		l := &list[i]
		field := ""
		if l.Field != "" {
			field = x.w.Inside(x.w.changed(subjectOf(l.Field), l.Field))
		}
		out = append(out, x.w.N("loss."+string(l.Kind), l.N, i18n.Args{"n": x.w.Int(l.N), "of": x.w.Int(l.Of), "unit": x.w.Quote(l.Name), "field": field}))
	}
	if more := len(list) - len(out); more > 0 {
		out = append(out, x.w.n("loss.more", more))
	}
	return out
}

// subjectOf is what a field that can go empty is of.
func subjectOf(field string) draft.Subject {
	switch field {
	case "unit", "function", "fte", "statute":
		return draft.OfPosts
	}
	return draft.OfPeople
}

// sure is the statement that a loss is right.
func (x importView) sure() ui.Field {
	d := x.shown.Difference
	var parts []string
	switch {
	case len(x.goes()) == 0:
	case d.People.Gone == 0:
		parts = append(parts, x.w.say("loss.sure-empty"))
	default:
		parts = append(parts, x.w.n("loss.sure-people", d.People.Gone))
	}
	switch {
	case x.others() == nil:
	case len(parts) > 0:
		parts = append(parts, x.w.say("others.sure-too"))
	default:
		parts = append(parts, x.w.say("others.sure"))
	}
	what := strings.Join(parts, " ")
	return ui.Field{Name: "loss", Label: x.w.T("loss.sure", i18n.Args{"what": what})}
}

// group is rows of a file with one thing to say of them.
type group struct {
	title, mend string
	rows        []string
}

// mostRows is how many rows of a group are written out.
const mostRows = 10

// rejected are the rows that are not taken, by the reason.
func (x importView) rejected() []group {
	var kinds []draft.Kind
	by := map[draft.Kind][]draft.Rejected{}
	for _, row := range x.shown.Rejected {
		if by[row.Kind] == nil {
			kinds = append(kinds, row.Kind)
		}
		by[row.Kind] = append(by[row.Kind], row)
	}
	slices.SortStableFunc(kinds, func(a, b draft.Kind) int { return len(by[b]) - len(by[a]) })
	var out []group
	for _, k := range kinds {
		list := by[k]
		g := group{title: x.w.n("rejected."+string(k), len(list)), mend: x.w.say("rejected." + string(k) + "-mend")}
		for _, row := range list[:min(len(list), mostRows)] {
			g.rows = append(g.rows, x.cell(row.Row, row.Value, ""))
		}
		if more := len(list) - mostRows; more > 0 {
			g.rows = append(g.rows, x.w.n("rows.more", more))
		}
		out = append(out, g)
	}
	return out
}

// left is how many rows are not taken.
func (x importView) left() int { return x.shown.Rows - x.shown.Taken }

// doubts are values that somebody should look at.
func (x importView) doubts() []group {
	var out []group
	for i := range x.shown.Doubts {
		d := &x.shown.Doubts[i]
		name := x.w.Quote(x.heading(d.Column))
		if d.Column < 0 || x.heading(d.Column) == "" {
			name = x.w.Quote(x.w.field(d.Field))
		}
		g := group{title: x.w.N("doubt."+string(d.Kind), d.Count, i18n.Args{"n": x.w.Int(d.Count), "column": name}), mend: x.w.say("doubt." + string(d.Kind) + "-mend")}
		for _, c := range d.First[:min(len(d.First), mostRows)] {
			g.rows = append(g.rows, x.cell(c.Row, c.Value, c.Other))
		}
		if more := d.Count - mostRows; more > 0 {
			g.rows = append(g.rows, x.w.n("rows.more", more))
		}
		out = append(out, g)
	}
	return out
}

// cell writes where in the file something stands: "rij 12: ‘x’, genomen is ‘y’".
func (x importView) cell(row int, value, other string) string {
	text := ""
	if row > 0 {
		text = x.w.T("rows.row", i18n.Args{"n": x.w.Int(row)})
	}
	if value != "" {
		if text != "" {
			text += ": "
		}
		text += x.w.Quote(value)
	}
	if other != "" {
		text += x.w.T("rows.taken", i18n.Args{"value": x.w.Quote(other)})
	}
	return text
}

// unread are the columns of the file that have no meaning and are new.
func (x importView) unread() []string {
	var out []string
	for _, i := range x.reading.New {
		out = append(out, x.w.Quote(x.heading(i)))
	}
	return out
}

// name returns the name of a row that the preview points to.
func (x importView) name(id string) string {
	if name, ok := x.shown.Names[id]; ok && name != "" {
		return name
	}
	return "?"
}

// renames are units that are probably one under another name.
func (x importView) renames() []renamed {
	var out []renamed
	for i := range x.shown.Renames {
		n := &x.shown.Renames[i]
		args := i18n.Args{"from": x.w.Quote(x.name(n.Unit)), "to": x.w.Quote(x.name(n.Into)), "n": x.w.Int(n.Moved), "of": x.w.Int(n.People)}
		out = append(out, renamed{text: x.w.N("rename.text", n.Moved, args), about: x.name(n.Into), from: n.From, to: n.To})
	}
	return out
}

type renamed struct{ text, about, from, to string }

func (x importView) sameForm(n renamed) ui.FormSpec {
	return ui.FormSpec{State: web.NewForm(), Action: importAt(x.v.ID) + "/same", Hidden: []ui.NameValue{version(x.v.Version), {Name: "from", Value: n.from}, {Name: "to", Value: n.to}}}
}

// same says that a unit of the file is one that stands.
func (d *Desk) same(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	x, err := d.find(r)
	if err != nil {
		return err
	}
	if !busy(&x.v, x.reading) { // else it was sent twice
		if err := d.People.SameUnit(r.Context(), r.Actor, x.v.ID, form.Get("from"), form.Get("to"), number(form.Get("version"))); err != nil {
			return err
		}
	}
	return r.Redirect(w, importAt(x.v.ID), nil)
}

// apply lets an import count.
func (d *Desk) apply(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	x, err := d.find(r)
	if err != nil {
		return err
	}
	if x.v.State == store.Previewed {
		if err := d.People.Apply(r.Context(), r.Actor, x.v.ID, number(form.Get("version")), form.Get("loss") == "yes"); err != nil {
			return refilled(r, form, err, func(status int, state *ui.FormState) error {
				x.form = state
				return d.previewPage(w, r, x, status)
			})
		}
	} else if x.v.State != store.Applying && x.v.State != store.Applied { // those were asked before
		return refuse(problem.Conflict, "error.state")
	}
	return r.Redirect(w, importAt(x.v.ID), nil)
}

// rows is a file with all rows that are not taken.
func (d *Desk) rows(w http.ResponseWriter, r *web.Request) error {
	headings, list, err := d.People.Rejected(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	say := in(r.Lang)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="rows.csv"`)
	w.Header().Set("Cache-Control", "no-store")
	if _, err := w.Write([]byte("\uFEFF")); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	lines := [][]string{{say.say("csv.row"), say.say("csv.reason"), say.say("csv.column"), say.say("csv.value"), say.say("csv.mend")}}
	for _, row := range list {
		heading := ""
		if row.Column >= 0 && row.Column < len(headings) {
			heading = headings[row.Column]
		}
		lines = append(lines, []string{strconv.Itoa(row.Row), say.say("csv.why-" + string(row.Kind)), spreadsheet.Guard(heading), spreadsheet.Guard(row.Value), say.say("rejected." + string(row.Kind) + "-mend")})
	}
	return out.WriteAll(lines)
}
