package needs

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/asked"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// changed is the workbook of what stands, with other cells.
func (w *world) changed(lang instrument.Lang, cells map[string]any) []byte {
	w.t.Helper()
	var b bytes.Buffer
	if err := w.Export(w.t.Context(), hr(), &b, lang, false); err != nil {
		w.t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		w.t.Fatal(err)
	}
	for place, value := range cells {
		sheet, cell, _ := strings.Cut(place, "!")
		if n, err := strconv.Atoi(sheet); err == nil {
			sheet = f.GetSheetName(n)
		}
		if err := f.SetCellValue(sheet, cell, value); err != nil {
			w.t.Fatal(err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Bytes()
}

// TestPagesFitAndAreAccessible opens every page in its states, on a phone, a tablet and a desk, with scripts and without. With
// TEKENTAFEL_SHOTS it keeps pictures of them in that folder, to look at with one's own eyes.
func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		who := r.URL.Query().Get("as")
		if who == "" {
			who = "hr"
		}
		r.Header.Set("X-Test-Who", who)
		r.Header.Set("Accept-Language", "nl")
		s.server.ServeHTTP(w, r)
	})
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	views := []browsertest.View{{Width: 320, Height: 800}, {Width: 820, Height: 1000, NoJS: true}, {Width: 1366, Height: 800}}
	shots := os.Getenv("TEKENTAFEL_SHOTS")
	if shots != "" {
		views = []browsertest.View{{Width: 390, Height: 800}, {Width: 1280, Height: 800}}
	}
	b := browsertest.Start(t)
	tabs := make([]*browsertest.Page, len(views))
	for i, v := range views {
		tabs[i] = b.Tab(t, v)
	}
	look := func(name, path string) {
		t.Helper()
		for i, p := range tabs {
			p.Goto(listener.URL + path)
			if out := p.Beyond(); len(out) > 0 {
				t.Errorf("%s at %v, beyond the edge: %s", name, views[i], strings.Join(out, "; "))
			}
			if out := p.Violations(); len(out) > 0 {
				t.Errorf("%s at %v: %s", name, views[i], strings.Join(out, "; "))
			}
			if out := p.Refused(); len(out) > 0 {
				t.Errorf("%s at %v: the policy refuses %s", name, views[i], strings.Join(out, "; "))
			}
			if shots != "" {
				if err := os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(views[i].Width, 10)+".png"), p.Screenshot(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	ctx := t.Context()
	look("overview-first", home)
	look("roles-empty", rolesAt)
	look("function-first", functionsAt+"clerk")
	must(s.TakeOver(ctx, hr(), function("garden"), 0))(t)
	role := must(s.PutRole(ctx, hr(), RoleOf{Name: "Wie software koopt", Text: "Beslist mee over aankopen", Levels: map[string]int{"technical": 4, "ethical": 3}, Reason: "Bepaalt waarmee anderen werken"}, s.seq(), asked.Request{}))(t)
	must(s.SetLevel(ctx, hr(), framework.Where{Function: "clerk", Department: "desk"}, "creative", 3, "Het loket maakt zelf folders en berichten voor de schermen", s.seq(), asked.Request{}))(t)
	must(s.SetLevel(ctx, hr(), framework.Where{Function: "clerk"}, "technical", 2, "Ze werken met drie toepassingen", s.seq(), asked.Request{}))(t)
	must(s.SetFactors(ctx, hr(), Subject{Family: "Dienstverlening"}, map[string]FactorOf{"persons": {Note: "Ook mensen die moeilijk lezen"}, "context": {Counts: true}}, s.seq(), asked.Request{}))(t)
	must(s.SetAnswers(ctx, hr(), Subject{Family: "Dienstverlening"}, map[string]string{"personal-data": "yes"}, s.seq(), asked.Request{}))(t)
	proposal := must(s.Propose(ctx, manager(), ProposalInput{Function: "garden", Answers: map[string]string{"writes": "yes"}, Levels: map[string]int{"creative": 3}, Reason: "Ze maken zelf de borden in het park"}))(t)
	file := s.changed(instrument.NL, map[string]any{"0!E3": 4, "0!F4": 3, "1!D3": "nee", "0!G5": "veel", "0!B6": "Onbekende functie", "0!M1": "Kleur", "0!M4": "rood"})
	staged := must(s.Bring(ctx, hr(), s.file(file), "noden.xlsx", "Overlegd met de diensthoofden", asked.Request{}))(t)
	look("overview", home)
	look("overview-manager", home+"?as=manager")
	look("matrix", matrixAt)
	look("matrix-unit", matrixAt+"?unit=desk")
	look("function", functionsAt+"clerk")
	look("function-unit", functionsAt+"clerk?unit=desk")
	look("function-manager", functionsAt+"garden?as=manager")
	look("answers", functionsAt+"clerk/answers")
	look("level", functionsAt+"clerk/level?skill=technical")
	look("factors", familyAt("Dienstverlening")+"/factors")
	look("family", familyAt("Dienstverlening"))
	look("take-all", familyAt("Dienstverlening")+"/take-all")
	look("propose", functionsAt+"garden/propose?as=manager")
	look("proposals", proposalsAt)
	look("proposal", proposalsAt+"/"+proposal)
	look("roles", rolesAt)
	look("role", rolesAt+"/"+role)
	look("role-drop", rolesAt+"/"+role+"/drop")
	look("history", historyAt)
	look("change", changesAt+"1")
	look("undo", changesAt+"1/undo")
	look("import", importAt)
	look("import-preview", importAt+"/"+staged)
	look("framework", frameworkAt+"?as=employee")
	look("framework-skill", frameworkAt+"/critical?as=employee")
	look("framework-edit", frameworkAt+"/edit")
	look("framework-level", frameworkAt+"/edit/level.critical.basis")
	look("framework-everyone", frameworkAt+"/edit/everyone")
	look("framework-rule", frameworkAt+"/edit/rule.citizens")
	draft := s.get("hr", frameworkAt+"/edit/rule.citizens").form(frameworkAt + "/edit/rule.citizens")
	draft.Set("ask.creative", "2")
	for _, l := range framework.Languages() {
		draft.Set("why.creative."+string(l), "Wie burgers ontvangt, zoekt samen met hen naar een oplossing die past.")
	}
	s.post("hr", frameworkAt+"/edit/rule.citizens", draft).leads(frameworkAt + "/edit")
	look("framework-draft", frameworkAt+"/edit")
	look("framework-publish", frameworkAt+"/publish")
	publish := s.get("hr", frameworkAt+"/publish").form(frameworkAt + "/publish")
	publish.Set("note", "Ook creativiteit aan het loket")
	s.post("hr", frameworkAt+"/publish", publish).leads(frameworkAt + "/versions")
	look("framework-versions", frameworkAt+"/versions")
	look("framework-hold", frameworkAt+"/versions/0/hold")
	look("framework-differences", frameworkAt+"/differences?"+url.Values{"a": {"0"}, "b": {"1"}}.Encode())
}
