package intake

import (
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
)

// coding says for each distinct cell of a column which code it has.
type coding struct {
	codes   []uint16 // by id
	k       int
	levels  []string
	numbers []float64
	wrong   map[uint32]wrong // ids whose code is Invalid
	merged  map[uint32]bool  // ids of a category that the mapping translated
}

// wrong says why a cell was not understood.
type wrong struct{ message, suggestion string }

func newCoding(n, k int) *coding {
	return &coding{codes: make([]uint16, n), k: k, wrong: map[uint32]wrong{}, merged: map[uint32]bool{}}
}

func (c *coding) refuse(id int, message, suggestion string) {
	c.codes[id] = instrument.Invalid
	c.wrong[uint32(id)] = wrong{message, suggestion}
}

// reading is what the coders know about a column beside its cells.
type reading struct {
	missing spellings
	values  map[string]string // translations of the mapping
}

// cell returns what the mapping makes of a cell, and whether nothing stands there.
func (r reading) cell(raw string) (text string, empty bool) {
	text = raw
	if to, ok := r.values[raw]; ok {
		text = to
	} else if to, ok := r.values[strings.TrimSpace(raw)]; ok {
		text = to
	}
	return text, trimmed(text) == ""
}

// optionCodes returns the code of each option, as Variable.Choices numbers them, and the number of codes.
func optionCodes(options []instrument.Option) (codes []uint16, k int) {
	codes, k = make([]uint16, len(options)), instrument.FirstOption
	for i, o := range options {
		if o.Missing != instrument.NotMissing {
			codes[i] = uint16(o.Missing.Code())
			continue
		}
		codes[i] = uint16(k)
		k++
	}
	return codes, k
}

// codeOptions codes the cells of a single choice, a scale or a matrix row.
func codeOptions(cells []string, r reading, options []instrument.Option) *coding {
	set := newOptionSet(options)
	codes, k := optionCodes(options)
	c := newCoding(len(cells), k)
	for id, raw := range cells {
		text, empty := r.cell(raw)
		option, ok, unclear := set.find(text)
		switch {
		case ok:
			c.codes[id] = codes[option]
		case empty || r.missing.has(strings.TrimSpace(text)):
			c.codes[id] = instrument.NoAnswer
		case unclear:
			c.refuse(id, "two options are spelt like this; use the option's ID", "")
		default:
			c.refuse(id, "fits no option ("+set.known()+")", set.nearest(text))
		}
	}
	return c
}

// MaxNumbers bounds the distinct values of a numeric item, so that a code fits 16 bits.
const MaxNumbers = 60_000

// codeNumbers codes the cells of a numeric item that occur (used). Numbers outside the item's range are refused.
func codeNumbers(cells []string, r reading, item *instrument.Item, used []int) (*coding, error) {
	c := newCoding(len(cells), 0)
	values := make([]float64, len(cells))
	var distinct []float64
	var missing *optionSet
	if len(item.Options) > 0 {
		missing = newOptionSet(item.Options)
	}
	number := make([]bool, len(cells))
	for id, raw := range cells {
		text, empty := r.cell(raw)
		v, ok := parseNumber(text)
		switch {
		case !ok && missing != nil && c.option(id, missing, text):
		case empty || r.missing.has(strings.TrimSpace(text)):
			c.codes[id] = instrument.NoAnswer
		case !ok:
			c.refuse(id, "is no number", "")
		case item.Min != nil && v < *item.Min:
			c.refuse(id, "is below "+numberText(*item.Min)+", the least that the item allows", "")
		case item.Max != nil && v > *item.Max:
			c.refuse(id, "is above "+numberText(*item.Max)+", the most that the item allows", "")
		default:
			values[id], number[id] = v, true
			if used[id] > 0 {
				distinct = append(distinct, v)
			}
		}
	}
	slices.Sort(distinct)
	c.numbers = slices.Compact(distinct)
	if len(c.numbers) > MaxNumbers {
		return nil, &Error{
			Kind:    KindLimit,
			Message: fmt.Sprintf("item %s has %d different numbers; the most is %d", item.ID, len(c.numbers), MaxNumbers),
			Mend:    "round the numbers in the file, or leave the column out of the mapping",
		}
	}
	for id := range cells {
		if number[id] && used[id] > 0 {
			i, _ := slices.BinarySearch(c.numbers, values[id])
			c.codes[id] = uint16(instrument.FirstOption + i)
		} else if number[id] {
			c.codes[id] = instrument.NoAnswer // occurs in no row that is kept
		}
	}
	c.k = instrument.FirstOption + len(c.numbers)
	return c, nil
}

// option gives a cell the code of the "don't know" or "not applicable" option that it means, if it does.
func (c *coding) option(id int, set *optionSet, text string) bool {
	i, ok, _ := set.find(text)
	if !ok || set.options[i].Missing == instrument.NotMissing {
		return false
	}
	c.codes[id] = uint16(set.options[i].Missing.Code())
	return true
}

// MaxLevels bounds the levels of a category, so that a code fits 16 bits.
const MaxLevels = 60_000

// codeLevels codes the cells of a category that occur (used): each spelling is a level of its own, to the last space.
func codeLevels(cells []string, r reading, item *instrument.Item, used []int) (*coding, error) {
	c := newCoding(len(cells), 0)
	set := newOptionSet(item.Options)
	texts := make([]string, len(cells))
	for id, raw := range cells {
		text, empty := r.cell(raw)
		switch {
		case raw == formulaCell:
			c.refuse(id, "", "")
		case len(item.Options) > 0 && c.option(id, set, text):
		case empty || r.missing.has(strings.TrimSpace(text)):
			c.codes[id] = instrument.NoAnswer
		default:
			texts[id] = text
			if text != raw {
				c.merged[uint32(id)] = true
			}
			if used[id] > 0 {
				c.levels = append(c.levels, text)
			}
		}
	}
	slices.Sort(c.levels)
	c.levels = slices.Compact(c.levels)
	if len(c.levels) > MaxLevels {
		return nil, &Error{
			Kind:    KindLimit,
			Message: fmt.Sprintf("item %s has %d different values; the most is %d", item.ID, len(c.levels), MaxLevels),
			Mend:    "it looks like a name or a number of a person: leave it out of the mapping",
		}
	}
	for id, text := range texts {
		switch i, ok := slices.BinarySearch(c.levels, text); {
		case text == "":
		case ok:
			c.codes[id] = uint16(instrument.FirstOption + i)
		default:
			c.codes[id] = instrument.NoAnswer // occurs in no row that is kept
		}
	}
	c.k = instrument.FirstOption + len(c.levels)
	return c, nil
}
