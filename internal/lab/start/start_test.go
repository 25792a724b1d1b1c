package start

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/challenge"
	"tekentafel/internal/lab/example"
	"tekentafel/internal/lab/shelf/shelftest"
	"tekentafel/internal/lab/task"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

type sizes int

func (k sizes) GroupSize(context.Context, tenant.ID) (int, error) { return int(k), nil }

type accounts struct{}

func (accounts) Name(context.Context, db.Reader, string) (string, error) { return "", nil }

func newSite(t testing.TB) (*shelftest.Site, *Service) {
	t.Helper()
	entries, err := task.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	tries, err := challenge.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	madeUp, err := example.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	d, site, pages := dbtest.SQLite(t), shelftest.Bare(t), task.New(entries)
	s := New(Dependencies{Tasks: pages, Challenges: challenge.New(challenge.Dependencies{DB: d, Box: box, Now: site.Now, Challenges: tries, Organisations: sizes(10)}),
		Examples: example.New(example.Dependencies{DB: d, Audit: audit.New(d, site.Now), Now: site.Now, MadeUp: madeUp, Accounts: accounts{}, Tasks: TasksOf(pages)}),
		Beside: []Beside{func(*web.Request) (ui.Link, bool) {
			return ui.Link{Label: "Bewaarde gesprekken", Href: "/lab/kept"}, true
		}, func(*web.Request) (ui.Link, bool) { return ui.Link{Label: "Niet voor jou"}, false }}})
	site.Add(s.AddTo)
	return site, s
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestTheDoorOpensOnWhatOneCanTry(t *testing.T) {
	t.Parallel()
	site, s := newSite(t)
	site.Get("employee", "/lab").Wants(http.StatusOK, "Samenvatten", "Van vaag naar klaar", "Verzonnen voorbeeld", "Bewaarde gesprekken").Silent("Niet voor jou")
	// What somebody did gives way to what is new.
	site.Post("employee", "/lab/challenges/communicative_desk/done").Leads("/lab")
	site.Get("employee", "/lab").Wants(http.StatusOK).Silent("Van vaag naar klaar")
	site.Get("employee", "/lab/tasks/summarise").Wants(http.StatusOK, "Proberen")
	site.Get("", "/lab").Leads("/sign-in")
	r := &web.Request{Lang: instrument.NL}
	r.Actor = shelftest.Actor(dbtest.Ours, "employee")
	if tiles := s.Offers(r); len(tiles) != 1 || tiles[0].Href != "/lab" {
		t.Errorf("%+v", tiles)
	}
}

func TestTheChatKnowsEveryEntry(t *testing.T) {
	t.Parallel()
	_, s := newSite(t)
	var entries lab.Entries = s
	for id, want := range map[string]string{"summarise": "Summarise", "challenge-critical_desk": "Find the mistake in the summary", "example-madeup-rule_waste": "The rule on bulky waste in four sentences"} {
		e, ok, err := entries.Entry(t.Context(), dbtest.Ours, id, instrument.EN)
		if err != nil || !ok || e.Title != want || e.Reminder == "" || len(e.Look) == 0 || !strings.HasPrefix(e.Back, "/lab/") || e.ID != id {
			t.Errorf("%s: %v %v %+v", id, err, ok, e)
		}
	}
	for _, id := range []string{"", "nothing", "challenge-", "example-", "example-nothing"} {
		if _, ok, err := entries.Entry(t.Context(), dbtest.Ours, id, instrument.EN); ok || err != nil {
			t.Errorf("%q: %v %v", id, ok, err)
		}
	}
	if list, err := s.Starts(t.Context(), dbtest.Ours, instrument.FR); err != nil || len(list) != fewTasks || list[0].Title != "Résumer" {
		t.Errorf("%v %+v", err, list)
	}
}

func TestThePageFitsAndIsAccessible(t *testing.T) {
	t.Parallel()
	site, _ := newSite(t)
	site.Open(t, "employee").Look("start", "/lab")
}
