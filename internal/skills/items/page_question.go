package items

import (
	"net/http"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/items/tune"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// questionView is one item.
type questionView struct {
	words
	it       *check.Item
	f        *framework.Framework
	facts    []ui.Fact
	chances  ui.Table
	history  ui.Table
	versions []versionView
	notes    []ui.Notice
}

// versionView is an item as people see it.
type versionView struct {
	id, title, stem, rationale string
	options                    []optionView
}

type optionView struct{ text, credit string }

func (s *Service) question(w http.ResponseWriter, r *web.Request) error {
	u, err := s.usedBy(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	it := u.material.Item(r.PathValue("id"))
	if it == nil {
		return db.ErrNoRow
	}
	counts, err := s.counted(r)
	if err != nil {
		return err
	}
	list, err := versions(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	v := questionView{words: wordsOf(r), it: it, f: u.material.Framework}
	v.fill(u.version, counts[it.ID])
	if err := v.past(s.Material.Item(it.ID), historyOf(list, it.ID), s.who(r)); err != nil {
		return err
	}
	p := below(r, v.with("question.title", "id", it.ID), ui.Link{Label: v.skill(v.f, it.Skill), Href: home + "?skill=" + it.Skill})
	p.Lead = v.area(v.f, it.Skill, it.Area)
	return r.Show(w, p, questionPage(v))
}

// fill says what holds for the item.
func (v *questionView) fill(version *Version, x *tune.ItemResult) {
	params, known := version.Parameters[v.it.ID]
	known = known && params.Mark == v.it.Mark()
	now := itemOf(v.it)
	v.facts = []ui.Fact{{Term: v.say("what.basis"), Text: v.basis(version, v.it)}, {Term: v.say("what.difficulty"), Text: v.with("difficulty.bounds", "what", v.difficulty(now), "bounds", v.thresholds(now.B, params.SE, known))},
		{Term: v.say("what.slope"), Text: v.estimate(now.A, params.SlopeSE, known) + ". " + v.say("slope.help")}, {Term: v.say("what.asked"), Text: v.say("times.none")}, {Term: v.say("what.digcomp"), Text: v.it.DigComp}}
	if x != nil {
		v.facts[3].Text = v.with("times.all", "n", v.few(x.N))
		if x.Office+x.Field > 0 {
			v.facts[3].Text = v.with("times.versions", "n", v.few(x.N), "office", v.Int(x.Office), "field", v.Int(x.Field))
		}
		if x.N >= tune.LeastAnswers {
			v.facts = append(v.facts, ui.Fact{Term: v.say("what.fit"), Text: v.fit(x)})
		}
		if x.DIF != nil {
			v.facts = append(v.facts, ui.Fact{Term: v.say("what.versions"), Text: v.dif(x.DIF)})
		}
		if x.Verdict == tune.Contradicts {
			v.notes = append(v.notes, ui.Notice{Tone: ui.Warning, Text: v.say("verdict.contradicts-text")})
		}
	}
	best := len(now.B)
	v.chances = ui.Table{Caption: v.say("chances.caption"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.level")}, {Label: v.say("chances.best"), Numeric: true}}}
	if best > 1 {
		v.chances.Columns = append(v.chances.Columns, ui.Column{Label: v.say("chances.half"), Numeric: true})
	}
	for i, theta := range []float64{-1.5, -0.5, 0.5, 1.5} {
		if i >= len(v.f.Levels) {
			break
		}
		probs := now.Probabilities(nil, theta)
		texts := []string{v.Int(i+1) + " " + v.of(v.f.Levels[i].Name), v.Percent(probs[best])}
		if best > 1 {
			texts = append(texts, v.Percent(probs[1]))
		}
		v.chances.Rows = append(v.chances.Rows, ui.Row{Cells: ui.Texts(texts...)})
	}
	for _, field := range []bool{false, true} {
		x := v.it.In(field)
		one := versionView{id: "office", title: v.say("version.office"), stem: v.of(x.Stem), rationale: v.of(x.Rationale)}
		if field {
			one.id, one.title = "field", v.say("version.field")
		}
		for _, o := range x.Options {
			key := "credit.none"
			switch {
			case o.Credit == best:
				key = "credit.best"
			case o.Credit > 0:
				key = "credit.half"
			}
			one.options = append(one.options, optionView{v.of(o.Text), v.say(key)})
		}
		v.versions = append(v.versions, one)
	}
}

// past is the parameters that the item had.
func (v *questionView) past(guess *check.Item, steps []step, who func(string) (string, error)) error {
	t := ui.Table{Caption: v.say("past.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.version")}, {Label: v.say("what.difficulty")}, {Label: v.say("what.slope")}, {Label: v.say("what.basis")}, {Label: v.say("what.who")}}}
	for i := len(steps) - 1; i >= 0; i-- {
		x := steps[i]
		name, err := who(x.version.Account)
		if err != nil {
			return err
		}
		number := v.with("version.number", "n", itoa(x.version.Number))
		if x.parameter == nil {
			g := itemOf(guess)
			t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(number, v.thresholds(g.B, nil, false), v.Decimal(g.A, 2), v.say("basis.guess"), name)})
			continue
		}
		p := x.parameter
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(number, v.thresholds(p.B, p.SE, true), v.estimate(p.A, p.SlopeSE, true), v.n("basis.answers", p.N), name)})
	}
	g := itemOf(guess)
	t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.say("version.first"), v.thresholds(g.B, nil, false), v.Decimal(g.A, 2), v.say("basis.guess"), "–")})
	v.history = t
	return nil
}

// thresholds writes the thresholds, with their standard errors where these are known.
func (w words) thresholds(b, se []float64, known bool) string {
	var out []string
	for i := range b {
		e := 0.0
		if known && i < len(se) {
			e = se[i]
		}
		out = append(out, w.estimate(b[i], e, known))
	}
	return w.Series(out)
}

// estimate writes a number with its standard error.
func (w words) estimate(x, se float64, known bool) string {
	if !known || se <= 0 {
		return w.Decimal(x, 2)
	}
	return w.with("estimate", "x", w.Decimal(x, 2), "se", w.Decimal(se, 2))
}

// fit says how well the model holds.
func (w words) fit(x *tune.ItemResult) string {
	return w.with(fitKey(x), "infit", w.Decimal(x.Infit, 2), "outfit", w.Decimal(x.Outfit, 2))
}

// fitKey names how well the model holds: answers that are far more, or less, erratic than it expects (Wright & Linacre 1994), or a curve that is surely another one. The
// curve is not judged where the slope stayed as guessed.
func fitKey(x *tune.ItemResult) string {
	switch {
	case x.Infit > 1.2 || x.Outfit > 1.3:
		return "fit.bad"
	case x.SlopeSE > 0 && x.Misfit > 0.1 && x.FitP < 0.01:
		return "fit.curve"
	case x.Infit < 0.8:
		return "fit.tight"
	}
	return "fit.good"
}

// dif says how the two versions differ.
func (w words) dif(d *tune.DIF) string {
	key := "dif.same"
	if d.Matters {
		key = "dif.harder"
		if d.Signed > 0 {
			key = "dif.easier"
		}
	}
	return w.with(key, "size", strconv.Itoa(int(100*d.Size+0.5)))
}
