package keys_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/keys"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// hands is a clock that a test sets.
type hands struct {
	mu sync.Mutex
	at time.Time
}

func (h *hands) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hands) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// units implements keys.Units.
type units struct{}

func (units) Units(context.Context, tenant.ID) ([]keys.Unit, error) {
	return []keys.Unit{{ID: "green", Name: "Groen"}}, nil
}

// world is two nodes on one store.
type world struct {
	*hands
	d    *db.DB
	a, b *keys.Service
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	h := &hands{at: time.Date(2026, 12, 1, 23, 30, 0, 0, time.UTC)}
	node := func() *keys.Service {
		return keys.New(keys.Dependencies{DB: d, Audit: audit.New(d, h.now), Box: box, Now: h.now, Log: slog.New(slog.DiscardHandler), Units: units{},
			Zone:   func(context.Context, tenant.ID) *time.Location { return clock.Brussels() },
			Models: func() []string { return []string{"small", "large"} }})
	}
	return &world{h, d, node(), node()}
}

func actor(role access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "a-" + string(role), Owner: "a-" + string(role), Roles: []access.Role{role}}
}

func (w *world) in() keys.Input {
	return keys.Input{Name: "  Zoek  hulp ", Unit: "green", Models: []string{"small"}, Ends: w.now().Add(30 * 24 * time.Hour)}
}

func (w *world) made(t testing.TB) (keys.Key, string) {
	t.Helper()
	k, secret, err := w.a.Make(t.Context(), actor(access.Administrator), w.in(), asked.Request{})
	if err != nil {
		t.Fatal(err)
	}
	return k, secret
}

// opens fails the test unless the secret opens on a node, or does not.
func opens(t testing.TB, s *keys.Service, secret string, want bool) *door.Key {
	t.Helper()
	k, err := s.Find(t.Context(), secret)
	if want && err != nil || !want && !errors.Is(err, door.ErrKey) {
		t.Fatalf("open %v: %v", want, err)
	}
	return k
}

func TestAKeyOpensUntilItEndsAndIsKeptAsAHashAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		k, secret := w.made(t)
		if !strings.HasPrefix(secret, "tk_") || len(secret) < 50 || k.Name != "Zoek hulp" || k.State != keys.Holds || k.MadeBy != "a-administrator" {
			t.Fatalf("%q %+v", secret, k)
		}
		got := opens(t, w.b, secret, true)
		if got.Tenant != dbtest.Ours || got.ID != k.ID || got.Team != "green" || !got.May("small") || got.May("large") {
			t.Fatalf("%+v", got)
		}
		for _, table := range []string{"gateway_keys", "gateway_key_secrets", "audit_log", "asked"} {
			var n int
			if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM `+table+` x WHERE tenant_id = $1 AND CAST(x AS TEXT) LIKE $2`, []any{"%" + secret[3:30] + "%"}, &n); d.Engine == db.PostgreSQL && (err != nil || n > 0) {
				t.Errorf("%s holds the secret: %d, %v", table, n, err)
			}
		}
		list, err := w.a.List(t.Context(), actor(access.Administrator))
		if err != nil || len(list) != 1 || list[0].Used.Format(time.DateOnly) != "2026-12-02" { // the day in Brussels
			t.Fatalf("%+v %v", list, err)
		}
		w.pass(30*24*time.Hour - time.Second)
		opens(t, w.b, secret, true)
		w.pass(time.Second)
		opens(t, w.b, secret, false)
		opens(t, w.a, secret, false)
		if k, err = w.a.Key(t.Context(), actor(access.Administrator), k.ID); err != nil || k.State != keys.Expired {
			t.Fatalf("%+v %v", k, err)
		}
	})
}

func TestAWithdrawnKeyLetsNobodyInHereAtOnceAndElsewhereAfterSeconds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		k, secret := w.made(t)
		opens(t, w.a, secret, true)
		opens(t, w.b, secret, true)
		for range 2 { // again changes nothing
			if err := w.a.Withdraw(t.Context(), actor(access.Administrator), k.ID); err != nil {
				t.Fatal(err)
			}
		}
		opens(t, w.a, secret, false)
		w.pass(keys.Fresh)
		opens(t, w.b, secret, false)
		if _, _, err := w.a.Renew(t.Context(), actor(access.Administrator), k.ID, w.now().Add(time.Hour), 0, asked.Request{}); !problem.Is(err, problem.Conflict) {
			t.Error(err)
		}
		if err := w.a.Withdraw(t.Context(), actor(access.Administrator), "none"); !errors.Is(err, db.ErrNoRow) {
			t.Error(err)
		}
		var n int
		if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action LIKE 'gateway-key.%'`, nil, &n); err != nil || n != 2 {
			t.Errorf("%d entries, %v", n, err)
		}
	})
}

