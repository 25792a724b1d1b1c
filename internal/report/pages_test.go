package report

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/db/dbtest"
)

// eachSite runs a test on the pages on each engine.
func eachSite(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	each(t, func(t *testing.T, w *world) { test(t, newSite(t, w)) })
}

// whole are the parts of a form that is filled in well.
func whole() []part {
	return []part{{"_once", "", "key"}, {"name", "", "Voorjaar"}, {"instrument", "", ""}, {"questionnaire", "q.yaml", small},
		{"mapping", "", ""}, {"margins", "", ""}, {"file", `C:\docs\answers.csv`, answers()}}
}

func TestUploadIsTakenInWhateverOrderItsPartsCome(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		parts := whole()
		for turn := range parts {
			turned := append(append([]part{{"extra", "", "ignored"}, {"other", "o.txt", "ignored"}}, parts[turn:]...), parts[:turn]...)
			s.leads("the same form", s.upload("hr", turned...), "/answers/")
		}
		list, err := s.Sources(t.Context(), hr)
		if err != nil || len(list) != 1 || list[0].FileName != "answers.csv" || list[0].Name != "Voorjaar" || list[0].Respondents != 60 {
			t.Fatalf("%+v, %v", list, err)
		}
		s.wants("the answers", s.get("hr", "/answers/"+list[0].ID), 200, "Voorjaar", "SECRETCELL")
		s.wants("the answers, for the DPO", s.get("dpo", "/answers/"+list[0].ID), 200, "Voorjaar")
		if w := s.get("dpo", "/answers/"+list[0].ID); strings.Contains(w.Body.String(), "SECRETCELL") {
			t.Error("the DPO sees a cell")
		}
		s.wants("theirs", s.get("theirs hr", "/answers/"+list[0].ID), 404)
	})
}

func TestUploadThatDoesNotComeWholeIsToldAndLeavesNothing(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		without := whole()[:6]
		s.wants("without a file", s.upload("hr", without...), 422, `value="Voorjaar"`, `value="key"`)
		s.wants("with a field of a file without one", s.upload("hr", append(without, part{"file", "", ""})...), 422)
		s.wants("an empty file", s.upload("hr", append(without, part{"file", "a.csv", ""})...), 422)
		s.wants("no multipart", s.post("hr", "/answers", url.Values{"name": {"x"}}), 415)
		s.wants("no type", s.send("POST", "/answers", strings.NewReader("x"), "X-Test-Who", "hr"), 415)
		s.wants("no boundary", s.send("POST", "/answers", strings.NewReader("x"), "X-Test-Who", "hr", "Content-Type", "multipart/form-data"), 422)
		body, kind := multiple(t, whole()...)
		for _, cut := range []int{0, 10, body.Len() / 3, body.Len() / 2, body.Len() - 3} {
			w := s.send("POST", "/answers", bytes.NewReader(body.Bytes()[:cut]), "X-Test-Who", "hr", "Content-Type", kind)
			s.wants("cut off", w, 422)
		}
		s.wants("a file too large", s.upload("hr", append(without, part{"file", "a.csv", strings.Repeat("x", maxUpload+1)})...), 413)
		s.wants("a mapping too large", s.upload("hr", append(whole(), part{"mapping", "m.yaml", strings.Repeat("#", maxPart+1)})...), 422)
		s.wants("everything too large", s.upload("hr", part{"file", "", strings.Repeat("x", maxUpload+4*maxPart)}, part{"x", "", "x"}), 413)
		s.wants("a zero byte in the key", s.upload("hr", append([]part{{"_once", "", "a\x00"}}, whole()[1:]...)...), 422)
		s.wants("somebody who may not", s.upload("researcher", whole()...), 403)
		s.leads("nobody", s.upload("", whole()...), "/sign-in")
		for _, table := range []string{"report_sources", "files", "file_pieces", "asked"} {
			if n := s.count(table); n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
		if left, err := os.ReadDir(s.Dir); err != nil || len(left) != 0 {
			t.Errorf("left on disk: %v, %v", left, err)
		}
	})
}

