package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"tekentafel/internal/tenant"
)

type requestKey struct{}

// trace is what is known of a request for the log.
type trace struct {
	id, pattern, tenant string
	silent              bool // the route leaves no trace
	err                 error
}

func traced(r *http.Request) *trace {
	if t, ok := r.Context().Value(requestKey{}).(*trace); ok {
		return t
	}
	return &trace{}
}

// recorder keeps the status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	wrote  bool
	broken bool // it failed after it had begun, and must not look whole
}

func (w *recorder) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	w.wrote = true
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// record writes the line of a request: its route, not its path, and neither address nor person.
func (s *Server) record(w *recorder, r *http.Request, took time.Duration) {
	t := traced(r)
	if t.silent {
		s.failedSilently(r.Context(), w.status, t.err)
		return
	}
	pattern := t.pattern
	if pattern == "" {
		pattern = "other"
	}
	if s.observer != nil {
		s.observer.Answered(pattern, r.Method, w.status, took)
	}
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request", t.id), slog.String("method", r.Method), slog.String("route", pattern), slog.Int("status", w.status),
		slog.Int64("bytes", w.bytes), slog.Int64("micros", took.Microseconds()),
	}
	if t.tenant != "" {
		attrs = append(attrs, slog.String("organisation", t.tenant))
	}
	if t.err != nil {
		attrs = append(attrs, slog.String("error", t.err.Error()))
	}
	switch {
	case w.status >= http.StatusInternalServerError:
		level = slog.LevelError
	case t.pattern == "" && w.status != http.StatusForbidden, r.Method == http.MethodGet && w.status < http.StatusBadRequest:
		level = slog.LevelDebug
	}
	s.log.LogAttrs(r.Context(), level, "request", attrs...)
}

// failedSilently tells, once a minute, that requests which leave no trace fail in the program.
func (s *Server) failedSilently(ctx context.Context, status int, err error) {
	if status < http.StatusInternalServerError {
		return
	}
	last, minute := s.silent.Load(), s.now().Unix()/60
	if last != minute && s.silent.CompareAndSwap(last, minute) {
		s.log.ErrorContext(ctx, "requests that leave no trace fail; this is told once a minute at most", "status", status, "error", fmt.Sprint(err))
	}
}

// Trace names the route of a request that a mounted handler answers.
func (s *Server) Trace(r *http.Request, pattern string) { traced(r).pattern = pattern }

// TraceTenant says for which organisation a mounted handler answers a request.
func (s *Server) TraceTenant(r *http.Request, t tenant.ID) { traced(r).tenant = string(t) }

// TraceError keeps for the log what went wrong inside a mounted handler.
func (s *Server) TraceError(ctx context.Context, err error) {
	if t, ok := ctx.Value(requestKey{}).(*trace); ok {
		t.err = err
	}
}
