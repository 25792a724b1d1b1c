package invite

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/survey/invite/frame"
	"tekentafel/internal/survey/wave"
)

// payroll is an organisation of a top, two departments and a unit below the first; it keeps what was asked.
type payroll struct {
	people []StaffPerson // of whom Values are of every variable
	units  []string      // of each, the unit
	asked  []StaffQuery
}

func (p *payroll) Units(context.Context, access.Actor) ([]StaffUnit, error) {
	return []StaffUnit{{"city", "Stad", 0, len(p.people)}, {"green", "Groen", 1, len(p.people) / 2}, {"trees", "Bomen", 2, 1}, {"money", "Financiën", 1, len(p.people) / 2}, {"empty", "Leeg", 1, 0}}, nil
}

func (p *payroll) People(_ context.Context, _ access.Actor, q StaffQuery) ([]StaffPerson, int, error) {
	p.asked = append(p.asked, q)
	var out []StaffPerson
	for i, person := range p.people {
		if len(q.Units) > 0 && !slices.Contains(q.Units, p.units[i]) {
			continue
		}
		values := make([]string, len(q.Variables))
		for k, v := range q.Variables {
			values[k] = person.Values[slices.Index(StaffVariables(), v)]
		}
		person.Values = values
		out = append(out, person)
	}
	if len(out) > q.Most {
		return nil, len(out), nil
	}
	return out, len(out), nil
}

// payrollOf is n people: every fifth has no mailbox, departments take turns.
func payrollOf(n int) *payroll {
	p := &payroll{}
	for i := range n {
		one := StaffPerson{Name: fmt.Sprintf("=Jan Peeters%03d, \"de %d\"", i, i), Mail: fmt.Sprintf("p%d@stad.example", i), Number: fmt.Sprint(1000 + i), Language: []string{"nl", "fr", ""}[i%3]}
		if i%5 == 4 {
			one.Mail = ""
		}
		unit := []string{"green", "money"}[i%2]
		one.Values = []string{[]string{"Groen", "Financiën"}[i%2], "Eenheid", "Functie", "Familie", "C", []string{"desk", "field"}[i%2], "statutair", "Stadhuis", "30-39"}
		p.people, p.units = append(p.people, one), append(p.units, unit)
	}
	return p
}

