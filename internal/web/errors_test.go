package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

func TestMessagesAreThereInEachLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

// innards is what an error says of the inside of the program, which nobody outside may read.
const innards = "SELECT secret FROM accounts at 10.0.0.7"

// fails answers every request with an error.
func (p *place) fails(err error) {
	p.add(Route{Pattern: "GET /fails", Public: true, Handle: func(http.ResponseWriter, *Request) error { return err }})
}

func TestEachKindOfProblemGetsItsStatusAndASafeMessage(t *testing.T) {
	t.Parallel()
	for kind, status := range map[problem.Kind]int{
		problem.Invalid: 422, problem.Forbidden: 403, problem.NotFound: 404, problem.Gone: 410, problem.Conflict: 409, problem.TooLarge: 413,
		problem.TooMany: 429, problem.Unavailable: 503, problem.Full: 507, problem.Internal: 500, problem.Unsupported: 415,
		problem.SignIn: 303, problem.Confirm: 303,
	} {
		for name, err := range map[string]error{
			"with a message":    say(kind, "error.too-large").Because(errors.New(innards)),
			"without a message": &problem.Problem{Kind: kind, Err: errors.New(innards)},
			"deep inside":       fmt.Errorf("%s: %w", innards, say(kind, "error.too-large")),
		} {
			p := newPlace(t)
			p.fails(err)
			for _, lang := range instrument.Languages() {
				w := p.get("/fails", with("Accept-Language", string(lang)))
				wants(t, string(kind)+" "+name, w, status)
				if status == 303 {
					continue
				}
				body := w.Body.String()
				if strings.Contains(body, "SELECT") || strings.Contains(body, "10.0.0.7") {
					t.Errorf("%s %s: the page shows the inside of the program", kind, name)
				}
				if title := Text(lang, "error.title-"+string(kind), nil); title == "" || !strings.Contains(body, title) {
					t.Errorf("%s %s, %s: the page has no title", kind, name, lang)
				}
				key := "error.too-large"
				if name == "without a message" {
					key = sayingOf(kind)
				}
				if text := Text(lang, key, nil); text == "" || !strings.Contains(body, strings.TrimSpace(text)) {
					t.Errorf("%s %s, %s: the page does not say %q", kind, name, lang, text)
				}
			}
		}
	}
}

func TestErrorsOfTheStoreBecomeProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
	}{
		{db.ErrNoRow, 404}, {db.ErrFull, 507}, {db.ErrReadOnly, 503}, {db.ErrUnreachable, 503}, {db.ErrBusy, 503}, {db.ErrText, 422},
		{context.DeadlineExceeded, 503}, {&http.MaxBytesError{Limit: 7}, 413}, {errors.New(innards), 500}, {db.ErrCheck, 500},
		{&os.PathError{Op: "write", Path: innards, Err: syscall.ENOSPC}, 507}, {&os.PathError{Op: "open", Path: innards, Err: syscall.EROFS}, 503},
	} {
		p := newPlace(t)
		p.fails(fmt.Errorf("%s: %w", innards, c.err))
		w := p.get("/fails")
		wants(t, c.err.Error(), w, c.status)
		if strings.Contains(w.Body.String(), "SELECT") {
			t.Errorf("%v: the page shows the inside of the program", c.err)
		}
		if retry := w.Header().Get("Retry-After"); (retry != "") != (c.status == 503) {
			t.Errorf("%v: Retry-After %q", c.err, retry)
		}
		logged := strings.Contains(p.log.String(), "SELECT secret")
		if logged != (c.status >= 500) {
			t.Errorf("%v: in the log: %v", c.err, logged)
		}
	}
}

