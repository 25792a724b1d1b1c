package desk

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/web"
)

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

func TestAPersonSeesWhatTheyUsedAndNobodyElseDoes(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("employee", useAt).wants(http.StatusOK, "Je gebruikte deze maand nog geen AI", "De organisatie stelde geen limiet in die voor jou geldt.", "Alleen jij.").silent("€ 0")
		s.furnish()
		page := s.get("employee", useAt).wants(http.StatusOK, "In december 2026", "€ 3,24", "8 december 2026", "9 december 2026", "Groot model", "Klein model", "graad A: gemeten", "graad C: berekend",
			"Je limiet per maand € 4,00 € 0,76 80 % 1 januari 2027", "Je limiet per week, voor modellen van de groep ‘groot’ € 3,50 € 0,27 92 % 14 december 2026", "De limiet per maand van de dienst ‘Groen en ruimte’ – Nog niet in zicht.",
			"Je eigen limiet: 2.000.000 tokens per dag.", "Google, augustus 2025: 0,2 Wh", "1,14 gram", "Een limiet van jou is bijna bereikt")
		page.silent("zwembad0", "€ 20,00", "An Peeters")
		s.get("employee", page.link("Bekijk de vorige maand")).wants(http.StatusOK, "Je gebruikte in november 2026 geen AI", "Je limiet per maand").silent("Groot model")
		s.get("hr", useAt).wants(http.StatusOK, "Je gebruikte deze maand nog geen AI")
		s.at = s.at.AddDate(0, 1, 0)
		s.get("employee", useAt+"?month=last").wants(http.StatusOK, "In december 2026", "Groot model", "€ 3,24").link("Bekijk deze maand")
		s.at = s.at.AddDate(0, -1, 0)
		s.post("employee", useAt+"/seen").leads(useAt)
		s.get("employee", useAt).wants(http.StatusOK).silent("Een limiet van jou is bijna bereikt")
		s.get("", useAt).leads("/sign-in?next=%2Fgateway%2Fuse")
	})
}

func TestAPersonChoosesALimitOfTheirOwnAndClearsIt(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	form := s.get("employee", ownAt).wants(http.StatusOK, "Elke maand")
	s.sends("employee", form, ownAt, "most", "veel").wants(http.StatusUnprocessableEntity, "Geef een bedrag in euro")
	s.sends("employee", form, ownAt, "most", "2,50").leads(useAt)
	page := s.get("employee", useAt).wants(http.StatusOK, "De limiet per maand die je zelf koos € 2,50 € 2,50 0 %", "Je eigen limiet: € 2,50 per maand.")
	remove := page.link("Wis")
	s.sends("employee", s.get("employee", remove).wants(http.StatusOK, "Je limiet van € 2,50 per maand geldt dan niet meer"), ownAt+"/remove").leads(useAt)
	s.get("employee", useAt).wants(http.StatusOK).silent("€ 2,50")
	s.get("employee", remove).wants(http.StatusNotFound)
}

func TestWhoReadsBudgetsSeesHowLimitsStandButNotOfPeople(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("hr", limitsAt).wants(http.StatusOK, "Er zijn nog geen limieten").silent("Nieuwe limiet")
		s.furnish()
		page := s.get("hr", limitsAt).wants(http.StatusOK, "De hele organisatie", "€ 100,00 per maand", "Minstens 10 % gebruikt.", "Dienst Groen en ruimte", "Elke dienst", "Zwembad: Bijna bereikt: minstens 80 % is gebruikt.",
			"Elke persoon", "Wie er zijn limiet bereikte, zie je niet", "An Peeters", "Karim Bensalah", "Afgesproken in het kernteam")
		page.silent("Nieuwe limiet", "€ 3,24", "zwembad0")
		if strings.Contains(page.text(), "Dienst Groen en ruimte € 20,00 per maand Minstens") {
			t.Error("what the swimming pool used follows from the organisation and Groen")
		}
		for _, who := range []string{"employee", "manager", "researcher"} {
			s.get(who, limitsAt).wants(http.StatusForbidden)
		}
		s.get("hr", limitsAt+"/new").wants(http.StatusForbidden)
		s.post("hr", limitsAt, "whom", "person:", "period", "month", "unit", "euro", "most", "1", "reason", "Zomaar.").wants(http.StatusForbidden)
		s.get("theirs hr", limitsAt).wants(http.StatusOK, "Er zijn nog geen limieten")
	})
}

