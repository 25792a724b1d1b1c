package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/asked"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/report/findings"
)

// asked0 is a change that is asked for once.
func asked0() asked.Request { return asked.Request{} }

// TestFromAFindingToWhatPeopleAreTold walks the whole way as a person does: a report, a proposal, an action with who answers for it, whom it
// reached, a later wave that says whether the figure moved, and the page for everyone.
func TestFromAFindingToWhatPeopleAreTold(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("hr", home).wants(http.StatusOK, "Nog geen acties", "Strategie")
		s.get("hr", proposalsAt).wants(http.StatusOK, "Nog geen rapport")
		s.Add(action.Report{ID: "r1", Title: "Najaar 2026", Synthetic: true}, actiontest.Monitor(), nil)
		page := s.get("hr", proposalsAt).wants(http.StatusOK, "Werk aan technische vaardigheid", "Het hele interval ligt onder dat van de andere vaardigheden", "Mensen schatten zichzelf in",
			"Neem een drempel weg: ‘niet weten hoe’", "48 % zegt dat de organisatie regels over AI heeft (tussen 44 en 52 %)", "Groen en ruimte", "Geef een les van een uur.", "leeftijd, gender of opleiding")
		page.silent("jonger dan 35", "Zwembad")

		at := page.link("Begin met het eerste voorstel")
		form := s.get("hr", at).wants(http.StatusOK, "Wat ga je doen?").form()
		if form.Get("title") != "Werk aan technische vaardigheid" || form.Get("measure") != "report~technical~~~" || form.Get("direction") != "up" || form.Get("target") != "everyone~~" {
			t.Fatalf("prefilled: %v", form)
		}
		form.Set("state", "planned")
		form.Set("goal", "2,8")
		wrong := s.send(http.MethodPost, "hr", newAt, strings.NewReader(form.Encode())).wants(http.StatusUnprocessableEntity, "Zeg wie de actie trekt", "Zeg tegen wanneer")
		if again := wrong.form(); again.Get("title") != form.Get("title") || again.Get("proposal") != form.Get("proposal") || again.Get("goal") != "2,8" {
			t.Errorf("what was filled in is gone: %v", again)
		}
		form.Set("owner", "manager")
		form.Set("role", "Dienst Leren")
		form.Set("starts", "2026-12-07")
		form.Set("due", "2027-03-31")
		item := s.send(http.MethodPost, "hr", newAt, strings.NewReader(form.Encode())).leads(itemsAt)
		shown := s.get("hr", item).wants(http.StatusOK, "Gepland", "Bert Vandenberghe (Dienst Leren)", "31 maart 2027", "Najaar 2026", "Dit cijfer moet omhoog, tot 2,8", "nog niet begonnen", "2,4 op een schaal van 1 tot 5")
		shown.silent("<script>alert")
		s.get("hr", proposalsAt).wants(http.StatusOK, "Al een actie")
		if twice := s.send(http.MethodPost, "hr", newAt, strings.NewReader(form.Encode())).leads(itemsAt); twice != item {
			t.Errorf("the same form made %s and %s", item, twice)
		}
		form.Del("_once")
		s.send(http.MethodPost, "hr", newAt, strings.NewReader(form.Encode())).wants(http.StatusUnprocessableEntity, "Van dit voorstel is al een actie gemaakt")

		// Who answers for it sees it and says how far it is; others do not.
		s.get("manager", home).wants(http.StatusOK, "Werk aan technische vaardigheid")
		s.get("employee", home).wants(http.StatusOK, "Jij trekt nog geen acties")
		s.get("employee", item).wants(http.StatusNotFound)
		for _, path := range []string{proposalsAt, proposalsAt + "/r1", toldAt, reportAt(toldAt, "r1"), reportAt(toldAt, "r1") + "/preview", newAt} {
			s.get("manager", path).wants(http.StatusForbidden)
		}
		s.get("manager", item+"/edit").wants(http.StatusForbidden)
		s.post("manager", item+"/state", "version", "1", "to", "running").leads(item)
		s.fills("manager", item+"/material", item+"/material", "name", "Les van een uur", "material-version", "2.1", "link", "https://leren.example/les").leads(item)
		s.Step(10)
		s.fills("manager", item+"/reach", item+"/reach", "what", "Les in het depot", "day", "2026-12-10", "people", "24", "of", "130", "material", "Les van een uur, versie 2.1").leads(item)
		s.fills("manager", item+"/review", item+"/review", "found", "De ploegen vragen om meer tijd.", "review", "2027-02-01").leads(item)
		s.get("dpo", item).wants(http.StatusOK, "24 van 130", "2.1", "De ploegen vragen om meer tijd.", "Bert Vandenberghe", "Bereik genoteerd").silent("name=\"version\"")
		s.get("hr", item+"/undo").wants(http.StatusOK, "nagekeken", "Bert Vandenberghe")
		s.post("hr", item+"/undo", "version", "5").leads(item)
		s.get("hr", item).wants(http.StatusOK, "Nog niet nagekeken.")

		// Meanwhile others changed it.
		s.post("hr", item+"/state", "version", "2", "to", "done").wants(http.StatusUnprocessableEntity, "heeft dit intussen gewijzigd")

		// A later wave.
		s.Step(300)
		later := actiontest.Monitor()
		for i := range later.Means {
			if later.Means[i].Construct == "technical" && later.Means[i].Group == nil {
				later.Means[i] = actiontest.MeanOf("technical", nil, 2.9)
			}
		}
		later.Earlier = &findings.Earlier{}
		s.Add(action.Report{ID: "r2", Title: "Najaar 2027", Previous: "r1"}, later, nil)
		s.get("hr", item).wants(http.StatusOK, "Het cijfer is verschoven in de richting die je wou: van 2,4 naar 2,9 in ‘Najaar 2027’", "Dit zegt niet of de actie de oorzaak is", "Het doel van 2,8 is gehaald")
		s.get("hr", home).wants(http.StatusOK, "verschoven: +0,5", "datum voorbij")
		s.get("hr", timelineAt).wants(http.StatusOK, "Maart 2027", "Klaar tegen (datum voorbij)", "Oktober 2027 (deze maand)")

		// Told to colleagues.
		told := reportAt(toldAt, "r1")
		id := strings.TrimPrefix(item, itemsAt)
		s.get("hr", told).wants(http.StatusOK, "Kies eerst minstens één actie")
		s.fills("hr", told, told, "intro", "Bedankt voor je antwoorden.", "tell-"+id, "yes", "words-"+id, "").wants(http.StatusUnprocessableEntity, "Schrijf in gewone woorden")
		s.fills("hr", told, told, "intro", "Bedankt voor je antwoorden.", "tell-"+id, "yes", "words-"+id, "Elke ploeg krijgt een les van een uur.", "figures", "yes").leads(told)
		s.fills("hr", told+"?in=fr", told, "intro", "Merci.", "words-"+id, "Chaque équipe reçoit une leçon.").leads(told)
		s.get("researcher", told+"/preview").wants(http.StatusOK, "Zo zien collega’s de pagina", "Elke ploeg krijgt een les van een uur.")
		s.get("core-team", told).wants(http.StatusForbidden)
		s.post("hr", told+"/publish", "version", "2").leads(told)
		published := s.get("hr", told).wants(http.StatusOK, "https://tekentafel.example/t/")
		address := published.link("Bekijk de pagina")
		path := strings.TrimPrefix(address, "https://tekentafel.example")
		out := s.get("", path).wants(http.StatusOK, "Stad Voorbeeld", "Wat we met je antwoorden doen", "Bedankt voor je antwoorden.", "Elke ploeg krijgt een les van een uur.", "24 deelnames tot nu toe", "Iedereen met dit adres kan deze pagina lezen")
		out.silent("Bert", "Dienst Leren", "Dit zagen we")
		if out.Header().Get("X-Robots-Tag") == "" || out.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Error(out.Header())
		}
		s.Publicise("r1", true)
		s.Publicise("r2", true)
		s.get("", path).wants(http.StatusOK, "Dit zagen we: Technische vaardigheid, 2,4 op een schaal van 1 tot 5", "In ‘Najaar 2027’ is dat 2,9", "Of het hierdoor komt, weten we niet")
		s.get("", path+"?lang=fr").wants(http.StatusOK, "Chaque équipe reçoit une leçon.", "Merci.")
		if german := s.get("", path+"?lang=de").wants(http.StatusOK, "Elke ploeg krijgt een les van een uur.", "Was wir mit Ihren Antworten tun"); !strings.Contains(german.Body.String(), `<div lang="nl">`) {
			t.Error("words in another language do not say in which")
		}
		poster := s.get("hr", told+posterPath+"?lang=nl").wants(http.StatusOK, "Elke ploeg krijgt een les van een uur.", strings.TrimPrefix(path, "/t/"))
		if !strings.Contains(poster.Body.String(), "<svg class=\"qr\"") || !strings.Contains(poster.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Error("the poster has no code to scan, or no policy")
		}
		s.Drop("r1")
		if gone := s.get("hr", toldAt).wants(http.StatusOK).link("Een rapport dat er niet meer is"); gone != told+"/withdraw" {
			t.Errorf("a page whose report is gone leads to %s", gone)
		}
		s.get("hr", told+"/withdraw").wants(http.StatusOK, "Niemand kan de pagina dan nog lezen")
		s.post("hr", told+"/withdraw", "version", "3").leads(toldAt)
		s.get("", path).wants(http.StatusNotFound, "Deze pagina is er niet, of niet meer")
		s.get("hr", told+posterPath).wants(http.StatusNotFound)

		s.post("hr", item+"/delete", "version", "6").leads(home)
		s.get("hr", item).wants(http.StatusNotFound)
		s.get("hr", proposalsAt+"/r2").wants(http.StatusOK)
	})
}

