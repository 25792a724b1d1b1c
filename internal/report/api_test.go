package report

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/db/dbtest"
)

// everyScope is a key of HR with each scope of this feature.
const everyScope = "Bearer hr answers.read answers.add answers.delete reports.read reports.make reports.change reports.publish reports.share"

// call sends a request of a script and reads the answer as JSON.
func (s *site) call(key, method, target, body string, set ...string) (*httptest.ResponseRecorder, map[string]any) {
	s.t.Helper()
	set = append([]string{"Authorization", key, "Accept-Language", "en"}, set...)
	if body != "" && len(set) < 8 {
		set = append(set, "Content-Type", "application/json")
	}
	w := s.send(method, "/api/v1"+target, strings.NewReader(body), set...)
	var out map[string]any
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			s.t.Errorf("%s %s: %v: %.200s", method, target, err, w.Body)
		}
	}
	return w, out
}

// refused fails the test unless an answer is a problem of a kind (RFC 9457), about a field unless that is "".
func (s *site) refused(what string, w *httptest.ResponseRecorder, body map[string]any, status int, kind, field string) {
	s.t.Helper()
	if w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" || body["kind"] != kind || body["status"] != float64(status) || body["title"] == "" {
		s.t.Errorf("%s: status %d, want %d of kind %s: %.400s", what, w.Code, status, kind, w.Body)
		return
	}
	if field == "" {
		return
	}
	list, _ := body["errors"].([]any)
	for _, e := range list {
		if e, _ := e.(map[string]any); e["location"] == "body."+field && e["message"] != "" {
			return
		}
	}
	s.t.Errorf("%s: nothing about %s: %.400s", what, field, w.Body)
}

// sendFile uploads answers as a script does.
func (s *site) sendFile(key, once string, parts ...part) (*httptest.ResponseRecorder, map[string]any) {
	s.t.Helper()
	body, kind := multiple(s.t, parts...)
	return s.call(key, "POST", "/answers", body.String(), "Content-Type", kind, "Idempotency-Key", once)
}

// scripted are the parts of an upload by a script.
func scripted() []part {
	return []part{{"name", "", "Voorjaar"}, {"questionnaire", "q.yaml", small}, {"file", "answers.csv", answers()}}
}

func TestScriptDoesAllThatHRDoes(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		do := func(want int, method, target, body string, set ...string) map[string]any {
			t.Helper()
			w, out := s.call(everyScope, method, target, body, set...)
			s.wants(method+" "+target, w, want)
			return out
		}
		w, src := s.sendFile(everyScope, "up", scripted()...)
		s.wants("upload", w, 201, "SECRETCELL")
		if _, again := s.sendFile(everyScope, "up", scripted()...); again["id"] != src["id"] {
			t.Errorf("sent again: %v", again)
		}
		answersID, _ := src["id"].(string)
		if items, _ := do(200, "GET", "/answers", "")["items"].([]any); len(items) != 1 {
			t.Errorf("%v", items)
		}
		if got := do(200, "GET", "/answers/"+answersID, ""); got["respondents"] != 60.0 || got["file_name"] != "answers.csv" {
			t.Errorf("%v", got)
		}
		body := `{"answers":"` + answersID + `","title":"Rapport","wave":"2026","population":100,"by":["age"]}`
		made := do(202, "POST", "/reports", body, "Content-Type", "application/json", "Idempotency-Key", "make")
		if again := do(202, "POST", "/reports", body, "Content-Type", "application/json", "Idempotency-Key", "make"); again["id"] != made["id"] {
			t.Errorf("made again: %v", again)
		}
		reportID, _ := made["id"].(string)
		stop := s.run()
		s.until(Report{ID: reportID}, dbtest.Ours, Ready)
		stop()
		at := "/reports/" + reportID
		if got := do(200, "GET", at, ""); got["state"] != "ready" || got["respondents"] != 60.0 || got["version"] != 2.0 || got["published"] != nil {
			t.Errorf("%v", got)
		}
		if got := do(200, "PUT", at+"/title", `{"title":"Nieuw","version":2}`); got["title"] != "Nieuw" {
			t.Errorf("%v", got)
		}
		if got := do(200, "PUT", at+"/published", ""); got["published"] == nil {
			t.Errorf("%v", got)
		}
		if items, _ := do(200, "GET", "/reports", "")["items"].([]any); len(items) != 1 {
			t.Errorf("%v", items)
		}
		do(204, "DELETE", at+"/published", "")
		file, figures := s.call(everyScope, "GET", at+"/files/json", "")
		if h := file.Header(); file.Code != 200 || figures["respondents"] != 60.0 || h.Get("Content-Disposition") != "attachment; filename=findings.json" || h.Get("Content-Security-Policy") != filePolicy || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%d %v", file.Code, h)
		}
		s.wants("a page", func() *httptest.ResponseRecorder {
			w, _ := s.call(everyScope, "GET", at+"/files/html?lang=fr", "")
			return w
		}(), 200, `lang="fr"`)
		link := do(201, "POST", at+"/links", `{"note":"raad","days":3}`, "Content-Type", "application/json", "Idempotency-Key", "share")
		address, _ := link["url"].(string)
		if again := do(201, "POST", at+"/links", `{"note":"raad","days":3}`, "Content-Type", "application/json", "Idempotency-Key", "share"); again["id"] != link["id"] || again["url"] != nil {
			t.Errorf("shared again: %v", again)
		}
		s.wants("the link", s.get("", strings.TrimPrefix(address, "https://tekentafel.example")), 200)
		items, _ := do(200, "GET", at+"/links", "")["items"].([]any)
		if one, _ := items[0].(map[string]any); len(items) != 1 || one["note"] != "raad" || one["url"] != nil {
			t.Errorf("%v", items)
		}
		linkID, _ := link["id"].(string)
		do(204, "DELETE", at+"/links/"+linkID, "")
		s.wants("the link", s.get("", strings.TrimPrefix(address, "https://tekentafel.example")), 410)
		do(204, "DELETE", "/answers/"+answersID, "")
		if got := do(200, "GET", at, ""); got["answers"] != nil {
			t.Errorf("%v", got)
		}
		do(204, "DELETE", at, "")
		do(404, "GET", at, "")
	})
}

func TestScriptIsToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		r := s.ready(dbtest.Ours)
		at := "/reports/" + r.ID
		for _, c := range []struct {
			method, target, body string
			status               int
			kind, field          string
		}{
			{"GET", "/answers/none", "", 404, "not-found", ""},
			{"DELETE", "/answers/none", "", 404, "not-found", ""},
			{"GET", "/reports/none", "", 404, "not-found", ""},
			{"DELETE", "/reports/none", "", 404, "not-found", ""},
			{"PUT", "/reports/none/published", "", 404, "not-found", ""},
			{"DELETE", "/reports/none/published", "", 404, "not-found", ""},
			{"GET", "/reports/none/links", "", 404, "not-found", ""},
			{"DELETE", at + "/links/none", "", 404, "not-found", ""},
			{"GET", at + "/files/exe", "", 422, "invalid", ""},
			{"GET", "/reports/none/files/json", "", 404, "not-found", ""},
			{"POST", "/reports", `{"answers":"none","title":"t","wave":"w"}`, 404, "not-found", ""},
			{"POST", "/reports", `{"answers":"` + r.Source + `","title":"t","wave":"w","population":3}`, 422, "invalid", "population"},
			{"POST", "/reports", `{"answers":"` + r.Source + `","title":"t","wave":"w","by":["shoe-size"]}`, 422, "invalid", "by"},
			{"POST", "/reports", `{"answers":"` + r.Source + `","title":" ","wave":"w"}`, 422, "invalid", "title"},
			{"POST", "/reports", `{"answers":`, 400, "invalid", ""},
			{"PUT", at + "/title", `{"title":"x","version":1}`, 409, "conflict", ""},
			{"PUT", at + "/title", `{"title":"a\u0000","version":2}`, 422, "invalid", "title"},
			{"POST", at + "/links", `{"days":0}`, 422, "invalid", "days"},
			{"POST", at + "/links", `{"note":"a\u0000","days":1}`, 422, "invalid", "note"},
		} {
			w, body := s.call(everyScope, c.method, c.target, c.body)
			s.refused(c.method+" "+c.target+" "+c.body, w, body, c.status, c.kind, c.field)
		}
		for name, c := range map[string]struct {
			parts  []part
			status int
			kind   string
			field  string
		}{
			"no file":             {scripted()[:2], 422, "invalid", ""},
			"wrong columns":       {append(scripted()[:2:2], part{"file", "a.csv", "a\n1\n"}), 422, "invalid", "file"},
			"too large":           {append(scripted()[:2:2], part{"file", "a.csv", strings.Repeat("x", maxUpload+1)}), 413, "too-large", ""},
			"a mapping too large": {append(scripted(), part{"mapping", "m.yaml", strings.Repeat("#", maxPart+1)}), 422, "invalid", "mapping"},
			"a broken mapping":    {append(scripted(), part{"mapping", "m.yaml", "columns: ["}), 422, "invalid", "mapping"},
			"broken margins":      {append(scripted(), part{"margins", "m.csv", "a"}), 422, "invalid", "margins"},
		} {
			w, body := s.sendFile(everyScope, "", c.parts...)
			s.refused(name, w, body, c.status, c.kind, c.field)
		}
		if n, m := s.count("report_sources"), s.count("report_links"); n != 1 || m != 0 {
			t.Errorf("%d sources and %d links", n, m)
		}
	})
}

func TestEveryOperationAsksForItsScope(t *testing.T) {
	t.Parallel()
	s := newSite(t, newWorld(t, dbtest.SQLite(t)))
	r := s.ready(dbtest.Ours)
	replace := strings.NewReplacer("/api/v1", "", "/reports/{id}", "/reports/"+r.ID, "/answers/{id}", "/answers/"+r.Source, "{format}", "json", "{link}", "x")
	operations := s.api.Operations()
	if len(operations) != 16 {
		t.Errorf("%d operations", len(operations))
	}
	for _, op := range operations {
		target := replace.Replace(op.Path)
		what := op.Method + " " + op.Path
		w, body := s.call("", op.Method, target, "")
		s.refused(what+", a visitor", w, body, 401, "sign-in", "")
		w, body = s.call(strings.Replace(everyScope, string(op.Action), "own.read", 1), op.Method, target, "")
		s.refused(what+", a key without "+string(op.Action), w, body, 403, "forbidden", "")
		if op.Action != access.ReadReport { // staff read what is published
			w, body = s.call(strings.Replace(everyScope, "Bearer hr", "Bearer employee", 1), op.Method, target, "")
			s.refused(what+", a key of staff", w, body, 403, "forbidden", "")
		}
	}
	w, body := s.call("Bearer employee reports.read", "GET", "/reports/"+r.ID, "")
	s.refused("a draft, for staff", w, body, 404, "not-found", "")
	w, body = s.call("Bearer hr answers.read", "GET", "/answers/"+r.Source, "")
	if s.wants("a key that may not upload", w, 200); strings.Contains(w.Body.String(), "SECRETCELL") || body["respondents"] != 60.0 {
		t.Errorf("it sees %s", w.Body)
	}
}
