package answering

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui/browsertest"
)

// journey is a reader in a browser on a made-up wave. down takes the server away.
type journey struct {
	*browsertest.Page
	w       *world
	t       testing.TB
	address string
	down    atomic.Bool
}

func travel(t testing.TB, b *browsertest.Browser, v browsertest.View, mode wave.Mode, change ...func(*world)) *journey {
	t.Helper()
	j := &journey{w: newWorld(t, mode), t: t}
	for _, f := range change {
		f(j.w)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if j.down.Load() {
			panic(http.ErrAbortHandler)
		}
		j.w.server.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	j.Page, j.address = b.Tab(t, v), server.URL+"/w/"+code
	return j
}

// begin opens the invitation and goes to the first question.
func (j *journey) begin() {
	j.t.Helper()
	j.Goto(j.address + "?lang=nl#" + pin)
	j.Click("[data-begin] .next-step")
	j.Wait("#s-hello")
}

// shows waits until a question is on the screen.
func (j *journey) shows(item string) {
	j.t.Helper()
	wait(j.t, j.Page, `!document.getElementById('s-`+item+`').closest('[hidden]')`)
}

func (j *journey) says(text string) {
	j.t.Helper()
	wait(j.t, j.Page, `document.querySelector('main').innerText.includes(`+quote(text)+`)`)
}

func quote(s string) string { return "`" + strings.ReplaceAll(s, "`", "") + "`" }

// toReview answers what is required and goes on to the list of answers.
func (j *journey) toReview() {
	j.t.Helper()
	j.Click(next)
	j.Click(`label[for="q-use-3"]`)
	for range 10 {
		j.Click(next)
		if browsertest.Eval[bool](j.Page, `!document.querySelector('[data-screen=review]').hidden`) {
			return
		}
	}
	j.t.Fatal("the list of answers never comes")
}

func (j *journey) focus() string {
	return browsertest.Eval[string](j.Page, `document.activeElement.id || document.activeElement.textContent.slice(0, 60)`)
}

func TestJourneys(t *testing.T) {
	b := browsertest.Start(t)
	run := func(name string, f func(t *testing.T, b *browsertest.Browser)) {
		t.Run(name, func(t *testing.T) { f(t, b) })
	}
	run("keyboard alone", keyboardAlone)
	run("back and forward", backAndForward)
	run("another language midway", languageMidway)
	run("two tabs", twoTabs)
	run("a double tap sends once", doubleTap)
	run("without network and back", offlineAndBack)
	run("reload and closed tab", reloadMidway)
	run("answers are changed", changeAfterwards)
	run("shared tablet", sharedTablet)
	run("shared tablet without network", tabletOffline)
	run("shared tablet left alone", tabletLeft)
	run("without scripts", withoutScripts)
	run("without scripts anonymous", withoutScriptsAnonymous)
	run("confidential with scripts", confidentialWithScripts)
	run("refusals", refusals)
	run("dark, print and other pages", otherPages)
	run("signed in", signedIn)
	run("a browser that keeps nothing", keepsNothing)
	run("two people at one device", twoPeople)
	run("parts of the frame", partsOfTheFrame)
	run("a PIN left on a tablet", pinLeft)
}

func keyboardAlone(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, desk, wave.Anonymous)
	j.Goto(j.address + "?lang=nl")
	j.Fill("[data-pin]", "k7m2p 9qx4r")
	j.Press("Enter")
	j.Wait("#s-hello")
	if got := j.focus(); got != "q-hello-title" {
		t.Errorf("the focus is at %q, not at the heading", got)
	}
	j.Press("Tab")
	j.Press("Enter") // Verder
	j.shows("use")
	if got := j.focus(); got != "q-use-title" {
		t.Errorf("the focus is at %q, not at the new question", got)
	}
	j.Press("Tab")
	j.Press("Space")
	j.Press("ArrowDown")
	if !browsertest.Eval[bool](j.Page, `document.getElementById('q-use-2').checked`) {
		t.Error("arrows do not choose")
	}
	j.Press("Enter") // continues
	j.shows("tasks")
	j.Press("Tab")
	j.Press("Space")
	j.Press("Enter")
	j.shows("hours")
	j.Press("Tab")
	for _, key := range []string{"3", "Enter"} {
		j.Press(key)
	}
	j.shows("skills")
	j.Press("Tab")
	j.Press("Space")
	j.Press("Enter")
	j.shows("likes")
	j.Press("Enter") // on the heading nothing happens
	j.shows("likes")
	j.Press("Tab")
	j.Press("Enter")
	j.shows("department")
	j.Press("Tab")
	for _, key := range []string{"s", "p", "o", "r"} {
		j.Press(key)
	}
	j.Press("ArrowDown")
	j.Press("Space")
	if !browsertest.Eval[bool](j.Page, `document.getElementById('q-department').value === 'df'`) {
		t.Error("the list is not chosen from by keyboard")
	}
	j.Press("Enter")
	j.shows("idea")
	j.Press("Tab")
	j.Press("x")
	j.Press("Enter") // a new line
	j.shows("idea")
	j.Press("Tab")
	j.Press("Enter")
	j.Wait("[data-send]")
	browsertest.Eval[bool](j.Page, `(document.querySelector('[data-send]').focus(), true)`)
	j.Press("Enter")
	j.says("ontvangen")
	j.w.handed(1)
}

