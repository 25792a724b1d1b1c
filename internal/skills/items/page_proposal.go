package items

import (
	"net/http"

	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/items/tune"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// proposalView is a calibration: what it rests on and what it would change.
type proposalView struct {
	words
	s       *Service
	c       *Calibration
	form    *ui.FormState
	writes  bool
	current int64 // the version in use
	names   map[string]string
	texts   map[string]string // short texts of items
}

func (s *Service) proposal(w http.ResponseWriter, r *web.Request) error {
	return s.proposalPage(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) proposalPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	c, err := s.Calibration(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := proposalView{words: wordsOf(r), s: s, c: &c, form: form, writes: r.Can(writes), names: map[string]string{}, texts: map[string]string{}}
	if v.current, err = numberOf(r.Context(), s.reader(r)); err != nil {
		return err
	}
	for i := range s.Material.Items {
		it := &s.Material.Items[i]
		v.names[it.Skill] = v.skill(s.Material.Framework, it.Skill)
		v.texts[it.ID] = v.short(it.Office.Stem)
	}
	p := below(r, v.with("proposal.title", "day", v.Date(v.local(c.At))), v.link("calibration.title", calibrateAt))
	p.Lead, p.Status, p.Invalid = v.lead(), status, !form.OK()
	p.Actions = []ui.Action{{Label: v.say("export.csv"), Href: csvAt + "?calibration=" + c.ID, Kind: ui.Quiet, Download: true}, {Label: v.say("export.json"), Href: jsonAt + "?calibration=" + c.ID, Kind: ui.Quiet, Download: true}}
	return r.Show(w, p, proposalPage(v))
}

func (v *proposalView) lead() string {
	n := v.c.Result.Count(tune.Calibrated)
	if n == 0 {
		return v.with("proposal.none", "all", v.Int(len(v.c.Result.Items)), "least", v.Int(tune.LeastAnswers))
	}
	return v.N("proposal.lead", n, i18n.Args{"n": v.Int(n), "all": v.Int(len(v.c.Result.Items))})
}

// mayAdopt tells whether the calibration can be taken in use.
func (v *proposalView) mayAdopt() bool {
	return v.writes && v.c.Adopted == 0 && v.c.Base == v.current && v.c.Result.Count(tune.Calibrated) > 0
}

// notes are what one must know before deciding.
func (v *proposalView) notes() []ui.Notice {
	var out []ui.Notice
	add := func(tone ui.Tone, text string) { out = append(out, ui.Notice{Tone: tone, Text: text}) }
	switch {
	case v.c.Adopted > 0:
		add(ui.Success, v.with("note.adopted", "n", itoa(v.c.Adopted)))
	case v.c.Base != v.current:
		add(ui.Warning, v.say("note.outdated"))
	}
	if v.c.Synthetic {
		add(ui.Warning, v.say("note.synthetic"))
	}
	for i := range v.c.Result.Sources {
		x := &v.c.Result.Sources[i]
		switch {
		case x.Kind == tune.Gifts && !x.Used:
			add(ui.Warning, v.say("note.gifts-left-out"))
		case x.Kind == tune.Gifts && x.Weight < 1:
			add(ui.Info, v.with("note.gifts-weigh", "share", v.Percent(x.Weight)))
		}
	}
	if n := v.c.Result.Count(tune.Contradicts); n > 0 {
		add(ui.Warning, v.n("note.contradict", n))
	}
	return out
}

// sources is what each source brought.
func (v *proposalView) sources() ui.Table {
	t := ui.Table{Caption: v.say("sources.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.source")}, {Label: v.say("what.people"), Numeric: true}, {Label: v.say("what.answers"), Numeric: true},
		{Label: v.say("what.agree"), Numeric: true}, {Label: v.say("what.infit"), Numeric: true}, {Label: v.say("what.outfit"), Numeric: true}, {Label: v.say("what.counts")}}}
	for i := range v.c.Result.Sources {
		x := &v.c.Result.Sources[i]
		title := x.Title
		if x.Kind == tune.Gifts {
			title = v.say("sources.gifts")
		}
		counts := v.say("yes")
		switch {
		case !x.Used:
			counts = v.say("no")
		case x.Weight < 1:
			counts = v.with("partly", "share", v.Percent(x.Weight))
		}
		agree := ui.Cell{Text: v.Decimal(x.Consistency, 2)}
		if !x.Told {
			agree = ui.Cell{Text: v.say("too-few"), Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: title}, {Text: v.few(x.People)}, {Text: v.few(x.Answers)}, agree, {Text: v.Decimal(x.Infit, 2)}, {Text: v.Decimal(x.Outfit, 2)}, {Text: counts}}})
	}
	return t
}

