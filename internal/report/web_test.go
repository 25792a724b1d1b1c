package report

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/web"
)

// visitors resolves "X-Test-Who: hr" to somebody of our organisation, "theirs hr" to somebody of the other, and "Bearer hr
// scope scope" to a key.
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	o := dbtest.Ours
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	if elsewhere {
		o = dbtest.Theirs
	}
	if who != "" {
		v.Actor, v.Name, v.Session, v.ConfirmedAt = person(o, access.Role(who)), "Jan Peeters", "s", time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	}
	if words := strings.Fields(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")); len(words) > 0 {
		var scopes []access.Action
		for _, s := range words[1:] {
			scopes = append(scopes, access.Action(s))
		}
		v.Actor = keyOf(person(o, access.Role(words[0])), scopes...)
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 5}
	return v, nil
}

// site is the pages and the API of the feature behind a server.
type site struct {
	*world
	server *web.Server
	api    *api.API
}

func newSite(t *testing.T, w *world) *site {
	t.Helper()
	public, err := url.Parse("https://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{world: w, server: web.New(web.Config{PublicURL: public}, visitors{}, nil, w.clock.now, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	if err := w.Pages().AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.api = api.New(s.server, visitors{}, "1.2.3")
	w.API(s.api, func(path string) string { return public.JoinPath(path).String() })
	return s
}

// send sends a request; set holds names and values of header fields.
func (s *site) send(method, target string, body io.Reader, set ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, target, body)
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

func (s *site) get(who, target string, set ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodGet, target, nil, append([]string{"X-Test-Who", who}, set...)...)
}

func (s *site) post(who, target string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodPost, target, strings.NewReader(form.Encode()), "X-Test-Who", who, "Content-Type", "application/x-www-form-urlencoded")
}

// wants fails the test unless an answer has a status, and says all that it should.
func (s *site) wants(what string, w *httptest.ResponseRecorder, status int, says ...string) {
	s.t.Helper()
	if w.Code != status {
		s.t.Errorf("%s: status %d, want %d: %.300s", what, w.Code, status, w.Body)
		return
	}
	for _, text := range says {
		if !strings.Contains(w.Body.String(), text) {
			s.t.Errorf("%s: it does not say %q", what, text)
		}
	}
}

// leads fails the test unless an answer sends the browser to a place that begins as wanted; it returns the place.
func (s *site) leads(what string, w *httptest.ResponseRecorder, to string) string {
	s.t.Helper()
	got := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		s.t.Errorf("%s: status %d to %q, want to %s: %.300s", what, w.Code, got, to, w.Body)
	}
	return got
}

// part is a field or a file of an upload.
type part struct{ name, file, content string }

// multiple writes parts as a browser does.
func multiple(t testing.TB, parts ...part) (body *bytes.Buffer, contentType string) {
	t.Helper()
	body = &bytes.Buffer{}
	m := multipart.NewWriter(body)
	for _, p := range parts {
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + p.name + `"`}}
		if p.file != "" {
			h.Set("Content-Disposition", `form-data; name="`+p.name+`"; filename="`+p.file+`"`)
			h.Set("Content-Type", "text/csv")
		}
		w, err := m.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, p.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return body, m.FormDataContentType()
}

func (s *site) upload(who string, parts ...part) *httptest.ResponseRecorder {
	s.t.Helper()
	body, kind := multiple(s.t, parts...)
	return s.send(http.MethodPost, "/answers", body, "X-Test-Who", who, "Content-Type", kind)
}
