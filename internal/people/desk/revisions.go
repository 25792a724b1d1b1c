package desk

import (
	"errors"
	"net/http"
	"strconv"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// revisionView is a change that counts, or counted, in words.
type revisionView struct {
	store.Revision
	note            people.Note
	title, href     string // what it was, and where it is about
	by, when, state string
	tone            ui.Tone
	undoes          bool // it can be undone
}

// revisionsView is the list of changes.
type revisionsView struct {
	w     words
	list  []revisionView
	pager ui.Pager
}

func (d *Desk) revisions(w http.ResponseWriter, r *web.Request) error {
	before := max(number(r.URL.Query().Get("before")), 0)
	list, err := d.People.Revisions(r.Context(), r.Actor, before, perPage+1)
	if err != nil {
		return err
	}
	v := revisionsView{w: in(r.Lang)}
	if len(list) > perPage {
		list = list[:perPage]
		v.pager.Older = revisionsAt + "?before=" + strconv.FormatInt(list[perPage-1].Seq, 10)
	}
	if before > 0 {
		v.pager.Newer = revisionsAt
	}
	if v.list, err = d.described(r, v.w, list); err != nil {
		return err
	}
	p := page(r, v.w.say("revisions.title"))
	p.Lead = v.w.say("revisions.lead")
	return r.Show(w, p, revisionsPage(v))
}

// described puts revisions into words.
func (d *Desk) described(r *web.Request, w words, list []store.Revision) ([]revisionView, error) {
	head, err := store.Head(r.Context(), d.store(r))
	if err != nil {
		return nil, err
	}
	names, err := d.subjects(r, head.Current, list)
	if err != nil {
		return nil, err
	}
	who := d.who(r, w)
	var out []revisionView
	for i := range list {
		v := revisionView{Revision: list[i], note: people.NoteOf(&list[i]), when: w.Moment(r.Local(list[i].At)), state: w.say("revision.counts"), tone: ui.Success}
		if v.by, err = who.name(v.Account); err != nil {
			return nil, err
		}
		v.title, v.href = w.about(&v, names)
		if v.UndoneBy != 0 {
			v.state, v.tone = w.say("revision.undone"), ui.Muted
		}
		v.undoes = r.Can(access.ChangePeople) && v.UndoneBy == 0 && v.Seq >= head.Oldest
		out = append(out, v)
	}
	return out, nil
}

// subjects returns the names of the units and functions that revisions are about, and of the files of imports, by id.
func (d *Desk) subjects(r *web.Request, at int64, list []store.Revision) (map[string]string, error) {
	names, units, functions := map[string]string{}, []string(nil), []string(nil)
	for i := range list {
		n := people.NoteOf(&list[i])
		switch store.Kind(n.What) {
		case store.Units:
			units = append(units, n.Subject)
		case store.Functions:
			functions = append(functions, n.Subject)
		case store.People, store.Posts:
		}
		if list[i].Import != "" && r.Can(access.ImportPeople) {
			v, err := d.People.Import(r.Context(), r.Actor, list[i].Import)
			if err == nil {
				names[v.ID] = v.FileName
			} else if !errors.Is(err, db.ErrNoRow) {
				return nil, err
			}
		}
	}
	u, err := store.Some[org.Unit](r.Context(), d.store(r), at, units)
	if err != nil {
		return nil, err
	}
	for i := range u {
		names[u[i].ID] = u[i].Name
	}
	f, err := store.Some[org.Function](r.Context(), d.store(r), at, functions)
	for i := range f {
		names[f[i].ID] = f[i].Name
	}
	return names, err
}

// about says what a revision was, and where what it is about is.
func (w words) about(v *revisionView, names map[string]string) (title, href string) {
	name := names[v.note.Subject]
	switch v.Kind {
	case store.ByImport:
		if file := names[v.Import]; file != "" {
			return w.T("revision.import-of", i18n.Args{"file": file}), importAt(v.Import)
		}
		return w.say("revision.import"), ""
	case store.ByUndo:
		return w.T("revision.undo", i18n.Args{"n": strconv.FormatInt(v.Undoes, 10)}), revisionAt(v.Undoes)
	case store.BySCIM:
		return w.say("revision.scim"), ""
	case store.ByEdit, store.ByMerge:
	}
	at := ""
	switch store.Kind(v.note.What) {
	case store.Units:
		at = unitsAt
	case store.Functions:
		at = functionsAt
	case store.People:
		return w.say("revision." + string(v.Kind) + "-person"), listAt + "/" + v.note.Subject
	case store.Posts:
	}
	if at == "" {
		return w.say("revision." + string(v.Kind)), ""
	}
	if name == "" { // it is no longer there
		return w.say("revision." + string(v.Kind) + "-" + v.note.What), ""
	}
	return w.T("revision."+string(v.Kind)+"-"+v.note.What+"-of", i18n.Args{"name": name}), at + "/" + v.note.Subject
}

func (v revisionsView) table() ui.Table {
	t := ui.Table{Caption: v.w.say("revisions.caption"), HideCaption: true, Columns: []ui.Column{{Label: v.w.say("revisions.what")}, {Label: v.w.say("revisions.number"), Numeric: true}, {Label: v.w.say("revisions.state")},
		{Label: v.w.say("revisions.rows"), Numeric: true}, {Label: v.w.say("revisions.when")}, {Label: v.w.say("revisions.by")}}}
	for i := range v.list {
		x := &v.list[i]
		row := ui.Row{Cells: []ui.Cell{{Text: x.title, Href: revisionAt(x.Seq)}, {Text: strconv.FormatInt(x.Seq, 10)}, {Content: ui.Tag(x.tone, x.state)}, {Text: v.w.Int(int(x.Put + x.Ended))}, {Text: x.when}, {Text: x.by}}}
		if x.undoes {
			row.Actions = []ui.Action{{Label: v.w.say("undo.do"), Href: revisionAt(x.Seq) + "/undo"}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v revisionsView) empty() ui.Empty {
	return ui.Empty{Title: v.w.say("revisions.empty"), Text: v.w.say("revisions.empty-text"), Action: &ui.Action{Label: v.w.say("bring.first"), Href: importsAt + "/new", Kind: ui.Next}}
}

// oneView is the page of a revision.
type oneView struct {
	w    words
	v    revisionView
	left []people.Left
}

// of reads the revision that the address names.
func (d *Desk) of(r *web.Request, w words) (revisionView, error) {
	v, err := store.RevisionOf(r.Context(), d.store(r), number(r.PathValue("seq")))
	if err != nil {
		if errors.Is(err, store.ErrNoRevision) {
			err = db.ErrNoRow
		}
		return revisionView{}, err
	}
	list, err := d.described(r, w, []store.Revision{v})
	if err != nil {
		return revisionView{}, err
	}
	return list[0], nil
}

func (d *Desk) revision(w http.ResponseWriter, r *web.Request) error {
	say := in(r.Lang)
	v, err := d.of(r, say)
	if err != nil {
		return err
	}
	x := oneView{w: say, v: v}
	if x.left, err = d.People.LeftBy(r.Context(), r.Actor, &v.Revision); err != nil {
		return err
	}
	p := page(r, v.title, revisionsCrumb(say))
	p.Kicker = say.T("revision.kicker", i18n.Args{"n": strconv.FormatInt(v.Seq, 10)}) + " · " + v.state
	if v.undoes {
		p.Actions = []ui.Action{{Label: say.say("undo.do"), Href: revisionAt(v.Seq) + "/undo", Kind: ui.Quiet}}
	}
	return r.Show(w, p, revisionPage(x))
}

func (x oneView) facts() []ui.Fact {
	v := &x.v
	facts := []ui.Fact{{Term: x.w.say("revisions.when"), Text: v.when}, {Term: x.w.say("revisions.by"), Text: v.by}, {Term: x.w.say("revision.put"), Text: x.w.Int(int(v.Put))},
		{Term: x.w.say("revision.ended"), Text: x.w.Int(int(v.Ended))}}
	if v.href != "" {
		facts = append(facts, ui.Fact{Term: x.w.say("revision.about"), Content: link(v.href, v.title)})
	}
	if v.UndoneBy != 0 {
		facts = append(facts, ui.Fact{Term: x.w.say("revision.undone"), Content: link(revisionAt(v.UndoneBy), x.w.T("revision.undone-by", i18n.Args{"n": strconv.FormatInt(v.UndoneBy, 10)}))})
	}
	return facts
}

// conflicts is what an undo left as it is.
func (x oneView) conflicts() ui.Table {
	t := ui.Table{Caption: x.w.say("conflict.title"), HideCaption: true, Columns: []ui.Column{{Label: x.w.say("conflict.what")}, {Label: x.w.say("conflict.why"), Long: true}}}
	for i := range x.left[:min(len(x.left), perPage)] {
		c := &x.left[i]
		name := ui.Cell{Text: c.Name}
		switch {
		case c.Name == "":
			name.Text = x.w.say("conflict.gone")
		case c.Person != "":
			name.Href = listAt + "/" + c.Person
		case c.Kind == store.Units:
			name.Href = unitsAt + "/" + c.ID
		case c.Kind == store.Functions:
			name.Href = functionsAt + "/" + c.ID
		}
		name.Text = x.w.T("conflict."+string(c.Kind), i18n.Args{"name": name.Text})
		why := x.w.T("conflict."+string(c.Why), i18n.Args{"n": strconv.FormatInt(c.By, 10)})
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, {Text: why}}})
	}
	return t
}

func (d *Desk) askUndo(w http.ResponseWriter, r *web.Request) error {
	say := in(r.Lang)
	v, err := d.of(r, say)
	if err != nil {
		return err
	}
	if v.UndoneBy != 0 {
		return r.Redirect(w, revisionAt(v.Seq), nil)
	}
	return d.confirmUndo(w, r, &v, http.StatusOK, web.NewForm())
}

func (d *Desk) confirmUndo(w http.ResponseWriter, r *web.Request, v *revisionView, status int, form *ui.FormState) error {
	say := in(r.Lang)
	at := revisionAt(v.Seq)
	p := page(r, say.say("undo.title"), revisionsCrumb(say), ui.Link{Label: v.title, Href: at})
	p.Lead = v.title + ", " + v.when + ", " + v.by
	p.Status, p.Invalid = status, !form.OK()
	return r.Show(w, p, confirmPage(form, ui.Confirm{Text: say.say("undo.about"), Form: ui.FormSpec{State: form, Action: at + "/undo"},
		Do: ui.Action{Label: say.say("undo.do"), Kind: ui.Danger}, Cancel: at}))
}

func (d *Desk) undo(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	v, err := d.of(r, in(r.Lang))
	if err != nil {
		return err
	}
	if v.UndoneBy != 0 { // it was sent twice
		return r.Redirect(w, revisionsAt, nil)
	}
	job, err := d.People.Undo(r.Context(), r.Actor, v.Seq)
	if err != nil {
		return refilled(r, form, err, func(status int, state *ui.FormState) error { return d.confirmUndo(w, r, &v, status, state) })
	}
	return r.Redirect(w, "/jobs/"+job, nil)
}
