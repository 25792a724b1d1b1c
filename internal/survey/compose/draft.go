package compose

import (
	"maps"
	"slices"

	"tekentafel/internal/instrument"
)

// Given is what a questionnaire takes from its wave.
type Given struct {
	Languages []instrument.Lang   // that people can answer in; the first stands in for those in which an own text is missing
	GroupSize int                 // k
	Levels    map[string][]string // of the variables of the frame
}

// Draft is a questionnaire that may not be ready to be asked.
type Draft struct {
	Instrument *instrument.Instrument
	Issues     Issues
	Losses     []Loss
	losses     losses
	gone       map[string]bool        // items and rows of the base that are not asked
	base       *instrument.Instrument // with the extra modules that are chosen, and no others
}

// NewDraft carries a recipe out as far as it goes. It does not change base.
func NewDraft(base *instrument.Instrument, r *Recipe, given Given) *Draft {
	chosen := base.Asking(r.On...)
	in := *chosen
	d := &Draft{Instrument: &in, gone: notAsked(base, chosen), base: chosen}
	m := &mixer{Draft: d, recipe: r, given: given}
	if len(m.given.Languages) == 0 {
		m.given.Languages = base.Languages
	}
	m.items()
	m.own()
	m.scales()
	m.modules()
	m.figures()
	if given.GroupSize > 0 {
		in.GroupSize = given.GroupSize
	}
	d.Losses = d.losses.since(&losses{})
	return d
}

// notAsked lists the items and rows of a base that are no part of what is chosen of it.
func notAsked(base, chosen *instrument.Instrument) map[string]bool {
	out := map[string]bool{}
	for i := range base.Items {
		if it := &base.Items[i]; chosen.Item(it.ID) == nil {
			out[it.ID] = true
			for j := range it.Rows {
				out[it.Rows[j].ID] = true
			}
		}
	}
	return out
}

// mixer carries a recipe out.
type mixer struct {
	*Draft
	recipe *Recipe
	given  Given
}

func (m *mixer) issue(key, item string, name instrument.Text) {
	m.Issues = append(m.Issues, Issue{Key: key, Item: item, Name: name})
}

// items keeps what is asked of the base, with its conditions brought down to what is still asked.
func (m *mixer) items() {
	for i := range m.recipe.Off {
		for _, module := range m.base.Modules {
			if module.ID == m.recipe.Off[i] && !module.Required {
				for _, id := range module.Items {
					m.gone[id] = true
				}
			}
		}
	}
	for _, id := range m.recipe.Skip {
		if it := m.base.Item(id); it != nil && Skippable(it) {
			m.gone[id] = true
		}
	}
	for _, l := range m.given.Languages {
		if !slices.Contains(m.base.Languages, l) {
			m.Issues = append(m.Issues, Issue{Key: "base-language", Lang: l})
		}
	}
	m.Instrument.Items = nil
	for i := range m.base.Items {
		it := m.base.Items[i]
		if !m.gone[it.ID] {
			rest, ever, err := instrument.ReduceCondition(it.Visible, func(id string) bool { return m.gone[id] })
			if it.Visible = rest; err != nil || !ever {
				m.gone[it.ID] = true
				m.losses.add(LostItem, it.Name(), nil)
			}
		}
		if m.gone[it.ID] {
			for _, row := range it.Rows {
				m.gone[row.ID] = true
			}
			continue
		}
		m.reword(&it)
		if it.Kind == instrument.Category {
			m.level(&it)
		}
		m.Instrument.Items = append(m.Instrument.Items, it)
	}
}

// Skippable tells whether an item of a base can be left out by itself: one about background.
func Skippable(it *instrument.Item) bool {
	return it.Topic == instrument.TopicBackground && it.Kind != instrument.Info
}

// scales keeps the shared lists of options that are still used.
func (m *mixer) scales() {
	used := map[string]bool{}
	for i := range m.Instrument.Items {
		used[m.Instrument.Items[i].OptionsFrom] = true
	}
	m.Instrument.Scales = maps.Clone(m.base.Scales)
	maps.DeleteFunc(m.Instrument.Scales, func(name string, _ []instrument.Option) bool { return !used[name] })
}

func (m *mixer) modules() {
	m.Instrument.Modules = nil
	for _, module := range m.base.Modules {
		module.Items = m.left(module.Items)
		if len(module.Items) > 0 {
			m.Instrument.Modules = append(m.Instrument.Modules, module)
		}
	}
}

// left returns those of a list of items and rows that are asked.
func (m *mixer) left(ids []string) []string {
	var out []string
	for _, id := range ids {
		if !m.gone[id] {
			out = append(out, id)
		}
	}
	return out
}
