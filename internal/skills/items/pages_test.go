package items

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/items/tune"
	"tekentafel/internal/stats/irt"
	"tekentafel/internal/web"
)

// proposed keeps a calibration as a job would, with one item of each verdict, and returns its id.
func (s *site) proposed(id string, gifts tune.SourceResult) string {
	s.t.Helper()
	r := &tune.Result{Form: 1, Sources: []tune.SourceResult{{Source: tune.Source{Kind: tune.Wave, ID: "w", Title: "Najaarsmeting"}, People: 1214, Answers: 12140, Consistency: 0.97, Told: true, Infit: 1.01, Outfit: 0.99, Used: true, Weight: 1}, gifts}}
	for _, skill := range s.Material.Skills() {
		k := tune.SkillResult{ID: skill, Link: irt.Link{A: 1}, Converged: true}
		if skill == "critical" {
			k.Calibrated, k.Linked = 8, true
			k.Shift = [][]float64{{0.14, 0.01, 0, 0}, {0.03, 0.3, 0.01, 0}, {0, 0.04, 0.3, 0.02}, {0, 0, 0.01, 0.14}}
		}
		r.Skills = append(r.Skills, k)
	}
	done := 0
	for i := range s.Material.Items {
		it := &s.Material.Items[i]
		x := tune.ItemResult{ID: it.ID, Skill: it.Skill, Mark: it.Mark(), Verdict: tune.TooFew, N: 4, Office: 4, BySource: []int{4, 0}, Guess: itemOf(it), Was: itemOf(it), New: itemOf(it), SE: make([]float64, len(it.Parameters.B)), FitP: 1}
		if it.Skill == "critical" && done < 9 {
			x.Verdict, x.N, x.Office, x.Field, x.BySource = tune.Calibrated, 1300+done, 900, 400+done, []int{1000, 300 + done}
			x.New = irt.Item{A: it.Parameters.A * 1.1, C: it.Parameters.C}
			for k, b := range it.Parameters.B {
				x.New.B, x.SE[k] = append(x.New.B, b+0.2), 0.08
			}
			x.SlopeSE, x.Moved, x.Infit, x.Outfit, x.Misfit, x.FitP = 0.11, 0.4, 1.02, 1.05, 0.02, 0.4
			x.DIF = &tune.DIF{P: 0.4, Signed: 0.01, Size: 0.02}
			switch done {
			case 3:
				x.DIF = &tune.DIF{P: 1e-6, Signed: -0.14, Size: 0.14, Matters: true}
			case 5:
				x.Infit, x.Outfit = 1.4, 1.6
			case 6:
				x.SlopeSE, x.New.A, x.Misfit, x.FitP = 0, it.Parameters.A, 0.2, 0.001 // of a slope that stayed the curve is not judged
			case 7:
				x.Misfit, x.FitP = 0.2, 0.001
			case 8:
				x.Verdict, x.Moved = tune.Contradicts, 3.6
			}
			done++
		}
		r.Items = append(r.Items, x)
	}
	r.Coarsen(10)
	base, err := numberOf(s.t.Context(), s.DB.Of(dbtest.Ours))
	if err != nil {
		s.t.Fatal(err)
	}
	c := Calibration{ID: id, At: s.now(), Account: "hr", Gifts: true, Base: base, Result: r}
	if err := s.DB.Write(s.t.Context(), dbtest.Ours, func(tx *db.Scope) error { return insertCalibration(s.t.Context(), tx, &c, keptCalibrations) }); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// honest and floods are what gifts may look like.
func honest() tune.SourceResult {
	return tune.SourceResult{Source: tune.Source{Kind: tune.Gifts}, People: 640, Answers: 5120, Consistency: 0.91, Told: true, Infit: 0.98, Outfit: 1.02, Flat: 0.03, FlatUsual: 0.03, Used: true, Weight: 1}
}

func flooded() tune.SourceResult {
	x := honest()
	x.People, x.Consistency, x.Infit, x.Used, x.Weight = 9000, 0.11, 1.7, false, 0
	return x
}

func TestHRLooksCalibratesTakesInUseAndPutsBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.get("hr", home).wants(http.StatusOK, "Geen van de 120 vragen is al geijkt", "schatting van experts", "Wat is ijken?")
		s.get("hr", calibrateAt).wants(http.StatusOK, "Er zijn nog geen antwoorden", "vanaf 200 antwoorden", "Tien situaties").silent("Reken opnieuw")
		s.get("hr", versionsAt).wants(http.StatusOK, "Er is nog niets geijkt")
		rng := rand.New(rand.NewPCG(1, 2))
		s.wave("najaar", 40, truth(s.Material, rng), rng)
		for i, g := range s.gifts(12) {
			s.give(dbtest.Ours, g, i)
		}
		s.get("hr", calibrateAt).wants(http.StatusOK, "Meting najaar", "Antwoorden die 10 mensen meegaven", "Reken opnieuw", "Nee, alleen antwoorden uit metingen")
		s.get("researcher", calibrateAt).wants(http.StatusOK, "Meting najaar").silent("Reken opnieuw")
		s.post("hr", calibrateAt, "gifts", "yes").leads(calibrateAt)
		s.get("hr", calibrateAt).wants(http.StatusOK, "Vragen ijken", "Wacht tot er plaats is").silent("Reken opnieuw")
		s.get("hr", calibrateAt+"/progress").wants(http.StatusOK, "Vragen ijken")
		s.work()
		s.get("hr", calibrateAt+"/progress").leads(calibrateAt)
		s.get("hr", calibrateAt).wants(http.StatusOK, "Naam van hr", "voorstel").silent("Bekijk het nieuwste voorstel")
		few := must(s.Calibrations(t.Context(), hr()))(t)[0].ID
		s.get("hr", calibrationsAt+few).wants(http.StatusOK, "Geen enkele van de 120 vragen heeft genoeg antwoorden", "120 vragen houden hun getallen").silent("Neem in gebruik")
		s.post("hr", calibrationsAt+few+"/adopt").wants(http.StatusUnprocessableEntity, "ijkt geen enkele vraag")

		c := s.proposed("c1", honest())
		s.get("hr", calibrateAt).wants(http.StatusOK, "Bekijk het nieuwste voorstel")
		page := s.get("hr", calibrationsAt+c).wants(http.StatusOK, "hebben er 8 genoeg antwoorden", "4 %", "8 %", "Najaarsmeting", "640", "Buiten moeilijker", "grilliger", "1,40, blijft", "wie meer kan", "Eerst te bekijken", "± 0,08", "Neem in gebruik")
		page.silent("tellen niet mee")
		s.get("dpo", calibrationsAt+c).wants(http.StatusOK, "Najaarsmeting").silent("Neem in gebruik")
		s.post("hr", calibrationsAt+c+"/adopt", "note", strings.Repeat("x", 501)).wants(http.StatusUnprocessableEntity, "hoogstens 500 tekens")
		s.post("hr", calibrationsAt+c+"/adopt", "note", "Nagelezen").leads(versionsAt)
		s.get("hr", versionsAt).wants(http.StatusOK, "versie 1 (in gebruik)", "Nagelezen", "Zet terug")
		s.get("hr", home+"?skill=critical").wants(http.StatusOK, "8 van de 120 vragen zijn geijkt (versie 1)", "geijkt op 1.300 antwoorden")
		s.get("hr", calibrationsAt+c).wants(http.StatusOK, "in gebruik genomen als versie 1").silent("Neem in gebruik")
		old := s.proposed("c2", flooded())
		s.get("hr", calibrationsAt+old).wants(http.StatusOK, "De meegegeven antwoorden tellen niet mee")
		s.get("hr", versionsAt+"/0/hold").wants(http.StatusOK, "weer de schatting van experts")
		s.post("hr", versionsAt+"/0/hold").leads(versionsAt)
		s.get("hr", calibrationsAt+old).wants(http.StatusOK, "Reken opnieuw om verder te gaan").silent("Neem in gebruik")
		s.post("hr", calibrationsAt+old+"/adopt").wants(http.StatusUnprocessableEntity, "andere getallen in gebruik")
		s.get("hr", versionsAt).wants(http.StatusOK, "versie 2 (in gebruik)", "schatting van experts teruggezet")
		s.get("hr", versionsAt+"/2/hold").wants(http.StatusConflict)
		s.get("hr", versionsAt+"/1/hold").wants(http.StatusOK, "De getallen van versie 1")
		s.get("hr", dropAt).wants(http.StatusOK, "Dat kan niet terug")
		s.post("hr", dropAt).leads(calibrateAt)
		s.get("hr", calibrateAt).wants(http.StatusOK).silent("Antwoorden die 10 mensen")
		if u, _, err := giftsOf(t.Context(), d.Of(dbtest.Ours)); err != nil || u != 0 {
			t.Error(u, err)
		}
	})
}