func TestARenewedKeyHasTwoSecretsForTheTimeThatWasChosen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		k, before := w.made(t)
		opens(t, w.b, before, true)
		day := 24 * time.Hour
		k, after, err := w.a.Renew(t.Context(), actor(access.Administrator), k.ID, w.now().Add(90*day), day, asked.Request{})
		if err != nil || before == after || !k.Before.Equal(w.now().Add(day)) {
			t.Fatalf("%+v %v", k, err)
		}
		opens(t, w.a, before, true)
		if got := opens(t, w.b, after, true); got.ID != k.ID {
			t.Fatal(got.ID)
		}
		w.pass(day)
		opens(t, w.a, before, false)
		opens(t, w.b, before, false)
		opens(t, w.b, after, true)
		_, third, err := w.a.Renew(t.Context(), actor(access.Administrator), k.ID, w.now().Add(90*day), 0, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		opens(t, w.a, after, false)
		opens(t, w.a, third, true)
		var n int
		if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM gateway_key_secrets WHERE tenant_id = $1`, nil, &n); err != nil || n != 1 {
			t.Errorf("%d secrets are kept, %v", n, err)
		}
		if _, _, err := w.a.Renew(t.Context(), actor(access.Administrator), k.ID, w.now().Add(400*day), 3*day, asked.Request{}); !problem.Is(err, problem.Invalid) {
			t.Error(err)
		}
	})
}

func TestAFormThatIsSentTwiceMakesOneKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	in := w.in()
	once := asked.Request{Key: "x", What: in.Name}
	first, a, err := w.a.Make(t.Context(), actor(access.Administrator), in, once)
	if err != nil {
		t.Fatal(err)
	}
	second, b, err := w.b.Make(t.Context(), actor(access.Administrator), in, once)
	if err != nil || a != b || first.ID != second.ID {
		t.Fatal(first.ID, second.ID, err)
	}
	_, c := w.made(t)
	if c == a {
		t.Error("two keys have one secret")
	}
}

// TestGuessesAreRefusedWithoutTheStore closes the store: what was guessed is refused all the same, and a secret that could be one is told to fail otherwise.
func TestGuessesAreRefusedWithoutTheStore(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	_, secret := w.made(t)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, guess := range []string{"", "tk_", "sk-1234", secret[:len(secret)-1], secret + "A", secret[:len(secret)-1] + "!", "tk_" + id.Token() + "AAAAAAAA", strings.ToUpper(secret), "tt_" + secret[3:]} {
		opens(t, w.a, guess, false)
	}
	if _, err := w.a.Find(t.Context(), secret); err == nil || errors.Is(err, door.ErrKey) || strings.Contains(err.Error(), secret[3:20]) {
		t.Errorf("a store that does not answer: %v", err)
	}
}

func TestOnlyWhoManagesTheGatewayManagesKeysAndTheirOwnOrganisationsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	k, _ := w.made(t)
	for _, role := range access.Roles() {
		if role == access.Administrator {
			continue
		}
		if _, _, err := w.a.Make(t.Context(), actor(role), w.in(), asked.Request{}); !problem.Is(err, problem.Forbidden) {
			t.Error(role, err)
		}
		if _, err := w.a.List(t.Context(), actor(role)); !problem.Is(err, problem.Forbidden) {
			t.Error(role, err)
		}
		if err := w.a.Withdraw(t.Context(), actor(role), k.ID); !problem.Is(err, problem.Forbidden) {
			t.Error(role, err)
		}
	}
	theirs := actor(access.Administrator)
	theirs.Tenant = dbtest.Theirs
	if err := w.a.Withdraw(t.Context(), theirs, k.ID); !errors.Is(err, db.ErrNoRow) {
		t.Error(err)
	}
	for name, change := range map[string]func(*keys.Input){"no name": func(in *keys.Input) { in.Name = " " }, "no such unit": func(in *keys.Input) { in.Unit = "x" },
		"no such model": func(in *keys.Input) { in.Models = []string{"x"} }, "over": func(in *keys.Input) { in.Ends = w.now() }, "too long": func(in *keys.Input) { in.Ends = w.now().Add(400 * 24 * time.Hour) }} {
		in := w.in()
		if change(&in); true {
			if _, _, err := w.a.Make(t.Context(), actor(access.Administrator), in, asked.Request{}); !problem.Is(err, problem.Invalid) {
				t.Error(name, err)
			}
		}
	}
}

func TestWhoMadeKeysSeesThatAndIsForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		k, secret := w.made(t)
		sections, err := w.a.Held(t.Context(), dbtest.Ours, "a-administrator")
		if err != nil || len(sections) != 1 || sections[0].Rows[0].Source != "gateway_keys/"+k.ID {
			t.Fatalf("%+v %v", sections, err)
		}
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return w.a.Erase(t.Context(), s, "a-administrator") }); err != nil {
			t.Fatal(err)
		}
		if sections, err = w.a.Held(t.Context(), dbtest.Ours, "a-administrator"); err != nil || len(sections) > 0 {
			t.Fatalf("%+v %v", sections, err)
		}
		opens(t, w.b, secret, true)
		kept := keys.Kept()[0]
		w.pass(31 * 24 * time.Hour)
		if n, _, err := kept.Count(t.Context(), d.Of(dbtest.Ours), w.now()); err != nil || n != 1 {
			t.Error(n, err)
		}
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { _, err := kept.Delete(t.Context(), s, w.now(), 10); return err }); err != nil {
			t.Fatal(err)
		}
		if list, err := w.a.List(t.Context(), actor(access.Administrator)); err != nil || len(list) > 0 {
			t.Error(list, err)
		}
	})
}

// TestManyAtOnceFindAKeyWhileOthersWithdrawIt has the race detector look at the memory.
func TestManyAtOnceFindAKeyWhileOthersWithdrawIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	k, secret := w.made(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if _, err := w.a.Find(t.Context(), secret); err != nil && !errors.Is(err, door.ErrKey) {
					t.Error(err)
				}
				w.pass(time.Millisecond)
			}
		})
	}
	wg.Go(func() {
		if err := w.a.Withdraw(t.Context(), actor(access.Administrator), k.ID); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	opens(t, w.a, secret, false)
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := keys.Locale().Check(); err != nil {
		t.Error(err)
	}
}

func BenchmarkFind(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b))
	_, secret := w.made(b)
	b.Run("known", func(b *testing.B) {
		for b.Loop() {
			opens(b, w.a, secret, true)
		}
	})
	b.Run("guessed", func(b *testing.B) {
		for b.Loop() {
			opens(b, w.a, secret[:30]+"x"+secret[31:], false)
		}
	})
}
