package gate

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/store"
)

// everyScope is a key of HR with each scope of these operations.
const everyScope = "Bearer hr people.read people.import people.change people.quality"

const head = "Personeelsnummer;Voornaam;Familienaam;E-mail;Geboortejaar;Dienst;Functie;VTE\n"

// list is a file of the people whose numbers lie from first up to but not including last.
func list(first, last int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := first; i < last; i++ {
		fmt.Fprintf(&b, "P%04d;An%d;Peeters%02d;an%d@stad.example;19%d;%s;Arbeider;1\n", i, i, i, i, 60+i%40, []string{"Groen", "Financiën"}[i%2])
	}
	return b.String()
}

func text(v any) string { s, _ := v.(string); return s }

// body writes what a request says.
func body(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rowIDs are the names of rows (package id) in JSON.
var rowIDs = regexp.MustCompile(`"[0-9a-z]{26}"`)

func TestScriptBringsPersonnelDataInAndPutsItBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		source := s.does(201, "POST", "/staff/sources", `{"name":"Loonpakket","complete":true}`)
		id := text(source["id"])
		if at(source, "limits", "share") != 0.05 || source["mapped"] != false {
			t.Errorf("%v", source)
		}
		changed := s.does(200, "PUT", "/staff/sources/"+id, `{"name":"Loonpakket","complete":true,"folder":"loon","version":1}`)
		s.does(200, "PUT", "/staff/sources/"+id, `{"name":"Loonpakket","complete":true,"folder":"loon","prefix":"ocmw-","version":2}`)
		if v := s.does(200, "PUT", "/staff/sources/"+id, `{"name":"Loonpakket","complete":true,"folder":"loon","version":3}`); v["prefix"] != "OCMW" {
			t.Errorf("a prefix that is left out: %v", v["prefix"])
		}
		if v := s.does(200, "PUT", "/staff/sources/"+id, `{"name":"Loonpakket","complete":true,"folder":"loon","prefix":"","version":4}`); v["prefix"] != nil {
			t.Errorf("no prefix: %v", v["prefix"])
		}
		if changed["folder"] != "loon" || len(items(s.does(200, "GET", "/staff/sources", ""))) != 1 {
			t.Errorf("%v", changed)
		}

		w, v := s.sends("first", id, list(0, 60))
		if w.Code != 201 || v["state"] != "received" || v["file_name"] != "export.csv" || at(v, "reading", "known") != false || at(v, "reading", "rows") != 60.0 {
			t.Fatalf("%d %.600s", w.Code, w.Body)
		}
		if _, again := s.sends("first", id, list(0, 60)); again["id"] != v["id"] {
			t.Errorf("sent again: %v", again["id"])
		}
		one := "/staff/imports/" + text(v["id"])
		s.does(200, "PUT", one+"/mapping", body(t, map[string]any{"mapping": at(v, "reading", "mapping"), "version": v["version"]}))
		s.people.Settle()
		v = s.does(200, "GET", one, "")
		if v["state"] != "previewed" || at(v, "preview", "people", "added") != 60.0 || at(v, "preview", "taken") != 60.0 || at(v, "preview", "same") != false {
			t.Fatalf("%v", v)
		}
		if got := s.does(202, "POST", one+"/apply", body(t, map[string]any{"version": v["version"]})); got["state"] != "applying" {
			t.Errorf("%v", got["state"])
		}
		s.people.Settle()
		v = s.does(200, "GET", one, "")
		if v["state"] != "applied" || v["revision"] != 1.0 || at(v, "counts", "people", "added") != 60.0 || v["preview"] != nil {
			t.Fatalf("%v", v)
		}

		// The next file needs nobody, but for what is lost.
		_, v = s.sends("second", id, list(0, 30), "unattended", "true")
		s.people.Settle()
		one = "/staff/imports/" + text(v["id"])
		v = s.does(200, "GET", one, "")
		losses, _ := at(v, "preview", "losses").([]any)
		if v["state"] != "previewed" || len(losses) == 0 || at(losses[0], "n") != 30.0 {
			t.Fatalf("%v", v)
		}
		w, out := s.call(everyScope, "POST", one+"/apply", body(t, map[string]any{"version": v["version"]}))
		refused(t, "a loss without a word", w, out, 422, "loss")
		v = s.does(200, "POST", one+"/refuse", body(t, map[string]any{"version": v["version"]}))
		if v["state"] != "refused" {
			t.Errorf("%v", v["state"])
		}
		_, v = s.sends("third", id, list(1, 61), "unattended", "true", "separator", ";")
		s.people.Settle()
		if v = s.does(200, "GET", "/staff/imports/"+text(v["id"]), ""); v["state"] != "applied" {
			t.Fatalf("%v", v)
		}

		page := s.does(200, "GET", "/staff/imports?limit=2", "")
		if len(items(page)) != 2 || len(items(s.does(200, "GET", "/staff/imports?limit=2&before="+text(page["next"]), ""))) != 1 {
			t.Errorf("%v", page)
		}
		if got := items(s.does(200, "GET", "/staff/imports?state=refused", "")); len(got) != 1 {
			t.Errorf("%v", got)
		}
		if got := s.does(200, "GET", "/staff/quality", ""); got["revision"] != 2.0 || at(got, "result", "staff", "people") != 60.0 {
			t.Errorf("%v", got["revision"])
		}
		if job := s.does(202, "POST", "/staff/revisions/2/undo", ""); job["job"] == "" {
			t.Errorf("%v", job)
		}
		s.people.Settle()
		revisions := items(s.does(200, "GET", "/staff/revisions", ""))
		if len(revisions) != 3 || at(revisions[0], "undoes") != 2.0 || at(revisions[1], "undone_by") != 3.0 {
			t.Errorf("%v", revisions)
		}
		if got := s.does(200, "GET", "/staff/revisions?limit=1", ""); len(items(got)) != 1 || got["next"] != "3" {
			t.Errorf("%v", got)
		}
	})
}

