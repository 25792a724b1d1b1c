package closing

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
)

// frame is what is known of everyone who could take part, as far as the report needs it.
type frame struct {
	people    int
	counts    map[string]map[string]int // people by variable and value; "" is not counted
	variables map[string]string         // variable of each item that asks one
	strata    string                    // the variable of which the strata are the values, "" for none
}

// newFrame counts the combinations of a frame.
func newFrame(all []combination) (*frame, error) {
	f := &frame{counts: map[string]map[string]int{}, variables: map[string]string{}}
	stratum := map[string]bool{}
	several := map[string]bool{}
	for _, c := range all {
		f.people += c.n
		several[c.stratum] = true
		groups := map[string]string{}
		if err := json.Unmarshal([]byte(c.groups), &groups); err != nil {
			return nil, fmt.Errorf("the groups of a person of the frame cannot be read: %w", err)
		}
		for variable, value := range groups {
			if f.counts[variable] == nil {
				f.counts[variable], stratum[variable] = map[string]int{}, true
			}
			if value != "" {
				f.counts[variable][value] += c.n
			}
			stratum[variable] = stratum[variable] && value == c.stratum
		}
	}
	for _, variable := range slices.Sorted(maps.Keys(stratum)) {
		if stratum[variable] && len(several) > 1 {
			f.strata = variable
		}
	}
	return f, nil
}

// values lists the values of each variable.
func (f *frame) values() map[string][]string {
	out := map[string][]string{}
	for variable, counts := range f.counts {
		out[variable] = slices.Sorted(maps.Keys(counts))
	}
	return out
}

// match finds which items ask what the frame knows.
func (f *frame) match(w *wave.Wave, in *instrument.Instrument, variable func(*wave.Wave, *instrument.Item, map[string][]string) string) {
	values := f.values()
	for i := range in.Items {
		it := &in.Items[i]
		if it.Topic != instrument.TopicBackground || it.Sensitive {
			continue
		}
		switch it.Kind {
		case instrument.Single, instrument.Scale, instrument.Category:
			if v := variable(w, it, values); v != "" {
				f.variables[it.ID] = v
			}
		default:
		}
	}
}

// sameName returns the variable of the frame that is called like an item: by its id, its heading, or its name in some language.
func sameName(_ *wave.Wave, it *instrument.Item, known map[string][]string) string {
	names := []string{it.ID, it.Heading()}
	for _, l := range instrument.Languages() {
		names = append(names, it.Name()[l])
	}
	for _, variable := range slices.Sorted(maps.Keys(known)) {
		if slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.EqualFold(n, variable) }) {
			return variable
		}
	}
	return ""
}

// unasked lists the variables that no item asks.
func (f *frame) unasked() []string {
	var out []string
	for _, variable := range slices.Sorted(maps.Keys(f.counts)) {
		if !slices.Contains(slices.Collect(maps.Values(f.variables)), variable) {
			out = append(out, variable)
		}
	}
	return out
}

// margin is one line of the margins.
type margin struct {
	item, option string
	people       float64
}

// margins are the people of the frame by value of each item that asks what the frame knows, nil for none.
//
// They are made so that they can always be met: a value from which nobody answered is left out, and all margins add up to the
// whole frame. An item is left out where somebody answered a value that the frame does not have, or where the frame has a value
// that the item does not offer: weights to it would be made up.
func (f *frame) margins(a *instrument.Answers) ([]byte, error) {
	var lines []margin
	for _, item := range slices.Sorted(maps.Keys(f.variables)) {
		at := slices.IndexFunc(a.Variables, func(v instrument.Variable) bool { return v.ID == item })
		if at < 0 || a.Columns[at] == nil {
			continue
		}
		lines = append(lines, f.marginOf(a.Variables[at].Item, a.Columns[at], f.counts[f.variables[item]])...)
	}
	if len(lines) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	rows := [][]string{{"variable", "value", "count"}}
	for _, l := range lines {
		rows = append(rows, []string{l.item, l.option, strconv.FormatFloat(l.people, 'f', -1, 64)})
	}
	err := out.WriteAll(rows)
	return b.Bytes(), err
}

