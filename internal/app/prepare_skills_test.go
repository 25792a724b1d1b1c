package app

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs"
)

// skilled is what the features of skills know of the city, by what pages are about.
type skilled struct {
	link                   string // the key of the public link
	function, led          string
	role, proposal, staged string
	seq                    int64
	round                  string
	talk                   []string // the pages of an interview
}

// skilling gives the city a map of needs and interviews in the states that pages show. Personnel data must be there.
func (h *house) skilling(t *testing.T, staff staffed) skilled {
	t.Helper()
	ctx, hr, manager := t.Context(), h.actor(t, access.HR), h.actor(t, access.Manager)
	out := skilled{function: staff.function}
	seq := func() int64 {
		list := must(h.Needs.Changes(ctx, hr, needs.ChangeQuery{Limit: 1}))(t)
		if len(list) == 0 {
			return 0
		}
		return list[0].Seq
	}
	out.seq = must(h.Needs.SetLevel(ctx, hr, framework.Where{Function: out.function}, "critical", 3, "Beslist over dossiers van inwoners", seq(), asked.Request{}))(t)
	out.role = must(h.Needs.PutRole(ctx, hr, needs.RoleOf{Name: "Wie software koopt", Levels: map[string]int{"technical": 4}, Reason: "Bepaalt waarmee anderen werken"}, seq(), asked.Request{}))(t)
	for _, x := range must(h.Staff.LedDuties(ctx, manager))(t) {
		if x.Function != "" {
			out.led = x.Function
		}
	}
	out.proposal = must(h.Needs.Propose(ctx, manager, needs.ProposalInput{Function: out.led, Levels: map[string]int{"creative": 3}, Reason: "Ze maken zelf de borden in het park"}))(t)
	draft := must(h.Needs.Draft(ctx, hr))(t)
	change := func(text string) {
		if err := h.Needs.Write(ctx, hr, draft.Version, func(c *framework.Change) error {
			c.Texts = map[string]framework.Text{"title": {framework.NL: text, framework.FR: text, framework.DE: text, framework.EN: text}}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		draft = must(h.Needs.Draft(ctx, hr))(t)
	}
	change("Vijf vaardigheden van de stad")
	must(h.Needs.Publish(ctx, hr, "1.0-stad", "Eigen titel voor de stad", draft.Version))(t)
	draft = must(h.Needs.Draft(ctx, hr))(t)
	change("Vijf vaardigheden van stad en dorp")

	sheet := filepath.Join(t.TempDir(), "needs.xlsx")
	file := must(os.Create(sheet))(t)
	if err := h.Needs.Export(ctx, hr, file, instrument.NL, true); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	out.staged = must(h.Needs.Bring(ctx, hr, sheet, "noden.xlsx", "Overlegd met de diensthoofden", asked.Request{}))(t)

	out.round, out.talk = h.interviews(t)
	c := h.as(t, access.HR)
	for _, kind := range []string{"poster", "kiosk"} {
		if a := h.post(t, c, "/learn/links", url.Values{"kind": {kind}, "do": {"open"}}); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("the link is refused: %d", a.StatusCode)
		}
	}
	if err := h.DB.Of(hr.Tenant).Row(ctx, `SELECT key FROM skill_links WHERE tenant_id = $1 AND kind = 'poster'`, nil, &out.link); err != nil {
		t.Fatal(err)
	}
	return out
}

// interviews holds a closed round of interviews and begins another; it returns the closed one.
func (h *house) interviews(t *testing.T) (round string, pages []string) {
	t.Helper()
	ctx, hr := t.Context(), h.actor(t, access.HR)
	if err := h.NonUse.Open(ctx, hr, "Voorjaar"); err != nil {
		t.Fatal(err)
	}
	if err := h.DB.Of(hr.Tenant).Row(ctx, `SELECT id FROM skill_interview_rounds WHERE tenant_id = $1`, nil, &round); err != nil {
		t.Fatal(err)
	}
	c := h.as(t, access.HR)
	talk := func(i int) []string {
		a := h.post(t, c, "/learn/nonusers/interviews/consent", url.Values{"version": {h.NonUse.Guide.Consent.Version}, "agree": {"yes"}})
		about := must(a.Location())(t)
		a = h.post(t, c, about.RequestURI(), url.Values{"d": {about.Query().Get("d")}, "language": {"nl"}, "work": {"office"}, "family": {""}, "reasons": {"skills"}})
		notes := must(a.Location())(t)
		a = h.post(t, c, notes.RequestURI(), url.Values{"d": {notes.Query().Get("d")}, "note-why": {fmt.Sprint("Waarom ", i)}})
		if a.StatusCode != http.StatusSeeOther {
			t.Fatalf("notes are refused: %d %s", a.StatusCode, a.body)
		}
		return []string{about.RequestURI(), notes.RequestURI(), must(a.Location())(t).RequestURI()}
	}
	for i := range 5 {
		talk(i)
	}
	if err := h.NonUse.Close(ctx, hr, round); err != nil {
		t.Fatal(err)
	}
	if err := h.NonUse.Open(ctx, hr, "Najaar"); err != nil {
		t.Fatal(err)
	}
	if err := h.NonUse.Invite(ctx, hr, "An Peeters", "an@voorbeeld.example"); err != nil {
		t.Fatal(err)
	}
	return round, talk(5)
}

// pages are where HR can begin beside what the door leads to.
func (s skilled) pages() []string {
	return append([]string{"/learn/links/poster", "/learn/needs/functions/" + s.function, "/learn/needs/functions/" + s.function + "/level?skill=critical", "/learn/needs/proposals/" + s.proposal, "/learn/needs/import/" + s.staged, "/learn/needs/roles/" + s.role,
		"/learn/needs/roles/" + s.role + "/drop", fmt.Sprint("/learn/needs/changes/", s.seq), fmt.Sprint("/learn/needs/changes/", s.seq, "/undo"), "/learn/needs/framework/publish",
		"/learn/needs/framework/throw-away", "/learn/needs/framework/versions/0/hold", "/learn/nonusers/interviews/rounds/" + s.round, "/learn/nonusers/interviews/consent"}, s.talk...)
}

// checked are people at the check: somebody who begins, somebody half-way, and somebody with a profile.
func (h *house) checked(t *testing.T, link string) map[string]arrived {
	t.Helper()
	begins := func() *http.Client {
		c := h.visitor(t)
		h.get(t, c, "/l/"+link)
		return c
	}
	goes := begins()
	h.post(t, goes, "/check", url.Values{"plan": {"all"}, "work": {"office"}, "function": {"none"}})
	material := h.Skills.Material()
	says := func(c *http.Client, skill string) {
		form := url.Values{"go": {"next"}}
		for _, i := range material.StatementsOf(skill) {
			form.Set(material.Statements[i].ID, "3")
		}
		h.post(t, c, "/check/statements/"+skill, form)
	}
	keeps := begins()
	h.post(t, keeps, "/check", url.Values{"plan": {"statements"}, "work": {"field"}, "function": {"none"}})
	for i := range material.Framework.Skills {
		says(keeps, material.Framework.Skills[i].ID)
	}
	if a := h.post(t, keeps, "/check/keep", nil); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("the profile is not kept: %d", a.StatusCode)
	}
	tests := begins()
	h.post(t, tests, "/check", url.Values{"plan": {string(check.One) + ":critical"}, "work": {"office"}, "function": {"none"}})
	says(tests, "critical")
	page := h.get(t, tests, "/check/question")
	for range 2 {
		at := must(url.Parse(page.Header.Get("Location")))(t).Path
		page = h.get(t, tests, at)
		item := inputOf(t, page.body, "item")
		h.post(t, tests, at, url.Values{"go": {"next"}, "item": {item}, "option": {"0"}})
		page = h.get(t, tests, "/check/question")
	}
	return map[string]arrived{
		"begins a check":     {begins(), []string{"/check", "/check/about", "/check/open", "/check/function"}},
		"answers statements": {goes, []string{"/check/statements/communicative"}},
		"answers questions":  {tests, []string{"/check/question", "/check/question/1", "/check/result", "/check/answers"}},
		"has a profile":      {keeps, []string{"/check/profile", "/check/code", "/check/profile.json", "/check/profile.pdf", "/check/erase", "/check/result"}},
		"withdraws":          {h.visitor(t), []string{"/learn/nonusers/withdraw", "/check/about"}},
	}
}

var inputs = regexp.MustCompile(`<input[^>]*name="(\w+)"[^>]*value="([^"]*)"`)

func inputOf(t *testing.T, body, name string) string {
	t.Helper()
	for _, m := range inputs.FindAllStringSubmatch(body, -1) {
		if m[1] == name {
			return m[2]
		}
	}
	t.Fatalf("no input %s in %.1500s", name, body)
	return ""
}
