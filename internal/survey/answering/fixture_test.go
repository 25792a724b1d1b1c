package answering

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// questionnaire has every kind of question, with conditions.
const questionnaire = `
id: all-kinds
version: "1"
title: {nl: "Werken met AI", fr: "Travailler avec l’IA", de: "Mit KI arbeiten", en: "Working with AI"}
description: {nl: "Hoe gebruik jij AI op het werk?", fr: "Comment utilisez-vous l’IA au travail ?", de: "Wie nutzen Sie KI bei der Arbeit?", en: "How do you use AI at work?"}
source: "made for tests"
languages: [nl, fr, de, en]
group_size: 10
scales:
  agree:
    - {id: no, label: {nl: "oneens", fr: "pas d’accord", de: "lehne ab", en: "disagree"}}
    - {id: so, label: {nl: "neutraal", fr: "neutre", de: "neutral", en: "neutral"}}
    - {id: yes, label: {nl: "eens", fr: "d’accord", de: "stimme zu", en: "agree"}}
    - {id: dunno, missing: dont-know, label: {nl: "weet niet", fr: "je ne sais pas", de: "weiß nicht", en: "don’t know"}}
items:
  - {id: hello, kind: info, topic: other, question: {nl: "Welkom", fr: "Bienvenue", de: "Willkommen", en: "Welcome"}, help: {nl: "Foute antwoorden bestaan niet.", fr: "Il n’y a pas de mauvaises réponses.", de: "Es gibt keine falschen Antworten.", en: "There are no wrong answers."}}
  - id: use
    kind: single
    topic: use
    required: true
    question: {nl: "Hoe vaak gebruik je AI voor je werk?", fr: "À quelle fréquence utilisez-vous l’IA au travail ?", de: "Wie oft nutzen Sie KI bei der Arbeit?", en: "How often do you use AI at work?"}
    help: {nl: "Bijvoorbeeld ChatGPT of Copilot.", fr: "Par exemple ChatGPT ou Copilot.", de: "Zum Beispiel ChatGPT oder Copilot.", en: "ChatGPT or Copilot, for example."}
    options:
      - {id: daily, label: {nl: "Elke dag", fr: "Chaque jour", de: "Jeden Tag", en: "Every day"}}
      - {id: weekly, label: {nl: "Elke week", fr: "Chaque semaine", de: "Jede Woche", en: "Every week"}}
      - {id: never, label: {nl: "Nooit", fr: "Jamais", de: "Nie", en: "Never"}}
      - {id: secret, missing: not-applicable, label: {nl: "Dat zeg ik liever niet", fr: "Je préfère ne pas répondre", de: "Das sage ich lieber nicht", en: "I would rather not say"}}
  - id: tasks
    kind: multiple
    topic: tasks
    visible: 'use in ["daily", "weekly"]'
    question: {nl: "Waarvoor gebruik je het?", fr: "Pour quoi l’utilisez-vous ?", de: "Wofür nutzen Sie sie?", en: "What do you use it for?"}
    options:
      - {id: write, label: {nl: "Schrijven", fr: "Écrire", de: "Schreiben", en: "Writing"}}
      - {id: search, label: {nl: "Opzoeken", fr: "Chercher", de: "Suchen", en: "Searching"}}
      - {id: none, exclusive: true, label: {nl: "Niets van dit alles", fr: "Rien de tout cela", de: "Nichts davon", en: "None of these"}}
  - id: hours
    kind: number
    topic: tasks
    visible: 'answered(tasks) and not chosen(tasks, "none")'
    min: 0
    max: 40
    unit: {nl: "uur per week", fr: "heures par semaine", de: "Stunden pro Woche", en: "hours a week"}
    question: {nl: "Hoeveel tijd bespaar je?", fr: "Combien de temps gagnez-vous ?", de: "Wie viel Zeit sparen Sie?", en: "How much time do you save?"}
  - id: skills
    kind: matrix
    topic: skills
    question: {nl: "Ben je het eens?", fr: "Êtes-vous d’accord ?", de: "Stimmen Sie zu?", en: "Do you agree?"}
    options_from: agree
    rows:
      - {id: can, text: {nl: "Ik kan goed vragen stellen aan AI", fr: "Je sais bien interroger l’IA", de: "Ich kann KI gut befragen", en: "I can ask AI good questions"}}
      - {id: check, text: {nl: "Ik kijk antwoorden na", fr: "Je vérifie les réponses", de: "Ich prüfe Antworten", en: "I check answers"}}
  - id: likes
    kind: scale
    topic: drivers
    question: {nl: "Ik werk graag met AI", fr: "J’aime travailler avec l’IA", de: "Ich arbeite gern mit KI", en: "I like working with AI"}
    options_from: agree
  - id: wants
    kind: scale
    topic: drivers
    question: {nl: "Ik wil er meer over leren", fr: "Je veux en apprendre plus", de: "Ich möchte mehr lernen", en: "I want to learn more"}
    options_from: agree
  - id: department
    kind: single
    topic: background
    group: true
    question: {nl: "Op welke dienst werk je?", fr: "Dans quel service travaillez-vous ?", de: "In welcher Abteilung arbeiten Sie?", en: "Which department do you work in?"}
    options:
DEPARTMENTS
  - {id: idea, kind: text, topic: support, question: {nl: "Wat zou je helpen?", fr: "Qu’est-ce qui vous aiderait ?", de: "Was würde Ihnen helfen?", en: "What would help you?"}}
`