func TestAnItemShowsBothVersionsAndHowItsNumbersChanged(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	at := 0
	for s.Material.Items[at].Skill != "critical" {
		at++
	}
	it := &s.Material.Items[at]
	first := s.get("hr", questionsAt+it.ID).wants(http.StatusOK, it.Office.Stem.In("nl")[:60], it.Field.Stem.In("nl")[:60], it.Office.Rationale.In("nl")[:40], "(beste antwoord)", "schatting van experts", "nog niet geteld")
	first.silent("±")
	must(s.Adopt(t.Context(), hr(), s.proposed("c1", honest()), "", asked.Request{}))(t)
	s.get("researcher", questionsAt+it.ID).wants(http.StatusOK, "geijkt op 1.300 antwoorden", "± 0,08", "versie 1", "Naam van hr", "1.300 keer, waarvan 900", "Past het model?", "geen verschil dat telt")
	s.get("hr", questionsAt+s.Material.Items[at+8].ID).wants(http.StatusOK, "De antwoorden liggen verder van de schatting", "schatting van experts")
	few := s.Material.Items[0].ID
	s.get("hr", questionsAt+few).wants(http.StatusOK, "minder dan 10 keer")
	s.get("hr", questionsAt+"gone").wants(http.StatusNotFound)
	s.get("theirs hr", questionsAt+it.ID).wants(http.StatusOK, "schatting van experts").silent("geijkt op")
	s.get("theirs hr", calibrationsAt+"c1").wants(http.StatusNotFound)
	for lang, says := range map[string]string{"fr": "étalonnée sur", "de": "geeicht an", "en": "calibrated on"} {
		s.send(http.MethodGet, questionsAt+it.ID, nil, "X-Test-Who", "hr", "Accept-Language", lang).wants(http.StatusOK, says)
	}
}

