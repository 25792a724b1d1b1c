package app

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/access"
	lifecycle "tekentafel/internal/survey/wave"
	"tekentafel/internal/testkit/smtptest"
	"tekentafel/internal/ui/browsertest"
)

// plainOf returns the text of a mail.
func plainOf(t *testing.T, m smtptest.Message) string {
	t.Helper()
	_, body, found := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	if !found {
		t.Fatalf("a mail without a body: %s", m.Raw)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return string(must(io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body))))(t))
	}
	part := must(multipart.NewReader(bytes.NewReader(body), params["boundary"]).NextPart())(t) // which takes quoted-printable away
	return string(must(io.ReadAll(part))(t))
}

// traces is all that a browser holds of who used it. What the worker keeps of pages that are the same for everyone tells nothing.
const traces = `Promise.all([indexedDB.databases(), caches.keys().then(names => Promise.all(names.map(n => caches.open(n).then(c => c.keys()))))]).then(([databases, kept]) =>
  JSON.stringify({local: {...localStorage}, session: {...sessionStorage}, databases: databases.map(d => d.name), caches: kept.flat().map(r => new URL(r.url)).map(u => u.pathname + u.search).filter(p => !/^\/(assets|w\/[0-9a-z]+\/questions)\b/.test(p)), cookies: document.cookie, state: history.state,
    fields: [...document.querySelectorAll('input, textarea, select')].filter(e => e.type !== 'hidden' && (e.type === 'radio' || e.type === 'checkbox' ? e.checked : e.value)).map(e => e.name)}))`

// nothing is what a device holds of whom it knows nothing.
const nothing = `{"local":{},"session":{},"databases":[],"caches":[],"cookies":"","state":null,"fields":[]}`

func onTablet(t *testing.T, a *asking) {
	r := a.reader(t, "tablet", atDesk)
	r.Goto(a.entry() + "/kiosk?lang=nl")
	if left := browsertest.Eval[string](r.Page, traces); left != nothing {
		t.Fatalf("the tablet holds %s before anyone used it", left)
	}
	for i, taps := range []int{1, 2} {
		r.look("kiosk")
		pin := a.pin(t)
		r.Fill("[data-pin]", pin)
		r.Press("Enter")
		r.Wait("#s-welcome")
		given := said([]string{"Eerste", "Tweede"}[i] + " op de tablet, " + r.name)
		r.toReview(given)
		for range taps {
			browsertest.Eval[bool](r.Page, `(document.querySelector('[data-send]').click(), true)`)
		}
		r.received()
		a.count(1)
		a.kept(r, given)
		r.Click("[data-sent-body] .next-step")
		r.Wait("[data-pin]")
		if left := browsertest.Eval[string](r.Page, traces); left != nothing {
			t.Errorf("the tablet still holds %s", left)
		}
		if page := browsertest.Eval[string](r.Page, `document.documentElement.outerHTML`); strings.Contains(page, pin) || strings.Contains(page, "op de tablet") {
			t.Error("the page still holds something of who was there")
		}
	}
	r.Back()
	if state := browsertest.Eval[string](r.Page, `JSON.stringify(Object.keys(history.state || {}).filter(k => k !== 'n'))`); state != "[]" {
		t.Errorf("the history of the tablet tells %s: which questions somebody was asked", state)
	}
	browsertest.Eval[bool](r.Page, `(history.replaceState(null, ''), true)`)
	if left := browsertest.Eval[string](r.Page, traces); left != nothing || strings.Contains(browsertest.Eval[string](r.Page, `document.documentElement.outerHTML`), "op de tablet") {
		t.Errorf("the back button brings back %s", left)
	}
}

func fromHome(t *testing.T, a *asking) {
	r := a.reader(t, "signed in", onPhone)
	r.signIn(access.Employee)
	r.Goto(a.h.url + "/")
	task := `main a[href="/w/` + a.wave.Code + `"]`
	r.Wait(task)
	r.look("home")
	r.Click(task)
	r.says("Je bent aangemeld als Emma Peeters")
	r.look("entry")
	r.Click("[data-begin] .next-step")
	r.Wait("#s-welcome")
	given := said("Aangemeld, " + r.name)
	r.toReview(given)
	r.Click("[data-send]")
	r.received()
	a.count(1)
	a.kept(r, given)
	r.Goto(a.h.url + "/")
	if r.Count(task) != 0 {
		t.Error("whoever took part is still asked to")
	}
	r.Goto(a.entry() + "?lang=nl")
	r.says("Je antwoorden zijn ontvangen")
}

func bareBrowser(t *testing.T, a *asking) {
	bare := onPhone
	bare.NoJS = true
	r := a.reader(t, "bare", bare)
	r.Goto(a.entry() + "?lang=nl")
	if a.wave.Mode == lifecycle.Anonymous {
		for _, text := range []string{"Anoniem antwoorden kan alleen met JavaScript", "je eigen toestel maakt het stembriefje", "Hilde Roels, 09 123 45 67"} {
			if !strings.Contains(r.Text("main"), text) {
				t.Errorf("the page does not say %q: %s", text, r.Text("main"))
			}
		}
		r.look("says why")
		return
	}
	r.look("entry")
	pin := ""
	if a.wave.Mode == lifecycle.Confidential {
		pin = a.pin(t)
		r.Fill("[data-pin]", pin)
	}
	r.Click("form.form .next-step")
	given := said("Zonder scripts, " + r.name)
	r.bareQuestions(given, 1)
	r.Click("form .next-step")
	r.until(`location.pathname.endsWith('/thanks')`)
	r.look("thanks")
	a.count(1)
	first := a.kept(r, given)

	r.Goto(a.entry() + "/q/" + ownQuestion + "?lang=nl")
	given[ownQuestion] = "Toch anders, " + r.name
	r.answer(given)
	r.Click(".ask .buttons .plain")
	r.Click("form .next-step")
	r.until(`location.pathname.endsWith('/thanks')`)
	if second := a.kept(r, given); second.Key != first.Key {
		t.Error("changed answers are a second record")
	}
	if page := browsertest.Eval[string](r.Page, `document.documentElement.outerHTML`); pin != "" && strings.Contains(page, pin) {
		t.Error("the page holds the PIN")
	}
}

// bareQuestions answers a question a page, in another language from some question on, and goes back once.
func (r *reader) bareQuestions(given map[string]any, changes int) {
	r.t.Helper()
	for n := range 20 {
		if strings.HasSuffix(browsertest.Eval[string](r.Page, `location.pathname`), "/review") {
			r.look("answers")
			return
		}
		if n == changes {
			r.Click(`.languages [lang=fr]`)
			r.until(`document.documentElement.lang === 'fr'`)
		}
		r.answer(given)
		r.look("question " + strconv.Itoa(n))
		if n == changes+1 {
			r.Click(".ask-back")
			r.look("back")
			r.Click(`.ask .buttons .button`)
		}
		r.Click(`.ask .buttons .button`)
	}
	r.t.Fatal("the list of answers never comes")
}
