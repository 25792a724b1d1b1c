package compose

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// visitors resolves "X-Test-Who: hr" to somebody of our organisation, and "theirs hr" to somebody of the other.
type visitors struct{ everyone string }

func (v visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	out := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	o := dbtest.Ours
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who")+v.everyone, "theirs ")
	if elsewhere {
		o = dbtest.Theirs
	}
	if who != "" {
		out.Actor, out.Name, out.Session = wavetest.Person(o, access.Role(who)), "Jan Peeters", "s"
	}
	if scopes, key := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); key {
		out.Actor = wavetest.Person(o, access.HR)
		out.Actor.Kind = access.Key
		for s := range strings.FieldsSeq(scopes) {
			out.Actor.Scopes = append(out.Actor.Scopes, access.Action(s))
		}
	}
	out.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 5}
	return out, nil
}

// frames answers for every wave alike.
type frames map[string][]string

func (f frames) Levels(context.Context, db.Reader, string) (map[string][]string, error) {
	return f, nil
}

// site is the pages of the questions of waves behind a server.
type site struct {
	*Service
	t      testing.TB
	d      *db.DB
	world  *wavetest.World
	server *web.Server
	api    *api.API
	wave   string
}

// newSite returns a site with a draft; a nil frame is the one in the store.
func newSite(t testing.TB, d *db.DB, everyone string, f Frames) *site {
	t.Helper()
	world := wavetest.New(t, d)
	public, err := url.Parse("https://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, d: d, world: world, server: web.New(web.Config{PublicURL: public}, visitors{everyone}, nil, world.Clock.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	s.Service = New(Dependencies{DB: d, Audit: audit.New(d, world.Clock.Now), Now: world.Clock.Now, Frames: f})
	s.server.Mount("GET /assets/", ui.Assets())
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	s.api = api.New(s.server, visitors{everyone}, "1.2.3")
	s.API(s.api)
	s.wave = s.draft().ID
	return s
}

// draft makes a draft with the recipe of a wave of which nothing is decided.
func (s *site) draft() wave.Wave {
	s.t.Helper()
	w := s.world.Draft(wave.Anonymous, 20)
	err := s.d.Write(s.t.Context(), dbtest.Ours, func(tx *db.Scope) error {
		return wave.SaveRecipe(s.t.Context(), tx, w.ID, w.Version, []byte("{}"))
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.world.Get(w.ID)
}

func (s *site) recipe() Recipe {
	s.t.Helper()
	r, err := Read(s.world.Get(s.wave).Recipe)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

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

// at returns an address below the questions of the wave.
func (s *site) at(path string) string { return "/waves/" + s.wave + "/questions" + path }

func (s *site) get(who, target string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodGet, target, nil, "X-Test-Who", who)
}

func (s *site) post(who, target string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodPost, target, strings.NewReader(form.Encode()), "X-Test-Who", who, "Content-Type", "application/x-www-form-urlencoded")
}

// form returns values with the version of the wave as it is.
func (s *site) form(pairs ...string) url.Values {
	v := url.Values{"version": {itoa(int(s.world.Get(s.wave).Version))}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// upload sends a file and fields as a browser does.
func (s *site) upload(target string, fields url.Values, name string, src []byte) *httptest.ResponseRecorder {
	s.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, values := range fields {
		if err := m.WriteField(k, values[0]); err != nil {
			s.t.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := part.Write(src); err != nil {
		s.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.send(http.MethodPost, target, &body, "X-Test-Who", "hr", "Content-Type", m.FormDataContentType())
}

var spaces = regexp.MustCompile(`\s+`)

// wants fails the test unless an answer has a status, and says all that it should.
func (s *site) wants(what string, w *httptest.ResponseRecorder, status int, says ...string) {
	s.t.Helper()
	body := spaces.ReplaceAllString(w.Body.String(), " ")
	if w.Code != status {
		s.t.Errorf("%s: status %d, want %d: %.400s", what, w.Code, status, body)
		return
	}
	for _, text := range says {
		if !strings.Contains(body, text) {
			s.t.Errorf("%s: it does not say %q", what, text)
		}
	}
}

// leads fails the test unless an answer sends the browser to a place that begins as wanted.
func (s *site) leads(what string, w *httptest.ResponseRecorder, to string) {
	s.t.Helper()
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		s.t.Errorf("%s: status %d to %q, want to %s: %.300s", what, w.Code, got, to, spaces.ReplaceAllString(w.Body.String(), " "))
	}
}
