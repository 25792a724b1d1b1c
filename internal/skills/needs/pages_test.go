package needs

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/web"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestHRLooksAtAFunctionFromBeginningToEnd(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.get("hr", home).wants(200, "Bekijk nu: Tuinarbeider", "0 %", "0 van de 109 medewerkers", "5 medewerkers hebben geen functie", "Download als Excel")
		at := functionsAt + "clerk"
		page := s.get("hr", at).wants(200, "Loketmedewerker", "26 medewerkers · F01", "Klopt dit voorstel?", "Voorstel, omdat ‘loketmedewerker’ in de titel staat.", "3 Zelfstandig (voorstel)", "Contact met burgers: Een fout antwoord")
		s.post("hr", at+"/take", page.form(at+"/take")).leads(at)
		s.get("hr", at).wants(200, "Overgenomen zoals voorgesteld door Naam van hr", "Voorstel overgenomen", "Loketmedewerker – Contact met burgers: niets → Ja", "en nog").silent("Klopt dit voorstel?")

		form := s.get("hr", at+"/answers").wants(200, "De vragen over Loketmedewerker", "Zoals voorgesteld: ja (‘loketmedewerker’ in de titel)").form(at + "/answers")
		if form.Get("rule-citizens") != "yes" || form.Get("rule-software") != "no" {
			t.Errorf("what was taken over is not chosen: %v", form)
		}
		form.Set("rule-software", "yes")
		form.Set("rule-leads", "unknown")
		s.post("hr", at+"/answers", form).leads(at)
		s.get("hr", home).wants(200, "Nog 4 van 5 vaardigheden te bekijken")
		s.get("hr", at).wants(200, "4 Anderen helpen", "Weten we nog niet", "Software kiezen of beheren: Nee → Ja")

		form = s.get("hr", at+"/level?skill=technical").wants(200, "Nu: Technisch, 4 Anderen helpen", "Zoals de vragen over het werk geven: 4 Anderen helpen").form(at + "/level")
		form.Set("level", "2")
		s.post("hr", at+"/level", form).wants(422, "Schrijf de reden op")
		form.Set("reason", "Aan het loket kiezen ze niets")
		form.Set("unit", "desk")
		s.post("hr", at+"/level", form).leads(at)
		s.get("hr", at).wants(200, "Anders voor een dienst of rol", "in Team loket", "Aan het loket kiezen ze niets")
		s.get("hr", at+"?unit=desk").wants(200, "2 Aan de slag (gezet)", "gezet door Naam van hr", "De vragen over het werk zouden 4 Anderen helpen geven.")
		if got := s.level("clerk", "desk", "technical"); got != 2 {
			t.Errorf("%d", got)
		}

		form = s.get("hr", at+"/factors").wants(200, "Artikel 4 vraagt", "Voor welke burgers").form(at + "/factors")
		form.Set("note-persons", "Ook mensen die moeilijk lezen")
		s.post("hr", at+"/factors", form).leads(at)
		s.get("hr", at).wants(200, "Ook mensen die moeilijk lezen")
		form = s.get("hr", at+"/answers").form(at + "/answers")
		form.Set("rule-leads", "no")
		s.post("hr", at+"/answers", form).leads(at)
		s.get("hr", home).wants(200, "26 van de 109")
	})
}

func TestAFamilyIsAnsweredAtOnce(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		at := familyAt("Dienstverlening")
		s.get("hr", home).wants(200, "Dienstverlening", "Zonder functiefamilie")
		s.get("hr", at).wants(200, "2 functies, 37 medewerkers", "Functies in deze familie", "Loketmedewerker", "2 functies in deze familie hebben nog elk een eigen voorstel")
		page := s.get("hr", at+"/take-all").wants(200, "2 functies, 37 medewerkers", "Neem de voorstellen van 2 functies over")
		s.post("hr", at+"/take-all", page.form(at+"/take-all")).leads(at)
		s.get("hr", at).wants(200, "Overgenomen zoals voorgesteld").silent("nog elk een eigen voorstel")
		form := s.get("hr", at+"/answers").wants(200, "elke functie in de familie").form(at + "/answers")
		for name := range form {
			if strings.HasPrefix(name, "rule-") {
				form.Set(name, "no")
			}
		}
		s.post("hr", at+"/answers", form).leads(at)
		s.get("hr", at).wants(200, "Vragen beantwoord")
		s.get("hr", familiesAt+"0123456789abcdef").wants(404)
		s.get("hr", functionsAt+"gone").wants(404)
	})
}

