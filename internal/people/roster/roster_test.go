package roster

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/store"
)

// town is a small organisation: two services below a department, and titles that are probably one.
func town() string {
	var b strings.Builder
	b.WriteString("Personeelsnummer;Voornaam;Familienaam;E-mail;Geboortejaar;Pad;Functie;Niveau;VTE;Nummer leidinggevende\n")
	b.WriteString("0001;An;Peeters;an@stad.example;1980;Stad/Openbaar domein/Groen;Diensthoofd;A;1;\n")
	b.WriteString("0002;Bo;Janssens;bo@stad.example;1990;Stad/Openbaar domein/Groen;Administratief medewerker;C;0,8;0001\n")
	for i, name := range []string{"Cas;Maes", "Fien;Goossens", "Gust;Willems", "Hilde;Vermeulen", "Ivo;De Smet", "Jana;Mertens", "Karel;Hendrickx", "Lies;Dubois"} {
		first, _, _ := strings.Cut(name, ";")
		fmt.Fprintf(&b, "%d;%s;%s@stad.example;%d;Stad/Financiën;Administratief medewerker;C;1;\n", 31847+i*7717, name, strings.ToLower(first), 1963+4*i)
	}
	b.WriteString("0003;Dia;Claes;dia@stad.example;1985;Stad/Financiën;Adm. mdw.;C;0,5;\n")
	b.WriteString("0004;=Els;Wouters;els@stad.example;1986;Stad/Financiën;Boekhouder;B;1;\n")
	return b.String()
}

func TestTheTreeShowsWhoWorksWhereAndCanBeMended(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.wants("nothing yet", s.get("hr", "/staff/units"), 200, "Nog geen eenheden", "/staff/imports/new")
		s.bring(town())
		body := s.wants("the tree", s.get("hr", "/staff/units"), 200, "4 eenheden, met samen 12 mensen", "Openbaar domein", "Financiën", "2 mensen · 1,8 VTE", "<details")
		s.lacks("the tree", body, "Los van de boom", "an@stad.example")
		s.wants("a search", s.get("hr", "/staff/units?q=groe"), 200, "1 eenheid gevonden", "Stad › Openbaar domein")
		s.wants("a part of the tree", s.get("hr", "/staff/units?from="+s.unitID("Openbaar domein")), 200, "Groen", "Toon de hele boom")
		groen := s.unitID("Groen")
		s.wants("a unit", s.get("hr", "/staff/units/"+groen), 200, "2 mensen", "niemand", "Toegevoegd.", "/staff/list?unit="+groen)
		s.wants("no such unit", s.get("hr", "/staff/units/x"), 404)

		edit := "/staff/units/" + groen + "/edit"
		form := url.Values{"at": {s.at(edit)}, "name": {"Groen en natuur"}, "parent": {"Openbaar domein"}, "head": {"an@stad.example"}, "code": {"G1"}, "kind": {"dienst"}}
		bad := url.Values{"at": form["at"], "name": {""}, "parent": {"Nergens"}, "head": {"Niemand Zo"}, "from": {"2026-02-31"}}
		s.wants("what is wrong", s.post("hr", edit, bad), 422, "Geen eenheid heet zo", "Niemand in dienst heet zo", "Kies een dag die bestaat", "error-summary")
		below := url.Values{"at": form["at"], "name": {"Stad"}, "parent": {"Groen"}}
		s.wants("a circle", s.post("hr", "/staff/units/"+s.unitID("Stad")+"/edit", below), 422, "kan niet onder zichzelf staan")
		s.leads("the change", s.post("hr", edit, form), "/staff/units/"+groen)
		s.leads("the same form sent twice", s.post("hr", edit, form), "/staff/units/"+groen)
		s.world.Settle()
		body = s.wants("afterwards", s.get("hr", "/staff/units/"+groen), 200, "An Peeters", "Naam: van “Groen” naar “Groen en natuur”", "Naam van hr (met de hand)", "/undo")
		if n := strings.Count(body, "(met de hand)"); n != 1 {
			t.Errorf("a form sent twice made %d changes", n)
		}
		stale := url.Values{"at": form["at"], "name": {"Anders"}}
		s.wants("somebody was first", s.post("hr", edit, stale), 422, "Iemand anders heeft dit intussen gewijzigd")

		fresh := url.Values{"name": {"Bomen"}, "parent": {"G1"}, "_once": {"k"}}
		made := s.leads("a unit more", s.post("hr", "/staff/units", fresh), "/staff/units/")
		if again := s.leads("by a double tap", s.post("hr", "/staff/units", fresh), "/staff/units/"); again != made {
			t.Errorf("it was made twice: %s and %s", made, again)
		}
		s.wants("where it is", s.get("hr", made), 200, "Bomen", "Groen en natuur", "Openbaar domein")
		s.leads("it ends", s.post("hr", made+"/edit", url.Values{"at": {s.at(made + "/edit")}, "name": {"Bomen"}, "parent": {"G1"}, "to": {"2020-01-01"}}), made)
		s.wants("it stands apart", s.get("hr", "/staff/units"), 200, "Eenheden die er niet meer zijn", "tot 1 januari 2020")
		s.world.Settle()
	})
}

