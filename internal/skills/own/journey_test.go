package own

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/vault"
)

// opened opens a cookie as the server does.
func (p *person) opened(c *http.Cookie, purpose string) []byte {
	p.t.Helper()
	sealed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		p.t.Fatal(err)
	}
	plain, err := p.box.Open(purpose, sealed)
	if err != nil {
		p.t.Fatal(err)
	}
	return plain
}

func TestEverybodyIsToldTheSameInFourLanguages(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Fatal(err)
	}
}

func TestSomebodyDoesTheCheckKeepsItAndComesBack(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		p := s.person("employee")
		p.get(doorAt).wants(http.StatusOK, "Alleen jij ziet je resultaat", "Begin met de check", "Kritisch").silent("Link en affiche", "Wat functies vragen")
		p.post(startAt, "to", "check").leads(checkAt)
		entry := p.get(checkAt).wants(http.StatusOK, "Waar sta jij met AI?", "Redder", "Foute antwoorden bestaan")
		if c := entry.one("input", "name", "work", "value", "field"); !has(c, "checked") {
			t.Error("the work of the function is not proposed")
		}
		p.post(checkAt, "plan", "sing", "work", "sea").wants(http.StatusUnprocessableEntity, "Kies wat je wilt doen.", "Kies waar je meestal werkt.")
		p.post(checkAt, "plan", "all", "work", "field", "function", "f-redder").leads(statementsAt + "communicative")
		p.get(statementsAt+"communicative").wants(http.StatusOK, "deel 1 van 5", "Ik leg duidelijk uit wat ik wil.")
		p.agrees("4")
		first := p.get(questionAt).leads(questionAt + "/1")
		p.get(first).wants(http.StatusOK, "vraag 1 van hoogstens 12", "Stop hier en toon wat je hebt")
		p.post(first, "go", "next", "item", p.state0(first)).wants(http.StatusUnprocessableEntity, "Kies een antwoord.")
		p.answers(20, true)
		if n := len(p.state().Given); n < 10 || n > 12 {
			t.Errorf("%d questions", n)
		}
		result := p.get(resultAt).wants(http.StatusOK, "Alleen jij ziet dit. Er is nog niets bewaard.", "Je volgende stap", "Je functie vraagt", "Wil je dit bewaren?")
		if len(result.all("section", "class", "own-step")) != 1 {
			t.Error("there is not one next step")
		}
		answers := p.get(answersAt).wants(http.StatusOK, "Dat is het beste antwoord.", "Waarom")
		if n := len(answers.all("section", "class", "own-review")); n != len(p.state().Given) {
			t.Errorf("%d questions with their answers", n)
		}
		p.get(questionAt).leads(resultAt) // nothing can be changed any more
		code := p.keeps()
		if p.cookie(stateCookie) != nil {
			t.Error("the check under way is still there")
		}
		p.post(codeAt).leads(profileAt)
		p.get(profileAt).wants(http.StatusOK, "Mijn profiel", "24 november 2026", "Redder", "Anderen helpen").silent("Peeters")
		p.post(closeAt).leads(checkAt)
		if p.cookie(codeCookie) != nil {
			t.Error("closing leaves the code")
		}
		p.get(profileAt).leads(openAt)

		s.step(40 * 24 * time.Hour)
		again := s.person("employee")
		again.starts("all")
		again.agrees("2")
		again.answers(3, false)
		again.post(stopAt).leads(resultAt)
		again.get(resultAt).wants(http.StatusOK, "Ga verder met de toets")
		again.post(addAt).leads(openAt + "?add=yes")
		again.get(openAt+"?add=yes").wants(http.StatusOK, "We voegen deze check toe")
		again.post(openAt, "add", "yes", "code", " "+strings.ToLower(code)).leads(profileAt)
		again.get(profileAt).wants(http.StatusOK, "De check staat in je profiel.", "Verloop", "24 november 2026", "3 januari 2027")
		again.get(answersAt+"?check=1").wants(http.StatusOK, "Dat is het beste antwoord.")

		var out struct {
			Profile check.Profile
			Now     []map[string]any
		}
		file := again.get(jsonAt).wants(http.StatusOK)
		if err := json.Unmarshal(file.Body.Bytes(), &out); err != nil || len(out.Profile.Checks) != 2 || len(out.Now) != 5 || !strings.Contains(file.Header().Get("Content-Disposition"), "mijn-profiel.json") {
			t.Errorf("%+v, %v", out, err)
		}
		if strings.Contains(file.Body.String(), plainCode(code)) || strings.Contains(file.Body.String(), code) {
			t.Error("the file holds the code")
		}
		if a := again.get(pdfAt).wants(http.StatusOK); a.Header().Get("Content-Type") != "application/pdf" || !strings.Contains(string(s.printed), "Op dit document staat geen naam") {
			t.Errorf("%s: %.300s", a.Header().Get("Content-Type"), s.printed)
		}
		again.get(eraseAt).wants(http.StatusOK, "Wil je je profiel wissen?")
		again.post(eraseAt).leads(checkAt)
		again.post(openAt, "code", code).wants(http.StatusUnprocessableEntity, "Onder deze code is niets bewaard.")
		if n := s.rows("skill_vaults"); n != 0 {
			t.Errorf("%d profiles are left", n)
		}
	})
}

