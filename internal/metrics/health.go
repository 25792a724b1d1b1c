package metrics

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"tekentafel/internal/db"
)

// Readiness says whether this node should be sent visitors.
type Readiness struct {
	db      *db.DB
	closing func() bool
	log     *slog.Logger

	migrated atomic.Bool // once the tables are those of this version they stay so

	mu   sync.Mutex
	last string // the reasons that were logged last
}

// NewReadiness returns the readiness of a node; closing tells whether it is about to stop.
func NewReadiness(d *db.DB, closing func() bool, log *slog.Logger) *Readiness {
	return &Readiness{db: d, closing: closing, log: log}
}

// Reasons why a node is not ready, in the words of /readyz. What is behind them goes to the log.
const (
	Closing     = "closing"     // it stops, or has been told to
	Unreachable = "unreachable" // the database does not answer
	Migrating   = "migrating"   // the tables are not those of this version
)

// answerFor is how long the database may take before it counts as not answering.
const answerFor = 2 * time.Second

// Reasons returns why the node is not ready; none when it is.
func (r *Readiness) Reasons(ctx context.Context) []string {
	reasons := []string{}
	if r.closing() {
		reasons = append(reasons, Closing)
	}
	ctx, stop := context.WithTimeout(ctx, answerFor)
	defer stop()
	cause := ""
	if err := r.db.Ping(ctx); err != nil {
		reasons, cause = append(reasons, Unreachable), err.Error()
	} else if !r.migrated.Load() {
		have, want, err := r.db.Versions(ctx)
		if err != nil {
			cause = err.Error()
		}
		if r.migrated.Store(err == nil && have == want); !r.migrated.Load() {
			reasons = append(reasons, Migrating)
		}
	}
	r.tell(ctx, reasons, cause)
	return reasons
}

// tell logs each change once, however often it is asked.
func (r *Readiness) tell(ctx context.Context, reasons []string, cause string) {
	now := ""
	for _, one := range reasons {
		now += one + " "
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now != r.last {
		r.log.WarnContext(ctx, "readiness changed", "reasons", reasons, "error", cause)
	}
	r.last = now
}

// Internal returns the handler of the internal address: /healthz, /readyz and /metrics.
func Internal(m *Metrics, r *Readiness) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, map[string]any{"alive": true}) })
	mux.Handle("GET /readyz", r)
	mux.Handle("GET /metrics", m.Handler())
	return mux
}

// ServeHTTP answers 200 when the node is ready and 503 when it is not, with the reasons as JSON.
func (r *Readiness) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	reasons := r.Reasons(q.Context())
	status := http.StatusOK
	if len(reasons) > 0 {
		status = http.StatusServiceUnavailable
	}
	answer(w, status, map[string]any{"ready": len(reasons) == 0, "reasons": reasons})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // whoever asked has gone when it fails
}
