package draft

import (
	"context"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// resolvePeople finds the people of the file among those that stand, and gives each what the file says.
func (r *resolver) resolvePeople(ctx context.Context) error {
	d := r.d
	standing := len(r.now.People)
	r.held = make([]bool, standing)
	r.postsOfNow()
	merged := r.merge()
	r.teams = merged
	r.people = make([]int32, len(d.folks))
	for i := range r.people {
		r.people[i] = -1
	}
	who := make([]int32, standing) // by who stands: the person of the file, -1
	for i := range who {
		who[i] = -1
	}
	r.matchKeys(who, merged)
	r.matchFormer(who, merged)
	r.matchOthers(who, merged)
	r.named = make([]bool, standing, standing+len(d.folks))
	r.next.Posts = make([]org.Post, 0, max(len(r.now.Posts), len(d.Rows)))
	for i := range r.next.People {
		if i%beat == 0 {
			if err := r.beat(ctx, i); err != nil {
				return err
			}
		}
		if who[i] >= 0 {
			r.named[i] = true
			r.give(i, merged[who[i]])
			continue
		}
		r.absent(i)
	}
	for _, i := range r.inKeyOrder(merged) {
		r.people[i] = int32(len(r.next.People))
		r.next.People = append(r.next.People, org.Person{ID: r.how.NewID()})
		r.named = append(r.named, true)
		r.give(len(r.next.People)-1, merged[i])
	}
	for i, into := range r.followed(merged) {
		r.people[i] = r.people[into]
	}
	r.next.Posts = append(r.next.Posts, r.stray...)
	r.numbers()
	if r.how.Progress != nil {
		r.how.Progress(int64(len(r.next.People)), int64(len(r.next.People)))
	}
	return nil
}

func (r *resolver) beat(ctx context.Context, done int) error {
	if r.how.Progress != nil {
		r.how.Progress(int64(done), int64(len(r.next.People)))
	}
	return ctx.Err()
}

// postsOfNow finds the posts of each person who stands. Posts of nobody stay as they are.
func (r *resolver) postsOfNow() {
	r.posts = make([]span, len(r.now.People))
	at := 0
	for i := range r.now.People {
		person := r.now.People[i].ID
		for at < len(r.now.Posts) && r.now.Posts[at].Person < person {
			r.stray = append(r.stray, r.now.Posts[at])
			at++
		}
		from := at
		for at < len(r.now.Posts) && r.now.Posts[at].Person == person {
			at++
		}
		r.posts[i] = span{int32(from), int32(at)}
	}
	r.stray = append(r.stray, r.now.Posts[at:]...)
}

// absent is what becomes of somebody whom the file does not name.
func (r *resolver) absent(i int) {
	p := &r.next.People[i]
	from := len(r.next.Posts)
	r.next.Posts = append(r.next.Posts, r.now.Posts[r.posts[i].from:r.posts[i].to]...)
	if !r.how.Complete || r.heldAt(i) || p.Out {
		return
	}
	if r.how.Source != "" && !p.LeftBy(r.how.Source) {
		return
	}
	p.Out, p.Sources = true, ""
	if r.open(p.Span) {
		p.To = r.how.Day
	}
	endPosts(r.next.Posts[from:], p.To)
}

// endPosts ends posts that go on after a day.
func endPosts(posts []org.Post, day org.Date) {
	for i := range posts {
		if s := &posts[i].Span; day != 0 && (s.To == 0 || s.To > day) {
			s.To = day
		}
	}
}

// give gives a person what the rows of the file say.
func (r *resolver) give(at int, t team) {
	p, d := &r.next.People[at], r.d
	if r.how.Complete {
		p.NamedBy(r.how.Source)
	}
	text := func(to *string, f mapping.Field, of func(*Row) string) {
		if !d.Fields.Has(f) {
			return
		}
		s, unread := r.told(t.rows, f, of)
		if s != "" || !unread {
			*to = s
		}
	}
	text(&p.Number, mapping.Number, func(row *Row) string { return row.Staff })
	if d.Fields.any(mapping.Family, mapping.Name, mapping.Given) {
		r.name(p, t.rows)
	}
	text(&p.Mail, mapping.Mail, func(row *Row) string { return row.Mail })
	text(&p.Language, mapping.Language, func(row *Row) string { return row.Language })
	text(&p.Hidden, mapping.National, func(row *Row) string { return row.Hidden })
	switch d.Key { // of people who were decided to be one, one key stays
	case mapping.Number:
		p.Number = t.key
	case mapping.Mail:
		p.Mail = t.key
	case mapping.National:
		p.Hidden = t.key
	default:
	}
	text(&p.Site, mapping.Site, func(row *Row) string { return row.Site })
	text(&p.Shift, mapping.Shift, func(row *Row) string { return row.Shift })
	if d.Fields.Has(mapping.Birth) {
		year, unread := 0, false
		for _, i := range t.rows {
			row := &d.Rows[i]
			unread = unread || row.Unread.Has(mapping.Birth)
			if year == 0 {
				year = row.BirthYear
			} else if row.BirthYear != 0 && row.BirthYear != year {
				r.doubts.add(TwoValues, mapping.Birth, -1, Cell{Row: row.Number})
			}
		}
		if year != 0 || !unread {
			p.BirthYear = year
		}
	}
	r.service(p, t.rows, len(r.posts) <= at)
	from := len(r.next.Posts)
	r.givePosts(at, t.rows)
	if p.Out {
		endPosts(r.next.Posts[from:], p.To)
	}
	r.chooseMain(r.next.Posts[from:])
}

// name takes over first name and family name, from the first row that has one.
func (r *resolver) name(p *org.Person, rows []int32) {
	d := r.d
	for _, i := range rows {
		row := &d.Rows[i]
		if row.Family == "" && row.Given == "" {
			continue
		}
		p.Family = row.Family
		if d.Fields.any(mapping.Given, mapping.Name) {
			p.Given = row.Given
		}
		break
	}
	if len(rows) > 1 {
		key := value.NameKey(p.Given, p.Family)
		for _, i := range rows[1:] {
			if row := &d.Rows[i]; (row.Family != "" || row.Given != "") && value.NameKey(row.Given, row.Family) != key {
				r.doubts.add(TwoValues, mapping.Family, -1, Cell{Row: row.Number, Value: row.Given + " " + row.Family, Other: p.Name()})
			}
		}
	}
}

// told returns the first value that rows hold, and whether a cell of the field was not understood. Values that contradict it are
// listed.
func (r *resolver) told(rows []int32, f mapping.Field, of func(*Row) string) (s string, unread bool) {
	for _, i := range rows {
		row := &r.d.Rows[i]
		unread = unread || row.Unread.Has(f)
		switch v := of(row); {
		case v == "" || v == s:
		case s == "":
			s = v
		case f != r.d.Key:
			c := Cell{Row: row.Number}
			if f != mapping.National {
				c.Value, c.Other = v, s
			}
			r.doubts.add(TwoValues, f, -1, c)
		}
	}
	return s, unread
}

// service settles since and until when somebody is in service, and whether.
func (r *resolver) service(p *org.Person, rows []int32, fresh bool) {
	d := r.d
	before := p.Span
	var from, to org.Date
	open, said, yes, badFrom, badTo := false, false, false, false, false
	for _, i := range rows {
		row := &d.Rows[i]
		badFrom = badFrom || row.Unread.Has(mapping.Start)
		if row.Start != 0 && (from == 0 || row.Start < from) {
			from = row.Start
		}
		switch {
		case row.Unread.Has(mapping.End):
			badTo = true
		case row.End == 0:
			open = true
		default:
			to = max(to, row.End)
		}
		said = said || row.Service != value.Unsaid
		yes = yes || row.Service == value.Yes
	}
	if d.Fields.Has(mapping.Start) && (from != 0 || !badFrom) {
		p.From = from
	}
	if open {
		to = 0
	}
	if d.Fields.Has(mapping.End) && (to != 0 || open || !badTo) {
		p.To = to
	}
	switch {
	case said && yes:
		if p.Out && !d.Fields.Has(mapping.End) && !r.open(before) {
			p.To = 0
		}
		p.Out = false
	case said:
		if !p.Out && p.To == 0 {
			p.To = r.how.Day
		}
		if p.To == 0 { // was out before, and the file gives no day
			p.To = before.To
		}
		p.Out = true
	case d.Fields.Has(mapping.End) && !badTo:
		p.Out = p.To != 0 && p.To <= r.how.Day
	case d.Fields.any(mapping.Service, mapping.End):
	case fresh:
	case r.how.Complete && p.Out: // in the file again
		p.Out, p.To = false, 0
	}
}