// state0 is the item that a question asks.
func (p *person) state0(at string) string {
	p.t.Helper()
	return attr(p.get(at).one("input", "name", "item"), "value")
}

func plainCode(c string) string { return strings.ReplaceAll(c, "-", "") }

// rows counts the rows of a table.
func (s *site) rows(table string) (n int64) {
	s.t.Helper()
	if err := s.db.System().Row(s.t.Context(), "SELECT count(*) FROM "+table, nil, &n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestKeepingTwiceKeepsOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		p := s.person("employee")
		p.starts("statements")
		p.agrees("3")
		state := *p.cookie(stateCookie)
		first := p.keeps()
		p.cookies[state.Name] = &state // the answer got lost, and the button is pressed again
		if second := p.keeps(); second != first {
			t.Error("another code")
		}
		if n := s.rows("skill_vaults"); n != 1 {
			t.Errorf("%d profiles", n)
		}
		p.cookies[state.Name] = &state
		p.post(addAt).leads(profileAt)
		p.get(profileAt).wants(http.StatusOK).silent("Verloop")
	})
}

func TestGoingBackAndAnsweringAnewDropsWhatFollowed(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("employee")
	p.starts("all")
	p.agrees("3")
	p.answers(5, true)
	second := questionAt + "/2"
	page := p.get(second).wants(http.StatusOK, "vraag 2 van hoogstens 12")
	given := p.state().Given
	if chosen := page.all("input", "name", "option", "value", strconv.Itoa(given[1].Option)); len(chosen) != 1 || !has(chosen[0], "checked") {
		t.Error("the answer of before does not stand there")
	}
	p.post(second, "go", "next", "item", p.state0(second), "option", strconv.Itoa(given[1].Option)).leads(questionAt + "/3")
	if got := p.state().Given; !slices.Equal(got, given) {
		t.Errorf("the same answer changed %v to %v", given, got)
	}
	other := strconv.Itoa((given[1].Option + 1) % 3)
	p.post(second, "go", "next", "item", p.state0(second), "option", other).leads(questionAt)
	if got := p.state().Given; len(got) != 2 || got[0] != given[0] {
		t.Errorf("%v became %v", given, got)
	}
	p.post(questionAt+"/3", "go", "back", "item", p.state0(questionAt+"/3")).leads(questionAt + "/2")
	p.post(questionAt+"/1", "go", "back", "item", p.state0(questionAt+"/1")).leads(statementsAt + "technical")
	p.post(questionAt+"/3", "go", "next", "item", "cri-nothing-01", "option", "0").leads(questionAt)
	p.get(questionAt+"/3").wants(http.StatusOK, "Die vraag was al voorbij.")
	for _, n := range []string{"0", "4", "99", "-1", "x"} {
		p.get(questionAt + "/" + n).leads(questionAt)
	}
	p.post(questionAt+"/3", "go", "stop", "item", p.state0(questionAt+"/3")).leads(resultAt)
	p.post(onAt).leads(questionAt)
	p.get(questionAt).leads(questionAt + "/3")
}

func TestStatementsAloneGiveNoCertainty(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("employee")
	p.starts("statements")
	p.agrees("")
	p.get(resultAt).wants(http.StatusOK, "te weinig beantwoord").silent("Je volgende stap", "Wil je dit bewaren?")
	p.post(keepAt).leads(resultAt)
	p.agrees("5")
	p.get(resultAt).wants(http.StatusOK, "Zo schat jij jezelf in.", "eigen inschatting", "Volgens je eigen inschatting zit je daar.", "Je volgende stap").silent("Daar zit je aan.", "vrij zeker", "Ga verder met de toets", "De vragen met uitleg")
}

