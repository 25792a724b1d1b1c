package intake

import (
	"strings"

	"tekentafel/internal/instrument"
)

// optionSet recognises the options of an item in the spellings that files have for them.
type optionSet struct {
	options    []instrument.Option
	exact      map[string]int // composed text -> option
	caseless   map[string]int
	numbers    map[string]int // number as numberKey writes it -> option
	candidates []candidate
}

// two options claim the same spelling, so that it says neither
const ambiguous = -1

// newOptionSet ranks the spellings of an option: its ID before its values, these before its labels; a number that is
// none of those is the option's score. A spelling means the option that claims it with the highest rank.
func newOptionSet(options []instrument.Option) *optionSet {
	s := &optionSet{options: options, exact: map[string]int{}, caseless: map[string]int{}, numbers: map[string]int{}}
	claim := func(spellingsOf func(instrument.Option) []string) {
		exact, fold, number := map[string]int{}, map[string]int{}, map[string]int{}
		for i, o := range options {
			for _, text := range spellingsOf(o) {
				if trimmed(text) == "" {
					continue
				}
				put(exact, trimmed(text), i)
				put(fold, caseless(text), i)
				if key, ok := numberKey(text); ok {
					put(number, key, i)
				}
				s.candidates = append(s.candidates, candidate{unaccented(text), trimmed(text)})
			}
		}
		inherit(s.exact, exact)
		inherit(s.caseless, fold)
		inherit(s.numbers, number)
	}
	claim(func(o instrument.Option) []string { return []string{o.ID} })
	claim(func(o instrument.Option) []string { return o.Values })
	claim(func(o instrument.Option) []string {
		var labels []string
		for _, l := range instrument.Languages() {
			labels = append(labels, o.Label[l])
		}
		return labels
	})
	scores := map[string]int{}
	for i, o := range options {
		if o.Value != nil {
			put(scores, numberText(*o.Value), i)
		}
	}
	inherit(s.numbers, scores)
	return s
}

func put(m map[string]int, key string, option int) {
	if other, ok := m[key]; ok && other != option {
		option = ambiguous
	}
	m[key] = option
}

// inherit adds the claims of a lower rank that nobody made before.
func inherit(m, lower map[string]int) {
	for key, option := range lower {
		if _, ok := m[key]; !ok {
			m[key] = option
		}
	}
}

// find returns the option that a cell means. When unclear is true, two options share the spelling.
func (s *optionSet) find(cell string) (option int, ok, unclear bool) {
	if i, found := s.exact[trimmed(cell)]; found && i != ambiguous {
		return i, true, false
	}
	if i, found := s.caseless[caseless(cell)]; found {
		return i, i != ambiguous, i == ambiguous
	}
	if key, isNumber := numberKey(cell); isNumber {
		if i, found := s.numbers[key]; found {
			return i, i != ambiguous, i == ambiguous
		}
	}
	return 0, false, false
}

// nearest returns the spelling of an option that a cell probably meant, or "".
func (s *optionSet) nearest(cell string) string { return nearest(cell, s.candidates) }

// known lists the first options, for a message.
func (s *optionSet) known() string {
	const most = 8
	var ids []string
	for i, o := range s.options {
		if i == most {
			ids = append(ids, "…")
			break
		}
		ids = append(ids, o.ID)
	}
	return strings.Join(ids, ", ")
}

// hasComma tells whether some spelling of an option contains a comma, so that a comma cannot separate options.
func (s *optionSet) hasComma() bool {
	for text := range s.exact {
		if strings.Contains(text, ",") {
			return true
		}
	}
	return false
}

// chosen tells what a cell in the column of one option of a multiple choice says.
func chosen(cell string, option instrument.Option) (yes, ok bool) {
	key := caseless(cell)
	if n, isNumber := numberKey(cell); isNumber {
		key = n
	}
	switch key {
	case "1", "x", "✓", "✔", "yes", "y", "ja", "j", "oui", "o", "si", "sí", "s", "true", "waar", "vrai", "wahr",
		"checked", "selected", "chosen", "gekozen", "choisi", "gewählt", "aangevinkt", "coché", "angekreuzt":
		return true, true
	case "0", "no", "n", "nee", "neen", "non", "nein", "false", "onwaar", "faux", "falsch",
		"unchecked", "not selected", "not chosen", "niet gekozen", "non choisi", "nicht gewählt":
		return false, true
	}
	_, found, _ := newOptionSet([]instrument.Option{option}).find(cell)
	return found, found
}
