package privacy_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/mail"
	"tekentafel/internal/privacy"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/privacy/heldtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"

	"context"
)

var privacy0 = privacy.Surroundings{}

// leave puts traces of somebody into every table of the packages that this test connects.
func leave(t testing.TB, h *house, in tenant.ID, account string) {
	t.Helper()
	dbtest.AddAccount(t, h.d, in, account)
	actor := as(in, account)
	err := h.d.Write(t.Context(), in, func(s *db.Scope) error {
		for _, m := range []mail.Message{
			{Kind: mail.Test, To: "old@example.org", Account: account, Lang: "nl"}, {Kind: mail.Test, To: account + "@example.org", Lang: "nl"},
		} {
			if _, err := h.outbox.Post(t.Context(), s, m); err != nil {
				return err
			}
		}
		return errors.Join(
			h.log.Record(t.Context(), s, actor, audit.Entry{Action: "account.changed", Subject: "x"}),
			h.log.Record(t.Context(), s, access.Actor{Kind: access.System}, audit.Entry{Action: "account.invited", Account: account}),
			h.log.Record(t.Context(), s, access.Actor{Kind: access.System}, audit.Entry{Action: "account.seen", Subject: account}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	put(t, h.d, in, `INSERT INTO asked (tenant_id, key, digest, result, created_at) VALUES ($1, $2, '', '', 1)`, account+":formkey")
	put(t, h.d, in, `INSERT INTO jobs (tenant_id, id, kind, args, account_id, state, max_attempts, run_at, created_at) VALUES ($1, $2, 'k', '{}', $3, 'done', 1, 0, 1)`, unique(), account)
	put(t, h.d, in, `INSERT INTO jobs (tenant_id, id, kind, args, subject, state, max_attempts, run_at, created_at) VALUES ($1, $2, 'k', '{}', $3, 'done', 1, 0, 1)`, unique(), account)
}

// elsewhere are the tables whose features this test does not connect: they show and forget them themselves.
var elsewhere = map[string]string{"accounts": "identity shows it"}

func TestAPersonIsShownEveryRowThatMentionsThemAndNoOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		leave(t, h, dbtest.Ours, "anna01")
		leave(t, h, dbtest.Ours, "bert02")
		leave(t, h, dbtest.Theirs, "anna01")
		sections, err := h.people.Held(t.Context(), dbtest.Ours, as(dbtest.Ours, "anna01"), "anna01")
		if err != nil {
			t.Fatal(err)
		}
		found := heldtest.Mentions(t, d, dbtest.Ours, "anna01")
		if missing := heldtest.Uncovered(found, sections, "anna01", elsewhere); len(missing) > 0 {
			t.Errorf("not shown: %v", missing)
		}
		in := map[string]bool{}
		for _, f := range found {
			in[f.Table] = true
		}
		for _, table := range []string{"accounts", "audit_log", "asked", "jobs", "mails"} {
			if !in[table] {
				t.Errorf("the test leaves no trace in %s", table)
			}
		}
		rows := 0
		for _, s := range sections {
			rows += len(s.Rows)
			for _, r := range s.Rows {
				if strings.Contains(r.Source+r.Value, "bert02") || r.Label.In("nl") == "" {
					t.Errorf("%+v", r)
				}
			}
		}
		if rows != 8 {
			t.Errorf("%d rows are shown, expected 2 mails, 2 jobs, 1 form and 3 lines of the log", rows)
		}
		if !slices.Contains(heldtest.Personal(t, d), "api_keys") {
			t.Error("the list of tables with people lacks a known one")
		}
		// A trace that no feature shows is found.
		put(t, d, dbtest.Ours, `INSERT INTO flows (tenant_id, token_hash, kind, data, expires_at) VALUES ($1, 'h', 'k', '{"account":"anna01"}', 1)`)
		if missing := heldtest.Uncovered(heldtest.Mentions(t, d, dbtest.Ours, "anna01"), sections, "anna01", elsewhere); len(missing) != 1 || missing[0] != "flows/h" {
			t.Errorf("the test does not see what is not shown: %v", missing)
		}
	})
}

func TestSomebodyWhoIsErasedIsInNoRowThatNamesThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		leave(t, h, dbtest.Ours, "anna01")
		leave(t, h, dbtest.Ours, "bert02")
		leave(t, h, dbtest.Theirs, "anna01")
		others := [2]int{len(heldtest.Mentions(t, d, dbtest.Ours, "bert02")), len(heldtest.Mentions(t, d, dbtest.Theirs, "anna01"))}
		if err := h.people.Erase(t.Context(), dbtest.Ours, as(dbtest.Ours, "anna01"), "anna01"); err != nil {
			t.Fatal(err)
		}
		for _, f := range heldtest.Mentions(t, d, dbtest.Ours, "anna01") {
			if f.Table != "audit_log" && f.Table != "accounts" { // the log keeps the number; identity, not connected here, has the account
				t.Errorf("%s/%s still mentions them", f.Table, f.Key)
			}
		}
		for _, f := range heldtest.Mentions(t, d, dbtest.Ours, "anna01@example.org") {
			if f.Table != "accounts" {
				t.Errorf("%s/%s still holds their address", f.Table, f.Key)
			}
		}
		if got := [2]int{len(heldtest.Mentions(t, d, dbtest.Ours, "bert02")), len(heldtest.Mentions(t, d, dbtest.Theirs, "anna01"))}; got != others {
			t.Errorf("others had %v rows and have %v", others, got)
		}
		l, err := h.log.List(t.Context(), dbtest.Ours, audit.Filter{Action: "account.erased"}, 5)
		if err != nil || len(l.Entries) != 1 || l.Entries[0].Account != "anna01" {
			t.Errorf("%+v, %v", l, err)
		}
	})
}

