package instrument

import (
	"maps"
	"slices"
	"strings"
)

// Asking returns the instrument as it is asked where the extra modules with these ids are chosen and the others are not. What
// rests on a module that is left out goes with it. The instrument itself does not change.
func (in *Instrument) Asking(extra ...string) *Instrument {
	gone := map[string]bool{}
	out := *in
	out.Modules = slices.DeleteFunc(slices.Clone(in.Modules), func(m Module) bool {
		if !m.Extra || slices.Contains(extra, m.ID) {
			return false
		}
		for _, id := range m.Items {
			gone[id] = true
		}
		return true
	})
	if len(gone) == 0 {
		return in
	}
	out.Items = nil
	used := map[string]bool{}
	for i := range in.Items {
		it := in.Items[i]
		if !gone[it.ID] {
			rest, ever, err := ReduceCondition(it.Visible, func(id string) bool { return gone[id] })
			it.Visible, gone[it.ID] = rest, err != nil || !ever
		}
		if gone[it.ID] {
			for j := range it.Rows {
				gone[it.Rows[j].ID] = true
			}
			continue
		}
		used[it.OptionsFrom] = true
		out.Items = append(out.Items, it)
	}
	if len(in.Scales) > 0 {
		out.Scales = maps.Clone(in.Scales)
		maps.DeleteFunc(out.Scales, func(name string, _ []Option) bool { return !used[name] })
	}
	for i := range out.Modules {
		out.Modules[i].Items = slices.DeleteFunc(slices.Clone(out.Modules[i].Items), func(id string) bool { return gone[id] })
	}
	out.Modules = slices.DeleteFunc(out.Modules, func(m Module) bool { return len(m.Items) == 0 })
	out.dropFigures(gone)
	return &out
}

// itemOf is the item or indicator of a target that may name an option behind a dot.
func itemOf(target string) string {
	name, _, _ := strings.Cut(target, ".")
	return name
}

// dropFigures leaves out the figures that rest on variables which are gone.
func (in *Instrument) dropFigures(gone map[string]bool) {
	touches := func(ids []string) bool { return slices.ContainsFunc(ids, func(id string) bool { return gone[id] }) }
	in.Constructs = slices.DeleteFunc(slices.Clone(in.Constructs), func(c Construct) bool {
		gone[c.ID] = touches(c.Items)
		return gone[c.ID]
	})
	in.Indicators = slices.DeleteFunc(slices.Clone(in.Indicators), func(ind Indicator) bool {
		gone[ind.ID] = gone[ind.Item]
		return gone[ind.ID]
	})
	in.Benchmarks = slices.DeleteFunc(slices.Clone(in.Benchmarks), func(b Benchmark) bool { return gone[itemOf(b.Target)] })
	in.Models = slices.DeleteFunc(slices.Clone(in.Models), func(m Model) bool { return gone[m.Outcome] || touches(m.Predictors) })
}
