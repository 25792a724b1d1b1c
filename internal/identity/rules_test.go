package identity

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

func TestPasswordsAreLongAndHardToGuess(t *testing.T) {
	t.Parallel()
	words := guesses(OrganisationView{Name: "Stad Voorbeeld", Slug: "stad-voorbeeld"}, AccountView{Name: "Ann Peeters", Mail: "ann.peeters@voorbeeld.be"})
	for password, want := range map[string]string{
		goodPassword: "", "short-1!aA#": "password-short", strings.Repeat("é", 11): "password-short",
		strings.Repeat("x7 Q", 33): "password-long", "aaaaaaaaaaaaaaaa": "password-weak", "password1234": "password-weak", "qwertyuiop[]": "password-weak",
		"AnnPeeters2026": "password-weak", "stadvoorbeeld1": "password-weak", "tekentafel2026": "password-weak", "123456789012345": "password-weak",
		"Tr0ub4dour&3-zebra": "", "ねこはみずをのむのがすきだよ": "",
	} {
		if got := passwordProblem(password, words); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestPINsThatPeopleChooseFirstAreRefused(t *testing.T) {
	t.Parallel()
	for pin, want := range map[string]string{
		"902741": "", "7302915": "", "31874026": "", "12345": "pin-form", "123456789": "pin-form", "12a456": "pin-form", "１２３４５６": "pin-form", "": "pin-form",
		"123456": "pin-trivial", "654321": "pin-trivial", "890123": "pin-trivial", "111111": "pin-trivial", "112211": "pin-trivial", "121212": "pin-trivial",
		"123123": "pin-trivial", "198019": "pin-trivial", "19801980": "pin-trivial", "20012001": "pin-trivial", "48264826": "pin-trivial", "482648": "",
		"774455": "pin-number", "447741": "", "447744": "pin-trivial",
	} {
		if got := pinProblem(pin, "A774455"); got != want {
			t.Errorf("%q: %q, want %q", pin, got, want)
		}
	}
}

func TestAPINThatIsMadeIsOneThatMayBeChosen(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 300 {
		pin, err := randomPIN("123")
		if err != nil || pinProblem(pin, "123") != "" {
			t.Fatalf("%q %v", pin, err)
		}
		seen[pin] = true
	}
	if len(seen) < 290 {
		t.Fatalf("only %d different PINs of 300", len(seen))
	}
}

func TestLocksDoubleUpToADayAndAreForgotten(t *testing.T) {
	t.Parallel()
	now := newWatch().now()
	var l lockout
	var waits []time.Duration
	for range lockAfter + 9 {
		next, taken := l.try(now)
		if !taken {
			t.Fatal("an attempt after the lock is not taken")
		}
		if l = next; l.locked(now) {
			waits = append(waits, l.Until.Sub(now))
			now = l.Until
		}
	}
	want := []time.Duration{15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440}
	if len(waits) != len(want) {
		t.Fatalf("%v", waits)
	}
	for i := range want {
		if waits[i] != want[i]*time.Minute {
			t.Errorf("lock %d lasts %v, want %v", i+1, waits[i], want[i]*time.Minute)
		}
	}
	if l, _ = l.try(l.Until.Add(lockForgets)); l.Failures != 1 {
		t.Errorf("after a quiet day %d failures are remembered", l.Failures)
	}
}

// TestNoOrderOfAttemptsGetsPastALock plays any order of attempts, successes and waiting against a model.
func TestNoOrderOfAttemptsGetsPastALock(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		subject := d.lockSubject(ByPassword, number(n))
		failures, until, last := 0, time.Time{}, time.Time{}
		rt.Repeat(map[string]func(*rapid.T){
			"fail": func(rt *rapid.T) {
				now := d.clock.now()
				_, err := d.attempt(context.Background(), dbtest.Ours, subject)
				if now.Before(until) {
					if !problem.Is(err, problem.TooMany) {
						rt.Fatalf("an attempt during a lock gives %v", err)
					}
					return
				}
				if err != nil {
					rt.Fatal(err)
				}
				if now.Sub(last) >= lockForgets && now.Sub(until) >= lockForgets {
					failures = 0
				}
				failures++
				last = now
				if failures >= lockAfter {
					wait := lockFirst
					for range failures - lockAfter {
						wait = min(2*wait, lockLongest)
					}
					until = now.Add(wait)
				}
			},
			"succeed": func(rt *rapid.T) {
				if d.clock.now().Before(until) {
					rt.Skip("locked")
				}
				err := d.db.Write(context.Background(), dbtest.Ours, func(sc *db.Scope) error { return dropLockout(context.Background(), sc, subject) })
				if err != nil {
					rt.Fatal(err)
				}
				failures, until, last = 0, time.Time{}, time.Time{}
			},
			"wait": func(rt *rapid.T) {
				d.clock.pass(time.Duration(rapid.IntRange(1, 26*60).Draw(rt, "minutes")) * time.Minute)
			},
		})
	})
}

