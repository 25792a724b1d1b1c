package roster

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/peopletest"
	"tekentafel/internal/people/store"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// visitors resolves "X-Test-Who: hr" to somebody of our organisation and "theirs hr" to somebody of the other. The account has
// the name of the role; "other hr" is another with it.
type visitors struct{}

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	v := web.Visit{Actor: access.Actor{Kind: access.Visitor, Tenant: dbtest.Ours}}
	o := dbtest.Ours
	who, elsewhere := strings.CutPrefix(r.Header.Get("X-Test-Who"), "theirs ")
	if elsewhere {
		o = dbtest.Theirs
	}
	if who != "" {
		v.Actor, v.Name, v.Session = person(o, who), "Jan Vos", "s"
	}
	v.Org = web.Organisation{ID: o, Slug: string(o), Name: "Stad " + string(o), Languages: instrument.Languages(), GroupSize: 5}
	return v, nil
}

func person(o tenant.ID, role string) access.Actor {
	account := role
	role = strings.TrimPrefix(role, "other ")
	return access.Actor{Kind: access.Person, Tenant: o, ID: account, Owner: account, Roles: []access.Role{access.Role(role)}}
}

// site is the pages behind a server, on the feature with workers that run its jobs.
type site struct {
	*Roster
	t      testing.TB
	world  *peopletest.World
	server *web.Server
}

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	public, err := url.Parse("https://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, world: peopletest.New(t, d, peopletest.Options{GroupSize: 5, MaxUpload: 64 << 20})}
	s.Roster = New(s.world.Service)
	s.server = web.New(web.Config{PublicURL: public, Zone: clock.Brussels()}, visitors{}, nil, s.Now, s.Log)
	if err := s.AddTo(s.server); err != nil {
		t.Fatal(err)
	}
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

// bring takes a file as the organisation.
func (s *site) bring(text string) {
	s.t.Helper()
	hr, ctx := person(dbtest.Ours, "hr"), s.t.Context()
	source, err := s.AddSource(ctx, hr, people.SourceInput{Name: "Payroll " + id.Token(), Complete: true})
	if err != nil {
		s.t.Fatal(err)
	}
	path := filepath.Join(s.t.TempDir(), "export.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	importID, err := s.Receive(ctx, hr, people.Arrival{Source: source.ID, FileName: "export.csv", Path: path, Asked: asked.Request{Key: id.Token()}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.world.Settle()
	v, err := s.Import(ctx, hr, importID)
	if err != nil {
		s.t.Fatal(err)
	}
	reading, err := people.ReadingOf(&v)
	if err != nil {
		s.t.Fatal(err)
	}
	m, err := mapping.Parse(reading.Mapping)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.Map(ctx, hr, v.ID, m, v.Version); err != nil {
		s.t.Fatal(err)
	}
	s.world.Settle()
	if v, err = s.Import(ctx, hr, importID); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Apply(ctx, hr, v.ID, v.Version, true); err != nil {
		s.t.Fatal(err)
	}
	s.world.Settle()
}

func (s *site) send(method, target, body string, set ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

func (s *site) get(who, target string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodGet, target, "", "X-Test-Who", who, "Accept-Language", "nl")
}

func (s *site) post(who, target string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodPost, target, form.Encode(), "X-Test-Who", who, "Accept-Language", "nl", "Content-Type", "application/x-www-form-urlencoded")
}

// wants fails the test unless an answer has a status, and says all that it should; it returns what it says.
func (s *site) wants(what string, w *httptest.ResponseRecorder, status int, says ...string) string {
	s.t.Helper()
	body := w.Body.String()
	if w.Code != status {
		s.t.Errorf("%s: status %d, want %d, to %q", what, w.Code, status, w.Header().Get("Location"))
		return body
	}
	for _, text := range says {
		if !strings.Contains(body, text) {
			s.t.Errorf("%s: it does not say %q", what, text)
		}
	}
	return body
}

// lacks fails the test when a text says what it should not.
func (s *site) lacks(what, body string, texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if strings.Contains(body, text) {
			s.t.Errorf("%s: it says %q", what, text)
		}
	}
}

// leads fails the test unless an answer sends the browser to a place that begins as wanted; it returns the place.
func (s *site) leads(what string, w *httptest.ResponseRecorder, to string) string {
	s.t.Helper()
	got := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(got, to) {
		s.t.Fatalf("%s: status %d to %q, want to %s", what, w.Code, got, to)
	}
	return got
}

var atField = regexp.MustCompile(`name="at" value="(\d+)"`)

// linkOf is where a job leads once it is done.
func (s *site) linkOf(job string) string {
	s.t.Helper()
	actor := person(dbtest.Ours, "hr")
	j, err := s.world.Queue.Get(s.t.Context(), actor, job)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.world.Queue.Link(actor, j)
}

// at is the revision that the form of a page is made on.
func (s *site) at(target string) string {
	s.t.Helper()
	m := atField.FindStringSubmatch(s.get("hr", target).Body.String())
	if m == nil {
		s.t.Fatalf("%s has no revision", target)
	}
	return m[1]
}

func (s *site) chart() *board {
	s.t.Helper()
	b, err := s.board(s.t.Context(), dbtest.Ours)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

// unitID and functionID are those with a name.
func (s *site) unitID(name string) string {
	s.t.Helper()
	for _, u := range s.chart().units {
		if u.Name == name {
			return u.ID
		}
	}
	s.t.Fatalf("there is no unit %s", name)
	return ""
}

func (s *site) functionID(name string) string {
	s.t.Helper()
	for _, f := range s.chart().functions {
		if f.Name == name {
			return f.ID
		}
	}
	s.t.Fatalf("there is no function %s", name)
	return ""
}

// personID is that of who a search finds first, in service or not.
func (s *site) personID(search string) string {
	s.t.Helper()
	page, err := s.Search(s.t.Context(), person(dbtest.Ours, "hr"), store.Query{Search: search, Limit: 10, Service: store.Everybody})
	if err != nil || len(page.People) == 0 {
		s.t.Fatalf("nobody is found with %q: %v", search, err)
	}
	return page.People[0].ID
}
