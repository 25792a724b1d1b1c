package own

import (
	"strconv"

	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/stats/irt"
	"tekentafel/internal/ui"
)

// picture is what a check or a profile says, ready to be shown.
type picture struct {
	w      words
	rows   []row
	step   *step
	needs  map[string]Need
	decide bool // somebody decided what the function requires
	named  bool // a function is known
}

// row is one skill.
type row struct {
	check.Outcome
	words
	m     *check.Material
	skill *framework.Skill
	need  Need // Level is 0 where nothing is required
}

// step is the one next step.
type step struct {
	skill string
	text  string
	time  string
	href  string
}

// pictureOf gathers what is said of outcomes, with what a function requires.
func (v *visit) pictureOf(outcomes []check.Outcome, field bool, function, unit check.Ref) (*picture, error) {
	out := &picture{w: v.words, named: function != check.Ref{}}
	if v.p.Needs != nil && out.named {
		var err error
		if out.needs, out.decide, err = v.p.Needs.Required(v.Context(), v.Org.ID, function.ID, unit.ID); err != nil {
			return nil, err
		}
		if !out.decide {
			out.needs = nil
		}
	}
	required := map[string]int{}
	for i := range outcomes {
		need := out.needs[outcomes[i].Skill]
		required[outcomes[i].Skill] = need.Level
		out.rows = append(out.rows, row{outcomes[i], v.words, v.m, v.m.Framework.Skill(outcomes[i].Skill), need})
	}
	if first := check.First(outcomes, required); first != nil {
		out.step = v.stepOf(first, field)
	}
	return out, nil
}

func (v *visit) stepOf(o *check.Outcome, field bool) *step {
	skill := v.m.Framework.Skill(o.Skill)
	level := skill.Level(o.Level)
	if level == nil {
		return nil
	}
	next := level.Next.Office
	if field {
		next = level.Next.Field
	}
	out := &step{skill: v.text(skill.Name), text: v.text(next.Text), time: v.n("step.minutes", next.Minutes)}
	if v.p.Places != nil && next.Place != "" {
		out.href = v.p.Places(next.Place)
	}
	return out
}

// any tells whether something is known of a skill.
func (x *picture) any() bool {
	for i := range x.rows {
		if x.rows[i].Basis != check.Nothing {
			return true
		}
	}
	return false
}

// tested tells whether something rests on a test.
func (x *picture) tested() bool {
	for i := range x.rows {
		if x.rows[i].Basis == check.ByTest {
			return true
		}
	}
	return false
}

// byView tells whether all that is known rests on what somebody says of oneself.
func (x *picture) byView() bool { return x.any() && !x.tested() }

func (r *row) name() string { return r.text(r.skill.Name) }

func (r *row) levelName(n int) string {
	if n < 1 || n > len(r.m.Framework.Levels) {
		return ""
	}
	return r.text(r.m.Framework.Levels[n-1].Name)
}

// level names the level, or says that nothing is known.
func (r *row) level() string {
	if r.Basis == check.Nothing {
		return r.say("outcome.nothing")
	}
	return r.levelName(r.Level)
}

// segment is a part of the bar: one level.
type segment struct {
	class    string
	required bool
}

// segments are the levels, each as dark as it is likely. A level that rests on statements alone is hatched.
func (r *row) segments() []segment {
	out := make([]segment, len(r.m.Framework.Levels))
	for i := range out {
		share := 0
		switch {
		case r.Basis == check.ByTest:
			share = int(r.Probabilities[i]*10 + 0.5)
		case r.Basis == check.BySelf && i+1 == r.Level:
			share = 10
		}
		out[i] = segment{"seg s" + strconv.Itoa(share), i+1 == r.need.Level}
		if r.Basis == check.BySelf {
			out[i].class += " by-self"
		}
	}
	return out
}

// sure says how sure the level is.
func (r *row) sure() string {
	low, high := r.levelName(r.Low), r.levelName(r.High)
	switch {
	case r.Basis == check.Nothing:
		return ""
	case r.Basis == check.BySelf:
		return r.say("outcome.by-self")
	case r.Sure >= check.Likely:
		return r.say("outcome.sure")
	case r.Sure >= 0.6:
		return r.with("outcome.likely", "low", low, "high", high)
	default:
		return r.with("outcome.first", "low", low, "high", high)
	}
}

// sureShort is sure in two words, for a table.
func (r *row) sureShort() string {
	switch {
	case r.Basis == check.Nothing:
		return ""
	case r.Basis == check.BySelf:
		return r.say("outcome.short-self")
	case r.Sure >= check.Likely:
		return r.say("outcome.short-sure")
	case r.Sure >= 0.6:
		return r.say("outcome.short-likely")
	default:
		return r.say("outcome.short-first")
	}
}

// meaning says what the level means.
func (r *row) meaning() string {
	l := r.skill.Level(r.Level)
	if l == nil {
		return r.text(r.skill.Summary)
	}
	return r.text(l.Meaning)
}

// required says what the function asks, beside the level; "" where nothing is asked.
func (r *row) required() string {
	want := r.levelName(r.need.Level)
	switch {
	case want == "":
		return ""
	case r.Basis == check.Nothing:
		return r.with("need.only", "level", want)
	case r.need.Level <= r.Level && r.Basis == check.BySelf:
		return r.with("need.met-self", "level", want)
	case r.need.Level <= r.Level:
		return r.with("need.met", "level", want)
	case r.Basis == check.ByTest && r.need.Level <= r.High:
		return r.with("need.maybe", "level", want)
	default:
		return r.with("need.below", "level", want, "steps", r.n("need.steps", r.need.Level-r.Level))
	}
}

// reasons says why the function asks it.
func (r *row) reasons() []string {
	var out []string
	for _, t := range r.need.Reasons[:min(3, len(r.need.Reasons))] {
		out = append(out, r.text(t))
	}
	return out
}

// self says how somebody sees oneself beside what the test shows; "" where that is not clear.
func (r *row) self() string {
	switch r.Verdict {
	case irt.Higher:
		return r.say("self.higher")
	case irt.Lower:
		return r.say("self.lower")
	case irt.Close:
		return r.say("self.close")
	case irt.Silent, irt.Unclear:
	}
	return ""
}

// selfLevel is the level at which somebody sees oneself, for the table.
func (r *row) selfLevel() string {
	if r.SelfLevel == 0 {
		return "–"
	}
	return r.levelName(r.SelfLevel)
}

// table is the picture as a table.
func (x *picture) table() ui.Table {
	t := ui.Table{Caption: x.w.say("table.caption"), Columns: []ui.Column{{Label: x.w.say("table.skill")}, {Label: x.w.say("table.level")}, {Label: x.w.say("table.sure")},
		{Label: x.w.say("table.self")}}}
	if x.decide {
		t.Columns = append(t.Columns, ui.Column{Label: x.w.say("table.required")})
	}
	for i := range x.rows {
		r := &x.rows[i]
		texts := []string{r.name(), r.level(), or(r.sureShort(), "–"), r.selfLevel()}
		if x.decide {
			texts = append(texts, or(r.levelName(r.need.Level), "–"))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(texts...)})
	}
	return t
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
