package compose

import (
	"net/url"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// condition lets an own question be asked of those whom its condition names. Before are the items that come before it.
func (m *mixer) condition(it *instrument.Item, c *Condition, before []instrument.Item) {
	v, ok := choosable(before, c.Item)
	if !ok {
		m.issue("condition-gone", it.ID, it.Question)
		return
	}
	offered := map[string]bool{}
	for _, o := range v.Item.Options {
		if o.Missing == instrument.NotMissing {
			offered[o.ID] = true
		}
	}
	var chosen []string
	for _, o := range c.Options {
		if offered[o] {
			chosen = append(chosen, o)
		}
	}
	if len(chosen) == 0 || len(chosen) < len(c.Options) {
		m.issue("condition-options", it.ID, it.Question)
		return
	}
	it.Visible = expression(v, chosen, c.Not)
}

// expression writes a condition in the words of instruments.
func expression(v instrument.Variable, options []string, not bool) string {
	var s string
	if v.Item.Kind == instrument.Multiple {
		parts := make([]string, len(options))
		for i, o := range options {
			parts[i] = "chosen(" + v.ID + `, "` + o + `")`
		}
		s = strings.Join(parts, " or ")
	} else {
		s = v.ID + ` in ["` + strings.Join(options, `", "`) + `"]`
	}
	if not {
		return "not (" + s + ")"
	}
	return s
}

// choosable returns the item or row with an id among items, when a condition can name it.
func choosable(items []instrument.Item, id string) (instrument.Variable, bool) {
	for _, v := range Conditional(items) {
		if v.ID == id {
			return v, true
		}
	}
	return instrument.Variable{}, false
}

// Conditional lists the items and rows among items that the condition of a later question can name. For a multiple choice
// that is the item as a whole.
func Conditional(items []instrument.Item) []instrument.Variable {
	var out []instrument.Variable
	for i := range items {
		it := &items[i]
		switch it.Kind {
		case instrument.Single, instrument.Multiple, instrument.Scale:
			if !strings.Contains(it.ID, "-") && len(it.Options) > 0 {
				out = append(out, instrument.Variable{ID: it.ID, Item: it})
			}
		case instrument.Matrix:
			for r := range it.Rows {
				if !strings.Contains(it.Rows[r].ID, "-") {
					out = append(out, instrument.Variable{ID: it.Rows[r].ID, Item: it, Row: &it.Rows[r]})
				}
			}
		case instrument.Number, instrument.OpenText, instrument.Info, instrument.Category:
		}
	}
	return out
}

// readCondition reads the form of a condition; nil when everyone is asked.
func readCondition(values url.Values, before []instrument.Variable) (*Condition, error) {
	form := &problem.Form{Bundle: locale()}
	item := values.Get("item")
	if item == "" || values.Get("everyone") != "" {
		return nil, nil //nolint:nilnil // no condition
	}
	c := &Condition{Item: item, Not: values.Get("not") == "yes"}
	at := slices.IndexFunc(before, func(v instrument.Variable) bool { return v.ID == item })
	if at < 0 {
		form.Wrong("item", "error.condition-item", nil)
		return nil, form.Err()
	}
	n := 0
	for _, o := range before[at].Item.Options {
		if o.Missing != instrument.NotMissing {
			continue
		}
		n++
		if slices.Contains(values["option"], o.ID) {
			c.Options = append(c.Options, o.ID)
		}
	}
	if len(c.Options) == 0 {
		form.Wrong("option", "error.condition-none", nil)
	} else if len(c.Options) == n && before[at].Item.Kind != instrument.Multiple && c.Not {
		form.Wrong("option", "error.condition-all", nil)
	}
	return c, form.Err()
}
