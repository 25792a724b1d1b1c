package compose

import (
	"math"
	"slices"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

// words writes in one language.
type words struct {
	*i18n.Printer
	lang instrument.Lang
}

func in(lang instrument.Lang) words { return words{locale().Printer(lang), lang} }

func (w words) say(key string) string { return w.T(key, nil) }

// language names a language.
func (w words) language(l instrument.Lang) string { return w.say("language." + string(l)) }

// onwardKind is what the way to the next step is: what to do now, unless something is still to be mended here.
func (v *overview) onwardKind() ui.Kind {
	if len(v.set.Issues) > 0 {
		return ui.Quiet
	}
	return ui.Next
}

// advisedMinutes is how long the longest route should take at most.
const advisedMinutes = 8.0

// overview is what the questions of a wave are.
type overview struct {
	set     *Set
	w       words
	at      string              // address of the overview
	changes bool                // the reader may change it
	routing *instrument.Routing // nil where conditions do not hold together
	whole   *instrument.Routing // of the base
}

func newOverview(set *Set, lang instrument.Lang, changes bool) *overview {
	v := &overview{set: set, w: in(lang), at: pageOf(set.Wave.ID), changes: changes}
	if r, err := instrument.CompileRouting(set.Instrument); err == nil {
		v.routing = r
	}
	if r, err := instrument.CompileRouting(set.Base); err == nil {
		v.whole = r
	}
	return v
}

func (v *overview) lead() string {
	title := v.set.Base.Title.In(v.w.lang)
	if v.set.Locked() {
		return v.w.T("overview.lead-locked", i18n.Args{"base": title, "version": v.set.Instrument.Version})
	}
	return v.w.T("overview.lead", i18n.Args{"base": title})
}

// minute is how long the questionnaire takes in a language.
type minute struct {
	language, text string
	long           bool
}

// minutes says how long it takes in each language of the wave.
func (v *overview) minutes() []minute {
	var out []minute
	for _, l := range v.set.Given.Languages {
		if v.routing == nil {
			break
		}
		d := v.routing.Minutes(l)
		out = append(out, minute{v.w.language(l), v.w.T("overview.range", i18n.Args{"shortest": v.w.Decimal(d.Shortest, 1), "longest": v.w.Decimal(d.Longest, 1)}), math.Round(d.Longest*10)/10 > advisedMinutes})
	}
	return out
}

func (v *overview) tooLong() bool {
	return slices.ContainsFunc(v.minutes(), func(m minute) bool { return m.long })
}

// parts are the modules as options.
func (v *overview) parts() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "module", Label: v.w.say("overview.parts"), HideLabel: true, Disabled: !v.changes}}
	for i := range v.set.Base.Modules {
		m := &v.set.Base.Modules[i]
		if m.Extra {
			continue
		}
		hint := []string{m.Description.In(v.w.lang)}
		if t := v.partMinutes(m); t > 0 {
			hint = append(hint, v.w.T("overview.part-minutes", i18n.Args{"minutes": v.w.Decimal(t, 1)}))
		}
		if m.Required {
			hint = append(hint, v.w.say("overview.required"))
		} else if lost := v.lost(m); len(lost) > 0 {
			hint = append(hint, v.w.T("overview.without", i18n.Args{"list": strings.Join(lost, " ")}))
		}
		c.Options = append(c.Options, ui.Option{Value: m.ID, Label: m.Label.In(v.w.lang), Hint: strings.TrimSpace(strings.Join(hint, " ")), Disabled: m.Required})
		if m.Required || !slices.Contains(v.set.Recipe.Off, m.ID) {
			c.Chosen = append(c.Chosen, m.ID)
		}
	}
	return c
}

// extra are the modules that are asked only when chosen, as options; none when the base has none.
func (v *overview) extra() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "extra", Label: v.w.say("overview.extra"), HideLabel: true, Disabled: !v.changes}}
	for i := range v.set.Base.Modules {
		m := &v.set.Base.Modules[i]
		if !m.Extra {
			continue
		}
		hint := m.Description.In(v.w.lang)
		if t := v.partMinutes(m); t > 0 {
			hint = strings.TrimSpace(hint + " " + v.w.T("overview.adds", i18n.Args{"minutes": v.w.Decimal(t, 1)}))
		}
		c.Options = append(c.Options, ui.Option{Value: m.ID, Label: m.Label.In(v.w.lang), Hint: hint})
		if slices.Contains(v.set.Recipe.On, m.ID) {
			c.Chosen = append(c.Chosen, m.ID)
		}
	}
	return c
}

// partMinutes is the longest that a module of the base takes, in the first language of the wave, whether it is on or off.
func (v *overview) partMinutes(m *instrument.Module) float64 {
	if v.whole == nil {
		return 0
	}
	return v.whole.PartMinutes(v.set.Given.Languages[0], func(it *instrument.Item) bool { return slices.Contains(m.Items, it.ID) }).Longest
}

// mostLosses bounds how much the loss of a part is told of.
const mostLosses = 5

// lost says what the report cannot tell without a module.
func (v *overview) lost(m *instrument.Module) []string {
	with, without := v.set.Recipe, v.set.Recipe
	with.Off = slices.DeleteFunc(slices.Clone(with.Off), func(id string) bool { return id == m.ID })
	without.Off = append(slices.Clone(with.Off), m.ID)
	before, after := NewDraft(v.set.Base, &with, v.set.Given), NewDraft(v.set.Base, &without, v.set.Given)
	var out []string
	list := after.losses.since(&before.losses)
	for i, l := range list {
		if i == mostLosses {
			out = append(out, v.w.T("loss.more", i18n.Args{"n": itoa(len(list) - i)}))
			break
		}
		out = append(out, l.in(v.w))
	}
	return out
}

