package linkage

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed words.yaml
var builtinWords []byte

// Words is how titles of functions are written: abbreviations, genders, seniority, grades, what says nothing, and French beside Dutch.
type Words struct {
	abbreviations map[string][]string
	gender        map[string]string
	endings       [][2]string
	keep          []string
	marks, inside map[string]bool
	seniority     map[string]string
	prefixes      map[string]string
	whole         map[string]bool
	grades        map[string]bool
	romans        map[string]int
	noise, ties   map[string]bool
	weak          map[string]bool
	phrases       map[string]string
	longest       int // words of the longest phrase
	french        map[string]string
	same          map[string]string
}

// BuiltinWords returns the list that comes with the product.
func BuiltinWords() (*Words, error) { return ParseWords(builtinWords) }

// ParseWords reads a list in YAML, in the form of words.yaml. It refuses keys that it does not know.
func ParseWords(text []byte) (*Words, error) {
	var in struct {
		Abbreviations map[string][]string `yaml:"abbreviations"`
		Gender        struct {
			Words   map[string]string `yaml:"words"`
			Endings [][2]string       `yaml:"endings"`
			Keep    []string          `yaml:"keep"`
			Marks   []string          `yaml:"marks"`
			Inside  []string          `yaml:"inside"`
		} `yaml:"gender"`
		Seniority map[string][]string `yaml:"seniority"`
		Prefixes  map[string]string   `yaml:"prefixes"`
		Whole     []string            `yaml:"whole"`
		Grades    []string            `yaml:"grades"`
		Romans    map[string]int      `yaml:"romans"`
		Noise     []string            `yaml:"noise"`
		Ties      []string            `yaml:"ties"`
		Weak      []string            `yaml:"weak"`
		Phrases   map[string]string   `yaml:"phrases"`
		French    map[string]string   `yaml:"french"`
		Same      map[string]string   `yaml:"same"`
	}
	d := yaml.NewDecoder(strings.NewReader(string(text)))
	d.KnownFields(true)
	if err := d.Decode(&in); err != nil {
		return nil, fmt.Errorf("read the words of titles: %w", err)
	}
	w := &Words{
		abbreviations: in.Abbreviations, gender: in.Gender.Words, endings: in.Gender.Endings, keep: in.Gender.Keep,
		marks: set(in.Gender.Marks), inside: set(in.Gender.Inside), seniority: map[string]string{}, prefixes: in.Prefixes,
		whole: set(in.Whole), grades: set(in.Grades), romans: in.Romans, noise: set(in.Noise), ties: set(in.Ties), weak: set(in.Weak),
		phrases: map[string]string{}, french: in.French, same: in.Same,
	}
	for short, long := range w.abbreviations {
		if short != fold(short) || len(long) == 0 {
			return nil, fmt.Errorf("the abbreviation %q must be in small letters without accents and stand for a word", short)
		}
	}
	for kind, all := range in.Seniority {
		for _, s := range all {
			w.seniority[s] = kind
		}
	}
	for phrase, to := range in.Phrases {
		p := pieces(phrase)
		w.phrases[strings.Join(p, " ")] = to
		w.longest = max(w.longest, len(p))
	}
	return w, nil
}

func set(all []string) map[string]bool {
	s := make(map[string]bool, len(all))
	for _, v := range all {
		s[v] = true
	}
	return s
}

// neutral returns a word without the gender of who has the function.
func (w *Words) neutral(word string) string {
	if to, is := w.gender[word]; is {
		return to
	}
	if len(word) < 7 || slices.ContainsFunc(w.keep, func(k string) bool { return strings.HasSuffix(word, k) }) {
		return word
	}
	for _, e := range w.endings {
		if stem, is := strings.CutSuffix(word, e[0]); is && len(stem) >= 4 {
			return bent(stem, e[1])
		}
	}
	return word
}

// bent puts an ending behind a stem as Dutch spells it: "verkoop" and "er" is "verkoper", "beheer" and "er" is "beheerder",
// "metselaar" stays.
func bent(stem, ending string) string {
	n := len(stem)
	switch {
	case ending != "er" || n < 4:
	case strings.HasSuffix(stem, "aar"):
		return stem
	case stem[n-1] == 'r':
		return stem + "der"
	case stem[n-2] == stem[n-3] && strings.IndexByte("aeou", stem[n-2]) >= 0 && strings.IndexByte("aeiou", stem[n-1]) < 0:
		return stem[:n-2] + stem[n-1:] + ending
	}
	return stem + ending
}

// adjectives as they stand before a noun with an e, and as they stand alone.
var inflections = [][2]string{{"sche", "sch"}, {"ieve", "ief"}, {"ele", "eel"}, {"ale", "aal"}, {"aire", "air"}, {"eurs", "eur"}, {"ers", "er"}, {"oren", "or"}, {"aars", "aar"}}

// key is what a word of a title is compared by: without gender, bending and plural, in the one word of those that are said for the same.
func (w *Words) key(word string) string {
	k := w.neutral(word)
	if to, is := w.same[k]; is {
		k = to
	}
	for _, e := range inflections {
		if stem, is := strings.CutSuffix(k, e[0]); is && len(stem) >= 3 {
			k = stem + e[1]
			break
		}
	}
	if len(k) >= 8 {
		k = strings.TrimSuffix(k, "n")
	}
	if len(k) >= 6 {
		k = strings.TrimSuffix(k, "e")
	}
	if to, is := w.same[k]; is {
		k = to
	}
	return k
}

// leading splits off a word of seniority that is written as one with the word behind it ("hoofddeskundige").
func (w *Words) leading(word string, short bool) (kind, rest string) {
	if w.whole[word] {
		return "", word
	}
	for prefix, kind := range w.prefixes {
		if rest, is := strings.CutPrefix(word, prefix); is && (len(rest) >= 5 || short && len(rest) >= 3) {
			return kind, rest
		}
	}
	return "", word
}
