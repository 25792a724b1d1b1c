package items

import (
	"net/http"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// versionsView is the parameters that were in use.
type versionsView struct {
	words
	tabs  []ui.Link
	table ui.Table
	empty bool
}

func (s *Service) versionsPage(w http.ResponseWriter, r *web.Request) error {
	list, err := s.Versions(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	v := versionsView{words: wordsOf(r), empty: len(list) == 0}
	v.tabs = v.words.tabs(versionsAt)
	v.table = ui.Table{Caption: v.say("versions.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.version")}, {Label: v.say("what.day")}, {Label: v.say("what.calibrated"), Numeric: true},
		{Label: v.say("what.came")}, {Label: v.say("what.who")}, {Label: v.say("what.note"), Long: true}}}
	who := s.who(r)
	for i := range list {
		x := &list[i]
		name, err := who(x.Account)
		if err != nil {
			return err
		}
		came := ui.Cell{Text: v.say("came.calibration"), Href: calibrationsAt + x.Calibration}
		if x.PutsBack >= 0 {
			came = ui.Cell{Text: v.cameBack(x.PutsBack)}
		}
		number := v.with("version.number", "n", itoa(x.Number))
		if i == 0 {
			number += " (" + v.say("version.now") + ")"
		}
		if x.Synthetic {
			number += " (" + v.say("made-up") + ")"
		}
		row := ui.Row{Cells: []ui.Cell{{Text: number}, {Text: v.Moment(v.local(x.At))}, {Text: v.Int(len(x.Parameters))}, came, {Text: name}, {Text: x.Note}}}
		if i > 0 {
			row.Actions = v.back(r, x.Number)
		}
		v.table.Rows = append(v.table.Rows, row)
	}
	first := ui.Row{Cells: ui.Texts(v.say("version.first"), "–", v.Int(0), v.say("basis.guess"), "–", "")}
	if v.empty {
		first.Cells[0].Text += " (" + v.say("version.now") + ")"
	} else {
		first.Actions = v.back(r, 0)
	}
	v.table.Rows = append(v.table.Rows, first)
	p := below(r, v.say("versions.title"))
	p.Lead = v.say("versions.lead")
	return r.Show(w, p, versionsPage(v))
}

func (w words) cameBack(number int64) string {
	if number == 0 {
		return w.say("came.guesses")
	}
	return w.with("came.back", "n", itoa(number))
}

// back is the way to put a version back, for who may.
func (w words) back(r *web.Request, number int64) []ui.Action {
	if !r.Can(writes) {
		return nil
	}
	about := w.say("version.first")
	if number > 0 {
		about = w.with("version.number", "n", itoa(number))
	}
	return []ui.Action{{Label: w.say("hold.link"), About: about, Href: versionsAt + "/" + itoa(number) + "/hold", Kind: ui.Plain}}
}

// chosen is the version of the address.
func chosen(r *web.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || n < 0 {
		return 0, db.ErrNoRow
	}
	return n, nil
}

func (s *Service) askHold(w http.ResponseWriter, r *web.Request) error {
	n, err := chosen(r)
	if err != nil {
		return err
	}
	old, err := versionOf(r.Context(), s.reader(r), n)
	if err != nil {
		return err
	}
	now, err := numberOf(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	if n >= now {
		return refuse(problem.Conflict, "error.in-use", nil)
	}
	v := wordsOf(r)
	p := below(r, v.say("hold.title"), v.link("versions.title", versionsAt))
	text := v.say("hold.guesses")
	if n > 0 {
		text = v.with("hold.text", "n", itoa(n), "day", v.Date(v.local(old.At)), "items", v.n("items", len(old.Parameters)))
	}
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: "hold", Text: text, Cancel: versionsAt, Do: ui.Action{Label: v.say("hold.do")},
		Form: ui.FormSpec{State: web.NewForm(), Action: versionsAt + "/" + itoa(n) + "/hold"}}))
}

func (s *Service) hold(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	n, err := chosen(r)
	if err != nil {
		return err
	}
	if _, err := s.PutBack(r.Context(), r.Actor, n, r.Asked(form, n)); err != nil {
		return err
	}
	return r.Redirect(w, versionsAt, notice(r, "put-back"))
}

func (s *Service) askDrop(w http.ResponseWriter, r *web.Request) error {
	v := wordsOf(r)
	p := below(r, v.say("drop.title"), v.link("calibration.title", calibrateAt))
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: "drop", Text: v.say("drop.text"), Cancel: calibrateAt, Do: ui.Action{Label: v.say("drop.do"), Kind: ui.Danger}, Form: ui.FormSpec{Action: dropAt}}))
}

func (s *Service) drop(w http.ResponseWriter, r *web.Request) error {
	if _, err := r.ReadForm(); err != nil {
		return err
	}
	if err := s.DropGifts(r.Context(), r.Actor); err != nil {
		return err
	}
	return r.Redirect(w, calibrateAt, notice(r, "dropped"))
}