func backAndForward(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.begin()
	j.Click(next)
	j.Click(`label[for="q-use"]`)
	j.Click(next)
	j.shows("tasks")
	j.Back()
	j.shows("use")
	if !browsertest.Eval[bool](j.Page, `document.getElementById('q-use').checked`) {
		t.Error("the answer is gone after the back button")
	}
	j.Click(next)
	j.shows("tasks")
	j.Click("[data-back]")
	j.shows("use")
	j.Click("[data-back]")
	j.shows("hello")
	j.Back()
	j.Wait("[data-resume]") // the page before the questions
	sound(t, j.Page, "resume")
	j.Click("[data-resume-go]")
	j.shows("hello")
}

func languageMidway(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.begin()
	j.Click(next)
	j.Click(`label[for="q-use"]`)
	j.Click(next)
	j.Click(`label[for="q-tasks-2"]`)
	for _, lang := range []string{"fr", "de", "en"} {
		j.Click(`.languages a[hreflang=` + lang + `]`)
		wait(t, j.Page, `document.documentElement.lang === '`+lang+`'`)
		j.shows("tasks")
		if !browsertest.Eval[bool](j.Page, `document.getElementById('q-tasks-2').checked`) {
			t.Errorf("%s: the answer is lost", lang)
		}
		sound(t, j.Page, lang)
	}
	j.Click(next)
	j.shows("hours")
	j.Reload()
	j.shows("hours")
	if lang := browsertest.Eval[string](j.Page, `document.documentElement.lang`); lang != "en" {
		t.Errorf("after a reload the page speaks %s", lang)
	}
}

func twoTabs(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.begin()
	j.Click(next)
	j.Click(`label[for="q-use"]`)
	other := j.Beside(t, phone)
	other.Goto(j.address + "/questions?lang=nl")
	wait(t, other, `document.querySelector('[data-stop-title]').textContent.includes('ander tabblad')`)
	sound(t, other, "told")
	other.Click("[data-stop-body] button")
	wait(t, other, `!document.getElementById('s-use').closest('[hidden]')`)
	if !browsertest.Eval[bool](other, `document.getElementById('q-use').checked`) {
		t.Error("the other tab lacks the answer")
	}
	j.says("Je ging verder in een ander tabblad")
	if n := len(j.w.drawn); n != 1 {
		t.Errorf("%d draws", n)
	}
}

func doubleTap(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous, func(w *world) { w.slow = 300 * time.Millisecond })
	j.begin()
	j.toReview()
	browsertest.Eval[bool](j.Page, `(document.querySelector('[data-send]').click(), document.querySelector('[data-send]').click(), true)`)
	j.says("ontvangen")
	if n := len(j.w.handed(1)); n != 1 {
		t.Errorf("handed in %d times", n)
	}
}

