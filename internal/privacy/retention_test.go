package privacy_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit"
)

func forecast(t testing.TB, h *house, in tenant.ID) map[string][2]int {
	t.Helper()
	list, err := h.retention.DryRun(t.Context(), in, as(in, "dpo", access.DPO))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][2]int{}
	for _, f := range list {
		out[f.Name] = [2]int{f.Rows, f.Goes}
	}
	return out
}

func TestTheDryRunCountsWhatIsThenDeletedAndNothingOfOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		for _, in := range []tenant.ID{dbtest.Ours, dbtest.Theirs} {
			dbtest.AddAccount(t, d, in, "owner")
		}
		const seed = 20261124
		r := rand.New(rand.NewPCG(seed, 7))
		dpo := as(dbtest.Ours, "dpo", access.DPO)
		for round := range 6 {
			periods := map[string]int{}
			for _, k := range h.retention.Kinds() {
				periods[k.Name] = k.Minimum + r.IntN(k.Maximum-k.Minimum+1)
				for range 12 {
					in := dbtest.Ours
					if r.IntN(3) == 0 {
						in = dbtest.Theirs
					}
					aged(t, d, in, k.Name, r.IntN(2*k.Maximum), r.IntN(4) == 0)
				}
			}
			if err := h.retention.SetPeriods(t.Context(), dbtest.Ours, dpo, periods); err != nil {
				t.Fatal(err)
			}
			ours, theirs := forecast(t, h, dbtest.Ours), forecast(t, h, dbtest.Theirs)
			deleted, err := h.retention.Apply(t.Context(), dbtest.Ours, dpo)
			if err != nil {
				t.Fatal(err)
			}
			rows := map[string]int{}
			for _, x := range deleted {
				rows[x.Kind] = x.Rows
			}
			after := forecast(t, h, dbtest.Ours)
			for name, was := range ours {
				left := was[0] - was[1]
				if name == "audit" {
					left += len(deleted) // one line for each kind of which something went
				}
				if rows[name] != was[1] || after[name] != [2]int{left, 0} {
					t.Errorf("seed %d, round %d, %s: %d rows of which %d go; %d went, %v are left", seed, round, name, was[0], was[1], rows[name], after[name])
				}
			}
			if got := forecast(t, h, dbtest.Theirs); fmt.Sprint(got) != fmt.Sprint(theirs) {
				t.Errorf("another organisation had %v and has %v", theirs, got)
			}
		}
	})
}

func TestDeletionGoesInSmallBatchesEachInTheLog(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		put(t, d, dbtest.Ours, `INSERT INTO asked (tenant_id, key, digest, result, created_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203) SELECT $1, 'k' || i, 'tenant_id', '', 1 FROM n`)
		deleted, err := h.retention.Apply(t.Context(), dbtest.Ours, as(dbtest.Ours, "dpo", access.DPO))
		if err != nil || len(deleted) != 1 || deleted[0].Rows != 1203 {
			t.Fatalf("%+v, %v", deleted, err)
		}
		l, err := h.log.List(t.Context(), dbtest.Ours, audit.Filter{Action: "retention.applied"}, 10)
		if err != nil || len(l.Entries) != 3 {
			t.Fatalf("%+v, %v", l, err)
		}
		total := 0
		for _, e := range l.Entries {
			var n int
			if _, err := fmt.Sscan(e.Detail["rows"], &n); err != nil || n > 500 || e.Subject != "asked" || e.Detail["days"] != "7" {
				t.Errorf("%+v", e)
			}
			total += n
		}
		if total != 1203 {
			t.Errorf("the log tells of %d rows", total)
		}
	})
}

func TestWhatStopsHalfwayGoesOnTheNextTime(t *testing.T) {
	t.Parallel()
	h := build(t, dbtest.SQLite(t))
	dpo := as(dbtest.Ours, "dpo", access.DPO)
	for range 3 {
		aged(t, h.d, dbtest.Ours, "asked", 100, false)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := h.retention.Apply(ctx, dbtest.Ours, dpo); err == nil {
		t.Error("a run that was stopped says nothing of it")
	}
	if got, err := h.retention.Apply(t.Context(), dbtest.Ours, dpo); err != nil || len(got) != 1 || got[0].Rows != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAPeriodStaysWithinWhatItsKindAllows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		dpo := as(dbtest.Ours, "dpo", access.DPO)
		for _, bad := range []map[string]int{{"audit": 179}, {"audit": 3651}, {"audit": 365, "asked": 0}} {
			if err := h.retention.SetPeriods(t.Context(), dbtest.Ours, dpo, bad); !problem.Is(err, problem.Invalid) {
				t.Errorf("%v: %v", bad, err)
			}
		}
		if err := h.retention.SetPeriods(t.Context(), dbtest.Ours, dpo, map[string]int{"x": 1}); !problem.Is(err, problem.NotFound) {
			t.Errorf("an unknown kind: %v", err)
		}
		for range 2 {
			if err := h.retention.SetPeriods(t.Context(), dbtest.Ours, dpo, map[string]int{"audit": 365, "asked": 7}); err != nil {
				t.Fatal(err)
			}
		}
		l, err := h.log.List(t.Context(), dbtest.Ours, audit.Filter{Action: "retention.changed"}, 10)
		if err != nil || len(l.Entries) != 1 || l.Entries[0].Detail["from"] != "730" || l.Entries[0].Detail["to"] != "365" {
			t.Errorf("%+v, %v", l.Entries, err)
		}
		for in, want := range map[tenant.ID]int{dbtest.Ours: 365, dbtest.Theirs: 730} {
			if days, err := h.retention.Days(t.Context(), in, "audit"); err != nil || days != want {
				t.Errorf("%s keeps it %d days, %v", in, days, err)
			}
		}
		if _, err := h.retention.Days(t.Context(), dbtest.Ours, "x"); err == nil {
			t.Error("an unknown kind has days")
		}
		// A period that was set before its kind got another minimum is held to it.
		put(t, d, dbtest.Ours, `UPDATE retention SET days = 1 WHERE tenant_id = $1 AND kind = 'audit'`)
		if days, err := h.retention.Days(t.Context(), dbtest.Ours, "audit"); err != nil || days != 180 {
			t.Errorf("it keeps it %d days, %v", days, err)
		}
		list, err := h.retention.DryRun(t.Context(), dbtest.Ours, dpo)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			if f.Name == "audit" && f.Days != 180 {
				t.Errorf("%d days", f.Days)
			}
		}
	})
}

