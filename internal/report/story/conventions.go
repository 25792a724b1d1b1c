package story

import (
	"strings"
	"unicode"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// What an answer means cannot be read from Topic, Context and Kind. These conventions of identifiers and English labels
// fill that in; an answer that follows none of them is told as it stands, in its own words.
//
//   - An option with the word "other" or "none", or an exclusive option, stands last and is never ranked.
//   - An indicator of the topic rules counts who knows them, unless its identifier holds a word such as "unknown" or "not".
//   - The words of an option tell its theme, which chooses the action that answers it (see themeWords).

// theme is what a reason, a drawback or a wish is about.
type theme string

// The themes that actions answer.
const (
	themeNone     theme = ""
	themeSkills   theme = "skills"   // not knowing how
	themeBenefit  theme = "benefit"  // not seeing what for
	themeRules    theme = "rules"    // not knowing what is allowed
	themeAccess   theme = "access"   // no tool, device or account
	themeTrust    theme = "trust"    // doubts about privacy, ethics, energy, errors
	themeTime     theme = "time"     // no time to try
	themeExamples theme = "examples" // examples from the own work
	themeTraining theme = "training" // training in any form
	themePeople   theme = "people"   // somebody to ask
)

// themeWords lists, in order of precedence, the beginnings of words that tell a theme.
func themeWords() []struct {
	theme theme
	words []string
} {
	return []struct {
		theme theme
		words []string
	}{
		{themeExamples, []string{"example", "inspiration", "case"}},
		{themeRules, []string{"rule", "guideline", "allow", "policy", "policies", "permission", "forbid", "agreement"}},
		{themeTraining, []string{"training", "course", "workshop", "lesson", "learn", "lecture", "session", "video", "intro"}},
		{themePeople, []string{"colleague", "helpdesk", "contact", "coach", "person", "peer", "ambassador", "manager"}},
		{themeTime, []string{"time"}},
		{themeAccess, []string{"access", "tool", "device", "account", "licen", "block", "equipment", "computer"}},
		{themeTrust, []string{"trust", "privacy", "secur", "safe", "ethic", "energy", "environment", "climate", "wrong", "error", "reliab", "principle", "against", "risk", "data", "copyright", "craft", "prefer"}},
		{themeSkills, []string{"skill", "knowledge", "know", "start", "difficult", "complex"}},
		{themeBenefit, []string{"benefit", "need", "useful", "value", "relevan", "added", "fit", "suit", "interest"}},
	}
}

// themeOf tells what an option is about, from its identifier or else from its English label.
func themeOf(o *findings.Option) theme {
	for _, text := range []string{o.ID, o.Label[instrument.EN]} {
		words := wordsOf(text)
		for _, tw := range themeWords() {
			for _, word := range words {
				for _, start := range tw.words {
					if strings.HasPrefix(word, start) {
						return tw.theme
					}
				}
			}
		}
	}
	return themeNone
}

// lastOption tells whether an option stands last in lists and outside rankings: "other", "none of these".
func lastOption(o *findings.Option) bool {
	return o.None || hasWord(o.ID, "other", "else", "none")
}

// countsNever tells whether an option of a question about use says "never".
func countsNever(o *findings.Option) bool { return hasWord(o.ID, "never", "nonuse") }

// countsUnknowing tells whether an indicator about rules counts who does not know them.
func countsUnknowing(q *findings.Question) bool {
	return hasWord(q.ID, "unknown", "unaware", "not", "no", "unclear", "without")
}

// hasWord tells whether an identifier holds one of the words.
func hasWord(id string, words ...string) bool {
	for _, w := range wordsOf(id) {
		for _, want := range words {
			if w == want {
				return true
			}
		}
	}
	return false
}

// withoutContext strips the words of the context from an identifier, so that the same figure in another context is found.
func withoutContext(id string) string {
	var kept []string
	for _, w := range wordsOf(id) {
		if w != string(instrument.Work) && w != string(instrument.Leisure) {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, "_")
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
}