func offlineAndBack(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.begin()
	wait(t, j.Page, `navigator.serviceWorker.ready.then(() => caches.open('tekentafel-answering-1')).then(c => c.keys()).then(k => k.filter(r => r.url.includes('/questions')).length === 4 && k.some(r => r.url.includes('answer.')))`)
	j.Reload() // now the worker answers
	j.down.Store(true)
	j.Offline(true)
	j.says("Je bent offline")
	sound(t, j.Page, "offline")
	j.Click(next)
	j.Click(`label[for="q-use-3"]`)
	j.Reload()
	j.shows("use")
	if !browsertest.Eval[bool](j.Page, `document.getElementById('q-use-3').checked`) {
		t.Error("the answer is lost without network")
	}
	j.says("Je bent offline")
	for browsertest.Eval[bool](j.Page, `document.querySelector('[data-screen=review]').hidden`) {
		j.Click(next)
	}
	j.Click("[data-send]")
	j.says("Nog niet verstuurd")
	j.Forget() // requests that fail are what this is about
	sound(t, j.Page, "waiting")
	j.Reload() // the queue survives
	j.says("Nog niet verstuurd")
	j.down.Store(false)
	j.Offline(false)
	j.says("ontvangen")
	if n := len(j.w.handed(1)); n != 1 {
		t.Errorf("handed in %d times", n)
	}
}

func reloadMidway(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.begin()
	j.Click(next)
	j.Click(`label[for="q-use"]`)
	j.Click(next)
	j.Click(`label[for="q-tasks"]`)
	j.Click(next)
	j.Fill("#q-hours", "4")
	j.Reload()
	j.shows("hours")
	if v := browsertest.Eval[string](j.Page, `document.getElementById('q-hours').value`); v != "4" {
		t.Errorf("after a reload the number is %q", v)
	}
	other := j.Beside(t, desk)
	browsertest.Eval[bool](j.Page, `(location.href = 'about:blank', true)`) // the tab is closed
	other.Goto(j.address + "?lang=nl")
	other.Click("[data-resume-go]")
	wait(t, other, `!document.getElementById('s-hours').closest('[hidden]')`)
}

func changeAfterwards(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.begin()
	j.toReview()
	j.Click("[data-send]")
	j.says("ontvangen")
	j.Goto(j.address + "?lang=nl")
	j.says("Je antwoorden zijn ontvangen")
	sound(t, j.Page, "entry afterwards")
	j.Click("[data-resume-go]")
	j.Click("[data-sent-body] .quiet.button:not(.copyable *)")
	j.Click("[data-review] .fact-actions button") // the first question
	j.shows("use")
	j.Click(`label[for="q-use"]`) // daily: there are more questions now
	j.Click(next)
	j.shows("tasks")
	for browsertest.Eval[bool](j.Page, `document.querySelector('[data-screen=review]').hidden`) {
		j.Click(next)
	}
	j.Click("[data-send]")
	puts := j.w.handed(2)
	if puts[0].Key != puts[1].Key {
		t.Error("changed answers have another ballot")
	}
	j.says("ontvangen")
	j.Click("[data-sent-body] > .plain")
	j.says("gewist")
	if n := browsertest.Eval[int](j.Page, `localStorage.length`); n != 0 {
		t.Errorf("%d things stay on the device", n)
	}
}

func refusals(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.Goto(j.address + "?lang=nl")
	j.Click("[data-begin] .next-step")
	j.says("Vul de pincode van je uitnodiging in")
	j.Fill("[data-pin]", "AAAAA-AAAAA")
	j.Click("[data-begin] .next-step")
	j.says("We kennen deze pincode niet")
	j.Forget()
	sound(t, j.Page, "wrong PIN")
	j.w.drawn["person-one"] = "another"
	j.Fill("[data-pin]", pin)
	j.Click("[data-begin] .next-step")
	j.says("is al iemand begonnen")
	delete(j.w.drawn, "person-one")
	j.Click("[data-begin] .next-step")
	j.Wait("#s-hello")
	j.toReview()
	j.w.fail(errUrn)
	j.Click("[data-send]")
	j.says("Nog niet verstuurd")
	j.w.fail(nil)
	j.w.clock.step(15 * 24 * time.Hour)
	j.Click("[data-sent-body] button")
	j.says("Deze bevraging is afgelopen") // by the clock alone, which may be set back: the device keeps what it holds
	if n := browsertest.Eval[int](j.Page, heldHere); n == 0 {
		t.Error("a device lets go of its ballot before the wave is closed for good")
	}
	j.w.end()
	j.Goto(j.address + "?lang=nl")
	j.says("Er kunnen geen antwoorden meer bij")
	j.Forget()
	sound(t, j.Page, "too late")
	if n := browsertest.Eval[int](j.Page, heldHere); n != 0 {
		t.Error("answers to a wave that is over stay on the device")
	}
}

