package privacy_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/mail"
	"tekentafel/internal/privacy"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

var now = time.Date(2026, 11, 24, 13, 3, 0, 0, time.UTC)

func still() time.Time { return now }

// house is what the tests of this package stand in.
type house struct {
	d         *db.DB
	log       *audit.Log
	outbox    *mail.Outbox
	retention *privacy.Retention
	people    *privacy.People
}

func build(t testing.TB, d *db.DB) *house {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{d: d, log: audit.New(d, still)}
	h.outbox, err = mail.New(mail.Config{Address: "127.0.0.1:1", Security: mail.None, From: "a@b.example"}, mail.Parts{
		DB: d, Box: box, Audit: h.log, Now: still, Log: slog.New(slog.DiscardHandler),
		Mailbox: func(_ context.Context, _ tenant.ID, account string) (string, error) {
			return account + "@example.org", nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.retention = privacy.NewRetention(d, h.log, still)
	if err := h.retention.Register(audit.Kept(), mail.Kept()); err != nil {
		t.Fatal(err)
	}
	common := privacy.NewCommon(d)
	h.people = privacy.NewPeople(d, h.log, still)
	h.people.Ask(h.outbox, common, h.log)
	h.people.Tell(h.outbox, common, h.log)
	return h
}

func as(in tenant.ID, id string, roles ...access.Role) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: in, ID: id, Owner: id, Roles: roles}
}

func days(n int) int64 { return now.AddDate(0, 0, -n).UnixMicro() }

// put runs statements on the rows of an organisation; $1 is the tenant.
func put(t testing.TB, d *db.DB, in tenant.ID, query string, args ...any) {
	t.Helper()
	err := d.Write(t.Context(), in, func(s *db.Scope) error {
		_, err := s.Exec(t.Context(), query, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

var serial struct {
	sync.Mutex
	n int
}

func unique() string {
	serial.Lock()
	defer serial.Unlock()
	serial.n++
	return fmt.Sprintf("r%06d", serial.n)
}

// aged puts a row of a kind into the store that is some days old. Live rows never age.
func aged(t testing.TB, d *db.DB, in tenant.ID, kind string, old int, live bool) {
	t.Helper()
	id := unique()
	switch kind {
	case "audit":
		put(t, d, in, `INSERT INTO audit_log (tenant_id, id, at, actor, actor_id, action, subject) VALUES ($1, $2, $3, 'system', '', 'a.b', '')`, id, days(old))
	case "mails":
		state, finished := "sent", days(old)
		if live {
			state, finished = "waiting", 0
		}
		put(t, d, in, `INSERT INTO mails (tenant_id, id, kind, recipient, subject, body, state, run_at, created_at, finished_at)
VALUES ($1, $2, 'test', 'a@b.example', 's', $3, $4, 0, $5, $6)`, id, []byte{}, state, days(old), finished)
	case "asked":
		put(t, d, in, `INSERT INTO asked (tenant_id, key, digest, result, created_at) VALUES ($1, $2, '', '', $3)`, id, days(old))
	case "jobs":
		state, finished := "done", days(old)
		if live {
			state, finished = "running", 0
		}
		put(t, d, in, `INSERT INTO jobs (tenant_id, id, kind, args, state, max_attempts, run_at, created_at, finished_at)
VALUES ($1, $2, 'k', '{}', $3, 1, 0, $4, $5)`, id, state, days(old), finished)
	case "sign-ins":
		switch old % 4 {
		case 0:
			put(t, d, in, `INSERT INTO flows (tenant_id, token_hash, kind, data, expires_at) VALUES ($1, $2, 'k', '{}', $3)`, id, days(old))
		case 1:
			put(t, d, in, `INSERT INTO links (tenant_id, token_hash, purpose, created_at, expires_at) VALUES ($1, $2, 'first-administrator', 0, $3)`, id, days(old))
		case 2:
			put(t, d, in, `INSERT INTO lockouts (tenant_id, subject, failures, last_at) VALUES ($1, $2, 1, $3)`, id, days(old))
		default: // a session that nobody has used for longer than it may rest
			put(t, d, in, `INSERT INTO sessions (tenant_id, token_hash, id, account_id, method, created_at, confirmed_at, seen_at, expires_at, idle_micros)
VALUES ($1, $2, $2, 'owner', 'password', 0, 0, $3, $4, 1)`, id, days(old), days(-30))
		}
	default:
		t.Fatalf("no row of the kind %s", kind)
	}
}

// asRole signs in whoever sends a request, as the role in a header.
type asRole struct{ fresh bool }

func (v asRole) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	visit := web.Visit{Org: web.Organisation{ID: dbtest.Ours, Name: "Stad Voorbeeld", Languages: instrument.Languages()}, Name: "Ik", Lang: "nl"}
	if role := r.Header.Get("As"); role != "" {
		visit.Actor = as(dbtest.Ours, "anna", access.Role(role))
	}
	if v.fresh {
		visit.ConfirmedAt = now
	}
	return visit, nil
}

func site(t testing.TB, h *house, fresh bool, around privacy.Surroundings) http.Handler {
	t.Helper()
	s := web.New(web.Config{PublicURL: &url.URL{Scheme: "http", Host: "x"}}, asRole{fresh}, nil, still, slog.New(slog.DiscardHandler))
	if err := privacy.NewPages(h.people, h.retention, around).Mount(s); err != nil {
		t.Fatal(err)
	}
	return s
}

func send(s http.Handler, role access.Role, method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("As", string(role))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}
