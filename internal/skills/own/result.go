package own

import (
	"net/http"
	"slices"
	"strconv"

	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/ui"
)

// resultView is what a check says.
type resultView struct {
	*visit
	*picture
	more bool // the test can go on
}

// result shows what a check says.
func (p *Pages) result(w http.ResponseWriter, v *visit) error {
	outcomes, err := v.m.Score(v.m.Evidence(v.state))
	if err != nil {
		return err
	}
	if v.state.Plan == check.One {
		outcomes = slices.DeleteFunc(outcomes, func(o check.Outcome) bool { return o.Skill != v.state.Skill })
	}
	x, err := v.pictureOf(outcomes, v.state.Field, v.state.Function, v.state.Unit)
	if err != nil {
		return err
	}
	_, more, err := v.m.Next(v.state)
	if err != nil {
		return err
	}
	pg := page(v.say("result.title"))
	pg.Lead = v.say("result.lead")
	if x.any() && v.state.Places != nil && len(v.state.Given) == 0 {
		pg.Lead = v.say("result.lead-monitor")
	}
	if !x.any() {
		pg.Lead = v.say("result.too-little")
	}
	return v.show(w, pg, resultPage(resultView{visit: v, picture: x, more: more && !v.state.Seen}))
}

// placed tells whether somebody came from the monitor and did no test yet.
func (v resultView) placed() bool { return v.state.Places != nil && len(v.state.Given) == 0 }

// placedWork asks which situations fit, where nobody asked before.
func (v resultView) placedWork() ui.Choice {
	chosen := check.Office
	if v.state.Field {
		chosen = check.Field
	}
	c := ui.Choice{Field: ui.Field{Name: fieldWork, Label: v.say("entry.work")}, Tiles: true, Chosen: []string{string(chosen)}}
	for _, w := range workSteps {
		c.Options = append(c.Options, ui.Option{Value: string(w), Label: v.say("work." + string(w))})
	}
	return c
}

// reviewed is a question of the test with what was answered.
type reviewed struct {
	n         int
	skill     string
	situation string
	question  string
	own, best string // texts
	right     bool
	half      bool // some credit, not all
	rationale string
}

// answersView lists the questions with their best answers.
type answersView struct {
	*visit
	list []reviewed
	back string
	days []ui.Link // of the checks of the profile
}

// answers shows the questions again: of the check under way, which then takes no answers any more, else of a check of the profile.
func (p *Pages) answers(w http.ResponseWriter, v *visit) error {
	a := answersView{visit: v}
	switch {
	case v.state != nil && !v.URL.Query().Has("check"):
		if !v.state.Done {
			return v.Redirect(w, questionAt, nil)
		}
		v.state.Seen = true
		if err := p.giveState(w, v); err != nil {
			return err
		}
		a.back = resultAt
		for _, g := range v.state.Given {
			it := &v.m.Items[g.Item]
			a.list = append(a.list, v.review(it, it.In(v.state.Field), g.Option, len(a.list)+1))
		}
	case v.key != nil:
		profile, _, err := p.load(v)
		if err != nil {
			return p.lost(w, v, err)
		}
		at, err := strconv.Atoi(v.URL.Query().Get("check"))
		if err != nil || at < 1 || at > len(profile.Checks) {
			at = len(profile.Checks)
		}
		a.back = profileAt
		a.ofProfile(profile, at)
	default:
		return v.Redirect(w, checkAt, nil)
	}
	pg := page(v.say("answers.title"))
	pg.Lead, pg.Back = v.say("answers.lead"), &ui.Link{Label: v.say("answers.back"), Href: a.back}
	return v.show(w, pg, answersPage(a))
}

func (a *answersView) ofProfile(profile *check.Profile, at int) {
	if at == 0 {
		return
	}
	k := &profile.Checks[at-1]
	for _, g := range k.Test {
		it := a.m.Item(g.Item)
		if it == nil {
			continue
		}
		version := it.In(k.Work == check.Field)
		if g.Option < len(version.Options) && version.Options[g.Option].Credit == g.Credit {
			a.list = append(a.list, a.review(it, version, g.Option, len(a.list)+1))
		}
	}
	for i := len(profile.Checks) - 1; i >= 0; i-- {
		if len(profile.Checks[i].Test) > 0 {
			a.days = append(a.days, ui.Link{Label: a.day(profile.Checks[i].Day), Href: answersAt + "?check=" + strconv.Itoa(i+1), Current: i+1 == at})
		}
	}
}

func (v *visit) review(it *check.Item, version *framework.Version, option, n int) reviewed {
	best := &version.Options[version.Best()]
	chosen := &version.Options[option]
	out := reviewed{n: n, skill: v.text(v.m.Framework.Skill(it.Skill).Name), own: v.text(chosen.Text), best: v.text(best.Text), right: chosen.Credit == best.Credit,
		half: chosen.Credit > 0 && chosen.Credit < best.Credit, rationale: v.text(version.Rationale)}
	out.situation, out.question = split(v.text(version.Stem))
	return out
}