// background are the questions about background, as options; none when there are none.
func (v *overview) background() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "background", Label: v.w.say("overview.background"), Hint: v.w.say("overview.background-hint"), Disabled: !v.changes}}
	for i := range v.set.Base.Items {
		it := &v.set.Base.Items[i]
		if !Skippable(it) {
			continue
		}
		c.Options = append(c.Options, ui.Option{Value: it.ID, Label: it.Name().In(v.w.lang)})
		if !slices.Contains(v.set.Recipe.Skip, it.ID) {
			c.Chosen = append(c.Chosen, it.ID)
		}
	}
	return c
}

// lists are the categories that are asked, with what one can choose from.
func (v *overview) lists() []ui.Fact {
	var out []ui.Fact
	for i := range v.set.Base.Items {
		it := &v.set.Base.Items[i]
		if it.Kind != instrument.Category || v.set.gone[it.ID] {
			continue
		}
		n := 0
		if asked := v.set.Instrument.Item(it.ID); asked != nil {
			n = len(asked.Options)
		}
		f := ui.Fact{Term: it.Name().In(v.w.lang), Text: v.w.T("levels.count", i18n.Args{"n": itoa(n)})}
		if n == 0 {
			f.Text = v.w.say("levels.none")
		}
		if v.changes {
			f.Actions = []ui.Action{{Label: v.w.say("levels.choose"), Href: v.at + "/levels/" + it.ID, Kind: ui.Plain}}
		}
		out = append(out, f)
	}
	return out
}

// rewordable are the items of the base whose words may change.
func (v *overview) rewordable() []ui.Fact {
	var out []ui.Fact
	for i := range v.set.Base.Items {
		it := &v.set.Base.Items[i]
		if !Rewordable(it) || v.set.gone[it.ID] {
			continue
		}
		f := ui.Fact{Term: it.Name().In(v.w.lang), Text: v.w.say("texts.as-base")}
		if len(changedTexts(v.set, it.ID)) > 0 {
			f.Text = v.w.say("texts.own")
		}
		if v.changes {
			f.Actions = []ui.Action{{Label: v.w.say("texts.change"), Href: v.at + "/texts/" + it.ID, Kind: ui.Plain}}
		}
		out = append(out, f)
	}
	return out
}

// place says where an own question stands.
func (v *overview) place(o *Own) string { return placeOf(v.set, o.After, v.w) }

func placeOf(set *Set, after string, w words) string {
	if after == Start {
		return w.say("own.at-start")
	}
	if it := set.Base.Item(after); it != nil {
		return w.T("own.after-item", i18n.Args{"item": it.Name().In(w.lang)})
	}
	return w.say("own.at-end")
}

// who says who is asked an own question.
func (v *overview) who(o *Own) string { return whoOf(v.set, o, v.w) }

func whoOf(set *Set, o *Own, w words) string {
	if o.Condition == nil {
		return w.say("condition.everyone")
	}
	on, ok := choosable(set.Instrument.Items, o.Condition.Item)
	if !ok {
		return w.say("condition.broken")
	}
	var labels []string
	for i := range on.Item.Options {
		if slices.Contains(o.Condition.Options, on.Item.Options[i].ID) {
			labels = append(labels, w.Quote(on.Item.Options[i].Label.In(w.lang)))
		}
	}
	key := "condition.said"
	if o.Condition.Not {
		key = "condition.said-not"
	}
	name := on.Name()
	if on.Item.Kind == instrument.Multiple {
		name = on.Item.Name()
	}
	return w.T(key, i18n.Args{"question": name.In(w.lang), "options": strings.Join(labels, ", ")})
}

// hints is the advice on an own question, in words.
func (v *overview) hints(o *Own) []string { return hintsOf(v.set, o, v.w) }

func hintsOf(set *Set, o *Own, w words) []string {
	var out []string
	for _, h := range o.Hints(set.Given.Languages) {
		out = append(out, w.say("hint."+string(h)))
	}
	return out
}

// button is a form of one button in the list of own questions.
func (v *overview) button(o *Own, do string) ui.FormSpec {
	return ui.FormSpec{State: &ui.FormState{}, Action: v.at + "/own/" + o.ID + "/" + do, Hidden: version(v.set)}
}

// move is the form with which a question goes up or down.
func (v *overview) move(o *Own, to string) ui.FormSpec {
	f := v.button(o, "move")
	f.Hidden = append(f.Hidden, ui.NameValue{Name: "to", Value: to})
	return f
}

// issueLink is where an issue can be mended.
func (v *overview) issueLink(i Issue) string {
	switch {
	case i.Key == "words-missing":
		return v.at + "/translations"
	case v.set.Recipe.own(i.Item) >= 0 && strings.HasPrefix(i.Key, "condition"):
		return v.at + "/own/" + i.Item + "/condition"
	case v.set.Recipe.own(i.Item) >= 0:
		return v.at + "/own/" + i.Item
	case strings.HasPrefix(i.Key, "levels"):
		return v.at + "/levels/" + i.Item
	case i.Item != "":
		return v.at + "/texts/" + i.Item
	default:
		return v.at + "/base"
	}
}