func TestOneSkillShowsOneSkill(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("employee")
	p.starts("one:critical")
	p.agrees("5")
	p.answers(20, false)
	a := p.get(resultAt).wants(http.StatusOK, "Kritisch", "Je schat jezelf hier hoger in dan de toets laat zien")
	if n := len(a.all("section", "class", "own-skill")); n != 1 {
		t.Errorf("%d skills", n)
	}
	p.keeps()
	p.get(profileAt).wants(http.StatusOK, "nog niet bekend", "Kritisch")
	p.post(againAt).leads(checkAt)
	p.starts("one:critical")
	if len(p.state().Avoid) == 0 {
		t.Error("the same questions would be asked again")
	}
}

func TestTheFunctionIsFoundByItsName(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("manager")
	p.post(startAt, "to", "check").leads(checkAt)
	p.get(checkAt).wants(http.StatusOK).silent("Redder")
	p.post(checkAt, "plan", "statements", "work", "office", "function", "other").leads(functionAt)
	p.get(functionAt).wants(http.StatusOK, "Zoek je functie", "Ga verder zonder functie")
	p.get(functionAt+"?q=piloot").wants(http.StatusOK, "geen functie gevonden")
	p.get(functionAt+"?q=boek").wants(http.StatusOK, "Boekhouder")
	p.post(functionAt, "q", "boek", "function", "f-redder").leads(functionAt + "?q=boek")
	p.post(functionAt, "q", "boek", "function", "f-boek").leads(statementsAt)
	p.agrees("2")
	p.get(resultAt).wants(http.StatusOK, "Je functie vraagt “Anderen helpen”", "Je werkt met gegevens van mensen.")
	p.post(functionAt, "q", "balie", "function", "f-balie").leads(resultAt)
	p.get(resultAt).wants(http.StatusOK, "nog niet vastgelegd")
	p.post(functionAt, "q", "", "function", "none").leads(resultAt)
	p.get(resultAt).wants(http.StatusOK, "Zeg welke functie je hebt", "Kies je functie")
	p.keeps()
	p.get(profileAt).wants(http.StatusOK, "Kies je functie", "niet gezegd")
	p.post(functionAt, "q", "boek", "function", "f-boek").leads(profileAt)
	p.get(profileAt).wants(http.StatusOK, "Boekhouder", "Je functie vraagt").silent("niet gezegd")
	p.post(closeAt).leads(checkAt)
	p.get(functionAt).leads(checkAt)
	p.post(functionAt, "q", "boek", "function", "f-boek").leads(checkAt)
}

func TestWrongCodesAreExplained(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("employee")
	p.post(startAt, "to", "profile").leads(profileAt)
	p.get(profileAt).leads(openAt)
	p.get(openAt).wants(http.StatusOK, "Ben je je code kwijt?")
	good := string(vault.NewCode())
	for typed, want := range map[string]string{
		"":                       "Vul je code in.",
		"ABCD":                   "Een code heeft 16 tekens.",
		"ABCD-EFGU-1234-5678":    "zonder de letter U",
		good[1:] + good[:1]:      "code",
		good:                     "Onder deze code is niets bewaard.",
		strings.Repeat("A", 400): "Een code heeft 16 tekens.",
	} {
		a := p.post(openAt, "code", typed).wants(http.StatusUnprocessableEntity, want)
		if typed != "" && len(typed) < 100 && !strings.Contains(a.Body.String(), typed) {
			t.Errorf("%q is lost from the form", typed)
		}
	}
}

func TestGuessingCodesIsSlowedAndManyPeopleBehindOneAddressAreNot(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	owner := s.person("employee")
	owner.starts("statements")
	owner.agrees("4")
	code := owner.keeps()
	p := s.person("employee")
	p.post(startAt).leads(checkAt)
	for range 2 * mostWrong {
		p.post(openAt, "code", "ABCD-ABCD-ABCD-ABC1").wants(http.StatusUnprocessableEntity) // a typing error never counts
		other := s.person("employee")
		other.cookies = map[string]*http.Cookie{p.pages.cookieName(passCookie): p.cookie(passCookie)}
		other.post(openAt, "code", code).leads(profileAt) // a right one neither
	}
	for range mostWrong {
		p.post(openAt, "code", string(vault.NewCode())).wants(http.StatusUnprocessableEntity)
	}
	p.post(openAt, "code", code).wants(http.StatusTooManyRequests, "Wacht tien minuten")
	elsewhere := s.person("employee")
	elsewhere.from = "198.51.100.7:99"
	elsewhere.post(startAt).leads(checkAt)
	elsewhere.post(openAt, "code", code).leads(profileAt)
	s.step(wrongFor + time.Second)
	p.post(openAt, "code", code).leads(profileAt)
}

