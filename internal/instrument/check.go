package instrument

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tekentafel/internal/yamlfile"
)

// checker holds an instrument against the rules that its types cannot express.
type checker struct {
	*yamlfile.Reader
	in    *Instrument
	taken map[string]string // ids of items, rows, constructs and indicators: what bears them
}

func (c *checker) check() {
	in := c.in
	c.taken = map[string]string{}
	c.id("id", in.ID, "the instrument")
	if in.Version == "" {
		c.At("version", "the instrument has no version", `add version, such as version: "1.0"`)
	}
	c.languages()
	c.text("title", in.Title, required)
	c.text("description", in.Description, optional)
	c.text("pilot", in.Pilot, optional)
	c.plain("source", in.Source)
	if in.GroupSize < MinGroupSize {
		c.At("group_size", fmt.Sprintf("group_size is %d", in.GroupSize),
			fmt.Sprintf("write a whole number of %d or more (10 is usual): smaller groups would show persons", MinGroupSize))
	}
	switch {
	case len(in.Items) == 0:
		c.At("items", "the instrument has no items", "add at least one under items:")
	case len(in.Items) > MaxItems:
		c.At("items", fmt.Sprintf("the instrument has %d items", len(in.Items)), fmt.Sprintf("keep at most %d", MaxItems))
		return
	}
	if !c.scales() {
		return
	}
	c.items()
	c.columns()
	c.constructs()
	c.indicators()
	c.benchmarks()
	c.models()
	c.modules()
	c.conditions()
}

func (c *checker) languages() {
	if !c.Has("languages") {
		c.in.Languages = Languages()
		return
	}
	known := make([]string, 0, 4)
	for _, l := range Languages() {
		known = append(known, string(l))
	}
	if len(c.in.Languages) > len(known) {
		c.At("languages", fmt.Sprintf("the list of languages has %d entries", len(c.in.Languages)), "keep each of "+strings.Join(known, ", ")+" at most once")
		c.in.Languages = c.in.Languages[:len(known)]
	}
	for i, l := range c.in.Languages {
		path := fmt.Sprintf("languages[%d]", i)
		if !slices.Contains(known, string(l)) {
			c.At(path, "unknown language "+yamlfile.Quote(string(l)), yamlfile.DidYouMean(string(l), known, "use "+strings.Join(known, ", ")))
		}
		if slices.Index(c.in.Languages, l) < i {
			c.At(path, "language "+yamlfile.Quote(string(l))+" stands here twice", "keep it once")
		}
	}
	var sound []Lang
	for _, l := range c.in.Languages {
		if slices.Contains(known, string(l)) && !slices.Contains(sound, l) {
			sound = append(sound, l)
		}
	}
	c.in.Languages = sound
	if len(c.in.Languages) == 0 {
		c.At("languages", "the list of languages is empty", "leave it out for all four, or name those that every text has")
	}
}

var idGrammar = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
var optionGrammar = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// maxID bounds an identifier: it is a heading in data files and a key in reports.
const maxID = 64

// id checks the grammar of an id and says whether it is sound.
func (c *checker) id(path, id, of string) bool {
	switch {
	case id == "":
		c.At(path, of+" has no id", "add id: with a short name of letters, digits, - and _")
	case len(id) > maxID:
		c.At(path, "the id "+yamlfile.Quote(id)+" is too long", fmt.Sprintf("keep it within %d characters", maxID))
	case !idGrammar.MatchString(id):
		c.At(path, "the id "+yamlfile.Quote(id)+" is not allowed", "start with a letter and use only a-z, A-Z, 0-9, - and _")
	default:
		return true
	}
	return false
}

// name checks an id of the namespace that items, rows, constructs and indicators share.
func (c *checker) name(path, id, of string) {
	if !c.id(path, id, of) {
		return
	}
	if other, used := c.taken[id]; used {
		c.At(path, "the id "+yamlfile.Quote(id)+" is already that of "+other, "give it another id: items, rows, constructs and indicators share one list of ids")
		return
	}
	c.taken[id] = fmt.Sprintf("%s on line %d", of, c.Line(path))
}

