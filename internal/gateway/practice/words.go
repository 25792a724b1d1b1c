package practice

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/yamlfile"
)

//go:embed locale
var localeFiles embed.FS

//go:embed words
var wordFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Title returns what the model is called where no settings name it.
func Title() string { return locale().Printer(instrument.NL).T("title", nil) }

// Where returns where it runs.
func Where() string { return locale().Printer(instrument.NL).T("where", nil) }

// words are what is known of a language.
type words struct {
	stop  map[string]bool
	tasks map[task][][]string // phrases as words; "*" stands for a few words
	role  [][]string
	join  []string
	plain []swap
	talk  []string
}

type swap struct {
	Was string `yaml:"was"`
	Now string `yaml:"now"`
}

type wordFile struct {
	Stop  string   `yaml:"stop"`
	Tasks taskFile `yaml:"tasks"`
	Role  []string `yaml:"role"`
	Join  []string `yaml:"join"`
	Plain []swap   `yaml:"plain"`
	Talk  []string `yaml:"talk"`
}

type taskFile struct {
	Summary []string `yaml:"summary"`
	Table   []string `yaml:"table"`
	Letter  []string `yaml:"letter"`
	Map     []string `yaml:"map"`
	Talk    []string `yaml:"talk"`
}

// task is what a person asks.
type task string

const (
	summary task = "summary"
	table   task = "table"
	letter  task = "letter"
	mindMap task = "map"
	talk    task = "talk"
	help    task = "help" // what is none of the others
)

// tasks are those that have phrases, in the order in which they go before each other.
func tasks() []task { return []task{talk, mindMap, letter, summary, table} }

// known holds what is known of each language. The files are part of the program; a test reads them.
var known = sync.OnceValue(func() map[instrument.Lang]*words {
	all := map[instrument.Lang]*words{}
	for _, lang := range instrument.Languages() {
		w, err := readWords(string(lang) + ".yaml")
		if err != nil {
			w = &words{}
		}
		all[lang] = w
	}
	return all
})

func readWords(name string) (*words, error) {
	src, err := wordFiles.ReadFile("words/" + name)
	if err != nil {
		return nil, fmt.Errorf("words of the practice model: %w", err)
	}
	var f wordFile
	problems := &yamlfile.Problems{}
	yamlfile.Read(name, src, &f, yamlfile.Form{MaxBytes: 1 << 20, MaxList: 1000, Large: "make it smaller", Empty: "write the words"}, problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	w := &words{stop: map[string]bool{}, tasks: map[task][][]string{}, role: phrases(f.Role), join: f.Join, plain: f.Plain, talk: f.Talk}
	for _, s := range strings.Fields(f.Stop) {
		w.stop[s] = true
	}
	for t, list := range map[task][]string{summary: f.Tasks.Summary, table: f.Tasks.Table, letter: f.Tasks.Letter, mindMap: f.Tasks.Map, talk: f.Tasks.Talk} {
		w.tasks[t] = phrases(list)
	}
	return w, nil
}

func phrases(list []string) [][]string {
	out := make([][]string, len(list))
	for i, s := range list {
		for f := range strings.FieldsSeq(s) {
			if f == "*" {
				out[i] = append(out[i], f)
				continue
			}
			out[i] = append(out[i], split(f)...)
		}
	}
	return out
}

// split returns the words of a text in small letters.
func split(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// mostBetween is how many words a "*" stands for at most.
const mostBetween = 6

// has tells whether the phrase stands in a text: each of its words is the beginning of a word.
func has(text, phrase []string) bool {
	for i := range text {
		if starts(text[i:], phrase) {
			return true
		}
	}
	return false
}

// starts tells whether a text begins with the phrase.
func starts(text, phrase []string) bool {
	for len(phrase) > 0 {
		if phrase[0] == "*" {
			for skip := 0; skip <= min(mostBetween, len(text)); skip++ {
				if starts(text[skip:], phrase[1:]) {
					return true
				}
			}
			return false
		}
		if len(text) == 0 || !strings.HasPrefix(text[0], phrase[0]) {
			return false
		}
		text, phrase = text[1:], phrase[1:]
	}
	return true
}

// language guesses in which language a text is, by its most usual words and by what it asks; Dutch when it cannot tell.
func language(text string) instrument.Lang {
	counts := map[instrument.Lang]int{}
	list := split(text)
	list = list[:min(len(list), mostGuessed)]
	for lang, k := range known() {
		for _, w := range list {
			if k.stop[w] && len(w) > 1 {
				counts[lang]++
			}
		}
		for _, t := range tasks() {
			if slices.ContainsFunc(k.tasks[t], func(phrase []string) bool { return has(list, phrase) }) {
				counts[lang] += asMuch
			}
		}
	}
	best := instrument.NL
	for _, lang := range instrument.Languages() {
		if counts[lang] > counts[best] {
			best = lang
		}
	}
	return best
}

const (
	mostGuessed = 2000 // words by which the language is guessed
	asMuch      = 2    // usual words, what somebody asks counts for
)
