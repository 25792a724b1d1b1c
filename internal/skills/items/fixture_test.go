package items

import (
	"context"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/stats/irt"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"

	"tekentafel/instruments"
	asking "tekentafel/internal/skills/asked"
)

var builtin = sync.OnceValues(check.Builtin)

var monitor = sync.OnceValues(func() (*instrument.Instrument, error) {
	text, err := instruments.Open(check.Monitor)
	if err != nil {
		return nil, err
	}
	return instrument.Parse(check.Monitor+".yaml", text)
})

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// world is the feature on a store, with its jobs.
type world struct {
	*Service
	t testing.TB

	mu    sync.Mutex
	at    time.Time
	waves []Wave
	of    map[string]*instrument.Answers
	size  int
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(time.Millisecond)
	return w.at
}

func (w *world) step(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// Name implements Accounts.
func (w *world) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	return "Naam van " + account, nil
}

// GroupSize implements Organisations.
func (w *world) GroupSize(context.Context, tenant.ID) (int, error) { return w.size, nil }

// Waves and Answers implement Waves.
type wavesOf struct{ *world }

func (w wavesOf) Waves(_ context.Context, t tenant.ID) ([]Wave, error) {
	if t != dbtest.Ours {
		return nil, nil
	}
	return w.waves, nil
}

func (w wavesOf) Answers(_ context.Context, _ tenant.ID, id string, _ *jobs.Progress) (*instrument.Answers, error) {
	return w.of[id], nil
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, at: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), of: map[string]*instrument.Answers{}, size: 10}
	log := audit.New(d, w.now)
	w.Service = New(Dependencies{DB: d, Box: must(seal.Parse(seal.NewKey()))(t), Audit: log, Now: w.now, Material: must(builtin())(t), Waves: wavesOf{w}, Accounts: w, Organisations: w,
		Queue: jobs.NewQueue(d, log, w.now, slog.New(slog.DiscardHandler), jobs.Options{Poll: 5 * time.Millisecond})})
	return w
}

// work runs jobs until none waits.
func (w *world) work() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Queue.Run(ctx)
	}()
	defer func() { cancel(); <-done }()
	for range 4000 {
		waiting, running, err := w.Queue.Waiting(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if waiting+running == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Fatal("jobs do not end")
}

func person(o tenant.ID, role access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: o, ID: string(role), Owner: string(role), Roles: []access.Role{role}}
}

func hr() access.Actor { return person(dbtest.Ours, access.HR) }

// truth is what is true of the items: around the guesses, and of the same mean for each skill.
func truth(m *check.Material, rng *rand.Rand) []irt.Item {
	out := make([]irt.Item, len(m.Items))
	for _, skill := range m.Skills() {
		var at []int
		mean := 0.0
		for i := range m.Items {
			if m.Items[i].Skill == skill {
				at = append(at, i)
			}
		}
		off := make([]float64, len(at))
		for j := range off {
			off[j] = 0.4 * rng.NormFloat64()
			mean += off[j] / float64(len(off))
		}
		for j, i := range at {
			g := itemOf(&m.Items[i])
			out[i] = irt.Item{A: g.A * math.Exp(0.15*rng.NormFloat64()), C: g.C}
			for _, b := range g.B {
				out[i].B = append(out[i].B, b+off[j]-mean)
			}
		}
	}
	return out
}

// wave adds a wave of people who answered the situations as true says.
func (w *world) wave(id string, n int, real []irt.Item, rng *rand.Rand) {
	w.t.Helper()
	in := must(monitor())(w.t)
	a := &instrument.Answers{Instrument: in, N: n, Variables: in.Variables()}
	a.Columns = make([]*instrument.Column, len(a.Variables))
	thetas, field := map[string][]float64{}, make([]bool, n)
	for i := range field {
		field[i] = rng.Float64() < 0.35
	}
	for _, skill := range w.Material.Skills() {
		thetas[skill] = make([]float64, n)
		for i := range n {
			thetas[skill][i] = 0.2 + rng.NormFloat64()
		}
	}
	for v := range a.Variables {
		item, inField, ok := asking.ParseID(a.Variables[v].ID)
		at := slices.IndexFunc(w.Material.Items, func(it check.Item) bool { return it.ID == item })
		if !ok || at < 0 {
			continue
		}
		q := in.Item(a.Variables[v].ID)
		c := &instrument.Column{Narrow: make([]uint8, n), K: instrument.FirstOption + len(q.Options)}
		for i := range n {
			c.Narrow[i] = uint8(instrument.NotAsked)
			if field[i] != inField {
				continue
			}
			category := float64(real[at].Draw(rng, thetas[w.Material.Items[at].Skill][i]))
			c.Narrow[i] = uint8(instrument.FirstOption + slices.IndexFunc(q.Options, func(o instrument.Option) bool { return *o.Value == category }))
		}
		a.Columns[v] = c
	}
	w.of[id] = a
	w.waves = append(w.waves, Wave{ID: id, Title: "Meting " + id, Day: w.at})
}

