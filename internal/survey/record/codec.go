package record

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"tekentafel/internal/instrument"
)

// Limits of one record.
const (
	MaxBytes = 256 << 10 // of the JSON that Read takes
	MaxText  = 4000      // characters of one open answer
)

const (
	version    = 1
	headerSize = 1 + 8
	textStep   = 1 << 10
)

// Codec reads, packs and collects the answers to one instrument. It is safe for concurrent use.
type Codec struct {
	in        *instrument.Instrument
	routing   *instrument.Routing
	variables []instrument.Variable
	byID      map[string]int    // variable by its ID
	fields    map[string]*field // by the ID under which an answer comes in
	of        []*field          // by variable; nil for what is not asked
	items     []span            // the variables of each item
	kinds     []kind            // by variable
	k         []uint8           // number of codes by variable
	levels    [][]string        // of the categories, by variable: sorted
	numbers   []int             // variables that are numbers
	texts     []int             // variables that are open text
	header    [headerSize]byte
	size      int  // of a record without open text
	linked    bool // records hold a link
}

// kind is how a variable is kept.
type kind uint8

const (
	closed kind = iota
	number
	text
	absent // nothing to choose from: a category without options
)

// span is a run of variables.
type span struct{ from, to int }

// field is what may come in under one ID.
type field struct {
	id    string
	at    int // its place in the order of fields
	item  *instrument.Item
	first int // its variable, or the first of a multiple choice
	count int // of its variables
	codes map[string]choice
}

// choice is what an option does to the variables of its item.
type choice struct {
	code     uint8
	variable int  // of a multiple choice: the one that says "chosen", or -1 for an answer outside the base
	alone    bool // excludes the others
}

// New returns the codec of an instrument that instrument.Parse accepted. A category is answered by one of its options,
// whose labels in the first language of the instrument become the levels of its column; one without options is not asked,
// and its column stays empty.
func New(in *instrument.Instrument) (*Codec, error) { return newCodec(in, false) }

// NewLinked is New for a wave whose answers people may link to their answers to another one: a record has room for a link.
func NewLinked(in *instrument.Instrument) (*Codec, error) { return newCodec(in, true) }

func newCodec(in *instrument.Instrument, linked bool) (*Codec, error) {
	routing, err := instrument.CompileRouting(in)
	if err != nil {
		return nil, err
	}
	c := &Codec{in: in, linked: linked, routing: routing, variables: in.Variables(), byID: map[string]int{}, fields: map[string]*field{}, items: make([]span, len(in.Items))}
	n := len(c.variables)
	if n > instrument.MaxVariables {
		return nil, fmt.Errorf("the questionnaire has %d variables; at most %d fit in a record", n, instrument.MaxVariables)
	}
	c.kinds, c.k, c.levels, c.of = make([]kind, n), make([]uint8, n), make([][]string, n), make([]*field, n)
	position := map[*instrument.Item]int{}
	for i := range in.Items {
		position[&in.Items[i]] = i
	}
	for i := range c.variables {
		v := &c.variables[i]
		if _, twice := c.byID[v.ID]; twice {
			return nil, fmt.Errorf("two variables of the questionnaire have the id %q; give one of them another", v.ID)
		}
		c.byID[v.ID] = i
		at := position[v.Item]
		if c.items[at].to == 0 {
			c.items[at].from = i
		}
		c.items[at].to = i + 1
		if err := c.add(i, v); err != nil {
			return nil, err
		}
	}
	c.size = headerSize + n + 8*len(c.numbers)
	if linked {
		c.size += len(Link{})
	}
	c.seal()
	return c, nil
}

