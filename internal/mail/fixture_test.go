package mail

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit/smtptest"
)

// hand is a clock that stands still until it is set on.
type hand struct {
	mu  sync.Mutex
	now time.Time
}

func newHand() *hand { return &hand{now: time.Date(2026, 11, 24, 13, 3, 0, 0, time.UTC)} }

func (h *hand) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hand) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

const testKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"

func testParts(t testing.TB, d *db.DB, now clock.Clock) Parts {
	t.Helper()
	box, err := seal.Parse(testKey)
	if err != nil {
		t.Fatal(err)
	}
	return Parts{DB: d, Box: box, Audit: audit.New(d, now), Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// configFor returns the configuration by which s is reached.
func configFor(t testing.TB, s *smtptest.Server, o smtptest.Options) Config {
	t.Helper()
	c := Config{
		Address: s.Address(), From: "Tekentafel <noreply@stad.example>", ReplyTo: "hr@stad.example", Username: o.User, Password: o.Password,
		Timeout: 5 * time.Second, FinalTimeout: 5 * time.Second, PollEvery: 10 * time.Millisecond,
	}
	switch o.TLS {
	case smtptest.Implicit:
		c.Security = TLS
	case smtptest.None:
		c.Security = None
		return c
	default:
	}
	c.CAFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(c.CAFile, s.CertificatePEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

func newOutbox(t testing.TB, c Config, p Parts) *Outbox {
	t.Helper()
	o, err := New(c, p)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func invitation(to string) Message {
	return Message{
		Kind: Invitation, To: to, Name: "Anna", Lang: instrument.NL, Organisation: "Stad Voorbeeld",
		Args: i18n.Args{"link": "https://tekentafel.example/join/secret-token"}, Until: time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC),
	}
}

func post(t testing.TB, o *Outbox, in tenant.ID, m Message) string {
	t.Helper()
	var name string
	err := o.DB.Write(t.Context(), in, func(s *db.Scope) (err error) {
		name, err = o.Post(t.Context(), s, m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func pass(t testing.TB, o *Outbox) int {
	t.Helper()
	n, err := o.Pass(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func get(t testing.TB, o *Outbox, in tenant.ID, name string) Mail {
	t.Helper()
	m, err := find(t.Context(), o.DB.Of(in), name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func admin(in tenant.ID) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: in, ID: "admin", Owner: "admin", Roles: []access.Role{access.Administrator}}
}

// each runs a test on each engine with a server and an outbox that reaches it.
func each(t *testing.T, test func(t *testing.T, s *smtptest.Server, o *Outbox, h *hand)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := smtptest.Start(t, smtptest.Options{})
		h := newHand()
		test(t, s, newOutbox(t, configFor(t, s, smtptest.Options{}), testParts(t, d, h.clock)), h)
	})
}

func background(t testing.TB) context.Context { return context.WithoutCancel(t.Context()) }

// awaitMail waits until the server was told of a mail.
func awaitMail(t testing.TB, s *smtptest.Server) {
	t.Helper()
	for range 2000 {
		if s.Counts().Transactions > 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("no worker came to the server")
}