func refused(t *testing.T, what string, w *httptest.ResponseRecorder, out map[string]any, status int, field string) {
	t.Helper()
	if w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: status %d, want %d: %.400s", what, w.Code, status, w.Body)
		return
	}
	list, _ := out["errors"].([]any)
	for _, e := range list {
		if at(e, "location") == "body."+field && at(e, "message") != "" {
			return
		}
	}
	if field != "" {
		t.Errorf("%s: nothing about %s: %.400s", what, field, w.Body)
	}
}

// filled is an organisation of 12 people, brought by scripts.
func (s *site) filled() (source string) {
	s.t.Helper()
	source = text(s.does(201, "POST", "/staff/sources", `{"name":"Loonpakket","complete":true}`)["id"])
	_, v := s.sends("", source, list(0, 12))
	one := "/staff/imports/" + text(v["id"])
	s.does(200, "PUT", one+"/mapping", body(s.t, map[string]any{"mapping": at(v, "reading", "mapping"), "version": v["version"]}))
	s.people.Settle()
	v = s.does(200, "GET", one, "")
	s.does(202, "POST", one+"/apply", body(s.t, map[string]any{"version": v["version"]}))
	s.people.Settle()
	return source
}

func TestScriptReadsTheOrganisationPageByPageWithoutWhatNobodyNeeds(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.filled()
		units := items(s.does(200, "GET", "/staff/units", ""))
		if len(units) != 2 || len(items(s.does(200, "GET", "/staff/functions", ""))) != 1 {
			t.Fatalf("%v", units)
		}
		first := s.does(200, "GET", "/staff/units?limit=1", "")
		second := s.does(200, "GET", "/staff/units?limit=1&after="+text(first["next"]), "")
		if len(items(second)) != 1 || at(items(second)[0], "id") == at(items(first)[0], "id") || second["next"] != nil {
			t.Errorf("%v then %v", first, second)
		}
		seen := map[string]bool{}
		for after, pages := "", 0; ; pages++ {
			w, out := s.call(everyScope, "GET", "/staff/people?limit=5&after="+after, "")
			said := rowIDs.ReplaceAllString(w.Body.String(), `""`) // random, so that one may hold anything
			for _, secret := range []string{"P00", "birth", "196", "number"} {
				if strings.Contains(said, secret) {
					t.Errorf("a page says %s: %.300s", secret, w.Body)
				}
			}
			for _, p := range items(out) {
				posts, _ := at(p, "posts").([]any)
				if seen[text(at(p, "id"))] || len(posts) != 1 || at(posts[0], "fte") != 1000.0 {
					t.Errorf("%v", p)
				}
				seen[text(at(p, "id"))] = true
			}
			if after = text(out["next"]); after == "" {
				if pages != 2 {
					t.Errorf("%d pages", pages+1)
				}
				break
			}
		}
		if len(seen) != 12 {
			t.Errorf("%d people", len(seen))
		}
		if got := items(s.does(200, "GET", "/staff/people?unit="+text(at(units[0], "id")), "")); len(got) != 6 {
			t.Errorf("in a unit there are %d", len(got))
		}
		if got := items(s.does(200, "GET", "/staff/people?q=peeters07", "")); len(got) != 1 {
			t.Errorf("%v", got)
		}
		for person := range seen {
			reads, err := store.Reads(t.Context(), s.people.DB.Of(dbtest.Ours), person, s.people.Now().AddDate(1, 0, 0), 10)
			if err != nil || len(reads) == 0 || reads[0].Account != "hr" || reads[0].What != "list" {
				t.Errorf("that a script looked is not noted: %v, %v", reads, err)
			}
			break
		}
	})
}