func TestTheMatrixIsFilteredAndWalked(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.get("hr", matrixAt).wants(200, "6 functies gevonden, van 6.", "Groen en openbaar domein", "Kritisch", "Nog niet bekeken")
		s.get("hr", matrixAt+"?family=Dienstverlening&show=open").wants(200, "2 functies gevonden").silent("Tuinarbeider")
		s.get("hr", matrixAt+"?family=-").wants(200, "Bode").silent("Loketmedewerker")
		s.get("hr", matrixAt+"?q=bestaat+niet").wants(200, "Geen enkele functie past bij deze keuze.")
		s.get("hr", matrixAt+"?unit=gone").wants(422, "Dit staat er niet meer.")
		s.get("manager", matrixAt+"?show=team").wants(200, "2 functies gevonden", "Tuinarbeider", "Functies van mijn team").silent("Bode")
		s.staff.mu.Lock()
		for i := range 130 {
			s.staff.org.Functions = append(s.staff.org.Functions, demand.Function{ID: "x" + itoa(i), Name: "Medewerker " + itoa(1000+i), Family: "Groot"})
		}
		s.staff.org.Revision++
		s.staff.mu.Unlock()
		seen := map[string]bool{}
		next := matrixAt + "?family=Groot"
		for range 5 {
			page := s.get("hr", next).wants(200)
			next = ""
			for _, l := range page.links() {
				if strings.HasPrefix(l, functionsAt) {
					if seen[l] {
						t.Errorf("%s stands on two pages", l)
					}
					seen[l] = true
				}
			}
			for n := range page.root.Descendants() {
				if attr(n, "rel") == "next" {
					next = attr(n, "href")
				}
			}
			if next == "" {
				break
			}
		}
		if len(seen) != 130 {
			t.Errorf("%d functions on all pages", len(seen))
		}
	})
}

func TestAManagerProposesAndHRAnswers(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		at := functionsAt + "garden"
		s.get("manager", home).wants(200, "Functies van jouw team", "Tuinarbeider", "Doe een voorstel").silent("Breng een rekenblad binnen")
		s.get("manager", at).wants(200, "Doe een voorstel").silent("Beantwoord de vragen", "Draai terug")
		s.get("manager", functionsAt+"clerk").wants(200).silent("Doe een voorstel")
		s.get("manager", functionsAt+"clerk/propose").wants(404)
		form := s.get("manager", at+"/propose").wants(200, "Een voorstel voor Tuinarbeider", "Blijft zoals nu").form(at + "/propose")
		s.post("manager", at+"/propose", form).wants(422, "Schrijf de reden op")
		form.Set("reason", "Ze maken zelf de borden in het park")
		s.post("manager", at+"/propose", form).wants(422, "Er verandert niets")
		form.Set("rule-writes", "yes")
		form.Set("level-creative", "3")
		place := s.post("manager", at+"/propose", form).leads(proposalsAt + "/")
		s.get("manager", place).wants(200, "Wacht op HR", "Trek je voorstel in", "Schrijven voor anderen").silent("Neem het voorstel over")
		s.get("dpo", place).wants(403)
		s.get("hr", home).wants(200, "wachten op HR")
		tasks, err := s.Tasks(t.Context(), &web.Request{Request: mustRequest(t), Visit: web.Visit{Actor: hr()}, Lang: instrument.NL})
		if err != nil || len(tasks) != 2 || !strings.Contains(tasks[0].Title, "1 voorstel van een leidinggevende wacht") {
			t.Errorf("%+v %v", tasks, err)
		}
		page := s.get("hr", place).wants(200, "1 Kennismaken", "3 Zelfstandig", "Neem het voorstel over")
		refuse := page.form(place + "/refuse")
		s.post("hr", place+"/refuse", refuse).wants(422, "Schrijf de reden op")
		s.post("hr", place+"/accept", page.form(place+"/accept")).leads(proposalsAt)
		s.get("manager", place).wants(200, "Overgenomen", "Naam van hr")
		s.post("hr", place+"/refuse", url.Values{"answer": {"Toch niet nodig"}, "at": {"9"}}).wants(422, "Over dit voorstel is al beslist.")
		if got := s.level("garden", "", "creative"); got != 3 {
			t.Errorf("%d", got)
		}
		s.get("hr", proposalsAt+"?state=accepted").wants(200, "Tuinarbeider", "Ze maken zelf de borden")
		s.get("hr", proposalsAt+"?state=waiting").wants(200, "Er zijn geen voorstellen.")
		form.Set("_once", "another")
		form.Set("level-creative", "4")
		place = s.post("manager", at+"/propose", form).leads(proposalsAt + "/")
		s.post("manager", place+"/withdraw", url.Values{}).leads(place)
		s.get("manager", place).wants(200, "Ingetrokken")
	})
}