func (f *frame) marginOf(it *instrument.Item, c *instrument.Column, people map[string]int) []margin {
	known := map[string]int{}
	for value, n := range people {
		option, ok := optionOf(it, c, value)
		if !ok {
			return nil
		}
		known[option] += n
	}
	answered := map[string]bool{}
	for code, option := range optionsOf(it, c) {
		if has(c, instrument.FirstOption+code) {
			answered[option] = true
			if known[option] == 0 {
				return nil
			}
		}
	}
	total := 0
	for option, n := range known {
		if answered[option] {
			total += n
		}
	}
	if len(answered) < 2 {
		return nil // one value weighs nothing
	}
	var lines []margin
	for _, option := range optionsOf(it, c) {
		if answered[option] {
			lines = append(lines, margin{it.ID, option, float64(known[option]) * float64(f.people) / float64(total)})
		}
	}
	return lines
}

// optionsOf lists the values of a column by code, from instrument.FirstOption on.
func optionsOf(it *instrument.Item, c *instrument.Column) []string {
	if it.Kind == instrument.Category {
		return c.Levels
	}
	var out []string
	for i := range it.Options {
		if it.Options[i].Missing == instrument.NotMissing {
			out = append(out, it.Options[i].ID)
		}
	}
	return out
}

// optionOf finds the value of a column that a value of the frame stands for: the option of that id, label or spelling.
func optionOf(it *instrument.Item, c *instrument.Column, value string) (string, bool) {
	if slices.Contains(optionsOf(it, c), value) {
		return value, true
	}
	if it.Kind == instrument.Category {
		return value, true // a level that nobody answered
	}
	for i := range it.Options {
		o := &it.Options[i]
		if o.Missing != instrument.NotMissing {
			continue
		}
		if slices.Contains(o.Values, value) || slices.ContainsFunc(slices.Collect(maps.Values(o.Label)), func(l string) bool {
			return strings.EqualFold(strings.TrimSpace(l), strings.TrimSpace(value))
		}) {
			return o.ID, true
		}
	}
	return "", false
}

func has(c *instrument.Column, code int) bool {
	for i := range c.Len() {
		if c.At(i) == code {
			return true
		}
	}
	return false
}

// maxLevels bounds the values of a variable of the frame that is joined: with more it is no group.
const maxLevels = 1000

// joined is a variable of the frame that gets a column of its own beside the answers: one number a record, in the order in
// which records come.
type joined struct {
	name   string
	number map[string]uint32
	values []string
	codes  []uint32
}

func newJoined(name string) *joined { return &joined{name: name, number: map[string]uint32{}} }

func (j *joined) add(value string) {
	n, known := j.number[value]
	if !known {
		n = uint32(len(j.values))
		j.number[value] = n
		j.values = append(j.values, value)
	}
	j.codes = append(j.codes, n)
}

// factor returns the column with its rows in an order, and its levels sorted; nil where it makes no groups.
func (j *joined) factor(order []uint32) *instrument.Factor {
	named := len(j.values)
	if _, empty := j.number[""]; empty {
		named--
	}
	if named < 2 || len(j.values) > maxLevels {
		return nil
	}
	sorted := make([]uint32, len(j.values))
	for i := range sorted {
		sorted[i] = uint32(i)
	}
	slices.SortFunc(sorted, func(a, b uint32) int { return cmp.Compare(j.values[a], j.values[b]) })
	rank := make([]uint32, len(sorted))
	f := &instrument.Factor{Codes: make([]uint32, len(order))}
	for r, n := range sorted {
		rank[n] = uint32(r)
		f.Levels = append(f.Levels, j.values[n])
	}
	for i, from := range order {
		f.Codes[i] = rank[j.codes[from]]
	}
	return f
}