func TestWhatQualityNamesCanBeAskedFor(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		source := text(s.does(201, "POST", "/staff/sources", `{"name":"Loonpakket","complete":true}`)["id"])
		faults := strings.Replace(head, "VTE", "VTE;Uit dienst op;Functie tot", 1)
		for i, row := range []string{"Groen;Arbeider;1;;", "Groen;Arbeider m/v;0;;", ";Arbeider;2;;", "Financiën;;1;;", "Groen;Klerk;1;01/01/2030;01/02/2031", "Leeg;Klerk;;;"} {
			faults += fmt.Sprintf("P%04d;An%d;Peeters%02d;%s;%d;%s\n", i, i, i, []string{"an@stad.example", "geen"}[i%2], 1700+i*60, row)
		}
		_, v := s.sends("", source, faults)
		one := "/staff/imports/" + text(v["id"])
		s.does(200, "PUT", one+"/mapping", body(t, map[string]any{"mapping": at(v, "reading", "mapping"), "version": v["version"]}))
		s.people.Settle()
		v = s.does(200, "GET", one, "")
		s.does(202, "POST", one+"/apply", body(t, map[string]any{"version": v["version"]}))
		s.people.Settle()
		checks, _ := at(s.does(200, "GET", "/staff/quality", ""), "result", "checks").([]any)
		about := map[string]int{}
		for _, c := range checks {
			what := text(at(c, "about"))
			examples, _ := at(c, "examples").([]any)
			for _, e := range examples {
				target := map[string]string{"unit": "/staff/units/", "function": "/staff/functions/", "person": "/staff/people/", "post": "/staff/people/"}[what]
				with, _ := at(e, "with").([]any)
				for _, id := range append(with, at(e, "id")) {
					if what == "post" {
						found := s.does(200, "GET", target+text(at(e, "person")), "")
						posts, _ := found["posts"].([]any)
						if len(posts) != 1 || at(posts[0], "id") != id {
							t.Errorf("%v is not a post of %v", id, found)
						}
					} else if got := s.does(200, "GET", target+text(id), ""); got["id"] != id || got["number"] != nil {
						t.Errorf("%v: %v", id, got)
					}
					about[what]++
				}
			}
		}
		for _, what := range []string{"unit", "function", "person", "post"} {
			if about[what] == 0 {
				t.Errorf("no example of a %s: %v", what, checks)
			}
		}
	})
}

