package web

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
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
		if p.Message.Bundle == nil {
			q := *p // whoever made it may keep it for the next who asks
			q.Message = problem.Message{Bundle: locale(), Key: sayingOf(p.Kind)}
			return &q
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
	case errors.Is(err, db.ErrText):
		kind, key = problem.Invalid, "error.text"
	case errors.Is(err, db.ErrFull), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		kind, key = problem.Full, "error.full"
	case errors.Is(err, db.ErrReadOnly), errors.Is(err, syscall.EROFS):
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

// sayingOf returns the message for a problem that has none of its own.
func sayingOf(k problem.Kind) string {
	switch k {
	case problem.Invalid:
		return "error.invalid"
	case problem.SignIn:
		return "error.sign-in"
	case problem.Confirm:
		return "error.confirm"
	case problem.Forbidden:
		return "error.forbidden"
	case problem.NotFound:
		return "error.not-found"
	case problem.Gone:
		return "error.gone"
	case problem.Conflict:
		return "error.conflict"
	case problem.TooLarge:
		return "error.too-large"
	case problem.TooMany:
		return "error.too-many"
	case problem.Unavailable:
		return "error.busy"
	case problem.Full:
		return "error.full"
	case problem.Unsupported:
		return "error.form"
	case problem.Internal:
	}
	return "error.internal"
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

// AnswerErrors lets errors under a path prefix be answered in a form of their own, as the API does, also those that come
// before its handler: a limit, another site, a panic.
func (s *Server) AnswerErrors(prefix string, answer func(w http.ResponseWriter, r *http.Request, p *problem.Problem)) {
	s.others = append(s.others, otherErrors{prefix, answer})
}

type otherErrors struct {
	prefix string
	answer func(http.ResponseWriter, *http.Request, *problem.Problem)
}

// statusLeft is the status of a request that its sender gave up. It has no name in HTTP; others use it for the same.
const statusLeft = 499

// fail is the one place that turns an error into an answer.
func (s *Server) fail(w http.ResponseWriter, r *Request, err error) {
	p := Explain(err)
	if status := Status(p.Kind); status >= http.StatusInternalServerError {
		traced(r.Request).err = err
	}
	if rec, ok := w.(*recorder); ok && rec.wrote {
		traced(r.Request).err = err
		rec.broken = true // what follows would stand inside a download
		return
	}
	s.restart(w.Header())
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		s.left(w, r, err)
		return
	}
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	for _, o := range s.others {
		if strings.HasPrefix(r.URL.Path, o.prefix) {
			o.answer(w, r.Request, p)
			return
		}
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

// restart takes back what a handler said of the answer that now becomes an error: nobody must keep it, or save it as a file.
func (s *Server) restart(h http.Header) {
	for _, name := range []string{"Accept-Ranges", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length", "Content-Range",
		"Content-Type", "ETag", "Expires", "Last-Modified", "Vary"} {
		h.Del(name)
	}
	s.setHeaders(h)
}

// left answers a request whose sender most likely is gone. Who is still there, because it is the program that stops, must
// not take an empty answer for a good one.
func (s *Server) left(w http.ResponseWriter, r *Request, err error) {
	traced(r.Request).err = err
	if s.IsClosing() {
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(statusLeft)
}

// redirectWith sends a browser to sign in or confirm, and back to where it was going.
func (s *Server) redirectWith(w http.ResponseWriter, r *Request, to string, kind problem.Kind) {
	back := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		back = pathOf(r.Header.Get("HX-Current-URL"))
		if back == "" {
			back = pathOf(r.Referer())
		}
	}
	if back = Local(back, "/"); back != "/" {
		to += "?next=" + url.QueryEscape(back)
	}
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(Status(kind))
		return
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

// pathOf returns the path and query of a whole address, or "".
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Path == "" {
		return ""
	}
	return u.RequestURI()
}

// Text returns a message of the shell in a language, for pages of features that say the same.
func Text(lang instrument.Lang, key string, args i18n.Args) string {
	return locale().Printer(lang).T(key, args)
}
