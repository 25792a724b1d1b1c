package draft

import (
	"slices"
	"strings"

	"tekentafel/internal/people/org"
)

// Diff says what differs on a day between the organisation that stands and the next one, both in order (org.Organisation.Sort), and which
// losses go beyond the limits.
func Diff(current, next *org.Organisation, day org.Date, limits Limits) *Difference {
	over := func(s org.Span) bool { return s.To != 0 && s.To <= day }
	d := &Difference{Puts: &org.Organisation{}, Ends: map[Subject][]string{}}
	compare(d, OfUnits, &d.Units, current.Units, next.Units, &d.Puts.Units, kindOf[org.Unit]{
		id: func(u *org.Unit) string { return u.ID }, name: func(u *org.Unit) string { return u.Name },
		gone: func(u *org.Unit) bool { return over(u.Span) }, changes: unitChanges,
	})
	compare(d, OfFunctions, &d.Functions, current.Functions, next.Functions, &d.Puts.Functions, kindOf[org.Function]{
		id: func(f *org.Function) string { return f.ID }, name: func(f *org.Function) string { return f.Name },
		gone: func(f *org.Function) bool { return over(f.Span) }, changes: functionChanges,
	})
	compare(d, OfPeople, &d.People, current.People, next.People, &d.Puts.People, kindOf[org.Person]{
		id: func(p *org.Person) string { return p.ID }, name: (*org.Person).Name,
		gone: func(p *org.Person) bool { return p.Out }, changes: personChanges,
	})
	compare(d, OfPosts, &d.Posts, byID(current.Posts), byID(next.Posts), &d.Puts.Posts, kindOf[org.Post]{
		id: func(p *org.Post) string { return p.ID }, name: func(p *org.Post) string { return p.Person },
		gone: func(p *org.Post) bool { return over(p.Span) }, changes: postChanges,
	})
	d.judge(current, next, limits)
	return d
}

// byID returns posts in the order of their ids.
func byID(posts []org.Post) []org.Post {
	less := func(a, b org.Post) int { return strings.Compare(a.ID, b.ID) }
	if slices.IsSortedFunc(posts, less) {
		return posts
	}
	posts = slices.Clone(posts)
	slices.SortFunc(posts, less)
	return posts
}

// kindOf is what compare needs to know of a kind of thing.
type kindOf[T comparable] struct {
	id, name func(*T) string
	gone     func(*T) bool // ends, or is out of service
	changes  func(a, b *T) changes
}

// compare walks through two slices in the order of ids.
func compare[T comparable](d *Difference, subject Subject, part *Part, a, b []T, puts *[]T, k kindOf[T]) {
	note := func(n *int, first *[]Entry, x *T, fields []Change) {
		if *n++; len(*first) < Shown {
			*first = append(*first, Entry{ID: k.id(x), Name: k.name(x), Fields: fields})
		}
	}
	if len(a) == 0 { // all of it is new: no copy
		*puts = b
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		order := 0
		switch {
		case i == len(a):
			order = 1
		case j == len(b):
			order = -1
		default:
			order = strings.Compare(k.id(&a[i]), k.id(&b[j]))
		}
		switch {
		case order < 0:
			if d.Ends[subject] = append(d.Ends[subject], k.id(&a[i])); !k.gone(&a[i]) {
				note(&part.Gone, &part.FirstGone, &a[i], nil)
			}
			i++
		case order > 0:
			note(&part.Added, &part.FirstAdded, &b[j], nil)
			if len(a) > 0 {
				*puts = append(*puts, b[j])
			}
			j++
		default:
			if a[i] != b[j] {
				*puts = append(*puts, b[j])
				before, after := k.gone(&a[i]), k.gone(&b[j])
				switch {
				case !before && after:
					note(&part.Gone, &part.FirstGone, &b[j], nil)
				case before && !after:
					note(&part.Back, &part.FirstBack, &b[j], nil)
				default:
					list := k.changes(&a[i], &b[j])
					note(&part.Changed, &part.FirstChanged, &b[j], list)
					if part.Fields == nil {
						part.Fields = map[string]int{}
					}
					for _, c := range list {
						part.Fields[c.Field]++
					}
				}
			}
			i++
			j++
		}
	}
}