// TestNoOrderOfEventsKeepsASessionTooLong plays sign-ins, visits, ends and waiting against a model of what must hold.
func TestNoOrderOfEventsKeepsASessionTooLong(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	type known struct {
		token         string
		started, seen time.Time
		shared, ended bool
		id            string
	}
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		var all []*known
		tokens := map[string]bool{}
		pick := func(rt *rapid.T) *known {
			if len(all) == 0 {
				rt.Skip("no session yet")
			}
			return all[rapid.IntRange(0, len(all)-1).Draw(rt, "which")]
		}
		holds := func(k *known) bool {
			absolute, idle := Settings{}.lifetimes(k.shared)
			now := d.clock.now()
			return !k.ended && now.Before(k.started.Add(absolute)) && now.Before(k.seen.Add(idle))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"sign in": func(rt *rapid.T) {
				k := &known{started: d.clock.now(), seen: d.clock.now(), shared: rapid.Bool().Draw(rt, "shared")}
				err := d.db.Write(ctx, dbtest.Ours, func(sc *db.Scope) (err error) {
					k.token, _, err = d.start(ctx, sc, SignedIn{Tenant: dbtest.Ours, Account: d.admin.ID, Method: ByPIN, Shared: k.shared}, "")
					return err
				})
				if err != nil || tokens[k.token] {
					rt.Fatalf("a secret came twice, or %v", err)
				}
				tokens[k.token] = true
				all = append(all, k)
			},
			"visit": func(rt *rapid.T) {
				k := pick(rt)
				v, err := d.visitBySession(ctx, k.token)
				if is := err == nil; is != holds(k) {
					rt.Fatalf("the session holds: %v, want %v", is, holds(k))
				}
				if err == nil {
					k.id = v.Session
					if d.clock.now().Sub(k.seen) >= seenEvery {
						k.seen = d.clock.now()
					}
				}
			},
			"keep": func(rt *rapid.T) {
				if err := d.KeepSeen(ctx); err != nil {
					rt.Fatal(err)
				}
			},
			"end": func(rt *rapid.T) {
				k := pick(rt)
				if k.id == "" || k.ended {
					rt.Skip("unknown")
				}
				if err := d.EndSession(ctx, d.admin, k.id); err != nil {
					rt.Fatal(err)
				}
				k.ended = true
			},
			"end others": func(rt *rapid.T) {
				k := pick(rt)
				if k.id == "" || k.ended {
					rt.Skip("unknown")
				}
				if err := d.EndOtherSessions(ctx, d.admin, k.id); err != nil {
					rt.Fatal(err)
				}
				for _, o := range all {
					o.ended = o.ended || o != k
				}
			},
			"wait": func(rt *rapid.T) {
				d.clock.pass(time.Duration(rapid.SampledFrom([]int{1, 30, 59, 61, 200, 1800, 3500, 20000}).Draw(rt, "seconds")) * time.Second)
			},
		})
	})
}

func TestHashesAreBoundedInNumberAndMadeAnew(t *testing.T) {
	t.Parallel()
	h := newHasher()
	stored, err := h.hash(t.Context(), []byte("secret"))
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q %v", stored, err)
	}
	if ok, old, err := h.verify(t.Context(), stored, []byte("secret")); !ok || old || err != nil {
		t.Fatal(ok, old, err)
	}
	if ok, _, err := h.verify(t.Context(), stored, []byte("Secret")); ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, _, err := h.verify(t.Context(), "", []byte("secret")); ok || err != nil {
		t.Fatal("no hash, and yet", ok, err)
	}
	cheap := phc{argonParams: argonParams{memory: 64, time: 1, threads: 1}, salt: make([]byte, saltSize)}
	cheap.key = cheap.derive([]byte("secret"), keySize)
	if ok, old, err := h.verify(t.Context(), cheap.String(), []byte("secret")); !ok || !old || err != nil {
		t.Fatal(ok, old, err)
	}
	// When all slots and places in the queue are taken, who comes is sent away at once.
	release := make(chan struct{})
	var wg sync.WaitGroup
	for range h.most {
		wg.Go(func() {
			if err := h.work(context.WithoutCancel(t.Context()), func() { <-release }); err != nil {
				t.Error(err)
			}
		})
	}
	for full := false; !full; {
		h.mu.Lock()
		full = h.queue == h.most
		h.mu.Unlock()
	}
	_, err = h.hash(t.Context(), []byte("x"))
	wantKind(t, err, problem.TooMany)
	close(release)
	wg.Wait()
	if _, err = h.hash(t.Context(), []byte("x")); err != nil {
		t.Fatal(err)
	}
}

