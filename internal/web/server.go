package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/problem"
)

// Config says how the server faces its visitors.
type Config struct {
	PublicURL      *url.URL       // where browsers reach it; HTTPS makes cookies secure and sets HSTS
	TrustedProxies []netip.Prefix // whose X-Forwarded-For counts
	PerMinute      int            // requests of one address; 0 means no limit
	StrictPer10Min int            // attempts to sign in of one address; 0 means no limit
	Version        string         // of the program, for the foot of pages
	Zone           *time.Location // in which times are shown; nil means UTC
}

// Observer is told of each answered request, for metrics: the pattern of the route, not the path.
type Observer interface {
	Answered(pattern, method string, status int, took time.Duration)
}

// Server serves routes.
type Server struct {
	Config
	visitors Visitors
	observer Observer
	now      clock.Clock
	log      *slog.Logger

	secure  bool
	policy  string
	mux     *http.ServeMux
	routes  []Route
	crowds  map[string]bool // patterns of routes on which the limit of an address does not count
	busy    map[string]bool // the first parts of their paths: only there a route is looked up twice
	doors   []Door
	menu    []MenuItem
	footer  []MenuItem
	notices notices
	others  []otherErrors
	general *limiter
	strict  *limiter
	cross   *http.CrossOriginProtection
	closing atomic.Bool
	flood   atomic.Int64  // the minute, since 1970, in which the log last told of too many requests
	silent  atomic.Int64  // the minute, since 1970, in which the log last told of failed requests that leave no trace
	reading time.Duration // how long a body may take, or make no headway where it may be slow
}

// New returns a server without routes.
func New(c Config, visitors Visitors, observer Observer, now clock.Clock, log *slog.Logger) *Server {
	s := &Server{
		Config: c, visitors: visitors, observer: observer, now: now, log: log,
		secure: c.PublicURL.Scheme == "https", policy: Policy, mux: http.NewServeMux(), crowds: map[string]bool{}, busy: map[string]bool{}, cross: http.NewCrossOriginProtection(),
		reading: readPatience,
	}
	if s.secure {
		s.policy += "; upgrade-insecure-requests"
	}
	if c.PerMinute > 0 {
		s.general = newLimiter(now, float64(c.PerMinute), max(20, c.PerMinute/4))
	}
	if c.StrictPer10Min > 0 {
		s.strict = newLimiter(now, float64(c.StrictPer10Min)/10, c.StrictPer10Min)
	}
	s.cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, Route{Public: true, Handle: func(http.ResponseWriter, *Request) error {
			return say(problem.Forbidden, "error.cross-origin")
		}})
	}))
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, Route{Public: true, Handle: func(http.ResponseWriter, *Request) error {
			return say(problem.NotFound, "error.not-found")
		}})
	})
	return s
}

// Add makes routes known. A route without an action that is neither public nor open to any is a mistake in the program.
func (s *Server) Add(routes ...Route) error {
	for _, route := range routes {
		if route.Untraced && (!route.Public || route.Strict) {
			return fmt.Errorf("route %q: what leaves no trace knows no person and no address", route.Pattern)
		}
		if (route.Action == "") == (!route.Public && !route.Any) {
			return fmt.Errorf("route %q: name an action, or say that it is public or decides itself", route.Pattern)
		}
		s.routes = append(s.routes, route)
		if route.Crowd {
			part, fixed := firstPart(pathIn(route.Pattern))
			if !fixed {
				return fmt.Errorf("route %q: the path of a crowd begins with a word of its own", route.Pattern)
			}
			s.crowds[route.Pattern], s.busy[part] = true, true
		}
		s.mux.HandleFunc(route.Pattern, func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, route) })
	}
	return nil
}

// Mount serves a handler as it is: assets, the API. It still passes limits, headers and the log, and may be as slow as a
// slow route.
func (s *Server) Mount(pattern string, h http.Handler) {
	s.mux.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.patience(w, r, true)
		h.ServeHTTP(w, r)
	}))
}

// MountCrowd is Mount for what many programs behind one address use all day: the limit on requests of an address does not count. The path begins
// with a word of its own. Whoever has no key must be slowed by the handler, see Attempt.
func (s *Server) MountCrowd(pattern string, h http.Handler) error {
	part, fixed := firstPart(pathIn(pattern))
	if !fixed {
		return fmt.Errorf("%q: the path of a crowd begins with a word of its own", pattern)
	}
	s.crowds[pattern], s.busy[part] = true, true
	s.Mount(pattern, h)
	return nil
}

// Attempt counts an attempt to get into a mounted handler that failed, as a strict route does, and tells how long the address is to wait when it made too
// many.
func (s *Server) Attempt(r *http.Request) (wait time.Duration, ok bool) {
	if s.strict == nil {
		return 0, true
	}
	return s.strict.allow(clientAddress(r, s.TrustedProxies))
}

// Routes lists the routes that Add made known, for tests that must not forget one.
func (s *Server) Routes() []Route { return s.routes }

// Secure tells whether browsers reach the server over HTTPS.
func (s *Server) Secure() bool { return s.secure }

// Closing makes the server say that it is not ready, before it stops.
func (s *Server) Closing() { s.closing.Store(true) }

