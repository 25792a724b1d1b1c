package secrecytest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/web"
)

// twins are two worlds that differ in how the victim did the check alone.
type twins struct {
	high, low         *world
	highKept, lowKept kept
	at                time.Time // when both are looked at next
}

// apart is how long after the beginning twins go apart.
const apart = 5 * time.Minute

// raise makes twins.
func raise(t testing.TB, fork func() *world) *twins {
	t.Helper()
	x := &twins{high: fork(), low: fork()}
	for _, w := range []*world{x.high, x.low} {
		w.clock.turn(apart)
	}
	x.highKept = x.high.check(t, x.high.doors["victim"], highest)
	x.lowKept = x.low.check(t, x.low.doors["victim"], lowest)
	return x
}

// both looks at both twins in the same way, at the same time.
func (x *twins) both(look func(*world) views) (high, low views) {
	if x.at.IsZero() {
		x.at = began.Add(apart + time.Minute)
	}
	x.high.clock.set(x.at)
	x.low.clock.set(x.at)
	high, low = look(x.high), look(x.low)
	x.at = x.high.clock.now().Add(time.Second)
	return high, low
}

// TestNobodyLearnsFromAnythingTheyGetHowSomebodyDid lets every role follow every link, ask every route and operation about the victim, fill in
// every form, and lets the operator read what the program tells: in both twins it is the same, and holds nothing of the victim's.
func TestNobodyLearnsFromAnythingTheyGetHowSomebodyDid(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, fork func() *world) {
		x := raise(t, fork)
		if x.highKept.profile == x.lowKept.profile {
			t.Fatal("the twins are one: the victim sees the same in both")
		}
		type look struct {
			name  string
			least int
			at    func(*world) views
		}
		looks := []look{
			{"told", 5, func(w *world) views { return w.operated(t) }},
			{"pages", 500, func(w *world) views { return w.pages(t, w.attackers()...) }},
			{"routes", 2_000, func(w *world) views { return w.routes(t) }},
			{"operations", 500, func(w *world) views { return w.operations(t, "/") }},
			{"forms", 1_000, func(w *world) views { return w.forms(t) }},
			{"told afterwards", 5, func(w *world) views { return w.operated(t) }},
		}
		if x.high.DB.Engine == db.PostgreSQL && !*everything { // the pages are the same on both: those with most statements are looked at
			looks = []look{looks[0], {"pages", 200, func(w *world) views { return w.pages(t, "hr", "manager", "dpo") }}, looks[3], looks[5]}
		}
		for _, look := range looks {
			began := time.Now()
			high, low := x.both(look.at)
			t.Logf("%s: %d views in %v", look.name, len(high), time.Since(began).Round(time.Millisecond))
			if len(high) < look.least {
				t.Errorf("only %d %s are looked at", len(high), look.name)
			}
			list := differences(high, low)
			for _, line := range list[:min(len(list), 8)] {
				t.Errorf("%s: the twins are told apart in %d views: %.500s", look.name, len(list), line)
			}
			for _, line := range append(x.highKept.marks(t).in(high), x.lowKept.marks(t).in(low)...) {
				t.Errorf("%s: %s", look.name, line)
			}
		}
	})
}

// leak is a program that gives the level away, and where the detectors must find it.
type leak struct {
	name  string
	open  func(w *world, level string, code string) error
	look  func(w *world) views
	found string // begins what is found
}

