package secrecytest

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/app"
	"tekentafel/internal/asked"
	"tekentafel/internal/backup"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/identity"
	"tekentafel/internal/mail"
	"tekentafel/internal/people/store"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit/pgtest"
)

var everything = flag.Bool("all", false, "every role asks every route and operation about more rows, on both engines")

// dial is a clock that stands still until somebody turns it.
type dial struct {
	mu sync.Mutex
	at time.Time
}

func (d *dial) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *dial) turn(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

func (d *dial) set(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = at
}

// began is when all worlds begin.
var began = time.Now().UTC().Truncate(time.Hour)

// log keeps what a server logs.
type log struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// world is a server with a made-up city, in this process.
type world struct {
	*app.App
	clock *dial
	log   *log
	key   string // of the installation

	city     tenant.ID
	accounts map[string]string   // by role, "victim" and "colleague"
	doors    map[string]*browser // by the same, signed in; and "visitor"
	keys     map[string]string   // of the API, by role
	link     string              // of the check
}

// start builds the server on a store.
func start(t testing.TB, database, key string) *world {
	t.Helper()
	box, err := seal.Parse(key)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{clock: &dial{at: began}, log: &log{}, key: key, accounts: map[string]string{}, doors: map[string]*browser{}, keys: map[string]string{}}
	w.App, err = app.New(t.Context(), app.Config{Database: database, Dir: t.TempDir(), Box: box, PublicURL: public, Version: "test", MaxUpload: 8 << 20, Workers: 2, Zone: clock.Brussels(),
		Mail: mail.Config{Address: "127.0.0.1:1", Security: mail.None, From: "tekentafel@voorbeeld.example"}, Now: w.clock.now,
		Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// working does something while jobs run.
func (w *world) working(t testing.TB, do func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { w.Run(ctx) })
	defer running.Wait()
	defer stop()
	do()
}

// must returns v, or ends the test.
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *world) actor(role access.Role) access.Actor {
	id := w.accounts[string(role)]
	a := access.Actor{Kind: access.Person, Tenant: w.city, ID: id, Owner: id}
	if role != access.Employee {
		a.Roles = []access.Role{role}
	}
	return a
}

// fill makes the city and everybody in it.
func (w *world) fill(t testing.TB) {
	t.Helper()
	w.working(t, func() {
		for _, f := range []func(context.Context) error{w.FillDemo, w.FillDemoStaff} {
			if err := f(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		must(w.FillDemoWave(t.Context()))(t)
		w.people(t)
		w.skills(t)
		eventually(t, "the jobs are done", func() bool {
			waiting, running, err := w.Queue.Waiting(t.Context())
			return err == nil && waiting == 0 && running == 0
		})
	})
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

// people signs everybody in. The victim is somebody whom the manager leads, a colleague is somebody who plays no role either.
func (w *world) people(t testing.TB) {
	t.Helper()
	ctx := t.Context()
	var city string
	if err := w.DB.System().Row(ctx, `SELECT tenant_id FROM organisations WHERE slug = 'voorbeeld'`, nil, &city); err != nil {
		t.Fatal(err)
	}
	w.city = tenant.ID(city)
	for _, p := range app.DemoPeople() {
		role := access.Employee
		if len(p.Roles) > 0 {
			role = p.Roles[0]
		}
		var id string
		if err := w.DB.Of(w.city).Row(ctx, `SELECT id FROM accounts WHERE tenant_id = $1 AND mail = $2`, []any{p.Mail}, &id); err != nil {
			t.Fatal(err)
		}
		w.accounts[string(role)] = id
	}
	team := must(w.Staff.Team(ctx, w.actor(access.Manager), store.Query{Limit: 50}))(t)
	admin := w.actor(access.Administrator)
	for i := range team.People {
		who := must(w.Staff.File(ctx, w.actor(access.HR), team.People[i].ID, "Een account maken"))(t)
		if who.Number == "" || who.Out {
			continue
		}
		made := must(w.Identity.AddAccount(ctx, admin, identity.AccountInput{Name: who.Name(), StaffNumber: who.Number}, asked.Request{}))(t)
		if does := must(w.Staff.OwnDuties(ctx, w.DB.Of(w.city), made.ID))(t); len(does.Functions) > 0 {
			w.accounts["victim"] = made.ID
			break
		}
	}
	if w.accounts["victim"] == "" {
		t.Fatalf("none of the %d people whom the manager leads can be the victim", len(team.People))
	}
	w.accounts["colleague"] = w.accounts[string(access.Employee)]
	for name, id := range w.accounts {
		w.doors[name] = w.browser(t)
		w.enter(t, w.doors[name], id)
	}
	w.doors["visitor"] = w.browser(t)
	for _, role := range access.Roles() {
		actor := w.actor(role)
		scopes := identity.Grantable(actor)
		if !access.Can(actor, access.ManageKeys, access.Resource{Tenant: w.city}) || len(scopes) == 0 {
			continue
		}
		_, key, err := w.Identity.MakeKey(ctx, actor, identity.KeyInput{Name: string(role), Scopes: scopes, ExpiresAt: w.Now().AddDate(0, 11, 0)}, asked.Request{})
		if err != nil {
			t.Fatalf("%s: %v", role, err)
		}
		w.keys[string(role)] = key
	}
}

// enter gives a browser the session of an account.
func (w *world) enter(t testing.TB, b *browser, account string) {
	t.Helper()
	taker := &cookieTaker{header: http.Header{}}
	r := must(http.NewRequestWithContext(t.Context(), http.MethodGet, public.String(), nil))(t)
	if err := w.Identity.SignIn(t.Context(), taker, r, identity.SignedIn{Tenant: w.city, Account: account, Method: identity.ByPassword}); err != nil {
		t.Fatal(err)
	}
	b.Jar.SetCookies(public, (&http.Response{Header: taker.header}).Cookies())
}

// cookieTaker is an answer of which only the cookies matter.
type cookieTaker struct{ header http.Header }

func (w *cookieTaker) Header() http.Header         { return w.header }
func (w *cookieTaker) Write(b []byte) (int, error) { return len(b), nil }
func (w *cookieTaker) WriteHeader(int)             {}

// skills fills the features of skills: a map of needs with the victim's own function in it, interviews, and a link to the check.
func (w *world) skills(t testing.TB) {
	t.Helper()
	ctx, hr, manager := t.Context(), w.actor(access.HR), w.actor(access.Manager)
	seq := func() int64 {
		list := must(w.Needs.Changes(ctx, hr, needs.ChangeQuery{Limit: 1}))(t)
		if len(list) == 0 {
			return 0
		}
		return list[0].Seq
	}
	does := must(w.Staff.OwnDuties(ctx, w.DB.Of(w.city), w.accounts["victim"]))(t)
	if len(does.Functions) == 0 {
		t.Fatal("the victim has no function, so that the check proposes none")
	}
	function := does.Functions[0].ID
	for i, skill := range []string{"communicative", "critical", "ethical", "creative", "technical"} {
		must(w.Needs.SetLevel(ctx, hr, framework.Where{Function: function}, skill, 2+i%2, "Beslist over dossiers van inwoners", seq(), asked.Request{}))(t)
	}
	must(w.Needs.Propose(ctx, manager, needs.ProposalInput{Function: function, Levels: map[string]int{"creative": 3}, Reason: "Ze maken zelf de borden in het park"}))(t)

	c := w.doors["hr"]
	if err := w.NonUse.Open(ctx, hr, "Voorjaar"); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		about := c.follow(t, "/learn/nonusers/interviews/consent", "/", "version", w.NonUse.Guide.Consent.Version, "agree", "yes")
		notes := c.follow(t, about, "/", "d", query(t, about, "d"), "language", "nl", "work", "office", "family", "", "reasons", "skills")
		c.follow(t, notes, "/", "d", query(t, notes, "d"), "note-why", fmt.Sprint("Waarom ", i))
	}
	for _, kind := range []string{"poster", "kiosk"} {
		c.follow(t, "/learn/links", "/learn/links", "kind", kind, "do", "open")
	}
	if err := w.DB.Of(w.city).Row(ctx, `SELECT key FROM skill_links WHERE tenant_id = $1 AND kind = 'poster'`, nil, &w.link); err != nil {
		t.Fatal(err)
	}
	reports := must(w.Report.Reports(ctx, hr))(t)
	if _, _, err := w.Report.Share(ctx, hr, reports[0].ID, "Schepencollege", 30, asked.Request{}); err != nil {
		t.Fatal(err)
	}
}

func query(t testing.TB, path, name string) string {
	t.Helper()
	return must(public.Parse(path))(t).Query().Get(name)
}

// origin is the world that all twins come from, as a backup.
type origin struct {
	file     string
	key      string
	from     *world
	database string
}

var (
	originOnce sync.Once
	originMade *origin
	folder     string
)

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if folder, err = os.MkdirTemp("", "tekentafel-secrecy-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// first builds the origin, once.
func first(t testing.TB) *origin {
	t.Helper()
	originOnce.Do(func() {
		key := seal.NewKey()
		w := start(t, filepath.Join(t.TempDir(), "origin.db"), key)
		w.fill(t)
		file := filepath.Join(folder, "origin.backup")
		must(backup.ToFile(t.Context(), w.DB, w.Box, file, backup.Options{}))(t)
		originMade = &origin{file: file, key: key, from: w}
	})
	if originMade == nil {
		t.Fatal("the world could not be built")
	}
	return originMade
}

// engines runs a test on each engine; fork makes a world in a store of its own, the same each time.
func engines(t *testing.T, test func(t *testing.T, fork func() *world)) {
	t.Helper()
	o := first(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, func() *world { return o.fork(t, filepath.Join(t.TempDir(), "tekentafel.db")) })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, func() *world { return o.fork(t, pgtest.New(t)) })
	})
}

// fork restores the origin into a store and starts a server on it, with the same people at its doors.
func (o *origin) fork(t testing.TB, database string) *world {
	t.Helper()
	d := must(db.Open(t.Context(), database))(t)
	box := must(seal.Parse(o.key))(t)
	file := must(os.Open(o.file))(t)
	_, err := backup.Restore(t.Context(), d, box, file, backup.RestoreOptions{})
	if err := firstOf(err, file.Close(), d.Close()); err != nil {
		t.Fatal(err)
	}
	w := start(t, database, o.key)
	w.city, w.accounts, w.keys, w.link = o.from.city, o.from.accounts, o.from.keys, o.from.link
	for name, b := range o.from.doors {
		w.doors[name] = b.twin(t, w)
	}
	return w
}

func firstOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}
