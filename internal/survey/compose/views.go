package compose

import (
	"maps"
	"slices"
	"strings"

	"tekentafel/instruments"
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

// advisedMinutes is how long the longest route should take at most.
const advisedMinutes = 8.0

// overview is what the questions of a wave are.
type overview struct {
	set     *Set
	w       words
	at      string // address of the overview
	changes bool   // the reader may change it
	routing *instrument.Routing
}

func newOverview(set *Set, lang instrument.Lang, changes bool) *overview {
	v := &overview{set: set, w: in(lang), at: pageOf(set.Wave.ID), changes: changes}
	if r, err := instrument.CompileRouting(set.Instrument); err == nil {
		v.routing = r
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
		out = append(out, minute{v.w.language(l), v.w.T("overview.range", i18n.Args{"shortest": v.w.Decimal(d.Shortest, 1), "longest": v.w.Decimal(d.Longest, 1)}), d.Longest > advisedMinutes})
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

// partMinutes is the longest that a module of the base takes, in the first language of the wave, whether it is on or off.
func (v *overview) partMinutes(m *instrument.Module) float64 {
	r, err := instrument.CompileRouting(v.set.Base)
	if err != nil {
		return 0
	}
	return r.PartMinutes(v.set.Given.Languages[0], func(it *instrument.Item) bool { return slices.Contains(m.Items, it.ID) }).Longest
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

// ownView is the form of an own question.
type ownView struct {
	set  *Set
	own  *Own
	w    words
	form *ui.FormState
}

func (v ownView) action() string {
	if v.own.ID == "" {
		return pageOf(v.set.Wave.ID) + "/new"
	}
	return pageOf(v.set.Wave.ID) + "/own/" + v.own.ID
}

func (v ownView) hidden() []ui.NameValue {
	return append(version(v.set), ui.NameValue{Name: "kind", Value: string(v.own.Kind)})
}

func (v ownView) scale() bool {
	return v.own.Kind == instrument.Scale || v.own.Kind == instrument.Matrix
}

// scales are the scales to choose from.
func (v ownView) scales() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "scale", Label: v.w.say("own.scale"), Hint: v.w.say("own.scale-hint")}}
	for _, s := range builtInScales() {
		c.Options = append(c.Options, ui.Option{Value: s.ID, Label: s.Name.In(v.w.lang)})
	}
	c.Options = append(c.Options, ui.Option{Value: "own", Label: v.w.say("own.scale-own")})
	return c
}

// places are the places to choose from: after each item of the base.
func (v ownView) places() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "after", Label: v.w.say("own.place"), Hint: v.w.say("own.place-hint")}}
	c.Options = append(c.Options, ui.Option{Value: "", Label: v.w.say("own.at-end")}, ui.Option{Value: Start, Label: v.w.say("own.at-start")})
	for i := range v.set.Base.Items {
		it := &v.set.Base.Items[i]
		if !v.set.gone[it.ID] || it.ID == v.own.After {
			c.Options = append(c.Options, ui.Option{Value: it.ID, Label: placeOf(v.set, it.ID, v.w)})
		}
	}
	return c
}

// texts are the fields of a text, one for each language.
type texts struct {
	name, label, hint string
	long              bool
	rows              int
	optional          bool
	most              int
}

// conditionView is the form of a condition.
type conditionView struct {
	set    *Set
	own    *Own
	w      words
	form   *ui.FormState
	before []instrument.Variable
	on     *instrument.Variable
}

func (v conditionView) at() string { return pageOf(v.set.Wave.ID) + "/own/" + v.own.ID }

// questions are the earlier questions to choose from.
func (v conditionView) questions() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "item", Label: v.w.say("condition.question")}}
	for i := range v.before {
		c.Options = append(c.Options, ui.Option{Value: v.before[i].ID, Label: nameOf(&v.before[i], v.w.lang)})
	}
	if v.on != nil {
		c.Chosen = []string{v.on.ID}
	}
	return c
}