func mustRequest(t *testing.T) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRolesAreKeptInPages(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.get("hr", rolesAt).wants(200, "Nog geen rollen")
		form := s.get("hr", rolesAt+"/new").wants(200).form(rolesAt)
		s.post("hr", rolesAt, form).wants(422, "Vul een naam in")
		form.Set("name", "Wie software koopt")
		form.Set("level-technical", "4")
		s.post("hr", rolesAt, form).wants(422, "Schrijf de reden op")
		form.Set("reason", "Bepaalt waarmee anderen werken")
		s.post("hr", rolesAt, form).leads(rolesAt)
		page := s.get("hr", rolesAt).wants(200, "Wie software koopt", "4 Anderen helpen")
		at := ""
		for _, l := range page.links() {
			if strings.HasPrefix(l, rolesAt+"/") && !strings.HasSuffix(l, "/new") {
				at = l
			}
		}
		form = s.get("hr", at).wants(200, "Wie software koopt").form(at)
		form.Set("level-ethical", "3")
		s.post("hr", at, form).leads(rolesAt)
		s.get("hr", functionsAt+"buyer/level").wants(200, "Voor wie met welke rol?", "Wie software koopt")
		drop := s.get("hr", at+"/drop").wants(200, "2 niveaus").form(at + "/drop")
		s.post("hr", at+"/drop", drop).leads(rolesAt)
		s.get("hr", at).wants(404)
		s.get("hr", historyAt+"?kind=role").wants(200, "Rol: Wie software koopt → niets")
	})
}

func TestHistoryIsFilteredAndPutBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		ctx := t.Context()
		other := hr()
		other.Owner = "An"
		must(s.TakeOver(ctx, hr(), function("clerk"), 0))(t)
		must(s.SetLevel(ctx, other, framework.Where{Function: "garden"}, "creative", 3, "Voor de borden", s.seq(), asked.Request{}))(t)
		s.get("hr", historyAt).wants(200, "Naam van An", "Naam van hr", "Tuinarbeider – Creatief: niets → 3 Zelfstandig (Voor de borden)")
		s.get("hr", historyAt+"?who=An").wants(200, "Voor de borden").silent("Contact met burgers")
		s.get("hr", historyAt+"?kind=taken").wants(200, "Contact met burgers").silent("Voor de borden")
		s.get("hr", historyAt+"?function=garden").wants(200, "Alleen wijzigingen van: Tuinarbeider", "Voor de borden").silent("Contact met burgers")
		s.get("dpo", historyAt).wants(200, "Voor de borden").silent("Draai terug")
		s.get("hr", changesAt+"1").wants(200, "Wijziging 1", "Loketmedewerker – Mensen leiden: niets → Nee", "Draai terug")
		confirm := s.get("hr", changesAt+"2/undo").wants(200, "de wijziging van Naam van An").form(changesAt + "2/undo")
		s.post("hr", changesAt+"2/undo", confirm).leads(changesAt + "3")
		s.get("hr", changesAt+"2").wants(200, "Teruggedraaid door", "wijziging 3").silent("Draai terug")
		must(s.SetAnswers(ctx, other, function("clerk"), map[string]string{"leads": demand.Yes}, s.seq(), asked.Request{}))(t)
		s.get("hr", changesAt+"1/undo").wants(200, "kan niet meer in één keer terug", "Loketmedewerker: Mensen leiden")
		s.post("hr", changesAt+"1/undo", url.Values{}).leads(changesAt + "1/undo")
		s.get("hr", changesAt+"99").wants(404)
		s.get("hr", changesAt+"x").wants(404)
	})
}

