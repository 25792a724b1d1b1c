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

// team is a person of the file, with the rows of those who were decided to be the same.
type team struct {
	key  string
	rows []int32
	into int32 // the person of the file that this one is taken as; -1 for itself
	left bool  // fits two people who stand
}

// merge brings people together who were decided to be one.
func (r *resolver) merge() []team {
	d := r.d
	teams := make([]team, len(d.folks))
	for i := range d.folks {
		teams[i] = team{key: d.Rows[d.folks[i].rows[0]].Key, rows: d.folks[i].rows, into: -1}
	}
	if len(r.how.Decisions.People) == 0 {
		return teams
	}
	joined := map[string]int32{} // new key: person of the file
	for _, i := range r.sortedTeams(teams) {
		t := &teams[i]
		into := follow(r.how.Decisions.People, t.key)
		if into == t.key {
			continue
		}
		other, ok := d.byKey[into]
		if !ok || follow(r.how.Decisions.People, into) != into {
			other, ok = joined[into]
		}
		if !ok {
			joined[into] = i
			t.key = into
			continue
		}
		t.into = other
		teams[other].rows = r.together(teams[other].rows, t.rows)
	}
	return teams
}

// followed returns who of the file is taken as whom of the file.
func (r *resolver) followed(teams []team) map[int]int32 {
	m := map[int]int32{}
	for i := range teams {
		if teams[i].into >= 0 {
			m[i] = teams[i].into
		}
	}
	return m
}

// keyOf returns the key of somebody who stands.
func (r *resolver) keyOf(p *org.Person) string {
	switch r.d.Key {
	case mapping.Mail:
		return p.Mail
	case mapping.National:
		return p.Hidden
	default:
		return p.Number
	}
}

// matchKeys recognises people by the key of the source. Where two who stand have one key the rows are left out, and nobody is
// taken to have gone.
func (r *resolver) matchKeys(who []int32, teams []team) {
	byKey := r.d.byKey
	if len(r.how.Decisions.People) > 0 {
		byKey = make(map[string]int32, len(teams))
		for i := range teams {
			if teams[i].into < 0 {
				byKey[teams[i].key] = int32(i)
			}
		}
	}
	for i := range r.now.People {
		key := r.keyOf(&r.now.People[i])
		if key == "" {
			continue
		}
		if r.d.held[key] {
			r.held[i] = true
		}
		at, ok := byKey[key]
		if !ok {
			continue
		}
		t := &teams[at]
		switch other := r.people[at]; {
		case t.left:
			r.held[i] = true
		case other < 0:
			r.people[at], who[i] = int32(i), at
		case r.now.People[other].Out != r.now.People[i].Out: // the one in service is meant
			if r.now.People[other].Out {
				who[other] = -1
				r.people[at], who[i] = int32(i), at
			}
		default:
			t.left = true
			r.held[i], r.held[other] = true, true
			who[other], r.people[at] = -1, -1
			for _, row := range t.rows {
				r.left = append(r.left, Rejected{Row: r.d.Rows[row].Number, Kind: TwoPeople, Column: -1, Value: r.shownKey(t.key)})
			}
		}
	}
}

// shownKey is a key for a person to read; a keyed hash says nothing.
func (r *resolver) shownKey(key string) string {
	if r.d.Key == mapping.National {
		return ""
	}
	return key
}

// matchOthers recognises who was not recognised by the key by what else tells people apart: the hash of a national number; the staff number
// where the key is another; the mail address of somebody without a staff number. Only where that leads from one to one.
func (r *resolver) matchOthers(who []int32, teams []team) {
	var byHidden, byNumber, byMail map[string]int32
	put := func(m *map[string]int32, key string, at int32) {
		if key == "" {
			return
		}
		if *m == nil {
			*m = map[string]int32{}
		}
		if _, taken := (*m)[key]; taken {
			at = -1
		}
		(*m)[key] = at
	}
	rest := false
	for i := range r.now.People {
		if who[i] < 0 && !r.held[i] {
			rest = true
			break
		}
	}
	if !rest || !r.d.Fields.any(mapping.National, mapping.Number, mapping.Mail) {
		return
	}
	for i := range teams {
		if r.people[i] >= 0 || teams[i].into >= 0 || teams[i].left {
			continue
		}
		at := int32(i)
		if r.d.Key != mapping.National {
			put(&byHidden, r.first(teams[i].rows, func(row *Row) string { return row.Hidden }), at)
		}
		if r.d.Key != mapping.Number {
			put(&byNumber, r.first(teams[i].rows, func(row *Row) string { return row.Staff }), at)
		}
		if r.d.Key != mapping.Mail {
			put(&byMail, r.first(teams[i].rows, func(row *Row) string { return row.Mail }), at)
		}
	}
	for _, by := range []struct {
		m   map[string]int32
		key func(*org.Person) string
	}{
		{byHidden, func(p *org.Person) string { return p.Hidden }},
		{byNumber, func(p *org.Person) string { return p.Number }},
		{byMail, func(p *org.Person) string {
			if p.Number != "" {
				return ""
			}
			return p.Mail
		}},
	} {
		if by.m == nil {
			continue
		}
		found := map[int32]int32{} // person of the file: who stands; -1 for more
		for i := range r.now.People {
			if who[i] >= 0 || r.held[i] {
				continue
			}
			at, ok := by.m[by.key(&r.now.People[i])]
			if !ok || at < 0 || r.people[at] >= 0 {
				continue
			}
			if _, more := found[at]; more {
				found[at] = -1
				continue
			}
			found[at] = int32(i)
		}
		for at, i := range found {
			if i >= 0 {
				r.people[at], who[i] = i, at
			}
		}
	}
}

// first returns the first value that rows hold, in the order in which they count.
func (r *resolver) first(rows []int32, of func(*Row) string) string {
	for _, i := range rows {
		if s := of(&r.d.Rows[i]); s != "" {
			return s
		}
	}
	return ""
}

// absent is what becomes of somebody whom the file does not name.
func (r *resolver) absent(i int) {
	p := &r.next.People[i]
	from := len(r.next.Posts)
	r.next.Posts = append(r.next.Posts, r.now.Posts[r.posts[i].from:r.posts[i].to]...)
	if !r.how.Complete || r.heldAt(i) || p.Out {
		return
	}
	p.Out = true
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

// numbers sees to it that no two people have one staff number, where people are recognised by something else.
func (r *resolver) numbers() {
	if r.d.Key == mapping.Number || !r.d.Fields.Has(mapping.Number) {
		return
	}
	owner := make(map[string]int32, len(r.next.People))
	for _, named := range []bool{false, true} { // who is not in the file keeps the number
		for i := range r.next.People {
			p := &r.next.People[i]
			if p.Number == "" || r.named[i] != named {
				continue
			}
			if _, taken := owner[p.Number]; taken && named {
				r.doubts.add(NumberTaken, mapping.Number, -1, Cell{Value: p.Number})
				if p.Number = ""; i < len(r.now.People) && r.now.People[i].Number != "" {
					if _, taken := owner[r.now.People[i].Number]; !taken {
						p.Number = r.now.People[i].Number
					}
				}
				if p.Number == "" {
					continue
				}
			}
			owner[p.Number] = int32(i)
		}
	}
}