func TestALimitIsShownBeforeItIsSetAndEachChangeIsKept(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.furnish()
		who, add := "core-team", limitsAt+"/new"
		preview := func(pairs ...string) *answer {
			t.Helper()
			return s.sends(who, s.get(who, add).wants(http.StatusOK, "Elke persoon", "Groen en ruimte"), limitsAt+"/preview", pairs...)
		}
		preview().wants(http.StatusUnprocessableEntity, "Geef een bedrag", "Geef de reden")
		preview("whom", "person:?", "mail", "niemand@stad.example", "most", "3", "reason", "Voor een proef.").wants(http.StatusUnprocessableEntity, "Geef het mailadres van iemand met een account")
		preview("whom", "team:weg", "most", "3", "reason", "Voor een proef.").wants(http.StatusUnprocessableEntity, "Kies iets uit de lijst")

		// Of a limit that is there already it is another version.
		shown := preview("whom", "organisation:", "most", "1", "reason", "Het geld is op.").wants(http.StatusOK, "Er is nog niets gewijzigd", "€ 100,00 per maand", "€ 1,00 per maand", "Bereikt.", "ze is dus meteen bereikt")
		s.sends(who, shown, limitsAt).leads(limitsAt)
		s.sends(who, shown, limitsAt).wants(http.StatusUnprocessableEntity, "Iemand anders heeft deze limiet intussen gewijzigd")
		page := s.get(who, limitsAt).wants(http.StatusOK, "€ 1,00 per maand", "Het geld is op.")

		item := page.link("Bekijk of wijzig")
		s.get(who, item).wants(http.StatusOK, "€ 100,00 per maand", "€ 1,00 per maand", "het kernteam")
		edit := s.get(who, item+"/edit").wants(http.StatusOK, "De hele organisatie")
		if edit.form().Get("most") != "1,00" {
			t.Error(edit.form())
		}
		shown = s.sends(who, edit, limitsAt+"/preview", "most", "1.250", "reason", "Er is weer geld.").wants(http.StatusOK, "€ 1.250,00 per maand", "Minder dan 10 % gebruikt.")
		s.sends(who, shown, limitsAt).leads(limitsAt)

		shown = preview("whom", "person:?", "mail", "An@Stad.example", "group", "groot", "period", "week", "unit", "tokens", "most", "20.000", "reason", "Voor een proef.").wants(http.StatusOK, "An Peeters", "20.000 tokens per week", "Wie dat is, zie je niet", "in de plaats van wat voor elk geldt")
		s.sends(who, shown, limitsAt).leads(limitsAt)
		s.get(who, limitsAt).wants(http.StatusOK, "20.000 tokens per week voor modellen van de groep ‘groot’")
		preview("whom", "team:", "period", "day", "most", "0", "reason", "Even stoppen.").wants(http.StatusOK, "Met 0 kan er niets meer", "De limiet geldt voor elk apart", "niet waar je iets aparts instelde")

		remove := s.get(who, item+"/remove").wants(http.StatusOK, "€ 1.250,00 per maand. Dat geldt dan niet meer")
		s.sends(who, remove, item+"/remove").wants(http.StatusUnprocessableEntity, "Geef de reden")
		s.sends(who, remove, item+"/remove", "reason", "Niet meer nodig.").leads(limitsAt)
		s.get(who, item).wants(http.StatusOK, "weggehaald", "Niet meer nodig.").silent("/edit\"")
		s.get("theirs core-team", item).wants(http.StatusNotFound)
		s.get(who, limitsAt+"/items/none").wants(http.StatusNotFound)
	})
}

