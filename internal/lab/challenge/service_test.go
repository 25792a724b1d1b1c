package challenge

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/shelf/shelftest"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// site is the pages behind a server. An account works in the department that its name ends with.
type site struct {
	*shelftest.Site
	*Service
}

type places struct{}

func (places) Departments(context.Context, db.Reader) ([]Department, error) {
	return []Department{{"groen", "Groen", 100}, {"burgers", "Burgers", 200}, {"kabinet", "Kabinet", 11}}, nil
}

func (places) Department(_ context.Context, _ db.Reader, account string) (string, error) {
	_, d, _ := strings.Cut(account, "@")
	return d, nil
}

type sizes int

func (k sizes) GroupSize(context.Context, tenant.ID) (int, error) { return int(k), nil }

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Site: shelftest.New(t)}
	s.Service = New(Dependencies{DB: d, Box: box, Now: s.Now, Challenges: builtIn(t), Places: places{}, Organisations: sizes(10)})
	s.Add(s.AddTo)
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

// does lets n people of a department do a challenge.
func (s *site) does(challenge, department string, from, n int) {
	s.T.Helper()
	for i := range n {
		a := shelftest.Actor(dbtest.Ours, fmt.Sprintf("p%d@%s", from+i, department))
		if err := s.Do(s.T.Context(), a, challenge); err != nil {
			s.T.Fatal(err)
		}
	}
}

func (s *site) months(n int) { s.Set(s.Now().AddDate(0, n, 0)) }

func (s *site) reach() string {
	s.T.Helper()
	list, err := s.Reach(s.T.Context(), dbtest.Ours)
	if err != nil {
		s.T.Fatal(err)
	}
	var out []string
	for _, r := range list {
		out = append(out, fmt.Sprintf("%s %s %d", r.Challenge, r.Department, r.People))
	}
	return strings.Join(out, ", ")
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestANumberIsToldOnceItIsEnoughPeople(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.does("critical_desk", "groen", 0, 12)
		s.does("critical_desk", "groen", 0, 12) // again is not twice
		s.does("critical_desk", "burgers", 0, 6)
		if got := s.reach(); got != "" {
			t.Errorf("the month runs, and it tells %q", got)
		}
		s.months(1)
		if got := s.reach(); got != "critical_desk groen 12" {
			t.Errorf("%q", got)
		}
		s.does("critical_desk", "burgers", 6, 5)
		s.months(1)
		if got := s.reach(); got != "critical_desk groen 12, critical_desk burgers 11" {
			t.Errorf("small numbers do not add up over months: %q", got)
		}
		// Nearly all of a department is nobody's business: it waits for others, and is told with them.
		s.does("ethical_field", "kabinet", 0, 11)
		s.months(1)
		s.does("ethical_field", "groen", 0, 3)
		s.months(1)
		if got := s.reach(); strings.Contains(got, "ethical_field") {
			t.Errorf("%q", got)
		}
		s.months(2)
		s.does("ethical_field", "groen", 3, 1)
		s.months(1)
		if got := s.reach(); !strings.Contains(got, "ethical_field  15") {
			t.Errorf("departments together are not told: %q", got)
		}
		s.Organisations = sizes(12)
		if got := s.reach(); strings.Contains(got, "burgers 11") || !strings.Contains(got, "groen 12") {
			t.Errorf("a larger smallest group: %q", got)
		}
		if list, err := s.Reach(t.Context(), dbtest.Theirs); err != nil || len(list) > 0 {
			t.Errorf("%v %v", list, err)
		}
	})
}

// Whatever people do, every number that is told is of at least k people, none of whom is in another number of that challenge, so that adding
// and subtracting leads to no fewer.
func TestNumbersShareNobodyAndAreNeverSmall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const k = 5
		wait, told, all := map[string]map[string]waiting{}, []Reach(nil), 0
		size := map[string]int{"a": 40, "b": 6, "c": 0}
		for month := range rapid.IntRange(1, 9).Draw(t, "months") {
			for _, d := range []string{"", "a", "b", "c"} {
				n := rapid.IntRange(0, 7).Draw(t, "people")
				if n == 0 {
					continue
				}
				all += n
				if wait["x"] == nil {
					wait["x"] = map[string]waiting{}
				}
				w, is := wait["x"][d]
				if !is {
					w.since = int64(month)
				}
				w.people += n
				wait["x"][d] = w
			}
			told = append(told, release(wait, told, size, k, int64(month-patience))...)
		}
		sum := 0
		for _, r := range told {
			if r.People < k {
				t.Fatalf("%d people are told", r.People)
			}
			if sum += r.People; r.Department == "b" && r.People == size["b"] {
				t.Fatal("all of a department")
			}
		}
		for _, w := range wait["x"] {
			sum += w.people
		}
		if sum != all {
			t.Fatalf("%d people of %d: somebody is in two numbers, or in none", sum, all)
		}
	})
}

