package web

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

//go:embed locale
var localeFiles embed.FS

// locale holds the messages of this package.
var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// say makes a problem with a message of this package.
func say(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, locale(), key, nil)
}

func tooMany(wait time.Duration) *problem.Problem {
	return say(problem.TooMany, "error.too-many").After(int(wait/time.Second) + 1)
}

// Explain turns any error into a problem that may be shown.
func Explain(err error) *problem.Problem {
	p, known := problem.Of(err)
	if known {
		if p.Message.Bundle == nil && p.Kind == problem.Invalid {
			p.Message = problem.Message{Bundle: locale(), Key: "error.invalid"}
		}
		return p
	}
	var large *http.MaxBytesError
	kind, key := problem.Internal, "error.internal"
	switch {
	case errors.As(err, &large):
		kind, key = problem.TooLarge, "error.too-large"
	case errors.Is(err, db.ErrNoRow):
		kind, key = problem.NotFound, "error.not-found"
	case errors.Is(err, db.ErrFull):
		kind, key = problem.Full, "error.full"
	case errors.Is(err, db.ErrReadOnly):
		kind, key = problem.Unavailable, "error.read-only"
	case errors.Is(err, db.ErrUnreachable):
		kind, key = problem.Unavailable, "error.unreachable"
	case errors.Is(err, db.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		kind, key = problem.Unavailable, "error.busy"
	}
	q := say(kind, key).Because(err)
	if kind == problem.Unavailable {
		q.RetryAfter = 5
	}
	return q
}

// Status returns the HTTP status of a kind of problem (RFC 9110; 507 is RFC 4918).
func Status(k problem.Kind) int {
	switch k {
	case problem.Invalid:
		return http.StatusUnprocessableEntity
	case problem.SignIn, problem.Confirm:
		return http.StatusUnauthorized
	case problem.Forbidden:
		return http.StatusForbidden
	case problem.NotFound:
		return http.StatusNotFound
	case problem.Gone:
		return http.StatusGone
	case problem.Conflict:
		return http.StatusConflict
	case problem.TooLarge:
		return http.StatusRequestEntityTooLarge
	case problem.TooMany:
		return http.StatusTooManyRequests
	case problem.Unavailable:
		return http.StatusServiceUnavailable
	case problem.Full:
		return http.StatusInsufficientStorage
	case problem.Unsupported:
		return http.StatusUnsupportedMediaType
	case problem.Internal:
	}
	return http.StatusInternalServerError
}

// fail is the one place that turns an error into an answer.
func (s *Server) fail(w http.ResponseWriter, r *Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		traced(r.Request).err = err
		return // nobody is waiting any more
	}
	p := Explain(err)
	if status := Status(p.Kind); status >= http.StatusInternalServerError {
		traced(r.Request).err = err
	}
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	switch p.Kind {
	case problem.SignIn:
		s.redirectWith(w, r, "/sign-in", p.Kind)
		return
	case problem.Confirm:
		s.redirectWith(w, r, "/confirm", p.Kind)
		return
	default:
	}
	if err := s.errorPage(w, r, p); err != nil {
		s.log.ErrorContext(r.Context(), "the page of an error cannot be shown", "request", r.ID, "error", err.Error())
		http.Error(w, p.Message.In(r.Lang), Status(p.Kind))
	}
}

// redirectWith sends a browser to sign in or confirm, and back to where it was going.
func (s *Server) redirectWith(w http.ResponseWriter, r *Request, to string, kind problem.Kind) {
	back := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		back = Local(r.Header.Get("HX-Current-URL"), "/")
		if ref, err := url.Parse(r.Referer()); err == nil && ref.Path != "" {
			back = Local(ref.RequestURI(), "/")
		}
	}
	if back != "/" {
		to += "?next=" + url.QueryEscape(back)
	}
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(Status(kind))
		return
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

// Text returns a message of the shell in a language, for pages of features that say the same.
func Text(lang instrument.Lang, key string, args i18n.Args) string {
	return locale().Printer(lang).T(key, args)
}
