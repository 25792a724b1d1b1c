package limits

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
)

// world is the limits on a store, and what they need.
type world struct {
	*Service
	t testing.TB

	mu    sync.Mutex
	at    time.Time
	units []Unit
	where map[string][]string
	mails []string
	n     int
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, at: time.Date(2026, 12, 9, 10, 0, 0, 0, time.UTC), where: map[string][]string{}}
	w.Service = New(Dependencies{DB: d, Audit: audit.New(d, w.now), Now: w.now, Log: slog.New(slog.DiscardHandler), Zone: func(context.Context, tenant.ID) *time.Location { return clock.Brussels() },
		Teams: w, Organisations: w, Mails: w, Groups: func() []string { return []string{"large", "", "large"} }})
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// Units implements Teams.
func (w *world) Units(context.Context, tenant.ID) ([]Unit, error) { return w.units, nil }

// Of implements Teams.
func (w *world) Of(_ context.Context, _ tenant.ID, account string) ([]string, error) {
	return w.where[account], nil
}

// GroupSize implements Organisations.
func (w *world) GroupSize(context.Context, tenant.ID) (int, error) { return 5, nil }

// Post implements Mails.
func (w *world) Post(_ context.Context, _ *db.Scope, m *Mail) error {
	a := m.Args(instrument.NL)
	w.mails = append(w.mails, strings.Join([]string{m.Kind, m.Account, a["limit"], a["state"]}, "|"))
	return nil
}

// Setters implements Mails.
func (w *world) Setters(context.Context, db.Reader) ([]string, error) {
	return []string{"core"}, nil
}

func person(role access.Role) access.Actor { return named("a-"+string(role), role) }

func named(account string, roles ...access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: account, Owner: account, Roles: roles}
}

func euro(s string) int64 {
	n, err := price.ParseEuro(s)
	if err != nil {
		panic(err)
	}
	return int64(n)
}

func monthly(k budget.Kind, subject, most string) Input {
	return Input{Place: Place{Kind: k, Subject: subject, Period: budget.Month, Unit: budget.Euros}, Most: euro(most), Reason: "Zoals afgesproken."}
}

func (w *world) set(in Input) Limit {
	w.t.Helper()
	l, err := w.Set(w.t.Context(), person(access.CoreTeam), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// use has an account use an amount.
func (w *world) use(account, amount string) {
	w.t.Helper()
	w.n++
	c := budget.Call{ID: "c" + strconv.Itoa(w.n), Person: account, Teams: w.where[account], Most: budget.Amount{Euro: price.Nano(euro(amount)), Tokens: 100}, Within: time.Minute}
	if _, err := w.Book.Reserve(w.t.Context(), dbtest.Ours, &c); err != nil {
		w.t.Fatal(err)
	}
	if err := w.Book.Settle(w.t.Context(), dbtest.Ours, c.ID, c.Most, false); err != nil {
		w.t.Fatal(err)
	}
}

// staff puts people in a unit, and in what is above it.
func (w *world) staff(unit, parent string, n int) {
	w.units = append(w.units, Unit{ID: unit, Name: "Dienst " + unit, Parent: parent, People: n})
	chain := []string{unit}
	for i := range w.units {
		if w.units[i].ID == parent {
			w.units[i].People += n
			chain = append(chain, parent)
		}
	}
	for i := range n {
		w.where[unit+strconv.Itoa(i)] = chain
	}
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}
