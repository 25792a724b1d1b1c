package compose

import (
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

// previewChoice is a question, or a row of a matrix, as it is asked.
func previewChoice(id string, question, help instrument.Text, it *instrument.Item, lang instrument.Lang) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: id, Label: question.In(lang), Hint: help.In(lang)}, Tiles: true}
	for _, o := range it.Options {
		c.Options = append(c.Options, ui.Option{Value: o.ID, Label: o.Label.In(lang)})
	}
	return c
}

// previewTabs lead to the preview in each language of the wave.
func previewTabs(set *Set, w words, lang instrument.Lang) []ui.Link {
	var out []ui.Link
	for _, l := range set.Given.Languages {
		out = append(out, ui.Link{Label: w.language(l), Href: pageOf(set.Wave.ID) + "/preview?language=" + string(l), Current: l == lang})
	}
	return out
}

// wordingLabel names a text on its page.
func (v textsView) wordingLabel(t wording) string {
	if t.base != nil && t.label == "texts.option" {
		return v.w.T("texts.option", i18n.Args{"option": t.base.In(v.w.lang)})
	}
	return v.w.say(t.label)
}

// mark names the language of a field, and says when the words are missing.
func (v textsView) mark(t wording, l instrument.Lang) string {
	if v.marks && t.text[l] == "" {
		return v.w.T("translations.missing", i18n.Args{"language": v.w.language(l)})
	}
	return v.w.language(l)
}