func TestASecretIsShownOnceWithHowToUseIt(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.furnish()
		who := "administrator"
		s.get(who, keysAt).wants(http.StatusOK, "Er zijn nog geen sleutels")
		form := s.get(who, keysAt+"/new").wants(http.StatusOK, "Groen en ruimte", "Klein model")
		s.sends(who, form, keysAt).wants(http.StatusUnprocessableEntity, "Geef een naam")
		shown := s.sends(who, form, keysAt, "name", "Zoekhulp", "unit", "groen", "models", "large").wants(http.StatusOK, "tk_", "https://tekentafel.example/v1/chat/completions", "OpenAI(base_url=\"https://tekentafel.example/v1\"",
			"Anthropic(base_url=\"https://tekentafel.example\"", "model=\"large\"", "tot en met 8 december 2027")
		secret := shown.text()[strings.Index(shown.text(), "tk_"):]
		secret, _, _ = strings.Cut(secret, " ")
		if k, err := s.Keys.Find(t.Context(), secret); err != nil || k.Team != "groen" || k.Name != "Zoekhulp" {
			t.Fatal(k, err)
		}
		if again := s.sends(who, form, keysAt, "name", "Zoekhulp", "unit", "groen", "models", "large").wants(http.StatusOK); !strings.Contains(again.text(), secret) {
			t.Error("a form that is sent twice made two keys")
		}
		page := s.get(who, keysAt).wants(http.StatusOK, "Zoekhulp", "Groen en ruimte", "Groot model", "9 december 2026").silent(secret)
		renew := page.link("Vernieuw")
		fresh := s.sends(who, s.get(who, renew).wants(http.StatusOK, "Nog 7 dagen"), renew).wants(http.StatusOK, "De vorige sleutel werkt nog tot 16 december 2026").silent(secret)
		s.sends(who, s.get(who, renew), renew, "grace", "2").wants(http.StatusUnprocessableEntity, "Kies hoe lang")
		if fresh.text() == shown.text() {
			t.Error("the same")
		}
		withdraw := s.get(who, keysAt).wants(http.StatusOK, "de vorige nog tot 16 december 2026").link("Trek in")
		s.sends(who, s.get(who, withdraw).wants(http.StatusOK, "krijgen dan geen antwoord meer"), withdraw).leads(keysAt)
		if _, err := s.Keys.Find(t.Context(), secret); err == nil {
			t.Error("a withdrawn key opens")
		}
		s.get(who, keysAt).wants(http.StatusOK, "Geëindigd", "ingetrokken op 9 december 2026")
		s.get(who, withdraw).wants(http.StatusNotFound)
		for _, other := range []string{"employee", "hr", "core-team", "dpo"} {
			s.get(other, keysAt).wants(http.StatusForbidden)
			s.post(other, keysAt, "name", "x").wants(http.StatusForbidden)
		}
	})
}

func TestEveryoneReadsWhatTheGuardDoesAndAChangeIsShownOnExamplesFirst(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("employee", guardAt).wants(http.StatusOK, "Dit is de keuze die met Tekentafel meekomt", "Nummerplaat vervangen", "Wachtwoord tegenhouden", "een schuilnaam zoals [PERSOON-1]", "Wat de controle niet vindt", "ongeveer één naam op vijf").silent("Wijzig de controle")
		s.get("employee", guardAt+"/edit").wants(http.StatusForbidden)
		edit := s.get("dpo", guardAt+"/edit").wants(http.StatusOK, "Altijd: wie een sleutel")
		s.sends("dpo", edit, guardAt+"/preview").wants(http.StatusOK, "Je wijzigde niets.")
		s.sends("dpo", edit, guardAt+"/preview", "secret", "ignore").wants(http.StatusUnprocessableEntity, "Kies een van de mogelijkheden")
		preview := s.sends("dpo", edit, guardAt+"/preview", string(guard.Plate), "block").wants(http.StatusOK, "Nummerplaat: van vervangen naar tegenhouden", "[NUMMERPLAAT-1]", "Straks De tekst wordt tegengehouden.", "[PERSOON-1]")
		s.sends("dpo", preview, guardAt).wants(http.StatusUnprocessableEntity, "Geef de reden")
		s.sends("dpo", preview, guardAt, "reason", "Nummerplaten zijn gegevens van burgers.").leads(guardAt)
		s.get("employee", guardAt).wants(http.StatusOK, "Zo sinds 9 december 2026", "Nummerplaat tegenhouden", "Nummerplaten zijn gegevens van burgers.").silent("Dries Maes")
		s.get("administrator", guardAt).wants(http.StatusOK, "Door: Dries Maes")
		s.sends("dpo", preview, guardAt, "reason", "Nog eens.").wants(http.StatusUnprocessableEntity, "Iemand anders heeft dit intussen gewijzigd")
	})
}

