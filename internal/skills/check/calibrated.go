package check

import (
	"strconv"

	"tekentafel/internal/skills/framework"
	"tekentafel/internal/stats/irt"
)

// Mark names an item by what its parameters hang on: its id, and what each option of both versions counts. Parameters that were
// calibrated under another mark are not those of this item.
func (it *Item) Mark() string {
	return strconv.FormatUint(uint64(it.tags[0])<<32|uint64(it.tags[1]), 16)
}

// Tuned is the parameters of an item that answers gave, with the mark of the item that was answered.
type Tuned struct {
	Mark       string
	Parameters framework.Parameters
}

// Using returns the same material with calibrated parameters, by item; what is not there keeps the guess of the experts, and so does
// what was calibrated for an item that was since changed. The same material when nothing is left. The error says which parameters are none.
func (m *Material) Using(tuned map[string]Tuned) (*Material, error) {
	out := *m
	out.Items, out.entries, out.tuned = append([]Item(nil), m.Items...), append([]irt.Entry(nil), m.entries...), 0
	for i := range out.Items {
		it := &out.Items[i]
		t, known := tuned[it.ID]
		if !known || t.Mark != it.Mark() || len(t.Parameters.B) != len(it.Parameters.B) {
			continue
		}
		it.Parameters = t.Parameters
		out.entries[i].Item = irt.Item{A: t.Parameters.A, B: t.Parameters.B, C: t.Parameters.C}
		out.tuned++
	}
	if out.tuned == 0 {
		return m, nil
	}
	return &out, out.makeBanks()
}

// Calibrated is how many items have parameters that answers gave; the others have guesses of experts.
func (m *Material) Calibrated() int { return m.tuned }
