package draft

import (
	"cmp"
	"slices"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
)

// order compares two rows of a person by which counts first: the larger part of full time, then the longer post. Beyond that by all they
// say, so that the order in the file does not matter; 0 for rows that say the same.
func order(a, b *Row) int {
	if c := cmp.Or(cmp.Compare(b.FTE, a.FTE), early(a.since(), b.since())); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Statute, b.Statute), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End),
		cmp.Compare(a.PostStart, b.PostStart), cmp.Compare(a.PostEnd, b.PostEnd), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Staff, b.Staff), cmp.Compare(a.Family, b.Family),
		cmp.Compare(a.Given, b.Given), cmp.Compare(a.Mail, b.Mail), cmp.Compare(a.Language, b.Language), cmp.Compare(a.Hidden, b.Hidden), cmp.Compare(a.BirthYear, b.BirthYear),
		cmp.Compare(a.ManagerNumber, b.ManagerNumber), cmp.Compare(a.ManagerMail, b.ManagerMail), cmp.Compare(a.ManagerName, b.ManagerName), cmp.Compare(a.Site, b.Site),
		cmp.Compare(a.Shift, b.Shift), cmp.Compare(a.Unread, b.Unread),
	)
}

func (row *Row) since() org.Date {
	if row.PostStart != 0 {
		return row.PostStart
	}
	return row.Start
}

// early compares two days; one that nobody knows comes last.
func early(a, b org.Date) int {
	switch {
	case a == b:
		return 0
	case a == 0:
		return 1
	case b == 0:
		return -1
	}
	return cmp.Compare(a, b)
}

// settleFolks brings the rows of each person in order, and lists rows that say the same as another, and people without a name.
func (d *Draft) settleFolks(r *reader) {
	drop := make(map[int32]Kind)
	for i := range d.folks {
		rows := d.folks[i].rows
		if len(rows) > 1 {
			slices.SortStableFunc(rows, func(a, b int32) int { return order(&d.Rows[a], &d.Rows[b]) })
			for k := len(rows) - 1; k > 0; k-- {
				if order(&d.Rows[rows[k]], &d.Rows[rows[k-1]]) == 0 {
					drop[rows[k]] = SameRow
				}
			}
		}
		if !slices.ContainsFunc(rows, func(k int32) bool { return d.Rows[k].Family != "" || d.Rows[k].Given != "" }) {
			for _, k := range rows {
				drop[k] = NoName
			}
			d.held[d.Rows[rows[0]].Key] = true
		}
	}
	if len(drop) == 0 {
		return
	}
	name := mapping.Family
	if r.of(name) < 0 {
		name = mapping.Name
	}
	place, kept := make([]int32, len(d.Rows)), d.Rows[:0]
	for i := range d.Rows {
		kind, gone := drop[int32(i)]
		if !gone {
			place[i] = int32(len(kept))
			kept = append(kept, d.Rows[i])
			continue
		}
		place[i] = -1
		x := Rejected{Row: d.Rows[i].Number, Kind: kind, Column: -1}
		if kind == NoName {
			x.Column = r.of(name)
		}
		d.Rejected = append(d.Rejected, x)
		d.Taken--
	}
	clear(d.Rows[len(kept):])
	d.Rows = kept
	folks := d.folks[:0]
	clear(d.byKey)
	for _, f := range d.folks {
		rows := f.rows[:0]
		for _, k := range f.rows {
			if place[k] >= 0 {
				rows = append(rows, place[k])
			}
		}
		if len(rows) > 0 {
			d.byKey[d.Rows[rows[0]].Key] = int32(len(folks))
			folks = append(folks, folk{rows})
		}
	}
	d.folks = folks
}