func TestModelsSayWhereTheyRunAndHealthIsForWhoManagesThem(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.get("employee", modelsAt).wants(http.StatusOK, "In het datacenter van de stad", "€ 0,15 per miljoen tokens van je vraag, € 0,60 per miljoen tokens van het antwoord", "oefenmodel: een programma met vaste regels, geen AI", "gratis", "Er is geen prijs ingesteld.",
		"ongeveer 0,1 tot 0,3 Wh").silent("eigen", "wolk")
	s.get("administrator", modelsAt).wants(http.StatusOK, "Hoe het met de servers gaat", "wolk Wordt even overgeslagen. De server is niet te bereiken. Kijk het adres en het netwerk na. Tot 9 december 2026, 11:01.")
}

func TestScriptsReadLimitsAndHowTheyStand(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.furnish()
	call := func(target, key string) (int, string) {
		r := httptest.NewRequest(http.MethodGet, "/api/v1"+target, nil)
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		s.server.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for _, target := range []string{"/gateway/limits", "/gateway/limits/state"} {
		if code, _ := call(target, "hr reports.read"); code != http.StatusForbidden {
			t.Error(target, code)
		}
		if code, _ := call(target, "manager budgets.read"); code != http.StatusForbidden {
			t.Error(target, code)
		}
		code, body := call(target, "hr budgets.read")
		var got struct{ Items []map[string]any }
		if err := json.Unmarshal([]byte(body), &got); err != nil || code != http.StatusOK || len(got.Items) < 3 {
			t.Error(code, body, err)
		}
		for _, x := range got.Items {
			if target != "/gateway/limits" && (x["kind"] == "person" || x["subject"] == "zwembad" && x["percent"] != nil) {
				t.Error(x)
			}
		}
	}
}

func TestWhatWaitsIsOnTheHomePage(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	titles := func(who string) (out string) {
		t.Helper()
		r := &web.Request{Request: httptest.NewRequest(http.MethodGet, "/", nil), Visit: web.Visit{Actor: actorOf(dbtest.Ours, who)}, Lang: instrument.NL}
		list, err := s.Tasks(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			out += x.Title + "|"
			if x.Text == "" || x.Label == "" || x.Href == "" || x.Tag == "" {
				t.Errorf("%+v", x)
			}
		}
		return out
	}
	if got := titles("core-team") + titles("employee"); got != "" {
		t.Error(got)
	}
	s.furnish()
	s.uses("zwembad0", "small", "", price.Usage{Output: 1})
	if got := titles("employee"); got != "Je limiet voor AI is bijna bereikt|" {
		t.Error(got)
	}
	if got := titles("core-team"); got != "Een limiet voor AI is bijna bereikt|" {
		t.Error(got)
	}
	if got := titles("hr"); got != "" {
		t.Error(got)
	}
	s.get("core-team", limitsAt).wants(http.StatusOK, "De limiet per maand van de dienst ‘Zwembad’ is bijna bereikt.").silent("zwembad0")
	s.post("core-team", limitsAt+"/seen").leads(limitsAt)
	if got := titles("core-team"); got != "" {
		t.Error(got)
	}
	s.at = s.at.Add(30 * 24 * time.Hour)
	if got := titles("employee"); got != "" {
		t.Error(got)
	}
}

// TestGarbageIsRefusedWithAMessage sends nonsense to every form.
func TestGarbageIsRefusedWithAMessage(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.furnish()
	item := s.get("administrator", limitsAt).link("Bekijk of wijzig")
	junk := []string{"name", "\x00<script>alert(1)</script>", "unit", "'; DROP", "models", "x", "ends", "31/12/2026", "grace", "-1", "whom", "x:y:z", "mail", "@", "group", "?", "period", "x", "most", "1e9", "ask", strings.Repeat("x", 500),
		"reason", "", "version", "-3", "plate", "x", "secret", "ignore"}
	for _, path := range []string{ownAt, limitsAt, limitsAt + "/preview", item + "/remove", keysAt, guardAt, guardAt + "/preview"} {
		got := s.post("administrator", path, junk...)
		if got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), "error-summary") {
			t.Errorf("%s: status %d: %.300s", path, got.Code, got.text())
		}
		got.silent("<script>alert")
	}
	for _, path := range []string{limitsAt + "/items/x/edit", limitsAt + "/items/%00", keysAt + "/x/renew", keysAt + "/x/withdraw", ownAt + "/remove?period=x"} {
		if got := s.get("administrator", path); got.Code >= 500 || got.Code < 400 {
			t.Errorf("%s: status %d", path, got.Code)
		}
	}
	s.post("administrator", keysAt+"/x/withdraw").wants(http.StatusNotFound)
	s.post("administrator", limitsAt, "id", "x", "most", "1", "reason", "Zomaar.").wants(http.StatusNotFound)
}

func TestAmountsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"12,50": 12.5e9, "12.50": 12.5e9, "1.250": 1250e9, "1.250,5": 1250.5e9, "1 000": 1000e9, "€ 3": 3e9, "0.125": 125e6, "0": 0, "1.250.000": 1250000e9} {
		if got, ok := amountOf(budget.Euros, in); !ok || got != want {
			t.Errorf("%q: %d, %v", in, got, ok)
		}
	}
	for in, want := range map[string]int64{"20.000": 20_000, "20000": 20_000, "1 000 000": 1_000_000} {
		if got, ok := amountOf(budget.Tokens, in); !ok || got != want {
			t.Errorf("%q: %d, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "veel", "-1", "1e9", "NaN", "1,2,3", "12,5 kg"} {
		if got, ok := amountOf(budget.Euros, in); ok {
			t.Errorf("%q is taken for %d", in, got)
		}
	}
}

func FuzzAmountIsReadBackAsItWasWritten(f *testing.F) {
	f.Add(int64(12_500_000_000), "12,50")
	f.Add(int64(0), "1.250")
	f.Fuzz(func(t *testing.T, n int64, text string) {
		for _, u := range []budget.Unit{budget.Euros, budget.Tokens} {
			if got, ok := amountOf(u, text); ok && got < 0 {
				t.Errorf("%q is %d", text, got)
			}
			if n < 0 {
				continue
			}
			w := words{locale().Printer(instrument.NL), instrument.NL, nil}
			if got, ok := amountOf(u, w.typed(u, n)); n < 9e18 && (!ok || got != n) {
				t.Errorf("%d is written %q and read as %d", n, w.typed(u, n), got)
			}
		}
	})
}

func TestTabsAndOffersAreThoseThatOneCanOpen(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	tabs := func(role access.Role) (out []string) {
		r := &web.Request{Request: httptest.NewRequest(http.MethodGet, "/", nil), Visit: web.Visit{Actor: actorOf(dbtest.Ours, string(role))}, Lang: instrument.NL}
		for _, l := range s.Tabs(r, useAt) {
			out = append(out, l.Label)
		}
		if n := len(s.Offers(r)); (n > 0) != (role == access.CoreTeam || role == access.Administrator) {
			t.Errorf("%s: %d offers", role, n)
		}
		return out
	}
	for role, want := range map[access.Role]string{access.Employee: "Mijn gebruik Modellen Controle Inzicht", access.HR: "Mijn gebruik Modellen Controle Limieten Inzicht", access.CoreTeam: "Mijn gebruik Modellen Controle Limieten Inzicht",
		access.Administrator: "Mijn gebruik Modellen Controle Limieten Sleutels Inzicht"} {
		if got := strings.Join(tabs(role), " "); got != want {
			t.Errorf("%s: %s", role, got)
		}
	}
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}
