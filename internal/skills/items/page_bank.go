package items

import (
	"errors"
	"net/http"

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
