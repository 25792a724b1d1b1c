package draft

import (
	"cmp"
	"slices"
	"strings"

	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// Limits say how much may go before an import stops and asks. A limit of 0 does not count.
type Limits struct {
	People  int     `json:"people,omitempty"`  // people in service who go
	Share   float64 `json:"share,omitempty"`   // part of the people in service who go, between 0 and 1
	Least   int     `json:"least,omitempty"`   // fewer people than this are no loss by Share or Emptied, however small the organisation
	Unit    int     `json:"unit,omitempty"`    // people in service in a unit of which nobody stays in service
	Emptied float64 `json:"emptied,omitempty"` // part of the people who stay and had a value in a field, who have none now
}

// DefaultLimits are those of a source for which nobody chose others: 5 % of the people, from 10 on; a unit of 5 people whole; a field that
// half of the people lose.
func DefaultLimits() Limits { return Limits{Share: 0.05, Least: 10, Unit: 5, Emptied: 0.5} }

// LossKind is what is lost.
type LossKind string

// The kinds of losses.
const (
	ManyPeople   LossKind = "people"  // N of Of people in service go
	WholeUnit    LossKind = "unit"    // all N people in service of unit ID go
	EmptiedField LossKind = "emptied" // N of Of people who had a value in Field lose it
	OtherPeople  LossKind = "numbers" // N of Of staff numbers that another source has too stand there for somebody of another name
)

// Loss is something that goes beyond the limits: an import stops for it and asks.
type Loss struct {
	Kind  LossKind `json:"kind"`
	N     int      `json:"n"`
	Of    int      `json:"of"`
	ID    string   `json:"id,omitempty"`
	Name  string   `json:"name,omitempty"`
	Field string   `json:"field,omitempty"` // as in the JSON of package org
	First []Shared `json:"first,omitempty"` // of OtherPeople, the first
}

// Shared is a staff number of two people.
type Shared struct {
	ID     string `json:"id"` // of the person who stands
	Number string `json:"number"`
	Stands string `json:"stands"` // the name that stands
	Comes  string `json:"comes"`  // the name in the file
}

// Fewer other people than this, and than this part of the numbers that two sources share, are changes of a name.
const (
	leastOthers = 3
	partOthers  = 0.1
)

// mostShared is how many numbers of two people are named.
const mostShared = 5

// others is a tally of the people of another source whose number comes with another name.
type others struct {
	shared, differ int
	first          []Shared
}

// meet looks at somebody who stands by other sources, and whom a source names that did not before.
func (o *others) meet(a, b *org.Person) {
	if a.Sources == "" || len(b.Sources) <= len(a.Sources) || a.Number == "" || a.Number != b.Number {
		return
	}
	o.shared++
	if !strangers(a, b) {
		return
	}
	if o.differ++; len(o.first) < mostShared {
		o.first = append(o.first, Shared{ID: a.ID, Number: a.Number, Stands: a.Name(), Comes: b.Name()})
	}
}

// strangers tells whether first name and family name of two people share no word, but for what many names begin with.
func strangers(a, b *org.Person) bool {
	x, y := nameWords(a), nameWords(b)
	return len(x) > 0 && len(y) > 0 && !slices.ContainsFunc(x, func(w string) bool { return slices.Contains(y, w) })
}

func nameWords(p *org.Person) []string {
	return slices.DeleteFunc(strings.Fields(value.NameKey(p.Given, p.Family)), func(w string) bool {
		switch w {
		case "de", "den", "der", "van", "vande", "vanden", "vander", "het", "t", "ter", "te", "ten", "d", "la", "le", "les", "du", "des", "l", "von", "zu", "el", "al", "ben", "di", "da":
			return true
		}
		return false
	})
}

func (o *others) many() bool {
	return o.differ >= leastOthers && float64(o.differ) >= partOthers*float64(o.shared)
}

// Stops tells whether there is a loss beyond the limits.
func (d *Difference) Stops() bool { return len(d.Losses) > 0 }

// filled are the fields of a person and a main post that can go empty.
var filled = []string{"given", "family", "mail", "language", "birthYear", "manager", "site", "shift", "number", "hidden", "unit", "function", "fte", "statute", "from"}

type filling [15]bool

func fillingOf(p *org.Person, main *org.Post) filling {
	f := filling{p.Given != "", p.Family != "", p.Mail != "", p.Language != "", p.BirthYear != 0, p.Manager != "", p.Site != "", p.Shift != "", p.Number != "", p.Hidden != ""}
	if main != nil {
		f[10], f[11], f[12], f[13] = main.Unit != "", main.Function != "", main.FTE >= 0, main.Statute != ""
	}
	f[14] = p.From != 0
	return f
}

// judge finds the losses beyond the limits.
func (d *Difference) judge(current, next *org.Organisation, l Limits) {
	type tally struct{ before, gone int }
	units := map[string]*tally{}
	var had, lost [15]int
	gone, j := 0, 0
	var met others
	before, after := mainPosts(current), mainPosts(next)
	for i := range next.People {
		if !next.People[i].Out {
			d.After++
		}
	}
	for i := range current.People {
		p := &current.People[i]
		for j < len(next.People) && next.People[j].ID < p.ID {
			j++
		}
		if p.Out {
			continue
		}
		d.Before++
		stays := j < len(next.People) && next.People[j].ID == p.ID && !next.People[j].Out
		if stays && p.Sources != next.People[j].Sources {
			met.meet(p, &next.People[j])
		}
		main := before.of(p.ID)
		if main != nil && main.Unit != "" {
			u := units[main.Unit]
			if u == nil {
				u = &tally{}
				units[main.Unit] = u
			}
			if u.before++; !stays {
				u.gone++
			}
		}
		if !stays {
			gone++
			continue
		}
		a, b := fillingOf(p, main), fillingOf(&next.People[j], after.of(p.ID))
		for k := range a {
			if a[k] {
				if had[k]++; !b[k] {
					lost[k]++
				}
			}
		}
	}
	if l.People > 0 && gone > l.People || l.Share > 0 && gone > 0 && gone >= l.Least && float64(gone) > l.Share*float64(d.Before) {
		d.Losses = append(d.Losses, Loss{Kind: ManyPeople, N: gone, Of: d.Before})
	}
	for k, field := range filled {
		if l.Emptied > 0 && lost[k] > 0 && lost[k] >= l.Least && float64(lost[k]) >= l.Emptied*float64(had[k]) {
			d.Losses = append(d.Losses, Loss{Kind: EmptiedField, N: lost[k], Of: had[k], Field: field})
		}
	}
	if met.many() {
		d.Losses = append(d.Losses, Loss{Kind: OtherPeople, N: met.differ, Of: met.shared, First: met.first})
	}
	if l.Unit == 0 {
		return
	}
	var whole []Loss
	for i := range current.Units {
		u := &current.Units[i]
		if t := units[u.ID]; t != nil && t.gone == t.before && t.gone >= l.Unit {
			whole = append(whole, Loss{Kind: WholeUnit, N: t.gone, Of: t.before, ID: u.ID, Name: u.Name})
		}
	}
	slices.SortStableFunc(whole, func(a, b Loss) int { return cmp.Compare(b.N, a.N) })
	d.Losses = append(d.Losses, whole...)
}

// walk finds main posts of people who are asked for in order.
type walk struct {
	posts []org.Post
	at    int
}

func mainPosts(o *org.Organisation) *walk { return &walk{posts: o.Posts} }

// of returns the main post of a person, nil without one. Posts are in the order of people, the main one first.
func (w *walk) of(person string) *org.Post {
	for w.at < len(w.posts) && w.posts[w.at].Person < person {
		w.at++
	}
	if w.at < len(w.posts) && w.posts[w.at].Person == person {
		return &w.posts[w.at]
	}
	return nil
}