func TestPagesAreForWhoMayReadThem(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	c := s.proposed("c1", honest())
	for _, path := range []string{home, questionsAt + s.Material.Items[0].ID, calibrateAt, calibrationsAt + c, versionsAt, csvAt, jsonAt, csvAt + "?calibration=" + c} {
		for who, want := range map[string]int{"hr": 200, "researcher": 200, "dpo": 200, "core-team": 200, "employee": 403, "manager": 403, "administrator": 403} {
			if got := s.get(who, path); got.Code != want {
				t.Errorf("%s to %s: %d, want %d", path, who, got.Code, want)
			}
		}
	}
	for _, path := range []string{calibrateAt, calibrationsAt + c + "/adopt", versionsAt + "/0/hold", dropAt} {
		for _, who := range []string{"researcher", "dpo", "core-team", "employee", "manager", "administrator"} {
			if got := s.post(who, path); got.Code != http.StatusForbidden {
				t.Errorf("%s by %s: %d", path, who, got.Code)
			}
		}
	}
	for _, path := range []string{versionsAt + "/x/hold", versionsAt + "/-1/hold", versionsAt + "/7/hold", calibrationsAt + "gone"} {
		if got := s.get("hr", path); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
	s.post("hr", calibrationsAt+"gone/adopt").wants(http.StatusNotFound)
}

func TestFilesHoldTheParametersWithTheirErrors(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	c := s.proposed("c1", honest())
	must(s.Adopt(t.Context(), hr(), c, "", asked.Request{}))(t)
	rows := must(csv.NewReader(bytes.NewReader(s.get("hr", csvAt).Body.Bytes())).ReadAll())(t)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	calibrated := 0
	for i, row := range rows[1:] {
		it := &s.Material.Items[i]
		if row[column["item"]] != it.ID || len(row) != len(rows[0]) {
			t.Fatal(row)
		}
		a := must(strconv.ParseFloat(row[column["a"]], 64))(t)
		guess := must(strconv.ParseFloat(row[column["guess_a"]], 64))(t)
		if row[column["basis"]] == "answers" {
			calibrated++
			if row[column["b1_se"]] != "0.0800" || a < guess*1.09 && row[column["a_se"]] != "" || row[column["n"]] < "13" {
				t.Error(row)
			}
		} else if a != guess || row[column["b1_se"]] != "" {
			t.Error(row)
		}
	}
	if len(rows) != 121 || calibrated != 8 {
		t.Errorf("%d rows, %d calibrated", len(rows), calibrated)
	}
	var bank BankView
	if err := json.Unmarshal(s.get("hr", jsonAt).Body.Bytes(), &bank); err != nil || bank.Version != 1 || len(bank.Items) != 120 || len(bank.Cuts) != 3 || bank.Made == "" {
		t.Errorf("%v: %+v", err, bank)
	}
	var one CalibrationView
	if err := json.Unmarshal(s.get("hr", jsonAt+"?calibration="+c).Body.Bytes(), &one); err != nil || one.Items != 8 || len(one.Result.Items) != 120 || one.Adopted != 1 {
		t.Errorf("%v: %+v", err, one)
	}
	if rows := must(csv.NewReader(bytes.NewReader(s.get("hr", csvAt+"?calibration="+c).Body.Bytes())).ReadAll())(t); len(rows) != 121 || len(rows[0]) != 27 {
		t.Errorf("%d rows", len(rows))
	}
	s.get("hr", csvAt+"?calibration=gone").wants(http.StatusNotFound)
}

func TestScriptsReadCalibrateAndTakeInUse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		call := func(key, method, path, body string) (int, []byte) {
			r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+key)
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			s.server.ServeHTTP(w, r)
			return w.Code, w.Body.Bytes()
		}
		const reader, writer = "researcher skills.gap", "hr skills.gap skills.change"
		wants := func(code int, key, method, path, body string) []byte {
			t.Helper()
			got, content := call(key, method, path, body)
			if got != code {
				t.Errorf("%s %s: %d, want %d: %s", method, path, got, code, content)
			}
			return content
		}
		var bank BankView
		if err := json.Unmarshal(wants(200, reader, "GET", "/skills/items", ""), &bank); err != nil || len(bank.Items) != 120 || bank.Items[0].Basis != "experts" {
			t.Error(err, len(bank.Items))
		}
		wants(200, reader, "GET", "/skills/items/"+bank.Items[3].ID, "")
		wants(404, reader, "GET", "/skills/items/gone", "")
		wants(403, reader, "POST", "/skills/item-calibrations", `{"gifts": true}`)
		wants(422, writer, "POST", "/skills/item-calibrations", `{"gifts": 5}`)
		wants(200, writer, "POST", "/skills/item-calibrations", `{"gifts": true}`)
		s.work()
		c := s.proposed("c1", honest())
		var list []CalibrationView
		if err := json.Unmarshal(wants(200, reader, "GET", "/skills/item-calibrations", ""), &list); err != nil || len(list) != 2 || list[0].ID != c || list[0].Result != nil {
			t.Error(err, list)
		}
		wants(200, reader, "GET", "/skills/item-calibrations/"+c, "")
		wants(404, reader, "GET", "/skills/item-calibrations/gone", "")
		wants(403, reader, "POST", "/skills/item-calibrations/"+c+"/adopt", `{}`)
		wants(200, writer, "POST", "/skills/item-calibrations/"+c+"/adopt", `{"note": "By script"}`)
		wants(409, writer, "POST", "/skills/item-calibrations/"+c+"/adopt", `{}`)
		wants(200, writer, "POST", "/skills/item-versions", `{"version": 0}`)
		wants(409, writer, "POST", "/skills/item-versions", `{"version": 2}`)
		var versions []VersionView
		if err := json.Unmarshal(wants(200, reader, "GET", "/skills/item-versions", ""), &versions); err != nil || len(versions) != 2 || versions[0].PutsBack == nil || *versions[0].PutsBack != 0 || versions[1].Note != "By script" {
			t.Error(err, versions)
		}
	})
}

