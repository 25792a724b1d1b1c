package intake

import "tekentafel/internal/instrument"

// notChosen lists the items of the extra modules of which the data has nothing: nobody chose to ask them, so nothing is missing.
func notChosen(in *instrument.Instrument, has func(item string) bool) map[string]bool {
	out := map[string]bool{}
	for i := range in.Modules {
		m := &in.Modules[i]
		asked := !m.Extra
		for _, id := range m.Items {
			asked = asked || has(id)
		}
		for _, id := range m.Items {
			out[id] = !asked
		}
	}
	return out
}