func TestFunctionsAreFoundMendedAndMergedWithAWayBack(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.bring(town())
		s.wants("the catalogue", s.get("hr", "/staff/functions"), 200, "4 van 4 functies", "Boekhouder", "niet bekend")
		s.wants("a search", s.get("hr", "/staff/functions?q=boek"), 200, "1 van 4 functies")
		s.wants("what lacks", s.get("hr", "/staff/functions?lacks=work"), 200, "4 van 4 functies")
		book := "/staff/functions/" + s.functionID("Boekhouder")
		s.wants("a function", s.get("hr", book), 200, "1 persoon", "Financiën", "Samenvoegen met een andere functie")
		form := url.Values{"at": {s.at(book + "/edit")}, "name": {"Boekhouder"}, "level": {"B"}, "work": {"desk"}, "isco": {"33"}}
		s.wants("a code that is none", s.post("hr", book+"/edit", form), 422, "vier cijfers")
		form.Set("isco", "3313")
		s.leads("the change", s.post("hr", book+"/edit", form), book)
		s.wants("afterwards", s.get("hr", book), 200, "aan een bureau", "Soort werk: “aan een bureau” ingevuld")
		s.world.Settle()

		adm, mdw := s.functionID("Administratief medewerker"), s.functionID("Adm. mdw.")
		ask := s.wants("are they one", s.get("hr", "/staff/titles/merge?f="+adm+"&with=Adm.+mdw."), 200, "Is dit één functie?", "9 mensen", "1 persoon")
		if !strings.Contains(ask, `value="`+mdw+`" checked`) {
			t.Error("not both are ticked")
		}
		s.wants("with nothing", s.get("hr", "/staff/titles/merge?f="+adm+"&with=Zeeman"), 422, "Geen functie heet zo")
		merge := url.Values{"into": {adm}, "f": {adm, mdw}, "all": {adm, mdw}, "do": {"merge"}}
		s.wants("one alone", s.post("hr", "/staff/titles/merge", url.Values{"into": {adm}, "f": {adm}, "all": {adm, mdw}, "do": {"merge"}}), 422, "minstens twee")
		to := s.leads("they are", s.post("hr", "/staff/titles/merge", merge), "/staff/titles?merged=")
		if again := s.leads("by a double tap", s.post("hr", "/staff/titles/merge", merge), "/staff/titles?merged="); again != to {
			t.Errorf("%s and %s", to, again)
		}
		s.world.Settle()
		_, seq, _ := strings.Cut(to, "=")
		s.wants("said, with the way back", s.get("hr", to), 200, "Samengevoegd", "/staff/changes/"+seq+"/undo", "is dezelfde functie als")
		s.wants("everybody has it", s.get("hr", "/staff/functions/"+adm), 200, "10 mensen")
		undo := "/staff/changes/" + seq + "/undo?from=%2Fstaff%2Ftitles"
		s.wants("sure to go back", s.get("hr", undo), 200, "Deze wijziging terugdraaien?", "Naam van hr", `action="`+undo+`"`, `href="/staff/titles"`)
		s.lacks("nothing to tell yet", s.wants("titles", s.get("hr", "/staff/titles?undone="+seq), 200), "Teruggedraaid")
		job := strings.TrimPrefix(s.leads("back", s.post("hr", undo, nil), "/jobs/"), "/jobs/")
		s.world.Settle()
		if got := s.linkOf(job); got != "/staff/titles?undone="+seq {
			t.Errorf("the job leads to %s", got)
		}
		s.wants("what came back", s.get("hr", "/staff/titles?undone="+seq), 200, "Teruggedraaid", "‘adm mdw’ is weer een aparte functie.", fmt.Sprintf("/staff/revisions/%d", atoi(t, seq)+1))
		s.leads("undone already", s.get("hr", undo), "/staff/titles")
		s.wants("from elsewhere", s.get("hr", "/staff/changes/1/undo?from=https%3A%2F%2Felsewhere.example%2Fstaff%2Ftitles"), 200, `href="/staff/revisions"`)
		s.wants("they are two again", s.get("hr", "/staff/functions/"+mdw), 200, "Adm. mdw.", "1 persoon")
		s.leads("undone already", s.get("hr", "/staff/changes/"+seq+"/undo"), "/staff/revisions")
	})
}

