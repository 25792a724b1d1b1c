package desk

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/desk/placing"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/web"
)

func ask() asked.Request { return asked.Request{} }

func sqlite(t testing.TB) *db.DB { return dbtest.SQLite(t) }

// TestFromAReportToTheGapAndBack walks the way of HR: nothing yet, a report becomes ready, the gap is there by itself; readiness first, then
// groups; what changes is said, the places are corrected, and it is computed again.
func TestFromAReportToTheGapAndBack(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("hr", home).wants(http.StatusOK, "Nog geen meting vroeg naar vaardigheden")
		s.quality = readinessFor()
		s.add(wave(t, "r1", "s1", 1200, 7))
		s.get("hr", home).wants(http.StatusOK, "Monitor r1", "Nog niet berekend")
		none := s.get("hr", home+"/r1").wants(http.StatusOK, "nog niet berekend", "Bereken de kloof")
		s.get("hr", home+"/r1/map").wants(http.StatusNotFound, "nog niets om te tonen")
		s.get("dpo", home+"/r1").wants(http.StatusOK, "HR kan ze laten berekenen")
		s.post("hr", home+"/r1/compute", "_once", none.value("_once")).leads(home + "/r1")
		s.until("r1", ready)

		// Until somebody says where answers belong there is one group: everybody.
		s.get("dpo", home+"/r1").wants(http.StatusOK, "Nog één stap voor cijfers per groep", "HR kijkt nog na", "De hele organisatie", "Zonder functie of soort werk is niet te zeggen", "201 medewerkers", "Wat helpt: de functie invullen", "wat mensen over zichzelf zeggen").silent(home + "/r1/map")
		s.get("hr", home+"/r1/map").wants(http.StatusNotFound, "zegt niets per groep")
		s.get("hr", home+"/r1/method").wants(http.StatusOK, "Nog niemand zei waar antwoorden bij horen")
		if g := s.result("r1"); len(g.Departments) != 1 || len(g.Functions) != 1 || g.Functions[0].N != 1200 {
			t.Errorf("%d departments, %d functions", len(g.Departments), len(g.Functions))
		}
		form := s.get("hr", home+"/r1/reading").wants(http.StatusOK, "13 antwoorden hebben nog geen tegenhanger", "Dit leg je één keer vast")
		fields := []string{"version", form.value("version"), "department", form.value("department"), "function", "", "family", form.value("family")}
		at := placeOf(t, s, "department", "Mobiliteit")
		s.post("hr", home+"/r1/reading", append(fields, "department-"+itoa(at), "Nergens")...).wants(http.StatusUnprocessableEntity, "Kies voor “Mobiliteit” een eenheid uit de lijst")
		s.post("hr", home+"/r1/reading", append(fields, "family-0", "nothing")...).wants(http.StatusUnprocessableEntity, "Kies voor “Administratie” een antwoord")
		s.post("hr", home+"/r1/reading", append(fields, "department-"+itoa(at), "departement haven", "family-0", "public_contact")...).leads(home + "/r1")
		s.until("r1", ready)
		said := must(readingOf(t.Context(), s.DB.Of(dbtest.Ours), "s1"))(t)
		if said.Department.Pairs["Mobiliteit"] != "u-haven" || said.Family.Pairs["Administratie"] != "public_contact" || said.Department.Pairs["Burgerzaken"] != "u-burgerzaken" || said.Families["f-law"] != "Staf" {
			t.Errorf("%+v", said)
		}
		s.get("hr", home+"/r1/reading").wants(http.StatusOK, "Zo is het vastgelegd", "Mobiliteit Departement Haven", "onbekend", "Administratie loket of onthaal").silent("_once")
		s.post("hr", home+"/r1/reading", append(fields, "department-"+itoa(at), "")...).wants(http.StatusOK, "Zo is het vastgelegd")

		s.get("dpo", home+"/r1").wants(http.StatusOK, "Wat je hieruit kunt besluiten", "Mensen zonder functie", "vallen 201 medewerkers weg (14,0 punten)", "de dienst onbekend").silent("Nog één stap")
		if page := s.get("hr", home+"/r1").wants(http.StatusOK, "Bekijk en herstel de personeelsgegevens").Body.String(); !strings.Contains(page, `href="/staff/quality/person.no_function"`) || strings.Contains(page, "/staff/quality/group.small") {
			t.Error("faults do not lead to their cases")
		}
		s.get("dpo", home+"/r1").wants(http.StatusOK).silent("/staff/quality/")
		s.get("core-team", home+"/r1").wants(http.StatusOK).silent("/staff/quality")
		s.get("core-team", home+"/r1/map").wants(http.StatusOK, "Departement Burgerzaken", "100 antwoorden van 126 medewerkers", "te onzeker")
		s.get("researcher", home+"/r1/map?by=function").wants(http.StatusOK, "Loket of onthaal", "Beleid").silent("Administratie")
		s.get("hr", home+"/r1/where").wants(http.StatusOK, "Gelijk: plaats 1 tot", "Kans bij de eerste 10")
		s.get("hr", home+"/r1/group?department=u-burgerzaken").wants(http.StatusOK, "Departement Burgerzaken", "Soorten werk hierin", "Nooit AI gebruikt")
		s.get("hr", home+"/r1/group?department=u-archief").wants(http.StatusNotFound, "Deze groep wordt niet getoond")
		s.get("hr", home+"/r1/change").wants(http.StatusNotFound, "geen vorige meting")
		s.get("hr", home+"/r1/method").wants(http.StatusOK, "hoe mensen zichzelf zien", "Dat geldt voor elke vaardigheid", "zit er niet in", "uit de vraag ‘Dienst’", "Gekozen door HR", "geheime afwijking")

		// The staff list changes: the result says so and stays, until it is computed again.
		before := s.result("r1")
		o := city()
		o.Tallies[0].People += 5
		s.reorganise(o, s.state)
		s.get("hr", home+"/r1").wants(http.StatusOK, "Sindsdien veranderde er iets", "de personeelslijst", "Bereken opnieuw")
		s.computes("r1")
		after := s.result("r1")
		if after.Whole.Staff != before.Whole.Staff+5 {
			t.Errorf("staff %d, then %d", before.Whole.Staff, after.Whole.Staff)
		}
		for i := range after.Departments {
			if after.Departments[i].N != before.Departments[i].N {
				t.Errorf("%s: %d answers, then %d", after.Departments[i].Name, before.Departments[i].N, after.Departments[i].N)
			}
		}
		if text := s.log.String(); strings.Contains(text, "Burgerzaken") || strings.Contains(text, "s1") {
			t.Error("the log names a group or the answers")
		}
	})
}