func TestAPasswordIsHashedAnewWhenTheCostsChanged(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	cheap := phc{argonParams: argonParams{memory: 64, time: 1, threads: 1}, salt: make([]byte, saltSize)}
	cheap.key = cheap.derive(plainPassword(goodPassword), keySize)
	err := d.db.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error { return putPassword(t.Context(), sc, d.admin.ID, cheap.String(), 1) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.checkPassword(t.Context(), dbtest.Ours, "ann@ours.example", goodPassword); err != nil {
		t.Fatal(err)
	}
	_, stored, err := secretBy(t.Context(), d.db.Of(dbtest.Ours), "id", d.admin.ID, "passwords")
	if err != nil || !strings.Contains(stored, "m=19456,t=2,p=1") {
		t.Fatalf("%q %v", stored, err)
	}
	if _, err := d.checkPassword(t.Context(), dbtest.Ours, "ann@ours.example", goodPassword); err != nil {
		t.Fatal(err)
	}
}

func TestAttemptsAtOnceCountAsMany(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		subject := d.lockSubject(ByPIN, "1")
		var wg sync.WaitGroup
		var mu sync.Mutex
		taken := 0
		for range 12 {
			wg.Go(func() {
				if _, err := d.attempt(t.Context(), dbtest.Ours, subject); err == nil {
					mu.Lock()
					taken++
					mu.Unlock()
				} else if !problem.Is(err, problem.TooMany) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if taken != lockAfter {
			t.Fatalf("%d of 12 attempts at once were taken", taken)
		}
	})
}

func TestWhatASignInStillWants(t *testing.T) {
	t.Parallel()
	hr := []access.Role{access.HR}
	for _, c := range []struct {
		name  string
		p     pending
		c     Credentials
		o     Settings
		roles []access.Role
		want  Step
	}{
		{"an employee with a password", pending{Method: ByPassword}, Credentials{Password: true}, Settings{}, nil, StepDone},
		{"HR without a second factor", pending{Method: ByPassword}, Credentials{Password: true}, Settings{}, hr, StepSetUp},
		{"HR where that is optional", pending{Method: ByPassword}, Credentials{Password: true}, Settings{SecondFactorOptional: true}, hr, StepDone},
		{"an employee with a second factor", pending{Method: ByPassword}, Credentials{SecondFactor: true}, Settings{SecondFactorOptional: true}, nil, StepCode},
		{"HR after the code", pending{Method: ByPassword, Second: true}, Credentials{SecondFactor: true}, Settings{}, hr, StepDone},
		{"HR by PIN", pending{Method: ByPIN}, Credentials{PIN: true}, Settings{}, hr, StepSetUp},
		{"an issued PIN", pending{Method: ByPIN}, Credentials{PIN: true, PINIssued: true}, Settings{}, nil, StepPIN},
		{"an issued PIN with a second factor", pending{Method: ByPIN}, Credentials{PIN: true, PINIssued: true, SecondFactor: true}, Settings{}, nil, StepCode},
		{"a PIN that was changed", pending{Method: ByPIN, NewPIN: true}, Credentials{PIN: true, PINIssued: true}, Settings{}, nil, StepDone},
		{"an administrator by a link", pending{Method: ByLink}, Credentials{Password: true}, Settings{}, []access.Role{access.Administrator}, StepSetUp},
		{"a passkey", pending{Method: ByPasskey}, Credentials{SecondFactor: true, PINIssued: true}, Settings{}, hr, StepDone},
		{"a provider", pending{Method: ByOIDC}, Credentials{}, Settings{}, hr, StepDone},
	} {
		if got := c.p.step(c.c, c.o, c.roles); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestOnlyWhatHasEndedIsCleanedAway(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		ctx := t.Context()
		r := d.session(d.admin, ByPassword, false)
		if _, err := d.Invite(ctx, d.admin, d.admin.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := d.attempt(ctx, dbtest.Ours, "x"); err != nil {
			t.Fatal(err)
		}
		if _, err := d.putFlow(ctx, dbtest.Ours, flowSignIn, pending{}, flowLives); err != nil {
			t.Fatal(err)
		}
		count := func(table string, t tenant.ID) (n int) {
			d.t.Helper()
			if err := d.db.Of(t).Row(ctx, `SELECT count(*) FROM `+table+` WHERE tenant_id = $1`, nil, &n); err != nil {
				d.t.Fatal(err)
			}
			return n
		}
		if err := d.Clean(ctx); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"sessions", "flows", "links", "lockouts"} {
			if n := count(table, dbtest.Ours); n != 1 {
				t.Errorf("%s: %d left of what has not ended", table, n)
			}
		}
		if d.visit(r).Actor.Kind != access.Person {
			t.Error("a running session was cleaned away")
		}
		d.clock.pass(40 * 24 * time.Hour)
		if err := d.Clean(ctx); err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int{"flows": 0, "sessions": 1, "links": 1, "lockouts": 1} { // retention is about the others
			if n := count(table, dbtest.Ours); n != want {
				t.Errorf("%s: %d left, want %d", table, n, want)
			}
		}
	})
}