// The need for a text.
const (
	optional = false
	required = true
)

// text checks that a text is there in every language of the instrument and in no other, spreads one that is the same
// in all of them, and checks its characters.
func (c *checker) text(path string, t Text, need bool) {
	if len(t) == 0 {
		switch {
		case c.Has(path):
			c.At(path, "this text is empty", "write it in "+c.languageList()+", or remove the line")
		case need:
			c.At(path, "the text "+path[strings.LastIndexByte(path, '.')+1:]+" is missing", "add it in "+c.languageList())
		}
		return
	}
	if s, ok := t[same]; ok {
		if len(t) > 1 {
			c.At(path+"."+same, "a text that is the same in all languages has other languages beside it", "keep same: alone, or write each language")
		}
		c.plain(path+"."+same, s)
		delete(t, same)
		for _, l := range c.in.Languages {
			t[l] = s
		}
		if strings.TrimSpace(s) == "" {
			c.At(path+"."+same, "this text is empty", "write it")
		}
		return
	}
	for _, l := range Languages() {
		s, written := t[l]
		inner := path + "." + string(l)
		switch {
		case !slices.Contains(c.in.Languages, l):
			if written {
				c.At(inner, "the language "+yamlfile.Quote(string(l))+" is not in languages", "add it there, or remove this text")
			}
		case !written:
			c.At(path, "the translation in "+yamlfile.Quote(string(l))+" is missing", "add "+string(l)+": with the text")
		case strings.TrimSpace(s) == "":
			c.At(inner, "this text is empty", "write it in "+yamlfile.Quote(string(l)))
		}
		c.plain(inner, s)
	}
}

func (c *checker) languageList() string {
	names := make([]string, len(c.in.Languages))
	for i, l := range c.in.Languages {
		names[i] = string(l)
	}
	return strings.Join(names, ", ")
}

var markup = regexp.MustCompile(`</?[A-Za-z][^<>]*>|<!--|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#x[0-9A-Fa-f]+);`)

// maxText bounds one text.
const maxText = 10_000

// plain checks that a text holds neither control characters nor HTML.
func (c *checker) plain(path, s string) {
	if message, mend := unfit(s); message != "" {
		c.At(path, message, mend)
	}
}

// Plain tells whether a text can stand in an instrument: it is short enough, and holds neither invisible characters other than
// line ends nor HTML.
func Plain(s string) bool {
	message, _ := unfit(s)
	return message == ""
}

// unfit says why a text cannot stand in an instrument; "" when it can.
func unfit(s string) (message, mend string) {
	if len(s) > maxText {
		return "this text is too long", fmt.Sprintf("keep it within %d characters", maxText)
	}
	for _, r := range s {
		if (unicode.IsControl(r) && r != '\n') || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return fmt.Sprintf("this text holds the invisible character U+%04X", r), "remove it"
		}
	}
	if m := markup.FindString(s); m != "" {
		return "this text holds HTML: " + yamlfile.Quote(m), "write plain text: it is shown as it stands"
	}
	return "", ""
}

// mostSuggestions bounds how often a suggestion is sought for a reference.
const mostSuggestions = 200

// reference checks that word is one of known.
func (c *checker) reference(path, word, what string, known *names) bool {
	if known.set[word] {
		return true
	}
	mend := "name one that exists"
	if len(known.list) > 0 && len(known.list) <= 12 {
		mend = "use one of: " + strings.Join(known.list, ", ")
	}
	if c.Found() < mostSuggestions {
		mend = yamlfile.DidYouMean(word, known.list, mend)
	}
	c.At(path, "there is no "+what+" "+yamlfile.Quote(word), mend)
	return false
}

// oneOf checks a value against the words of a closed list.
func (c *checker) oneOf(path, value, what string, words []string) {
	if slices.Contains(words, value) {
		return
	}
	c.At(path, "unknown "+what+" "+yamlfile.Quote(value), yamlfile.DidYouMean(value, words, "use one of: "+strings.Join(words, ", ")))
}