// placeOf is the place of an answer among those of a question.
func placeOf(t *testing.T, s *site, column, answer string) int {
	t.Helper()
	v := must(rowOf(t.Context(), s.DB.Of(dbtest.Ours), "r1"))(t)
	for i, a := range placing.Find(v.facts.Columns, column).Answers {
		if a.ID == answer {
			return i
		}
	}
	t.Fatalf("%s has no answer %s", column, answer)
	return -1
}

func TestAReportThatIsReadyIsComputedByItselfWhereItMeasuresSkills(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add(wave(t, "r1", "s1", 400, 7))
		plain := wave(t, "r2", "s2", 50, 7)
		plain.Answers.Instrument.Constructs, plain.Answers.Instrument.Items = nil, nil
		s.add(plain)
		for _, id := range []string{"r1", "r2", "gone"} {
			if err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return s.ReportReady(t.Context(), tx, id) }); err != nil {
				t.Fatal(err)
			}
		}
		s.until("r1", ready)
		if _, err := rowOf(t.Context(), s.DB.Of(dbtest.Ours), "r2"); ignoreMissing(err) != nil || err == nil {
			t.Errorf("a report without skills has a gap: %v", err)
		}
		s.get("hr", home).wants(http.StatusOK, "Monitor r1").silent("Monitor r2")
		s.get("hr", home+"/r2").wants(http.StatusNotFound)
	})
}

// The errors of a wave are the same whenever it is computed and from whichever report, other for each wave, and known to no page.
func TestAWaveKeepsItsSecret(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	s.add(wave(t, "r1", "s1", 800, 7))
	s.add(wave(t, "again", "s1", 800, 7))
	s.add(wave(t, "other", "s2", 800, 7))
	s.asks("r1")
	first := s.result("r1")
	s.computes("r1")
	s.computes("again")
	s.asks("other")
	same := func(a, b *gap.Gap) bool {
		for i := range a.Departments {
			for k := range a.Departments[i].Skills {
				x, y := a.Departments[i].Skills[k].Level, b.Departments[i].Skills[k].Level
				if x != nil && y != nil && *x != *y {
					return false
				}
			}
		}
		return len(a.Departments) == len(b.Departments) && len(a.Departments) > 3
	}
	if !same(first, s.result("r1")) || !same(first, s.result("again")) {
		t.Error("the same answers give other figures")
	}
	if same(first, s.result("other")) {
		t.Error("another wave has the same errors")
	}
	secret := s.secret(dbtest.Ours, "s1")
	if other := s.secret(dbtest.Theirs, "s1"); secret == other || secret == s.secret(dbtest.Ours, "s2") || s.seed(dbtest.Ours, "s1") == s.seed(dbtest.Ours, "s2") {
		t.Error("two waves share a secret")
	}
	for _, path := range []string{"", "/method", "/export/json", "/export/html"} {
		for _, text := range []string{hex.EncodeToString(secret[:8]), base64.StdEncoding.EncodeToString(secret[:9]), strconv.FormatUint(s.seed(dbtest.Ours, "s1"), 10)} {
			if strings.Contains(s.get("hr", home+"/r1"+path).Body.String(), text) {
				t.Errorf("%s gives the secret away", path)
			}
		}
	}
}

