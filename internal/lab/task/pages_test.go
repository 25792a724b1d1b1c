package task_test

import (
	"net/http"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/shelf/shelftest"
	"tekentafel/internal/lab/task"
	"tekentafel/internal/ui/browsertest"
)

func newSite(t testing.TB) (*shelftest.Site, *task.Pages) {
	t.Helper()
	list, err := task.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	s, p := shelftest.New(t), task.New(list)
	s.Add(p.AddTo)
	return s, p
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := task.Locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestAFormBuildsAPromptWithoutScripts(t *testing.T) {
	t.Parallel()
	s, _ := newSite(t)
	s.Get("employee", "/lab/tasks").Wants(http.StatusOK, "Samenvatten", "Verslag van een plaatsbezoek")
	s.Get("employee", "/lab/tasks/summarise").Wants(http.StatusOK, "Dit deel valt weg zolang het veld leeg is.", "‹De tekst›")
	a := s.Post("employee", "/lab/tasks/summarise", "text", "Het loket {reader} sluit <b>.", "reader", "de ploeg", "size", "decisions").Wants(http.StatusOK, "De samenvatting is voor de ploeg.")
	got := a.Value("text")
	if !strings.Contains(got, "Het loket {reader} sluit <b>.") {
		t.Errorf("the first text is the field: %q", got)
	}
	if !strings.Contains(a.Body.String(), "&#34;&#34;&#34;\nHet loket {reader} sluit &lt;b&gt;.\n&#34;&#34;&#34;</textarea>") {
		t.Errorf("the prompt does not end with the text: %s", a.Body.String())
	}
	if log := s.Log(); strings.Contains(log, "ploeg") || strings.Contains(log, "loket") {
		t.Errorf("what was typed stands in the log: %s", log)
	}
	s.Get("employee", "/lab/tasks/summarise?example=field").Wants(http.StatusOK, "Werkbriefing ploeg Noord")
	s.Get("employee", "/lab/tasks/nothing").Wants(http.StatusNotFound)
	s.Post("employee", "/lab/tasks/nothing", "text", "x").Wants(http.StatusNotFound)
	s.Get("", "/lab/tasks").Leads("/sign-in")
}

func TestTheChatKnowsATask(t *testing.T) {
	t.Parallel()
	_, p := newSite(t)
	e, ok := p.Entry("summarise", instrument.FR)
	if !ok || e.Title != "Résumer" || e.Reminder == "" || len(e.Look) < 2 || e.Back != "/lab/tasks/summarise" || e.System != "" {
		t.Errorf("%v %+v", ok, e)
	}
	if _, ok := p.Entry("nothing", instrument.FR); ok {
		t.Error("a task that is none")
	}
}

// The script builds the same prompt as the server, for samples of every task and for texts that look like templates.
func TestTheScriptAgreesWithTheServer(t *testing.T) {
	t.Parallel()
	s, _ := newSite(t)
	e := s.Open(t, "employee")
	list, err := task.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	const result = `document.querySelector("[data-result]").value`
	tab := e.Tab(t, browsertest.View{Width: 1366, Height: 900})
	for i := range list {
		x := &list[i]
		for _, work := range []task.Work{task.AtDesk, task.InField} {
			tab.Goto(e.URL + "/lab/tasks/" + x.ID + "?example=" + string(work))
			if got, want := browsertest.Eval[string](tab, result), task.Text(task.Build(x, instrument.NL, x.Sample(work, instrument.NL))); got != want {
				t.Errorf("%s, %s: the script builds\n%s\nwant\n%s", x.ID, work, got, want)
			}
		}
	}
	x := &list[0]
	tab.Goto(e.URL + "/lab/tasks/" + x.ID)
	for _, text := range []string{"a {reader} b", "\"\"\"\n{text}\n\"\"\"\"", "  $& $1 \n\n x ", ""} {
		tab.Fill("#f-text", text)
		tab.Fill("#f-reader", "  de   {text} ploeg ")
		if got, want := browsertest.Eval[string](tab, result), task.Text(task.Build(x, instrument.NL, map[string]string{"text": text, "reader": "  de   {text} ploeg ", "size": "short"})); got != want {
			t.Errorf("%q: the script builds\n%s\nwant\n%s", text, got, want)
		}
	}
	if n := tab.Count(".parts .gone"); n != 1 {
		t.Errorf("%d parts fell away", n)
	}
	// What a person changed by hand stays, until they ask for the fields again.
	tab.Click(".prompt summary")
	tab.Fill("#result", "van mij")
	tab.Fill("#f-reader", "iedereen")
	if got := browsertest.Eval[string](tab, result); got != "van mij" {
		t.Errorf("it was overwritten: %q", got)
	}
	tab.Click("[data-again]")
	if got := browsertest.Eval[string](tab, result); !strings.Contains(got, "iedereen") {
		t.Errorf("it was not built again: %q", got)
	}
}

func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	s, _ := newSite(t)
	e := s.Open(t, "employee")
	e.Look("tasks", "/lab/tasks")
	e.Look("task-empty", "/lab/tasks/plain_letter")
	e.Look("task-filled", "/lab/tasks/summarise?example=desk")
}
