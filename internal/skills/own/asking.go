package own

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/skills/check"
	"tekentafel/internal/ui"
)

// askMark is where a page that asks begins, for a reader who need not pass by what stands above it each time: a screen reader goes on there, and
// a small screen shows it.
const askMark = "ask"

// toAsk leads to a page that asks.
func (v *visit) toAsk(w http.ResponseWriter, to string) error {
	if strings.HasPrefix(to, statementsAt) || strings.HasPrefix(to, questionAt+"/") {
		to += "#" + askMark
	}
	return v.Redirect(w, to, nil)
}

// statementsView is a page with the statements about one skill.
type statementsView struct {
	*visit
	skill     string
	at, pages int
	rows      []ui.Choice
	form      *ui.FormState
}

// statements shows the statements about one skill.
func (p *Pages) statements(w http.ResponseWriter, v *visit) error {
	pages := v.m.Pages(v.state)
	at := slices.Index(pages, v.PathValue("skill"))
	if at < 0 {
		return v.Redirect(w, v.first(), nil)
	}
	s := statementsView{visit: v, skill: pages[at], at: at, pages: len(pages)}
	for _, i := range v.m.StatementsOf(s.skill) {
		c := ui.Choice{Field: ui.Field{Name: v.m.Statements[i].ID, Label: v.m.Statements[i].Text.In(v.Lang)}, Tiles: true}
		if said := v.state.Self[i]; said > 0 {
			c.Chosen = []string{strconv.Itoa(int(said))}
		}
		for j := range v.m.Agreement {
			c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(j + 1), Label: v.Opening(v.m.Agreement[j].Label.In(v.Lang))})
		}
		s.rows = append(s.rows, c)
	}
	pg := page(v.m.Questions[s.skill].In(v.Lang))
	pg.NoH1 = true
	return v.show(w, pg, statementsPage(s))
}

// say keeps what somebody says of one skill, and leads on. Nothing need be answered.
func (p *Pages) say(w http.ResponseWriter, v *visit) error {
	form, err := v.ReadForm()
	if err != nil {
		return err
	}
	pages := v.m.Pages(v.state)
	at := slices.Index(pages, v.PathValue("skill"))
	if at < 0 {
		return v.Redirect(w, v.first(), nil)
	}
	for _, i := range v.m.StatementsOf(pages[at]) {
		n, err := strconv.ParseUint(form.Get(v.m.Statements[i].ID), 10, 8)
		if err != nil {
			n = 0
		}
		*v.state = v.m.Say(*v.state, i, uint8(n))
	}
	to := ""
	switch back := form.Get("go") == "back"; {
	case back && at > 0:
		to = statementsAt + pages[at-1]
	case back:
		to = checkAt
	case at+1 < len(pages):
		to = statementsAt + pages[at+1]
	case v.state.Plan == check.Statements:
		v.state.Done, to = true, resultAt
	default:
		v.state.Asking, to = true, questionAt
	}
	if err := p.giveState(w, v); err != nil {
		return err
	}
	return v.toAsk(w, to)
}

// questionView is a question of the test.
type questionView struct {
	*visit
	n, most   int
	item      *check.Item
	situation string
	choice    ui.Choice
	form      *ui.FormState
}

// current leads to the question that is to be answered next, or to what came out.
func (p *Pages) current(w http.ResponseWriter, v *visit) error {
	_, ok, err := v.m.Next(v.state)
	if err != nil {
		return err
	}
	if !ok || v.state.Seen {
		return p.finish(w, v)
	}
	return v.toAsk(w, questionAt+"/"+strconv.Itoa(len(v.state.Given)+1))
}

// finish ends the test, and shows what there is.
func (p *Pages) finish(w http.ResponseWriter, v *visit) error {
	v.state.Done = true
	if err := p.giveState(w, v); err != nil {
		return err
	}
	return v.Redirect(w, resultAt, nil)
}

// asked finds the question of the address: one that was answered, or the next; -1 for any other.
func (v *visit) asked() (n, item, chosen int, err error) {
	n, err = strconv.Atoi(v.PathValue("n"))
	if err != nil || n < 1 || n > len(v.state.Given)+1 || v.state.Seen {
		return 0, -1, -1, nil //nolint:nilerr // no such question
	}
	if n <= len(v.state.Given) {
		g := v.state.Given[n-1]
		return n, g.Item, g.Option, nil
	}
	item, ok, err := v.m.Next(v.state)
	if !ok {
		item = -1
	}
	return n, item, -1, err
}

