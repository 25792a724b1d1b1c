package room

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/markdown"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// site is the chat behind a server, with models that do as the test says.
type site struct {
	*Room
	t      testing.TB
	server *web.Server
	log    *syncBuffer
	models *models
	keeper *keeper
	now    time.Time
	lang   string // of the browser

	listener *httptest.Server
}

// models implements lab.Models.
type models struct {
	mu      sync.Mutex
	asked   []lab.Question
	answer  func(ctx context.Context, q *lab.Question, emit func(lab.Piece) error) (lab.Outcome, error)
	policy  guard.Policy
	offered []lab.Model
	ended   chan error // what each answer ended with; nil when nobody waits
}

func (m *models) Offered(context.Context, tenant.ID, string, instrument.Lang) ([]lab.Model, error) {
	return m.offered, nil
}

func (m *models) Policy(context.Context, tenant.ID) (guard.Policy, error) { return m.policy, nil }

func (m *models) Limits(context.Context, tenant.ID, string, instrument.Lang) ([]lab.Limit, error) {
	return []lab.Limit{{Percent: 36, Says: problem.Message{Bundle: locale(), Key: "composer.text"}}}, nil
}

func (m *models) Ask(ctx context.Context, _ tenant.ID, q *lab.Question, emit func(lab.Piece) error) (lab.Outcome, error) {
	m.mu.Lock()
	m.asked = append(m.asked, *q)
	answer, ended := m.answer, m.ended
	m.mu.Unlock()
	out, err := answer(ctx, q, emit)
	if ended != nil {
		ended <- ctx.Err()
	}
	return out, err
}

func (m *models) last() lab.Question {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.asked) == 0 {
		return lab.Question{}
	}
	return m.asked[len(m.asked)-1]
}

// says answers with words, one at a time, after a while each.
func says(text string, every time.Duration) func(context.Context, *lab.Question, func(lab.Piece) error) (lab.Outcome, error) {
	return func(ctx context.Context, _ *lab.Question, emit func(lab.Piece) error) (lab.Outcome, error) {
		for _, word := range strings.SplitAfter(text, " ") {
			if every > 0 && gone(ctx, every) {
				return lab.Outcome{Stopped: true}, nil
			}
			if err := emit(lab.Piece{Text: word}); err != nil {
				return lab.Outcome{Stopped: true}, err
			}
		}
		return lab.Outcome{Tokens: 12, Cost: "€ 0,01"}, nil
	}
}

// gone tells whether a request ended within a while.
func gone(ctx context.Context, within time.Duration) bool { return clock.Wait(ctx, within) != nil }

// keeper implements Keeper in memory.
type keeper struct {
	mu   sync.Mutex
	kept map[string]Stored
}

func (k *keeper) Keep(_ context.Context, _ access.Actor, id string, version int64, c *lab.Conversation, until time.Time) (string, int64, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if id == "" {
		id = "k1"
	} else if k.kept[id].Version != version {
		return "", 0, problem.New(problem.Conflict, locale(), "error.conversation", nil)
	}
	copied := *c
	k.kept[id] = Stored{&copied, version + 1, until}
	return id, version + 1, nil
}

func (k *keeper) Open(_ context.Context, _ access.Actor, id string) (Stored, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.kept[id]
	if !ok {
		return Stored{}, refuse(problem.NotFound, "error.unknown")
	}
	return s, nil
}

func (k *keeper) MostDays(context.Context, tenant.ID) (int, error) { return 30, nil }

// entries implements lab.Entries and Starts.
type entries struct{}

func (entries) Entry(_ context.Context, _ tenant.ID, id string, _ instrument.Lang) (lab.Entry, bool, error) {
	if id != "letter" {
		return lab.Entry{}, false, nil
	}
	return lab.Entry{ID: id, Title: "Een brief in klare taal", System: lab.WithPractice("Schrijf eenvoudig Nederlands.", "GEHEIM VAST ANTWOORD"), Reminder: "Jij tekent de brief: lees hem na voor hij vertrekt.",
		Look: []string{"Is er niets bij verzonnen?", "Klopt elke datum?"}, Back: "/lab/tasks/letter"}, true, nil
}

func (entries) Starts(context.Context, tenant.ID, instrument.Lang) ([]Start, error) {
	return []Start{{"Vat een tekst samen", "/lab/tasks/summary"}, {"Een brief in klare taal", "/lab/tasks/letter"}, {"Bereid een vergadering voor", "/lab/tasks/meeting"}}, nil
}

// extractor implements Extractor for what begins as a text.
type extractor struct{}