func atoi(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTitlesAreProposedExplainedAndDecided(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.wants("nothing yet", s.get("hr", "/staff/titles"), 200, "Nog niets om na te kijken")
		s.bring(town())
		adm, mdw := s.functionID("Administratief medewerker"), s.functionID("Adm. mdw.")
		body := s.wants("proposed", s.get("hr", "/staff/titles"), 200, "1 voorstel wacht op jou", "Administratief medewerker · Adm. mdw.", "10")
		link := regexpLink(body, "/staff/titles/merge")
		s.wants("why", s.get("hr", link), 200, "Waarom we dit voorstellen", "“mdw” is kort voor “medewerker”", "Hetzelfde niveau (C)", "Welke naam blijft?")
		s.leads("they differ", s.post("hr", "/staff/titles/merge", url.Values{"f": {adm, mdw}, "all": {adm, mdw}, "do": {"part"}}), "/staff/titles")
		s.world.Settle()
		body = s.wants("decided", s.get("hr", "/staff/titles"), 200, "Niets te beslissen", "zijn verschillende functies")
		withdraw := regexpLink(body, "/staff/decisions/")
		s.wants("sure", s.get("hr", withdraw), 200, "Deze beslissing intrekken?")
		s.leads("withdrawn", s.post("hr", withdraw, nil), "/staff/titles")
		s.leads("by a double tap", s.post("hr", withdraw, nil), "/staff/titles")
		s.world.Settle()
		s.wants("proposed again", s.get("hr", "/staff/titles"), 200, "1 voorstel wacht op jou", "Nog niets beslist")
	})
}

// regexpLink is the first address on a page that begins so.
func regexpLink(body, begins string) string {
	_, rest, _ := strings.Cut(body, `href="`+begins)
	rest, _, _ = strings.Cut(rest, `"`)
	return strings.ReplaceAll(begins+rest, "&amp;", "&")
}

func TestTheListIsFilteredNotedAndGoesOutAsAFile(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.bring(town())
		body := s.wants("all", s.get("hr", "/staff/list"), 200, "An Peeters", "Dia Claes", "We noteren dat je deze mensen bekeek")
		s.lacks("all", body, "1980", "0001")
		body = s.wants("of a unit", s.get("hr", "/staff/list?unit="+s.unitID("Openbaar domein")), 200, "An Peeters", "Bo Janssens")
		s.lacks("of a unit", body, "Dia Claes")
		body = s.wants("of a function, as it is typed", s.get("hr", "/staff/list?function=boekhouder"), 200, "Wouters")
		s.lacks("of a function", body, "Dia Claes")
		s.wants("of none", s.get("hr", "/staff/list?unit=Zee"), 422, "Geen eenheid heet zo")
		s.wants("out of service", s.get("hr", "/staff/list?service=out"), 200, "Niemand past hierbij")
		s.wants("a place that is none", s.get("hr", "/staff/list?after=x"), 422)

		s.wants("a reason is asked", s.get("hr", "/staff/list/export?unit="+s.unitID("Financiën")), 200, "Waarvoor heb je dit nodig?", "Financiën")
		get := url.Values{"unit": {s.unitID("Financiën")}, "format": {"csv"}, "purpose": {"kort"}}
		s.wants("without one", s.post("hr", "/staff/list/export", get), 422, "Zeg waarvoor je dit nodig hebt")
		get.Set("purpose", "Lijst voor de sociale verkiezingen")
		w := s.post("hr", "/staff/list/export", get)
		if h := w.Header(); w.Code != 200 || !strings.HasPrefix(h.Get("Content-Type"), "text/csv") || !strings.Contains(h.Get("Content-Disposition"), "attachment; filename=medewerkers-") || h.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d %v", w.Code, h)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 11 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		s.lacks("the file", w.Body.String(), "1985", "0003", ",=Els", "1980")
		if i := slices.IndexFunc(rows, func(r []string) bool { return r[1] == "Wouters" }); i < 0 || rows[i][0] != "'=Els" || rows[i][4] != "Stad / Financiën" {
			t.Errorf("%v", rows)
		}
		get.Set("format", "xlsx")
		book := s.post("hr", "/staff/list/export", get)
		z, err := zip.NewReader(bytes.NewReader(book.Body.Bytes()), int64(book.Body.Len()))
		if err != nil {
			t.Fatal(err)
		}
		f, err := z.Open("xl/worksheets/sheet1.xml")
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := io.ReadAll(f)
		if err != nil || !strings.Contains(string(sheet), "Boekhouder") || strings.Contains(string(sheet), "<f>") {
			t.Errorf("%.400s, %v", sheet, err)
		}
		reads, err := store.Reads(t.Context(), s.DB.Of(dbtest.Ours), s.personID("claes"), s.Now().AddDate(1, 0, 0), 10)
		if err != nil || !slices.ContainsFunc(reads, func(r store.Read) bool {
			return r.What == "export" && r.Purpose == "Lijst voor de sociale verkiezingen"
		}) {
			t.Errorf("%+v, %v", reads, err)
		}
	})
}

