// Package content reads what people write in YAML for the place to try: tasks, challenges and examples, every text in four languages. It is
// strict, and says everything that is wrong at once, with the place and how to mend it. It does no I/O.
package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/instrument"
	"tekentafel/internal/yamlfile"
)

// Bounds of the content.
const (
	mostBytes = 1 << 18
	mostList  = 40
	Line      = 600  // characters of a sentence or two
	Block     = 4000 // characters of a text of its own, with lines
)

var name = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Read reads one file into a value and lets check look at it. The error is a *yamlfile.Problems that lists everything that is wrong.
func Read[T any](file string, src []byte, check func(v *T, c *Checker)) (*T, error) {
	problems, v := &yamlfile.Problems{}, new(T)
	r := yamlfile.Read(file, src, v, form(), problems)
	if r == nil {
		return nil, problems.Err()
	}
	c := &Checker{}
	check(v, c)
	for _, p := range c.list {
		r.At(p.Path, p.Message, p.Mend)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return v, nil
}

func form() yamlfile.Form {
	f := yamlfile.Form{MaxBytes: mostBytes, MaxList: mostList, Large: "this is a text file of some kB: check that it is the right one", Empty: "start from one of the built-in files"}
	for _, l := range instrument.Languages() {
		f.Words = append(f.Words, string(l))
	}
	return f
}

// Checker gathers what is wrong.
type Checker struct{ list []yamlfile.Problem }

// Wrong notes a problem at a place such as fields[2].label.
func (c *Checker) Wrong(place, message, mend string) {
	c.list = append(c.list, yamlfile.Problem{Path: place, Message: message, Mend: mend})
}

// ID checks the name of something. seen holds those that stood before; nil when there are none.
func (c *Checker) ID(place, id string, seen map[string]bool) {
	switch {
	case !name.MatchString(id):
		c.Wrong(place, fmt.Sprintf("%s is no id", yamlfile.Quote(id)), "use small letters, digits and _, at most 40, a letter first")
	case seen[id]:
		c.Wrong(place, fmt.Sprintf("the id %q stands twice", id), "give each an id of its own")
	}
	if seen != nil {
		seen[id] = true
	}
}

// Word checks that a word is one of a list.
func Word[S ~string](c *Checker, place string, word S, list []S) {
	if !slices.Contains(list, word) {
		c.Wrong(place, fmt.Sprintf("unknown word %s", yamlfile.Quote(string(word))), yamlfile.OneOf(list))
	}
}

// Text checks a text of one line in every language, of at most so many characters.
func (c *Checker) Text(place string, t instrument.Text, most int) { c.text(place, t, most, false) }

// Lines checks a text that may have several lines.
func (c *Checker) Lines(place string, t instrument.Text, most int) { c.text(place, t, most, true) }

func (c *Checker) text(place string, t instrument.Text, most int, lines bool) {
	for _, l := range instrument.Languages() {
		s, at := t[l], place+"."+string(l)
		switch {
		case strings.TrimSpace(s) == "":
			c.Wrong(at, "the text is missing", "write it")
		case strings.TrimSpace(s) != s || !plain(s, lines):
			c.Wrong(at, "there is white space around the text, or a sign that nobody sees", "remove it")
		case utf8.RuneCountInString(s) > most:
			c.Wrong(at, fmt.Sprintf("the text is longer than %d characters", most), "shorten it")
		}
	}
}

// Texts checks a list of fewest to most texts of one line.
func (c *Checker) Texts(place string, list []instrument.Text, fewest, most int) {
	if len(list) < fewest || len(list) > most {
		c.Wrong(place, fmt.Sprintf("there are %d texts", len(list)), fmt.Sprintf("give %d to %d", fewest, most))
	}
	for i, t := range list {
		c.Text(fmt.Sprintf("%s[%d]", place, i), t, Line)
	}
}

// plain tells whether a text has no signs that nobody sees.
func plain(s string, lines bool) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !(lines && r == '\n') && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) })
}