func TestPanicBecomesAPageWithACodeAndTheServerGoesOn(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.add(Route{Pattern: "GET /panics", Public: true, Handle: func(w http.ResponseWriter, _ *Request) error {
		w.Header().Set("Content-Disposition", "attachment")
		panic(innards)
	}})
	w := p.get("/panics")
	wants(t, "a panic", w, http.StatusInternalServerError)
	if strings.Contains(w.Body.String(), "SELECT") {
		t.Error("the page shows the inside of the program")
	}
	_, after, _ := strings.Cut(p.log.String(), `"request":"`)
	code, _, _ := strings.Cut(after, `"`)
	if len(code) != 12 || !strings.Contains(w.Body.String(), code) {
		t.Errorf("the page does not give the code %q of the log", code)
	}
	if !strings.Contains(p.log.String(), "errors_test.go") {
		t.Error("the log does not say where")
	}
	wants(t, "the next", p.get("/"), http.StatusOK)
}

func TestErrorTakesBackWhatTheHandlerSaidOfItsAnswer(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.add(Route{Pattern: "GET /file", Public: true, Handle: func(w http.ResponseWriter, r *Request) error {
		for name, value := range map[string]string{"Content-Type": "text/csv", "Content-Disposition": "attachment; filename=a.csv", "ETag": `"1"`,
			"Cache-Control": "public, max-age=31536000, immutable", "Content-Length": "7", "Content-Encoding": "gzip"} {
			w.Header().Set(name, value)
		}
		r.server.SetCookie(w, "kept", "1", 1e9)
		return db.ErrNoRow
	}})
	w := p.get("/file")
	wants(t, "a file that is missing", w, http.StatusNotFound)
	for name, want := range map[string]string{"Content-Type": "text/html; charset=utf-8", "Content-Disposition": "", "ETag": "", "Cache-Control": "no-store", "Content-Encoding": ""} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if len(w.Result().Cookies()) != 1 {
		t.Error("a cookie that was set is lost")
	}
}

func TestAnswerThatFailsHalfWayIsBrokenOffAndNotTakenForWhole(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func() error{
		"error": func() error { return errors.New(innards) },
		"panic": func() error { panic(innards) },
	} {
		p := newPlace(t)
		p.add(Route{Pattern: "GET /half", Public: true, Handle: func(w http.ResponseWriter, _ *Request) error {
			if _, err := w.Write([]byte("the first half\n")); err != nil {
				return err
			}
			return end()
		}})
		server := httptest.NewServer(p)
		res, err := http.Get(server.URL + "/half")
		if err == nil {
			var body bytes.Buffer
			_, err = body.ReadFrom(res.Body)
			if strings.Contains(body.String(), "<") {
				t.Errorf("%s: a page stands inside the download: %q", name, body.String())
			}
			if closing := res.Body.Close(); closing != nil {
				t.Error(closing)
			}
		}
		if err == nil {
			t.Errorf("%s: half an answer looks whole", name)
		}
		server.Close()
		if !strings.Contains(p.log.String(), "SELECT secret") || !strings.Contains(p.log.String(), `"route":"GET /half"`) {
			t.Errorf("%s: the log does not tell: %s", name, p.log)
		}
	}
}

func TestRequestThatEndsUnderWayIsNoGoodAnswer(t *testing.T) {
	t.Parallel()
	for closing, want := range map[bool]int{false: statusLeft, true: http.StatusServiceUnavailable} {
		p := newPlace(t)
		ctx, stop := context.WithCancel(t.Context())
		p.add(Route{Pattern: "POST /change", Public: true, Handle: func(_ http.ResponseWriter, r *Request) error {
			stop()
			return r.Context().Err()
		}})
		if closing {
			p.Closing()
		}
		w := httptest.NewRecorder()
		p.ServeHTTP(w, request(http.MethodPost, "/change", "").WithContext(ctx))
		wants(t, fmt.Sprintf("the program stops: %v", closing), w, want)
	}
}

