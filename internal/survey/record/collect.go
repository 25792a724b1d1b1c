package record

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"unicode/utf8"

	"tekentafel/internal/instrument"
)

// ErrNumbers says that the answers to one number have more than MaxNumbers distinct values.
var ErrNumbers = errors.New("record: the answers to one number have too many distinct values")

// MaxNumbers bounds the distinct values of one number, so that a code fits in 16 bits (as in a file with answers).
const MaxNumbers = 60_000

// Collector turns records into columns. One goroutine uses it at a time; several collectors can fill beside each other and
// be merged.
type Collector struct {
	*Codec
	n       int
	columns [][]uint8 // of the closed variables, by variable; nil for others
	waiting []byte    // codes of records that are not in the columns yet
	values  []values  // by Codec.numbers
	texts   [][]string
	links   []Link // by record, where the codec has them
	scratch []string
	order   []uint32
}

// values are the answers to one number: codes in the order in which values came.
type values struct {
	codes []uint16 // instrument.FirstOption on: a value
	known map[float64]uint16
	list  []float64
}

// Collector returns a collector with room for n records; more can be added.
func (c *Codec) Collector(n int) *Collector {
	n = max(n, 0)
	out := &Collector{
		Codec: c, columns: make([][]uint8, len(c.variables)), values: make([]values, len(c.numbers)),
		texts: make([][]string, len(c.texts)), scratch: make([]string, len(c.texts)),
	}
	for i, kind := range c.kinds {
		if kind == closed {
			out.columns[i] = make([]uint8, 0, n)
		}
	}
	for j := range out.values {
		out.values[j] = values{codes: make([]uint16, 0, n), known: map[float64]uint16{}}
	}
	return out
}

// blockRecords is how many records wait before their codes go to the columns. The columns begin at addresses that fall on
// one line of the processor's nearest cache: writing to all of them for each record would miss it every time.
const blockRecords = 256

// Len returns the number of records.
func (c *Collector) Len() int { return c.n }

// Add takes a record. The error is ErrOther for a record of another instrument, ErrDamaged for what is none, or
// ErrNumbers; nothing of the record is then taken. Raw may be used again afterwards.
func (c *Collector) Add(raw []byte) error {
	if len(raw) < headerSize || [headerSize]byte(raw) != c.header {
		if len(raw) < headerSize {
			return ErrDamaged
		}
		return ErrOther
	}
	if len(raw) < c.size || (len(raw)-c.size)%textStep != 0 {
		return ErrDamaged
	}
	codes := raw[headerSize : headerSize+len(c.k)]
	for i, most := range c.k {
		if codes[i] >= most {
			return ErrDamaged
		}
	}
	if err := c.open(codes, raw[c.size:]); err != nil {
		return err
	}
	numbers := raw[headerSize+len(codes) : c.size]
	if err := c.check(codes, numbers); err != nil {
		return err
	}
	c.waiting = append(c.waiting, codes...)
	if c.linked {
		c.links = append(c.links, Link(raw[c.size-len(Link{}):]))
	}
	for j, at := range c.numbers {
		c.values[j].add(codes[at], numberAt(numbers, j))
	}
	for j, at := range c.Codec.texts {
		if codes[at] == instrument.FirstOption {
			c.texts[j] = append(c.texts[j], c.scratch[j])
			c.scratch[j] = ""
		}
	}
	c.n++
	if len(c.waiting) >= blockRecords*len(codes) {
		c.settle()
	}
	return nil
}

// settle moves the codes that wait to the columns.
func (c *Collector) settle() {
	width := len(c.k)
	for i, column := range c.columns {
		if column == nil {
			continue
		}
		for at := i; at < len(c.waiting); at += width {
			column = append(column, c.waiting[at])
		}
		c.columns[i] = column
	}
	c.waiting = c.waiting[:0]
}

// open reads the texts of a record into the scratch.
func (c *Collector) open(codes, raw []byte) error {
	left := raw
	for j, at := range c.Codec.texts {
		if codes[at] != instrument.FirstOption {
			continue
		}
		if len(left) < 2 {
			return ErrDamaged
		}
		n := int(binary.LittleEndian.Uint16(left))
		if n == 0 || n > len(left)-2 || !utf8.Valid(left[2:2+n]) {
			return ErrDamaged
		}
		c.scratch[j] = string(left[2 : 2+n])
		left = left[2+n:]
	}
	if len(left) >= textStep {
		return ErrDamaged
	}
	for _, b := range left {
		if b != 0 {
			return ErrDamaged
		}
	}
	return nil
}

// check refuses numbers that are none, or too many.
func (c *Collector) check(codes, numbers []byte) error {
	for j, at := range c.numbers {
		v := numberAt(numbers, j)
		if math.IsNaN(v) || math.IsInf(v, 0) || codes[at] != instrument.FirstOption && v != 0 {
			return ErrDamaged
		}
		if known := &c.values[j]; codes[at] == instrument.FirstOption && len(known.list) >= MaxNumbers {
			if _, seen := known.known[v]; !seen {
				return ErrNumbers
			}
		}
	}
	return nil
}

func numberAt(numbers []byte, j int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(numbers[8*j:]))
}

func (v *values) add(code uint8, number float64) {
	if code != instrument.FirstOption {
		v.codes = append(v.codes, uint16(code))
		return
	}
	v.codes = append(v.codes, v.code(number))
}

// code returns the code of a number, a new one when it was not there before.
func (v *values) code(number float64) uint16 {
	code, seen := v.known[number]
	if !seen {
		code = uint16(instrument.FirstOption + len(v.list))
		v.known[number] = code
		v.list = append(v.list, number)
	}
	return code
}

// Merge takes the records of another collector of the same codec behind its own, and leaves that one empty. The error is
// ErrNumbers; both are then as they were.
func (c *Collector) Merge(other *Collector) error {
	if c.header != other.header {
		return ErrOther
	}
	for j := range c.values {
		more := 0
		for _, v := range other.values[j].list {
			if _, seen := c.values[j].known[v]; !seen {
				more++
			}
		}
		if len(c.values[j].list)+more > MaxNumbers {
			return ErrNumbers
		}
	}
	c.settle()
	other.settle()
	for i := range c.columns {
		if c.columns[i] != nil {
			c.columns[i] = append(c.columns[i], other.columns[i]...)
			other.columns[i] = other.columns[i][:0:0]
		}
	}
	for j := range c.values {
		mine, theirs := &c.values[j], &other.values[j]
		for _, code := range theirs.codes {
			if code >= instrument.FirstOption {
				code = mine.code(theirs.list[code-instrument.FirstOption])
			}
			mine.codes = append(mine.codes, code)
		}
		other.values[j] = values{known: map[float64]uint16{}}
	}
	for j := range c.texts {
		c.texts[j] = append(c.texts[j], other.texts[j]...)
		other.texts[j] = nil
	}
	c.links, other.links = append(c.links, other.links...), nil
	c.n += other.n
	other.n = 0
	return nil
}

// Texts returns what was written to each open question, by its ID, sorted: which text belongs to which other answers is
// not kept.
func (c *Collector) Texts() map[string][]string {
	out := map[string][]string{}
	for j, at := range c.Codec.texts {
		slices.Sort(c.texts[j])
		out[c.variables[at].ID] = c.texts[j]
	}
	return out
}
