package desk

import (
	"strconv"

	"tekentafel/internal/i18n"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/org"
)

// block is what changes of one kind in one way, such as people that are new.
type block struct {
	title string
	lines []line
	more  string
}

// line is one thing that changes, with what in words.
type line struct{ name, what string }

// blocks are the first ones of each kind of change.
func (x importView) blocks() []block {
	d := x.shown.Difference
	var out []block
	for _, s := range []struct {
		subject draft.Subject
		part    *draft.Part
	}{{draft.OfPeople, &d.People}, {draft.OfUnits, &d.Units}, {draft.OfFunctions, &d.Functions}, {draft.OfPosts, &d.Posts}} {
		for _, k := range []struct {
			key   string
			count int
			list  []draft.Entry
		}{{"added", s.part.Added, s.part.FirstAdded}, {"changed", s.part.Changed, s.part.FirstChanged}, {"gone", s.part.Gone, s.part.FirstGone}, {"back", s.part.Back, s.part.FirstBack}} {
			if k.count == 0 {
				continue
			}
			b := block{title: x.w.n("first."+string(s.subject)+"-"+k.key, k.count)}
			for i := range k.list {
				b.lines = append(b.lines, x.line(s.subject, &k.list[i]))
			}
			if more := k.count - len(k.list); more > 0 {
				b.more = x.w.n("first.more", more)
			}
			out = append(out, b)
		}
	}
	return out
}

func (x importView) line(s draft.Subject, e *draft.Entry) line {
	name := e.Name
	if s == draft.OfPosts { // it is named after its person
		name = x.name(e.Name)
	}
	var parts []string
	for i := range e.Fields {
		parts = append(parts, x.change(s, &e.Fields[i]))
	}
	return line{name, x.w.Series(parts)}
}

// change writes a field that changes: "eenheid: van ‘Groen’ naar ‘Financiën’". What nobody needs to see is only named.
func (x importView) change(s draft.Subject, c *draft.Change) string {
	field := x.w.changed(s, c.Field)
	if c.Field == "hidden" || c.Field == "birthYear" {
		return x.w.T("change.only", i18n.Args{"field": field})
	}
	from, to := x.value(c.Field, c.From), x.value(c.Field, c.To)
	args := i18n.Args{"field": field, "from": from, "to": to}
	switch {
	case from == "":
		return x.w.T("change.filled", args)
	case to == "":
		return x.w.T("change.emptied", args)
	}
	return x.w.T("change.from-to", args)
}

// changed names a field of a unit, function, person or post.
func (w words) changed(s draft.Subject, field string) string {
	if field == "family" && s == draft.OfPeople {
		field = "surname"
	}
	if field == "birthYear" {
		field = "birth"
	}
	return w.say("changed." + field)
}

// value writes a value of a field; "" for none.
func (x importView) value(field, v string) string {
	if v == "" {
		return ""
	}
	switch field {
	case "parent", "head", "manager", "unit", "function", "person":
		return x.w.Quote(x.name(v))
	case "fte":
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return ""
		}
		return x.w.Decimal(float64(n)/10, decimals(n)) + "\u00a0%"
	case "out", "main":
		return x.w.say("changed." + field + "-" + v)
	case "from", "to":
		if day, ok := org.ParseDate(v); ok {
			return x.w.Date(day.Time())
		}
	case "work":
		return x.w.say("changed.work-" + v)
	case "language":
		if key := "changed.language-" + v; x.w.Has(key) {
			return x.w.say(key)
		}
	}
	return x.w.Quote(v)
}

// decimals is how many decimals thousandths need as percents.
func decimals(thousandths int) int {
	if thousandths%10 == 0 {
		return 0
	}
	return 1
}