// question shows a question.
func (p *Pages) question(w http.ResponseWriter, v *visit) error {
	n, item, chosen, err := v.asked()
	if err != nil {
		return err
	}
	if item < 0 {
		return v.Redirect(w, questionAt, nil)
	}
	return p.showQuestion(w, v, n, item, chosen, false)
}

func (p *Pages) showQuestion(w http.ResponseWriter, v *visit, n, item, chosen int, missing bool) error {
	q := questionView{visit: v, n: n, most: v.state.Plan.MostQuestions(), item: &v.m.Items[item], form: &ui.FormState{ID: "q", Values: url.Values{}}}
	version := q.item.In(v.state.Field)
	var ask string
	q.situation, ask = split(v.text(version.Stem))
	q.choice = ui.Choice{Field: ui.Field{Name: "option", Label: ask}, Tiles: true}
	for i := range version.Options {
		q.choice.Options = append(q.choice.Options, ui.Option{Value: strconv.Itoa(i), Label: v.text(version.Options[i].Text)})
	}
	if chosen >= 0 {
		q.form.Values.Set("option", strconv.Itoa(chosen))
	}
	pg := page(v.with("question.title", "n", strconv.Itoa(n)))
	pg.NoH1 = true
	if missing {
		q.form.Fail("option", v.say("error.option"))
		pg.Invalid, pg.Status = true, http.StatusUnprocessableEntity
	}
	return v.show(w, pg, questionPage(q))
}

// split parts the last sentence of a stem, which asks, from the situation before it.
func split(stem string) (situation, question string) {
	at := -1
	for _, end := range []string{". ", "! ", "? ", ".” ", "?” ", "!” ", ".» ", " » ", ".“ ", "?“ ", "…” ", ": "} {
		if i := strings.LastIndex(stem, end); i >= 0 {
			at = max(at, i+len(end))
		}
	}
	if at <= 0 || at > len(stem)-8 {
		return "", stem
	}
	return strings.TrimSpace(stem[:at]), stem[at:]
}

// answer keeps the answer to a question, and leads on.
func (p *Pages) answer(w http.ResponseWriter, v *visit) error {
	form, err := v.ReadForm()
	if err != nil {
		return err
	}
	n, item, chosen, err := v.asked()
	if err != nil {
		return err
	}
	to := form.Get("go")
	if item < 0 {
		return v.Redirect(w, questionAt, nil)
	}
	if form.Get("item") != v.m.Items[item].ID { // of a page that was left open
		return v.Redirect(w, questionAt, v.notice("other-question"))
	}
	option, err := strconv.Atoi(form.Get("option"))
	switch {
	case err == nil:
		*v.state, err = v.m.Answer(*v.state, n, check.Given{Item: item, Option: option})
		if errors.Is(err, check.ErrOption) || errors.Is(err, check.ErrStale) {
			return v.Redirect(w, questionAt, v.notice("other-question"))
		}
		if err != nil {
			return err
		}
		if err := p.giveState(w, v); err != nil {
			return err
		}
	case to == "next":
		return p.showQuestion(w, v, n, item, chosen, true)
	}
	switch {
	case to == "stop":
		return p.finish(w, v)
	case to == "back" && n > 1:
		return v.toAsk(w, questionAt+"/"+strconv.Itoa(n-1))
	case to == "back" && !v.state.Spoke(): // who came from the monitor answered no statement here
		return v.Redirect(w, resultAt, nil)
	case to == "back":
		pages := v.m.Pages(v.state)
		return v.toAsk(w, statementsAt+pages[len(pages)-1])
	case n < len(v.state.Given):
		return v.toAsk(w, questionAt+"/"+strconv.Itoa(n+1))
	}
	return v.Redirect(w, questionAt, nil)
}

// stop ends the test before its end.
func (p *Pages) stop(w http.ResponseWriter, v *visit) error { return p.finish(w, v) }

// goOn takes a test up again that was stopped.
func (p *Pages) goOn(w http.ResponseWriter, v *visit) error {
	form, err := v.ReadForm()
	if err != nil {
		return err
	}
	if v.state.Seen {
		return v.Redirect(w, resultAt, nil)
	}
	if work := check.Work(form.Get(fieldWork)); len(v.state.Given) == 0 && slices.Contains(workSteps, work) {
		v.state.Field = work == check.Field
	}
	v.state.Done = false
	v.state.Asking = true
	if err := p.giveState(w, v); err != nil {
		return err
	}
	return v.Redirect(w, questionAt, nil)
}