func TestDownloadsAreFilesThatCannotActAsPages(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		r := s.ready(dbtest.Ours)
		for format, want := range map[string][2]string{
			"html": {"report-nl.html", "text/html; charset=utf-8"}, "factsheet": {"factsheet-nl.html", "text/html; charset=utf-8"},
			"json": {"findings.json", "application/json"}, "xlsx": {"tables-nl.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		} {
			for range 2 { // made, and then from memory
				w := s.get("hr", "/reports/"+r.ID+"/download/"+format)
				s.wants(format, w, 200)
				h := w.Header()
				if h.Get("Content-Disposition") != "attachment; filename="+want[0] || h.Get("Content-Type") != want[1] || h.Get("X-Content-Type-Options") != "nosniff" ||
					!strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox; default-src 'none'") || w.Body.Len() < 100 {
					t.Errorf("%s: %v", format, h)
				}
			}
		}
		for _, target := range []string{"/download/exe", "/download/HTML", "/groups?by=shoe-size", "/groups?by=age&group=ancient"} {
			w := s.get("hr", "/reports/"+r.ID+target)
			s.wants(target, w, 404)
			if h := w.Header().Get("Content-Disposition"); h != "" {
				t.Errorf("an error is a file: %s", h)
			}
		}
		s.wants("groups", s.get("hr", "/reports/"+r.ID+"/groups?by=age"), 200)
		for _, who := range []string{"employee", "theirs hr"} {
			for _, target := range []string{"", "/groups", "/download/json", "/progress"} {
				s.wants(who+" "+target, s.get(who, "/reports/"+r.ID+target), 404)
			}
		}
		s.wants("English", s.get("hr", "/reports/"+r.ID+"/download/html", "Accept-Language", "en"), 200)
	})
}

func TestPageFollowsTheMakingOfAReport(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		src := s.source(dbtest.Ours)
		form := url.Values{"source": {src.ID}, "title": {"Rapport"}, "wave": {"2026"}, "by": {"age"}, "population": {"1.200"}, "trim": {"2,5"}, "_once": {"k"}}
		at := s.leads("made", s.post("hr", "/reports", form), "/reports/")
		if again := s.leads("sent again", s.post("hr", "/reports", form), "/reports/"); again != at {
			t.Errorf("the form sent again made %s", again)
		}
		s.wants("while it is made", s.get("hr", at), 200, `hx-get="`+at+`/progress"`)
		progress := s.get("hr", at+"/progress", "HX-Request", "true")
		s.wants("the part", progress, 200, `id="work"`)
		if strings.Contains(progress.Body.String(), "<html") {
			t.Error("the part is a page")
		}
		s.wants("groups too early", s.get("hr", at+"/groups"), 409)
		s.wants("a file too early", s.get("hr", at+"/download/json"), 409)
		stop := s.run()
		r := s.until(Report{ID: strings.TrimPrefix(at, "/reports/")}, dbtest.Ours, Ready)
		stop()
		if o := r.Options; o.Population != 1200 || o.Trim != 2.5 || len(o.By) != 1 || o.By[0] != "age" {
			t.Errorf("read as %+v", o)
		}
		s.leads("ready, without scripts", s.get("hr", at+"/progress"), at)
		if w := s.get("hr", at+"/progress", "HX-Request", "true"); w.Header().Get("HX-Redirect") != at {
			t.Errorf("ready, with scripts: %d %v", w.Code, w.Header())
		}
		s.wants("ready", s.get("hr", at), 200, "Stad ours", at+"/manage")
		for name, change := range map[string]url.Values{"population": {"population": {"many"}}, "trim": {"trim": {"NaN"}}, "title": {"title": {""}}, "by": {"by": {"shoe-size"}}} {
			bad := url.Values{"source": {src.ID}, "title": {"T"}, "wave": {"W"}}
			for k, v := range change {
				bad[k] = v
			}
			s.wants(name, s.post("hr", "/reports", bad), 422, `class="error-summary"`)
		}
	})
}

// secret finds the secret of a new link on a page.
func (s *site) secret(w *httptest.ResponseRecorder) string {
	s.t.Helper()
	found := regexp.MustCompile(`https://tekentafel\.example(/s/[A-Za-z0-9_-]{20,})`).FindStringSubmatch(w.Body.String())
	if found == nil {
		return ""
	}
	return found[1]
}

