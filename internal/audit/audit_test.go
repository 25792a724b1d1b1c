package audit

import (
	"context"
	"encoding/csv"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
	"tekentafel/internal/testkit"
	"tekentafel/internal/web"
)

// ticking is a clock of which each reading is a minute after the one before.
func ticking() func() time.Time {
	var mu sync.Mutex
	now := time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Minute)
		return now
	}
}

func write(t testing.TB, l *Log, in tenant.ID, actor access.Actor, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if err := l.db.Write(t.Context(), in, func(s *db.Scope) error { return l.Record(t.Context(), s, actor, e) }); err != nil {
			t.Fatal(err)
		}
	}
}

func person(id string) access.Actor {
	return access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: id, Owner: id}
}

func actionsOf(l Listed) string {
	var list []string
	for _, e := range l.Entries {
		list = append(list, e.Action)
	}
	return strings.Join(list, " ")
}

func TestTheLogFindsWhatIsAskedForAndNothingOfOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := New(d, ticking())
		write(t, l, dbtest.Ours, person("anna"), Entry{Action: "mail.resent", Account: "bert"}, Entry{Action: "mailbox.made"})                   // 22:01, 22:02
		write(t, l, dbtest.Ours, access.Actor{Kind: access.System}, Entry{Action: "mail.tested"}, Entry{Action: "report.made", Subject: "anna"}) // 22:03, 22:04
		write(t, l, dbtest.Theirs, person("anna"), Entry{Action: "mail.resent", Account: "bert"})
		at := func(minute int) time.Time { return time.Date(2026, 11, 24, 22, minute, 0, 0, time.UTC) }
		for _, c := range []struct {
			f    Filter
			want string
		}{
			{Filter{}, "report.made mail.tested mailbox.made mail.resent"},
			{Filter{Actor: "anna"}, "mailbox.made mail.resent"},
			{Filter{Account: "bert"}, "mail.resent"},
			{Filter{Action: "mail"}, "mail.tested mail.resent"},
			{Filter{Action: "mail.resent"}, "mail.resent"},
			{Filter{Action: "mai"}, ""},
			{Filter{Action: "%"}, ""},
			{Filter{From: at(2), To: at(4)}, "mail.tested mailbox.made"},
			{Filter{Actor: "' OR '1'='1"}, ""},
		} {
			got, err := l.List(t.Context(), dbtest.Ours, c.f, 10)
			if err != nil || actionsOf(got) != c.want {
				t.Errorf("%+v: %q, expected %q, %v", c.f, actionsOf(got), c.want, err)
			}
		}
	})
}

func TestPagesOfTheLogJoinWithoutLossOrRepetition(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := New(d, ticking())
		for i := range 23 {
			write(t, l, dbtest.Ours, person("anna"), Entry{Action: "a." + string(rune('a'+i))})
		}
		whole, err := l.List(t.Context(), dbtest.Ours, Filter{}, 100)
		if err != nil || len(whole.Entries) != 23 || whole.Older || whole.Newer {
			t.Fatalf("%+v, %v", whole, err)
		}
		for size := 1; size <= 24; size += 4 {
			var seen []string
			f := Filter{}
			for {
				p, err := l.List(t.Context(), dbtest.Ours, f, size)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range p.Entries {
					seen = append(seen, e.Action)
				}
				if !p.Older {
					break
				}
				last := p.Entries[len(p.Entries)-1].ID
				write(t, l, dbtest.Theirs, person("x"), Entry{Action: "other"}) // arrives meanwhile
				back, err := l.List(t.Context(), dbtest.Ours, Filter{After: last}, size-1)
				if size > 1 && (err != nil || actionsOf(back) != actionsOf(Listed{Entries: p.Entries[:size-1]})) {
					t.Fatalf("back: %s, %v", actionsOf(back), err)
				}
				f.Before = last
			}
			if strings.Join(seen, " ") != actionsOf(whole) {
				t.Errorf("pages of %d: %v", size, seen)
			}
		}
	})
}

// roles signs in whoever sends a request, as the role in a header.
type roles struct{}

func (roles) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	a := person("me")
	a.Roles = []access.Role{access.Role(r.Header.Get("As"))}
	return web.Visit{Actor: a, Org: web.Organisation{ID: dbtest.Ours, Name: "Stad", Languages: instrument.Languages()}, Name: "Ik", Lang: "nl"}, nil
}

type called map[string]string

func (c called) Names(_ context.Context, _ tenant.ID, ids []string) (map[string]string, error) {
	out := map[string]string{}
	for _, id := range ids {
		if name, known := c[id]; known {
			out[id] = name
		}
	}
	return out, nil
}

func site(t testing.TB, l *Log) http.Handler {
	t.Helper()
	s := web.New(web.Config{PublicURL: &url.URL{Scheme: "http", Host: "x"}}, roles{}, nil, l.now, slog.New(slog.DiscardHandler))
	if err := NewPages(l, called{"anna": "Anna Peeters", "evil": "=HYPERLINK(\"http://evil\")", "k1": "Nachtscript"}, nil).Mount(s); err != nil {
		t.Fatal(err)
	}
	return s
}