func parse(t testing.TB) *instrument.Instrument {
	t.Helper()
	var b strings.Builder
	for i, name := range []string{"Burgerzaken", "Groendienst", "Personeel", "Financiën", "Cultuur", "Sport", "Jeugd", "Welzijn", "Bibliotheek", "Werken",
		"Ruimtelijke ordening", "Milieu", "Archief", "Communicatie"} {
		id := "d" + string(rune('a'+i))
		b.WriteString("      - {id: " + id + ", label: {same: \"" + name + "\"}}\n")
	}
	in, err := instrument.Parse("test.yaml", []byte(strings.Replace(questionnaire, "DEPARTMENTS\n", b.String(), 1)))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// stepped is a clock that a test moves.
type stepped struct {
	mu sync.Mutex
	at time.Time
}

func (c *stepped) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *stepped) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a made-up wave with its people and its urn, in memory.
type world struct {
	t      testing.TB
	clock  *stepped
	server *web.Server
	pages  *Pages
	survey *Survey

	mu      sync.Mutex
	people  map[string]*Person // by PIN
	drawn   map[string]string
	taken   map[string]bool
	refused map[string]bool
	puts    []urn.Entry
	drafts  map[string][]byte
	failing error // of the urn
	slow    time.Duration
	who     string // account that is signed in, or ""

	noList, damaged bool
	pieces          int // of a damaged list that are whole
}

const (
	code   = "7k2m9qx4"
	pin    = "K7M2P-9QX4R"
	second = "AAAAA-BBBBB"
)

// testKey is one key for all tests: making one takes long.
var testKey = sync.OnceValue(func() *ballot.Key {
	k, err := ballot.NewKey()
	if err != nil {
		panic(err)
	}
	return k
})

// otherKey is a second one.
var otherKey = sync.OnceValue(func() *ballot.Key {
	k, err := ballot.NewKey()
	if err != nil {
		panic(err)
	}
	return k
})

func newWorld(t testing.TB, mode wave.Mode, change ...func(*wave.Wave)) *world {
	t.Helper()
	w := &world{t: t, clock: &stepped{at: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)},
		people: map[string]*Person{}, drawn: map[string]string{}, taken: map[string]bool{}, refused: map[string]bool{}, drafts: map[string][]byte{}}
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	wv := wave.Wave{Tenant: "ours", ID: "w1", Code: code, Title: "Najaar", State: wave.Open, Mode: mode, GroupSize: 10, Retention: 365, Version: 1,
		Languages: instrument.Languages(), Opens: w.clock.at.AddDate(0, 0, -1), Closes: w.clock.at.AddDate(0, 0, 14),
		Settings: wave.Settings{Contact: "Lien Maes, hr@voorbeeld.example, 09 000 00 00", Kiosk: true}}
	for _, f := range change {
		f(&wv)
	}
	var keys []Key
	if mode == wave.Anonymous {
		keys = []Key{{Public: testKey().Public(), Private: testKey(), People: 20}}
	}
	if w.survey, err = NewSurvey(wv, parse(t), keys, web.Organisation{ID: "ours", Slug: "ours", Name: "Stad Voorbeeld", Languages: instrument.Languages(), GroupSize: 10}); err != nil {
		t.Fatal(err)
	}
	w.survey.derive = func(purpose string, data []byte) ([]byte, error) { return box.Keyed(purpose, data), nil }
	w.people[pin] = &Person{ID: "person-one"}
	w.people[second] = &Person{ID: "person-two"}
	w.pages = New(Dependencies{Waves: w, People: w, Urn: w, Drafts: w, Lists: w, Reports: w, Box: box, Clock: w.clock.now})
	address, err := url.Parse("http://127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	w.server = web.New(web.Config{PublicURL: address, Version: "test"}, w, nil, w.clock.now, slog.New(slog.DiscardHandler))
	if err := w.pages.AddTo(w.server); err != nil {
		t.Fatal(err)
	}
	if err := w.server.Add(w.server.LanguageRoute(func(*web.Request, instrument.Lang) error { return nil })); err != nil {
		t.Fatal(err)
	}
	w.server.Mount("GET /assets/", ui.Assets())
	return w
}

