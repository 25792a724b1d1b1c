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
