package compose

import (
	"strings"

	"tekentafel/internal/instrument"
)

// figures drops the constructs, indicators, benchmarks and models that rest on what is not asked, and notes the loss.
func (m *mixer) figures() {
	in, base := m.Instrument, m.base
	in.Constructs, in.Indicators, in.Benchmarks, in.Models = nil, nil, nil, nil
	lost := map[string]bool{}
	for _, c := range base.Constructs {
		items := m.left(c.Items)
		switch {
		case len(items) == len(c.Items):
		case len(items) < max(1, c.MinAnswered):
			lost[c.ID] = true
			m.losses.add(LostConstruct, c.Label, nil)
			continue
		default:
			m.losses.add(LostItems, c.Label, nil)
			c.Items, c.Reverse = items, m.left(c.Reverse)
		}
		in.Constructs = append(in.Constructs, c)
	}
	for _, ind := range base.Indicators {
		if m.gone[ind.Item] {
			lost[ind.ID] = true
			m.losses.add(LostIndicator, ind.Label, nil)
			continue
		}
		in.Indicators = append(in.Indicators, ind)
	}
	for _, b := range base.Benchmarks {
		item, _, _ := strings.Cut(b.Target, ".")
		if lost[b.Target] || m.gone[item] {
			m.losses.add(LostBenchmark, b.Name, m.target(b.Target))
			continue
		}
		in.Benchmarks = append(in.Benchmarks, b)
	}
	for _, model := range base.Models {
		var kept []string
		for _, p := range model.Predictors {
			if !lost[p] {
				kept = append(kept, p)
			}
		}
		if lost[model.Outcome] || len(kept) == 0 {
			m.losses.add(LostModel, m.outcome(model), nil)
			continue
		}
		model.Predictors = kept
		in.Models = append(in.Models, model)
	}
}

// outcome names what a model explains.
func (m *mixer) outcome(model instrument.Model) instrument.Text {
	for i := range m.base.Constructs {
		if m.base.Constructs[i].ID == model.Outcome {
			return m.base.Constructs[i].Label
		}
	}
	return nil
}

// target names the figure that a benchmark stands beside: an indicator, or an option.
func (m *mixer) target(id string) instrument.Text {
	for i := range m.base.Indicators {
		if m.base.Indicators[i].ID == id {
			return m.base.Indicators[i].Label
		}
	}
	item, option, _ := strings.Cut(id, ".")
	if v, ok := m.base.Variable(item); ok {
		return optionLabel(v.Item, option)
	}
	if it := m.base.Item(item); it != nil {
		return optionLabel(it, option)
	}
	return nil
}

func optionLabel(it *instrument.Item, id string) instrument.Text {
	for i := range it.Options {
		if it.Options[i].ID == id {
			return it.Options[i].Label
		}
	}
	return nil
}