func TestAFrameComesOutOfThePersonnelDataAndIsLaunched(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, nowhere)
		data := payrollOf(20)
		w.Staff = data
		s := newSite(t, w)
		dbtest.AddAccount(t, d, dbtest.Ours, "worker")
		w.write(func(tx *db.Scope) error {
			_, err := tx.Exec(t.Context(), `UPDATE accounts SET mail = NULL, staff_number = '1001' WHERE tenant_id = $1 AND id = 'worker'`)
			return err
		})
		v := s.draft(wave.Anonymous)
		at := peopleAt(v.ID)
		s.wants("nobody yet", s.get("hr", at), 200, at+"/staff", at+"/upload")
		page := s.wants("the choice", s.get("hr", at+"/staff"), 200, "Groen › Bomen", "10 mensen", `value="department" checked`)
		if strings.Contains(page, "Leeg") || strings.Contains(page, `value="city"`) {
			t.Error("it offers a unit without people, or the whole as a unit")
		}
		s.wants("no unit", s.post("hr", at+"/staff", url.Values{"whom": {"units"}}), 422, `class="error-summary"`, "Vink minstens één eenheid aan")
		s.wants("everybody and a unit", s.post("hr", at+"/staff", url.Values{"whom": {"everybody"}, "units": {"green"}}), 422, `class="error-summary"`, "Kies een van de twee")
		s.wants("nobody in it", s.post("hr", at+"/staff", url.Values{"whom": {"units"}, "units": {"trees"}}), 422, "niemand in dienst")
		s.wants("too many groups", s.post("hr", at+"/staff", url.Values{"whom": {"everybody"}, "variables": StaffVariables()}), 422, "hoogstens 8")

		form := url.Values{"whom": {"everybody"}, "variables": {"work", "department", "shoe"}, "_once": {"k1"}}
		file := s.leads("taken from staff", s.post("hr", at+"/staff", form), "/waves/"+v.ID+"/frames/")
		if again := s.leads("sent twice", s.post("hr", at+"/staff", form), file); again != file {
			t.Errorf("another file: %s", again)
		}
		q := data.asked[len(data.asked)-1]
		if !slices.Equal(q.Variables, []string{"department", "work"}) || q.Most != frame.MaxRows || !strings.Contains(q.Purpose, v.Title) || q.Units != nil {
			t.Errorf("asked %+v", q)
		}
		page = s.wants("its columns", s.get("hr", file), 200, ">Dienst<", "Bureau of terrein", "Personeel op ", `value="group" selected`, `value="number" selected`)
		if strings.Contains(page, "1002") {
			t.Error("it has the staff number of somebody who does not need it")
		}
		id := file[strings.LastIndexByte(file, '/')+1:]
		up, err := s.Uploaded(t.Context(), hr, v.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		choice := plan(up.File)
		choice.Set("stratum", "4")
		s.wants("the check", s.get("hr", file+"/check?"+choice.Encode()), 200, "Groen 10")
		s.leads("taken", s.post("hr", file, choice), at)
		people := s.people(v)
		if len(people) != 20 {
			t.Fatalf("%d people", len(people))
		}
		for i := range 20 {
			p, there := people[fmt.Sprintf("=Jan Peeters%03d, \"de %d\"", i, i)]
			number := map[bool]string{true: fmt.Sprint(1000 + i)}[i%5 == 4 || i == 1]
			if !there || p.Number != number || p.stratum != []string{"Groen", "Financiën"}[i%2] || p.Groups["Bureau of terrein"] != []string{"bureau", "terrein"}[i%2] || len(p.Groups) != 2 {
				t.Errorf("%d: %+v", i, p)
			}
			if want := map[bool]string{true: "worker"}[i == 1]; p.account != want {
				t.Errorf("%d has the account %q", i, p.account)
			}
		}
		// What the payroll says afterwards changes nothing.
		data.people = data.people[:3]
		v = s.Get(v.ID)
		if _, err := s.Launch(t.Context(), hr, v.ID, v.Version, asked.Request{}); err != nil {
			t.Fatal(err)
		}
		if len(s.people(v)) != 20 {
			t.Error("the frame is not fixed")
		}
		s.wants("after the launch", s.get("hr", at+"/staff"), 409)
		s.wants("after the launch", s.post("hr", at+"/staff", form), 409)
	})
}

