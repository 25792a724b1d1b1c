package needs

import (
	"io"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/book"
	"tekentafel/internal/skills/needs/demand"
)

func in(l instrument.Lang) framework.Lang { return framework.Lang(l) }

// export writes what functions ask as a workbook in a language: levels, answers to rules, and an explanation.
func export(w io.Writer, m *demand.Map, lang instrument.Lang, synthetic bool) error {
	p := locale().Printer(lang)
	say := func(key string) string { return p.T(key, nil) }
	first := say("book.code")
	if synthetic {
		first = say("book.code") + " (" + say("book.synthetic") + ")"
	}
	levels := book.Sheet{Name: say("book.needs"), Frozen: 2, Widths: []float64{12, 36, 26, 9}, Head: []string{first, say("book.function"), say("book.family"), say("book.people")}}
	rules := book.Sheet{Name: say("book.rules"), Frozen: 2, Widths: []float64{12, 36, 26}, Head: []string{say("book.code"), say("book.function"), say("book.family")}}
	f := m.Framework
	for i := range f.Skills {
		levels.Head, levels.Widths = append(levels.Head, f.Skills[i].Name.In(in(lang))), append(levels.Widths, 16)
	}
	levels.Head, levels.Widths = append(levels.Head, say("book.seen"), say("book.reason")), append(levels.Widths, 18, 40)
	for i := range f.Rules {
		rules.Head, rules.Widths = append(rules.Head, f.Rules[i].Name.In(in(lang))), append(rules.Widths, 18)
	}
	for i := range m.Families {
		fam := &m.Families[i]
		if fam.Name != "" {
			row := []any{"", "", fam.Name, fam.People}
			for j := range f.Skills {
				set := m.State.Of(demand.Key{Kind: demand.Level, Where: framework.Where{Family: fam.Name}, Item: f.Skills[j].ID})
				row = append(row, number(set.Value.Value))
			}
			levels.Rows = append(levels.Rows, append(row, "", ""))
			rules.Rows = append(rules.Rows, append([]any{"", "", fam.Name}, answerCells(p, m.FamilyAnswers(fam.Name))...))
		}
		for _, at := range fam.Rows {
			r := &m.Rows[at]
			row := []any{r.Code, r.Name, r.Family, r.People}
			for j := range r.Needs {
				row = append(row, r.Needs[j].Level)
			}
			seen := say("book.seen-no")
			if r.Seen() {
				seen = say("book.seen-yes")
			}
			levels.Rows = append(levels.Rows, append(row, seen, reasonShown(r)))
			rules.Rows = append(rules.Rows, append([]any{r.Code, r.Name, r.Family}, answerCells(p, m.Answers(r.ID))...))
		}
	}
	return book.Write(w, []book.Sheet{levels, rules, explanation(p, f)})
}

// reasonShown is the reason that stands beside a function: of the first level that was set for it.
func reasonShown(r *demand.Row) string {
	for i := range r.Needs {
		if o := r.Needs[i].Override; o != nil && o.Where == (framework.Where{Function: r.ID}) {
			return r.Needs[i].Reason
		}
	}
	return ""
}

// number is a cell with a level, empty for none.
func number(level string) any {
	if len(level) != 1 {
		return ""
	}
	return int(level[0] - '0')
}

func answerCells(p *i18n.Printer, list []demand.Answered) []any {
	out := make([]any, len(list))
	for i := range list {
		text := p.T("book."+list[i].Verdict, nil)
		switch list[i].Source {
		case demand.Own:
		case demand.OfFamily:
			text += " (" + p.T("book.inherited", nil) + ")"
		case demand.TitleWord, demand.FamilyWord, demand.OfWork, demand.Nothing:
			text += " (" + p.T("book.proposed", nil) + ")"
		}
		out[i] = text
	}
	return out
}

// explanation is the sheet that says how to use the others.
func explanation(p *i18n.Printer, f *framework.Framework) book.Sheet {
	lang := in(p.Lang)
	s := book.Sheet{Name: p.T("book.help", nil), Widths: []float64{34, 90}}
	line := func(a, b string) { s.Rows = append(s.Rows, []any{a, b}) }
	for _, key := range []string{"change", "same", "family", "empty", "reason", "rules", "columns", "back"} {
		line(p.T("book.help-"+key, nil), p.T("book.help-"+key+"-text", nil))
	}
	line("", "")
	for i := range f.Levels {
		line(itoa(i+1)+" "+f.Levels[i].Name.In(lang), f.Levels[i].Description.In(lang))
	}
	line("", "")
	for i := range f.Skills {
		line(f.Skills[i].Name.In(lang), f.Skills[i].Summary.In(lang))
	}
	line("", "")
	for i := range f.Rules {
		line(f.Rules[i].Name.In(lang), f.Rules[i].Question.In(lang))
	}
	return s
}

// bookWords says what headings mean, in every language, for a framework.
func bookWords(f *framework.Framework) book.Words {
	w := book.Words{Columns: map[string]string{}, Passed: map[string]bool{}}
	for _, lang := range instrument.Languages() {
		p := locale().Printer(lang)
		for key, column := range map[string]string{"code": book.CodeColumn, "function": book.FunctionColumn, "family": book.FamilyColumn, "reason": book.ReasonColumn,
			"people": book.Passed, "seen": book.Passed} {
			w.Columns[book.Fold(p.T("book."+key, nil))] = column
		}
		w.Columns[book.Fold(p.T("book.code", nil)+" ("+p.T("book.synthetic", nil)+")")] = book.CodeColumn
		w.Passed[book.Fold(p.T("book.help", nil))] = true
		for i := range f.Skills {
			w.Columns[book.Fold(f.Skills[i].Name.In(in(lang)))] = book.SkillColumn + f.Skills[i].ID
		}
		for i := range f.Rules {
			w.Columns[book.Fold(f.Rules[i].Name.In(in(lang)))] = book.RuleColumn + f.Rules[i].ID
		}
	}
	return w
}

// said is what a cell about a rule says.
type said struct {
	verdict   string
	proposed  bool // it is there to read: nobody answered it
	inherited bool // it is there to read: it was answered for the family
}

// answerWords says what cells about rules mean, in every language.
func answerWords() map[string]said {
	out := map[string]said{}
	for _, lang := range instrument.Languages() {
		p := locale().Printer(lang)
		for _, v := range []string{demand.Yes, demand.No, demand.Unknown} {
			text := p.T("book."+v, nil)
			out[book.Fold(text)] = said{verdict: v}
			out[book.Fold(text+" ("+p.T("book.proposed", nil)+")")] = said{verdict: v, proposed: true}
			out[book.Fold(text+" ("+p.T("book.inherited", nil)+")")] = said{verdict: v, inherited: true}
		}
	}
	return out
}
