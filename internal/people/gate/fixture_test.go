package gate

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people/peopletest"
	"tekentafel/internal/web"
)

// visitors know keys by the words in them: "Bearer hr people.read"; "Bearer theirs hr ..." is one of the other organisation.
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	o := dbtest.Ours
	words := strings.Fields(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if len(words) > 0 && words[0] == "theirs" {
		o, words = dbtest.Theirs, words[1:]
	}
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: o}, Org: web.Organisation{ID: o, Languages: instrument.Languages()}}
	if len(words) > 0 {
		v.Actor = access.Actor{Kind: access.Key, Tenant: o, ID: "key-" + words[0], Owner: words[0], Roles: []access.Role{access.Role(words[0])}}
		for _, s := range words[1:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(s))
		}
	}
	return v, nil
}

const maxUpload = 1 << 20

// site is the operations behind a server, with workers that run the jobs.
type site struct {
	t      *testing.T
	people *peopletest.World
	server *web.Server
	api    *api.API
}

func eachSite(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

func newSite(t *testing.T, d *db.DB) *site {
	t.Helper()
	address, err := url.Parse("https://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, people: peopletest.New(t, d, peopletest.Options{MaxUpload: maxUpload})}
	s.server = web.New(web.Config{PublicURL: address}, visitors{}, nil, s.people.Now, s.people.Log)
	s.api = api.New(s.server, visitors{}, "1.2.3")
	New(s.people.Service).API(s.api)
	return s
}

// call sends a request of a script and reads the answer as JSON.
func (s *site) call(key, method, target, body string, set ...string) (*httptest.ResponseRecorder, map[string]any) {
	s.t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+target, strings.NewReader(body))
	set = append([]string{"Authorization", key, "Accept-Language", "en", "Content-Type", "application/json"}, set...)
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	var out map[string]any
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			s.t.Errorf("%s %s: %v: %.200s", method, target, err, w.Body)
		}
	}
	return w, out
}

// does is call with the key of HR; any other status ends the test.
func (s *site) does(want int, method, target, body string, set ...string) map[string]any {
	s.t.Helper()
	w, out := s.call(everyScope, method, target, body, set...)
	if w.Code != want {
		s.t.Fatalf("%s %s: status %d, want %d: %.400s", method, target, w.Code, want, w.Body)
	}
	return out
}

// sends brings a file as a script does.
func (s *site) sends(once, source, content string, fields ...string) (*httptest.ResponseRecorder, map[string]any) {
	s.t.Helper()
	body := &bytes.Buffer{}
	m := multipart.NewWriter(body)
	write := func(name, value string) {
		if err := m.WriteField(name, value); err != nil {
			s.t.Fatal(err)
		}
	}
	write("source", source)
	for i := 0; i+1 < len(fields); i += 2 {
		write(fields[i], fields[i+1])
	}
	f, err := m.CreateFormFile("file", `C:\docs\export.csv`)
	if err == nil {
		_, err = io.WriteString(f, content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return s.call(everyScope, "POST", "/staff/imports", body.String(), "Content-Type", m.FormDataContentType(), "Idempotency-Key", once)
}

// at follows names into an answer.
func at(v any, names ...string) any {
	for _, n := range names {
		m, _ := v.(map[string]any)
		v = m[n]
	}
	return v
}

func items(v map[string]any) []any {
	list, _ := v["items"].([]any)
	return list
}
