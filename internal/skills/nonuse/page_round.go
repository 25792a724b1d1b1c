package nonuse

import (
	"net/http"
	"net/url"
	"slices"

	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// roundView is the notes of a round that may be shown.
type roundView struct {
	printer
	s     *Service
	round Round
	parts []notePart
	drops bool // notes can be deleted here
}

// notePart is the notes on one question or reason, or the quotes.
type notePart struct {
	id, title string
	notes     []Noted
}

func (s *Service) round(w http.ResponseWriter, r *web.Request) error {
	x, list, err := s.RoundNotes(r.Context(), r.Actor.Tenant, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := roundView{printer: in(r.Lang), s: s, round: x, drops: r.URL.Query().Get("drop") == "yes"}
	add := func(id, title string) {
		p := notePart{id: id, title: title}
		for _, n := range list {
			if n.Question == id {
				p.notes = append(p.notes, n)
			}
		}
		if len(p.notes) > 0 {
			v.parts = append(v.parts, p)
		}
	}
	for i := range s.Guide.Talk.Questions {
		add(s.Guide.Talk.Questions[i].ID, v.of(s.Guide.Talk.Questions[i].Text))
	}
	for i := range s.Guide.Reasons {
		add(s.Guide.Reasons[i].ID, v.of(s.Guide.Reasons[i].Name))
	}
	for _, n := range list { // of a guide that was another
		if n.Question != "quote" && s.Guide.Question(n.Question) == nil && s.Guide.Reason(n.Question) == nil &&
			!slices.ContainsFunc(v.parts, func(p notePart) bool { return p.id == n.Question }) {
			add(n.Question, n.Question)
		}
	}
	add("quote", v.say("talks.quotes"))
	p := below(r, x.Title, v.link("talks.page", talksAt))
	p.Lead = v.n("round.lead", x.Talks)
	return r.Show(w, p, roundPage(v))
}

func (v *roundView) drop(n *Noted) ui.FormSpec {
	return ui.FormSpec{Action: roundsAt + v.round.ID + "/notes/" + n.ID}
}

func (s *Service) dropNote(w http.ResponseWriter, r *web.Request) error {
	if err := s.DropNote(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("note")); err != nil {
		return err
	}
	return r.Redirect(w, roundsAt+url.PathEscape(r.PathValue("id"))+"?drop=yes", notice(r, "note"))
}

// withdrawView is where a code deletes what it stands for.
type withdrawView struct {
	printer
	form *ui.FormState
	done bool
}

func (s *Service) askWithdraw(w http.ResponseWriter, r *web.Request) error {
	return s.withdrawPage(w, r, http.StatusOK, nil, false)
}

func (s *Service) withdrawPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState, done bool) error {
	v := withdrawView{printer: in(r.Lang), form: form, done: done}
	p := web.Page{Bare: true, Status: status}
	p.Title, p.Invalid = v.say("withdraw.title"), !form.OK()
	return r.Show(w, p, withdrawPage(v))
}

func (s *Service) withdraw(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := s.Withdraw(r.Context(), form.Get("code")); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.withdrawPage(w, r, status, state, false) })
	}
	return s.withdrawPage(w, r, http.StatusOK, nil, true)
}
