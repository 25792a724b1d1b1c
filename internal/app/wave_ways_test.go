package app

import (
	"encoding/base64"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/mail"
	"tekentafel/internal/report"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/compose"
	"tekentafel/internal/survey/invite"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/urn"
	lifecycle "tekentafel/internal/survey/wave"
	"tekentafel/internal/testkit/smtptest"
	"tekentafel/internal/ui/browsertest"
)

// posting is a house that sends its mail to a server.
func posting(t *testing.T, database string) (*house, *smtptest.Server) {
	t.Helper()
	server := smtptest.Start(t, smtptest.Options{TLS: smtptest.None})
	return open(t, database, func(c *Config) {
		c.Mail = mail.Config{Address: server.Address(), Security: mail.None, From: "tekentafel@voorbeeld.example", PollEvery: 100 * time.Millisecond}
	}), server
}

// asking is a wave with every kind of question, and who may answer it.
type asking struct {
	h      *house
	b      *browsertest.Browser
	looks  *looks
	wave   lifecycle.Wave
	codec  *record.Codec
	server *smtptest.Server

	mu   sync.Mutex
	pins []string // of people who have not begun
	sent int      // people who answered
}

// short is a recipe of one question of each kind.
func short() compose.Recipe {
	every := func(nl, other string) instrument.Text {
		return instrument.Text{instrument.NL: nl, instrument.FR: other + " (fr)", instrument.DE: other + " (de)", instrument.EN: other}
	}
	r := compose.NewRecipe(compose.DefaultBase)
	r.Off = []string{"systems_and_tasks", "why_not", "leisure", "opinions", "drivers", "skills", "rules", "support"}
	r.Skip = []string{"function_family", "workplace", "age", "education", "leads"}
	r.Texts = map[string]instrument.Text{}
	r.Own = []compose.Own{
		{ID: "own1", Kind: instrument.Multiple, After: "use_work", Question: every("Waarvoor gebruik je AI?", "What do you use AI for?"),
			Options:   []compose.OwnOption{{ID: "write", Label: every("Schrijven", "Writing")}, {ID: "find", Label: every("Opzoeken", "Searching")}, {ID: "none", Label: every("Niets van dit alles", "None of these"), Exclusive: true}},
			Condition: &compose.Condition{Item: "use_work", Options: []string{"never"}, Not: true}},
		{ID: "own2", Kind: instrument.Number, After: "use_work", Question: every("Hoeveel uur win je per week?", "How many hours a week do you save?"), Unit: every("uur", "hours")},
		{ID: "own3", Kind: instrument.Matrix, After: "use_work", Scale: "agreement", Question: every("Wat vind je hiervan?", "What do you think?"),
			Rows: []compose.OwnRow{{ID: "own3_1", Text: every("Ik leer graag bij", "I like to learn")}, {ID: "own3_2", Text: every("Ik weet bij wie ik terechtkan", "I know whom to ask")}}},
		{ID: ownQuestion, Kind: instrument.OpenText, Question: every("Wat wil je nog kwijt?", "What else do you want to say?")},
	}
	r.Next = 4
	r.Levels = map[string]compose.Levels{"department": {Typed: []compose.Level{{ID: "financien", Label: every("Financiën", "Finance")}, {ID: "groen", Label: every("Groen", "Parks")}}}}
	return r
}

// said is what somebody answers to the short questionnaire.
func said(words string) map[string]any {
	return map[string]any{"use_work": "daily", "own1": []string{"write", "find"}, "own2": 2.5, "own3_1": "agree", "own3_2": "neutral", "department": "groen", ownQuestion: words}
}