func TestALongListIsWalkedToItsEndAndNobodyIsLeftOut(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		var b strings.Builder
		b.WriteString("Personeelsnummer;Familienaam;Dienst;Functie\n")
		for i := range 120 {
			fmt.Fprintf(&b, "%d;Naam%03d;Groen;Functie %c%c\n", 1000+i, i, 'a'+i%26, 'a'+i/26)
		}
		s.bring(b.String())
		seen := map[string]bool{}
		pages, target := 0, "/staff/list?service=all"
		for ; target != "" && pages < 5; pages++ {
			body := s.wants(target, s.get("hr", target), 200)
			for i := range 120 {
				if name := fmt.Sprintf("Naam%03d", i); strings.Contains(body, name) {
					seen[name] = true
				}
			}
			_, next, _ := strings.Cut(body, `rel="next" href="`)
			target, _, _ = strings.Cut(next, `"`)
			target = strings.ReplaceAll(target, "&amp;", "&")
		}
		if len(seen) != 120 || pages != 3 {
			t.Errorf("%d of 120 on %d pages", len(seen), pages)
		}
		s.wants("functions", s.get("hr", "/staff/functions"), 200, "1–100 van 120", `rel="next" href="/staff/functions?from=100"`)
		s.wants("their end", s.get("hr", "/staff/functions?from=100"), 200, "101–120 van 120", "Vorige")
		s.wants("beyond", s.get("hr", "/staff/functions?from=999999"), 200)
	})
}

func TestAPersonIsShownMovedAndOpenedForAReason(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.bring(town())
		bo := "/staff/list/" + s.personID("janssens")
		body := s.wants("a person", s.get("hr", bo), 200, "Bo Janssens", "Stad › Openbaar domein › Groen", "80\u00a0%", "An Peeters", "Dit is genoteerd")
		s.lacks("a person", body, "1990", "0002")
		s.wants("what for", s.get("hr", bo+"/file"), 200, "Waarvoor heb je dit nodig?")
		s.wants("for nothing", s.post("hr", bo+"/file", url.Values{"purpose": {"x"}}), 422, "Zeg waarvoor")
		open := s.post("hr", bo+"/file", url.Values{"purpose": {"Attest voor de arbeidsgeneesheer"}})
		s.wants("once", open, 200, "1990", "0002", "We tonen dit één keer")
		if open.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("it may be kept: %s", open.Header().Get("Cache-Control"))
		}
		move := url.Values{"at": {s.at(bo + "/move")}, "unit": {"Zee"}, "function": {"Boekhouder"}}
		s.wants("nowhere", s.post("hr", bo+"/move", move), 422, "Geen eenheid heet zo")
		move.Set("unit", "Financiën")
		s.leads("moved", s.post("hr", bo+"/move", move), bo)
		s.leads("by a double tap", s.post("hr", bo+"/move", move), bo)
		s.world.Settle()
		body = s.wants("afterwards", s.get("hr", bo), 200, "Stad › Financiën", "Eenheid: van “Groen” naar “Financiën”", "Functie: van “Administratief medewerker” naar “Boekhouder”")
		if n := strings.Count(body, "(met de hand)"); n != 1 {
			t.Errorf("a form sent twice made %d changes", n)
		}
		s.wants("no such person", s.get("hr", "/staff/list/x"), 404)
	})
}

func TestAManagerSeesTheTeamAndNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.bring(town())
		s.wants("not known", s.get("manager", "/staff/team"), 200, "Hier staat nog niemand", "Vraag HR")
		s.world.Accounts["manager"] = [2]string{"an@stad.example", ""}
		body := s.wants("the team", s.get("manager", "/staff/team"), 200, "Bo Janssens", "Administratief medewerker")
		s.lacks("the team", body, "80\u00a0%", "Dia Claes", "An Peeters", "/staff/list", "1990")
		body = s.wants("one of them", s.get("manager", "/staff/team/"+s.personID("janssens")), 200, "Bo Janssens", "Dit is genoteerd")
		s.lacks("one of them", body, "/move", "/file", "/staff/units/")
		s.wants("somebody else", s.get("manager", "/staff/team/"+s.personID("claes")), 404)
	})
}

func TestQualitySaysWhatCanBeConcludedAndNamesNobody(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.wants("nothing yet", s.get("hr", "/staff/quality"), 200, "Nog niets om na te kijken")
		s.bring(strings.Replace(town(), "bo@stad.example", "an@stad.example", 1))
		for _, who := range []string{"hr", "dpo"} {
			body := s.wants(who, s.get(who, "/staff/quality"), 200, "Kloofanalyse per functie", "% van het personeel is bruikbaar", "<progress", "Eén mailadres voor mensen met andere namen", "12 mensen in dienst")
			s.lacks(who, body, "Peeters", "Janssens", "stad.example")
			if has := strings.Contains(body, "/staff/quality/person.mail_shared"); has != (who == "hr") {
				t.Errorf("%s is led to examples: %v", who, has)
			}
			if has := strings.Contains(body, "/staff/titles/merge?"); has != (who == "hr") {
				t.Errorf("%s is offered to merge: %v", who, has)
			}
		}
		s.wants("examples", s.get("hr", "/staff/quality/person.mail_shared"), 200, "An Peeters", "Bo Janssens", "waar de gegevens vandaan komen")
		body := s.wants("examples of functions", s.get("hr", "/staff/quality/function.no_work"), 200, "Boekhouder", "/staff/functions?lacks=work")
		s.lacks("examples that name nobody", body, "We noteren")
		s.wants("examples for the officer", s.get("dpo", "/staff/quality/person.mail_shared"), 403)
		s.wants("no such check", s.get("hr", "/staff/quality/x"), 404)
		s.leads("again", s.post("hr", "/staff/quality", nil), "/staff/quality")
		s.world.Settle()
		s.leads("it is done", s.get("hr", "/staff/quality/progress"), "/staff/quality")
		gain := regexpLink(s.get("hr", "/staff/quality").Body.String(), "/staff/titles/merge?")
		s.wants("the button of a gain", s.get("hr", gain), 200, "Is dit één functie?")
		s.leads("and on", s.post("hr", "/staff/titles/merge", url.Values{"into": {s.functionID("Administratief medewerker")}, "f": {s.functionID("Adm. mdw.")}, "do": {"merge"}}), "/staff/titles")
		s.world.Settle()
		s.wants("the trend", s.get("hr", "/staff/quality"), 200, "Hoe het verandert")
	})
}

