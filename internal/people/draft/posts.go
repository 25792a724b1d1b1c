package draft

import (
	"cmp"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
)

// wanted is a post that a row gives, before it is known which one it is.
type wanted struct {
	org.Post
	row *Row
}

// postFields are the fields that make a post.
var postFields = []mapping.Field{
	mapping.UnitName, mapping.UnitCode, mapping.UnitPath, mapping.UnitLevel, mapping.UnitIndent, mapping.FunctionName, mapping.FunctionCode, mapping.FTE, mapping.Statute, mapping.PostStart, mapping.PostEnd,
}

// givePosts gives a person the posts of the rows. A post that stands stays the one it was where unit and function are the same; what is left
// of both is matched in order, so that somebody who changes unit or function keeps the post. A post that the rows no longer have is gone,
// unless the file is partial.
func (r *resolver) givePosts(at int, rows []int32) {
	var stand []org.Post
	if at < len(r.posts) {
		stand = r.now.Posts[r.posts[at].from:r.posts[at].to]
	}
	if !r.d.Fields.any(postFields...) {
		r.next.Posts = append(r.next.Posts, stand...)
		return
	}
	person := r.next.People[at].ID
	var list [4]wanted
	want := list[:0]
	for _, i := range rows {
		if row := &r.d.Rows[i]; row.hasPost() {
			w := wanted{r.post(row, person), row}
			if p := &r.next.People[at]; p.Out && p.To != 0 && (w.To == 0 || w.To > p.To) {
				w.To = p.To
			}
			want = append(want, w)
		}
	}
	var usedRoom, doneRoom [8]bool
	used, done := room(usedRoom[:], len(stand)), room(doneRoom[:], len(want))
	for level := range 7 {
		for i := range want {
			if done[i] {
				continue
			}
			for _, ended := range [...]bool{false, true} { // a post that goes on is matched first
				k := 0
				for k < len(stand) && (used[k] || r.open(stand[k].Span) == ended || !r.alike(&want[i], &stand[k], level)) {
					k++
				}
				if k < len(stand) {
					used[k], done[i] = true, true
					r.takeOver(&want[i], &stand[k])
					break
				}
			}
		}
	}
	for i := range want {
		if !done[i] {
			want[i].ID = r.how.NewID()
		}
		r.next.Posts = append(r.next.Posts, want[i].Post)
	}
	for k := range stand {
		if !used[k] && !r.how.Complete {
			r.next.Posts = append(r.next.Posts, stand[k])
		}
	}
}

func room(fixed []bool, n int) []bool {
	if n <= len(fixed) {
		return fixed[:n]
	}
	return make([]bool, n)
}

// hasPost tells whether a row says anything of a post.
func (row *Row) hasPost() bool {
	return row.Unit >= 0 || row.Function >= 0 || row.FTE >= 0 || row.Statute != "" || row.Unread.any(mapping.FTE)
}

// post is what a row says of a post. The days in service are those of the post where the file has none of its own.
func (r *resolver) post(row *Row, person string) org.Post {
	p := org.Post{Person: person, FTE: row.FTE, Statute: row.Statute}
	if row.Unit >= 0 {
		p.Unit = r.next.Units[r.units[row.Unit]].ID
	}
	if row.Function >= 0 {
		p.Function = r.next.Functions[r.functions[row.Function]].ID
	}
	start, end := r.dayFields()
	if p.From = row.Start; start == mapping.PostStart {
		p.From = row.PostStart
	}
	if p.To = row.End; end == mapping.PostEnd {
		p.To = row.PostEnd
	}
	return p
}

// dayFields returns the fields that say when a post begins and ends.
func (r *resolver) dayFields() (start, end mapping.Field) {
	start, end = mapping.Start, mapping.End
	if r.d.Fields.Has(mapping.PostStart) {
		start = mapping.PostStart
	}
	if r.d.Fields.Has(mapping.PostEnd) {
		end = mapping.PostEnd
	}
	return start, end
}

func (r *resolver) knowsUnits() bool {
	return r.d.Fields.any(mapping.UnitName, mapping.UnitCode, mapping.UnitPath, mapping.UnitLevel, mapping.UnitIndent)
}

func (r *resolver) knowsFunctions() bool {
	return r.d.Fields.any(mapping.FunctionName, mapping.FunctionCode)
}

// alike tells whether a post that stands may be the one that a row gives: at level 0 when it is the same throughout, at level 1 as far as
// the row was understood, then ever less.
func (r *resolver) alike(w *wanted, p *org.Post, level int) bool {
	unit := !r.knowsUnits() || w.Unit == p.Unit
	function := !r.knowsFunctions() || w.Function == p.Function
	statute := !r.d.Fields.Has(mapping.Statute) || w.Statute == p.Statute
	switch level {
	case 0, 1:
		start, end := r.dayFields()
		if level == 0 && w.row.Unread.any(mapping.FTE, start, end) {
			return false
		}
		said := func(f mapping.Field) bool { return r.d.Fields.Has(f) && !w.row.Unread.Has(f) }
		return unit && function && statute && (!said(mapping.FTE) || w.FTE == p.FTE) && (!said(start) || w.From == p.From) && (!said(end) || w.To == p.To)
	case 2:
		return unit && function && statute
	case 3:
		return unit && function
	case 4:
		return unit
	case 5:
		return function
	}
	return true
}

// takeOver keeps of a post that stands what the file does not say.
func (r *resolver) takeOver(w *wanted, p *org.Post) {
	w.ID, w.Main = p.ID, p.Main
	fields, unread := r.d.Fields, w.row.Unread
	if !r.knowsUnits() {
		w.Unit = p.Unit
	}
	if !r.knowsFunctions() {
		w.Function = p.Function
	}
	if !fields.Has(mapping.FTE) || unread.Has(mapping.FTE) {
		w.FTE = p.FTE
	}
	if !fields.Has(mapping.Statute) {
		w.Statute = p.Statute
	}
	start, end := r.dayFields()
	if !fields.Has(start) || unread.Has(start) {
		w.From = p.From
	}
	if !fields.Has(end) || unread.Has(end) {
		w.To = p.To
		if !fields.Has(end) && !r.open(p.Span) { // it ended when somebody went, who is in the file again
			w.To = 0
		}
	}
}

// chooseMain makes one post of a person the main one: of those that go on, the one of the largest part of full time, then the one that
// began first, then the one that is it already, then the first.
func (r *resolver) chooseMain(posts []org.Post) {
	if len(posts) == 0 {
		return
	}
	best := 0
	for i := 1; i < len(posts); i++ {
		a, b := &posts[i], &posts[best]
		if c := cmp.Or(setFirst(r.open(b.Span), r.open(a.Span)), cmp.Compare(b.FTE, a.FTE), early(a.From, b.From), setFirst(b.Main, a.Main)); c < 0 {
			best = i
		}
	}
	for i := range posts {
		posts[i].Main = i == best
	}
}

// setFirst compares two flags: -1 when only b is set.
func setFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
