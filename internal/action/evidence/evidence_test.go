package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
)

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestEverythingThatCanBeMissingHasItsWords(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for _, l := range instrument.Languages() {
		w := s.in(l)
		for _, x := range Lacks() {
			if w.missing(&Missing{Lack: x, What: "iets"}) == "" || w.say("lack."+string(x)) == "" {
				t.Errorf("%s: %s has no words", l, x)
			}
		}
		for _, p := range Parts() {
			if w.say("part."+string(p)) == "" {
				t.Errorf("%s: %s has no words", l, p)
			}
		}
		if err := w.Err(); err != nil {
			t.Error(err)
		}
	}
}

// TestWhatIsMissingIsListed looks at an organisation with nothing.
func TestWhatIsMissingIsListed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		e, err := s.Evidence(t.Context(), actiontest.Actor("hr"), "Stad")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range e.Missing {
			got = append(got, string(m.Part)+" "+string(m.Lack))
		}
		want := []string{"systems no-systems", "audiences no-staff", "baseline no-baseline", "goals no-measures", "measures no-measures", "effects no-measures", "reviews no-measures"}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("missing: %q", got)
		}
		s.get("hr", home).wants(http.StatusOK, "Een personeelslijst, om doelgroepen te tonen", "Een meting met een rapport", "Er zijn nog geen maatregelen beslist", "een overzicht van de AI-systemen in gebruik")
		raw, err := json.Marshal(e)
		if err != nil || strings.Contains(string(raw), "null") {
			t.Errorf("the JSON has null: %s %v", raw, err)
		}
	})
}