// add lays out one variable.
func (c *Codec) add(i int, v *instrument.Variable) error {
	it := v.Item
	if len(it.Options) > instrument.MaxOptions {
		return fmt.Errorf("item %q has %d options; keep at most %d", it.ID, len(it.Options), instrument.MaxOptions)
	}
	k := v.K()
	switch {
	case it.Kind == instrument.OpenText:
		c.kinds[i], k = text, instrument.FirstOption+1
		c.texts = append(c.texts, i)
	case it.Kind == instrument.Number:
		c.kinds[i], k = number, instrument.FirstOption+1
		c.numbers = append(c.numbers, i)
	case it.Kind == instrument.Category && k == instrument.FirstOption:
		c.kinds[i] = absent
	}
	c.k[i] = uint8(k)
	switch {
	case c.kinds[i] == absent:
	case v.Option == nil:
		f := &field{id: v.ID, at: len(c.fields), item: it, first: i, count: 1, codes: c.choices(i, v)}
		c.fields[f.id] = f
	case c.fields[it.ID] == nil:
		codes, count := multiple(i, it)
		c.fields[it.ID] = &field{id: it.ID, at: len(c.fields), item: it, first: i, count: count, codes: codes}
	}
	if c.kinds[i] == absent {
		return nil
	}
	id := v.ID
	if v.Option != nil {
		id = it.ID
	}
	c.of[i] = c.fields[id]
	return nil
}

// choices returns the codes of the options of a variable that takes one.
func (c *Codec) choices(i int, v *instrument.Variable) map[string]choice {
	out := map[string]choice{}
	substantive, missing := v.Choices()
	if v.Item.Kind == instrument.Category {
		levels := make([]string, len(substantive))
		for j, s := range substantive {
			levels[j] = c.level(s.Option)
		}
		slices.Sort(levels)
		c.levels[i] = slices.Compact(levels)
		c.k[i] = uint8(instrument.FirstOption + len(c.levels[i]))
		for j := range substantive {
			at, _ := slices.BinarySearch(c.levels[i], c.level(substantive[j].Option))
			substantive[j].Code = instrument.FirstOption + at
		}
	}
	for _, list := range [][]instrument.Choice{substantive, missing} {
		for _, s := range list {
			if s.Option != nil {
				out[s.Option.ID] = choice{code: uint8(s.Code), variable: i}
			}
		}
	}
	return out
}

// level is how an option of a category stands in its column.
func (c *Codec) level(o *instrument.Option) string {
	if len(c.in.Languages) > 0 && o.Label[c.in.Languages[0]] != "" {
		return o.Label[c.in.Languages[0]]
	}
	if l := o.Label.In(instrument.NL); l != "" {
		return l
	}
	return o.ID
}

// multiple returns what the options of a multiple choice do, and how many variables it has, from first on.
func multiple(first int, it *instrument.Item) (out map[string]choice, count int) {
	out = map[string]choice{}
	for i := range it.Options {
		o := &it.Options[i]
		if o.Missing != instrument.NotMissing {
			out[o.ID] = choice{code: uint8(o.Missing.Code()), variable: -1, alone: true}
			continue
		}
		out[o.ID] = choice{code: instrument.FirstOption + 1, variable: first + count, alone: o.Exclusive}
		count++
	}
	return out, count
}

// seal writes the header that all records of the instrument begin with.
func (c *Codec) seal() {
	h := sha256.New()
	write := func(s string) {
		var n [4]byte
		binary.LittleEndian.PutUint32(n[:], uint32(len(s)))
		_, _ = h.Write(n[:]) // a hash takes everything
		_, _ = io.WriteString(h, s)
	}
	for i := range c.variables {
		v := &c.variables[i]
		write(v.ID)
		write(string(v.Item.Kind))
		substantive, missing := v.Choices()
		for _, list := range [][]instrument.Choice{substantive, missing} {
			for _, s := range list {
				if s.Option != nil {
					write(s.Option.ID + "=" + string(s.Option.Missing))
				}
			}
		}
		for _, l := range c.levels[i] {
			write(l)
		}
		write("")
	}
	if c.linked {
		write(LinkID)
	}
	c.header[0] = version
	copy(c.header[1:], h.Sum(nil))
}

// Size returns the length in bytes of a record without open text.
func (c *Codec) Size() int { return c.size }

// Instrument returns what the records answer to.
func (c *Codec) Instrument() *instrument.Instrument { return c.in }

// Errors of bytes that are no record of the codec's instrument.
var (
	ErrOther   = errors.New("record: these bytes answer to another questionnaire, or are of another version of the program")
	ErrDamaged = errors.New("record: these bytes are no record")
)
