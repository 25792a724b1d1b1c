package intake

import (
	"tekentafel/internal/instrument"
)

// target is something of the instrument that a file column may serve.
type target struct {
	id       string
	variable int                // index, or none
	option   *instrument.Option // of an absentOption; without it and without variable, a multiple choice in one cell
	item     string             // item ID
	ranks    [3][]string
}

// targets lists what file columns may serve, with the headings by which they are known: first those that the
// instrument names, then the IDs, then labels and wordings in all languages.
func targets(variables []instrument.Variable) []target {
	var list []target
	cells := map[string]bool{}
	for i, v := range variables {
		switch {
		case v.Option != nil:
			t := optionTarget(v.Item, v.Option)
			t.variable = i
			list = append(list, t)
			if cells[v.Item.ID] {
				continue
			}
			cells[v.Item.ID] = true
			list = append(list, itemTarget(v.Item, none))
			for j := range v.Item.Options {
				if o := &v.Item.Options[j]; o.Missing != instrument.NotMissing {
					t := optionTarget(v.Item, o)
					t.option = o
					list = append(list, t)
				}
			}
		case v.Row != nil:
			list = append(list, rowTarget(v, i))
		default:
			list = append(list, itemTarget(v.Item, i))
		}
	}
	return list
}

func optionTarget(item *instrument.Item, o *instrument.Option) target {
	t := target{id: item.ID + "." + o.ID, variable: none, item: item.ID}
	v := instrument.Variable{Item: item, Option: o}
	t.ranks[0] = names(v.Heading())
	t.ranks[1] = []string{t.id, item.ID + "_" + o.ID, item.ID + "[" + o.ID + "]"}
	for _, l := range instrument.Languages() {
		if label := o.Label[l]; label != "" {
			t.ranks[2] = append(t.ranks[2], label, item.Question[l]+" ["+label+"]", item.Label[l]+" ["+label+"]")
		}
	}
	return t
}

func rowTarget(v instrument.Variable, variable int) target {
	t := target{id: v.ID, variable: variable, item: v.Item.ID}
	t.ranks[0] = names(v.Heading())
	t.ranks[1] = []string{v.ID, v.Item.ID + "." + v.Row.ID, v.Item.ID + "_" + v.Row.ID, v.Item.ID + "[" + v.Row.ID + "]"}
	for _, l := range instrument.Languages() {
		if text := v.Row.Text[l]; text != "" {
			t.ranks[2] = append(t.ranks[2], text, v.Item.Question[l]+" ["+text+"]")
		}
		t.ranks[2] = append(t.ranks[2], names(v.Row.Label[l])...)
	}
	return t
}

func itemTarget(item *instrument.Item, variable int) target {
	t := target{id: item.ID, variable: variable, item: item.ID}
	t.ranks[0] = names(item.Heading())
	t.ranks[1] = []string{item.ID}
	for _, l := range instrument.Languages() {
		t.ranks[2] = append(t.ranks[2], names(item.Question[l])...)
		t.ranks[2] = append(t.ranks[2], names(item.Label[l])...)
	}
	return t
}

func names(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}
