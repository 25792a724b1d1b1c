// Package wording says in words what stands in actions: figures with their interval, for whom, in which state, and whether a figure moved.
// The strategy and the evidence say it alike.
package wording

import (
	"embed"
	"math"
	"sync"

	"tekentafel/internal/action"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Words write in one language.
type Words struct {
	*i18n.Printer
	lang instrument.Lang
}

// In returns the words of a language.
func In(lang instrument.Lang) Words { return Words{locale().Printer(lang), lang} }

// Value writes a number in a unit: "53 %", "3,4".
func (w Words) Value(u action.Unit, x float64) string {
	if u == action.Share {
		return w.Percent(x)
	}
	return w.Decimal(x, 1)
}

// Interval writes the interval of a figure: "tussen 49 en 57 %"; "" when it has no width to speak of.
func (w Words) Interval(f *action.Figure) string {
	if w.Value(f.Unit, f.Low) == w.Value(f.Unit, f.High) {
		return ""
	}
	if f.Unit == action.Share {
		return w.PercentRange(f.Low, f.High)
	}
	return w.DecimalRange(f.Low, f.High, 1)
}

// Figure writes a figure with its interval: "53 % (tussen 49 en 57 %)", "3,4 op 5 (tussen 3,2 en 3,6)".
func (w Words) Figure(f *action.Figure) string {
	out := w.Value(f.Unit, f.Value)
	if f.Unit == action.Scale && f.To > 0 {
		out = w.T("figure.scale", i18n.Args{"value": out, "to": w.Decimal(f.To, 0)})
	}
	if span := w.Interval(f); span != "" {
		out += " (" + span + ")"
	}
	return out
}

// What names a figure, with its group where it has one.
func (w Words) What(f *action.Figure) string {
	if f.Key.Everyone() || f.Group.In(w.lang) == "" {
		return f.What.In(w.lang)
	}
	return w.T("figure.group", i18n.Args{"what": f.What.In(w.lang), "group": f.Group.In(w.lang)})
}

// Target says for whom an action is.
func (w Words) Target(t action.Target) string {
	if name := t.Name.In(w.lang); name != "" && t.Kind.Named() {
		return name
	}
	return w.T("audience.for-"+string(t.Kind), nil)
}

// State names a state.
func (w Words) State(s action.State) string { return w.T("state."+string(s), nil) }

// Owner says who answers for an action: the role, or the name where no role is given.
func (w Words) Owner(o action.Owner, name string) string {
	switch {
	case o.Role != "":
		return o.Role
	case name != "":
		return name
	default:
		return w.T("owner.none", nil)
	}
}

// Day writes a day; "" for none.
func (w Words) Day(d action.Day) string {
	if d == "" {
		return ""
	}
	return w.Date(d.Time())
}

// Goal says where a figure should go.
func (w Words) Goal(m *action.Measure) string {
	if m.Goal == nil {
		return w.T("goal."+string(m.Direction), nil)
	}
	return w.T("goal."+string(m.Direction)+"-to", i18n.Args{"goal": w.Value(m.Figure.Unit, *m.Goal)})
}

// difference writes a change: "+4 procentpunten", "-0,3".
func (w Words) difference(u action.Unit, x float64) string {
	sign := "+"
	if x < 0 {
		sign = "−"
	}
	if u == action.Share {
		return sign + w.N("points", int(math.Round(100*math.Abs(x))), i18n.Args{"n": w.Decimal(100*math.Abs(x), 0)})
	}
	return sign + w.Decimal(math.Abs(x), 1)
}

// Effect says whether the figure of an action moved. It never says that the action did it.
func (w Words) Effect(e *action.Effect) string {
	switch e.Verdict {
	case action.Shifted, action.NotShown:
		a := i18n.Args{"before": w.Value(e.Before.Unit, e.Before.Value), "now": w.Value(e.Now.Unit, e.Now.Value), "diff": w.difference(e.Before.Unit, e.Change.Value),
			"low": w.difference(e.Before.Unit, e.Change.Low), "high": w.difference(e.Before.Unit, e.Change.High), "wave": e.Report.Wave}
		out := w.T("effect."+string(e.Verdict), a)
		if e.Verdict == action.Shifted && !e.Wanted {
			out += " " + w.T("effect.other-way", nil)
		}
		if e.Goal != action.NoGoal {
			out += " " + w.T("effect.goal-"+string(e.Goal), nil)
		}
		if e.Picked {
			out += " " + w.T("effect.picked", nil)
		}
		return out
	case action.CannotSay:
		return w.T("effect."+string(e.Because), nil)
	case action.Waiting:
	}
	return w.T("effect.waiting", nil)
}