func TestWithoutAPassOnlyTheWayInIsShown(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("")
	for _, path := range []string{checkAt, openAt, resultAt, questionAt, questionAt + "/1", statementsAt + "critical", profileAt, jsonAt, pdfAt, codeAt, eraseAt, answersAt, functionAt} {
		p.get(path).wants(http.StatusForbidden, "Meld je aan en ga naar Leren")
	}
	for _, path := range []string{checkAt, openAt, keepAt, addAt, eraseAt, codeAt, stopAt, questionAt + "/1"} {
		p.post(path).wants(http.StatusForbidden)
	}
	p.get(doorAt).leads("/sign-in")
	p.get(aboutAt).wants(http.StatusOK, "waarmee je organisatie jouw resultaat kan opvragen") // the door leads there
	old := s.person("employee")
	old.starts("all")
	s.step(2 * passLives)
	old.get(checkAt).wants(http.StatusForbidden)
}

func TestABrokenOrOldCheckStartsAnewWithASentence(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for name, broken := range map[string]string{"no base64": "%%%", "not sealed": base64.RawURLEncoding.EncodeToString([]byte("hello")), "long": strings.Repeat("A", 3000)} {
		p := s.person("employee")
		p.starts("all")
		p.cookie(stateCookie).Value = broken
		p.get(resultAt).leads(checkAt)
		p.get(checkAt).wants(http.StatusOK, "De check waaraan je bezig was, kunnen we niet meer openen.")
		if a := p.get(checkAt).wants(http.StatusOK); strings.Contains(textOf(a.root), "kunnen we niet meer openen") {
			t.Errorf("%s: it is said twice", name)
		}
		p.starts("all")
	}
	p := s.person("employee")
	p.starts("all")
	sealed, err := s.box.Seal(statePurpose+"ours", []byte{9, 9, 9})
	if err != nil {
		t.Fatal(err)
	}
	p.cookie(stateCookie).Value = base64.RawURLEncoding.EncodeToString(sealed)
	p.get(checkAt).wants(http.StatusOK, "kunnen we niet meer openen")
	p = s.person("employee")
	p.starts("all")
	p.cookie(passCookie).Value += "x"
	p.get(checkAt).wants(http.StatusForbidden)
}

func TestACheckOfOneOrganisationIsNothingInAnother(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ours := s.person("employee")
		ours.starts("statements")
		ours.agrees("4")
		code := ours.keeps()
		theirs := s.person("theirs employee")
		theirs.post(startAt).leads(checkAt)
		theirs.get(checkAt).wants(http.StatusOK, "Stad theirs")
		theirs.post(openAt, "code", code).wants(http.StatusUnprocessableEntity, "Onder deze code is niets bewaard.")
		theirs.cookies[s.pages.cookieName(codeCookie)] = ours.cookie(codeCookie)
		theirs.get(profileAt).leads(openAt)
	})
}

