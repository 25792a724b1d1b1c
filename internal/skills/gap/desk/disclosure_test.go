package desk

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"tekentafel/internal/skills/gap"
)

// crawled is everything that the pages and files of a gap say.
type crawled struct {
	pages map[string]*answer
	order []string
}

// crawl opens all pages of a gap that links and forms lead to, with every choice of every form.
func (s *site) crawl(start string) *crawled {
	s.t.Helper()
	c := &crawled{pages: map[string]*answer{}}
	queue := []string{start}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if c.pages[at] != nil || !strings.HasPrefix(at, start) || strings.Contains(at, "/export/") || strings.Contains(at, "/reading") || strings.Contains(at, "/progress") {
			continue
		}
		a := s.get("researcher", at).wants(http.StatusOK)
		c.pages[at], c.order = a, append(c.order, at)
		for n := range a.root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			switch n.Data {
			case "a":
				queue = append(queue, attr(n, "href"))
			case "form":
				if attr(n, "method") == "get" {
					queue = append(queue, choices(n)...)
				}
			}
		}
	}
	return c
}

// choices are the addresses that a form leads to, one for each option of each list.
func choices(form *html.Node) []string {
	base := url.Values{}
	lists := map[string][]string{}
	for n := range form.Descendants() {
		if n.Type == html.ElementNode && n.Data == "input" && attr(n, "name") != "" {
			base.Set(attr(n, "name"), attr(n, "value"))
		}
		if n.Type == html.ElementNode && n.Data == "select" {
			for o := range n.Descendants() {
				if o.Type == html.ElementNode && o.Data == "option" {
					lists[attr(n, "name")] = append(lists[attr(n, "name")], attr(o, "value"))
				}
			}
		}
	}
	var out []string
	for name, values := range lists {
		for _, v := range values {
			q := url.Values{}
			for k := range base {
				q.Set(k, base.Get(k))
			}
			q.Set(name, v)
			out = append(out, attr(form, "action")+"?"+q.Encode())
		}
	}
	return out
}

// TestNothingShowsAGroupThatTheResultDoesNotHold opens every page with every sorting and filter, the files and the operations, and looks for a
// group that the result does not have, and for the words of functions and departments that it hides.
func TestNothingShowsAGroupThatTheResultDoesNotHold(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	s.quality = readinessFor()
	s.add(wave(t, "r1", "s1", 1300, 7))
	second := wave(t, "r2", "s2", 1200, 8)
	second.Previous = "r1"
	s.add(second)
	s.asks("r1")
	s.asks("r2")
	g := s.result("r2")
	departments, functions, cells := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range g.Departments {
		departments[r.Department] = true
	}
	for _, r := range g.Functions {
		functions[r.Function] = true
	}
	for _, r := range g.Cells {
		cells[r.Function+"/"+r.Department] = true
	}
	var hidden []string // names of departments with staff that are not shown
	for _, u := range city().Units {
		if strings.HasPrefix(u.Name, "Departement ") && !departments[u.ID] {
			hidden = append(hidden, u.Name)
		}
	}
	if len(hidden) < 2 || len(cells) < 3 || len(g.Cells) == len(g.Departments)*len(g.Functions) || g.Hidden.Cells == 0 {
		t.Fatalf("the world hides too little: %q, %d cells", hidden, len(cells))
	}
	allowed := func(what, function, department string) {
		switch {
		case function != "" && department != "":
			if !cells[function+"/"+department] {
				t.Errorf("%s: it leads to %s in %s", what, function, department)
			}
		case function != "":
			if !functions[function] {
				t.Errorf("%s: it leads to %s", what, function)
			}
		case department != "":
			if !departments[department] {
				t.Errorf("%s: it leads to %s", what, department)
			}
		}
	}
	c := s.crawl(home + "/r2")
	if len(c.order) < 40 {
		t.Errorf("only %d pages were found", len(c.order))
	}
	link := regexp.MustCompile(regexp.QuoteMeta(home) + `/r2/group\?([^"#]*)`)
	for at, a := range c.pages {
		for _, name := range hidden {
			if strings.Contains(a.text(), name) {
				t.Errorf("%s names %s", at, name)
			}
		}
		for _, m := range link.FindAllStringSubmatch(html.UnescapeString(a.Body.String()), -1) {
			q := must(url.ParseQuery(m[1]))(t)
			allowed(at, q.Get("function"), q.Get("department"))
		}
	}
	// Rows of the map that are shown are those of the result, whatever is sought and however it is sorted.
	for _, name := range hidden {
		s.get("hr", home+"/r2/map?q="+url.QueryEscape(name)).wants(http.StatusOK, "0 groepen")
		if a := s.get("hr", home+"/r2/map?by=cell&q="+url.QueryEscape(name)); strings.Contains(a.text(), name) {
			t.Errorf("a search for %s finds it", name)
		}
	}
	for _, u := range city().Units {
		for f := range map[string]bool{"": true, "administration": true, "policy": true, "technical": true, "care": true, "it_data": true, "culture": true} {
			a := s.get("hr", query(home+"/r2/group", "function", f, "department", u.ID))
			if shown := a.Code == http.StatusOK; shown && (f == "" && !departments[u.ID] || f != "" && !cells[f+"/"+u.ID]) || !shown && a.Code != http.StatusNotFound {
				t.Errorf("%s in %s: status %d", f, u.ID, a.Code)
			}
		}
	}
	s.filesHold(g, hidden)
	s.operationsHold(g, hidden)
}

