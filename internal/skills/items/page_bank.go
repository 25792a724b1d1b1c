package items

import (
	"errors"
	"net/http"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/items/tune"
	"tekentafel/internal/stats/irt"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

func missing(err error) bool { return errors.Is(err, db.ErrNoRow) }

// bankView is the items of one skill.
type bankView struct {
	words
	tabs       []ui.Link
	skills     []ui.Link
	skill      *framework.Skill
	table      ui.Table
	calibrated int // of all items
	all        int
	version    *Version
	writes     bool
}

func (s *Service) bank(w http.ResponseWriter, r *web.Request) error {
	u, err := s.usedBy(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	counts, err := s.counted(r)
	if err != nil {
		return err
	}
	f := u.material.Framework
	v := bankView{words: wordsOf(r), calibrated: u.material.Calibrated(), all: len(u.material.Items), version: u.version, writes: r.Can(writes)}
	v.tabs = v.words.tabs(home)
	v.skill = f.Skill(r.URL.Query().Get("skill"))
	if v.skill == nil {
		v.skill = &f.Skills[0]
	}
	for i := range f.Skills {
		x := &f.Skills[i]
		v.skills = append(v.skills, ui.Link{Label: v.of(x.Name), Href: home + "?skill=" + x.ID, Current: x == v.skill})
	}
	v.table = ui.Table{Caption: v.with("bank.caption", "skill", v.of(v.skill.Name)), Columns: []ui.Column{{Label: v.say("what.item"), Long: true}, {Label: v.say("what.area")},
		{Label: v.say("what.difficulty")}, {Label: v.say("what.slope"), Numeric: true}, {Label: v.say("what.basis")}, {Label: v.say("what.asked"), Numeric: true}}}
	for i := range u.material.Items {
		it := &u.material.Items[i]
		if it.Skill != v.skill.ID {
			continue
		}
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []ui.Cell{{Text: v.short(it.Office.Stem), Href: questionsAt + it.ID}, {Text: v.area(f, it.Skill, it.Area)}, {Text: v.difficulty(itemOf(it))},
			{Text: v.Decimal(it.Parameters.A, 1)}, {Text: v.basis(u.version, it)}, v.times(counts, it.ID)}})
	}
	p := page(r, v.say("title"))
	p.Lead = v.say("bank.lead")
	if v.writes && v.calibrated == 0 {
		p.Actions = []ui.Action{{Label: v.say("bank.to-calibration"), Href: calibrateAt, Kind: ui.Quiet}}
	}
	return r.Show(w, p, bankPage(v))
}

// counted says how often each item was asked, as the newest calibration counted it; nil before the first.
func (s *Service) counted(r *web.Request) (map[string]*tune.ItemResult, error) {
	list, err := calibrations(r.Context(), s.reader(r), 1)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out := map[string]*tune.ItemResult{}
	for i := range list[0].Result.Items {
		out[list[0].Result.Items[i].ID] = &list[0].Result.Items[i]
	}
	return out, nil
}

// fewest is the smallest number of answers that is told as a number.
const fewest = 10

func (w words) times(counts map[string]*tune.ItemResult, item string) ui.Cell {
	x := counts[item]
	if x == nil {
		return ui.Cell{Text: "–", Quiet: true}
	}
	return ui.Cell{Text: w.few(x.N)}
}

func (w words) few(n int) string {
	if n < fewest {
		return w.n("few", fewest)
	}
	return w.Int(n)
}

// middle is the mean of the thresholds: where on the scale an item lies.
func middle(it irt.Item) float64 {
	sum := 0.0
	for _, b := range it.B {
		sum += b
	}
	return sum / float64(max(1, len(it.B)))
}

// Items below and above these are called easy and difficult: the middle third of the reference population lies between.
const (
	easyBelow     = -0.43
	difficultFrom = 0.43
)

// difficulty says in a word how difficult an item is, with the number.
func (w words) difficulty(it irt.Item) string {
	key, m := "difficulty.middle", middle(it)
	switch {
	case m < easyBelow:
		key = "difficulty.easy"
	case m >= difficultFrom:
		key = "difficulty.hard"
	}
	return w.with(key, "x", w.Decimal(m, 1))
}

// basis says what the parameters of an item rest on.
func (w words) basis(v *Version, it *check.Item) string {
	p, known := v.Parameters[it.ID]
	if !known || p.Mark != it.Mark() {
		return w.say("basis.guess")
	}
	return w.N("basis.answers", p.N, i18n.Args{"n": w.Int(p.N)})
}

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
