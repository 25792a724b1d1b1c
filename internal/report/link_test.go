package report

import (
	"strings"
	"testing"
	"time"

	"tekentafel/internal/asked"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
)

// fieldsOf names the fields that a problem is about.
func fieldsOf(err error) []string {
	var names []string
	if p, known := problem.Of(err); known {
		for _, f := range p.Fields {
			names = append(names, f.Name)
		}
	}
	return names
}

func TestSecretOfALinkIsShownOnceAndNotKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.ready(dbtest.Ours)
		first, token, err := w.Share(t.Context(), hr, r.ID, "burgemeester", 30, ask("k"))
		if err != nil || len(token) < 22 {
			t.Fatalf("%q, %v", token, err)
		}
		again, none, err := w.Share(t.Context(), hr, r.ID, "burgemeester", 30, ask("k"))
		if err != nil || none != "" || again.ID != first.ID || w.count("report_links") != 1 || w.logged("report.shared") != 1 {
			t.Errorf("the form sent again: %+v, secret %q, %d links, %v", again, none, w.count("report_links"), err)
		}
		for table, column := range map[string]string{"report_links": "token_hash", "asked": "result", "audit_log": "detail"} {
			if w.holds(table, column, token) {
				t.Errorf("the secret stands in %s", table)
			}
		}
		if !w.holds("report_links", "token_hash", id.Hash(token)) {
			t.Error("not even its hash is kept")
		}
		links, err := w.Links(t.Context(), hr, r.ID)
		if err != nil || len(links) != 1 || links[0].Note != "burgemeester" || links[0].ID != first.ID {
			t.Errorf("%+v, %v", links, err)
		}
		_, other, err := w.Share(t.Context(), hr, r.ID, "burgemeester", 30, asked.Request{})
		if err != nil || other == "" || other == token {
			t.Errorf("another link: %q, %v", other, err)
		}
	})
}

func TestLinkEndsAtItsExactMoment(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.ready(dbtest.Ours)
		_, token, err := w.Share(t.Context(), hr, r.ID, "", 1, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.step(24*time.Hour - time.Microsecond)
		if opened, err := w.Open(t.Context(), token); err != nil || opened.Report.ID != r.ID || opened.Tenant != dbtest.Ours {
			t.Errorf("a microsecond before: %+v, %v", opened, err)
		}
		w.clock.step(time.Microsecond)
		_, err = w.Open(t.Context(), token)
		wantOutcome(t, "at the moment", err, "gone")
	})
}

func TestRevokedLinkIsGoneAtOnceAndUnknownSecretsAreNotThere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.ready(dbtest.Ours)
		link, token, err := w.Share(t.Context(), hr, r.ID, "", 365, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		_, stays, err := w.Share(t.Context(), hr, r.ID, "", 1, asked.Request{})
		if err != nil {
			t.Fatal(err)
		}
		wantOutcome(t, "of another report", w.Revoke(t.Context(), hr, w.ready(dbtest.Ours).ID, link.ID), "not-found")
		if _, err := w.Open(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if err := w.Revoke(t.Context(), hr, r.ID, link.ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.Open(t.Context(), token)
		wantOutcome(t, "revoked", err, "gone")
		wantOutcome(t, "revoked again", w.Revoke(t.Context(), hr, r.ID, link.ID), "not-found")
		if n := w.logged("report.link-revoked"); n != 1 {
			t.Errorf("logged %d times", n)
		}
		if _, err := w.Open(t.Context(), stays); err != nil {
			t.Errorf("another link ended too: %v", err)
		}
		for _, unknown := range []string{"", "x", token + "x", id.Hash(token), strings.ToUpper(token), "' OR 1=1 --"} {
			_, err = w.Open(t.Context(), unknown)
			wantOutcome(t, unknown, err, "not-found")
		}
	})
}

func TestLinkThatCannotBeMadeNamesTheField(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		making := w.start(dbtest.Ours, w.source(dbtest.Ours).ID)
		for name, c := range map[string]struct {
			note string
			days int
			want string
		}{
			"no day": {"", 0, "days"}, "before now": {"", -1, "days"}, "too long": {"", 366, "days"},
			"long note": {strings.Repeat("n", maxName+1), 1, "note"}, "zero byte": {"a\x00", 1, "note"}, "hidden": {"a\u202e", 1, "note"},
		} {
			_, _, err := w.Share(t.Context(), hr, making.ID, c.note, c.days, asked.Request{})
			if got := fieldsOf(err); len(got) != 1 || got[0] != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, _, err := w.Share(t.Context(), hr, making.ID, "", 1, asked.Request{})
		wantOutcome(t, "to a report that is being made", err, "conflict")
		if n := w.count("report_links"); n != 0 {
			t.Errorf("%d links", n)
		}
	})
}