// Visit implements web.Visitors.
func (w *world) Visit(context.Context, *http.Request) (web.Visit, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor}}
	if w.who != "" {
		v.Actor = access.Actor{Kind: access.Person, Tenant: "ours", ID: w.who, Owner: w.who, Roles: []access.Role{access.Employee}}
		v.Name, v.Session = "Jan Peeters", "s1"
	}
	return v, nil
}

func (w *world) ByCode(_ context.Context, c string) (*Survey, error) {
	if c != code {
		return nil, db.ErrNoRow
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.survey, nil
}

// end closes the wave for good.
func (w *world) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	old := w.survey
	w.survey = &Survey{Wave: old.Wave, Instrument: old.Instrument, Codec: old.Codec, Keys: old.Keys, Org: old.Org, Study: old.Study, routing: old.routing, asks: old.asks, derive: old.derive}
	w.survey.Wave.State = wave.Closed
}

func plainPIN(s string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(s))
}

func (w *world) Find(_ context.Context, _ *wave.Wave, typed string) (Person, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for p, who := range w.people {
		if plainPIN(p) == plainPIN(typed) {
			return w.known(who), nil
		}
	}
	return Person{}, db.ErrNoRow
}

func (w *world) BySession(_ context.Context, _ *wave.Wave, account string) (Person, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if account != "account-of-jan" {
		return Person{}, db.ErrNoRow
	}
	return w.known(w.people[pin]), nil
}

func (w *world) known(p *Person) Person {
	out := *p
	out.Taken = w.taken[p.ID]
	return out
}

func (w *world) Refuse(_ context.Context, _ *wave.Wave, person string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused[person] = true
	return nil
}

func (w *world) Draw(_ context.Context, _ *wave.Wave, person, blinded, _ string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failing != nil {
		return w.failing
	}
	if before := w.drawn[person]; before != "" && before != blinded {
		return urn.ErrDrawn
	}
	w.drawn[person], w.taken[person] = blinded, true
	return nil
}

func (w *world) Take(_ context.Context, _ *wave.Wave, person, _ string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.taken[person] = true
	return nil
}

func (w *world) Put(_ context.Context, _ *wave.Wave, e urn.Entry) error {
	w.mu.Lock()
	slow := w.slow
	w.mu.Unlock()
	time.Sleep(slow)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failing != nil {
		return w.failing
	}
	w.puts = append(w.puts, e)
	return nil
}

// ballotList is what a list of ballots says.
const ballotList = "the list\nof ballots\n"

func (w *world) Size(context.Context, *wave.Wave) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.noList || !w.survey.ended() {
		return 0, db.ErrNoRow
	}
	return int64(len(ballotList)), nil
}

// Copy writes the list in two pieces, and fails after so many as w.pieces says, if it does.
func (w *world) Copy(_ context.Context, _ *wave.Wave, out io.Writer) error {
	for i, piece := range strings.SplitAfterN(ballotList, "\n", 2) {
		if w.damaged && i == w.pieces {
			return errors.New("the list is damaged in the store")
		}
		if _, err := io.WriteString(out, piece); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) Published(context.Context, *wave.Wave) (string, error) { return "/reports/r1", nil }

func (w *world) Told(context.Context, *wave.Wave) (string, error) { return "/t/told", nil }

func (w *world) Load(_ context.Context, _ *wave.Wave, key string) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.drafts[key] == nil {
		return nil, db.ErrNoRow
	}
	return w.drafts[key], nil
}

func (w *world) Save(_ context.Context, _ *wave.Wave, key string, sealed []byte, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drafts[key] = sealed
	return nil
}

func (w *world) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failing = err
}

// handed returns the entries that were put, once there are n of them or the patience is gone.
func (w *world) handed(n int) []urn.Entry {
	w.t.Helper()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		w.mu.Lock()
		got := len(w.puts)
		out := append([]urn.Entry(nil), w.puts...)
		w.mu.Unlock()
		if got >= n {
			return out
		}
		if time.Now().After(end) {
			w.t.Fatalf("%d entries, want %d", got, n)
		}
	}
}

var errUrn = errors.New("the urn fails")

// do sends a request.
func (w *world) do(method, path, body string, set ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, f := range set {
		f(r)
	}
	out := httptest.NewRecorder()
	w.server.ServeHTTP(out, r)
	return out
}

func asJSONBody(r *http.Request) { r.Header.Set("Content-Type", "application/json") }

// strata splits the frame in two parts with keys of their own.
func (w *world) strata() {
	w.survey.Keys = []Key{{Stratum: "field", Public: testKey().Public(), Private: testKey(), People: 20},
		{Stratum: "office", Public: otherKey().Public(), Private: otherKey(), People: 20}}
	w.people[pin].Stratum, w.people[second].Stratum = "office", "field"
}