func TestTwoRecordsAreLaidBesideEachOtherAndBecomeOne(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.bring(town() + "0009;Bo;Janssens;bo@stad.example;1990;Stad/Openbaar domein/Groen;Administratief medewerker;C;0,2;\n")
		list := s.wants("proposed", s.get("hr", "/staff/duplicates"), 200, "1 paar wacht op jou", "Bo Janssens, Groen")
		link := regexpLink(list, "/staff/duplicates/")
		body := s.wants("beside each other", s.get("hr", link), 200, "Is dit één persoon?", "verschilt", "Dezelfde familienaam", "Geboortejaar")
		s.lacks("beside each other", body, "1990", "0002", "0009")
		s.wants("which stays", s.post("hr", link, url.Values{"do": {"merge"}, "into": {"x"}}), 404)
		parts := strings.Split(link, "/")
		form := url.Values{"do": {"merge"}, "into": {parts[4]}}
		to := s.leads("one person", s.post("hr", link, form), "/staff/duplicates?merged=")
		if again := s.leads("by a double tap", s.post("hr", link, form), "/staff/duplicates?merged="); again != to {
			t.Errorf("%s and %s", to, again)
		}
		s.world.Settle()
		body = s.wants("said", s.get("hr", to), 200, "Samengevoegd", "Een tweede fiche van Bo Janssens is samengevoegd", "/undo")
		s.lacks("said", body, "0002", "0009")
		s.wants("both posts stay", s.get("hr", "/staff/list/"+parts[4]), 200, "80\u00a0%", "20\u00a0%")
		_, seq, _ := strings.Cut(to, "=")
		job := strings.TrimPrefix(s.leads("back", s.post("hr", "/staff/changes/"+seq+"/undo?from=/staff/list/"+parts[4], nil), "/jobs/"), "/jobs/")
		s.world.Settle()
		landed := s.linkOf(job)
		if landed != "/staff/list/"+parts[4]+"?undone="+seq {
			t.Errorf("the job leads to %s", landed)
		}
		s.wants("what came back", s.get("hr", landed), 200, "De twee fiches staan weer apart")
		s.leads("two people", s.post("hr", link, url.Values{"do": {"part"}}), "/staff/duplicates")
		s.world.Settle()
		s.wants("not proposed again", s.get("hr", "/staff/duplicates"), 200, "Niets te beslissen", "Bo Janssens en Bo Janssens zijn twee mensen")
	})
}

func TestOnlyWhoMayOpensThePagesAndNobodyReachesAnotherOrganisation(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.bring(town())
		unit, function, someone := s.unitID("Groen"), s.functionID("Boekhouder"), s.personID("claes")
		pages := []string{"/staff/units", "/staff/units/" + unit, "/staff/units/" + unit + "/edit", "/staff/units/new", "/staff/functions", "/staff/functions/" + function, "/staff/functions/new", "/staff/list", "/staff/list/" + someone,
			"/staff/list/" + someone + "/move", "/staff/list/" + someone + "/file", "/staff/list/export", "/staff/titles", "/staff/titles/merge?f=" + function, "/staff/duplicates", "/staff/changes/1/undo"}
		for _, target := range pages {
			s.wants("hr "+target, s.get("hr", target), 200)
			for _, who := range []string{"employee", "manager", "dpo", "administrator", "researcher"} {
				s.wants(who+" "+target, s.get(who, target), 403)
			}
		}
		s.wants("a team", s.get("hr", "/staff/team"), 403)
		s.wants("a manager and quality", s.get("manager", "/staff/quality"), 403)
		for _, target := range pages {
			if !strings.Contains(target, unit) && !strings.Contains(target, function) && !strings.Contains(target, someone) && target != "/staff/changes/1/undo" {
				continue
			}
			s.wants("another organisation "+target, s.get("theirs hr", target), 404)
		}
		s.lacks("another organisation", s.get("theirs hr", "/staff/list").Body.String(), "Claes")
		for _, target := range []string{"/staff/units/" + unit + "/edit", "/staff/functions/" + function + "/edit", "/staff/list/" + someone + "/file"} {
			s.wants("another organisation "+target, s.post("theirs hr", target, url.Values{"name": {"x"}, "purpose": {"lang genoeg dus"}}), 404)
		}
	})
}

func TestUnitsInACircleAndTwinsAreShownAndTold(t *testing.T) {
	t.Parallel()
	b := boardOf(
		unitOf("a", "Stad", ""), unitOf("b", "Groen", "a"), unitOf("c", "Groen", "d"), unitOf("d", "Rood", "c"), unitOf("e", "Weg", "x"),
	)
	if got := b.within("a"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("within: %v", got)
	}
	if !b.loose["c"] || !b.loose["d"] || b.loose["a"] || b.loose["e"] {
		t.Errorf("loose: %v", b.loose)
	}
	if got := b.path("c"); len(got) != 2 {
		t.Errorf("the path of a circle: %v", got)
	}
	seen := map[string]bool{}
	for _, label := range b.label {
		if seen[strings.ToLower(label)] {
			t.Errorf("two units are called %s", label)
		}
		seen[strings.ToLower(label)] = true
	}
}

func TestTheWordsAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}