// asks launches a wave of a mode with the short questionnaire. Emma, who has an account, is one of its people.
func (h *house) asks(t *testing.T, b *browsertest.Browser, l *looks, server *smtptest.Server, mode lifecycle.Mode) *asking {
	t.Helper()
	hr := h.actor(t, access.HR)
	people := 20
	if mode == lifecycle.OpenLink {
		people = 0
	}
	w := h.wave(t, hr, "Werken met AI", mode, people, -time.Hour)
	if people > 0 {
		must(h.Survey.Invite.Add(t.Context(), hr, w.ID, invite.MemberInput{Name: "Emma Peeters", Mail: "medewerker@voorbeeld.example", Language: instrument.NL}))(t)
	} else {
		plan := lifecycle.Plan{Contact: "Hilde Roels, 09 123 45 67", Moments: lifecycle.Moments{Opens: h.Now().Add(-time.Hour), Closes: h.Now().AddDate(0, 0, 14)}}
		if err := h.Survey.Waves.SetPlan(t.Context(), hr, w.ID, w.Version, plan); err != nil {
			t.Fatal(err)
		}
	}
	w = must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t)
	recipe := short()
	raw := must(recipe.JSON())(t)
	if err := h.DB.Write(t.Context(), hr.Tenant, func(s *db.Scope) error { return lifecycle.SaveRecipe(t.Context(), s, w.ID, w.Version, raw) }); err != nil {
		t.Fatal(err)
	}
	w = h.launch(t, hr, must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t))
	a := &asking{h: h, b: b, looks: l, wave: w, codec: h.codecOf(t, &w), server: server}
	if people > 0 {
		pins := must(h.Survey.Invite.PINs(t.Context(), &w))(t)
		for _, id := range slices.Sorted(maps.Keys(pins)) {
			var account string
			if err := h.DB.Of(w.Tenant).Row(t.Context(), `SELECT account_id || mail FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND id = $3`, []any{w.ID, id}, &account); err != nil {
				t.Fatal(err)
			}
			if account == "" { // who has mail opens the link of it
				a.pins = append(a.pins, pins[id])
			}
		}
	}
	return a
}

// pin is that of somebody who has not begun.
func (a *asking) pin(t *testing.T) string {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.pins) == 0 {
		t.Fatal("everybody has begun")
	}
	out := a.pins[0]
	a.pins = a.pins[1:]
	return out
}

func (a *asking) count(people int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sent += people
}

func (a *asking) entry() string { return a.h.url + "/w/" + a.wave.Code }

func (a *asking) reader(t *testing.T, name string, v browsertest.View) *reader {
	t.Helper()
	return a.h.reader(t, a.b, a.looks, fmt.Sprintf("%s %s", a.wave.Mode, name), v)
}

// start opens the entry and begins, by a typed PIN where the wave asks for one.
func (a *asking) start(r *reader) {
	r.t.Helper()
	r.Goto(a.entry() + "?lang=nl")
	r.look("entry")
	if a.wave.Mode != lifecycle.OpenLink {
		r.Fill("[data-pin]", strings.ToLower(strings.Replace(a.pin(r.t), "-", " ", 1)))
	}
	r.Click("[data-begin] .next-step")
	r.Wait("#s-welcome")
}

// kept looks into the urn for what the reader answered. Of an anonymous wave the receipt on the page must lead to it.
func (a *asking) kept(r *reader, given map[string]any) urn.Opened {
	r.t.Helper()
	e := a.h.holds(r.t, &a.wave, a.codec, ownQuestion, given)
	if a.wave.Mode == lifecycle.Anonymous && r.Count("#receipt") == 1 {
		message := must(base64.RawURLEncoding.DecodeString(r.Text("#receipt")))(r.t)
		b := ballot.Ballot{Message: [64]byte(message)}
		if e.Key != b.Key() {
			r.t.Error("the receipt is not that of the answers")
		}
	}
	return e
}

// TestEveryWayInLeadsToTheUrn answers the same questionnaire in every mode, by every way in and with what goes wrong on the way.
// Each time the urn holds exactly what was answered.
func TestEveryWayInLeadsToTheUrn(t *testing.T) {
	t.Parallel()
	h, server := posting(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	b, l := browsertest.Start(t), &looks{}
	for _, mode := range lifecycle.Modes() {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			a := h.asks(t, b, l, server, mode)
			t.Run("ways", func(t *testing.T) {
				for name, way := range a.ways() {
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						way(t, a)
					})
				}
			})
			if n := len(h.inUrn(t, &a.wave)); n != a.sent {
				t.Errorf("%d records of %d people", n, a.sent)
			}
		})
	}
}

// ways are the ways into a wave.
func (a *asking) ways() map[string]func(*testing.T, *asking) {
	all := map[string]func(*testing.T, *asking){
		"typed on a phone, network lost": offlineMidway, "keyboard alone": byKeyboard, "back, reload, two tabs": backReloadTabs,
		"language midway, double tap": languageAndTaps, "without scripts": bareBrowser,
	}
	if a.wave.Mode != lifecycle.OpenLink {
		all["link of a mail"] = mailLink
		all["shared tablet"] = onTablet
		all["signed in"] = fromHome
	}
	return all
}

var linkInMail = regexp.MustCompile(`http://localhost:\d+/w/[0-9a-z]+\?lang=[a-z]{2}#[0-9A-Z]{5}-[0-9A-Z]{5}`)

