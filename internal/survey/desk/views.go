package desk

import (
	"fmt"
	"strings"
	"time"

	"tekentafel/internal/i18n"
	"tekentafel/internal/survey/monitor"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// listView is the list of waves.
type listView struct {
	waves []wave.Wave
	runs  bool
	say   words
	local func(time.Time) time.Time
}

func (v listView) empty() ui.Empty {
	if v.runs {
		return ui.Empty{Title: v.say.say("list.empty"), Text: v.say.say("list.empty-text"), Action: &ui.Action{Label: v.say.say("list.first"), Href: "/waves/new", Kind: ui.Next}}
	}
	return ui.Empty{Title: v.say.say("list.empty"), Text: v.say.say("list.empty-others")}
}

// tones of the states.
func tone(s wave.State) ui.Tone {
	switch s {
	case wave.Draft:
		return ui.Muted
	case wave.Open:
		return ui.Success
	case wave.Closed:
		return ui.Warning
	case wave.Scheduled, wave.Published:
	}
	return ui.Info
}

func (v listView) table() ui.Table {
	t := ui.Table{Caption: v.say.say("list.caption"), HideCaption: true, Columns: []ui.Column{{Label: v.say.say("list.wave")}, {Label: v.say.say("list.state")},
		{Label: v.say.say("list.opens")}, {Label: v.say.say("list.closes")}}}
	date := func(at time.Time) ui.Cell {
		if at.IsZero() {
			return ui.Cell{Text: "–", Quiet: true}
		}
		return ui.Cell{Text: v.say.Date(v.local(at))}
	}
	for i := range v.waves {
		w := &v.waves[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: w.Title, Href: "/waves/" + w.ID}, {Content: ui.Tag(tone(w.State), v.say.say("state."+string(w.State)))}, date(w.Opens), date(w.Closes)}})
	}
	return t
}

// settingsView is the page with what the launch locks.
type settingsView struct {
	wave   *wave.Wave
	others []wave.Wave // that it can be compared with
	form   *ui.FormState
	say    words
	org    web.Organisation
}

func (v settingsView) previous() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "previous", Label: v.say.say("settings.previous"), Hint: v.say.say("settings.previous-hint")}, Chosen: []string{v.wave.Previous},
		Options: []ui.Option{{Value: "", Label: v.say.say("settings.previous-none")}}}
	for _, o := range v.others {
		c.Options = append(c.Options, ui.Option{Value: o.ID, Label: o.Title})
	}
	return c
}

// terms are what the launch locked, in words.
func (w words) terms(v *wave.Wave) []ui.Fact {
	linked := w.say("settings.linked-no")
	if v.Linked {
		linked = w.T("settings.linked-yes", i18n.Args{"k": w.Int(v.GroupSize)})
	}
	var languages []string
	for _, l := range v.Languages {
		languages = append(languages, w.language(l))
	}
	return []ui.Fact{
		{Term: w.say("settings.mode"), Text: w.say("mode."+string(v.Mode)) + ". " + w.say("mode."+string(v.Mode)+"-text")},
		{Term: w.say("settings.group-size"), Text: w.n("settings.people", v.GroupSize)},
		{Term: w.say("settings.retention"), Text: w.n("settings.days", v.Retention)},
		{Term: w.say("settings.linked"), Text: linked},
		{Term: w.say("settings.languages"), Text: w.And(languages)},
	}
}

// planView is the page with moments, and that of the end.
type planView struct {
	wave  *wave.Wave
	form  *ui.FormState
	say   words
	local func(time.Time) time.Time
}

func (v planView) day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return v.local(at).Format(time.DateOnly)
}

func (v planView) hour(at time.Time, usual string) string {
	if at.IsZero() {
		return usual
	}
	return v.local(at).Format("15:04")
}

func (v planView) reminder(i int) time.Time {
	if i < len(v.wave.Settings.Reminders) {
		return v.wave.Settings.Reminders[i]
	}
	return time.Time{}
}

func (v planView) kiosk() string {
	if v.wave.Settings.Kiosk {
		return "yes"
	}
	return ""
}

// launchView is the page that asks whether to launch.
type launchView struct {
	wave  *wave.Wave
	frame wave.Frame
	ready []wave.Problem
	form  *ui.FormState
	say   words
	local func(time.Time) time.Time
}

func (v launchView) blocked() bool { return len(wave.Blocking(v.ready)) > 0 }

// tasks are what stands in the way, each with where to mend it.
func (v launchView) tasks() []ui.Task {
	var out []ui.Task
	for _, p := range v.ready {
		t := ui.Task{Title: p.Message.In(v.say.Lang), Href: p.Href, Tag: v.say.say("launch.must"), Tone: ui.Warning}
		if p.Warns {
			t.Tag, t.Tone = v.say.say("launch.may"), ui.Muted
		}
		out = append(out, t)
	}
	return out
}

// locked is all that nobody can change after the launch.
func (v launchView) locked() []ui.Fact {
	facts := v.say.terms(v.wave)
	questions := ui.Fact{Term: v.say.say("launch.questions"), Text: v.say.say("launch.questions-text"), Actions: []ui.Action{{Label: v.say.say("launch.look"), Href: "/waves/" + v.wave.ID + "/questions"}}}
	facts = append(facts, questions)
	if v.wave.Mode != wave.OpenLink {
		facts = append(facts, ui.Fact{Term: v.say.say("launch.people"), Text: v.say.n("settings.people", v.frame.People)})
	}
	if v.wave.Mode == wave.Anonymous && len(v.frame.Strata) > 1 {
		var parts []string
		for _, s := range v.frame.Strata {
			parts = append(parts, fmt.Sprintf("%s (%s)", s.Name, v.say.Int(s.People)))
		}
		facts = append(facts, ui.Fact{Term: v.say.say("launch.strata"), Text: strings.Join(parts, ", ")})
	}
	opens := v.say.say("launch.opens-none")
	if !v.wave.Opens.IsZero() && !v.wave.Closes.IsZero() {
		opens = v.say.T("launch.opens-text", i18n.Args{"opens": v.say.Moment(v.local(v.wave.Opens)), "closes": v.say.Moment(v.local(v.wave.Closes))})
	}
	return append(facts, ui.Fact{Term: v.say.say("launch.opens"), Text: opens})
}

