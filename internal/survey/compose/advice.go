package compose

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/instrument"
)

// Hint is advice on the wording of a question. It never stands in the way.
type Hint string

// The hints. Two questions in one and negations are what guides to questionnaires warn of first (Dillman, Smyth & Christian
// 2014, chapter 4); the lengths are ours, for language level B1.
const (
	HintDouble   Hint = "double"   // two things are asked in one
	HintNegative Hint = "negative" // a statement that denies is hard to disagree with
	HintLong     Hint = "long"     // more than maxWords words in a sentence
	HintWord     Hint = "word"     // a very long word
)

// What is advised against.
const (
	maxWords    = 25
	maxWordSize = 20 // letters; compounds are longer in German
	maxCompound = 26
)

var doubles = map[instrument.Lang]*regexp.Regexp{
	instrument.NL: regexp.MustCompile(`(?i)\b(en/of|en|of)\b`),
	instrument.FR: regexp.MustCompile(`(?i)\b(et/ou|et|ou)\b`),
	instrument.DE: regexp.MustCompile(`(?i)\b(und/oder|und|oder)\b`),
	instrument.EN: regexp.MustCompile(`(?i)\b(and/or|and|or)\b`),
}

var negations = map[instrument.Lang][]string{
	instrument.NL: {"niet", "geen", "nooit", "zonder"},
	instrument.FR: {"ne", "pas", "jamais", "aucun", "aucune", "sans"},
	instrument.DE: {"nicht", "kein", "keine", "keinen", "nie", "niemals", "ohne"},
	instrument.EN: {"not", "no", "never", "don’t", "don't", "cannot", "can't", "isn't", "without"},
}

// Advise gives advice on a text that people answer to. A statement is one to agree with, as a row of a matrix.
func Advise(l instrument.Lang, text string, statement bool) []Hint {
	var out []Hint
	words := wordsOf(text)
	if statement && doubles[l] != nil && doubles[l].MatchString(text) || strings.Contains(text, "en/of") || strings.Contains(text, "et/ou") ||
		strings.Contains(text, "und/oder") || strings.Contains(text, "and/or") {
		out = append(out, HintDouble)
	}
	if statement && slices.ContainsFunc(words, func(w string) bool { return denies(l, w) }) {
		out = append(out, HintNegative)
	}
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == '!' || r == '?' || r == '\n' }) {
		if len(wordsOf(sentence)) > maxWords {
			out = append(out, HintLong)
			break
		}
	}
	most := maxWordSize
	if l == instrument.DE {
		most = maxCompound
	}
	if slices.ContainsFunc(words, func(w string) bool { return utf8.RuneCountInString(w) > most }) {
		out = append(out, HintWord)
	}
	return out
}

func denies(l instrument.Lang, word string) bool {
	return slices.Contains(negations[l], word) || l == instrument.FR && strings.HasPrefix(word, "n’")
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '’' && r != '\'' && r != '-'
	})
}

// Hints gives advice on an own question, in each language, each hint once.
func (o *Own) Hints(languages []instrument.Lang) []Hint {
	var out []Hint
	add := func(t instrument.Text, statement bool) {
		for _, l := range languages {
			for _, h := range Advise(l, t[l], statement) {
				if !slices.Contains(out, h) {
					out = append(out, h)
				}
			}
		}
	}
	add(o.Question, o.Kind == instrument.Scale && !strings.HasSuffix(o.Question.In(languages[0]), "?"))
	for _, row := range o.Rows {
		add(row.Text, true)
	}
	return out
}
