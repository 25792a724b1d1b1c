package identity

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
)

func TestASessionCarriesItsPersonUntilItEnds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		r := d.session(d.admin, ByPassword, false)
		v := d.visit(r)
		if v.Actor.Kind != access.Person || v.Actor.ID != d.admin.ID || !v.Actor.Has(access.Administrator) || v.Org.ID != dbtest.Ours || v.Name != "Ann Peeters" {
			t.Fatalf("the visit is %+v", v)
		}
		for range 30 { // in use, it lasts
			d.clock.pass(20 * time.Minute)
			if err := d.KeepSeen(t.Context()); err != nil {
				t.Fatal(err)
			}
			if d.visit(r).Actor.Kind != access.Person {
				t.Fatal("a session in use ended before its time")
			}
		}
		d.clock.pass(2*time.Hour + time.Second) // 12 hours in all
		if d.visit(r).Actor.Kind == access.Person {
			t.Fatal("a session outlived its longest time")
		}
	})
}

func TestASessionEndsWithoutUse(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	for _, c := range []struct {
		shared bool
		idle   time.Duration
	}{{false, time.Hour}, {true, 5 * time.Minute}} {
		r := d.session(d.admin, ByPIN, c.shared)
		d.clock.pass(c.idle - time.Second)
		if d.visit(r).Actor.Kind != access.Person {
			t.Fatalf("shared %v: ended too early", c.shared)
		}
		d.clock.pass(c.idle)
		if d.visit(r).Actor.Kind == access.Person {
			t.Fatalf("shared %v: still works after %v without use", c.shared, c.idle)
		}
	}
}

func TestBlockingEndsSessionsAtOnceAndKeepsThemEnded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		a, who := d.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
		r := d.session(who, ByPassword, false)
		if _, err := d.Block(t.Context(), d.admin, a.ID); err != nil {
			t.Fatal(err)
		}
		if d.visit(r).Actor.Kind == access.Person {
			t.Fatal("a blocked person still gets in")
		}
		err := d.SignIn(t.Context(), httptest.NewRecorder(), r, SignedIn{Tenant: dbtest.Ours, Account: a.ID, Method: ByOIDC})
		wantKind(t, err, problem.Forbidden)
		if _, err := d.Unblock(t.Context(), d.admin, a.ID); err != nil {
			t.Fatal(err)
		}
		if d.visit(r).Actor.Kind == access.Person {
			t.Fatal("an ended session came back")
		}
	})
}

func TestSigningInAgainReplacesTheSecretThatTheBrowserHad(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	planted := httptest.NewRequest(http.MethodGet, "/", nil)
	planted.AddCookie(&http.Cookie{Name: SessionCookie, Value: "planted-by-somebody-else"})
	rec := httptest.NewRecorder()
	in := SignedIn{Tenant: dbtest.Ours, Account: d.admin.ID, Method: ByPassword}
	if err := d.SignIn(t.Context(), rec, planted, in); err != nil {
		t.Fatal(err)
	}
	first := withCookies(rec)
	if d.visit(planted).Actor.Kind == access.Person {
		t.Fatal("a planted secret became a session")
	}
	rec = httptest.NewRecorder()
	if err := d.SignIn(t.Context(), rec, first, in); err != nil {
		t.Fatal(err)
	}
	if d.visit(first).Actor.Kind == access.Person {
		t.Fatal("the session before still works")
	}
	if d.visit(withCookies(rec)).Actor.Kind != access.Person {
		t.Fatal("the new session does not work")
	}
}

func TestConfirmingChangesTheSecretAndKeepsTheSession(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		r := d.session(d.admin, ByPassword, false)
		before := d.visit(r)
		d.clock.pass(20 * time.Minute)
		rec := httptest.NewRecorder()
		if err := d.Confirmed(t.Context(), rec, r, before.Actor, ByPassword); err != nil {
			t.Fatal(err)
		}
		if d.visit(r).Actor.Kind == access.Person {
			t.Fatal("the secret from before still works")
		}
		after := d.visit(withCookies(rec))
		if after.Session != before.Session || !after.ConfirmedAt.Equal(d.clock.now()) {
			t.Fatalf("after confirming the visit is %+v", after)
		}
	})
}

func TestSessionsAreListedAndEndedOneByOneAndAllOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		d := newDesk(t, store)
		one, two, three := d.session(d.admin, ByPassword, false), d.session(d.admin, ByPasskey, false), d.session(d.admin, ByOIDC, false)
		current := d.visit(one).Session
		list, err := d.Sessions(t.Context(), d.admin, current)
		if err != nil || len(list) != 3 {
			t.Fatalf("%d sessions, %v", len(list), err)
		}
		if err := d.EndSession(t.Context(), d.admin, d.visit(two).Session); err != nil {
			t.Fatal(err)
		}
		if d.visit(two).Actor.Kind == access.Person || d.visit(three).Actor.Kind != access.Person {
			t.Fatal("not that session ended")
		}
		if err := d.EndOtherSessions(t.Context(), d.admin, current); err != nil {
			t.Fatal(err)
		}
		if d.visit(three).Actor.Kind == access.Person || d.visit(one).Actor.Kind != access.Person {
			t.Fatal("the others did not end, or the own one did")
		}
		_, other := d.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
		wantKind(t, d.EndSession(t.Context(), other, current), problem.NotFound)
	})
}