func TestErrorsUnderAPrefixAreAnsweredInItsOwnForm(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config, _ *visitors) { c.PerMinute = 60 })
	p.Mount("/api/", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/panic" {
			panic(innards)
		}
	}))
	p.AnswerErrors("/api/", func(w http.ResponseWriter, _ *http.Request, q *problem.Problem) {
		w.Header().Set("Content-Type", "application/x-own")
		w.WriteHeader(Status(q.Kind))
	})
	own := func(name string, w *httptest.ResponseRecorder, status int) {
		t.Helper()
		wants(t, name, w, status)
		if got := w.Header().Get("Content-Type"); got != "application/x-own" {
			t.Errorf("%s: %q", name, got)
		}
	}
	own("a panic", p.get("/api/panic"), 500)
	own("another site", p.do(http.MethodPost, "/api/x", "", with("Sec-Fetch-Site", "cross-site")), 403)
	own("no text", p.get("/api/%00"), 404)
	for range 30 {
		p.get("/api/x")
	}
	own("too many", p.get("/api/x"), 429)
}

func TestBodiesThatAreTooLargeOrOfAnotherTypeAreRefused(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.add(Route{Pattern: "POST /small", Public: true, Body: 100, Handle: take}, Route{Pattern: "POST /slow", Public: true, Slow: true, Body: 100, Handle: take})
	for _, target := range []string{"/small", "/slow"} {
		wants(t, "as large as may be", p.do(http.MethodPost, target, "a="+strings.Repeat("x", 98)), http.StatusSeeOther)
		w := p.do(http.MethodPost, target, "a="+strings.Repeat("x", 99))
		wants(t, "too large", w, http.StatusRequestEntityTooLarge)
		if !strings.Contains(w.Body.String(), Text("nl", "error.too-large", nil)) {
			t.Error("the page does not say so")
		}
	}
	wants(t, "too large for a form", p.do(http.MethodPost, "/public", "a="+strings.Repeat("x", defaultBody)), http.StatusRequestEntityTooLarge)
	for _, kind := range []string{"", "text/plain", "application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded/x", ";"} {
		wants(t, kind, p.do(http.MethodPost, "/public", "a=b", with("Content-Type", kind)), http.StatusUnsupportedMediaType)
	}
	wants(t, "with a charset", p.do(http.MethodPost, "/public", "a=b", with("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")), http.StatusSeeOther)
	wants(t, "no form", p.do(http.MethodPost, "/public", "a=%zz"), http.StatusUnprocessableEntity)
}

func TestFormsHoldTextThatTheStoreTakes(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	var got string
	p.add(Route{Pattern: "POST /text", Public: true, Handle: func(_ http.ResponseWriter, r *Request) error {
		form, err := r.ReadForm()
		got = form.Get("a")
		return err
	}})
	for sent, want := range map[string]string{"a=%20x%20%0A": "x", "a=%00x%00y": "\ufffdx\ufffdy", "a=%ff": "\ufffd", "a=%C3%A9": "é", "a=": ""} {
		p.do(http.MethodPost, "/text", sent)
		if got != want {
			t.Errorf("%s is read as %q, want %q", sent, got, want)
		}
	}
	for _, target := range []string{"/public/%00", "/public/%ff", "/public/a%00b", "/?q=%00", "/?%00=q", "/?q=%ff", "/?a=b&q=%C3"} {
		wants(t, target, p.get(target), http.StatusNotFound)
	}
	for _, target := range []string{"/public/%C3%A9", "/?q=%C3%A9", "/?q=%zz", "/?;"} {
		wants(t, target, p.get(target), http.StatusOK)
	}
}

func TestOnceKeyNamesWhoSentTheForm(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	var req *Request
	p.add(Route{Pattern: "POST /once", Any: true, Handle: func(_ http.ResponseWriter, r *Request) error { req = r; return nil }})
	p.do(http.MethodPost, "/once", "", as("hr"))
	form := map[string][]string{OnceField: {"k"}}
	if got := req.Asked(form, 7); got.Key != "account-of-hr:k" || got.What != 7 {
		t.Errorf("%+v", got)
	}
	form[OnceField] = []string{strings.Repeat("k", 1000)}
	if got := req.Asked(form, 7); len(got.Key) > 128 {
		t.Errorf("a key of %d bytes", len(got.Key))
	}
	if got := req.Asked(nil, 7); got.Key != "" {
		t.Errorf("without a field: %+v", got)
	}
}
