package roster

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// changes is the list of all changes.
const changes = "/staff/revisions"

// undoneFrom are the pages from which a change is undone, and to which that leads back.
var undoneFrom = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^/staff/(titles|duplicates|(list|units|functions)/[0-9a-z]{26})$`)
})

// cameFrom is the page that somebody who undoes a change came from; "" when it is none that is led back to, or is there no more afterwards.
func (x *Roster) cameFrom(r *web.Request, v *store.Revision) string {
	from := r.URL.Query().Get("from")
	if !undoneFrom().MatchString(from) {
		return ""
	}
	note := people.NoteOf(v)
	if v.Kind == store.ByEdit && strings.HasSuffix(from, "/"+note.Subject) && x.noneStands(r.Context(), r, store.Kind(note.What), v.Seq-1, "", []string{note.Subject}) {
		return ""
	}
	return from
}

func undoPath(seq int64, from string) string {
	path := "/staff/changes/" + strconv.FormatInt(seq, 10) + "/undo"
	if from != "" {
		path += "?from=" + url.QueryEscape(from)
	}
	return path
}

// askUndo asks whether somebody wants to put back what a change did.
func (x *Roster) askUndo(w http.ResponseWriter, r *web.Request) error {
	v, err := store.RevisionOf(r.Context(), x.read(r), at(r.PathValue("seq")))
	if err != nil {
		return db.ErrNoRow
	}
	say, from := in(r), x.cameFrom(r, &v)
	if v.UndoneBy != 0 {
		return r.Redirect(w, cmp.Or(from, changes), r.Notice(noticeBundle, "notice.undone-before"))
	}
	who, err := x.who(r.Context(), x.read(r), &v, map[string]string{}, say)
	if err != nil {
		return err
	}
	p := page(r, say.say("undo.title"), say.link("undo.changes", changes))
	c := ui.Confirm{ID: "undo", Title: say.say("undo.title"), Text: say.T("undo.text", i18n.Args{"who": who, "when": say.moment(v.At)}), Cancel: cmp.Or(from, changes),
		Form: ui.FormSpec{State: web.NewForm(), Action: undoPath(v.Seq, from)}, Do: ui.Action{Label: say.say("undo.do"), Kind: ui.Danger}}
	return r.Show(w, p, ui.ConfirmForm(c))
}

// undo starts to put back what a change did, and leads to how far that is.
func (x *Roster) undo(w http.ResponseWriter, r *web.Request) error {
	v, err := store.RevisionOf(r.Context(), x.read(r), at(r.PathValue("seq")))
	if err != nil {
		return db.ErrNoRow
	}
	from := x.cameFrom(r, &v)
	job, err := x.UndoFrom(r.Context(), r.Actor, v.Seq, from)
	if err != nil {
		if conflict(err) {
			return r.Redirect(w, cmp.Or(from, changes), r.Notice(noticeBundle, "notice.undone-before"))
		}
		return err
	}
	return r.Redirect(w, "/jobs/"+job, r.Notice(noticeBundle, "notice.undoing"))
}

// undone tells what was put back, on the page that somebody came from.
func (x *Roster) undone(r *web.Request, say words) ([]ui.Notice, error) {
	seq := at(r.URL.Query().Get("undone"))
	if seq < 1 {
		return nil, nil
	}
	v, err := store.RevisionOf(r.Context(), x.read(r), seq)
	if err == nil && v.UndoneBy == 0 || errors.Is(err, store.ErrNoRevision) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	by, err := store.RevisionOf(r.Context(), x.read(r), v.UndoneBy)
	if err != nil {
		return nil, err
	}
	note := people.NoteOf(&v)
	text := say.say("undone.edit")
	switch {
	case v.Kind == store.ByMerge && note.What == string(store.People):
		text = say.say("undone.people")
	case v.Kind == store.ByMerge:
		titles, err := x.titlesOf(r, &note)
		if err != nil {
			return nil, err
		}
		if text = say.say("undone.titles"); len(titles) > 0 {
			text = say.N("undone.titles-named", len(titles), i18n.Args{"titles": say.And(titles)})
		}
	}
	if left := len(people.NoteOf(&by).Conflicts); left > 0 {
		text += " " + say.n("undone.left", left)
	}
	return []ui.Notice{{Tone: ui.Success, Title: say.say("undone.title"), Text: text, Actions: []ui.Action{{Label: say.say("undone.look"), Href: changes + "/" + strconv.FormatInt(by.Seq, 10), Kind: ui.Quiet}}}}, nil
}

// mostNamed is how many titles that are apart again are named.
const mostNamed = 5

// titlesOf names the titles that a merge took away.
func (x *Roster) titlesOf(r *web.Request, note *people.Note) ([]string, error) {
	var out []string
	for _, id := range note.Decisions[:min(len(note.Decisions), mostNamed)] {
		d, err := store.DecisionOf(r.Context(), x.read(r), id)
		if errors.Is(err, db.ErrNoRow) { // of a title that is written as the one that stayed
			continue
		}
		if err != nil {
			return nil, err
		}
		other := d.A
		if other == d.Into {
			other = d.B
		}
		out = append(out, in(r).Quote(other))
	}
	return out, nil
}

func (x *Roster) askWithdraw(w http.ResponseWriter, r *web.Request) error {
	d, err := store.DecisionOf(r.Context(), x.read(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	say := in(r)
	back := decidedAt(&d)
	p := page(r, say.say("withdraw.title"), ui.Link{Label: say.say("withdraw.back"), Href: back})
	text := say.T("withdraw.text", i18n.Args{"a": d.A, "b": d.B})
	if d.Kind == store.Duplicate { // whose keys are numbers and addresses
		text = say.say("withdraw.person-text")
	}
	c := ui.Confirm{ID: "withdraw", Title: say.say("withdraw.title"), Text: text, Cancel: back,
		Form: ui.FormSpec{State: web.NewForm(), Action: "/staff/decisions/" + d.ID + "/withdraw"}, Do: ui.Action{Label: say.say("withdraw.do")}}
	return r.Show(w, p, ui.ConfirmForm(c))
}

// withdraw takes a decision back. One that is taken back already stays so.
func (x *Roster) withdraw(w http.ResponseWriter, r *web.Request) error {
	d, err := store.DecisionOf(r.Context(), x.read(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if d.Verdict == store.Same { // a change carried it out, which is undone with it
		return db.ErrNoRow
	}
	if d.Undone.IsZero() {
		if err := x.Withdraw(r.Context(), r.Actor, d.ID); err != nil && !conflict(err) {
			return err
		}
	}
	return r.Redirect(w, decidedAt(&d), r.Notice(noticeBundle, "notice.withdrawn"))
}

// decidedAt is the page where decisions of a subject stand.
func decidedAt(d *store.Decision) string {
	if d.Kind == store.Duplicate {
		return "/staff/duplicates"
	}
	return "/staff/titles"
}