// Where respondents are is said once for their answers, by HR, and never again: not from another report of them, and not by changing the staff list.
func TestAWaveIsReadInOneWay(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add(wave(t, "r1", "s1", 800, 7))
		s.add(wave(t, "again", "s1", 800, 7))
		s.computes("again")
		v := s.asks("r1")
		reading := v.facts.Proposed
		for report, version := range map[string]int64{"r1": v.version, "again": must(rowOf(t.Context(), s.DB.Of(dbtest.Ours), "again"))(t).version} {
			if err := s.Say(t.Context(), hr(), report, version, reading, ask()); !problem.Is(err, problem.Conflict) {
				t.Errorf("%s is read again: %v", report, err)
			}
		}
		s.get("hr", home+"/again").wants(http.StatusOK, "waar antwoorden bij horen", "Bereken opnieuw")
		before := s.result("r1")
		o := city()
		for i := range o.Functions {
			o.Functions[i].Family = "Een nieuwe familie"
		}
		for i := range o.Units {
			if o.Units[i].ID == "u-burgerzaken" {
				o.Units[i].Name = "Departement Mobiliteit" // an answer that had no counterpart
			}
		}
		o.Units = slices.DeleteFunc(o.Units, func(u demand.Unit) bool { return u.ID == "u-cultuur" || u.ID == "u-cultuur-team" })
		s.reorganise(o, s.state)
		s.computes("r1")
		after := s.result("r1")
		for i := range before.Departments {
			if k := slices.IndexFunc(after.Departments, func(r gap.Row) bool { return r.Department == before.Departments[i].Department }); k < 0 || after.Departments[k].N != before.Departments[i].N {
				t.Errorf("the respondents of %s moved", before.Departments[i].Name)
			}
		}
		for _, who := range []access.Role{access.DPO, access.CoreTeam, access.Researcher, access.Manager} {
			if err := s.Say(t.Context(), person(dbtest.Ours, who), "r1", 1, reading, ask()); !problem.Is(err, problem.Forbidden) {
				t.Errorf("%s says where respondents are: %v", who, err)
			}
		}
	})
}

func TestAWaveIsComparedWithTheOneBeforeOnItsScale(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	s.add(wave(t, "r1", "s1", 900, 7))
	second := wave(t, "r2", "s2", 900, 8)
	second.Previous = "r1"
	s.add(second)
	s.asks("r2")
	if s.result("r2").Changes != nil {
		t.Error("it is compared with what is not there")
	}
	s.asks("r1")
	s.asks("r2")
	g := s.result("r2")
	if g.Changes == nil || g.Changes.Earlier != "s1" || g.Changes.Skills[0] != gap.NotSilent || g.Skills[0].Origin != gap.Held {
		t.Fatalf("%+v", g.Changes)
	}
	s.get("hr", home+"/r2/change").wants(http.StatusOK, "Vergeleken met: Monitor r1", "procentpunt", "Geen duidelijke verandering")
	s.get("hr", home+"/r2/group?department=u-burgerzaken").wants(http.StatusOK, "Tegenover vorige meting")
	s.computes("r1")
	s.get("hr", home+"/r2").wants(http.StatusOK, "de cijfers van de vorige meting")
}

func TestSituationsAreCountedWhereTheWaveAsksThem(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	s.add(wave(t, "r1", "s1", 1500, 7, "test"))
	s.asks("r1")
	if g := s.result("r1"); g.Skills[0].Basis != gap.Both || g.Skills[0].Correlation == nil {
		t.Errorf("%+v", g.Skills[0])
	}
	s.get("hr", home+"/r1/method").wants(http.StatusOK, "antwoorden op situaties", "Samenhang tussen beide")
}