// TestTheEvidenceSaysWhatAnAuditorAsks reads the page, and each file.
func TestTheEvidenceSaysWhatAnAuditorAsks(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.full()
		says := []string{"Administratie", "480", "minder dan 10", "Kritisch 2–3, Ethisch 2", "Kritisch 1 (voorstel)", "Werkt met persoonsgegevens", "Monitor najaar 2026", "1.214", "66 %", "GenAI-monitor, versie 1.4",
			"Fouten in antwoorden aan burgers", "53 % (tussen 49 en 57 %)", "minstens 60 %", "Basisles AI, versie 1.2", "15 december 2026: Les in het depot, Wie buiten of in ploegen werkt: 120 van 300",
			"De lessen in het depot zijn te lang.", "Hanne Rogiers", "gepland", "HR, team leren", "Gestopt: Er is geen tijd voor.",
			"Een toestel in elk depot", "hoeveel mensen het bereikte", "welk materiaal gebruikt is", "een overzicht van de AI-systemen in gebruik"}
		lacks := []string{"Een toestel in elk depot: hoeveel mensen het bereikte", "Eerlijk zeggen wat je gebruikt: het cijfer van toen mag niet meer getoond worden", "Toezicht: wat deze functies vragen is nog een voorstel"}
		s.get("hr", home).wants(http.StatusOK, says...).silent("Een podcast over AI")
		s.get("dpo", home).wants(http.StatusOK, says...)
		for _, who := range []string{"employee", "manager", "core-team", "researcher", "administrator"} {
			s.get(who, home).wants(http.StatusForbidden)
			s.get(who, filesAt+"json").wants(http.StatusForbidden)
		}
		s.get("theirs hr", home).wants(http.StatusOK).silent("Administratie", "Korte lessen", "Monitor najaar")
		book := sheets(t, s.get("hr", filesAt+"xlsx").wants(http.StatusOK).Body.Bytes())
		paper := s.get("hr", paperAt).wants(http.StatusOK, append(lacks, says...)...)
		for _, want := range append(lacks, says...) {
			if !strings.Contains(strings.Join(strings.Fields(book), " "), want) {
				t.Errorf("the workbook does not say %q", want)
			}
		}
		if strings.Count(paper.Body.String(), "<h1") != 1 {
			t.Error("the paper has no title of its own")
		}
		var e Evidence
		if err := json.Unmarshal(s.get("hr", filesAt+"json").wants(http.StatusOK).Body.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if e.Schema != Schema || len(e.Audiences) != 4 || len(e.Baselines) != 1 || len(e.Measures) != 4 || len(e.Reviews) != 2 {
			t.Errorf("%+v", e)
		}
		if a := s.get("hr", filesAt+"pdf?lang=fr").wants(http.StatusOK); !strings.HasPrefix(a.Body.String(), "%PDF") || !strings.Contains(a.Header().Get("Content-Disposition"), "preuves-maitrise-ia-") {
			t.Errorf("%v", a.Header())
		}
		s.get("hr", filesAt+"doc").wants(http.StatusNotFound)
		n := 0
		if err := s.DB.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action = 'evidence.exported'`, nil, &n); err != nil || n != 3 {
			t.Errorf("%d exports are in the log, %v", n, err)
		}
		s.print = func(context.Context, []byte, pdf.Options) ([]byte, error) { return nil, &pdf.NotInstalledError{} }
		s.get("hr", filesAt+"pdf").wants(http.StatusServiceUnavailable)
		if _, err := s.Evidence(t.Context(), actiontest.Actor("manager"), "x"); !problem.Is(err, problem.Forbidden) {
			t.Error(err)
		}
	})
}

// TestAScriptReadsWhatTheFileSays compares the operation with the file.
func TestAScriptReadsWhatTheFileSays(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.full()
	call := func(who, scope string) (int, map[string]any) {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, "/api/v1/evidence", nil)
		r.Header.Set("X-Test-Who", who)
		r.Header.Set("X-Test-Scope", scope)
		w := httptest.NewRecorder()
		s.server.ServeHTTP(w, r)
		out := map[string]any{}
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		delete(out, "$schema")
		return w.Code, out
	}
	var file map[string]any
	if err := json.Unmarshal(s.get("hr", filesAt+"json").Body.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	if code, got := call("hr", "evidence.read"); code != http.StatusOK || !reflect.DeepEqual(got, file) {
		t.Errorf("status %d, %v beside %v", code, got, file)
	}
	for who, scope := range map[string]string{"hr": "actions.read", "manager": "evidence.read"} {
		if code, _ := call(who, scope); code != http.StatusForbidden {
			t.Errorf("%s with %s: status %d", who, scope, code)
		}
	}
}

// TestNoFewPeopleNoScoreAndNoNameComesOut scans every export for what must not be in it.
func TestNoFewPeopleNoScoreAndNoNameComesOut(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.full()
	s.Tries = s.everyonesTries()
	s.world.Step(200)
	later := actiontest.Monitor()
	later.Shares[0] = actiontest.ShareOf("weekly_use_work", "yes", nil, .66)
	s.world.Add(action.Report{ID: "r2", Title: "Monitor najaar 2027", Wave: "Najaar 2027", Previous: "r1"}, later, nil)
	raw := s.get("hr", filesAt+"json").wants(http.StatusOK).Body.String()
	exports := map[string]string{"page": s.get("hr", home).text(), "paper": s.get("hr", paperAt).text(), "json": raw, "xlsx": sheets(t, s.get("hr", filesAt+"xlsx").Body.Bytes())}
	for name, text := range exports {
		for what, pattern := range map[string]string{
			"somebody who answered": `An Peeters`, "an account": `"(hr|manager|employee)"`, "a hidden group": `Zwembad`, "a sensitive figure": `22 ?%|undisclosed`,
			"the rest of 412":             `\b412\b`,
			"the staff of a small family": `Kabinet\W+7\b`, "a small audience": `kabinet, Alle medewerkers: 6\b|"people": 6\b`, "a cause": `dankzij|door de maatregel`,
		} {
			if m := regexp.MustCompile(pattern).FindString(strings.ReplaceAll(text, "\u00a0", " ")); m != "" {
				t.Errorf("the %s has %s: %q", name, what, m)
			}
		}
	}
	var tree any
	if err := json.Unmarshal([]byte(raw), &tree); err != nil {
		t.Fatal(err)
	}
	walk(tree, "", func(path string, n float64) {
		key := path[strings.LastIndexByte(path, '.')+1:]
		switch key {
		case "people", "of", "base", "respondents", "population", "days":
			if n != 0 && n < 10 {
				t.Errorf("%s is %v", path, n)
			}
		case "group_size", "rate", "lowest", "highest", "value", "low", "high", "goal", "weeks", "examples": // of weeks and examples: no people
		default:
			t.Errorf("nobody thought of the number at %s", path)
		}
	})
	if !strings.Contains(raw, `"few": true`) || !strings.Contains(exports["page"], "Verschoven: van 53 % naar 66 %") {
		t.Error("nothing was hidden, or no effect was told: the scan looks at too little")
	}
}

// walk calls f with every number of a value and where it stands.
func walk(v any, path string, f func(path string, n float64)) {
	switch x := v.(type) {
	case map[string]any:
		for k, y := range x {
			walk(y, path+"."+k, f)
		}
	case []any:
		for _, y := range x {
			walk(y, path, f)
		}
	case float64:
		f(path, x)
	}
}

// TestNothingComesBackOnceGroupsMustBeLarger raises the smallest group.
func TestNothingComesBackOnceGroupsMustBeLarger(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.full()
	s.world.K = 500
	e, err := s.Evidence(t.Context(), actiontest.Actor("dpo"), "Stad")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range e.Goals {
		if g.Figure != nil {
			t.Errorf("a figure of %d people is shown", g.Figure.Base)
		}
	}
	for _, m := range e.Measures {
		for _, r := range m.Reach {
			if !r.Few || r.People != 0 || r.Of != 0 {
				t.Errorf("%+v", r)
			}
		}
	}
	if len(e.Effects) != 0 || e.Audiences[1].People != 0 || !e.Audiences[1].Few || e.Audiences[0].People != 1214 {
		t.Errorf("%+v %+v", e.Effects, e.Audiences)
	}
}

func TestASmallNumberIsNeverANumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(-5, 60).Draw(t, "n"), rapid.IntRange(5, 40).Draw(t, "k")
		c := count(n, k)
		switch {
		case c.People != 0 && c.People < k, c.Few && c.People != 0, c.Few != (n > 0 && n < k), n >= k && c.People != n:
			t.Fatalf("%d with %d: %+v", n, k, c)
		}
	})
}

// TestTheWholeLessTheOthersTellsNoFew subtracts, as a reader can.
func TestTheWholeLessTheOthersTellsNoFew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(5, 20).Draw(t, "k")
		sizes := rapid.SliceOfN(rapid.IntRange(0, 60), 0, 8).Draw(t, "families")
		whole := rapid.IntRange(0, 15).Draw(t, "without")
		var list []Audience
		for _, n := range sizes {
			whole += n
			list = append(list, Audience{Kind: Family, Count: count(n, k)})
		}
		list = append([]Audience{{Kind: Staff, Count: count(whole, k)}}, list...)
		guard(list, whole, k)
		rest, few, told := whole, false, 0
		for i := range list[1:] {
			a := &list[1+i]
			if a.People > 0 && (a.Few || a.Held || a.People < k || a.People != sizes[i]) {
				t.Fatalf("%+v of %d", a, sizes[i])
			}
			rest, few = rest-a.People, few || a.Few
			if a.People > 0 {
				told++
			}
		}
		if few && rest < k && told > 0 {
			t.Fatalf("%d are left of %v, with %d: %+v", rest, sizes, k, list)
		}
	})
}

// sheets is the text of every cell of a workbook.
func sheets(t *testing.T, content []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			b.WriteString(strings.Join(r, "\n") + "\n")
		}
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		x, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(x, []byte("<f>")) {
			t.Errorf("%s has a formula", file.Name)
		}
	}
	return b.String()
}

// TestTextOfPeopleIsNoFormula writes an action whose title a spreadsheet would compute.
func TestTextOfPeopleIsNoFormula(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.world.Begin(actiontest.Draft(`=HYPERLINK("https://x.example")`), action.Planned)
	if got := sheets(t, s.get("hr", filesAt+"xlsx").wants(http.StatusOK).Body.Bytes()); !strings.Contains(got, `'=HYPERLINK`) {
		t.Error("the title is left as a formula")
	}
}