// stubborn cannot forget anybody.
type stubborn struct{}

func (stubborn) Effects() held.Effects { return held.Effects{} }

func (stubborn) Erase(context.Context, *db.Scope, string) error {
	return problem.New(problem.Conflict, i18n.New(nil, ""), "last-administrator", nil)
}

func TestNobodyIsErasedByHalves(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		leave(t, h, dbtest.Ours, "anna01")
		h.people.Tell(stubborn{})
		before := len(heldtest.Mentions(t, d, dbtest.Ours, "anna01"))
		if err := h.people.Erase(t.Context(), dbtest.Ours, as(dbtest.Ours, "anna01"), "anna01"); !problem.Is(err, problem.Conflict) {
			t.Errorf("%v", err)
		}
		if got := len(heldtest.Mentions(t, d, dbtest.Ours, "anna01")); got != before {
			t.Errorf("%d rows, then %d", before, got)
		}
	})
}

func TestNobodyReadsOrErasesSomebodyElse(t *testing.T) {
	t.Parallel()
	h := build(t, dbtest.SQLite(t))
	key := access.Actor{Kind: access.Key, Tenant: dbtest.Ours, ID: "k", Owner: "anna01", Scopes: access.Delegable()}
	for name, c := range map[string]struct {
		actor   access.Actor
		account string
	}{
		"an administrator": {as(dbtest.Ours, "boss", access.Administrator), "anna01"}, "a DPO": {as(dbtest.Ours, "boss", access.DPO), "anna01"},
		"the same id elsewhere": {as(dbtest.Theirs, "anna01"), "anna01"}, "nobody": {access.Actor{}, ""}, "nobody's": {as(dbtest.Ours, "anna01"), ""},
	} {
		if _, err := h.people.Held(t.Context(), dbtest.Ours, c.actor, c.account); !problem.Is(err, problem.Forbidden) {
			t.Errorf("%s reads: %v", name, err)
		}
		if err := h.people.Erase(t.Context(), dbtest.Ours, c.actor, c.account); !problem.Is(err, problem.Forbidden) {
			t.Errorf("%s erases: %v", name, err)
		}
	}
	if err := h.people.Erase(t.Context(), dbtest.Ours, key, "anna01"); !problem.Is(err, problem.Forbidden) {
		t.Errorf("a key erases: %v", err)
	}
}

func TestTheExportHoldsWhatThePageShows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		leave(t, h, dbtest.Ours, "anna")
		s := site(t, h, true, privacy0)
		page := send(s, access.Employee, "GET", "/me/data", nil).Body.String()
		w := send(s, access.Employee, "GET", "/me/data/export.json", nil)
		var got struct {
			Schema, Made, Organisation, Account, Language string
			Sections                                      []struct {
				Name, Title string
				Rows        []struct{ Source, Label, Value, Words, When string }
			}
		}
		decode := json.NewDecoder(w.Body)
		decode.DisallowUnknownFields()
		if err := decode.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if got.Schema != privacy.Schema || got.Made != "2026-11-24T13:03:00Z" || got.Organisation != "Stad Voorbeeld" || got.Account != "anna" || got.Language != "nl" || len(got.Sections) != 4 {
			t.Errorf("%+v", got)
		}
		if !strings.Contains(w.Header().Get("Content-Disposition"), `filename="mijn-gegevens.json"`) {
			t.Errorf("%v", w.Header())
		}
		for _, section := range got.Sections {
			if !strings.Contains(page, section.Title) {
				t.Errorf("the page lacks %q", section.Title)
			}
			for _, r := range section.Rows {
				if r.Source == "" || r.When == "" || !strings.Contains(page, r.Label) || r.Words == "" && !strings.Contains(page, r.Value) {
					t.Errorf("%+v is not on the page", r)
				}
			}
		}
	})
}

func TestErasureIsAskedForSaidAndConfirmed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		leave(t, h, dbtest.Ours, "anna")
		out := 0
		around := privacy.Surroundings{SignOut: func(http.ResponseWriter, *web.Request) { out++ }}
		stale, s := site(t, h, false, around), site(t, h, true, around)
		for _, method := range []string{"GET", "POST"} {
			if w := send(stale, access.Employee, method, "/me/data/erase", url.Values{"sure": {"yes"}}); w.Code != 303 || !strings.HasPrefix(w.Header().Get("Location"), "/confirm") {
				t.Errorf("without proof of who one is: %d %v", w.Code, w.Header())
			}
		}
		before := len(heldtest.Mentions(t, d, dbtest.Ours, "anna"))
		page := send(s, access.Employee, "GET", "/me/data/erase", nil).Body.String()
		for _, m := range append(h.people.Effects().Goes, h.people.Effects().Stays[0].What, h.people.Effects().Stays[0].Why) {
			if text := m.In(instrument.NL); text == "" || !strings.Contains(page, text) {
				t.Errorf("the page lacks %q", text)
			}
		}
		if w := send(s, access.Employee, "POST", "/me/data/erase", url.Values{}); w.Code != 422 || out != 0 || len(heldtest.Mentions(t, d, dbtest.Ours, "anna")) != before {
			t.Errorf("without a tick: %d", w.Code)
		}
		if w := send(s, access.Employee, "POST", "/me/data/erase", url.Values{"sure": {"yes"}}); w.Code != 303 || w.Header().Get("Location") != "/me/erased" || out != 1 {
			t.Errorf("%d, %v, signed out %d times", w.Code, w.Header(), out)
		}
		if w := send(s, "", "GET", "/me/erased", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "Je account is gewist") {
			t.Errorf("%d", w.Code)
		}
	})
}

func TestTheLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	if err := privacy.Messages().Check(); err != nil {
		t.Error(err)
	}
}
