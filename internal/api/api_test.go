package api_test

import (
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

func messages() *i18n.Bundle { return api.Messages() }

func TestMessagesAreThereInEachLanguage(t *testing.T) {
	t.Parallel()
	if err := messages().Check(); err != nil {
		t.Error(err)
	}
}

func TestOperationsTellTheirAction(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	want := map[string]access.Action{"GET /api/v1/things/{id}": access.ReadReport, "POST /api/v1/things": access.MakeReport, "GET /api/v1/failing": access.ReadReport,
		"GET /api/v1/jobs": access.ReadJob, "PUT /api/v1/things/{id}": "", "POST /api/v1/files": access.AddSource}
	got := p.Operations()
	if len(got) != len(want) {
		t.Errorf("%d operations, want %d", len(got), len(want))
	}
	for _, op := range got {
		if action, known := want[op.Method+" "+op.Path]; !known || action != op.Action {
			t.Errorf("%+v, want action %q", op, action)
		}
	}
}

func TestOnlyAKeyWithTheScopeWhoseOwnerMayGetsIn(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	for _, op := range p.Operations() {
		target := strings.ReplaceAll(op.Path, "{id}", "x")
		for name, headers := range map[string][]string{
			"nothing": nil, "a session": {"Cookie", "tt_session=v; __Host-tt_session=v"}, "another scheme": {"Authorization", "Basic b3VyczpocgAA"}, "an empty key": {"Authorization", "Bearer "},
		} {
			w, body := p.send(op.Method, target, "", "", headers...)
			p.wantsProblem(op.Path+" with "+name, w, body, 401, problem.SignIn)
			if got := w.Header().Get("WWW-Authenticate"); got != `Bearer realm="Tekentafel"` {
				t.Errorf("%s with %s: WWW-Authenticate %q", op.Path, name, got)
			}
			if len(w.Result().Cookies()) > 0 || w.Header().Get("Location") != "" {
				t.Errorf("%s with %s: %v", op.Path, name, w.Header())
			}
		}
		w, body := p.send(op.Method, target, "Bearer ours hr", "")
		p.wantsProblem(op.Path+" with a key without scopes", w, body, 403, problem.Forbidden)
		if op.Action != "" && !strings.Contains(fmt.Sprint(body["detail"]), string(op.Action)) {
			t.Errorf("%s: it does not say which scope is needed: %v", op.Path, body["detail"])
		}
	}
	w, body := p.send("POST", "/api/v1/things", noRights, `{"name":"a"}`)
	p.wantsProblem("a key with the scope, of somebody who may not", w, body, 403, problem.Forbidden)
	w, body = p.send("POST", "/api/v1/things", readOnly, `{"name":"a"}`)
	p.wantsProblem("a key with another scope", w, body, 403, problem.Forbidden)
	w, body = p.send("PUT", "/api/v1/things/x", "Bearer ours administrator "+strings.Join(scopes(), " "), "")
	p.wantsProblem("an operation that names no action", w, body, 403, problem.Forbidden)
	w, body = p.send("GET", "/api/v1/jobs", mostPeople, "")
	if w.Code != 200 || body["id"] != "owner" {
		t.Errorf("one's own: %d %v", w.Code, body)
	}
	var rows int
	if err := p.d.System().Row(t.Context(), `SELECT COUNT(*) FROM files`, nil, &rows); err != nil || rows != 0 {
		t.Errorf("what was refused left %d rows, %v", rows, err)
	}
}

func scopes() (all []string) {
	for _, a := range access.Actions() {
		all = append(all, string(a))
	}
	return all
}

func TestThingsOfAnotherOrganisationAreNotThere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d, 0)
		w, made := p.send("POST", "/api/v1/things", hr, `{"name":"ours"}`)
		if w.Code != 201 || made["name"] != "ours" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		target := "/api/v1/things/" + fmt.Sprint(made["id"])
		if w, body := p.send("GET", target, hr, ""); w.Code != 200 || body["name"] != "ours" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		w, body := p.send("GET", target, theirs, "")
		p.wantsProblem("theirs", w, body, 404, problem.NotFound)
		missing, nothing := p.send("GET", "/api/v1/things/missing", theirs, "")
		if missing.Body.String() != w.Body.String() {
			t.Errorf("one can tell that it exists elsewhere: %v and %v", body, nothing)
		}
		for _, wrong := range []string{"%00", "%ff", "a%00", "..%2f..%2fetc"} {
			w, body := p.send("GET", "/api/v1/things/"+wrong, hr, "")
			p.wantsProblem(wrong, w, body, 404, problem.NotFound)
		}
	})
}

func TestRequestThatIsRepeatedIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPlace(t, d, 0)
		add := func(key, body, once string) (*httptest.ResponseRecorder, map[string]any) {
			return p.send("POST", "/api/v1/things", key, body, "Idempotency-Key", once)
		}
		first, made := add(hr, `{"name":"a"}`, "k1")
		for range 3 {
			w, again := add(hr, `{"name":"a"}`, "k1")
			if w.Code != first.Code || again["id"] != made["id"] || w.Body.String() != first.Body.String() {
				t.Errorf("repeated: %d %s, first %d %s", w.Code, w.Body, first.Code, first.Body)
			}
		}
		w, body := add(hr, `{"name":"b"}`, "k1")
		p.wantsProblem("the same key for something else", w, body, 409, problem.Conflict)
		for name, c := range map[string][2]string{"another key": {hr, "k2"}, "another organisation": {theirs, "k1"}, "no key": {hr, ""}} {
			if w, other := add(c[0], `{"name":"a"}`, c[1]); w.Code != 201 || other["id"] == made["id"] {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
		longest := strings.Repeat("k", 64)
		if w, _ := add(hr, `{"name":"a"}`, longest); w.Code != 201 {
			t.Errorf("the longest key: %d %s", w.Code, w.Body)
		}
		w, body = add(hr, `{"name":"a"}`, longest+"k")
		p.wantsProblem("a key that is too long", w, body, 422, problem.Invalid)
		w, body = add(hr, `{"name":"a"}`, "caf\xe9")
		p.wantsProblem("a key that is no text", w, body, 422, problem.Invalid)
		var rows int
		if err := d.System().Row(t.Context(), `SELECT COUNT(*) FROM files`, nil, &rows); err != nil || rows != 5 {
			t.Errorf("%d things are kept, want 5; %v", rows, err)
		}
	})
}

func TestEveryErrorIsAProblem(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	for kind, status := range map[problem.Kind]int{
		problem.Invalid: 422, problem.Forbidden: 403, problem.NotFound: 404, problem.Gone: 410, problem.Conflict: 409, problem.TooLarge: 413,
		problem.TooMany: 429, problem.Unavailable: 503, problem.Full: 507, problem.Internal: 500, problem.Unsupported: 415,
	} {
		w, body := p.send("GET", "/api/v1/failing?how="+string(kind), hr, "")
		p.wantsProblem(string(kind), w, body, status, kind)
		if w.Header().Get("Retry-After") != "7" {
			t.Errorf("%s: Retry-After %q", kind, w.Header().Get("Retry-After"))
		}
	}
	w, body := p.send("GET", "/api/v1/failing?how=fields", hr, "")
	p.wantsProblem("a field", w, body, 422, problem.Invalid)
	if fields := fmt.Sprint(body["errors"]); !strings.Contains(fields, "location:body.name") {
		t.Errorf("which field: %s", fields)
	}
	for how, status := range map[string]int{"inside": 500, "panic": 500, "store": 503} {
		w, body := p.send("GET", "/api/v1/failing?how="+how, hr, "")
		kind := problem.Internal
		if status == 503 {
			kind = problem.Unavailable
		}
		p.wantsProblem(how, w, body, status, kind)
	}
	w, body = p.send("GET", "/api/v1/failing?how=x", "Bearer down", "")
	p.wantsProblem("keys that cannot be looked up", w, body, 500, problem.Internal)
	if n := strings.Count(p.log.String(), "SELECT secret"); n < 4 {
		t.Errorf("the log tells %d times what went wrong inside", n)
	}
}

