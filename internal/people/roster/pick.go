package roster

import (
	"context"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

// mostSuggested is how many names a field suggests at most; what is not suggested can still be typed.
const mostSuggested = 1000

// matches finds what a text means among labels, codes and names: the label itself, else a code, else the only one with that name, else
// the only one whose label begins so. Several are returned when it is not clear.
func matches(text string, n int, label, code, name func(int) string) []int {
	var byLabel, byCode, byName, begins []int
	text = strings.ToLower(strings.TrimSpace(text))
	for i := range n {
		switch l := strings.ToLower(label(i)); {
		case l == text:
			byLabel = append(byLabel, i)
		case code(i) != "" && strings.ToLower(code(i)) == text:
			byCode = append(byCode, i)
		case strings.ToLower(name(i)) == text:
			byName = append(byName, i)
		case strings.HasPrefix(l, text):
			begins = append(begins, i)
		}
	}
	for _, found := range [][]int{byLabel, byCode, byName} {
		if len(found) > 0 {
			return found
		}
	}
	return begins
}

// wrongPick puts on the form that a text names nothing, or several things.
func wrongPick(form *problem.Form, field, what string, names []string) {
	if len(names) == 0 {
		form.Wrong(field, "pick."+what+"-none", nil)
		return
	}
	const most = 5
	form.Wrong(field, "pick."+what+"-several", i18n.Args{"names": strings.Join(names[:min(len(names), most)], "; ")})
}

// pickUnit returns the id of the unit that a text means; "" for no text.
func (b *board) pickUnit(text, field string, form *problem.Form) string {
	if text == "" {
		return ""
	}
	if _, ok := b.unit[text]; ok {
		return text
	}
	found := matches(text, len(b.units), func(i int) string { return b.label[i] }, func(i int) string { return b.units[i].Code }, func(i int) string { return b.units[i].Name })
	if len(found) == 1 {
		return b.units[found[0]].ID
	}
	var names []string
	for _, i := range found {
		names = append(names, b.label[i])
	}
	wrongPick(form, field, "unit", names)
	return ""
}

// pickFunction returns the id of the function that a text means; "" for no text.
func (b *board) pickFunction(text, field string, form *problem.Form) string {
	if text == "" {
		return ""
	}
	if _, ok := b.function[text]; ok {
		return text
	}
	found := matches(text, len(b.functions), func(i int) string { return b.fnLabel[i] }, func(i int) string { return b.functions[i].Code }, func(i int) string { return b.functions[i].Name })
	if len(found) == 1 {
		return b.functions[found[0]].ID
	}
	var names []string
	for _, i := range found {
		names = append(names, b.fnLabel[i])
	}
	wrongPick(form, field, "function", names)
	return ""
}

// pickPerson returns the id of the person in service whom a text means: a name, number or mail address. Who is found is noted as seen.
func (x *Roster) pickPerson(ctx context.Context, actor access.Actor, text, field string, form *problem.Form) (string, error) {
	if text == "" {
		return "", nil
	}
	found, err := x.Search(ctx, actor, store.Query{Search: text, Limit: 6})
	if err != nil || len(found.People) == 1 {
		return first(found.People), err
	}
	var names []string
	for i := range found.People {
		p := &found.People[i]
		if strings.EqualFold(p.Name(), text) && !sameName(found.People, i) {
			return p.ID, nil
		}
		name := p.Name()
		if p.Mail != "" {
			name += " (" + p.Mail + ")"
		}
		names = append(names, name)
	}
	wrongPick(form, field, "person", names)
	return "", nil
}

func first(list []people.Person) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].ID
}

// sameName tells whether another in a list has the name of the one at i.
func sameName(list []people.Person, i int) bool {
	for j := range list {
		if j != i && strings.EqualFold(list[j].Name(), list[i].Name()) {
			return true
		}
	}
	return false
}

// unitSuggestions and functionSuggestions are the names that a field suggests.
func (b *board) unitSuggestions() []string {
	var out []string
	for i := range b.units {
		if b.units[i].On(b.day) && len(out) < mostSuggested {
			out = append(out, b.label[i])
		}
	}
	return out
}

func (b *board) functionSuggestions() []string {
	var out []string
	for i := range b.functions {
		if b.functions[i].On(b.day) && len(out) < mostSuggested {
			out = append(out, b.fnLabel[i])
		}
	}
	return out
}