// TestTheDetectorsFindALeakOfEveryKind gives the level away in the ways in which programs do, and wants each to be noticed. Without this the
// test above proves nothing.
func TestTheDetectorsFindALeakOfEveryKind(t *testing.T) {
	t.Parallel()
	x := raise(t, func() *world { return first(t).fork(t, t.TempDir()+"/tekentafel.db") })
	crawled := func(name string, from ...string) func(*world) views {
		return func(w *world) views {
			out := views{}
			w.crawl(t, out, name, from...)
			return out
		}
	}
	operated := func(w *world) views { return w.operated(t) }
	exec := func(w *world, query string, args ...any) error {
		return w.DB.Write(t.Context(), w.city, func(s *db.Scope) error { _, err := s.Exec(t.Context(), query, args...); return err })
	}
	for _, l := range []leak{
		{"a page of a colleague", func(w *world, level, _ string) error {
			return w.Web.Add(web.Route{Pattern: "GET /learn/control", Action: access.UseInterface, Handle: func(a http.ResponseWriter, r *web.Request) error {
				return r.Send(a, http.StatusOK, "text/html; charset=utf-8", []byte("<p>niveau "+level))
			}})
		}, crawled("colleague", "/learn/control"), "colleague GET /learn/control"},
		{"a header of a page for everybody", func(w *world, level, _ string) error {
			return w.Web.Add(web.Route{Pattern: "GET /learn/header", Public: true, Handle: func(a http.ResponseWriter, r *web.Request) error {
				a.Header().Set("X-Level", level)
				return r.Send(a, http.StatusOK, "text/plain; charset=utf-8", nil)
			}})
		}, crawled("visitor", "/learn/header"), "visitor GET /learn/header"},
		{"a line in the log", func(w *world, level, _ string) error { w.Log.Info("check done", "level", level); return nil }, operated, "operator log"},
		{"how often a line is in the log", func(w *world, level, _ string) error {
			if level == "4" {
				w.Log.Debug("check done")
			}
			return nil
		}, operated, "operator log"},
		{"a metric", func(w *world, level, _ string) error {
			return w.Metrics.Counter("control_total", "A leak.", func(context.Context) (float64, error) {
				return float64(len(strings.Repeat("x", int(level[0]-'0')))), nil
			})
		}, operated, "operator /metrics"},
		{"a mail", func(w *world, level, _ string) error {
			var id string
			if err := w.DB.Of(w.city).Row(t.Context(), `SELECT MIN(id) FROM mails WHERE tenant_id = $1`, nil, &id); err != nil {
				return err
			}
			sealed, err := w.Box.Seal("mail "+string(w.city)+" "+id, []byte("Emma heeft niveau "+level))
			if err != nil {
				return err
			}
			return exec(w, `UPDATE mails SET body = $3 WHERE tenant_id = $1 AND id = $2`, id, sealed)
		}, operated, "operator mail"},
		{"the audit log", func(w *world, level, _ string) error {
			return w.DB.Write(t.Context(), w.city, func(s *db.Scope) error {
				return w.Audit.Record(t.Context(), s, w.actor(access.HR), audit.Entry{Action: "report.published", Account: w.accounts["victim"], Detail: map[string]string{"level": level}})
			})
		}, crawled("administrator", "/audit/log.csv"), "administrator GET /audit/log.csv"},
		{"an operation of the API", func(w *world, level, _ string) error {
			return exec(w, `UPDATE accounts SET name = name || $3 WHERE tenant_id = $1 AND id = $2`, w.accounts["victim"], " ("+level+")")
		}, func(w *world) views { return w.operations(t, "/api/v1/people") }, "administrator key GET /api/v1/people"},
		{"a code that is shown packed", func(w *world, _, code string) error {
			return w.Web.Add(web.Route{Pattern: "GET /learn/packed", Public: true, Handle: func(a http.ResponseWriter, r *web.Request) error {
				return r.Send(a, http.StatusOK, "text/plain; charset=utf-8", writings("x" + code)[5])
			}})
		}, crawled("visitor", "/learn/packed"), "visitor GET /learn/packed holds the code"},
	} {
		if err := firstOf(l.open(x.high, "4", x.highKept.code), l.open(x.low, "1", x.lowKept.code)); err != nil {
			t.Fatalf("%s: %v", l.name, err)
		}
		high, low := x.both(l.look)
		lines := append(differences(high, low), x.highKept.marks(t).in(high)...)
		if !strings.Contains(fmt.Sprintln(lines), l.found) {
			t.Errorf("%s is not noticed: %.600q", l.name, lines)
		}
	}
}