// heldHere counts what the device holds of a wave.
const heldHere = `Object.keys(localStorage).filter(k => !k.endsWith('/tab')).length`

func otherPages(t *testing.T, b *browsertest.Browser) {
	for _, v := range []browsertest.View{phone, desk, {Width: 820, Height: 1180}, {Width: 320, Height: 640, Dark: true}, {Width: 794, Height: 1123, Print: true}} {
		for i, mode := range wave.Modes() {
			if i > 0 && v != phone {
				continue
			}
			j := travel(t, b, v, mode)
			for _, path := range []string{"", "/privacy"} {
				j.Goto(j.address + path + "?lang=nl")
				sound(t, j.Page, string(mode)+path+" "+v.String())
			}
			if mode == wave.Anonymous && !v.Print {
				j.begin()
				j.Click(next)
				sound(t, j.Page, "question "+v.String())
				j.w.survey.Wave.State = wave.Published
				j.Goto(j.address + "?lang=nl")
				sound(t, j.Page, "over "+v.String())
			}
		}
	}
}

func signedIn(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous, func(w *world) { w.who = "account-of-jan" })
	j.Goto(j.address + "?lang=nl")
	j.says("Je bent aangemeld als Jan Peeters")
	sound(t, j.Page, "entry")
	j.Click("[data-begin] .next-step")
	j.Wait("#s-hello")
	if j.w.drawn["person-one"] == "" {
		t.Error("nobody drew")
	}
	other := b.Tab(t, phone)
	other.Goto(j.address + "?lang=nl")
	wait(t, other, `document.querySelector('main').innerText.includes('Je bent al begonnen')`)
}

func keepsNothing(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.Goto(j.address + "?lang=nl")
	browsertest.Eval[bool](j.Page, `(Storage.prototype.setItem = () => { throw new Error('no room'); }, true)`)
	j.Fill("[data-pin]", pin)
	j.Click("[data-begin] .next-step")
	j.Wait("#s-hello") // in the same page, because the next would not find the ballot
	j.Click(`.languages a[hreflang=fr]`)
	j.says("Bienvenue")
	j.toReview()
	j.Click("[data-send]")
	j.says("vos réponses sont reçues")
	j.w.handed(1)
}

func twoPeople(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.begin()
	j.Goto("about:blank")
	j.Goto(j.address + "?lang=nl#" + second)
	j.says("Op dit toestel begon iemand anders")
	sound(t, j.Page, "another")
	if browsertest.Eval[bool](j.Page, `!document.querySelector('[data-resume-go]').hidden`) {
		t.Error("somebody else is led to the answers of who began")
	}
	j.Goto("about:blank")
	j.Goto(j.address + "?lang=nl#k7m2p9qx4r") // the first, typed otherwise
	j.says("Ga verder waar je was")
	browsertest.Eval[bool](j.Page, `(window.confirm = () => true, true)`)
	j.Click("[data-forget]")
	j.Wait("[data-pin]")
}

func partsOfTheFrame(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous, (*world).strata)
	j.Goto(j.address + "/privacy?lang=nl")
	j.says("Uit welk deel van de organisatie je komt")
	j.begin()
	j.toReview()
	j.Click("[data-send]")
	j.says("ontvangen")
	if got := j.w.handed(1)[0].Stratum; got != "office" {
		t.Errorf("the answers are of %q", got)
	}
	k := travel(t, b, phone, wave.Anonymous, (*world).strata)
	k.Goto(k.address + "?lang=nl")
	own, err := ballot.NewKey() // the server marks this person with a key that nobody else has
	if err != nil {
		t.Fatal(err)
	}
	k.w.survey.Keys = append(k.w.survey.Keys, Key{Stratum: "one", Public: own.Public(), Private: own, People: 1})
	k.w.people[pin].Stratum = "one"
	k.Fill("[data-pin]", pin)
	k.Click("[data-begin] .next-step")
	k.says("een sleutel die niet bij deze bevraging hoort")
	if len(k.w.drawn) != 0 {
		t.Error("the page draws under a key that was not published")
	}
}
