package invite

import (
	"net/http"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// refuseForm asks for the PIN of who wants no more reminders. It needs neither account nor scripts.
func (p pages) refuseForm(w http.ResponseWriter, r *web.Request) error {
	wv, err := wave.ByCode(r.Context(), p.DB, r.PathValue("code"))
	if err != nil {
		return err
	}
	speak(r, &wv)
	return p.refusePage(w, r, &wv, http.StatusOK, web.NewForm(), false)
}

// speak takes the language of the address, as a mail has it, where the wave speaks it. The choice of another one leads back to the
// address without it.
func speak(r *web.Request, wv *wave.Wave) {
	q := r.URL.Query()
	if lang := instrument.Lang(q.Get("lang")); slices.Contains(wv.Languages, lang) {
		r.Lang = lang
	}
	q.Del("lang")
	u := *r.URL
	u.RawQuery = q.Encode()
	r.URL = &u
}

func (p pages) refusePage(w http.ResponseWriter, r *web.Request, wv *wave.Wave, status int, form *ui.FormState, done bool) error {
	words := in(r.Lang)
	pg := web.Page{Bare: true, Status: status}
	pg.Title, pg.Heading = words.say("no.title")+": "+wv.Title, words.say("no.title")
	pg.Invalid = !form.OK()
	if done {
		pg.Heading, pg.Title = words.say("no.done"), words.say("no.done")+": "+wv.Title
	}
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	return r.Show(w, pg, refusePage(words, *wv, form, done))
}

// refuse notes the refusal. The answer is the same whether or not the person took part.
func (p pages) refuse(w http.ResponseWriter, r *web.Request) error {
	wv, err := wave.ByCode(r.Context(), p.DB, r.PathValue("code"))
	if err != nil {
		return err
	}
	speak(r, &wv)
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := framed(&wv); err != nil {
		return err
	}
	err = p.RefuseByPIN(r.Context(), &wv, form.Get("pin"))
	if isNoRow(err) {
		state := ui.NewFormState(nil)
		state.Fail("pin", in(r.Lang).say("error.pin"))
		return p.refusePage(w, r, &wv, http.StatusUnprocessableEntity, state, false)
	}
	if err != nil {
		return err
	}
	return p.refusePage(w, r, &wv, http.StatusOK, web.NewForm(), true)
}
