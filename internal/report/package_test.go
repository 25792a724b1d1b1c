package report

import (
	"archive/zip"
	"bytes"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
)

// reported makes a report of the small questionnaire, by department, and returns its id.
func (s *site) reported() string {
	s.t.Helper()
	r, err := s.Make(s.t.Context(), hr, Input{Source: s.source(dbtest.Ours).ID, Title: "Najaar", Wave: "najaar", Options: Options{By: []string{"department"}}})
	if err != nil {
		s.t.Fatal(err)
	}
	defer s.run()()
	return s.until(r, dbtest.Ours, Ready).ID
}

// zipped reads the names of a package and a file of it.
func (s *site) zipped(w *httptest.ResponseRecorder, name string) (names []string, content string) {
	s.t.Helper()
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/zip" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") ||
		w.Header().Get("Cache-Control") != "no-store" {
		s.t.Fatalf("status %d, header %v: %.300s", w.Code, w.Header(), w.Body)
	}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range z.File {
		names = append(names, f.Name)
		if f.Name != name {
			continue
		}
		r, err := f.Open()
		if err != nil {
			s.t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			s.t.Fatal(err)
		}
		content = b.String()
	}
	return names, content
}

func TestAResearcherTakesThePackageAndTheLogSaysWhatFor(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		id := s.reported()
		s.wants("the report", s.get("researcher", "/reports/"+id), 200, "/reports/"+id+"/package")
		s.wants("what it is", s.get("researcher", "/reports/"+id+"/package"), 200, `name="purpose"`)
		s.wants("without a purpose", s.post("researcher", "/reports/"+id+"/package", url.Values{"purpose": {" x "}}), 422, `aria-invalid`)
		s.wants("a purpose too long", s.post("researcher", "/reports/"+id+"/package", url.Values{"purpose": {strings.Repeat("waarom ", 80)}}), 422)
		if n := s.entries("report.exported"); len(n) != 0 {
			t.Errorf("the log has %v before anything was taken", n)
		}
		w := s.post("researcher", "/reports/"+id+"/package", url.Values{"purpose": {"Nakijken\nvoor de raad"}})
		names, csv := s.zipped(w, "answers.csv")
		if !slices.Contains(names, "answers.sav") || !slices.Contains(names, "reproduce.R") || strings.Count(csv, "\n") != 61 {
			t.Errorf("%v with %d lines", names, strings.Count(csv, "\n"))
		}
		if !strings.HasPrefix(csv, "department,uses,") {
			t.Errorf("without asking for it there are background variables: %.60q", csv)
		}
		w = s.post("researcher", "/reports/"+id+"/package", url.Values{"purpose": {"Nakijken voor de raad"}, "background": {"yes"}})
		if _, csv = s.zipped(w, "answers.csv"); !strings.HasPrefix(csv, "department,age,uses,") {
			t.Errorf("the background variables that were asked for are not there: %.60q", csv)
		}
		log := s.entries("report.exported")
		if len(log) != 2 || !strings.Contains(log[0], "Nakijken voor de raad") || !strings.Contains(log[0], id) || strings.Contains(log[0], "background") == strings.Contains(log[1], "background") {
			t.Errorf("the log says %v", log)
		}
		if left, err := os.ReadDir(s.Dir); err != nil || len(left) != 0 {
			t.Errorf("left on disk: %v, %v", left, err)
		}
	})
}

func TestNobodyElseGetsThePackage(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		id := s.reported()
		if err := s.Publish(t.Context(), hr, id); err != nil {
			t.Fatal(err)
		}
		purpose := url.Values{"purpose": {"Nakijken voor de raad"}}
		for _, who := range []string{"hr", "dpo", "employee", "administrator", "manager"} {
			s.wants(who+" asks", s.get(who, "/reports/"+id+"/package"), 403)
			s.wants(who+" takes", s.post(who, "/reports/"+id+"/package", purpose), 403)
			if w := s.get(who, "/reports/"+id); strings.Contains(w.Body.String(), "/package") {
				t.Errorf("%s sees a way to the package", who)
			}
		}
		s.wants("another organisation asks", s.get("theirs researcher", "/reports/"+id+"/package"), 404)
		s.wants("another organisation takes", s.post("theirs researcher", "/reports/"+id+"/package", purpose), 404)
		s.leads("a visitor", s.post("", "/reports/"+id+"/package", purpose), "/sign-in")
		if n := s.entries("report.exported"); len(n) != 0 {
			t.Errorf("the log has %v", n)
		}
	})
}

func TestWithoutAnswersThereIsNoPackage(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		id := s.reported()
		r, err := s.Report(t.Context(), hr, id)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteSource(t.Context(), hr, r.Source); err != nil {
			t.Fatal(err)
		}
		if w := s.get("researcher", "/reports/"+id+"/package"); w.Code != 200 || strings.Contains(w.Body.String(), `name="purpose"`) {
			t.Errorf("status %d, and a form for answers that are gone", w.Code)
		}
		s.wants("takes", s.post("researcher", "/reports/"+id+"/package", url.Values{"purpose": {"Nakijken voor de raad"}}), 410)
	})
}

func TestAScriptTakesThePackageWithTheScopeForIt(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		id := s.reported()
		const key = "Bearer researcher reports.read answers.export"
		w, _ := s.call(key, "POST", "/reports/"+id+"/package", `{"purpose":"Nakijken voor de raad","lang":"en"}`)
		if _, readme := s.zipped(w, "README.txt"); !strings.Contains(readme, "This package holds the answers of 60 people") {
			t.Errorf("the README is %.200q", readme)
		}
		w, body := s.call(key, "POST", "/reports/"+id+"/package", `{"purpose":"           ","lang":"en"}`)
		s.refused("an empty purpose", w, body, 422, "invalid", "purpose")
		w, body = s.call("Bearer researcher reports.read", "POST", "/reports/"+id+"/package", `{"purpose":"Nakijken voor de raad"}`)
		s.refused("without the scope", w, body, 403, "forbidden", "")
		w, body = s.call("Bearer hr reports.read answers.export", "POST", "/reports/"+id+"/package", `{"purpose":"Nakijken voor de raad"}`)
		s.refused("the key of HR", w, body, 403, "forbidden", "")
		w, body = s.call(key, "POST", "/reports/elsewhere/package", `{"purpose":"Nakijken voor de raad"}`)
		s.refused("an unknown report", w, body, 404, "not-found", "")
		if log := s.entries("report.exported"); len(log) != 1 {
			t.Errorf("the log says %v", log)
		}
	})
}

// entries lists the entries of the log of an action, with their details.
func (s *site) entries(action string) (out []string) {
	s.t.Helper()
	err := s.d.Of(dbtest.Ours).Rows(s.t.Context(), `SELECT subject, detail FROM audit_log WHERE tenant_id = $1 AND action = $2 ORDER BY id`, func(scan func(...any) error) error {
		var subject, detail string
		err := scan(&subject, &detail)
		out = append(out, subject+" "+detail)
		return err
	}, action)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}
