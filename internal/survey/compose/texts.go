package compose

import (
	"slices"
	"strings"

	"tekentafel/internal/instrument"
)

// The parts of an item whose words a recipe may replace.
const (
	partQuestion = "question"
	partHelp     = "help"
	partOption   = "option" // and its id
)

// textKey names a text of an item of the base: "welcome/help", "workplace/option/office".
func textKey(item string, part ...string) string { return item + "/" + strings.Join(part, "/") }

// Rewordable tells whether an organisation may put other words to an item of the base: to a page of information, and to the
// answers of a question about background. The words of all other questions stay, because figures are compared by them.
func Rewordable(it *instrument.Item) bool {
	return it.Kind == instrument.Info || it.Topic == instrument.TopicBackground && (it.Kind == instrument.Single || it.Kind == instrument.Multiple)
}

// reword puts the words of the recipe in the place of those of the base.
func (m *mixer) reword(it *instrument.Item) {
	if !Rewordable(it) {
		return
	}
	if it.Kind == instrument.Info {
		if t, ok := m.recipe.Texts[textKey(it.ID, partQuestion)]; ok {
			it.Question = m.over(it.Question, t)
		}
		if t, ok := m.recipe.Texts[textKey(it.ID, partHelp)]; ok {
			it.Help = m.over(it.Help, t)
		}
		return
	}
	options := slices.Clone(it.Options)
	changed := false
	for i := range options {
		if t, ok := m.recipe.Texts[textKey(it.ID, partOption, options[i].ID)]; ok {
			options[i].Label, changed = m.over(options[i].Label, t), true
		}
	}
	if changed {
		it.Options, it.OptionsFrom = options, ""
		if twice(options, m.base.Languages) {
			m.issue("same-label", it.ID, it.Name())
		}
	}
}

// over returns the text with other words where there are any.
func (m *mixer) over(text, other instrument.Text) instrument.Text {
	out := instrument.Text{}
	for _, l := range m.base.Languages {
		out[l] = text.In(l)
		if other[l] != "" {
			out[l] = other[l]
		}
	}
	return out
}

// whole returns an own text in every language of the base, and notes where the wave lacks one. In languages that the wave is
// not held in, which only a report may be read in, stand the words of its first language.
func (m *mixer) whole(item string, name, text instrument.Text) instrument.Text {
	out := instrument.Text{}
	missing := text[m.given.Languages[0]]
	if missing == "" {
		missing = text.In(m.given.Languages[0])
	}
	if missing == "" {
		missing = "…"
	}
	for _, l := range m.base.Languages {
		if out[l] = text[l]; text[l] == "" {
			out[l] = missing
		}
	}
	for _, l := range m.given.Languages {
		if text[l] == "" {
			m.missing(item, name, l)
		}
	}
	return out
}

// missing notes, once for a question and a language, that words are missing.
func (m *mixer) missing(item string, name instrument.Text, l instrument.Lang) {
	for _, issue := range m.Issues {
		if issue.Key == "words-missing" && issue.Item == item && issue.Lang == l {
			return
		}
	}
	m.Issues = append(m.Issues, Issue{Key: "words-missing", Item: item, Name: name, Lang: l})
}

// twice tells whether two options read alike in some language.
func twice(options []instrument.Option, languages []instrument.Lang) bool {
	for _, l := range languages {
		seen := map[string]bool{}
		for i := range options {
			label := strings.ToLower(strings.TrimSpace(options[i].Label[l]))
			if seen[label] {
				return true
			}
			seen[label] = true
		}
	}
	return false
}