func TestAScriptTakesTheFrameFromThePersonnelData(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, nowhere)
		data := payrollOf(20)
		w.Staff = data
		s := newSite(t, w)
		v := s.draft(wave.Anonymous)
		at := "/api/v1/waves/" + v.ID + "/people/staff"
		run := "hr " + string(access.RunWave)
		send := func(key, once, body string) (*httptest.ResponseRecorder, map[string]any) {
			r := s.send("POST", at, strings.NewReader(body), "Authorization", "Bearer "+key, "Content-Type", "application/json", "Idempotency-Key", once)
			out := map[string]any{}
			_ = json.Unmarshal(r.Body.Bytes(), &out)
			return r, out
		}
		r, got := send(run, "", `{"variables":["work","department"]}`)
		s.wants("checked", r, 200)
		if got["taken"] != false || got["people"] != 20.0 || got["letters"] != 4.0 || len(s.people(v)) != 0 {
			t.Errorf("%v", got)
		}
		r, _ = send(run, "", `{"variables":["shoe"]}`)
		s.wants("no variable", r, 422)
		r, _ = send(run, "", `{"variables":["work"],"stratum":"department"}`)
		s.wants("a stratum that is no group", r, 422, "body.stratum")
		r, _ = send(run, "", `{"units":["trees"],"confirm":true}`)
		s.wants("nobody in it", r, 422)
		for _, who := range []string{"dpo " + string(access.RunWave), "theirs hr " + string(access.RunWave), "hr " + string(access.ReadWave)} {
			if r, _ := send(who, "", `{"confirm":true}`); r.Code != 403 && r.Code != 404 {
				t.Errorf("%s: %d", who, r.Code)
			}
		}
		whole := `{"variables":["work","department"],"stratum":"department","confirm":true}`
		for range 2 { // the second answer was lost
			r, got = send(run, "one", whole)
			s.wants("taken", r, 200)
			if got["taken"] != true || len(s.people(v)) != 20 {
				t.Errorf("%v", got)
			}
		}
		person := s.people(v)["=Jan Peeters000, \"de 0\""]
		if person.stratum != "Groen" || person.Groups["Bureau of terrein"] != "bureau" {
			t.Errorf("%+v", person)
		}
		r, _ = send(run, "one", `{"units":["green"],"confirm":true}`)
		s.wants("something else with the same key", r, 409)
		if n := len(s.people(v)); n != 20 {
			t.Errorf("%d people", n)
		}
		r, got = send(run, "two", `{"units":["green"],"confirm":true}`)
		s.wants("a unit", r, 200)
		if n := len(s.people(v)); n != 10 {
			t.Errorf("%v: %d people", got, n)
		}
		v = s.Get(v.ID)
		if _, err := s.Launch(t.Context(), hr, v.ID, v.Version, asked.Request{}); err != nil {
			t.Fatal(err)
		}
		r, _ = send(run, "three", whole)
		s.wants("after the launch", r, 409)
	})
}

func TestOnlyWhoRunsWavesTakesPeopleFromThePersonnelData(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	w.Staff = payrollOf(20)
	s := newSite(t, w)
	v := s.draft(wave.Anonymous)
	for _, who := range []string{"dpo", "researcher", "manager", "employee", "administrator"} {
		s.wants(who, s.get(who, peopleAt(v.ID)+"/staff"), 403)
		s.wants(who, s.post(who, peopleAt(v.ID)+"/staff", url.Values{"whom": {"everybody"}}), 403)
	}
	s.wants("the wave of another organisation", s.post("theirs hr", peopleAt(v.ID)+"/staff", url.Values{"whom": {"everybody"}}), 404)
	if page := s.get("dpo", peopleAt(v.ID)).Body.String(); strings.Contains(page, peopleAt(v.ID)+"/staff") {
		t.Error("it is offered to who may not")
	}
}

func TestMorePeopleThanAWaveHoldsIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	w.Staff = crowd{}
	s := newSite(t, w)
	v := s.draft(wave.Anonymous)
	s.wants("a million", s.post("hr", peopleAt(v.ID)+"/staff", url.Values{"whom": {"everybody"}}), 422, "1.000.000 mensen", "200.000")
}

// crowd is a million people, of whom nobody is read.
type crowd struct{ payroll }

func (crowd) People(context.Context, access.Actor, StaffQuery) ([]StaffPerson, int, error) {
	return nil, 1_000_000, nil
}

func (crowd) Units(context.Context, access.Actor) ([]StaffUnit, error) {
	list := []StaffUnit{{"top", "Land", 0, 1_000_000}}
	for i := range 200 {
		list = append(list, StaffUnit{fmt.Sprint("a", i), fmt.Sprint("Departement ", i), 1, 5000})
		for j := range 10 {
			list = append(list, StaffUnit{fmt.Sprint("b", i, "-", j), fmt.Sprint("Dienst ", j), 2, 500})
		}
	}
	return list, nil
}

func TestALargeTreeOffersItsUpperLevels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), nowhere)
	w.Staff = crowd{}
	s := newSite(t, w)
	v := s.draft(wave.Anonymous)
	page := s.wants("the choice", s.get("hr", peopleAt(v.ID)+"/staff"), 200, "Departement 199", "te groot om helemaal te tonen")
	if n := strings.Count(page, `name="units"`); n != 200 {
		t.Errorf("%d units are offered", n)
	}
	if len(page) > 150_000 {
		t.Errorf("the page has %d bytes", len(page))
	}
}
