package draft

import (
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
)

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

// byKey finds the people of the file by what they are recognised by.
func (r *resolver) byKey(teams []team) map[string]int32 {
	if len(r.how.Decisions.People) == 0 {
		return r.d.byKey
	}
	byKey := make(map[string]int32, len(teams))
	for i := range teams {
		if teams[i].into < 0 {
			byKey[teams[i].key] = int32(i)
		}
	}
	return byKey
}

// matchFormer recognises people of the source who stand under their number of before its prefix changed. Whoever another source names too
// keeps the number, which is that of the other source as well.
func (r *resolver) matchFormer(who []int32, teams []team) {
	if r.d.Key != mapping.Number || !r.how.Complete || r.how.Source == "" || len(r.how.Former) == 0 {
		return
	}
	byKey := r.byKey(teams)
	for i := range r.now.People {
		p := &r.now.People[i]
		if who[i] >= 0 || r.held[i] || p.Sources != r.how.Source || p.Number == "" {
			continue
		}
		for k := len(r.how.Former) - 1; k >= 0; k-- {
			key, had := renumbered(r.d.prefix, r.how.Former[k], p.Number)
			if !had {
				continue
			}
			if r.d.held[key] {
				r.held[i] = true
			}
			if at, ok := byKey[key]; ok && r.people[at] < 0 && !teams[at].left {
				r.people[at], who[i] = int32(i), at
				break
			}
		}
	}
}

// matchKeys recognises people by the key of the source. Where two who stand have one key the rows are left out, and nobody is
// taken to have gone.
func (r *resolver) matchKeys(who []int32, teams []team) {
	byKey := r.byKey(teams)
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