func open(h http.Handler, role access.Role, path string) (int, string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("As", string(role))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestThePageNamesPeopleAndSaysWhatTheyDid(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := New(d, ticking())
		h := site(t, l)
		if status, page := open(h, access.DPO, "/audit"); status != 200 || !strings.Contains(page, "Het logboek is nog leeg") {
			t.Errorf("%d, %s", status, page)
		}
		write(t, l, dbtest.Ours, person("anna"), Entry{Action: "thing.done", Account: "gone", Detail: map[string]string{"was": "old"}})
		write(t, l, dbtest.Ours, access.Actor{Kind: access.Key, ID: "k1"}, Entry{Action: "b.done"})
		write(t, l, dbtest.Theirs, person("anna"), Entry{Action: "secret.done"})
		all, err := l.List(t.Context(), dbtest.Ours, Filter{Action: "thing"}, 1)
		if err != nil {
			t.Fatal(err)
		}
		at := all.Entries[0].At
		_, page := open(h, access.DPO, "/audit")
		for _, want := range []string{"Anna Peeters", "Verwijderd account", "Handeling thing.done", "was: old", "Sleutel Nachtscript", at.Add(time.Hour).Format(time.DateTime) + " +01:00", at.Format(`datetime="2006-01-02T15:04:05Z"`), "/audit?actor=anna"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		if strings.Contains(page, "secret.done") {
			t.Error("the page shows another organisation")
		}
		// 24 November ends at 23:00 UTC in Brussels.
		if _, page := open(h, access.DPO, "/audit?from=2026-11-25"); !strings.Contains(page, "Niets gevonden") {
			t.Error("a day starts at the wrong hour")
		}
		if _, page := open(h, access.DPO, "/audit?to=2026-11-24&actor=anna"); !strings.Contains(page, "thing.done") || strings.Contains(page, "Sleutel Nachtscript") {
			t.Error("a filter by day and actor does not hold")
		}
		for _, bad := range []string{"/audit?from=gisteren", "/audit?from=2026-11-25&to=2026-11-24"} {
			if status, page := open(h, access.DPO, bad); status != 422 || !strings.Contains(page, "error-summary") {
				t.Errorf("%s: %d", bad, status)
			}
		}
	})
}

func TestOnlyWhoMayReadsTheLog(t *testing.T) {
	t.Parallel()
	h := site(t, New(dbtest.SQLite(t), ticking()))
	for _, role := range access.Roles() {
		may := role == access.DPO || role == access.Administrator
		for _, path := range []string{"/audit", "/audit/log.csv"} {
			if status, _ := open(h, role, path); (status == 200) != may {
				t.Errorf("%s as %s: %d", path, role, status)
			}
		}
	}
}

func TestTheDownloadHoldsEveryLineOfTheFilterAndNoFormula(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := New(d, ticking())
		var entries []Entry
		for range sheetStep + 3 {
			entries = append(entries, Entry{Action: "a.b", Subject: "-1+1|cmd", Detail: map[string]string{"@x": "y"}})
		}
		err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
			for _, e := range entries {
				if err := l.Record(t.Context(), s, person("evil"), e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		write(t, l, dbtest.Ours, person("anna"), Entry{Action: "other.thing"})
		_, body := open(site(t, l), access.DPO, "/audit/log.csv?action=a")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != len(entries)+1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r|%") {
					t.Fatalf("the cell %q starts a formula", cell)
				}
			}
		}
		if rows[1][1] != `'=HYPERLINK("http://evil")` || !strings.HasSuffix(rows[1][0], "+01:00") && !strings.HasSuffix(rows[1][0], "+02:00") {
			t.Errorf("%q", rows[1])
		}
	})
}

func TestTheLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

// changes finds statements that change or delete lines of the log.
var changes = regexp.MustCompile(`(?is)\b(UPDATE|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE(\s+TABLE)?)\s+audit_log\b|INTO\s+audit_log\b[^` + "`" + `]*ON\s+CONFLICT`)

// later finds those that name their table later: they are no danger in a file that does not speak of the log.
var later = regexp.MustCompile(`(?is)\b(UPDATE|DELETE\s+FROM)\s+(\{table\}|%s|` + "`" + `\s*\+)`)

func TestNoStatementOfTheProgramChangesALineOfTheLog(t *testing.T) {
	t.Parallel()
	root := testkit.Root(t)
	statements := 0
	for _, dir := range []string{"internal", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, f fs.DirEntry, err error) error {
			if err != nil || f.IsDir() && (f.Name() == "node_modules" || f.Name() == "testdata") {
				if err == nil {
					err = filepath.SkipDir
				}
				return err
			}
			if f.IsDir() || strings.HasSuffix(path, "_test.go") || filepath.Ext(path) != ".go" && filepath.Ext(path) != ".sql" {
				return nil
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			for _, hit := range changes.FindAllString(string(src), -1) {
				t.Errorf("%s: %q changes the log", name, hit)
			}
			statements += len(later.FindAllString(string(src), -1))
			// Retention alone deletes lines, by age: held.Table, which audit.Kept gives the name of the table.
			if later.Match(src) && strings.Contains(string(src), "audit_log") {
				t.Errorf("%s puts names of tables into statements and speaks of the log", name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if statements == 0 || !changes.MatchString("DELETE FROM audit_log WHERE") || !changes.MatchString("update  audit_log set") {
		t.Error("the test does not see the statement of retention, so it sees nothing")
	}
}

func TestALineStaysWhenItsChangeStaysAndGoesWithIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := New(d, ticking())
		err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
			if err := l.Record(t.Context(), s, person("anna"), Entry{Action: "a.b"}); err != nil {
				return err
			}
			return io.ErrUnexpectedEOF
		})
		if got, _ := l.List(t.Context(), dbtest.Ours, Filter{}, 1); err == nil || len(got.Entries) != 0 {
			t.Errorf("%v, %+v", err, got)
		}
	})
}
