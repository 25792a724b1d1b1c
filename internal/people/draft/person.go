package draft

import (
	"slices"
	"strings"
	"unicode"

	"tekentafel/internal/contact"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// person reads what a row says of a person and a post. Unit and Function are mentions until all rows are read.
func (r *reader) person(n int, cells []string) Row {
	row := Row{Number: n, FTE: -1, Unit: r.places.mention(n, cells), Function: r.roles.mention(n, cells)}
	bad := func(f mapping.Field) {
		row.Unread |= bit(f)
		c := Cell{Row: n}
		if f != mapping.National {
			c.Value = r.cell(cells, f)
		}
		r.doubts.add(BadValue, f, r.of(f), c)
	}
	row.Given, row.Family = r.text(cells, mapping.Given), r.text(cells, mapping.Family)
	if r.fields.Has(mapping.Name) && !r.fields.Has(mapping.Family) {
		given, family := splitName(r.text(cells, mapping.Name))
		if row.Family = r.texts.of(family); row.Given == "" {
			row.Given = r.texts.of(given)
		}
	}
	row.Statute, row.Site, row.Shift = r.text(cells, mapping.Statute), r.text(cells, mapping.Site), r.text(cells, mapping.Shift)
	if c := r.cell(cells, mapping.Number); c != "" && r.key != mapping.Number {
		if row.Staff = strings.Clone(r.number(c)); len(row.Staff) > contact.LongestNumber {
			row.Staff = ""
			bad(mapping.Number)
		}
	}
	if c := r.cell(cells, mapping.Mail); c != "" && r.key != mapping.Mail {
		m, ok := mail(c)
		if row.Mail = strings.Clone(m); !ok {
			bad(mapping.Mail)
		}
	}
	if c := r.cell(cells, mapping.National); c != "" && r.key != mapping.National {
		if h := line(c); strings.HasPrefix(h, mapping.HashMark) && len(h) < longest {
			row.Hidden = strings.Clone(h)
		} else {
			bad(mapping.National)
		}
	}
	if c := r.cell(cells, mapping.Language); c != "" {
		l, ok := value.Language(c)
		if row.Language = l; !ok {
			bad(mapping.Language)
		}
	}
	if c := r.cell(cells, mapping.Birth); c != "" {
		y, ok := value.Year(c, r.values.Dates, r.born)
		if ok {
			row.BirthYear = y
		} else {
			bad(mapping.Birth)
		}
	}
	if c := r.cell(cells, mapping.FTE); c != "" {
		v, ok := value.FTE(c, r.values.Scale, r.full)
		if ok {
			row.FTE = v
		} else {
			bad(mapping.FTE)
		}
	}
	r.days(&row, cells, bad)
	r.service(&row, cells, bad)
	r.manager(&row, cells, bad)
	return row
}

// number reads a staff number of the source.
func (r *reader) number(cell string) string { return prefixed(r.prefix, number(cell, r.values.Width)) }

// days reads the dates. An end is kept as the first day after, as org.Span has it.
func (r *reader) days(row *Row, cells []string, bad func(mapping.Field)) {
	for _, x := range [...]struct {
		field mapping.Field
		into  *org.Date
		end   bool
	}{{mapping.Start, &row.Start, false}, {mapping.End, &row.End, true}, {mapping.PostStart, &row.PostStart, false}, {mapping.PostEnd, &row.PostEnd, true}} {
		c := r.cell(cells, x.field)
		if c == "" {
			continue
		}
		d, ok := value.Date(c, r.values.Dates, r.latest)
		if !ok {
			bad(x.field)
			continue
		}
		if x.end && !r.values.AfterEnd && d != 0 {
			d = org.DateOf(d.Time().AddDate(0, 0, 1))
		}
		*x.into = d
	}
}

func (r *reader) service(row *Row, cells []string, bad func(mapping.Field)) {
	c := r.cell(cells, mapping.Service)
	if c == "" {
		return
	}
	a, mark := value.Service(c)
	switch key := value.Fold(c); {
	case r.in[key]:
		a, mark = value.Yes, false
		if r.values.Inverse { // the words are about the person, not about the column
			a = value.No
		}
	case r.out[key]:
		a, mark = value.No, false
		if r.values.Inverse {
			a = value.Yes
		}
	}
	switch {
	case a == value.Unsaid:
		r.marks.answers++
		bad(mapping.Service)
		return
	case mark:
		r.marks.marks++
	default:
		r.marks.answers++
	}
	if r.values.Inverse {
		a = value.Yes + value.No - a
	}
	row.Service = a
}

func (r *reader) manager(row *Row, cells []string, bad func(mapping.Field)) {
	if c := r.cell(cells, mapping.ManagerNumber); c != "" {
		row.ManagerNumber = r.texts.of(r.number(c))
	}
	if c := r.cell(cells, mapping.ManagerMail); c != "" {
		m, ok := mail(c)
		if row.ManagerMail = r.texts.of(m); !ok {
			bad(mapping.ManagerMail)
		}
	}
	row.ManagerName = r.text(cells, mapping.ManagerName)
}

// splitName tells first name and family name apart where the way of writing does: "Peeters, Jan", "PEETERS Jan", "Jan PEETERS". Else
// the whole is the family name.
func splitName(s string) (given, family string) {
	if f, g, ok := strings.Cut(s, ","); ok && !strings.Contains(g, ",") {
		return strings.TrimSpace(g), strings.TrimSpace(f)
	}
	words := strings.Fields(s)
	loud := make([]bool, len(words))
	n := 0
	for i, w := range words {
		letters := 0
		loud[i] = true
		for _, r := range w {
			if unicode.IsLetter(r) {
				letters++
				loud[i] = loud[i] && unicode.IsUpper(r)
			}
		}
		if loud[i] = loud[i] && letters > 1; loud[i] {
			n++
		}
	}
	if n == 0 || n == len(words) {
		return "", s
	}
	first := slices.Index(loud, true)
	for i := first; i < first+n; i++ {
		if !loud[i] {
			return "", s
		}
	}
	switch {
	case first == 0:
		return strings.Join(words[n:], " "), strings.Join(words[:n], " ")
	case first+n == len(words):
		return strings.Join(words[:first], " "), strings.Join(words[first:], " ")
	}
	return "", s
}