// nameOf names an item or row; a row with the item that it belongs to.
func nameOf(v *instrument.Variable, lang instrument.Lang) string {
	if v.Row != nil {
		return v.Item.Name().In(lang) + ": " + v.Row.Name().In(lang)
	}
	return v.Item.Name().In(lang)
}

func (v conditionView) options() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "option", Label: v.w.say("condition.options")}}
	for _, o := range v.on.Item.Options {
		if o.Missing == instrument.NotMissing {
			c.Options = append(c.Options, ui.Option{Value: o.ID, Label: o.Label.In(v.w.lang)})
		}
	}
	if v.own.Condition != nil && v.own.Condition.Item == v.on.ID {
		c.Chosen = v.own.Condition.Options
	}
	return c
}

func (v conditionView) not() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "not", Label: v.w.say("condition.not")}, Chosen: []string{"no"},
		Options: []ui.Option{{Value: "no", Label: v.w.say("condition.is")}, {Value: "yes", Label: v.w.say("condition.is-not")}}}
	if v.own.Condition != nil && v.own.Condition.Not {
		c.Chosen = []string{"yes"}
	}
	return c
}

// levelsView is the form of what one can choose from in a category.
type levelsView struct {
	set  *Set
	item *instrument.Item
	w    words
	form *ui.FormState
}

func (v levelsView) variables() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "variable", Label: v.w.say("levels.from")}}
	chosen := v.set.Recipe.Levels[v.item.ID]
	for _, name := range slices.Sorted(maps.Keys(v.set.Given.Levels)) {
		c.Options = append(c.Options, ui.Option{Value: name, Label: v.w.T("levels.variable", i18n.Args{"name": name, "n": itoa(len(v.set.Given.Levels[name]))}),
			Hint: shortened(v.set.Given.Levels[name])})
	}
	c.Options = append(c.Options, ui.Option{Value: typed, Label: v.w.say("levels.typed")})
	switch {
	case len(chosen.Typed) > 0 || len(v.set.Given.Levels) == 0:
		c.Chosen = []string{typed}
	case chosen.Variable != "":
		c.Chosen = []string{chosen.Variable}
	default:
		c.Chosen = []string{VariableFor(v.item, v.set.Given.Levels)}
	}
	return c
}

// shortened shows the first of a list.
func shortened(list []string) string {
	const most = 6
	if len(list) > most {
		return strings.Join(list[:most], ", ") + ", …"
	}
	return strings.Join(list, ", ")
}

// typedIn are the levels that were typed, a line each.
func (v levelsView) typedIn(l instrument.Lang) string {
	var lines []string
	for _, level := range v.set.Recipe.Levels[v.item.ID].Typed {
		lines = append(lines, level.Label[l])
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// textsView is a form with texts in each language.
type textsView struct {
	set    *Set
	texts  []wording
	w      words
	form   *ui.FormState
	action string
	marks  bool // missing translations are marked
	taken  bool // there are other words than in the base
}

// baseView is the form of the questionnaire to start from.
type baseView struct {
	set     *Set
	w       words
	form    *ui.FormState
	remarks []string
}

func (v baseView) choice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "base", Label: v.w.say("base.choice")}, Chosen: []string{v.set.Recipe.Base.Name}}
	for _, name := range instruments.Names() {
		if title, err := builtInTitle(name, v.w.lang); err == nil {
			c.Options = append(c.Options, ui.Option{Value: name, Label: title})
		}
	}
	c.Options = append(c.Options, ui.Option{Value: ownBase, Label: v.w.say("base.own"), Hint: v.w.say("base.own-hint"), Apart: true})
	if v.set.Recipe.Base.Own() {
		c.Chosen = []string{ownBase}
	}
	return c
}

func builtInTitle(name string, lang instrument.Lang) (string, error) {
	in, err := Base{Name: name}.Open()
	if err != nil {
		return "", err
	}
	return in.Title.In(lang), nil
}