func TestALinkBringsPeopleWithoutAnAccountAndCanBeWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		hr := s.person("hr")
		hr.get(doorAt).wants(http.StatusOK, "Link en affiche", "Wat functies vragen")
		hr.get(linksAt).wants(http.StatusOK, "staat uit")
		hr.get(posterAt).wants(http.StatusNotFound)
		hr.post(linksAt, "kind", "poster", "do", "open").leads(linksAt)
		hr.post(linksAt, "kind", "poster", "do", "open").leads(linksAt) // nothing new
		hr.post(linksAt, "kind", "door", "do", "open").wants(http.StatusUnprocessableEntity)
		page := hr.get(linksAt).wants(http.StatusOK, "staat aan", "sinds 24 november 2026")
		address := textOf(page.one("code", "id", "link-poster"))
		path := strings.TrimPrefix(address, "https://tekentafel.example")
		if !strings.HasPrefix(path, linkAt) || len(path) != len(linkAt)+10 {
			t.Fatal(address)
		}
		hr.get(posterAt+"?lang=fr").wants(http.StatusOK, "Où en êtes-vous avec l’IA ?", "tekentafel.example "+path)

		p := s.person("")
		p.get(path + "?lang=de").leads(checkAt)
		p.get(checkAt).wants(http.StatusOK, "Wo stehen Sie mit KI?", "Stad ours").silent("Zurück zu Tekentafel")
		p.post(checkAt, "plan", "statements", "work", "office", "function", "none").leads(statementsAt)
		p.agrees("4")
		p.keeps()
		p.get(profileAt).wants(http.StatusOK, "Mein Profil")

		late := s.person("")
		late.get(path).leads(checkAt)
		hr.post(linksAt, "kind", "poster", "do", "close").leads(linksAt)
		s.person("").get(path).wants(http.StatusNotFound, "Deze link bestaat niet of is ingetrokken.")
		late.post(checkAt, "plan", "all", "work", "office").wants(http.StatusNotFound, "ingetrokken")
		p.get(profileAt).wants(http.StatusOK, "Mein Profil") // what somebody kept stays theirs
		for _, bad := range []string{"/l/", "/l/" + strings.Repeat("x", 300), "/l/%00", "/l/%FF"} {
			if a := s.person("").get(bad); a.Code != http.StatusNotFound {
				t.Errorf("%s: %d", bad, a.Code)
			}
		}
		for _, who := range []string{"employee", "manager", "dpo", "core-team", "researcher", "administrator"} {
			s.person(who).get(linksAt).wants(http.StatusForbidden)
		}
		if n := s.rows("audit_log"); n != 2 {
			t.Errorf("%d lines in the log of changes", n)
		}
	})
}

func TestAKioskForgetsEverybody(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	hr := s.person("hr")
	hr.post(linksAt, "kind", "kiosk", "do", "open").leads(linksAt)
	address := textOf(hr.get(linksAt).one("code", "id", "link-kiosk"))
	path := strings.TrimPrefix(address, "https://tekentafel.example")
	p := s.person("")
	p.get(path + "?lang=nl").leads(checkAt)
	p.get(checkAt).wants(http.StatusOK).silent("Gedeeld toestel")
	p.post(checkAt, "plan", "statements", "work", "field", "function", "none").leads(statementsAt)
	p.agrees("4")
	p.get(resultAt).wants(http.StatusOK, "Klaar: wis alles op dit toestel")
	if c := p.cookie(stateCookie); c.MaxAge != int(kioskLives/time.Second) {
		t.Errorf("the check lives %d s", c.MaxAge)
	}
	code := p.keeps()
	p.get(codeAt).silent("Onthoud de code op dit toestel")
	p.post(codeAt, "remember", "yes").leads(profileAt)
	if c := p.cookie(codeCookie); c.MaxAge != int(kioskLives/time.Second) {
		t.Errorf("the code lives %d s", c.MaxAge)
	}
	p.post(closeAt).leads(path + "?lang=nl")
	if p.cookie(codeCookie) != nil || p.cookie(stateCookie) != nil {
		t.Error("something is left on the device")
	}
	p.post(openAt, "code", code, "remember", "yes").leads(profileAt)
	if c := p.cookie(codeCookie); c.MaxAge != int(kioskLives/time.Second) {
		t.Errorf("the code lives %d s", c.MaxAge)
	}
	p.get(path).leads(checkAt) // the next person scans the code
	if p.cookie(codeCookie) != nil {
		t.Error("the profile of the one before is open")
	}
	s.step(3 * passLives)
	p.get(checkAt).wants(http.StatusOK) // it stands there for weeks
	s.shared = true
	e := s.person("employee")
	e.starts("statements")
	e.agrees("3")
	e.get(resultAt).wants(http.StatusOK, "Klaar: wis alles op dit toestel")
	if c := e.cookie(passCookie); c.MaxAge != int(kioskLives/time.Second) {
		t.Errorf("the pass lives %d s", c.MaxAge)
	}
	e.post(closeAt).leads(doorAt)
	if e.cookie(passCookie) != nil {
		t.Error("the function of the one before is left")
	}
}