func TestAnOrganisationWithoutAStaffListSeesWhoAnswered(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	s.reorganise(&demand.Organisation{}, demand.Empty())
	s.add(wave(t, "r1", "s1", 900, 7))
	s.computes("r1")
	s.get("hr", home+"/r1/reading").wants(http.StatusOK, "Er is nog geen personeelslijst")
	s.asks("r1")
	s.get("hr", home+"/r1").wants(http.StatusOK, "Er is geen personeelslijst")
	s.get("hr", home+"/r1/map").wants(http.StatusOK, "Burgerzaken", "niets gevraagd")
	s.get("hr", home+"/r1/map?by=function").wants(http.StatusOK, "Loket of onthaal")
	s.get("hr", home+"/r1/reading").wants(http.StatusOK, "Zo is het vastgelegd")
	before := s.result("r1")
	s.reorganise(city(), demand.Empty()) // a list that comes later moves nobody
	s.computes("r1")
	if after := s.result("r1"); len(after.Departments) != len(before.Departments) || after.Staffed {
		t.Errorf("%d departments, then %d", len(before.Departments), len(after.Departments))
	}
	s.get("hr", home+"/r1/export/html").wants(http.StatusOK, "Zonder personeelslijst gaan de cijfers over wie antwoordde")
}

// Wrong doors: other roles, another organisation, addresses of nothing.
func TestOnlyWhoMayReadGetsIn(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	s.add(wave(t, "r1", "s1", 500, 7))
	s.asks("r1")
	for _, path := range []string{"", "/r1", "/r1/map", "/r1/where", "/r1/group?department=u-burgerzaken", "/r1/method", "/r1/export/json", "/r1/progress"} {
		for _, who := range []string{"employee", "manager", "administrator"} {
			s.get(who, home+path).wants(http.StatusForbidden)
		}
		if path != "" {
			s.get("theirs hr", home+path).wants(http.StatusNotFound)
		}
	}
	for _, who := range []string{"dpo", "core-team", "researcher"} {
		s.post(who, home+"/r1/compute").wants(http.StatusForbidden)
		s.get(who, home+"/r1/reading").wants(http.StatusForbidden)
		s.get(who, home+"/r1").silent("Bereken opnieuw")
	}
	for _, path := range []string{"/nothing", "/r1/export/doc", "/r1/group", "/r1/group?department=nowhere", "/r1/group?function=technical&department=u-haven", "/r1/nothing"} {
		s.get("hr", home+path).wants(http.StatusNotFound)
	}
	for _, path := range []string{"/r1/map?by=x&from=-3&skill=x&sort=x", "/r1/map?from=99999999999999999999", "/r1/where?by=x"} {
		s.get("hr", home+path).wants(http.StatusOK)
	}
	s.get("hr", home+"/r1/map?q=burger").wants(http.StatusOK, "1 groep", "Departement Burgerzaken").silent("Departement Cultuur")
	s.get("hr", home+"/r1/map?skill=critical&sort=below").wants(http.StatusOK, "Kritisch", "Afstand in niveaus")
	if access.Can(person(dbtest.Ours, access.Manager), reads, access.Resource{Tenant: dbtest.Ours}) {
		t.Error("a manager reads the gap")
	}
}

func TestWhatCannotBeComputedSaysWhyAndKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	s.add(wave(t, "r1", "s1", 500, 7))
	s.asks("r1")
	s.mu.Lock()
	s.waves["r1"].Answers.N = 0
	for i, c := range s.waves["r1"].Answers.Columns {
		if c != nil {
			empty := *c
			empty.Narrow, empty.Wide = nil, []uint16{}
			s.waves["r1"].Answers.Columns[i] = &empty
		}
	}
	s.mu.Unlock()
	if err := s.Ask(t.Context(), hr(), "r1", ask()); err != nil {
		t.Fatal(err)
	}
	for {
		v := must(rowOf(t.Context(), s.DB.Of(dbtest.Ours), "r1"))(t)
		if v.state == failed {
			break
		}
	}
	s.get("hr", home+"/r1").wants(http.StatusOK, "De berekening lukte niet", "Niemand antwoordde", "De hele organisatie")
	s.get("hr", home).wants(http.StatusOK, "Mislukt")
}

func TestWhatWaitsIsAskedOfHR(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	tasks := func(role access.Role) string {
		r := &web.Request{Request: must(http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))(t), Visit: web.Visit{Actor: person(dbtest.Ours, role)}, Lang: "nl"}
		list := must(s.Tasks(t.Context(), r))(t)
		if len(list) == 0 {
			return ""
		}
		return list[0].Title + " " + list[0].Href
	}
	if got := tasks(access.HR); got != "" {
		t.Errorf("%q without a wave", got)
	}
	s.add(wave(t, "r1", "s1", 400, 7))
	if got := tasks(access.HR); got != "Bereken de kloof van Monitor r1 /learn/gap/r1" {
		t.Errorf("%q", got)
	}
	s.computes("r1")
	if got := tasks(access.HR); got != "Cijfers per groep voor Monitor r1: nog één stap /learn/gap/r1/reading" {
		t.Errorf("%q", got)
	}
	s.asks("r1")
	if got := tasks(access.HR) + tasks(access.DPO); got != "" {
		t.Errorf("%q when nothing waits", got)
	}
}
