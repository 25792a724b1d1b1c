package metrics_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/metrics"
	"tekentafel/internal/testkit/pgtest"
	"tekentafel/internal/web"
)

var _ web.Observer = (*metrics.Metrics)(nil)

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestMetricsNameRoutesAndCountWhatIsAsked(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	m := metrics.New("v1", string(d.Engine))
	m.Answered("GET /reports/{id}", "GET", 200, 30*time.Millisecond)
	m.Answered("other", "BREW"+strings.Repeat("x", 99), 404, time.Millisecond)
	for name, count := range map[string]metrics.Count{
		"jobs_waiting":  func(context.Context) (float64, error) { return 7, nil },
		"mails_waiting": func(context.Context) (float64, error) { return 0, errors.New("secret detail") },
	} {
		if err := m.Gauge(name, "Those that wait.", count); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Counter("files_taken_total", "Those that came in.", func(context.Context) (float64, error) { return 3, nil }); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"read", "write"} {
		if err := m.Pool(name, func() sql.DBStats { return sql.DBStats{MaxOpenConnections: 8, InUse: 3} }); err != nil {
			t.Fatal(err)
		}
	}
	h := metrics.Internal(m, metrics.NewReadiness(d, func() bool { return false }, slog.New(slog.DiscardHandler)))
	status, body := get(t, h, "/metrics")
	if status != http.StatusOK {
		t.Fatal(status, body)
	}
	for _, want := range []string{
		`tekentafel_request_seconds_bucket{method="GET",route="GET /reports/{id}",status="2xx",le="0.05"} 1`,
		`tekentafel_request_seconds_count{method="other",route="other",status="4xx"} 1`,
		`tekentafel_build_info{engine="sqlite",version="v1"} 1`, "tekentafel_jobs_waiting 7", "# TYPE tekentafel_jobs_waiting gauge", "# TYPE tekentafel_files_taken_total counter", "tekentafel_files_taken_total 3", `tekentafel_count_failed{of="mails_waiting"} 1`,
		`tekentafel_count_failed{of="jobs_waiting"} 0`, `tekentafel_database_connections{pool="write",state="used"} 3`,
		`tekentafel_database_connections_limit{pool="read"} 8`, "go_goroutines", "process_resident_memory_bytes",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, not := range []string{"secret detail", "BREW", "tekentafel_mails_waiting "} {
		if strings.Contains(body, not) {
			t.Errorf("%q is told", not)
		}
	}
}

func TestReadinessSaysWhyNotAndNothingMore(t *testing.T) {
	t.Parallel()
	var closing atomic.Bool
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "r.db"))
	if err != nil {
		t.Fatal(err)
	}
	h := metrics.Internal(metrics.New("v1", "sqlite"), metrics.NewReadiness(d, closing.Load, slog.New(slog.DiscardHandler)))
	ask := func(what string, status int, want string) {
		t.Helper()
		if code, body := get(t, h, "/readyz"); code != status || strings.TrimSpace(body) != want {
			t.Errorf("%s: %d %s", what, code, body)
		}
	}
	ask("before the migrations", 503, `{"ready":false,"reasons":["migrating"]}`)
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask("when all is well", 200, `{"ready":true,"reasons":[]}`)
	closing.Store(true)
	ask("while stopping", 503, `{"ready":false,"reasons":["closing"]}`)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	ask("without its database", 503, `{"ready":false,"reasons":["closing","unreachable"]}`)
	if code, body := get(t, h, "/healthz"); code != 200 || !strings.Contains(body, "true") {
		t.Errorf("it lives all the same: %d %s", code, body)
	}
}

func TestReadinessFollowsAServerThatStopsAndComesBack(t *testing.T) {
	t.Parallel()
	cluster := pgtest.NewCluster(t)
	d := dbtest.Bare(t, cluster.URL())
	r := metrics.NewReadiness(d, func() bool { return false }, slog.New(slog.DiscardHandler))
	for _, c := range []struct {
		step func()
		want int
	}{{func() {}, 200}, {cluster.Kill, 503}, {cluster.Start, 200}} {
		c.step()
		if code, body := get(t, r, "/readyz"); code != c.want || strings.Contains(body, "127.0.0.1") || strings.Contains(body, "refused") {
			t.Errorf("%d, not %d: %s", code, c.want, body)
		}
	}
}