// filesHold looks into the files.
func (s *site) filesHold(g *gap.Gap, hidden []string) {
	s.t.Helper()
	book := must(excelize.OpenReader(bytes.NewReader(s.get("hr", home+"/r2/export/xlsx").wants(http.StatusOK).Body.Bytes())))(s.t)
	names := book.GetSheetList()
	if len(names) < 8 {
		s.t.Errorf("sheets %q", names)
	}
	for _, sheet := range names {
		rows := must(book.GetRows(sheet))(s.t)
		for _, row := range rows {
			for _, cell := range row {
				for _, name := range hidden {
					if strings.Contains(cell, name) {
						s.t.Errorf("the sheet %s names %s", sheet, name)
					}
				}
			}
		}
		want := map[string]int{"Per dienst": len(g.Departments) + 1, "Per soort werk": len(g.Functions), "Soort werk per dienst": len(g.Cells)}[sheet]
		if want > 0 && len(rows) != 1+want*len(g.Skills) {
			s.t.Errorf("the sheet %s has %d rows for %d groups", sheet, len(rows), want)
		}
	}
	for _, format := range []string{"html", "json", "pdf"} {
		body := s.get("hr", home+"/r2/export/"+format).wants(http.StatusOK).Body.String()
		for _, name := range hidden {
			if strings.Contains(body, name) {
				s.t.Errorf("%s names %s", format, name)
			}
		}
	}
	var again gap.Gap
	if err := json.Unmarshal(s.get("hr", home+"/r2/export/json").Body.Bytes(), &again); err != nil || len(again.Cells) != len(g.Cells) || len(again.Departments) != len(g.Departments) {
		s.t.Errorf("the data has %d cells, %v", len(again.Cells), err)
	}
}

// call sends a request of a script and reads the answer as JSON.
func (s *site) call(key, method, target string) (int, map[string]any) {
	s.t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+target, nil)
	r.Header.Set("Authorization", key)
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	out := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		s.t.Errorf("%s %s: %v: %.200s", method, target, err, w.Body)
	}
	return w.Code, out
}

const keyOfHR = "Bearer hr skills.gap reports.make"

// operationsHold walks the operations.
func (s *site) operationsHold(g *gap.Gap, hidden []string) {
	s.t.Helper()
	count := func(kind string) (n int) {
		from := "0"
		for {
			code, out := s.call(keyOfHR, "GET", "/skills/gaps/r2/rows?limit=7&kind="+kind+"&from="+from)
			if code != http.StatusOK {
				s.t.Fatalf("%s: %d %v", kind, code, out)
			}
			items, _ := out["items"].([]any)
			n += len(items)
			text := string(must(json.Marshal(out))(s.t))
			for _, name := range hidden {
				if strings.Contains(text, name) {
					s.t.Errorf("%s names %s", kind, name)
				}
			}
			next, more := out["next"].(float64)
			if !more {
				return n
			}
			from = itoa(int(next))
		}
	}
	for kind, want := range map[string]int{"department": len(g.Departments), "function": len(g.Functions), "cell": len(g.Cells), "family": 0} {
		if got := count(kind); got != want {
			s.t.Errorf("%d rows of %s, %d in the result", got, kind, want)
		}
	}
}

func TestAScriptListsComputesAndReads(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add(wave(t, "r1", "s1", 1200, 7))
		code, out := s.call(keyOfHR, "GET", "/skills/gaps")
		items, _ := out["items"].([]any)
		if one, _ := items[0].(map[string]any); code != http.StatusOK || one["state"] != "none" || one["there"] != false || one["report"] != "r1" {
			t.Errorf("%d %v", code, out)
		}
		if code, _ := s.call(keyOfHR, "GET", "/skills/gaps/r1"); code != http.StatusNotFound {
			t.Errorf("status %d before there is a result", code)
		}
		if code, out := s.call("Bearer hr skills.gap", "POST", "/skills/gaps/r1/compute"); code != http.StatusForbidden {
			t.Errorf("a key without the scope computes: %d %v", code, out)
		}
		if code, out := s.call(keyOfHR, "POST", "/skills/gaps/r1/compute"); code != http.StatusOK && code != http.StatusCreated && code != http.StatusAccepted || out["report"] != "r1" {
			t.Fatalf("%d %v", code, out)
		}
		s.until("r1", ready)
		code, out = s.call(keyOfHR, "GET", "/skills/gaps/r1")
		stale, _ := out["stale"].(map[string]any)
		if code != http.StatusOK || out["state"] != "ready" || out["k"] != 10.0 || stale["needs"] != false || out["whole"] == nil || len(out["skills"].([]any)) != 5 {
			t.Errorf("%d %v", code, out)
		}
		if code, out := s.call(keyOfHR, "POST", "/skills/gaps/r1/confirm"); code >= 300 || out["state"] != "making" {
			t.Fatalf("%d %v", code, out)
		}
		s.until("r1", ready)
		if code, _ := s.call(keyOfHR, "POST", "/skills/gaps/r1/confirm"); code != http.StatusConflict {
			t.Errorf("confirmed twice: %d", code)
		}
		if code, _ := s.call("Bearer dpo skills.gap reports.make", "POST", "/skills/gaps/r1/confirm"); code != http.StatusForbidden {
			t.Errorf("the data protection officer confirms: %d", code)
		}
		g := s.result("r1")
		one := &g.Cells[0]
		_, out = s.call(keyOfHR, "GET", "/skills/gaps/r1/rows?kind=cell&department="+one.Department)
		rows, _ := out["items"].([]any)
		if !slices.ContainsFunc(rows, func(r any) bool { return r.(map[string]any)["function"] == one.Function }) || len(rows) >= len(g.Cells) {
			t.Errorf("%v", out)
		}
		for _, key := range []string{"Bearer manager skills.gap", "Bearer employee skills.gap", "Bearer hr skills.needs"} {
			if code, _ := s.call(key, "GET", "/skills/gaps/r1"); code != http.StatusForbidden {
				t.Errorf("%s: %d", key, code)
			}
		}
	})
}
