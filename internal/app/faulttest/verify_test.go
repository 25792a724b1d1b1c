package faulttest

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/db"
)

// finished waits until every report that was begun has ended.
func (l *load) finished() {
	l.t.Helper()
	var reports struct {
		Items []struct{ ID, State, Problem string }
	}
	begun := time.Now()
	eventually(l.t, patience, "every report is ready", func() bool {
		if time.Since(begun) > 2*time.Second && isPostgres(l.in.database) {
			begun = time.Now()
			// The time that a node may be silent passes, for those that live too: their jobs run twice and must end once.
			order(l.t, l.in.database, `UPDATE jobs SET lease_until = 1 WHERE state = 'running'`)
		}
		if !l.change("GET", "/reports", "", nil, &reports, 200) {
			l.t.Fatal("the reports cannot be listed")
		}
		for _, r := range reports.Items {
			if r.State == "failed" {
				l.t.Fatalf("the report %s failed: %s", r.ID, r.Problem)
			}
			if r.State == "making" {
				return false
			}
		}
		return true
	})
}

// verify wants the store at address, which no server uses, to hold what was acknowledged, all of it once, and nothing else.
func (l *load) verify(address string) {
	t := l.t
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	d, err := db.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // only read from
	s := d.System()

	accounts := maps.Clone(l.accounts)
	accounts["Alles Mag"] = l.in.account
	compare(t, "accounts", accounts, texts(t, s, `SELECT name, id FROM accounts`))
	compare(t, "links", l.links, texts(t, s, `SELECT note, id FROM report_links`))

	reports := maps.Clone(l.made)
	for id, mine := range l.own {
		reports[mine.Title] = id
	}
	compare(t, "reports", reports, texts(t, s, `SELECT title, id FROM reports`))
	compare(t, "states of reports", map[string]string{"ready": fmt.Sprint(len(reports))}, texts(t, s, `SELECT state, CAST(COUNT(*) AS TEXT) FROM reports GROUP BY state`))
	compare(t, "states of jobs", map[string]string{"done": fmt.Sprint(len(reports))}, texts(t, s, `SELECT state, CAST(COUNT(*) AS TEXT) FROM jobs WHERE kind = 'report' GROUP BY state`))
	for id, mine := range l.own {
		var version, published int64
		if err := s.Row(ctx, `SELECT version, published_at FROM reports WHERE id = $1`, []any{id}, &version, &published); err != nil {
			t.Error(err)
		}
		if version != mine.Version || (published == 0) != (mine.Published == nil) {
			t.Errorf("the report %q has version %d and was published at %d; its client left %+v", mine.Title, version, published, *mine)
		}
	}
	one := func(what string, want int, query string) {
		var have int
		if err := s.Row(ctx, query, nil, &have); err != nil {
			t.Error(err)
		}
		if have != want {
			t.Errorf("%s: %d, want %d", what, have, want)
		}
	}
	// A report that is ready begins its gap, once, in the same transaction; that goes on behind.
	one("gaps", len(reports), `SELECT COUNT(*) FROM skill_gaps`)
	one("gaps with a job", len(reports), `SELECT COUNT(*) FROM jobs JOIN skill_gaps ON job_id = jobs.id WHERE kind = 'gap'`)
	one("other jobs", 0, `SELECT COUNT(*) FROM jobs WHERE kind NOT IN ('report', 'gap')`)
	var gaps int
	if err := s.Row(ctx, `SELECT COUNT(*) FROM jobs WHERE kind = 'gap' AND state = 'done'`, nil, &gaps); err != nil {
		t.Error(err)
	}
	one("results of gaps", gaps, `SELECT COUNT(*) FROM skill_gaps WHERE file_id IS NOT NULL AND state = 'ready'`)
	one("files (answers, findings and gaps)", len(reports)+2+gaps, `SELECT COUNT(*) FROM files`)
	one("findings", len(reports), `SELECT COUNT(DISTINCT findings) FROM reports`)
	one("requests that stand once", len(l.accounts)+len(l.links)+len(l.made), `SELECT COUNT(*) FROM asked`)

	want := map[string]string{}
	for e, n := range l.audit {
		want[e.action+" "+e.subject] = fmt.Sprint(n)
	}
	compare(t, "lines of the log", want, texts(t, s, `SELECT action || ' ' || subject, CAST(COUNT(*) AS TEXT) FROM audit_log WHERE actor = 'key' GROUP BY action, subject`))
}

func isPostgres(address string) bool { return strings.HasPrefix(address, "postgres") }

// texts reads two columns.
func texts(t *testing.T, s *db.System, query string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := s.Rows(context.WithoutCancel(t.Context()), query, func(scan func(...any) error) error {
		var k, v string
		err := scan(&k, &v)
		if was, twice := out[k]; twice {
			t.Errorf("%q is there twice: %s and %s", k, was, v)
		}
		out[k] = v
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// compare tells at most a few differences.
func compare(t *testing.T, what string, want, have map[string]string) {
	t.Helper()
	told := 0
	tell := func(format string, args ...any) {
		if told++; told < 6 {
			t.Errorf(what+": "+format, args...)
		}
	}
	for k, v := range want {
		if have[k] == "" {
			tell("%q was acknowledged as %s and is not there", k, v)
		} else if have[k] != v {
			tell("%q is %s, want %s", k, have[k], v)
		}
	}
	for k, v := range have {
		if want[k] == "" {
			tell("%q (%s) is there and nobody was told", k, v)
		}
	}
	if told > 5 {
		t.Errorf("%s: %d differences in all", what, told)
	}
}

// wait lets some time pass in which the clients go on.
func (l *load) wait(d time.Duration) {
	before := l.acknowledged()
	time.Sleep(d)
	eventually(l.t, patience, "changes are acknowledged again", func() bool { return l.acknowledged() > before })
}