func TestScriptIsToldWhatIsWrongWithPersonnelData(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		source := s.filled()
		for _, c := range []struct {
			method, target, body string
			status               int
			field                string
		}{
			{"POST", "/staff/sources", `{"name":"","complete":true}`, 422, "name"},
			{"POST", "/staff/sources", `{"name":"Loonpakket","complete":true}`, 422, "name"},
			{"POST", "/staff/sources", `{"name":"x","complete":true,"folder":"../etc"}`, 422, "folder"},
			{"POST", "/staff/sources", `{"name":"x","complete":true,"prefix":"a b/c"}`, 422, "prefix"},
			{"PUT", "/staff/sources/" + source, `{"name":"Loonpakket","complete":true,"prefix":"NEW","version":2}`, 422, "renumber"},
			{"PUT", "/staff/sources/none", `{"name":"x","complete":true}`, 404, ""},
			{"PUT", "/staff/sources/" + source, `{"name":"x","complete":true,"version":99}`, 409, ""},
			{"GET", "/staff/imports/none", "", 404, ""},
			{"GET", "/staff/imports?state=eaten", "", 422, ""},
			{"PUT", "/staff/imports/none/mapping", `{"mapping":{"version":1,"key":"number","columns":[],"values":{}},"version":1}`, 404, ""},
			{"PUT", "/staff/imports/none/mapping", `{"mapping":{"version":1,"key":"shoe","columns":[],"values":{}},"version":1}`, 422, "mapping"},
			{"POST", "/staff/imports/none/apply", `{"version":1}`, 404, ""},
			{"POST", "/staff/imports/none/refuse", `{"version":1}`, 404, ""},
			{"POST", "/staff/revisions/99/undo", "", 404, ""},
			{"GET", "/staff/people?after=x", "", 422, ""},
			{"GET", "/staff/people?unit=none", "", 404, ""},
			{"GET", "/staff/people/none", "", 404, ""},
			{"GET", "/staff/units/none", "", 404, ""},
			{"GET", "/staff/functions/none", "", 404, ""},
			{"GET", "/staff/people?limit=1001", "", 422, ""},
		} {
			w, out := s.call(everyScope, c.method, c.target, c.body)
			refused(t, c.method+" "+c.target+" "+c.body, w, out, c.status, c.field)
		}
		for name, c := range map[string]struct {
			source, content string
			status          int
			field           string
		}{
			"no source":  {"none", list(0, 3), 404, ""},
			"empty":      {source, "", 422, "file"},
			"a picture":  {source, "%PDF-1.7 x", 422, "file"},
			"very large": {source, strings.Repeat("x", maxUpload+1), 413, ""},
		} {
			w, out := s.sends("", c.source, c.content)
			refused(t, name, w, out, c.status, c.field)
		}
	})
}

func TestEveryOperationOnPersonnelDataAsksForItsScope(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		source := s.filled()
		first := text(at(items(s.does(200, "GET", "/staff/imports", ""))[0], "id"))
		replace := strings.NewReplacer("/api/v1", "", "/sources/{id}", "/sources/"+source, "/imports/{id}", "/imports/"+first, "{seq}", "1", "{id}", "none")
		operations := s.api.Operations()
		if len(operations) != 18 {
			t.Errorf("%d operations", len(operations))
		}
		for _, op := range operations {
			target, what := replace.Replace(op.Path), op.Method+" "+op.Path
			w, out := s.call("", op.Method, target, "")
			refused(t, what+", a visitor", w, out, 401, "")
			w, out = s.call(strings.Replace(everyScope, string(op.Action), "own.read", 1), op.Method, target, "")
			refused(t, what+", a key without "+string(op.Action), w, out, 403, "")
			w, out = s.call(strings.Replace(everyScope, "Bearer hr", "Bearer manager", 1), op.Method, target, "")
			refused(t, what+", a key of a manager", w, out, 403, "")
			w, _ = s.call(strings.Replace(everyScope, "Bearer hr", "Bearer theirs hr", 1), op.Method, target, `{"version":1,"name":"x","complete":true}`)
			if w.Code < 400 && !strings.HasPrefix(op.Path, "/api/v1/staff/sources") && strings.Contains(w.Body.String(), "Peeters") {
				t.Errorf("%s, a key of another organisation: %d %.200s", what, w.Code, w.Body)
			}
		}
	})
}