func (extractor) Text(_ context.Context, name string, data []byte) (Document, error) {
	if !bytes.HasPrefix(data, []byte("TEKST")) {
		return Document{}, refuseWith(problem.Unsupported, "error.file-kind", i18n.Args{"name": name})
	}
	return Document{Text: string(data), Notes: []problem.Message{{Bundle: locale(), Key: "files.cut"}}}, nil
}

// syncBuffer is what the log holds.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// Visit implements web.Visitors: whoever says "X-Test-Who" is a member of staff.
func (s *site) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: "t1"}, Org: web.Organisation{ID: "t1", Slug: "stad", Name: "Stad Voorbeeld", Languages: instrument.Languages(), GroupSize: 10}}
	if who := r.Header.Get("X-Test-Who"); who != "" {
		v.Actor = access.Actor{Kind: access.Person, Tenant: "t1", ID: "s-" + who, Owner: who, Roles: []access.Role{access.Employee}}
		v.Name, v.Session = "Mia Maes", "s"
	}
	return v, nil
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{t: t, lang: "nl", now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), log: &syncBuffer{}, keeper: &keeper{kept: map[string]Stored{}}}
	s.models = &models{answer: says("Dit is een antwoord met **vet** en een lijst:\n\n- een\n- twee", 0), policy: guard.DefaultPolicy(), offered: []lab.Model{
		{Name: "mistral", Title: "Mistral Small", Where: "bij ons in huis", Context: 32000},
		{Name: "beeld", Title: "Beeldmodel", Where: "EU", Images: true, Context: 32000},
		{Name: "practice", Title: "Oefenmodel", Practice: true},
	}}
	now := func() time.Time { return s.now }
	s.Room = New(Dependencies{Models: s.models, Entries: entries{}, Starts: entries{}, Extract: extractor{}, Keeper: s.keeper, Now: now})
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "http", Host: "tekentafel.example"}, Zone: clock.Brussels()}, s, nil, now, slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	if err := markdown.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	return s
}

type answer struct {
	*httptest.ResponseRecorder
	t    testing.TB
	root *html.Node
}

func (s *site) send(method, who, target, kind string, body io.Reader) *answer {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, target, body)
	r.Header.Set("Accept-Language", "nl")
	if who != "" {
		r.Header.Set("X-Test-Who", who)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	a := &answer{ResponseRecorder: w, t: s.t}
	root, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		s.t.Fatal(err)
	}
	a.root = root
	return a
}

func (s *site) get(target string) *answer {
	s.t.Helper()
	return s.send(http.MethodGet, "mia", target, "", nil)
}

func (s *site) json(target string, v any) *answer {
	s.t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(http.MethodPost, "mia", target, "application/json", bytes.NewReader(body))
}

// form sends the fields as a browser without scripts does. A name that begins with @ is a file.
func (s *site) form(who, target string, pairs ...string) *answer {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		var err error
		if name, file := strings.CutPrefix(pairs[i], "@"); file {
			var w io.Writer
			if w, err = m.CreateFormFile("file", name); err == nil {
				_, err = io.WriteString(w, pairs[i+1])
			}
		} else {
			err = m.WriteField(pairs[i], pairs[i+1])
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.send(http.MethodPost, who, target, m.FormDataContentType(), &b)
}

func (a *answer) wants(status int, says ...string) *answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status %d, want %d: %.900s", a.Code, status, a.Body.String())
	}
	for _, text := range says {
		if !strings.Contains(a.text(), text) {
			a.t.Errorf("it does not say %q, but %.2500s", text, a.text())
		}
	}
	return a
}

func (a *answer) silent(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body.String(), text) {
			a.t.Errorf("it has %q", text)
		}
	}
	return a
}

func (a *answer) text() string {
	var b strings.Builder
	for n := range a.root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// field is the value of a field of the page.
func (a *answer) field(name string) string {
	for n := range a.root.Descendants() {
		if n.Type != html.ElementNode || attributeOf(n, "name") != name {
			continue
		}
		if n.Data == "textarea" && n.FirstChild != nil {
			return n.FirstChild.Data
		}
		return attributeOf(n, "value")
	}
	return ""
}

func attributeOf(n *html.Node, name string) string {
	for _, x := range n.Attr {
		if x.Key == name {
			return x.Val
		}
	}
	return ""
}

// read reads what an answer holds.
func read[T any](a *answer) T {
	a.t.Helper()
	var v T
	if err := json.Unmarshal(a.Body.Bytes(), &v); err != nil {
		a.t.Fatalf("%v: %.300s", err, a.Body.String())
	}
	return v
}

func user(text string) lab.Message { return lab.Message{ID: "m1", Role: lab.User, Text: text} }

func asks(text string) asked { return asked{Model: "mistral", Messages: []lab.Message{user(text)}} }

func (s *site) now1() time.Time { return s.now }
