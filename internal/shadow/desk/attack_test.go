package desk

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/shadow/tally"
)

// weeks reads what scripts see, the newest week first.
func (s *site) weeks() []WeekView {
	s.t.Helper()
	a := s.send(http.MethodGet, "", "/api/v1/shadow/weeks", "", nil, "Authorization", "Bearer hr shadow.read")
	var out items[WeekView]
	if err := json.Unmarshal(a.wants(200).Body.Bytes(), &out); err != nil {
		s.t.Fatal(err)
	}
	return out.Items
}

// of returns the people of a service in a week, of everyone or of a department; nil when they are not shown.
func (w *WeekView) of(service, unit string) *NumberView {
	for _, u := range append([]UseView{w.Any}, w.Used...) {
		if u.Service != service {
			continue
		}
		if unit == "" {
			return u.People
		}
		for _, x := range u.Units {
			if x.Unit == unit {
				return &x.People
			}
		}
	}
	return nil
}

// Somebody counts a week, then wants it counted once more without one person, with other departments, or in a log that overlaps: by deleting what was shown, and by waiting until it was
// deleted. Whatever they do, a week is shown once.
func TestAWeekIsNeverShownTwice(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		with := squid(week48, use{"groen", 20, "chatgpt.com"}, use{"burgers", 20, "claude.ai"})
		without := squid(week48, use{"groen", 19, "chatgpt.com"}, use{"burgers", 20, "claude.ai"})
		one := s.upload("dpo", []field{table("groen", "burgers")}, with).leads(oneCountAt)
		first := s.weeks()
		refused := func(how string) {
			t.Helper()
			for _, fields := range [][]field{nil, {table("groen", "burgers")}, {table("burgers")}, {{name: "thin", content: "yes"}}} {
				s.upload("dpo", fields, without).wants(422, "zijn al geteld")
			}
			code, out := s.call("dpo shadow.count", http.MethodPost, "/shadow/counts?thin=true", "text/plain", strings.NewReader(without))
			if code != 422 {
				t.Errorf("%s, by the API: %d %v", how, code, out)
			}
		}
		refused("while it is shown")
		overlap := s.upload("dpo", []field{table("burgers")}, without+squid(week48.AddDate(0, 0, -7), use{"groen", 20, "chatgpt.com"})).leads(oneCountAt)
		if got := s.weeks(); len(got) != 2 || fmt.Sprint(got[0]) == "" || got[0].Week != "2026-W48" || *got[0].of("chatgpt", "groen") != *first[0].of("chatgpt", "groen") {
			t.Errorf("an overlapping log changes a week: %+v", got)
		}
		s.get("dpo", overlap).wants(200, "Al eerder getoond")
		s.post("dpo", one+"/delete").leads(countsAt)
		refused("after it was deleted")

		kept := s.Kept()[0]
		err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
			n, err := kept.Delete(t.Context(), tx, s.now().AddDate(1, 0, 0), 100)
			if n != 1 || err != nil {
				t.Errorf("%d were deleted, %v", n, err)
			}
			return err
		})
		if err != nil || len(s.weeks()) != 0 {
			t.Fatal(err, s.weeks())
		}
		refused("after its time")
		s.upload("dpo", nil, squid(week48.AddDate(0, 0, -7), use{"groen", 30, "chatgpt.com"})).wants(422, "zijn al geteld")
	})
}

// Two programs on one store read the same week at once: one of them shows it.
func TestAWeekThatTwoProgramsReadAtOnceIsShownOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		other, err := New(s.Dependencies)
		if err != nil {
			t.Fatal(err)
		}
		both := squid(week48, use{"groen", 20, "chatgpt.com"}) + squid(week48.AddDate(0, 0, -7), use{"groen", 20, "chatgpt.com"})
		results := make([]Count, 2)
		errs := make([]error, 2)
		start := make(chan struct{})
		var done sync.WaitGroup
		for i, d := range []*Desk{s.Desk, other} {
			done.Add(1)
			go func() {
				defer done.Done()
				<-start
				results[i], errs[i] = d.Count(context.Background(), actor(dbtest.Ours, "dpo"), Together(How{}, Part{Reader: strings.NewReader(both)}))
			}()
		}
		close(start)
		done.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || len(results[0].Weeks)+len(results[1].Weeks) != 2 || len(s.weeks()) != 2 {
			t.Errorf("%v %v %v %v", results[0].Weeks, results[1].Weeks, errs, s.weeks())
		}
	})
}

// Who knows the departments and takes one number from another is left with at least as many people as the smallest group, or with nobody.
func TestDepartmentsLeaveNoRemainder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table field
		uses  []use
		alone string // must not be shown by itself
	}{
		"one person in a department of their own": {field{"departments", "d", "doel-canaryuser0,doel\n" + table("groen").content}, []use{{"groen", 30, "chatgpt.com"}, {"doel", 1, "chatgpt.com"}}, "doel"},
		"all but one are of a department":         {table("groen"), []use{{"groen", 30, "chatgpt.com"}, {"x", 1, "chatgpt.com"}}, "groen"},
		"nearly all of a department":              {field{"departments", "d", table("groen").content + strings.Join(strings.SplitAfter(table("klein").content, "\n")[:12], "")}, []use{{"groen", 30, "chatgpt.com"}, {"klein", 12, "chatgpt.com"}}, "klein"},
	} {
		s := newSite(t, dbtest.SQLite(t))
		s.upload("dpo", []field{c.table}, squid(week48, c.uses...)).leads(oneCountAt)
		w := s.weeks()[0]
		if w.of("chatgpt", c.alone) != nil || w.of("", c.alone) != nil || w.of("", "") == nil {
			t.Errorf("%s: %+v", name, w)
		}
		for _, u := range append([]UseView{w.Any}, w.Used...) {
			for _, n := range []*NumberView{u.People, u.Rest} {
				if n != nil && n.Low < 10 {
					t.Errorf("%s: %+v", name, u)
				}
			}
		}
	}
}

