package framework

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/yamlfile"
)

// checker collects what is wrong.
type checker struct{ list []Problem }

func (c *checker) at(path, message, mend string) {
	c.list = append(c.list, Problem{Path: path, Message: message, Mend: mend})
}

var (
	idGrammar   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	codeGrammar = regexp.MustCompile(`^[1-9]\.[1-9]$`)
	markup      = regexp.MustCompile(`</?[A-Za-z][^<>]*>|<!--|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#x[0-9A-Fa-f]+);`)
)

// ids watches over the ids of one list.
type ids map[string]bool

// id checks the grammar of an id, and that it stands once.
func (c *checker) id(seen ids, path, id string) {
	switch {
	case id == "":
		c.at(path, "there is no id", "add id: with a short name of a-z, 0-9 and -")
	case !idGrammar.MatchString(id):
		c.at(path, "the id "+yamlfile.Quote(id)+" is not allowed", "start with a-z and use at most 40 of a-z, 0-9 and -")
	case seen[id]:
		c.at(path, "the id "+yamlfile.Quote(id)+" stands here for the second time", "give it another id")
	}
	seen[id] = true
}

// length bounds a text in words. The bounds hold for Dutch; the other languages may take a quarter more, and a quarter
// less is enough for them.
type length struct{ least, most int }

var (
	aName     = length{1, 8}
	aSentence = length{3, 40}
	aBlock    = length{3, 80}
	aNote     = length{3, 400}
)

func (n length) of(l Lang) (least, most int) {
	if l == NL {
		return n.least, n.most
	}
	return max(1, n.least*3/4), (n.most*5 + 3) / 4
}

// text checks that a text is there in every language, plain and within its length.
func (c *checker) text(path string, t Text, n length) {
	if len(t) == 0 {
		c.at(path, "this text is missing", "write it in nl, fr, de and en")
		return
	}
	for _, l := range Languages() {
		s, written := t[l]
		inner := path + "." + string(l)
		words := len(strings.Fields(s))
		least, most := n.of(l)
		switch {
		case !written:
			c.at(path, "the translation in "+yamlfile.Quote(string(l))+" is missing", "add "+string(l)+": with the text")
		case words == 0:
			c.at(inner, "this text is empty", "write it")
		case words < least:
			c.at(inner, fmt.Sprintf("this text has %d words", words), fmt.Sprintf("write at least %d", least))
		case words > most:
			c.at(inner, fmt.Sprintf("this text has %d words", words), fmt.Sprintf("keep it within %d", most))
		}
		c.plain(inner, s)
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains(Languages(), l) {
			c.at(path, "unknown language "+yamlfile.Quote(string(l)), yamlfile.OneOf(Languages()))
		}
	}
}

// optional checks a text that may be left out.
func (c *checker) optional(path string, t Text, n length) {
	if len(t) > 0 {
		c.text(path, t, n)
	}
}

// maxText bounds one text in bytes, however few words it has.
const maxText = 4000

// plain checks that a text holds neither invisible characters nor HTML.
func (c *checker) plain(path, s string) {
	if len(s) > maxText {
		c.at(path, "this text is too long", fmt.Sprintf("keep it within %d characters", maxText))
		return
	}
	if !utf8.ValidString(s) {
		c.at(path, "this text is not valid UTF-8", "write it anew")
		return
	}
	for _, r := range s {
		if (unicode.IsControl(r) && r != '\n') || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			c.at(path, fmt.Sprintf("this text holds the invisible character U+%04X", r), "remove it")
			return
		}
	}
	if m := markup.FindString(s); m != "" {
		c.at(path, "this text holds HTML: "+yamlfile.Quote(m), "write plain text: it is shown as it stands")
	}
}

// level checks a level number.
func (c *checker) level(path string, level int) {
	if level < 1 || level > MostLevels {
		c.at(path, fmt.Sprintf("level %d does not exist", level), fmt.Sprintf("write a level from 1 to %d", MostLevels))
	}
}

// version checks the name of a version.
func (c *checker) version(path, version string) {
	switch {
	case strings.TrimSpace(version) == "":
		c.at(path, "there is no version", `add version:, such as "1.0"`)
	case utf8.RuneCountInString(version) > 40:
		c.at(path, "the version is too long", "keep it within 40 characters")
	}
	c.plain(path, version)
}
