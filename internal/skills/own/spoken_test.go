package own

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui/browsertest"
)

// hears fails the test unless the lines are among what a screen reader comes by, in this order. A line of "…" stands for any.
func (x *traveller) hears(where string, lines ...string) {
	x.t.Helper()
	all := x.Spoken()
	rest := all
	for _, line := range lines {
		at := slices.IndexFunc(rest, func(l string) bool { return strings.HasPrefix(l, line) })
		if at < 0 {
			x.t.Errorf("%s: %q does not come, or not in its place:\n%s", where, line, strings.Join(all, "\n"))
			return
		}
		rest = rest[at+1:]
	}
}

// begins fails the test unless a reader goes on at what is asked, below the head of the page.
func (x *traveller) begins(where string) {
	x.t.Helper()
	if at := browsertest.Eval[string](x.Page, `document.activeElement.id`); at != askMark {
		x.t.Errorf("%s: the reader begins at %q", where, at)
	}
	if top := browsertest.Eval[float64](x.Page, `document.getElementById('`+askMark+`').getBoundingClientRect().top`); top < 0 || top > 200 {
		x.t.Errorf("%s: what is asked stands %.0f px from the top", where, top)
	}
}

// TestAScreenReaderHearsWhatIsAskedInOrder walks the check on the smallest phone with the accessibility tree: what comes in which order, where one
// begins on a new page, and that all targets can be hit with a thumb.
func TestAScreenReaderHearsWhatIsAskedInOrder(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t, dbtest.SQLite(t))
	v := browsertest.View{Width: 320, Height: 568}
	x := &traveller{Page: b.Tab(t, v), t: t, at: s.listen(), view: v, look: map[string]bool{}}
	x.SetCookies(x.at, &http.Cookie{Name: "tt_lang", Value: "nl", Path: "/"})
	x.Goto(x.at + doorAt)
	x.Click("button[value=check]")
	x.hears("the first page", `heading "Waar sta jij met AI?" level=1`, `group "Wat wil je doen?"`, `radio "Alle vijf vaardigheden" (25 stellingen`, `group "Waar werk je meestal?"`, `button "Begin"`)
	x.thumb("the first page")
	x.Click(".buttons .next-step")
	x.hears("statements", "main", `button "Terug"`, `StaticText "deel 1 van 5"`, `heading "Hoe goed kun je AI iets vragen?" focused=true level=1`, `group "Ik leg duidelijk uit wat ik wil."`, `radio "Helemaal oneens"`,
		`radio "Helemaal eens"`, `group "Ik geef genoeg achtergrond mee."`, `button "Verder"`)
	x.begins("statements")
	x.thumb("statements")
	x.agrees(5)
	x.begins("a question")
	situation := x.Text(".own-situation")
	x.hears("a question", "main", `button "Terug"`, `heading "vraag 1 van hoogstens 12" focused=true level=1`, `progressbar "Hoe ver je bent met de toets"`, `StaticText "`+situation, "group", "radio", "radio", "radio", "radio", `button "Verder"`, `button "Stop hier`)
	x.thumb("a question")
	x.Click(".own-ask .buttons .button")
	x.Wait(".error-summary")
	x.hears("a question without an answer", `RootWebArea "Fout: `, "alert", `heading "Er is een probleem"`, `link "Kies een antwoord."`, "group")
	if !browsertest.Eval[bool](x.Page, `document.activeElement.matches('.error-summary')`) {
		t.Error("what is wrong does not get the focus")
	}
	x.answers("2")
	x.Wait(".own-bars")
	x.hears("the result", `heading "Waar je nu staat" level=1`, `StaticText "Communicatief"`, `StaticText "Technisch"`, `heading "Je volgende stap `, `region "Wil je dit bewaren?"`, `button "Bewaar dit"`, `heading "Wat het betekent" level=2`, `heading "Communicatief`)
	x.thumb("the result")
	x.Goto(x.at + answersAt)
	x.hears("the answers", `heading "Vraag 1: `, `StaticText "Jouw antwoord"`, `StaticText "Waarom"`, `heading "Vraag 2: `)
}

// thumb fails the test when something to press is smaller than 44 px, or when the main button is not within the width of a thumb.
func (x *traveller) thumb(where string) {
	x.t.Helper()
	small := browsertest.Eval[[]string](x.Page, `[...document.querySelectorAll('main button:not(.unseen), main .option > label, main a.button')].filter(e => e.checkVisibility()).map(e => [e, e.getBoundingClientRect()]).filter(([e, r]) => r.height < 44 || r.width < 44).map(([e, r]) => e.textContent.trim().slice(0, 40) + ' ' + Math.round(r.width) + '×' + Math.round(r.height))`)
	for _, what := range small {
		x.t.Errorf("%s: hard to hit: %s", where, what)
	}
	if narrow := browsertest.Eval[[]string](x.Page, `[...document.querySelectorAll('main form .buttons > .button, main form .buttons > button.button')].filter(e => e.checkVisibility() && e.closest('form').querySelectorAll('.buttons .button').length === 1 && e.getBoundingClientRect().width < 240 && e.closest('.own-ask, .entry')).map(e => e.textContent.trim())`); len(narrow) > 0 {
		x.t.Errorf("%s: too narrow for either thumb: %v", where, narrow)
	}
}

func TestTheWarningOfAKioskIsHeardAndHasTheFocus(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t, dbtest.SQLite(t))
	s.pages.idle = idle{After: 1, Warn: 30}
	v := browsertest.View{Width: 820, Height: 1100}
	x := &traveller{Page: b.Tab(t, v), t: t, at: s.listen(), view: v, look: map[string]bool{}}
	x.SetCookies(x.at, &http.Cookie{Name: "tt_lang", Value: "nl", Path: "/"})
	x.fromMonitor(s, true)
	x.Wait("[data-kiosk-warn][open]")
	x.hears("the warning", `alertdialog "Ben je er nog? Over 30 seconden`, `button "Ik ben er nog" focused=true`)
	x.Press("Escape")
	if x.Count("[data-kiosk-warn][open]") != 0 {
		t.Error("Escape does not keep what one does")
	}
	x.Wait("[data-kiosk-warn][open]") // and it warns again
	// Afterwards nothing is left: no cookie, nothing that the browser filled in, nothing behind the back button.
	x.Goto(x.at + resultAt)
	x.Click("[data-kiosk] .button")
	x.Wait("h1")
	for range 2 {
		x.Back()
		if x.Count(".own-bars") != 0 || strings.Contains(x.Text("body"), "Zelfstandig") {
			t.Errorf("back shows what one before did, at %s", x.Location())
		}
	}
	if n := browsertest.Eval[int](x.Page, `localStorage.length + sessionStorage.length + [...document.querySelectorAll('input')].filter(i => i.checked && !i.defaultChecked || i.type === 'text' && i.value).length`); n != 0 {
		t.Errorf("%d things are left", n)
	}
	for _, field := range browsertest.Eval[[]string](x.Page, `[...document.querySelectorAll('form')].filter(f => f.method === 'post' && !f.closest('header') && f.querySelector('input:not([type=hidden])') && f.autocomplete !== 'off').map(f => f.action)`) {
		t.Errorf("the browser may fill in %s", field)
	}
}