// mailed returns the link in the mail to a person of a wave.
func (a *asking) mailed(t *testing.T) string {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		for _, m := range a.server.Messages() {
			link := linkInMail.FindString(plainOf(t, m))
			if strings.Contains(m.To[0], ".lid0@") && strings.Contains(link, a.wave.Code) {
				return link
			}
		}
		if time.Now().After(end) {
			t.Fatalf("no mail with a link of %s in %d mails", a.wave.Code, len(a.server.Messages()))
		}
	}
}

func mailLink(t *testing.T, a *asking) {
	r := a.reader(t, "by mail", atDesk)
	link := a.mailed(t)
	r.Goto(link)
	_, pin, _ := strings.Cut(link, "#")
	if at := r.Location(); strings.Contains(at, "#") || strings.Contains(at, pin) {
		t.Errorf("the PIN stays in the address: %s", at)
	}
	if typed := browsertest.Eval[string](r.Page, `document.querySelector('[data-pin]').value`); typed != pin {
		t.Errorf("the field holds %q", typed)
	}
	r.look("entry")
	r.Click(`.languages [lang=nl]`)
	r.until(`document.documentElement.lang === 'nl' && document.querySelector('[data-pin]').value !== ''`)
	r.Click("[data-begin] .next-step")
	r.Wait("#s-welcome")
	if left := browsertest.Eval[string](r.Page, `JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage}) + JSON.stringify(history.state) + document.referrer`); strings.Contains(left, pin) || strings.Contains(left, strings.ReplaceAll(pin, "-", "")) {
		t.Errorf("the PIN stays on the device: %s", left)
	}
	given := said("Eerst dit, " + r.name)
	r.toReview(given)
	r.Click("[data-send]")
	r.received()
	if until := report.Locale().Printer(instrument.NL).Moment(a.wave.Closes.In(a.h.Zone)); !strings.Contains(r.Text("[data-sent-body]"), until) { // whatever the clock of the device
		t.Errorf("the page does not say that answers can change until %s: %s", until, r.Text("[data-sent-body]"))
	}
	a.count(1)
	first := a.kept(r, given)

	// The next day they open the same link again, and change an answer.
	r.Goto("about:blank")
	r.Goto(link)
	r.says("Je antwoorden zijn ontvangen")
	r.look("afterwards")
	r.Click("[data-resume-go]")
	r.until(`!document.querySelector('[data-screen=sent]').hidden`)
	r.Click("[data-sent-body] .buttons .quiet")
	r.until(reviewed)
	given["use_work"], given[ownQuestion] = "never", "Toch maar dit, "+r.name
	delete(given, "own1") // who never uses it is not asked for what
	for _, question := range []string{"first", "last"} {
		r.Click("[data-review] > div:" + question + "-child .fact-actions button")
		r.answer(given)
		r.Click("[data-next]")
		r.until(reviewed)
	}
	r.look("changed")
	r.Click("[data-send]")
	r.received()
	if second := a.kept(r, given); second.Key != first.Key {
		t.Error("changed answers are a second record")
	}
}

func offlineMidway(t *testing.T, a *asking) {
	r := a.reader(t, "offline", onPhone)
	a.start(r)
	given := said("Zonder netwerk, " + r.name)
	r.until(`navigator.serviceWorker.ready.then(() => caches.open('tekentafel-answering-1')).then(c => c.keys()).then(k => k.filter(q => q.url.includes('` + a.wave.Code + `/questions')).length === 4 && k.some(q => q.url.includes('answer.')))`)
	r.Click("[data-next]")
	r.Reload() // from here on the worker answers
	r.Offline(true)
	r.says("Je bent offline")
	r.look("offline")
	r.answer(given)
	r.Reload()
	r.toReview(given)
	r.Click("[data-send]")
	r.says("Nog niet verstuurd")
	r.offline = true
	r.look("waiting")
	if n := len(a.h.inUrn(t, &a.wave)); n > 0 && a.sentWords(t, fmt.Sprint(given[ownQuestion])) {
		t.Error("answers got through without network")
	}
	r.Offline(false)
	r.received()
	a.count(1)
	a.kept(r, given)
}

// sentWords tells whether the urn holds what somebody wrote.
func (a *asking) sentWords(t *testing.T, words string) bool {
	t.Helper()
	for _, e := range a.h.inUrn(t, &a.wave) {
		c := a.codec.Collector(1)
		if err := c.Add(e.Record); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(c.Texts()[ownQuestion], words) {
			return true
		}
	}
	return false
}

// tabTo presses the Tab key until the focus is where an expression on the element in focus is true.
func (r *reader) tabTo(where string) {
	r.t.Helper()
	for range 30 {
		r.Press("Tab")
		if browsertest.Eval[bool](r.Page, `(e => `+where+`)(document.activeElement)`) {
			return
		}
	}
	r.t.Fatalf("%s: the Tab key never comes to %s", r.name, where)
}