// shifts is what changes for the levels of people, by skill; nothing for a skill of which no item is calibrated.
func (v *proposalView) shifts() ui.Table {
	t := ui.Table{Caption: v.say("shift.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.skill")}, {Label: v.say("what.calibrated"), Numeric: true}, {Label: v.say("shift.up"), Numeric: true}, {Label: v.say("shift.same"), Numeric: true}, {Label: v.say("shift.down"), Numeric: true}}}
	for i := range v.c.Result.Skills {
		x := &v.c.Result.Skills[i]
		if x.Shift == nil {
			continue
		}
		up, down := x.Up(), x.Down()
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.names[x.ID], v.Int(x.Calibrated), v.Percent(up), v.Percent(1-up-down), v.Percent(down))})
	}
	return t
}

// items is what the answers say of items, of one verdict.
func (v *proposalView) items(verdict tune.Verdict) ui.Table {
	t := ui.Table{Caption: v.say("verdict." + string(verdict)), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.item"), Long: true}, {Label: v.say("what.answers"), Numeric: true}, {Label: v.say("what.difficulty"), Long: true},
		{Label: v.say("what.slope"), Long: true}, {Label: v.say("what.notable"), Long: true}}}
	for i := range v.c.Result.Items {
		x := &v.c.Result.Items[i]
		if x.Verdict != verdict {
			continue
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.texts[x.ID], Href: questionsAt + x.ID}, {Text: v.Int(x.N)},
			{Content: beside(v.words, v.thresholds(x.Was.B, nil, false), v.thresholds(x.New.B, x.SE, true))}, v.slopes(x), v.notable(x)}})
	}
	return t
}

// slopes are the slope in use and the calibrated one.
func (v *proposalView) slopes(x *tune.ItemResult) ui.Cell {
	if x.SlopeSE == 0 && x.New.A == x.Was.A {
		return ui.Cell{Text: v.with("slope.kept", "x", v.Decimal(x.Was.A, 2))}
	}
	return ui.Cell{Content: beside(v.words, v.Decimal(x.Was.A, 2), v.estimate(x.New.A, x.SlopeSE, true))}
}

// notable is what stands out of an item.
func (v *proposalView) notable(x *tune.ItemResult) ui.Cell {
	var out []string
	if x.Verdict == tune.Contradicts {
		out = append(out, v.with("moved", "x", v.Decimal(x.Moved, 1)))
	}
	if key := fitKey(x); key == "fit.bad" || key == "fit.curve" {
		out = append(out, v.fit(x))
	}
	if x.DIF != nil && x.DIF.Matters {
		out = append(out, v.dif(x.DIF))
	}
	if len(out) == 0 {
		return ui.Cell{Text: "–", Quiet: true}
	}
	return ui.Cell{Text: v.Opening(v.Series(out))}
}

func (v *proposalView) note() ui.Field {
	return ui.Field{Name: "note", Label: v.say("adopt.note"), Hint: v.say("adopt.note-hint"), Optional: true, MaxLength: mostNote}
}

func (s *Service) adopt(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	calibration, note := r.PathValue("id"), form.Get("note")
	if _, err := s.Adopt(r.Context(), r.Actor, calibration, note, r.Asked(form, []string{calibration, note})); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.proposalPage(w, r, status, state) })
	}
	return r.Redirect(w, versionsAt, notice(r, "adopted"))
}