func TestAProposalIsPutAsideWithAReasonAndBroughtBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.Add(action.Report{ID: "r1", Title: "Najaar 2026"}, actiontest.Monitor(), actiontest.Gap(.5))
	page := s.get("hr", proposalsAt).wants(http.StatusOK, "Groen en ruimte: werk aan technische vaardigheid", "ongeveer 60 mensen (tussen 54 en 66)", "90 %")
	aside := page.link("Leg opzij")
	key, err := url.Parse(aside)
	if err != nil {
		t.Fatal(err)
	}
	proposal := key.Query().Get("proposal")
	s.get("hr", aside).wants(http.StatusOK, "Waarom niet?")
	s.post("hr", "/actions/proposals/r1/aside", "proposal", proposal, "reason", "x").wants(http.StatusUnprocessableEntity, "minstens 5 tekens")
	s.post("hr", "/actions/proposals/r1/aside", "proposal", proposal, "reason", "Dat doen we al.").leads(proposalsAt + "/r1")
	s.get("researcher", proposalsAt+"/r1").wants(http.StatusOK, "Dat doen we al. (Hanne Rogiers").silent("Haal terug")
	s.post("hr", "/actions/proposals/r1/back", "proposal", proposal).leads(proposalsAt + "/r1")
	s.get("hr", proposalsAt+"/r1").wants(http.StatusOK).silent("Dat doen we al.")
	for _, c := range [][3]string{{"r1", "x", "Dat doen we al."}, {"r9", proposal, "Dat doen we al."}} {
		s.post("hr", "/actions/proposals/"+c[0]+"/aside", "proposal", c[1], "reason", c[2]).wants(http.StatusNotFound)
	}
	s.post("theirs hr", "/actions/proposals/r1/aside", "proposal", proposal, "reason", "Dat doen we al.").wants(http.StatusNotFound)
	s.post("dpo", "/actions/proposals/r1/aside", "proposal", proposal, "reason", "Dat doen we al.").wants(http.StatusForbidden)
}

