package draft

import (
	"cmp"
	"slices"
	"strings"

	"tekentafel/internal/contact"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
)

// take reads a row.
func (r *reader) take(d *Draft, number int, cells []string) {
	reject := func(kind Kind, f mapping.Field) {
		x := Rejected{Row: number, Kind: kind, Column: -1}
		if f != mapping.Ignore {
			x.Column = r.of(f)
			if x.Column >= 0 && x.Column < len(cells) && f != mapping.National {
				x.Value = short(cells[x.Column])
			}
		}
		d.Rejected = append(d.Rejected, x)
	}
	if kind := r.odd(cells); kind != "" {
		reject(kind, mapping.Ignore)
		return
	}
	switch d.Content {
	case mapping.Units:
		r.takeUnit(d, number, cells, reject)
	case mapping.Functions:
		r.takeFunction(d, number, cells, reject)
	case mapping.People:
		r.takePerson(d, number, cells, reject)
	case mapping.Nothing:
	}
}

func (r *reader) takeUnit(d *Draft, number int, cells []string, reject func(Kind, mapping.Field)) {
	if !r.places.follows() && len(r.places.names(cells)) == 0 || r.places.mention(number, cells) < 0 {
		reject(NoName, mapping.Ignore)
		return
	}
	d.Taken++
}

func (r *reader) takeFunction(d *Draft, number int, cells []string, reject func(Kind, mapping.Field)) {
	if r.cell(cells, mapping.FunctionName) == "" || r.roles.mention(number, cells) < 0 {
		reject(NoName, mapping.FunctionName)
		return
	}
	d.Taken++
}

func (r *reader) takePerson(d *Draft, number int, cells []string, reject func(Kind, mapping.Field)) {
	key, kind := r.keyOf(cells)
	if kind == NoKey && r.places.heading(number, cells, r.used) {
		d.Taken++ // the name of a unit above the rows of its people
		return
	}
	if kind != "" {
		reject(kind, r.key)
		return
	}
	row := r.person(number, cells)
	who, known := d.byKey[key]
	if !known {
		key = strings.Clone(key)
		who = int32(len(d.folks))
		d.byKey[key] = who
		d.folks = append(d.folks, folk{})
	} else {
		key = d.Rows[d.folks[who].rows[0]].Key
	}
	row.Key = key
	switch r.key {
	case mapping.Number:
		row.Staff = key
	case mapping.Mail:
		row.Mail = key
	case mapping.National:
		row.Hidden = key
	default:
	}
	d.folks[who].rows = append(d.folks[who].rows, int32(len(d.Rows)))
	d.Rows = append(d.Rows, row)
	d.Taken++
}

// keyOf returns what the person is recognised by.
func (r *reader) keyOf(cells []string) (string, Kind) {
	c := r.cell(cells, r.key)
	if c == "" {
		return "", NoKey
	}
	switch r.key {
	case mapping.Mail:
		if m, ok := mail(c); ok {
			return m, ""
		}
		return "", BadKey
	case mapping.National:
		if h := line(c); strings.HasPrefix(h, mapping.HashMark) && len(h) < longest {
			return h, ""
		}
		return "", BadKey
	default:
		n := r.number(c)
		if n == "" {
			return "", NoKey
		}
		if len(n) > contact.LongestNumber {
			return "", BadKey
		}
		return n, ""
	}
}

// mail reads an address, also as "Jan Peeters <jan@stad.be>" and "mailto:jan@stad.be".
func mail(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = s[i+1 : len(s)-1]
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	return contact.Mail(s)
}

// finish settles what depends on all rows: which units and functions there are, rows that are the same, people without a name.
func (r *reader) finish(d *Draft) {
	unitOf := r.places.settle(d, &r.doubts)
	functionOf := r.roles.settle(d, &r.doubts)
	for i := range d.Rows {
		row := &d.Rows[i]
		if row.Unit >= 0 {
			row.Unit = unitOf[row.Unit]
		}
		if row.Function >= 0 {
			row.Function = functionOf[row.Function]
		}
		if r.fields.Has(mapping.Service) && row.Service == value.Unsaid && !row.Unread.Has(mapping.Service) && r.marks.marks > 0 && r.marks.answers == 0 {
			row.Service = value.No // a column of marks says no by an empty cell
			if r.values.Inverse {
				row.Service = value.Yes
			}
		}
	}
	d.settleFolks(r)
	slices.SortStableFunc(d.Rejected, func(a, b Rejected) int { return cmp.Compare(a.Row, b.Row) })
	d.Doubts = r.doubts.done()
}