func TestAProposalWaitsForHRUntilItIsTakenInUseOrOutdated(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		wants := func(who access.Role, n int) {
			t.Helper()
			r := &web.Request{Request: httptest.NewRequest(http.MethodGet, "/", nil), Visit: web.Visit{Actor: person(dbtest.Ours, who)}, Lang: instrument.NL}
			if list := must(s.Tasks(t.Context(), r))(t); len(list) != n {
				t.Errorf("%d tasks wait for %s", len(list), who)
			}
		}
		wants(access.HR, 0)
		c := s.proposed("c1", honest())
		wants(access.HR, 1)
		wants(access.Researcher, 0)
		must(s.Adopt(t.Context(), hr(), c, "", asked.Request{}))(t)
		wants(access.HR, 0)
		s.proposed("c2", honest())
		wants(access.HR, 1)
		must(s.PutBack(t.Context(), hr(), 0, asked.Request{}))(t)
		wants(access.HR, 0)
	})
}

// TestTheDoorOffersTheItemsToWhoMayReadThem looks at the tile.
func TestTheDoorOffersTheItemsToWhoMayReadThem(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for who, want := range map[access.Role]int{access.HR: 1, access.Researcher: 1, access.Employee: 0, access.Manager: 0} {
		r := &web.Request{Visit: web.Visit{Actor: person(dbtest.Ours, who)}, Lang: instrument.NL}
		if tiles := s.Offers(r); len(tiles) != want || want > 0 && (tiles[0].Href != home || tiles[0].Title != "Vragen van de toets") {
			t.Errorf("%s: %+v", who, tiles)
		}
	}
}