// waveView is the page of a wave.
type waveView struct {
	wave           *wave.Wave
	launch         wave.Launch
	frame          wave.Frame
	ready          []wave.Problem
	prints         []print
	listed         bool // the list of ballots is there
	releases       []monitor.Release
	work           *ui.Work
	runs, texts    bool
	reads          bool // the report
	say            words
	local          func(time.Time) time.Time
	now            time.Time
	address, kiosk string
}

func (v waveView) when(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return v.say.Moment(v.local(at))
}

// steps are the parts of a draft, with what is still to do in each.
func (v waveView) steps() []ui.Task {
	places := []string{"questions", "settings", "people", "plan"}
	if v.wave.Mode == wave.OpenLink {
		places = []string{"questions", "settings", "plan"}
	}
	var out []ui.Task
	for _, place := range places {
		t := ui.Task{Title: v.say.say("part." + place), Href: "/waves/" + v.wave.ID + "/" + place, Tag: v.say.say("part.done"), Tone: ui.Success, Text: v.said(place)}
		todo, know := v.standing(place)
		if len(todo) > 0 {
			t.Tag, t.Tone, t.Text = v.say.say("part.todo"), ui.Warning, strings.Join(todo, " ")
		} else if len(know) > 0 {
			t.Tag, t.Tone, t.Text = v.say.say("launch.may"), ui.Info, strings.Join(know, " ")
		}
		out = append(out, t)
	}
	if v.wave.Mode != wave.OpenLink {
		t := ui.Task{Title: v.say.say("part.invitations"), Href: "/waves/" + v.wave.ID + "/invitations", Text: v.say.say("part.invitations-is"), Tag: v.say.say("part.later"), Tone: ui.Muted}
		if _, know := v.standing("invitations"); len(know) > 0 {
			t.Text = strings.Join(know, " ")
		}
		out = append(out, t)
	}
	return out
}

// standing is what must still be done in a part of a draft, and what is good to know of it.
func (v waveView) standing(place string) (todo, know []string) {
	for _, p := range v.ready {
		switch {
		case placeOf(p.Href) != place:
		case p.Warns:
			know = append(know, p.Message.In(v.say.Lang))
		default:
			todo = append(todo, p.Message.In(v.say.Lang))
		}
	}
	return todo, know
}

// said is what was chosen in a part that is done.
func (v waveView) said(place string) string {
	switch place {
	case "settings":
		return v.say.T("part.settings-is", i18n.Args{"mode": v.say.say("mode." + string(v.wave.Mode)), "k": v.say.Int(v.wave.GroupSize)})
	case "people":
		return v.say.n("settings.people", v.frame.People)
	case "plan":
		return v.say.T("launch.opens-text", i18n.Args{"opens": v.when(v.wave.Opens), "closes": v.when(v.wave.Closes)})
	}
	return v.say.say("part.questions-is")
}

// facts are what everybody may know of a wave that was launched.
func (v waveView) facts() []ui.Fact {
	w, base := v.wave, "/waves/"+v.wave.ID
	edit := func(place string) []ui.Action {
		if !v.runs || w.State == wave.Closed || w.State == wave.Published {
			return nil
		}
		return []ui.Action{{Label: ui.WordEdit.In(v.say.Lang), Href: base + place}}
	}
	facts := []ui.Fact{
		{Term: v.say.say("settings.mode"), Text: v.say.say("mode." + string(w.Mode))},
		{Term: v.say.say("fact.open"), Text: v.say.T("launch.opens-text", i18n.Args{"opens": v.when(w.Opens), "closes": v.when(w.Closes)}), Actions: edit("/plan")},
	}
	if w.Mode != wave.OpenLink {
		facts = append(facts, ui.Fact{Term: v.say.say("launch.people"), Text: v.say.n("settings.people", v.launch.People), Actions: look(v, "/people")})
	}
	facts = append(facts, ui.Fact{Term: v.say.say("settings.group-size"), Text: v.say.n("settings.people", w.GroupSize), Actions: look(v, "/settings")})
	if w.Settings.Contact != "" {
		facts = append(facts, ui.Fact{Term: v.say.say("plan.contact"), Text: w.Settings.Contact, Actions: edit("/plan")})
	}
	return facts
}

// look leads who runs the wave to a page about a fact.
func look(v waveView, place string) []ui.Action {
	if !v.runs {
		return nil
	}
	return []ui.Action{{Label: v.say.say("launch.look"), Href: "/waves/" + v.wave.ID + place}}
}

func linked(w *wave.Wave) string {
	if w.Linked {
		return "yes"
	}
	return ""
}

// onceForm is the state of a form without fields.
func onceForm() *ui.FormState { return web.NewForm() }

func printID(i int) string { return fmt.Sprintf("key-%d", i+1) }

func (v waveView) printLabel(p print) string {
	if p.stratum == "" {
		return v.say.say("check.key")
	}
	return v.say.T("check.key-of", i18n.Args{"name": p.stratum})
}

// monitorAbout says when it was counted, and why nothing is exact.
func (v waveView) monitorAbout() string {
	return v.say.T("monitor.about", i18n.Args{"day": v.say.day(v.last().Day), "k": v.say.Int(v.wave.GroupSize)})
}