func TestAReasonOfNonUseLeadsToAnActionWithWhatHelps(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	form := s.get("hr", s.Act("skills")).wants(http.StatusOK, "Geef een les van een uur.").form() // before any report
	if form.Get("title") != "Neem een drempel weg: ‘niet weten hoe’" || form.Get("target") != "non-users~~" {
		t.Errorf("%v", form)
	}
	s.get("hr", s.Act("unknown")).wants(http.StatusOK)
	s.Add(action.Report{ID: "r1", Title: "Najaar 2026"}, actiontest.Monitor(), nil)
	form = s.get("hr", s.Act("skills")+"&help=1&work=field").wants(http.StatusOK).form()
	if !strings.HasPrefix(form.Get("why"), "Laat een collega meelopen.") || form.Get("target") != "field~~" || form.Get("measure") != "report~nonuse_work~skills~~" || form.Get("proposal") == "" || form.Get("direction") != "down" {
		t.Errorf("%v", form)
	}
	item := s.send(http.MethodPost, "hr", newAt, strings.NewReader(form.Encode())).leads(itemsAt)
	s.get("hr", item).wants(http.StatusOK, "Voorgesteld", "Wie buiten of onderweg werkt", "Dit cijfer moet omlaag")
	s.get("hr", proposalsAt).wants(http.StatusOK, "Al een actie")
	form = s.get("hr", s.Act("trust")).wants(http.StatusOK).form() // a reason that nothing is proposed on
	item = s.send(http.MethodPost, "hr", newAt, strings.NewReader(strings.Replace(form.Encode(), "title=", "title=Praat+erover", 1))).leads(itemsAt)
	s.get("hr", item).wants(http.StatusOK, "Praat erover", "Najaar 2026")
}