// IsClosing tells whether Closing was called.
func (s *Server) IsClosing() bool { return s.closing.Load() }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := s.now()
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	r = r.WithContext(context.WithValue(r.Context(), requestKey{}, &trace{id: rand.Text()[:12]}))
	s.setHeaders(rec.Header())
	defer func() {
		p := recover()
		if p != nil && p != http.ErrAbortHandler { //nolint:errorlint // a sentinel of net/http, compared as it does itself
			s.panicked(rec, r, p)
		}
		s.record(rec, r, s.now().Sub(started))
		if rec.broken || p == http.ErrAbortHandler { //nolint:errorlint // as above
			panic(http.ErrAbortHandler)
		}
	}()
	if !storable(r) {
		s.refuse(rec, r, say(problem.NotFound, "error.not-found"))
		return
	}
	if s.general != nil && !s.crowded(r) {
		if wait, ok := s.general.allow(clientAddress(r, s.TrustedProxies)); !ok {
			s.flooded(r.Context(), started)
			s.refuse(rec, r, tooMany(wait))
			return
		}
	}
	s.cross.Handler(s.mux).ServeHTTP(rec, r)
}

// crowded tells whether the limit of an address does not count for a request.
func (s *Server) crowded(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/assets/") {
		return true
	}
	if part, _ := firstPart(r.URL.Path); !s.busy[part] {
		return false
	}
	_, pattern := s.mux.Handler(r)
	return s.crowds[pattern]
}

// pathIn is the path in a pattern of http.ServeMux, "[METHOD ][HOST]/[PATH]".
func pathIn(pattern string) string {
	if _, rest, found := strings.Cut(pattern, " "); found {
		pattern = strings.TrimLeft(rest, " \t")
	}
	return pattern[max(0, strings.IndexByte(pattern, '/')):]
}

// firstPart is what stands between the first two slashes of a path. fixed is false when a pattern takes anything there.
func firstPart(path string) (part string, fixed bool) {
	part, _, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return part, part != "" && !strings.ContainsRune(part, '{')
}

// flooded says that somebody sends more than is taken: once a minute, because a line for each would fill the disk.
func (s *Server) flooded(ctx context.Context, now time.Time) {
	last, minute := s.flood.Load(), now.Unix()/60
	if last != minute && s.flood.CompareAndSwap(last, minute) {
		s.log.WarnContext(ctx, "requests of an address are refused, because there are more than rate-per-minute takes")
	}
}

// answer runs a route.
func (s *Server) answer(w http.ResponseWriter, raw *http.Request, route Route) {
	traced(raw).pattern, traced(raw).silent = raw.Pattern, route.Untraced
	r := &Request{Request: raw, ID: traced(raw).id, server: s}
	r.Lang = s.languageOf(raw, Visit{})
	s.bound(w, raw, route)
	if err := s.admit(raw.Context(), r, route); err != nil {
		s.fail(w, r, err)
		return
	}
	if err := route.Handle(w, r); err != nil {
		s.fail(w, r, err)
	}
}

// admit resolves the visit and says whether it may come in.
func (s *Server) admit(ctx context.Context, r *Request, route Route) error {
	if route.Strict && s.strict != nil {
		if wait, ok := s.strict.allow(clientAddress(r.Request, s.TrustedProxies)); !ok {
			return tooMany(wait)
		}
	}
	if route.Untraced {
		return nil
	}
	visit, err := s.visitors.Visit(ctx, r.Request)
	if err != nil {
		return err
	}
	r.Visit, r.Lang = visit, s.languageOf(r.Request, visit)
	if r.Org.ID != "" {
		traced(r.Request).tenant = string(r.Org.ID)
	}
	if route.Public {
		return nil
	}
	if visit.Actor.Kind != access.Person {
		return say(problem.SignIn, "error.sign-in")
	}
	if route.Action != "" && !r.Can(route.Action) && !actsOnOwn(route.Action) {
		return say(problem.Forbidden, "error.forbidden")
	}
	if route.Fresh && s.now().Sub(visit.ConfirmedAt).Abs() > FreshFor {
		return say(problem.Confirm, "error.confirm")
	}
	return nil
}

// actsOnOwn tells whether an action is about what is the actor's own, which only the handler knows.
func actsOnOwn(a access.Action) bool {
	return access.Can(access.Actor{Kind: access.Person, Tenant: "t", Owner: "o"}, a, access.Resource{Tenant: "t", Owner: "o", Published: true})
}

// panicked answers for a handler that panicked. An answer that had begun is broken off.
func (s *Server) panicked(w *recorder, r *http.Request, p any) {
	if traced(r).silent {
		traced(r).err = fmt.Errorf("the program panicked: %v", p)
		s.refuse(w, r, say(problem.Internal, "error.internal"))
		return
	}
	s.log.ErrorContext(r.Context(), "a request failed in the program", "request", traced(r).id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	s.refuse(w, r, say(problem.Internal, "error.internal"))
}

// refuse answers before a visit is known.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, p *problem.Problem) {
	s.fail(w, &Request{Request: r, ID: traced(r).id, Lang: s.languageOf(r, Visit{}), server: s}, p)
}

// Pattern returns the pattern of the route that answers r, "" when only the page that says that there is none does.
func (s *Server) Pattern(r *http.Request) string {
	_, pattern := s.mux.Handler(r)
	if pattern == "/" {
		return ""
	}
	return pattern
}
