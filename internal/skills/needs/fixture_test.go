package needs

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	content "tekentafel/content/skills"
	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/tenant"
)

var baseFramework = sync.OnceValues(func() (*framework.Framework, error) {
	text, err := content.Framework()
	if err != nil {
		return nil, err
	}
	return framework.Parse("framework.yaml", bytes.NewReader(text))
})

// staff is an organisation that a test may change.
type staff struct {
	mu  sync.Mutex
	org demand.Organisation
	led map[string][]demand.Tally // by account
}

func (s *staff) Revision(context.Context, db.Reader) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.org.Revision, nil
}

func (s *staff) Standing(_ context.Context, r db.Reader) (*demand.Organisation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Tenant() != dbtest.Ours {
		return &demand.Organisation{Functions: []demand.Function{{ID: "clerk", Name: "Guichetier"}}}, nil
	}
	o := s.org
	return &o, nil
}

func (s *staff) Led(_ context.Context, actor access.Actor) ([]demand.Tally, error) {
	return s.led[actor.Owner], nil
}

// names are the names of accounts.
type names struct{}

func (names) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	if strings.HasPrefix(account, "gone") {
		return "", nil
	}
	return "Naam van " + account, nil
}

// world is the feature on a store.
type world struct {
	*Service
	t     testing.TB
	staff *staff
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	f, err := baseFramework()
	if err != nil {
		t.Fatal(err)
	}
	st := &staff{led: map[string][]demand.Tally{"manager": {{Function: "garden", Unit: "green", People: 8}, {Function: "head", Unit: "green", People: 1}}}, org: demand.Organisation{Revision: 1,
		Functions: []demand.Function{
			{ID: "clerk", Code: "F01", Name: "Loketmedewerker", Family: "Dienstverlening", Level: "C", Work: demand.Desk},
			{ID: "permit", Code: "F02", Name: "Dossierbehandelaar omgevingsvergunningen", Family: "Dienstverlening", Level: "B", Work: demand.Desk},
			{ID: "garden", Code: "F03", Name: "Tuinarbeider", Family: "Groen en openbaar domein", Level: "E", Work: demand.Field},
			{ID: "head", Code: "F04", Name: "Diensthoofd groen", Family: "Groen en openbaar domein", Level: "A"},
			{ID: "buyer", Code: "F05", Name: "Aankoper", Family: "Ondersteuning", Level: "B", Work: demand.Desk},
			{ID: "usher", Name: "Bode", Level: "D"},
		},
		Units: []demand.Unit{{ID: "town", Code: "S", Name: "Stad"}, {ID: "citizens", Name: "Burgerzaken", Parent: "town"}, {ID: "desk", Name: "Team loket", Parent: "citizens"}, {ID: "green", Name: "Groendienst", Parent: "town"}},
		Tallies: []demand.Tally{{Function: "clerk", Unit: "desk", People: 24}, {Function: "clerk", Unit: "green", People: 2}, {Function: "permit", Unit: "citizens", People: 11}, {Function: "garden", Unit: "green", People: 63},
			{Function: "head", Unit: "green", People: 2}, {Function: "buyer", Unit: "town", People: 4}, {Function: "usher", Unit: "town", People: 3}, {Unit: "town", People: 5}},
	}}
	now := clock.System()
	s := New(Dependencies{DB: d, Audit: audit.New(d, now), Now: now, Base: f, Staff: st, Accounts: names{}, Dir: t.TempDir()})
	return &world{Service: s, t: t, staff: st}
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}

func person(o tenant.ID, role access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: o, ID: string(role), Owner: string(role), Roles: []access.Role{role}}
}

func hr() access.Actor      { return person(dbtest.Ours, access.HR) }
func manager() access.Actor { return person(dbtest.Ours, access.Manager) }

// seq is the number of the last change.
func (w *world) seq() int64 {
	w.t.Helper()
	n, err := headOf(w.t.Context(), w.DB.Of(dbtest.Ours))
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) mapNow() *demand.Map {
	w.t.Helper()
	m, err := w.Map(w.t.Context(), dbtest.Ours)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// level is what a function asks of a skill in a unit.
func (w *world) level(function, unit, skill string) int {
	w.t.Helper()
	list, ok, err := w.For(w.t.Context(), dbtest.Ours, function, unit)
	if err != nil || !ok {
		w.t.Fatalf("%s: %v %v", function, ok, err)
	}
	return list[slices.IndexFunc(list, func(n Need) bool { return n.Skill == skill })].Level
}

func function(id string) Subject { return Subject{Function: id} }

// must fails the test on an error.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *world) file(content []byte) string {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "needs.xlsx")
	if err := writeFile(path, content); err != nil {
		w.t.Fatal(err)
	}
	return path
}
