package guide

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/skills/framework"
	"tekentafel/internal/yamlfile"
)

// most is the longest file that is read, in bytes.
const most = 1 << 20

// Bounds of the content.
const (
	longest     = 1200 // characters of a text
	fewestHelps = 2
	mostHelps   = 4
	mostReasons = 40
	mostLines   = 20 // of a list of texts
)

// Quote is the id that no question may have: it names the sentence that may be used.
const Quote = "quote"

var name = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Parse reads the content from YAML. The error is a *yamlfile.Problems that lists everything that is wrong, each with its place and how to
// mend it.
func Parse(file string, src []byte) (*Guide, error) {
	problems, g := &yamlfile.Problems{}, &Guide{}
	r := yamlfile.Read(file, src, g, form(), problems)
	if r == nil {
		return nil, problems.Err()
	}
	for _, p := range g.Check() {
		r.At(p.Path, p.Message, p.Mend)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return g, nil
}

func form() yamlfile.Form {
	f := yamlfile.Form{MaxBytes: most, MaxList: mostReasons, Large: "this is a text file of some tens of kB: check that it is the right one",
		Empty: "start with version, contexts, reasons, consent and guide, as in the built-in file"}
	for _, l := range framework.Languages() {
		f.Words = append(f.Words, string(l))
	}
	return f
}

// checker gathers what is wrong.
type checker struct{ list []yamlfile.Problem }

func (c *checker) wrong(place, message, mend string) {
	c.list = append(c.list, yamlfile.Problem{Path: place, Message: message, Mend: mend})
}

// Check returns everything that is wrong with the content, with its place in the structure.
func (g *Guide) Check() []yamlfile.Problem {
	c := &checker{}
	if !short(g.Version) {
		c.wrong("version", "there is no version of at most 20 characters", `write version: "1"`)
	}
	c.contexts(g.Contexts)
	c.reasons(g.Reasons)
	c.consent(&g.Consent)
	c.talk(&g.Talk, g.Reasons)
	return c.list
}

func short(s string) bool { return s != "" && utf8.RuneCountInString(s) <= 20 && plain(s) }

// plain tells whether a text has no signs that nobody sees.
func plain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
}

func (c *checker) text(place string, t framework.Text) {
	for _, l := range framework.Languages() {
		s, at := t[l], place+"."+string(l)
		switch {
		case strings.TrimSpace(s) == "":
			c.wrong(at, "the text is missing", "write it")
		case strings.TrimSpace(s) != s || !plain(s):
			c.wrong(at, "there is white space around the text, or a sign that nobody sees", "remove it")
		case utf8.RuneCountInString(s) > longest:
			c.wrong(at, fmt.Sprintf("the text is longer than %d characters", longest), "shorten it")
		}
	}
	for l := range t {
		if !slices.Contains(framework.Languages(), l) {
			c.wrong(place, fmt.Sprintf("unknown language %q", string(l)), "use nl, fr, de and en")
		}
	}
}

func (c *checker) texts(place string, list []framework.Text) {
	if len(list) == 0 || len(list) > mostLines {
		c.wrong(place, fmt.Sprintf("there are %d texts", len(list)), fmt.Sprintf("give one to %d", mostLines))
	}
	for i, t := range list {
		c.text(fmt.Sprintf("%s[%d]", place, i), t)
	}
}

// id checks a name and that it stands once.
func (c *checker) id(place, id string, seen map[string]bool) {
	switch {
	case !name.MatchString(id):
		c.wrong(place, fmt.Sprintf("%q is no id", id), "use small letters, digits and _, at most 40, a letter first")
	case seen[id]:
		c.wrong(place, fmt.Sprintf("the id %q stands twice", id), "give each an id of its own")
	}
	seen[id] = true
}

func (c *checker) contexts(list []Context) {
	if len(list) == 0 {
		c.wrong("contexts", "there is none", "give at least work")
	}
	seen := map[string]bool{}
	for i, x := range list {
		at := fmt.Sprintf("contexts[%d]", i)
		c.id(at+".id", x.ID, seen)
		for key, id := range map[string]string{"use": x.Use, "reasons": x.Reasons} {
			if !name.MatchString(id) {
				c.wrong(at+"."+key, fmt.Sprintf("%q is no question", id), "give the id of a question of the questionnaire")
			}
		}
		if len(x.Never) == 0 {
			c.wrong(at+".never", "there is no option", "say which options mean never")
		}
		for _, o := range x.Hardly {
			if slices.Contains(x.Never, o) {
				c.wrong(at+".hardly", fmt.Sprintf("%q is also in never", o), "keep it in one of the two")
			}
		}
	}
}

func (c *checker) reasons(list []Reason) {
	if len(list) == 0 || len(list) > mostReasons {
		c.wrong("reasons", fmt.Sprintf("there are %d", len(list)), fmt.Sprintf("give one to %d", mostReasons))
	}
	seen := map[string]bool{}
	for i, r := range list {
		at := fmt.Sprintf("reasons[%d]", i)
		c.id(at+".id", r.ID, seen)
		if r.ID == Quote {
			c.wrong(at+".id", "quote names the sentence that may be used", "choose another id")
		}
		c.text(at+".name", r.Name)
		c.text(at+".meaning", r.Meaning)
		c.texts(at+".questions", r.Questions)
		if n := len(r.Helps); n < fewestHelps || n > mostHelps {
			c.wrong(at+".helps", fmt.Sprintf("there are %d", n), fmt.Sprintf("give %d to %d", fewestHelps, mostHelps))
		}
		kinds := map[Kind]bool{}
		for j, h := range r.Helps {
			in := fmt.Sprintf("%s.helps[%d]", at, j)
			if !slices.Contains(Kinds(), h.Kind) {
				c.wrong(in+".kind", fmt.Sprintf("unknown kind %q", string(h.Kind)), "use training, example, rule, tool, time or talk")
			}
			if kinds[h.Kind] {
				c.wrong(in+".kind", fmt.Sprintf("the kind %q stands twice", string(h.Kind)), "give each kind once for a reason")
			}
			kinds[h.Kind] = true
			c.text(in+".office", h.Office)
			c.text(in+".field", h.Field)
		}
	}
}

func (c *checker) consent(x *Consent) {
	if !short(x.Version) {
		c.wrong("consent.version", "there is no version of at most 20 characters", `write version: "1"`)
	}
	if _, err := time.Parse(time.DateOnly, x.Date); err != nil {
		c.wrong("consent.date", fmt.Sprintf("%q is no date", x.Date), "write it as 2026-11-29")
	}
	c.texts("consent.text", x.Text)
	c.text("consent.agree", x.Agree)
}

func (c *checker) talk(x *Talk, reasons []Reason) {
	c.texts("guide.prepare", x.Prepare)
	c.texts("guide.opening", x.Opening)
	c.texts("guide.closing", x.Closing)
	if n := len(x.Questions); n == 0 || n > mostLines {
		c.wrong("guide.questions", fmt.Sprintf("there are %d", n), fmt.Sprintf("give one to %d", mostLines))
	}
	seen := map[string]bool{Quote: true}
	for i := range reasons {
		seen[reasons[i].ID] = true // notes are kept by question, or by reason
	}
	for i, q := range x.Questions {
		c.id(fmt.Sprintf("guide.questions[%d].id", i), q.ID, seen)
		c.text(fmt.Sprintf("guide.questions[%d].text", i), q.Text)
	}
}