func TestTheFigureIsThatOfTheGroupWhereTheReportShowsIt(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.Add(action.Report{ID: "r1", Title: "Najaar 2026"}, actiontest.Monitor(), nil)
	form := s.get("hr", newAt).wants(http.StatusOK, "Kinderopvang", "Groen en ruimte").form()
	form.Set("title", "Meer gebruik bij Groen")
	form.Set("target", "department~department~green")
	form.Set("measure", "report~weekly_use_work~yes~~")
	item := s.send(http.MethodPost, "hr", newAt, strings.NewReader(form.Encode())).leads(itemsAt)
	s.get("hr", item).wants(http.StatusOK, "Minstens wekelijks op het werk – Groen en ruimte", "30 %")
	edit := s.get("hr", item+"/edit").wants(http.StatusOK).form()
	if edit.Get("measure") != keep || edit.Get("target") != "department~department~green" {
		t.Errorf("%v", edit)
	}
	edit.Set("target", "other~~")
	edit.Set("target-name", "De nieuwe collega’s")
	s.send(http.MethodPost, "hr", item+"/edit", strings.NewReader(edit.Encode())).leads(item)
	s.get("hr", item).wants(http.StatusOK, "De nieuwe collega’s", "Minstens wekelijks op het werk – Groen en ruimte")
	plan := s.get("hr", item+"/edit?then=planned").wants(http.StatusOK, "Plannen kan als vaststaat").form()
	plan.Set("role", "Dienst Groen")
	s.send(http.MethodPost, "hr", item+"/edit", strings.NewReader(plan.Encode())).wants(http.StatusUnprocessableEntity, "Zeg tegen wanneer")
	plan.Set("due", "2027-05-01")
	s.send(http.MethodPost, "hr", item+"/edit", strings.NewReader(plan.Encode())).leads(item)
	s.get("hr", item).wants(http.StatusOK, "Gepland", "1 mei 2027")
}