func byKeyboard(t *testing.T, a *asking) {
	r := a.reader(t, "keyboard", atDesk)
	r.Goto(a.entry() + "?lang=nl")
	if a.wave.Mode != lifecycle.OpenLink {
		r.tabTo(`e.hasAttribute('data-pin')`)
		for _, key := range strings.ReplaceAll(a.pin(t), "-", "") {
			r.Press(string(key))
		}
	} else {
		r.tabTo(`e.classList.contains('next-step')`)
	}
	r.Press("Enter")
	r.Wait("#s-welcome")
	given := map[string]any{"use_work": "daily", "own1": []string{"write"}, "own2": 3, "own3_1": "strongly_disagree", "own3_2": "strongly_disagree", "department": "financien",
		ownQuestion: "toetsen " + string(a.wave.Mode)}
	for n := range 12 {
		if browsertest.Eval[bool](r.Page, reviewed) {
			break
		}
		if n == 11 {
			t.Fatal("the list of answers never comes")
		}
		for _, f := range r.onScreen() {
			r.tabTo(`e.name === '` + f.Name + `'`)
			switch f.Kind {
			case "radio", "checkbox":
				r.Press("Space")
				for range 8 {
					if f.Kind == "checkbox" || browsertest.Eval[bool](r.Page, `document.querySelector('input[name="`+f.Name+`"][value="`+fmt.Sprint(given[f.Name])+`"]').checked`) {
						break
					}
					r.Press("ArrowDown")
				}
			default:
				for _, key := range fmt.Sprint(given[f.Name]) {
					r.Press(strings.Replace(string(key), " ", "Space", 1))
				}
			}
		}
		r.look(fmt.Sprintf("question %d", n))
		r.tabTo(`e.hasAttribute('data-next')`)
		r.Press("Enter")
	}
	r.tabTo(`e.hasAttribute('data-send')`)
	r.Press("Enter")
	r.received()
	if a.wave.Mode == lifecycle.Anonymous {
		r.tabTo(`e.id === 'receipt'`)
	}
	a.count(1)
	a.kept(r, given)
}

func backReloadTabs(t *testing.T, a *asking) {
	r := a.reader(t, "two tabs", onPhone)
	a.start(r)
	given := said("Twee tabbladen, " + r.name)
	r.Click("[data-next]")
	r.answer(given)
	r.Click("[data-next]")
	r.answer(given)
	r.Back()
	r.until(`!document.getElementById('s-use_work').closest('[hidden]')`)
	if !browsertest.Eval[bool](r.Page, `document.querySelector('[name=use_work][value=daily]').checked`) {
		t.Error("going back loses the answer")
	}
	r.Click("[data-next]")
	r.Reload()
	r.until(`!document.getElementById('s-own1').closest('[hidden]')`)
	other := *r
	other.Page, other.name = r.Beside(t, onPhone), r.name+", the other"
	other.Goto(a.entry() + "?lang=nl")
	other.says("Ga verder waar je was")
	other.look("resume")
	other.Click("[data-resume-go]")
	other.says("ander tabblad")
	other.look("told")
	other.Click("[data-stop-body] button")
	other.until(`!document.getElementById('s-own1').closest('[hidden]')`)
	r.says("Je ging verder in een ander tabblad")
	r.look("moved on")
	r.Goto("about:blank")
	last := other
	last.Page, last.name = other.Beside(t, onPhone), other.name+" again"
	other.Goto("about:blank") // both are closed
	last.Goto(a.entry() + "/questions?lang=nl")
	last.until(`!document.getElementById('s-own1').closest('[hidden]')`)
	last.toReview(given)
	last.Click("[data-send]")
	last.received()
	a.count(1)
	a.kept(&last, given)
}

func languageAndTaps(t *testing.T, a *asking) {
	r := a.reader(t, "languages", onPhone)
	a.start(r)
	given := said("Vier talen, " + r.name)
	for i, lang := range []string{"nl", "fr", "de", "en"} {
		if i > 0 {
			r.Click(`.languages a[hreflang=` + lang + `]`)
			r.until(`document.documentElement.lang === '` + lang + `'`)
			r.look(lang)
		}
		r.Click("[data-next]")
		r.answer(given)
	}
	r.toReview(given)
	browsertest.Eval[bool](r.Page, `(document.querySelector('[data-send]').click(), document.querySelector('[data-send]').click(), true)`)
	r.received()
	a.count(1)
	a.kept(r, given)
}
