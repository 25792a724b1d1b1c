package desk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// furnish fills the world as an organisation has it after two waves.
func (s *site) furnish() (running action.Action) {
	s.t.Helper()
	ctx, hr := s.t.Context(), actiontest.Actor("hr")
	s.Add(action.Report{ID: "r1", Title: "Monitor najaar 2026", Published: true}, actiontest.Monitor(), actiontest.Gap(.5))
	s.Step(1)
	goal := .7
	d := actiontest.Draft("Maak de regels bekend in elke dienst")
	d.Why = "48 % zegt dat de organisatie regels over AI heeft (tussen 44 en 52 %).\nElke leidinggevende bespreekt de tien regels op een teamoverleg."
	d.Risk, d.Notes = "Mensen zetten gegevens van burgers in een dienst buiten de organisatie.", "Ook in de depots, om 7 uur."
	d.Owner = action.Owner{Account: "manager", Role: "Communicatie"}
	d.Measure = &action.Wish{Report: "r1", Key: action.Key{Source: action.FromReport, Item: "knows_rules", Option: "yes"}, Direction: action.Up, Goal: &goal}
	running = s.Begin(d, action.Running)
	steps := []error{
		s.Supply(ctx, hr, running.ID, running.Version, action.Material{Name: "Tien regels, affiche", Version: "3", Link: "https://intranet.example/regels", Since: "2026-12-01"}),
		s.Touch(ctx, hr, running.ID, running.Version+1, action.Reach{Day: "2026-12-01", What: "Infomoment in het depot", Audience: action.Target{Kind: action.FieldWork}, People: 24, Of: 130, Material: "Tien regels, affiche, versie 3"}),
		s.Touch(ctx, hr, running.ID, running.Version+2, action.Reach{Day: "2026-12-02", What: "Teamoverleg", Audience: action.Target{Kind: action.Department, Name: plainText("Burgerzaken")}, People: 61}),
		s.Look(ctx, hr, running.ID, running.Version+3, "De affiche hangt in alle depots. Twee diensten moeten nog.", "2027-02-01"),
	}
	for _, err := range steps {
		if err != nil {
			s.t.Fatal(err)
		}
	}
	for _, x := range []struct {
		title string
		state action.State
		due   action.Day
	}{{"Les van twintig minuten op de werkplek", action.Planned, "2027-02-15"}, {"Praatcafé over wat AI met het werk doet", action.Proposed, ""}, {"Korte video’s van collega’s", action.Done, "2027-01-10"}, {"Eigen chatbot bouwen", action.Stopped, ""}, {"Helpt een begeleider per dienst?", action.Running, "2026-12-08"}} {
		d := actiontest.Draft(x.title)
		d.Starts, d.Due = "2026-12-07", x.due
		if x.due == "" {
			d.Starts = ""
		}
		s.Begin(d, x.state)
	}
	s.Step(60)
	later := actiontest.Monitor()
	later.Earlier = &findings.Earlier{}
	for i := range later.Shares {
		if later.Shares[i].Item == "knows_rules" {
			later.Shares[i] = actiontest.ShareOf("knows_rules", "yes", nil, .63)
		}
	}
	s.Add(action.Report{ID: "r2", Title: "Monitor najaar 2027", Previous: "r1", Published: true}, later, nil)
	return s.See(running.ID)
}

// TestPagesFitAndAreAccessible opens every page in each state, on a phone, a tablet and a desk, with and without scripts. With
// TEKENTAFEL_SHOTS it keeps pictures of them in that folder, to look at with one's own eyes.
func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t, dbtest.SQLite(t))
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/t/") {
			r.Header.Set("X-Test-Who", "hr")
		}
		r.Header.Set("Accept-Language", "nl")
		s.server.ServeHTTP(w, r)
	})
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	shots := os.Getenv("TEKENTAFEL_SHOTS")
	look := func(name, path string, prepare ...func(p *browsertest.Page)) {
		t.Helper()
		for _, width := range []int64{320, 820, 1366} {
			for _, plain := range []bool{false, true} {
				if plain && (width > 320 || len(prepare) > 0) {
					continue
				}
				p := b.OpenURL(t, listener.URL+path, browsertest.View{Width: width, Height: 800, NoJS: plain})
				for _, f := range prepare {
					f(p)
				}
				if out := p.Beyond(); len(out) > 0 {
					t.Errorf("%s at %d px, beyond the edge: %s", name, width, strings.Join(out, "; "))
				}
				if out := p.Violations(); len(out) > 0 {
					t.Errorf("%s at %d px, without scripts %v: %s", name, width, plain, strings.Join(out, "; "))
				}
				if out := p.Refused(); len(out) > 0 {
					t.Errorf("%s at %d px: refused by the policy: %s", name, width, strings.Join(out, "; "))
				}
				if shots != "" && !plain {
					if err := os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(width, 10)+".png"), p.Screenshot(), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				p.Close()
			}
		}
	}
	look("empty", home)
	look("proposals-empty", proposalsAt)
	a := s.furnish()
	item := itemAt(a.ID)
	told := reportAt(toldAt, "r1")
	look("list", home)
	look("item", item)
	look("new", newAt)
	look("new-wrong", newAt, func(p *browsertest.Page) { p.Click("form.form button"); p.Wait(".error-summary") })
	look("edit", item+"/edit")
	look("reach", item+"/reach")
	look("material", item+"/material")
	look("review", item+"/review")
	look("stop", item+"/stop")
	look("undo", item+"/undo")
	look("delete", item+"/delete")
	look("proposals", proposalsAt+"/r1")
	look("aside", s.get("hr", proposalsAt+"/r1").link("Leg opzij"))
	look("timeline", timelineAt)
	look("told", toldAt)
	look("tell", told)
	list, err := s.List(t.Context(), actiontest.Actor("hr"), action.Query{})
	if err != nil {
		t.Fatal(err)
	}
	content := action.ToldContent{Figures: true, Intro: plainText("Bedankt voor je antwoorden. Meer dan achthonderd collega’s deden mee.")}
	for _, x := range list {
		if x.State != action.Stopped {
			content.Items = append(content.Items, action.ToldItem{Action: x.ID, Words: plainText("Dit merk je ervan: " + x.Title + ". Vraag het aan je leidinggevende als je er meer over wilt weten.")})
		}
	}
	if err := s.Tell(t.Context(), actiontest.Actor("hr"), "r1", 0, content); err != nil {
		t.Fatal(err)
	}
	look("tell-draft", told)
	look("preview", told+"/preview")
	if err := s.Publish(t.Context(), actiontest.Actor("hr"), "r1", 1); err != nil {
		t.Fatal(err)
	}
	look("tell-published", told)
	at, err := url.Parse(s.get("hr", told).link("Bekijk de pagina"))
	if err != nil {
		t.Fatal(err)
	}
	look("public", at.Path)
	look("poster", told+posterPath+"?lang=nl")
	look("withdraw", told+"/withdraw")
	if n := s.get("hr", proposalsAt+"/r1").Body.Len(); n > 100<<10 {
		t.Errorf("the page of proposals is %d bytes", n)
	}
}