func TestWhatTheRequestItselfLacksIsAProblemToo(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	for name, c := range map[string]struct {
		method, target, body, kind string
		status                     int
		want                       problem.Kind
	}{
		"no body":             {"POST", "/api/v1/things", "", "application/json", 400, problem.Invalid},
		"no JSON":             {"POST", "/api/v1/things", "{", "application/json", 400, problem.Invalid},
		"a wrong type":        {"POST", "/api/v1/things", `{"name":7}`, "application/json", 422, problem.Invalid},
		"a missing field":     {"POST", "/api/v1/things", `{}`, "application/json", 422, problem.Invalid},
		"an unknown field":    {"POST", "/api/v1/things", `{"name":"a","role":"administrator"}`, "application/json", 422, problem.Invalid},
		"out of range":        {"POST", "/api/v1/things", `{"name":"a","size":10}`, "application/json", 422, problem.Invalid},
		"too long":            {"POST", "/api/v1/things", `{"name":"` + strings.Repeat("a", 21) + `"}`, "application/json", 422, problem.Invalid},
		"another type":        {"POST", "/api/v1/things", "<a/>", "text/xml", 415, problem.Unsupported},
		"too large":           {"POST", "/api/v1/things", `{"name":"` + strings.Repeat("a", 2000) + `"}`, "application/json", 413, problem.TooLarge},
		"a file too large":    {"POST", "/api/v1/files", strings.Repeat("a", 2001), "multipart/form-data; boundary=x", 413, problem.TooLarge},
		"a file that is none": {"POST", "/api/v1/files", "nothing", "multipart/form-data; boundary=x", 422, problem.Invalid},
		"no such address":     {"GET", "/api/v1/nowhere", "", "", 404, problem.NotFound},
		"no such version":     {"GET", "/api/v9/things/1", "", "", 404, problem.NotFound},
		"another method":      {"DELETE", "/api/v1/things", "", "", 404, problem.NotFound},
		"no address at all":   {"GET", "/api/", "", "", 404, problem.NotFound},
	} {
		w, body := p.send(c.method, c.target, hr, c.body, "Content-Type", c.kind)
		p.wantsProblem(name, w, body, c.status, c.want)
	}
	w, body := p.send("POST", "/api/v1/things", hr, `{"name":"a"}`, "Sec-Fetch-Site", "cross-site")
	p.wantsProblem("another site", w, body, 403, problem.Forbidden)
	limited := newPlace(t, p.d, 60)
	for range 25 {
		w, body = limited.send("GET", "/api/v1/things/x", hr, "")
	}
	limited.wantsProblem("too many", w, body, 429, problem.TooMany)
	if w.Header().Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
}

func TestFilesComeInUpToTheirLimit(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	send := func(size int, chunked bool) (*httptest.ResponseRecorder, string) {
		var b strings.Builder
		form := multipart.NewWriter(&b)
		part, err := form.CreateFormFile("file", "a.txt")
		if err == nil {
			_, err = part.Write([]byte(strings.Repeat("a", size)))
		}
		if err == nil {
			err = form.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/api/v1/files", strings.NewReader(b.String()))
		if chunked {
			r.ContentLength = -1
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Header.Set("Authorization", hr)
		w := httptest.NewRecorder()
		p.server.ServeHTTP(w, r)
		return w, w.Body.String()
	}
	if w, body := send(1500, false); w.Code != 200 || !strings.Contains(body, strings.Repeat("a", 1500)) {
		t.Errorf("a file: %d %s", w.Code, body)
	}
	for _, chunked := range []bool{false, true} {
		if w, body := send(100_000, chunked); w.Code != 413 || !strings.Contains(body, `"too-large"`) {
			t.Errorf("a file over the limit, length unsaid: %v: %d %s", chunked, w.Code, body)
		}
	}
}

func TestMessagesAreInTheLanguageThatIsAskedFor(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	for accept, lang := range map[string]instrument.Lang{"": "en", "nl": "nl", "fr-BE,fr;q=0.9": "fr", "DE": "de", "ja": "en", "ja, nl;q=0.5": "nl", "*": "en"} {
		want := messages().Printer(lang).T("key", nil)
		if _, body := p.send("GET", "/api/v1/things/x", "", "", "Accept-Language", accept); body["detail"] != want {
			t.Errorf("%q: %v, want %q", accept, body["detail"], want)
		}
		want = messages().Printer(lang).T("not-found", nil)
		if _, body := p.send("GET", "/api/v1/nowhere", "", "", "Accept-Language", accept); body["detail"] != want {
			t.Errorf("%q: %v, want %q", accept, body["detail"], want)
		}
	}
}

func TestLogTellsOperationsAndNeitherIDsNorKeys(t *testing.T) {
	t.Parallel()
	p := newPlace(t, dbtest.SQLite(t), 0)
	p.send("POST", "/api/v1/things", hr, `{"name":"NAMEOFTHING"}`, "Idempotency-Key", "KEYOFREQUEST")
	p.send("GET", "/api/v1/things/IDOFTHING?q=QUERY", "Bearer ours hr SCOPE", "")
	p.send("GET", "/api/v1/failing?how=inside&q=QUERY", hr, "")
	log := p.log.String()
	for _, private := range []string{"NAMEOFTHING", "KEYOFREQUEST", "IDOFTHING", "QUERY", "SCOPE", "key-ours", "owner", "Bearer"} {
		if strings.Contains(log, private) {
			t.Errorf("the log tells %s: %s", private, log)
		}
	}
	if !strings.Contains(log, `"route":"POST /api/v1/things"`) || !strings.Contains(log, `"route":"GET /api/v1/failing"`) || !strings.Contains(log, `"organisation":"ours"`) {
		t.Errorf("the log does not tell which operation: %s", log)
	}
}