func TestAConflictIsShownWithWhatWasTyped(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		at := functionsAt + "clerk"
		form := s.get("hr", at+"/level?skill=creative").form(at + "/level")
		other := hr()
		other.Owner = "An"
		must(s.SetLevel(t.Context(), other, framework.Where{Function: "clerk"}, "creative", 3, "Voor de folders", 0, asked.Request{}))(t)
		form.Set("level", "2")
		form.Set("reason", "Anders gezien in de praktijk")
		page := s.post("hr", at+"/level", form).wants(422, "Naam van An wijzigde dit intussen", "Anders gezien in de praktijk", "Gezet door Naam van An")
		s.post("hr", at+"/level", page.form(at+"/level")).leads(at)
		if got := s.level("clerk", "", "creative"); got != 2 {
			t.Errorf("seen and sent again: %d", got)
		}
	})
}

// TestEveryRouteIsForWhoMay asks for every page as every role, and follows every link of the pages that open.
func TestEveryRouteIsForWhoMay(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		must(s.TakeOver(t.Context(), hr(), function("clerk"), 0))(t)
		must(s.PutRole(t.Context(), hr(), RoleOf{Name: "Wie koopt"}, s.seq(), asked.Request{}))(t)
		for _, route := range s.server.Routes() {
			method, path, _ := strings.Cut(route.Pattern, " ")
			path = strings.NewReplacer("{key}", "clerk", "{seq}", "1", "{skill}", "critical", "{part}", "general", "{number}", "0", "{id}", "x").Replace(path)
			for _, role := range append(access.Roles(), "") {
				a := s.send(method, path, nil, "X-Test-Who", string(role))
				may := route.Any || access.Can(person("ours", role), route.Action, access.Resource{Tenant: "ours"})
				switch {
				case role == "" && a.Code != http.StatusSeeOther && a.Code != http.StatusUnauthorized:
					t.Errorf("%s for a visitor: %d", route.Pattern, a.Code)
				case role != "" && !may && a.Code != http.StatusForbidden:
					t.Errorf("%s as %s: %d", route.Pattern, role, a.Code)
				case role != "" && may && !route.Any && a.Code == http.StatusForbidden, a.Code >= 500:
					t.Errorf("%s as %s: %d", route.Pattern, role, a.Code)
				}
			}
		}
		for _, role := range []string{"hr", "manager", "dpo", "employee"} {
			seen, list := map[string]bool{}, []string{home, frameworkAt}
			for len(list) > 0 {
				at := list[0]
				list = list[1:]
				if seen[at] || !strings.HasPrefix(at, home) || len(seen) > 250 {
					continue
				}
				seen[at] = true
				a := s.get(role, at)
				if a.Code != 200 && (role != "employee" || a.Code != 403 || at != home) {
					t.Errorf("%s as %s: %d", at, role, a.Code)
				}
				list = append(list, a.links()...)
			}
			if len(seen) < 3 {
				t.Errorf("%s sees %d pages", role, len(seen))
			}
		}
	})
}
