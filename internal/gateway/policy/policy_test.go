package policy_test

import (
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/policy"
	"tekentafel/internal/guard"
	"tekentafel/internal/problem"
)

var _ door.Policies = (*policy.Service)(nil)

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

func node(d *db.DB, h *hands) *policy.Service {
	return policy.New(policy.Dependencies{DB: d, Audit: audit.New(d, h.now), Now: h.now})
}

func actor(role access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: string(role), Owner: string(role), Roles: []access.Role{role}}
}

func with(t guard.Type, a guard.Action) guard.Policy {
	p := guard.DefaultPolicy()
	p[t] = a
	return p
}

func TestAPolicyHoldsHereAtOnceAndElsewhereAfterSecondsAndEachIsAVersion(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := &hands{at: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
		a, b := node(d, h), node(d, h)
		action := func(s *policy.Service) guard.Action {
			t.Helper()
			p, err := s.Policy(t.Context(), dbtest.Ours)
			if err != nil {
				t.Fatal(err)
			}
			return p[guard.Plate]
		}
		if action(a) != guard.Mask || action(b) != guard.Mask {
			t.Fatal("not as shipped")
		}
		if err := a.Set(t.Context(), actor(access.DPO), with(guard.Plate, guard.Block), 0, "Nummerplaten horen hier niet."); err != nil {
			t.Fatal(err)
		}
		if action(a) != guard.Block || action(b) != guard.Mask {
			t.Error(action(a), action(b))
		}
		h.pass(policy.Fresh)
		if action(b) != guard.Block {
			t.Error(action(b))
		}
		if err := b.Set(t.Context(), actor(access.Administrator), with(guard.Plate, guard.Warn), 0, "Van een ander."); !problem.Is(err, problem.Conflict) {
			t.Error(err)
		}
		if err := b.Set(t.Context(), actor(access.Administrator), with(guard.Plate, guard.Warn), 1, "Te streng gebleken."); err != nil {
			t.Fatal(err)
		}
		list, err := a.History(t.Context(), actor(access.Employee))
		if err != nil || len(list) != 2 || list[0].Version != 2 || list[0].By != "administrator" || list[1].Policy[guard.Plate] != guard.Block {
			t.Fatalf("%+v %v", list, err)
		}
		if got := policy.Changes(list[0].Policy, list[1].Policy); len(got) != 1 || got[0] != guard.Plate {
			t.Error(got)
		}
		if p, err := a.Policy(t.Context(), dbtest.Theirs); err != nil || p[guard.Plate] != guard.Mask {
			t.Error("the policy of one organisation holds for another", err)
		}
		sections, err := a.Held(t.Context(), dbtest.Ours, "dpo")
		if err != nil || len(sections) != 1 || sections[0].Rows[0].Source != "gateway_policies/1" {
			t.Errorf("%+v %v", sections, err)
		}
		if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return a.Erase(t.Context(), s, "dpo") }); err != nil {
			t.Fatal(err)
		}
		if sections, err = a.Held(t.Context(), dbtest.Ours, "dpo"); err != nil || len(sections) > 0 {
			t.Errorf("%+v %v", sections, err)
		}
	})
}

func TestSecretsAreAlwaysBlockedWhateverIsAskedOrKept(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	h := &hands{at: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	s := node(d, h)
	for _, p := range []guard.Policy{with(guard.Secret, guard.Mask), with(guard.Password, guard.Warn), with(guard.Health, guard.Mask), with(guard.Phone, 9), {}} {
		if err := s.Set(t.Context(), actor(access.DPO), p, 0, "Zoals afgesproken."); !problem.Is(err, problem.Invalid) {
			t.Errorf("%v: %v", p, err)
		}
	}
	if err := d.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { // by a hand in the store
		_, err := tx.Exec(t.Context(), `INSERT INTO gateway_policies (tenant_id, version, content, reason, account_id, at) VALUES ($1, 1, $2, '', '', 0)`, `{"secret":"ignore","password":"mask","health":"mask","mail":"ignore","gone":"block"}`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p, err := s.Policy(t.Context(), dbtest.Ours)
	if err != nil || p[guard.Secret] != guard.Block || p[guard.Password] != guard.Block || p[guard.Health] != guard.Warn || p[guard.Mail] != guard.Ignore || p[guard.Phone] != guard.Mask || len(p) != len(guard.Types()) {
		t.Errorf("%v %v", p, err)
	}
}

func TestOnlyWhoSetsTheGuardChangesIt(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	h := &hands{at: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	s := node(d, h)
	for _, role := range access.Roles() {
		if _, err := s.Current(t.Context(), actor(role)); err != nil {
			t.Error(role, err)
		}
		if role == access.DPO || role == access.Administrator {
			continue
		}
		if err := s.Set(t.Context(), actor(role), guard.DefaultPolicy(), 0, "Zoals afgesproken."); !problem.Is(err, problem.Forbidden) {
			t.Error(role, err)
		}
	}
	if err := s.Set(t.Context(), actor(access.DPO), guard.DefaultPolicy(), 0, "x"); !problem.Is(err, problem.Invalid) {
		t.Error(err)
	}
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := policy.Locale().Check(); err != nil {
		t.Error(err)
	}
}