func TestOnlyWhoMayTouchesRetention(t *testing.T) {
	t.Parallel()
	h := build(t, dbtest.SQLite(t))
	s := site(t, h, true, privacy0)
	for _, role := range access.Roles() {
		read := role == access.HR || role == access.DPO || role == access.Administrator
		change := read && role != access.HR
		for path, may := range map[string]bool{"GET /retention": read, "POST /retention": change, "GET /retention/apply": change, "POST /retention/apply": change} {
			method, path, _ := strings.Cut(path, " ")
			if got := send(s, role, method, path, url.Values{}).Code; (got != 403) != may {
				t.Errorf("%s %s as %s: %d", method, path, role, got)
			}
		}
	}
	if _, err := h.retention.Apply(t.Context(), dbtest.Theirs, as(dbtest.Ours, "dpo", access.DPO)); !problem.Is(err, problem.Forbidden) {
		t.Errorf("another organisation's data: %v", err)
	}
	if err := h.retention.Register(held.Kept{Name: "x", Default: 5, Minimum: 6, Maximum: 7}); err == nil {
		t.Error("a kind that contradicts itself is taken")
	}
	if err := h.retention.Register(audit.Kept()); err == nil {
		t.Error("a kind is taken twice")
	}
}

func TestThePageShowsPeriodsAndTheDryRunAndDeletes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		s := site(t, h, true, privacy0)
		if page := send(s, access.DPO, "GET", "/retention/apply", nil).Body.String(); !strings.Contains(page, "Er is niets om te wissen") {
			t.Error("nothing to delete is not said")
		}
		for range 3 {
			aged(t, d, dbtest.Ours, "asked", 100, false)
		}
		page := send(s, access.DPO, "GET", "/retention", nil).Body.String()
		for _, want := range []string{"Sleutels van formulieren", "7 dagen", "1 dag<", "16 augustus 2026", "Nodig voor de dienst", "days-asked", "Van 1 tot 30 dagen"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		if page := send(s, access.HR, "GET", "/retention", nil).Body.String(); strings.Contains(page, "days-asked") || strings.Contains(page, "/retention/apply") {
			t.Error("HR is offered what it may not do")
		}
		for _, bad := range []string{"0", "31", "zeven", "", "1e9", "99999999999999999999"} {
			w := send(s, access.DPO, "POST", "/retention", url.Values{"days-asked": {bad}})
			if w.Code != 422 || !strings.Contains(w.Body.String(), "#f-days-asked") {
				t.Errorf("%q: %d", bad, w.Code)
			}
		}
		if w := send(s, access.DPO, "POST", "/retention", url.Values{"days-asked": {"30"}}); w.Code != 303 {
			t.Errorf("%d", w.Code)
		}
		if page := send(s, access.DPO, "GET", "/retention/apply", nil).Body.String(); !strings.Contains(page, "3 regels") || forecast(t, h, dbtest.Ours)["asked"] != [2]int{3, 3} {
			t.Error("asking deletes, or does not say how much would go")
		}
		if w := send(s, access.DPO, "POST", "/retention/apply", url.Values{}); w.Code != 303 || forecast(t, h, dbtest.Ours)["asked"] != [2]int{0, 0} {
			t.Errorf("%d, %v", w.Code, forecast(t, h, dbtest.Ours))
		}
	})
}

func TestTheDocumentationTellsThePeriodsOfEachKind(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "privacy.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range build(t, dbtest.SQLite(t)).retention.Kinds() {
		row := fmt.Sprintf("| `%s` | %s | %d | %d–%d | %s |", k.Name, k.Label.In(instrument.EN), k.Default, k.Minimum, k.Maximum, k.Basis.In(instrument.EN))
		if !strings.Contains(string(src), row) {
			t.Errorf("docs/privacy.md lacks the line\n%s", row)
		}
	}
}
