package framework

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"tekentafel/internal/yamlfile"
)

// hint is a word in titles, with anything before or after it where open.
type hint struct {
	word               string
	openHead, openTail bool
}

const maxHintLength = 40

// readHint reads a word such as loket*, *wacht or ploegbaas.
func readHint(s string) (hint, error) {
	word, head := strings.CutPrefix(s, "*")
	word, tail := strings.CutSuffix(word, "*")
	folded := words(word)
	if len(folded) != 1 || len(folded[0]) < 2 || len(word) > maxHintLength {
		return hint{}, errors.New("the word " + yamlfile.Quote(s) + " is not allowed")
	}
	return hint{folded[0], head, tail}, nil
}

func (h hint) in(word string) bool {
	switch {
	case h.openHead && h.openTail:
		return strings.Contains(word, h.word)
	case h.openHead:
		return strings.HasSuffix(word, h.word)
	case h.openTail:
		return strings.HasPrefix(word, h.word)
	default:
		return word == h.word
	}
}

// folding takes the marks off the letters of the four languages.
var folding = strings.NewReplacer("à", "a", "á", "a", "â", "a", "ä", "a", "ç", "c", "è", "e", "é", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i",
	"ô", "o", "ö", "o", "œ", "oe", "ù", "u", "û", "u", "ü", "u", "ß", "ss")

// words splits a title into its words, in small letters without marks.
func words(title string) []string {
	return strings.FieldsFunc(folding.Replace(strings.ToLower(title)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Suggestion is a rule that a title seems to say yes to, and the word that says so.
type Suggestion struct {
	Rule string
	Word string // as it stands in the title, in small letters without marks
}

// Suggester proposes answers to rules from titles of functions.
type Suggester struct {
	rules []string
	hints [][]hint // by rule
}

// Suggester returns what proposes answers from titles, by the words of the rules in the languages given, or in all of them.
func (f *Framework) Suggester(languages ...Lang) *Suggester {
	if len(languages) == 0 {
		languages = Languages()
	}
	s := &Suggester{}
	for i := range f.Rules {
		var list []hint
		for _, l := range languages {
			for _, w := range f.Rules[i].Words[l] {
				if h, err := readHint(w); err == nil && !slices.Contains(list, h) {
					list = append(list, h)
				}
			}
		}
		s.rules, s.hints = append(s.rules, f.Rules[i].ID), append(s.hints, list)
	}
	return s
}

// Suggest returns the rules that a title seems to say yes to, in their order. It is a proposal: a person answers the rules.
func (s *Suggester) Suggest(title string) []Suggestion {
	all := words(title)
	var out []Suggestion
	for i, rule := range s.rules {
		at := slices.IndexFunc(all, func(w string) bool {
			return slices.ContainsFunc(s.hints[i], func(h hint) bool { return h.in(w) })
		})
		if at >= 0 {
			out = append(out, Suggestion{rule, all[at]})
		}
	}
	return out
}
