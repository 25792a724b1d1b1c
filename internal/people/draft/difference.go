package draft

import (
	"strconv"

	"tekentafel/internal/people/org"
)

// Subject is what an entry of a difference is about. The texts are those of the kinds of the store.
type Subject string

// The subjects.
const (
	OfUnits     Subject = "unit"
	OfFunctions Subject = "function"
	OfPeople    Subject = "person"
	OfPosts     Subject = "post"
)

// Difference is what differs between two moments of an organisation. It can be kept as JSON, but for Puts and Ends.
type Difference struct {
	Units     Part   `json:"units"`
	Functions Part   `json:"functions"`
	People    Part   `json:"people"`
	Posts     Part   `json:"posts"`
	Losses    []Loss `json:"losses,omitempty"`
	Before    int    `json:"before"` // people in service
	After     int    `json:"after"`

	// Puts are the rows that are new or changed, in order; a row takes the place of the one with its id.
	Puts *org.Organisation `json:"-"`
	// Ends are the ids of the rows that are no longer there.
	Ends map[Subject][]string `json:"-"`
}

// Same tells whether nothing differs.
func (d *Difference) Same() bool {
	for _, ids := range d.Ends {
		if len(ids) > 0 {
			return false
		}
	}
	for _, p := range []*Part{&d.Units, &d.Functions, &d.People, &d.Posts} {
		if p.Added+p.Changed+p.Gone+p.Back > 0 {
			return false
		}
	}
	return true
}

// Part is the difference in one kind of thing. Each thing counts once. Units, functions and posts have gone when they ended or are no
// longer there; people when they are out of service; who is in service again is back.
type Part struct {
	Added   int            `json:"added"`
	Changed int            `json:"changed"`
	Gone    int            `json:"gone"`
	Back    int            `json:"back"`
	Fields  map[string]int `json:"fields,omitempty"` // how many were changed in each field, of those that were changed

	FirstAdded   []Entry `json:"firstAdded,omitempty"` // at most Shown of each
	FirstChanged []Entry `json:"firstChanged,omitempty"`
	FirstGone    []Entry `json:"firstGone,omitempty"`
	FirstBack    []Entry `json:"firstBack,omitempty"`
}

// Entry is one thing of a difference.
type Entry struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`             // of a post the id of its person
	Fields []Change `json:"fields,omitempty"` // of what was changed
}

// Change is a field that changed. Units, functions and people stand in it by id. The hash of a national number is not shown.
type Change struct {
	Field string `json:"field"` // as in the JSON of package org; span is from and to
	From  string `json:"from"`
	To    string `json:"to"`
}

// changes collects changed fields.
type changes []Change

func (c *changes) text(field, from, to string) {
	if from != to {
		*c = append(*c, Change{field, from, to})
	}
}

func (c *changes) number(field string, from, to int) {
	if from != to {
		*c = append(*c, Change{field, strconv.Itoa(from), strconv.Itoa(to)})
	}
}

func (c *changes) flag(field string, from, to bool) {
	if from != to {
		*c = append(*c, Change{field, strconv.FormatBool(from), strconv.FormatBool(to)})
	}
}

func (c *changes) span(from, to org.Span) {
	c.text("from", from.From.String(), to.From.String())
	c.text("to", from.To.String(), to.To.String())
}

func unitChanges(a, b *org.Unit) (c changes) {
	c.text("code", a.Code, b.Code)
	c.text("name", a.Name, b.Name)
	c.text("parent", a.Parent, b.Parent)
	c.text("kind", a.Kind, b.Kind)
	c.text("head", a.Head, b.Head)
	c.span(a.Span, b.Span)
	return c
}

func functionChanges(a, b *org.Function) (c changes) {
	c.text("code", a.Code, b.Code)
	c.text("name", a.Name, b.Name)
	c.text("family", a.Family, b.Family)
	c.text("level", string(a.Level), string(b.Level))
	c.text("work", string(a.Work), string(b.Work))
	c.text("isco", a.ISCO, b.ISCO)
	c.span(a.Span, b.Span)
	return c
}

func personChanges(a, b *org.Person) (c changes) {
	c.text("number", a.Number, b.Number)
	c.text("given", a.Given, b.Given)
	c.text("family", a.Family, b.Family)
	c.text("mail", a.Mail, b.Mail)
	c.text("language", a.Language, b.Language)
	c.number("birthYear", a.BirthYear, b.BirthYear)
	c.flag("out", a.Out, b.Out)
	c.text("manager", a.Manager, b.Manager)
	c.text("site", a.Site, b.Site)
	c.text("shift", a.Shift, b.Shift)
	if a.Hidden != b.Hidden {
		c = append(c, Change{Field: "hidden"})
	}
	c.text("sources", a.Sources, b.Sources)
	c.span(a.Span, b.Span)
	return c
}

func postChanges(a, b *org.Post) (c changes) {
	c.text("person", a.Person, b.Person)
	c.text("unit", a.Unit, b.Unit)
	c.text("function", a.Function, b.Function)
	c.number("fte", a.FTE, b.FTE)
	c.text("statute", a.Statute, b.Statute)
	c.flag("main", a.Main, b.Main)
	c.span(a.Span, b.Span)
	return c
}