func TestOnlyThePersonFindsWhatTheyDid(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Get("employee", "/lab/challenges/critical_desk").Wants(http.StatusOK, "Jeugdverenigingen", "Ik deed deze uitdaging", "Dit materiaal is verzonnen")
		s.Post("employee", "/lab/challenges/critical_desk/done").Leads("/lab/challenges/critical_desk#done")
		s.Get("employee", "/lab/challenges").Wants(http.StatusOK, "Gedaan")
		s.Get("employee", "/lab/challenges/critical_desk").Wants(http.StatusOK, "Vergeet dat ik dit deed")
		s.Get("hr", "/lab/challenges").Silent(">Gedaan<")
		s.Get("theirs employee", "/lab/challenges").Silent(">Gedaan<")
		for _, table := range []string{"lab_challenge_marks", "audit_log"} {
			err := s.DB.Of(dbtest.Ours).Rows(t.Context(), `SELECT * FROM `+table+` WHERE tenant_id = $1`, func(scan func(...any) error) error {
				var a [5]any
				if table == "audit_log" {
					t.Error("the log tells of a challenge")
					return nil
				}
				if err := scan(&a[0], &a[1], &a[2], &a[3], &a[4]); err != nil {
					return err
				}
				if row := fmt.Sprintf("%s", a); strings.Contains(row, "employee") {
					t.Errorf("the store names who: %s", row)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		sections, err := s.Held(t.Context(), dbtest.Ours, shelftest.Account("employee"))
		if err != nil || len(sections) != 1 || len(sections[0].Rows) != 1 || sections[0].Rows[0].Value == "" {
			t.Fatalf("%v %+v", err, sections)
		}
		s.Post("employee", "/lab/challenges/critical_desk/undo").Leads("/lab/challenges/critical_desk#done")
		if sections, err := s.Held(t.Context(), dbtest.Ours, shelftest.Account("employee")); err != nil || sections != nil {
			t.Errorf("%v %+v", err, sections)
		}
		s.Post("employee", "/lab/challenges/critical_desk/done").Leads("/lab")
		if err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return s.Erase(t.Context(), tx, shelftest.Account("employee")) }); err != nil {
			t.Fatal(err)
		}
		s.Get("employee", "/lab/challenges").Silent(">Gedaan<")
		s.Post("employee", "/lab/challenges/nothing/done").Wants(http.StatusNotFound)
		s.Get("employee", "/lab/challenges/nothing").Wants(http.StatusNotFound)
	})
}

func TestWhatIsKeptGoesByAge(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.does("critical_desk", "groen", 0, 12)
		s.months(1)
		if got := s.reach(); got != "critical_desk groen 12" {
			t.Fatal(got)
		}
		for _, k := range s.Kept() {
			before, want := s.Now().Add(time.Hour), 12
			if k.Name == "lab-challenge-reach" {
				want = 1
			}
			n, oldest, err := k.Count(t.Context(), s.DB.Of(dbtest.Ours), before)
			if err != nil || n != want || oldest.IsZero() {
				t.Errorf("%s: %d, %v, %v", k.Name, n, oldest, err)
			}
			err = s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
				n, err := k.Delete(t.Context(), tx, before, 100)
				if n != want {
					t.Errorf("%s: %d deleted", k.Name, n)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestTheChatKnowsAChallenge(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	e, ok := s.Entry("challenge-critical_desk", instrument.EN)
	if !ok || e.Title != "Find the mistake in the summary" || !strings.HasPrefix(e.System, "[[practice]]\nFrom 1 September") || e.Reminder == "" || len(e.Look) < 2 {
		t.Errorf("%v %+v", ok, e)
	}
	if _, ok := s.Entry("critical_desk", instrument.EN); ok {
		t.Error("a task is no challenge")
	}
}

func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	e := s.Open(t, "employee")
	e.Look("challenges", "/lab/challenges")
	e.Look("challenge", "/lab/challenges/ethical_field")
	e.Look("challenge-card", "/lab/challenges/critical_field/card")
	e.Look("reach-empty", "/lab/challenges/reach")
	s.does("critical_desk", "groen", 0, 12)
	s.does("creative_field", "burgers", 0, 14)
	s.months(1)
	e.Look("reach", "/lab/challenges/reach")
}