func TestSharedPageKeepsItsSecret(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		r := s.ready(dbtest.Ours)
		form := url.Values{"note": {"raad"}, "days": {"2"}, "_once": {"k"}}
		made := s.post("hr", "/reports/"+r.ID+"/links", form)
		s.wants("made", made, 200, "raad")
		at := s.secret(made)
		if at == "" {
			t.Fatal("no link on the page")
		}
		if again := s.secret(s.post("hr", "/reports/"+r.ID+"/links", form)); again != "" {
			t.Error("the secret is shown twice")
		}
		if later := s.get("hr", "/reports/"+r.ID+"/manage"); strings.Contains(later.Body.String(), at) {
			t.Error("the secret is on the page later")
		}
		s.wants("no days", s.post("hr", "/reports/"+r.ID+"/links", url.Values{"days": {"x"}}), 422, `aria-invalid="true"`)
		check := func(what string, w *httptest.ResponseRecorder, status int) {
			t.Helper()
			s.wants(what, w, status)
			policy := "no-referrer"
			if status != http.StatusOK {
				policy = "same-origin" // an error is a page like any other, and its address stays on this site
			}
			if h := w.Header(); h.Get("X-Robots-Tag") != "noindex, nofollow" || h.Get("Referrer-Policy") != policy {
				t.Errorf("%s: robots %q, referrer %q", what, h.Get("X-Robots-Tag"), h.Get("Referrer-Policy"))
			}
		}
		check("the report", s.get("", at), 200)
		check("its groups", s.get("", at+"/groups?by=age"), 200)
		check("an unknown group", s.get("", at+"/groups?by=x"), 404)
		check("a file", s.get("", at+"/download/json"), 200)
		if strings.Contains(s.get("", at).Body.String(), "/manage") {
			t.Error("a visitor is offered to manage")
		}
		check("another secret", s.get("", at+"x"), 404)
		links, err := s.Links(t.Context(), hr, r.ID)
		if err != nil || len(links) != 1 {
			t.Fatal(err)
		}
		s.leads("revoked", s.post("hr", "/reports/"+r.ID+"/links/"+links[0].ID+"/revoke", nil), "/reports/"+r.ID+"/manage")
		for _, target := range []string{"", "/groups", "/download/json"} {
			check("revoked"+target, s.get("", at+target), 410)
		}
	})
}

func TestPagesChangeReportsAsTheyAreAsked(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		r := s.ready(dbtest.Ours)
		at := "/reports/" + r.ID
		s.leads("published", s.post("hr", at+"/publish", nil), at+"/manage")
		s.wants("staff", s.get("employee", at), 200)
		s.wants("the list of staff", s.get("employee", "/reports"), 200, "Rapport")
		s.leads("withdrawn", s.post("hr", at+"/withdraw", nil), at+"/manage")
		s.wants("staff", s.get("employee", at), 404)
		s.wants("an old version", s.post("hr", at+"/rename", url.Values{"title": {"Nieuw"}, "version": {"1"}}), 422, `value="Nieuw"`)
		s.wants("no title", s.post("hr", at+"/rename", url.Values{"title": {""}, "version": {"4"}}), 422)
		s.leads("renamed", s.post("hr", at+"/rename", url.Values{"title": {"<b>Nieuw</b>"}, "version": {"4"}}), at+"/manage")
		s.wants("escaped", s.get("hr", at+"/manage"), 200, "&lt;b&gt;Nieuw&lt;/b&gt;")
		s.wants("sure?", s.get("hr", at+"/delete"), 200)
		s.leads("deleted", s.post("hr", at+"/delete", nil), "/reports")
		s.wants("gone", s.get("hr", at), 404)
		s.wants("the answers", s.get("hr", "/answers"), 200, "Voorjaar")
		s.wants("sure?", s.get("hr", "/answers/"+r.Source+"/delete"), 200)
		s.leads("deleted", s.post("hr", "/answers/"+r.Source+"/delete", nil), "/answers")
		s.wants("a form", s.get("hr", "/answers/new"), 200, `enctype="multipart/form-data"`)
		s.wants("answers of nobody", s.post("hr", "/reports", url.Values{"source": {"none"}, "title": {"t"}, "wave": {"w"}}), 404)
	})
}

func TestEveryRouteAsksWhoComes(t *testing.T) {
	t.Parallel()
	s := newSite(t, newWorld(t, dbtest.SQLite(t)))
	r := s.ready(dbtest.Ours)
	replace := strings.NewReplacer("/reports/{id}", "/reports/"+r.ID, "/answers/{id}", "/answers/"+r.Source, "{format}", "json", "{link}", "x", "{token}", "x")
	for _, route := range s.server.Routes() {
		method, pattern, _ := strings.Cut(route.Pattern, " ")
		target := replace.Replace(pattern)
		what := route.Pattern
		if route.Public {
			s.wants(what, s.send(method, target, nil), 404)
			continue
		}
		s.leads(what+", a visitor", s.send(method, target, nil), "/sign-in")
		who := "theirs hr"
		if route.Action == access.ExportAnswers {
			who = "theirs researcher"
		}
		w := s.send(method, target, nil, "X-Test-Who", who)
		if strings.Contains(pattern, "{") && w.Code != http.StatusNotFound && w.Code != 415 {
			t.Errorf("%s, somebody elsewhere: status %d", what, w.Code)
		}
		if route.Action != "" && !access.Can(person(dbtest.Ours), route.Action, access.Resource{Tenant: dbtest.Ours}) {
			s.wants(what+", staff", s.send(method, target, nil, "X-Test-Who", "employee"), 403)
		}
	}
	if got, err := s.Report(t.Context(), hr, r.ID); err != nil || got.Version != r.Version {
		t.Errorf("something changed: %+v, %v", got, err)
	}
}