func TestADeviceRemembersTheCodeWhenItsOwnerWantsSo(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("employee")
	p.starts("statements")
	p.agrees("3")
	p.keeps()
	if c := p.cookie(codeCookie); c.MaxAge != 0 || !c.Expires.IsZero() {
		t.Errorf("the code outlives the browser: %+v", c)
	}
	p.post(codeAt, "remember", "yes").leads(profileAt)
	if c := p.cookie(codeCookie); c.MaxAge != int(rememberFor/time.Second) {
		t.Errorf("the code lives %d s", c.MaxAge)
	}
	delete(p.cookies, s.pages.cookieName(passCookie)) // the browser was closed
	s.step(60 * 24 * time.Hour)
	p.who = ""
	p.get(profileAt).wants(http.StatusOK, "de code is onthouden")
	var used int64
	if err := s.db.Of(dbtest.Ours).Row(t.Context(), `SELECT used_at FROM skill_vaults WHERE tenant_id = $1`, nil, &used); err != nil || used != 1000*time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("used at %d: %v", used, err)
	}
	p.post(againAt).leads(checkAt)
	a := p.get(checkAt).wants(http.StatusOK, "Redder", "Naar mijn profiel")
	if !has(a.one("input", "name", "work", "value", "office"), "checked") {
		t.Error("the work of the profile is not proposed")
	}
	p.post(codeAt).leads(profileAt)
	if c := p.cookie(codeCookie); c.MaxAge != 0 {
		t.Error("the device still remembers")
	}
}

func TestAProfileThatIsGoneSaysSo(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		p := s.person("employee")
		p.starts("statements")
		p.agrees("3")
		code := p.keeps()
		other := s.person("employee")
		other.post(startAt).leads(checkAt)
		other.post(openAt, "code", code).leads(profileAt)
		other.post(eraseAt).leads(checkAt)
		p.get(profileAt).leads(openAt)
		p.get(openAt).wants(http.StatusOK, "niets meer bewaard")
		place, err := vault.PlaceOf(s.box, dbtest.Ours, vault.Code(plainCode(code)))
		if err != nil {
			t.Fatal(err)
		}
		for content, want := range map[string]string{`{"version":9}`: "nieuwere versie", `{}`: "beschadigd"} {
			err := s.db.Write(t.Context(), dbtest.Ours, func(x *db.Scope) error {
				if err := vault.Erase(t.Context(), x, place); err != nil && !errors.Is(err, vault.ErrAbsent) {
					return err
				}
				return vault.Put(t.Context(), x, place, 0, []byte(content), s.now())
			})
			if err != nil {
				t.Fatal(err)
			}
			p.post(openAt, "code", code).wants(http.StatusConflict, want)
		}
	})
}

func TestAboutSaysWhoSeesWhatAndHowLong(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("employee")
	p.post(startAt).leads(checkAt)
	p.get(aboutAt).wants(http.StatusOK, "Een profiel dat 2 jaar lang niet geopend is", "Wat kan een beheerder in het slechtste geval?", "Stad ours")
	for lang, want := range map[string]string{"fr": "Qui voit quoi ?", "de": "Wer sieht was?", "en": "Who sees what?"} {
		p.lang = lang
		p.cookies["__Host-tt_lang"].Value = lang
		p.get(aboutAt).wants(http.StatusOK, want)
	}
	if locale().Printer("nl").N("about.days", 90, i18n.Args{"n": "90"}) != "90 dagen" {
		t.Error("days")
	}
}

func TestTheDoorIsForEverybodyWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for _, role := range access.Roles() {
		s.person(string(role)).get(doorAt).wants(http.StatusOK, "Begin met de check")
	}
}

func TestTheLastSentenceOfASituationIsTheQuestion(t *testing.T) {
	t.Parallel()
	for stem, want := range map[string][2]string{
		"Je krijgt een brief. Wat doe je?":            {"Je krijgt een brief.", "Wat doe je?"},
		"Wat doe je?":                                 {"", "Wat doe je?"},
		"Een. Twee! Wat zeg je tegen An?":             {"Een. Twee!", "Wat zeg je tegen An?"},
		"Hij zegt: “Doe maar.” Wat doe je het eerst?": {"Hij zegt: “Doe maar.”", "Wat doe je het eerst?"},
		"Vous recevez une lettre. Que faites-vous ?":  {"Vous recevez une lettre.", "Que faites-vous ?"},
	} {
		a, b := split(stem)
		if a != want[0] || b != want[1] {
			t.Errorf("%q: %q and %q", stem, a, b)
		}
	}
	m, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Items {
		for _, field := range []bool{false, true} {
			for lang, stem := range m.Items[i].In(field).Stem {
				situation, question := split(stem)
				if question == "" || len(question) > 160 || !strings.Contains(stem, strings.TrimSpace(situation)) {
					t.Errorf("%s %s: %q asks %q", m.Items[i].ID, lang, situation, question)
				}
			}
		}
	}
}
