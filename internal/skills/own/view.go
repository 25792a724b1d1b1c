package own

import (
	"strconv"

	"tekentafel/internal/skills/check"
	"tekentafel/internal/ui"
)

// resume is where a check under way goes on.
func (v *visit) resume() string { return v.afterFunction() }

// kindOf is the kind of a button that is the main one of its page, or not.
func kindOf(main bool) ui.Kind {
	if main {
		return ui.Ink
	}
	return ui.Quiet
}

// legend explains the bars: which levels there are, what the shades mean and what is marked.
func legend(x *picture) string {
	if len(x.rows) == 0 {
		return ""
	}
	r := &x.rows[0]
	var names []string
	for i := range r.m.Framework.Levels {
		names = append(names, strconv.Itoa(i+1)+" "+r.levelName(i+1))
	}
	out := x.w.with("legend.levels", "levels", x.w.And(names))
	if x.tested() {
		out += " " + x.w.say("legend.shades")
	}
	for i := range x.rows {
		if x.rows[i].Basis == check.BySelf {
			out += " " + x.w.say("legend.self")
			break
		}
	}
	if x.decide {
		out += " " + x.w.say("legend.asked")
	}
	return out
}

// moreLabel is on the button that takes the test up again.
func moreLabel(v resultView) string {
	if len(v.state.Given) == 0 {
		return v.say("result.begin-test")
	}
	return v.say("result.more")
}

func (v codeView) hidden() []ui.NameValue {
	if !v.add {
		return nil
	}
	return []ui.NameValue{{Name: "add", Value: "yes"}}
}

func (v codeView) openLabel() string {
	if v.add {
		return v.say("open.do-add")
	}
	return v.say("open.do")
}

// tests tells whether a check of the profile had a test.
func (v *profileView) tests() bool {
	for i := range v.profile.Checks {
		if len(v.profile.Checks[i].Test) > 0 {
			return true
		}
	}
	return false
}

// facts are what the profile knows beside the checks.
func (v *profileView) facts() []ui.Fact {
	function := v.say("profile.no-function")
	if f := v.profile.Function; f != nil {
		function = f.Name
	}
	device := v.say("profile.not-remembered")
	switch {
	case v.kiosk():
		device = v.say("profile.kiosk")
	case v.key.Remember:
		device = v.say("profile.remembered")
	}
	job := ui.Fact{Term: v.say("profile.function"), Text: function}
	if v.p.Functions != nil {
		job.Actions = []ui.Action{{Label: v.say("profile.change"), Href: functionAt, Kind: ui.Plain, About: v.say("profile.function")}}
	}
	return []ui.Fact{
		job,
		{Term: v.say("entry.work"), Text: v.say("work." + string(v.profile.Work))},
		{Term: v.say("profile.checks"), Text: v.Int(len(v.profile.Checks))},
		{Term: v.say("profile.device"), Text: device, Actions: []ui.Action{{Label: v.say("profile.change"), Href: codeAt, Kind: ui.Plain, About: v.say("profile.device")}}},
	}
}

func (x linkView) form(do string) ui.FormSpec {
	return ui.FormSpec{Action: linksAt, Hidden: []ui.NameValue{{Name: "kind", Value: string(x.kind)}, {Name: "do", Value: do}}}
}