// gift is the answers of somebody to so many items drawn for them; to those of one skill, or of all for "".
func (w *world) gift(real []irt.Item, skill string, n int, rng *rand.Rand) []byte {
	w.t.Helper()
	s := w.Material.NewState(check.All, "", rng.Float64() < 0.3)
	theta := map[string]float64{}
	for _, id := range w.Material.Skills() {
		theta[id] = rng.NormFloat64()
	}
	for _, i := range rng.Perm(len(w.Material.Items)) {
		it := &w.Material.Items[i]
		if skill != "" && it.Skill != skill || len(s.Given) == n {
			continue
		}
		category := real[i].Draw(rng, theta[it.Skill])
		option := 0
		for o, x := range it.In(s.Field).Options {
			if x.Credit == category {
				option = o
			}
		}
		s.Given = append(s.Given, check.Given{Item: i, Option: option})
	}
	return w.Material.Gift(&s)
}

// keep puts gifts in the store at once, as if they had come in batches.
func (w *world) keep(t tenant.ID, list [][]byte) {
	w.t.Helper()
	err := w.DB.Write(w.t.Context(), t, func(tx *db.Scope) error { return putGifts(w.t.Context(), tx, len(list), packGifts(list)) })
	if err != nil {
		w.t.Fatal(err)
	}
}

// give is Give from an address, as another check each time.
func (w *world) give(t tenant.ID, gift []byte, n int) bool {
	w.t.Helper()
	taken, err := w.Give(w.t.Context(), t, [32]byte{byte(n), byte(n >> 8), 1}, netip.AddrFrom4([4]byte{192, 0, 2, byte(n / 20)}), gift)
	if err != nil {
		w.t.Fatal(err)
	}
	return taken
}

// visitors resolves "X-Test-Who: hr" to somebody of our organisation, and "theirs hr" to somebody of the other; a key of the API is "Bearer hr skills.gap".
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	o := dbtest.Ours
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	if elsewhere {
		o = dbtest.Theirs
	}
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: o}}
	if who != "" {
		v.Actor, v.Name, v.Session = person(o, access.Role(who)), "Jan Vos", "s"
	}
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		words := strings.Fields(key)
		v.Actor = access.Actor{Kind: access.Key, Tenant: o, ID: "key-" + words[0], Owner: words[0], Roles: []access.Role{access.Role(words[0])}}
		for _, s := range words[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(s))
		}
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 10}
	return v, nil
}

// site is the pages and operations behind a server.
type site struct {
	*world
	server *web.Server
}

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	s := &site{world: newWorld(t, d)}
	s.server = web.New(web.Config{PublicURL: &url.URL{Scheme: "https", Host: "tekentafel.example"}, Zone: clock.Brussels()}, visitors{}, nil, s.now, slog.New(slog.DiscardHandler))
	a := api.New(s.server, visitors{}, "1.2.3")
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.API(a)
	return s
}

func (s *site) send(method, target string, body io.Reader, set ...string) *answer {
	s.t.Helper()
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Accept-Language", "nl")
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	root, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		s.t.Fatal(err)
	}
	return &answer{ResponseRecorder: w, t: s.t, what: method + " " + target, root: root}
}

func (s *site) get(who, target string) *answer {
	s.t.Helper()
	return s.send(http.MethodGet, target, nil, "X-Test-Who", who)
}

func (s *site) post(who, target string, pairs ...string) *answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return s.send(http.MethodPost, target, strings.NewReader(form.Encode()), "X-Test-Who", who, "Content-Type", "application/x-www-form-urlencoded")
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
	root *html.Node
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for x := range n.Descendants() {
		if x.Type == html.TextNode && x.Parent.Data != "style" && x.Parent.Data != "script" {
			b.WriteString(x.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// wants fails the test unless the answer has a status, and its text says all that it should.
func (a *answer) wants(status int, says ...string) *answer {
	a.t.Helper()
	text := textOf(a.root)
	if a.Code != status {
		a.t.Errorf("%s: status %d, want %d: %.600s", a.what, a.Code, status, text)
		return a
	}
	for _, x := range says {
		if !strings.Contains(text, x) {
			a.t.Errorf("%s: it does not say %q, but %.3000s", a.what, x, text)
		}
	}
	return a
}

// silent fails the test when the text says one of these.
func (a *answer) silent(texts ...string) *answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(textOf(a.root), text) {
			a.t.Errorf("%s: it says %q", a.what, text)
		}
	}
	return a
}

// leads fails the test unless the browser is sent to a place.
func (a *answer) leads(to string) {
	a.t.Helper()
	if got := a.Header().Get("Location"); a.Code != http.StatusSeeOther || got != to {
		a.t.Errorf("%s: status %d to %q, want to %s: %.600s", a.what, a.Code, got, to, textOf(a.root))
	}
}