// TestGarbageIsRefusedWithAMessage sends nonsense to every form.
func TestGarbageIsRefusedWithAMessage(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.Add(action.Report{ID: "r1", Title: "Najaar 2026"}, actiontest.Monitor(), nil)
	a := s.Begin(actiontest.Draft("Een actie"), action.Running)
	item := itemAt(a.ID)
	if err := s.Tell(t.Context(), actiontest.Actor("hr"), "r1", 0, action.ToldContent{}); err != nil {
		t.Fatal(err)
	}
	junk := []string{"title", "\x00<script>alert(1)</script>\u202e", "why", strings.Repeat("x", 5000), "target", "nothing", "owner", "'; DROP", "due", "31/12/2026", "starts", "2026-13-45", "review", "x", "measure", "report~~~~",
		"direction", "sideways", "goal", "NaN", "state", "x", "version", "3", "to", "nowhere", "what", "", "day", "0000-00-00", "audience", "x", "people", "-3", "of", "1e9", "name", "", "link", "javascript:1", "since", "?", "found", "", "list", "x", "at", "99",
		"in", "xx", "words-x", strings.Repeat("y", 900), "tell-x", "yes", "intro", strings.Repeat("z", 3000), "report", "", "proposal", "x", "from", "reason:\x01"}
	for _, path := range []string{newAt, item + "/edit", item + "/state", item + "/reach", item + "/material", item + "/review", item + "/clear", item + "/undo", "/actions/proposals/r1/aside", "/actions/told/r1", "/actions/told/r1/publish", "/actions/told/r1/withdraw"} {
		got := s.post("hr", path, junk...)
		if got.Code >= 500 || got.Code < 300 || got.Code == http.StatusUnprocessableEntity && !strings.Contains(got.Body.String(), "error-summary") {
			if path == item+"/undo" && got.Code == http.StatusSeeOther {
				continue
			}
			t.Errorf("%s: status %d: %.300s", path, got.Code, got.text())
		}
		got.silent("<script>alert")
	}
	for _, path := range []string{"/actions?show=x&who=y", "/actions/items/x", "/actions/items/x/edit", "/actions/new?report=x", "/actions/new?report=r1&proposal=x", "/actions/proposals/x", "/actions/told/x", "/actions/told/x/preview", "/t/x", "/t/%00", newAt + "?from=reason:%00&help=99999999999999999999"} {
		if got := s.get("hr", path); got.Code >= 500 {
			t.Errorf("%s: status %d", path, got.Code)
		}
	}
}

func TestWhatWaitsIsOnTheHomePage(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	titles := func(who string) (out []string) {
		t.Helper()
		list, err := s.Tasks(t.Context(), s.request(who))
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			out = append(out, x.Title)
			if x.Text == "" || x.Label == "" || x.Href == "" || x.Tag == "" {
				t.Errorf("%+v", x)
			}
		}
		return out
	}
	if got := titles("hr"); len(got) > 0 {
		t.Error(got)
	}
	s.Add(action.Report{ID: "r1", Title: "Najaar 2026"}, actiontest.Monitor(), nil)
	if got := titles("hr"); len(got) != 1 || !strings.Contains(got[0], "Najaar 2026") {
		t.Error(got)
	}
	d := actiontest.Draft("Van Bert")
	d.Owner, d.Due = action.Owner{Account: "manager"}, "2026-12-08"
	s.Begin(d, action.Running)
	d = actiontest.Draft("Van HR")
	d.Due, d.Review = "2026-12-20", "2026-12-03"
	from := action.Birth{From: &action.Origin{Report: "r1", Proposal: "p"}}
	if _, err := s.Make(t.Context(), actiontest.Actor("hr"), d, from, asked0()); err != nil {
		t.Fatal(err)
	}
	if got := titles("manager"); len(got) != 1 || !strings.Contains(got[0], "bijna") {
		t.Error(got)
	}
	if got := titles("hr"); len(got) > 0 {
		t.Error(got)
	}
	s.Step(9)
	if got := titles("manager"); len(got) != 1 || !strings.Contains(got[0], "Hoe staat het") {
		t.Error(got)
	}
	if got := titles("hr"); len(got) != 1 || !strings.Contains(got[0], "Nog 1 actie") {
		t.Error(got)
	}
	if got := titles("employee"); len(got) > 0 {
		t.Error(got)
	}
	if len(s.Offers(s.request("hr"))) != 1 || len(s.Offers(s.request("employee"))) != 0 {
		t.Error("offers")
	}
}