// A colleague comes, and the week after everything is counted with one more. The numbers do not move, and neither does their average over many weeks tell how many there are.
func TestOneMorePersonDoesNotShowFromOneWeekToTheNext(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	const weeks = 12
	for i := range weeks {
		n := 12
		if i == weeks-1 {
			n = 13
		}
		s.upload("dpo", []field{table("groen", "burgers")}, squid(week48.AddDate(0, 0, 7*(i-weeks+1)), use{"groen", n, "chatgpt.com"}, use{"burgers", 41, "chatgpt.com"})).leads(oneCountAt)
	}
	list := s.weeks()
	if len(list) != weeks {
		t.Fatalf("%d weeks", len(list))
	}
	for i := range list {
		if *list[i].of("chatgpt", "groen") != *list[0].of("chatgpt", "groen") || *list[i].of("", "groen") != *list[0].of("", "groen") {
			t.Errorf("%s: %+v, then %+v", list[i].Week, list[i].of("chatgpt", "groen"), list[0].of("chatgpt", "groen"))
		}
	}
}

// Pages, exports, the API and what others are told have one number for one group: two roundings of the same people would narrow it down.
func TestEveryViewHasTheSameNumbers(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.upload("dpo", cities(), squid(week48, use{"burgers", 33, "chatgpt.com"}, use{"groen", 27, "chatgpt.com"}, use{"groen", 18, "www.deepl.com"}, use{"loket", 11, "chatgpt.com"})).leads(oneCountAt)
	w := s.weeks()[0]
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(s.get("hr", exportAt+"csv").wants(200).Body.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{"een AI-dienst, welke ook": "", "ChatGPT": "chatgpt", "DeepL": "deepl"}
	seen := 0
	for _, r := range rows[1:] {
		unit := r[4]
		if unit == "alle anderen samen" {
			continue
		}
		if unit == "iedereen" {
			unit = ""
		}
		n := w.of(ids[r[1]], unit)
		if n == nil || fmt.Sprint(n.About, n.Low, n.High) != r[5]+" "+r[6]+" "+r[7] {
			t.Errorf("%v is %+v elsewhere", r, n)
			continue
		}
		seen++
		page := home
		if unit != "" {
			page += "?unit=" + unit
		}
		s.get("hr", page).wants(200, fmt.Sprintf("%d tot %d", n.Low, n.High))
	}
	list, err := s.Demand(t.Context(), dbtest.Ours)
	if err != nil || seen < 5 || len(list) < 3 || list[0].Unit != "" {
		t.Fatalf("%d %+v %v", seen, list, err)
	}
	for _, d := range list {
		if n := w.of("", d.Unit); n == nil || *n != (NumberView{d.Any.About, d.Any.Low, d.Any.High}) {
			t.Errorf("%+v is %+v elsewhere", d, n)
		}
		for _, x := range d.Services {
			if n := w.of(x.ID, d.Unit); n == nil || *n != (NumberView{x.Count.About, x.Count.Low, x.Count.High}) {
				t.Errorf("%s %+v is %+v elsewhere", d.Unit, x, n)
			}
		}
	}
}

// The organisation wants larger groups than when a week was counted: nothing is shown that could be of fewer people, nor anything from which it could be taken.
func TestLargerGroupsHoldForWhatWasCountedBefore(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.k = 5
	s.upload("dpo", []field{table("groen", "burgers", "loket")}, squid(week48, use{"groen", 40, "chatgpt.com"}, use{"burgers", 30, "chatgpt.com"}, use{"loket", 7, "chatgpt.com"}, use{"loket", 7, "otter.ai"}, use{"groen", 6, "gamma.app"})).leads(oneCountAt)
	if w := s.weeks()[0]; w.of("chatgpt", "groen") == nil || w.of("otter", "") == nil {
		t.Fatalf("%+v", w)
	}
	s.k = 15
	w := s.weeks()[0]
	if w.of("otter", "") != nil || w.of("", "") == nil || w.of("", "").Low < 15 || w.Other != nil {
		t.Errorf("%+v", w)
	}
	for _, u := range append([]UseView{w.Any}, w.Used...) {
		if len(u.Units) > 0 || u.Rest != nil {
			t.Errorf("parts are shown of a week that was counted with smaller groups: %+v", u)
		}
	}
	s.get("hr", home).wants(200, "ChatGPT").silent("Otter")
	s.k = 3 // never below five
	s.upload("dpo", nil, squid(week48.AddDate(0, 0, -7), use{"groen", 4, "chatgpt.com"})).leads(oneCountAt)
	for _, w := range s.weeks() {
		for _, u := range append([]UseView{w.Any}, w.Used...) {
			if u.People != nil && u.People.Low < tally.LeastK {
				t.Errorf("%+v", u)
			}
		}
	}
}

// What is read of a week that is not shown, because it is not over or not complete, says nothing about it.
func TestAWeekThatIsLeftOpenTellsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	one := s.upload("dpo", nil, city(week48)+squidDays(week48.AddDate(0, 0, -7), 2, use{"groen", 40, "claude.ai"})).leads(oneCountAt)
	s.get("dpo", one).wants(200, "Niet volledig").silent("Claude")
	if w := s.weeks(); len(w) != 1 {
		t.Errorf("%+v", w)
	}
	s.step(time.Hour)
	s.upload("dpo", nil, squid(week48.AddDate(0, 0, -7), use{"groen", 40, "claude.ai"})).leads(oneCountAt)
}
