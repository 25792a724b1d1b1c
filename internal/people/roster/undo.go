package roster

import (
	"net/http"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// askUndo asks whether somebody wants to put back what a change did.
func (x *Roster) askUndo(w http.ResponseWriter, r *web.Request) error {
	v, err := store.RevisionOf(r.Context(), x.read(r), at(r.PathValue("seq")))
	if err != nil {
		return db.ErrNoRow
	}
	say := in(r)
	if v.UndoneBy != 0 {
		return r.Redirect(w, "/staff/revisions", r.Notice(noticeBundle, "notice.undone-before"))
	}
	who, err := x.who(r.Context(), x.read(r), &v, map[string]string{}, say)
	if err != nil {
		return err
	}
	p := page(r, say.say("undo.title"), say.link("undo.changes", "/staff/revisions"))
	c := ui.Confirm{ID: "undo", Title: say.say("undo.title"), Text: say.T("undo.text", i18n.Args{"who": who, "when": say.moment(v.At)}), Cancel: "/staff/revisions",
		Form: ui.FormSpec{State: web.NewForm(), Action: undoPath(v.Seq)}, Do: ui.Action{Label: say.say("undo.do"), Kind: ui.Danger}}
	return r.Show(w, p, ui.ConfirmForm(c))
}

// undo starts to put back what a change did, and leads to how far that is.
func (x *Roster) undo(w http.ResponseWriter, r *web.Request) error {
	job, err := x.Undo(r.Context(), r.Actor, at(r.PathValue("seq")))
	if err != nil {
		if conflict(err) {
			return r.Redirect(w, "/staff/revisions", r.Notice(noticeBundle, "notice.undone-before"))
		}
		return err
	}
	return r.Redirect(w, "/jobs/"+job, r.Notice(noticeBundle, "notice.undoing"))
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
