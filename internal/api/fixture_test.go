package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

func now() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

// visitors know the keys of a test by the words in them: "Bearer ours hr reports.read reports.make".
type visitors struct{}

var errDown = errors.New("SELECT secret FROM keys at 10.0.0.7")

func (visitors) Visit(_ context.Context, r *http.Request) (web.Visit, error) {
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case key == "down":
		return web.Visit{}, errDown
	case key != "" && key != r.Header.Get("Authorization"):
		words := strings.Fields(key)
		o := tenant.ID(words[0])
		v := web.Visit{Actor: access.Actor{Kind: access.Key, Tenant: o, ID: "key-" + words[0] + "-" + words[1], Owner: "owner", Roles: []access.Role{access.Role(words[1])}},
			Org: web.Organisation{ID: o, Languages: instrument.Languages()}}
		for _, scope := range words[2:] {
			v.Actor.Scopes = append(v.Actor.Scopes, access.Action(scope))
		}
		return v, nil
	case r.Header.Get("Cookie") != "":
		return web.Visit{Session: "s", Actor: access.Actor{Kind: access.Person, Tenant: dbtest.Ours, ID: "me", Owner: "me", Roles: access.Roles(), Scopes: access.Actions()}}, nil
	}
	return web.Visit{}, nil
}

// The keys of the tests.
const (
	hr         = "Bearer ours hr reports.read reports.make answers.add"
	theirs     = "Bearer theirs hr reports.read reports.make answers.add"
	readOnly   = "Bearer ours hr reports.read"
	noRights   = "Bearer ours employee reports.read reports.make"
	mostPeople = "Bearer ours employee jobs.read own.read"
)

// Thing is what the operations of the tests are about.
type Thing struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type (
	thingAnswer struct{ Body Thing }
	byID        struct {
		ID string `path:"id"`
	}
	newThing struct {
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"20"`
			Size int    `json:"size,omitempty" minimum:"1" maximum:"9"`
		}
	}
	failing struct {
		How string `query:"how"`
	}
	upload struct {
		RawBody huma.MultipartFormFiles[struct {
			File huma.FormFile `form:"file"`
		}]
	}
)

// place is an API on a store, behind a server.
type place struct {
	*api.API
	t      *testing.T
	d      *db.DB
	server *web.Server
	log    *strings.Builder
}

func newPlace(t *testing.T, d *db.DB, perMinute int) *place {
	t.Helper()
	public, err := url.Parse("https://tekentafel.example")
	if err != nil {
		t.Fatal(err)
	}
	p := &place{t: t, d: d, log: &strings.Builder{}}
	log := slog.New(slog.NewJSONHandler(p.log, nil))
	p.server = web.New(web.Config{PublicURL: public, PerMinute: perMinute}, visitors{}, nil, now, log)
	p.API = api.New(p.server, visitors{}, "1.2.3")
	api.Get(p.API, "/things/{id}", api.About{ID: "get-thing", Summary: "Tell of a thing.", Tag: "things", Action: access.ReadReport}, p.get)
	api.Post(p.API, "/things", api.About{ID: "add-thing", Summary: "Add a thing.", Tag: "things", Action: access.MakeReport, Status: 201, Body: 1000}, p.addThing)
	api.Get(p.API, "/failing", api.About{ID: "fail", Summary: "Fail.", Tag: "things", Action: access.ReadReport}, fail)
	api.Get(p.API, "/jobs", api.About{ID: "own-thing", Summary: "Tell of one's own.", Tag: "things", Action: access.ReadJob}, p.own)
	api.Put(p.API, "/things/{id}", api.About{ID: "forgotten", Summary: "An operation without action.", Tag: "things"}, p.get)
	api.Post(p.API, "/files", api.About{ID: "add-file", Summary: "Add a file.", Tag: "things", Action: access.AddSource, Body: 2000, Slow: true}, takeFile)
	return p
}

func (p *place) get(ctx context.Context, c api.Caller, in *byID) (*thingAnswer, error) {
	out := &thingAnswer{}
	err := p.d.Of(c.Actor.Tenant).Row(ctx, `SELECT id, name FROM files WHERE tenant_id = $1 AND id = $2`, []any{in.ID}, &out.Body.ID, &out.Body.Name)
	return out, err
}

func (p *place) own(_ context.Context, c api.Caller, _ *struct{}) (*thingAnswer, error) {
	return &thingAnswer{Body: Thing{ID: c.Actor.Owner}}, nil
}

func (p *place) addThing(ctx context.Context, c api.Caller, in *newThing) (*thingAnswer, error) {
	out := &thingAnswer{}
	err := p.d.Write(ctx, c.Actor.Tenant, func(s *db.Scope) (err error) {
		out.Body, err = asked.Once(ctx, s, now, c.Asked(in.Key, in.Body), func() (Thing, error) {
			thing := Thing{ID: id.New(now()), Name: in.Body.Name}
			_, err := s.Exec(ctx, `INSERT INTO files (tenant_id, id, name, media_type, size, sha256, created_at) VALUES ($1, $2, $3, '', 0, '', 0)`, thing.ID, thing.Name)
			return thing, err
		})
		return err
	})
	return out, err
}

func takeFile(_ context.Context, _ api.Caller, in *upload) (*thingAnswer, error) {
	raw, err := io.ReadAll(in.RawBody.Data().File)
	return &thingAnswer{Body: Thing{Name: string(raw)}}, err
}

func fail(_ context.Context, _ api.Caller, in *failing) (*thingAnswer, error) {
	switch in.How {
	case "panic":
		panic(errDown)
	case "inside":
		return nil, errDown
	case "store":
		return nil, errors.Join(errDown, db.ErrUnreachable)
	case "fields":
		f := problem.Form{Bundle: messages()}
		f.Wrong("name", "not-found", nil)
		return nil, f.Err()
	}
	return nil, problem.New(problem.Kind(in.How), messages(), "not-found", nil).After(7).Because(errDown)
}

// send sends a request and returns the answer with its body read as JSON.
func (p *place) send(method, target, key, body string, set ...string) (*httptest.ResponseRecorder, map[string]any) {
	p.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Authorization", key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(set); i += 2 {
		r.Header.Set(set[i], set[i+1])
	}
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	var out map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			p.t.Errorf("%s %s: no JSON: %v: %.300s", method, target, err, w.Body)
		}
	}
	return w, out
}

// wantsProblem fails the test unless an answer is a problem of RFC 9457 with a status.
func (p *place) wantsProblem(what string, w *httptest.ResponseRecorder, body map[string]any, status int, kind problem.Kind) {
	p.t.Helper()
	if w.Code != status {
		p.t.Errorf("%s: status %d, want %d: %s", what, w.Code, status, w.Body)
		return
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		p.t.Errorf("%s: type %q", what, got)
	}
	if body["type"] != "about:blank" || body["title"] != http.StatusText(status) || body["status"] != float64(status) || body["detail"] == "" || body["kind"] != string(kind) {
		p.t.Errorf("%s: no problem of RFC 9457 of kind %s: %s", what, kind, w.Body)
	}
	if strings.Contains(w.Body.String(), "SELECT") || strings.Contains(w.Body.String(), "10.0.0.7") {
		p.t.Errorf("%s: it tells of the inside of the program: %s", what, w.Body)
	}
}
