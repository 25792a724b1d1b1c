package compose

import (
	"cmp"
	"fmt"
	"slices"

	"tekentafel/internal/instrument"
)

// Kinds lists the kinds of own questions.
func Kinds() []instrument.Kind {
	return []instrument.Kind{instrument.Single, instrument.Multiple, instrument.Scale, instrument.Matrix, instrument.Number, instrument.OpenText, instrument.Info}
}

// own puts the own questions where they belong.
func (m *mixer) own() {
	base := m.Instrument.Items
	at := m.places()
	var all []instrument.Item
	for slot := 0; slot <= len(base); slot++ {
		for i := range m.recipe.Own {
			if at[i] == slot {
				all = append(all, m.item(&m.recipe.Own[i]))
			}
		}
		if slot < len(base) {
			all = append(all, base[slot])
		}
	}
	m.Instrument.Items = all
	for i := range all {
		if o := m.recipe.own(all[i].ID); o >= 0 && m.recipe.Own[o].Condition != nil {
			m.condition(&all[i], m.recipe.Own[o].Condition, all[:i])
		}
	}
}

// places returns for each own question how many of the items of the base that are asked stand before it. What follows an
// item that is not asked follows the one before that.
func (m *mixer) places() []int {
	before := map[string]int{}
	n := 0
	for i := range m.base.Items {
		if !m.gone[m.base.Items[i].ID] {
			n++
		}
		before[m.base.Items[i].ID] = n
	}
	out := make([]int, len(m.recipe.Own))
	for i := range m.recipe.Own {
		switch place, known := before[m.recipe.Own[i].After]; {
		case m.recipe.Own[i].After == Start:
		case known:
			out[i] = place
		default:
			out[i] = n
		}
	}
	return out
}

// item makes an item of an own question.
func (m *mixer) item(o *Own) instrument.Item {
	it := instrument.Item{ID: o.ID, Kind: o.Kind, Topic: cmp.Or(o.Topic, instrument.TopicOther), Required: o.Required, Sensitive: o.Sensitive}
	it.Question = m.whole(o.ID, o.Question, o.Question)
	if len(o.Help) > 0 {
		it.Help = m.whole(o.ID, o.Question, o.Help)
	}
	switch o.Kind {
	case instrument.Number:
		it.Min, it.Max = o.Min, o.Max
		if len(o.Unit) > 0 {
			it.Unit = m.whole(o.ID, o.Question, o.Unit)
		}
	case instrument.Matrix:
		for _, row := range o.Rows {
			it.Rows = append(it.Rows, instrument.Row{ID: row.ID, Text: m.whole(o.ID, o.Question, row.Text)})
		}
		if len(it.Rows) == 0 {
			m.issue("rows-missing", o.ID, o.Question)
			it.Kind = instrument.Scale
		}
	case instrument.Info:
		it.Required, it.Sensitive = false, false
	case instrument.Single, instrument.Multiple, instrument.Scale, instrument.OpenText, instrument.Category:
	}
	if withOptions(o.Kind) {
		m.options(&it, o)
	}
	return it
}

// withOptions tells whether one chooses from options in questions of a kind.
func withOptions(k instrument.Kind) bool {
	return k == instrument.Single || k == instrument.Multiple || k == instrument.Scale || k == instrument.Matrix
}

// dontKnowID is the option "don't know" of own questions.
const dontKnowID = "dont_know"

// options gives an item the options of an own question.
func (m *mixer) options(it *instrument.Item, o *Own) {
	if scale := scaleOf(o.Scale); scale != nil && (o.Kind == instrument.Scale || o.Kind == instrument.Matrix) {
		for _, p := range scale.Points {
			it.Options = append(it.Options, instrument.Option{ID: p.ID, Label: m.spread(p.Label)})
		}
	} else {
		for _, option := range o.Options {
			it.Options = append(it.Options, instrument.Option{ID: option.ID, Label: m.whole(o.ID, o.Question, option.Label),
				Exclusive: option.Exclusive && o.Kind == instrument.Multiple})
		}
	}
	if o.Kind == instrument.Scale || o.Kind == instrument.Matrix {
		for i := range it.Options {
			value := float64(i + 1)
			it.Options[i].Value = &value
		}
	}
	if len(it.Options) < 2 {
		m.issue("options-missing", o.ID, o.Question)
	}
	if o.DontKnow {
		label := instrument.Text{}
		for _, l := range m.base.Languages {
			label[l] = in(l).say("dont-know")
		}
		it.Options = append(it.Options, instrument.Option{ID: dontKnowID, Label: label, Missing: instrument.MissingDontKnow})
	}
	if twice(it.Options, m.given.Languages) {
		m.issue("same-label", o.ID, o.Question)
	} else if twice(it.Options, m.base.Languages) { // in a language that only a report may be read in
		for i := range it.Options {
			for _, l := range m.base.Languages {
				if !slices.Contains(m.given.Languages, l) {
					it.Options[i].Label[l] = it.Options[i].Label[m.given.Languages[0]]
				}
			}
		}
	}
}

// spread keeps the languages of the base of a text that has all.
func (m *mixer) spread(text instrument.Text) instrument.Text {
	out := instrument.Text{}
	for _, l := range m.base.Languages {
		out[l] = text.In(l)
	}
	return out
}

// newID returns an id for a new own question, which none before it had.
func (r *Recipe) newID(base *instrument.Instrument) string {
	taken := map[string]bool{}
	for i := range base.Items {
		taken[base.Items[i].ID] = true
		for _, row := range base.Items[i].Rows {
			taken[row.ID] = true
		}
	}
	for _, c := range base.Constructs {
		taken[c.ID] = true
	}
	for _, i := range base.Indicators {
		taken[i.ID] = true
	}
	for {
		r.Next++
		if id := fmt.Sprintf("own%d", r.Next); !taken[id] {
			return id
		}
	}
}
