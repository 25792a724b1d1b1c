package action

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/contact"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

// Bounds of what people write, in characters.
const (
	LeastTitle  = 3
	MostTitle   = 120
	MostText    = 2000 // why, risk, notes, what a review found
	MostRole    = 120
	LeastReason = 5
	MostReason  = 500
	MostName    = 160 // of a material, a session, an audience
	MostVersion = 40
	MostLink    = 500
)

// Bounds of lists.
const (
	mostActions   = 2000 // of an organisation
	mostMaterials = 50
	mostReach     = 500
	mostReviews   = 100
	mostPeople    = 10_000_000
)

// prose returns a text of several lines in its one form: without control characters, spaces at the ends of lines, and more than one empty
// line together.
func prose(text string) string {
	var out []string
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		line = contact.Line(line)
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// checker notes on a form what is wrong.
type checker struct{ problem.Form }

func newChecker() *checker { return &checker{problem.Form{Bundle: locale()}} }

// bounded notes when a text is shorter or longer than it may be.
func (c *checker) bounded(field, text string, least, most int) {
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0 && least > 0:
		c.Wrong(field, "field.empty-"+field, nil)
	case n < least:
		c.Wrong(field, "field.short", i18n.Args{"least": strconv.Itoa(least)})
	case n > most:
		c.Wrong(field, "field.long", i18n.Args{"most": strconv.Itoa(most)})
	}
}

// link notes when a text is no address of a page.
func (c *checker) link(field, text string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || utf8.RuneCountInString(text) > MostLink {
		c.Wrong(field, "field.link", nil)
	}
}

// target notes what is wrong with an audience, and returns it in its one form.
func (c *checker) target(field string, t Target) Target {
	known := false
	for _, a := range Audiences() {
		known = known || a == t.Kind
	}
	if !known {
		c.Wrong(field, "field.choose", nil)
		return t
	}
	if !t.Kind.Named() {
		return Target{Kind: t.Kind}
	}
	name := false
	for lang, text := range t.Name {
		text = contact.Line(text)
		t.Name[lang] = text
		name = name || text != ""
		if utf8.RuneCountInString(text) > MostName {
			c.Wrong(field+"-name", "field.long", i18n.Args{"most": strconv.Itoa(MostName)})
		}
	}
	if !name {
		c.Wrong(field+"-name", "field.empty-target-name", nil)
	}
	return t
}

// content notes what is wrong with what somebody wrote, by the names of the fields of the form.
func (c *checker) content(x *Content, o Owner) {
	c.bounded("title", x.Title, LeastTitle, MostTitle)
	c.bounded("why", x.Why, 0, MostText)
	c.bounded("risk", x.Risk, 0, MostText)
	c.bounded("notes", x.Notes, 0, MostText)
	c.bounded("role", o.Role, 0, MostRole)
	x.Target = c.target("target", x.Target)
	if x.Starts != "" && x.Due != "" && x.Due < x.Starts {
		c.Wrong("due", "field.due-before", nil)
	}
	if x.State == Planned || x.State == Running {
		if !o.Given() {
			c.Wrong("owner", "field.owner", nil)
		}
		if x.Due == "" {
			c.Wrong("due", "field.due", nil)
		}
	}
	if m := x.Measure; m != nil {
		c.measure(m)
	}
}

// measure notes what is wrong with a measure.
func (c *checker) measure(m *Measure) {
	if m.Direction != Up && m.Direction != Down {
		c.Wrong("direction", "field.choose", nil)
		return
	}
	if m.Goal == nil {
		return
	}
	goal, f := *m.Goal, &m.Figure
	switch {
	case !(goal >= lowest(f) && goal <= highest(f)): // also NaN
		c.Wrong("goal", "field.goal", nil)
	case m.Direction == Up && goal <= f.Value, m.Direction == Down && goal >= f.Value:
		c.Wrong("goal", "field.goal-direction", nil)
	}
}

// lowest is the least that a figure can be.
func lowest(f *Figure) float64 {
	switch f.Unit {
	case Scale:
		return f.From
	case Level:
		return 1
	case Share:
	}
	return 0
}

// highest is the most that a figure can be.
func highest(f *Figure) float64 {
	switch {
	case f.Unit == Share:
		return 1
	case f.Unit == Scale && f.To > f.From:
		return f.To
	}
	return mostLevels
}

// mostLevels is more than any number of levels, and than any scale whose ends are not known.
const mostLevels = 100
