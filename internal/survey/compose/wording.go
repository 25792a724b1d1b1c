package compose

import (
	"maps"
	"slices"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// wording is a text of a questionnaire on a page where it can be written in each language.
type wording struct {
	key    string // names its fields, and it in the recipe
	group  string // what it is part of; a heading stands before the first of a group
	label  string
	text   instrument.Text  // as it is
	base   instrument.Text  // as it is in the base, for texts of the base
	at     *instrument.Text // where the recipe has it, for own texts
	most   int              // characters
	needed bool
	long   bool // takes some lines
}

// baseTexts lists the texts of an item of the base that the organisation may put in other words.
func baseTexts(set *Set, it *instrument.Item) []wording {
	var out []wording
	add := func(key, label string, base instrument.Text, most int, long bool) {
		now := maps.Clone(base)
		for l, s := range set.Recipe.Texts[key] {
			now[l] = s
		}
		out = append(out, wording{key: key, label: label, text: now, base: base, most: most, long: long})
	}
	if it.Kind == instrument.Info {
		add(textKey(it.ID, partQuestion), "texts.heading", it.Question, maxQuestion, false)
		if len(it.Help) > 0 {
			add(textKey(it.ID, partHelp), "texts.body", it.Help, maxHelp, true)
		}
		return out
	}
	for i := range it.Options {
		add(textKey(it.ID, partOption, it.Options[i].ID), "texts.option", it.Options[i].Label, maxLine, false)
	}
	return out
}

// ownTexts lists the texts of own questions and typed levels.
func ownTexts(r *Recipe, w words) []wording {
	var out []wording
	for i := range r.Own {
		o := &r.Own[i]
		group := w.T("translations.group", i18n.Args{"question": o.Question.In(w.lang)})
		add := func(part, label string, t *instrument.Text, most int, needed, long bool) {
			if needed || len(*t) > 0 {
				out = append(out, wording{key: o.ID + "/" + part, group: group, label: label, text: *t, at: t, most: most, needed: needed, long: long})
			}
		}
		add("question", "own.question", &o.Question, maxQuestion, true, false)
		add("help", "own.help", &o.Help, maxHelp, false, true)
		for j := range o.Rows {
			add("row/"+o.Rows[j].ID, "translations.row", &o.Rows[j].Text, maxLine, true, false)
		}
		if o.Scale == "" {
			for j := range o.Options {
				add("option/"+o.Options[j].ID, "translations.option", &o.Options[j].Label, maxLine, true, false)
			}
		}
		add("unit", "own.unit", &o.Unit, 40, false, false)
	}
	for _, item := range slices.Sorted(maps.Keys(r.Levels)) {
		list := r.Levels[item].Typed
		for j := range list {
			out = append(out, wording{key: item + "/level/" + list[j].ID, group: w.T("translations.levels", i18n.Args{"item": item}), label: "translations.option",
				text: list[j].Label, at: &list[j].Label, most: maxLine, needed: true})
		}
	}
	return out
}
