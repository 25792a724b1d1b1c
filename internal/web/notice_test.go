package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
)

// cookies sends back what an answer set, as a browser does.
func cookies(w *httptest.ResponseRecorder) func(*http.Request) {
	return func(r *http.Request) {
		for _, c := range w.Result().Cookies() {
			if c.MaxAge >= 0 {
				r.AddCookie(c)
			}
		}
	}
}

func TestNoticeShowsOnTheNextPageOnce(t *testing.T) {
	t.Parallel()
	for _, settings := range [][]setting{nil, {overHTTPS}} {
		p := newPlace(t, settings...)
		for _, lang := range instrument.Languages() {
			done := p.do(http.MethodPost, "/public", "")
			next := p.get("/", cookies(done), with("Accept-Language", string(lang)))
			if !strings.Contains(next.Body.String(), "Kept ("+string(lang)+")") {
				t.Errorf("%s: the next page does not say it", lang)
			}
			after := p.get("/", cookies(next), with("Accept-Language", string(lang)))
			if len(next.Result().Cookies()) != 1 || strings.Contains(after.Body.String(), "Kept (") {
				t.Errorf("%s: it is said again", lang)
			}
		}
	}
}

func TestNoticeCannotBeForgedIntoAnotherText(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	plain := p.get("/").Body.String()
	for _, value := range []string{
		"words/secret", "words/notice.unknown", "words/notice.<script>alert(1)</script>", "other/notice.kept", "/notice.kept", "words/", "words", "words//!",
		"words/notice.", "words/notice.kept.x", "web/error.internal", strings.Repeat("words/notice.kept/", 100), "words/Notice.kept",
		"words/notice.kept/!/!/..", "Hello, your account is blocked; call 0900", "words/notice.{{.x}}",
	} {
		w := p.get("/", func(r *http.Request) { r.Header.Set("Cookie", noticeCookie+"="+value) })
		if w.Body.String() != plain {
			t.Errorf("the cookie %q changes the page", value)
		}
	}
	w := p.get("/", func(r *http.Request) { r.Header.Set("Cookie", noticeCookie+"=words/notice.kept/!") })
	if !strings.Contains(w.Body.String(), "Kept (nl)") {
		t.Error("a notice of what went badly does not show")
	}
}
