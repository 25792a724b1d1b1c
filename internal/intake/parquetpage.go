package intake

import (
	"fmt"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// pageReader turns the pages of one column into ids and numbers.
type pageReader struct {
	column *parquet.Column
	sink   *sink
	raw    *rawColumn
	cell   func(parquet.Value) ([]byte, error)

	whole []uint8 // ids by row, as long as they fit
	row   int

	dict    parquet.Dictionary // that ids and numbers belong to
	ids     []uint32           // by index in dict
	small   []uint8            // the same, nil when one does not fit
	numbers []float64          // by index in dict
	bad     map[string]bool    // cells in dict that are no numbers where a number is wanted
	known   map[uint64]uint32  // ids of plain numbers, by their bits
	scratch []uint32

	seen, learnt [256]bool  // small whole numbers that occurred, and whose id is known
	byNumber     [256]uint8 // the ids
	narrowed     []int32
}

func newPageReader(c *parquet.Column, s *sink, raw *rawColumn) *pageReader {
	return &pageReader{
		column: c, sink: s, raw: raw, cell: cellFormat(c), known: map[uint64]uint32{}, bad: map[string]bool{},
	}
}

// page reads the n rows of a page.
func (r *pageReader) page(page parquet.Page, n int) error {
	levels := page.DefinitionLevels()
	switch {
	case r.column.MaxDefinitionLevel() == 0:
		levels = nil
	case len(levels) < n:
		return fmt.Errorf("a page of %d rows tells of %d whether they are filled", n, len(levels))
	}
	if page.Dictionary() != nil {
		if err := r.learn(page.Dictionary()); err != nil {
			return err
		}
		values := page.Data()
		indexes := values.Int32() // one for each row that has a value
		if levels == nil && len(indexes) != n || len(indexes) > n {
			return fmt.Errorf("a page has %d values for %d rows", len(indexes), n)
		}
		if !r.indexed(indexes, levels, n) {
			return fmt.Errorf("a page has %d values, but tells of another number of filled rows", len(indexes))
		}
		return nil
	}
	if r.raw.dict != nil && r.sink.want&wantNumber == 0 {
		if values, ok := r.smallNumbers(page); ok {
			done, err := r.asIndexes(values, levels, n)
			if done || err != nil {
				return err
			}
		}
	}
	present := n
	if levels != nil {
		present = countFilled(levels[:n])
	}
	return r.plain(page, levels, n, present)
}

// smallNumbers returns the whole numbers of a plain page when all lie in 0..255, as most answers do.
func (r *pageReader) smallNumbers(page parquet.Page) ([]int32, bool) {
	data := page.Data()
	switch r.column.Type().Kind() {
	case parquet.Int32:
		values := data.Int32()
		for _, v := range values {
			if uint32(v) > 255 {
				return nil, false
			}
		}
		return values, true
	case parquet.Int64:
		r.narrowed = r.narrowed[:0]
		for _, v := range data.Int64() {
			if uint64(v) > 255 {
				return nil, false
			}
			r.narrowed = append(r.narrowed, int32(v))
		}
		return r.narrowed, true
	default:
		return nil, false
	}
}

// asIndexes takes numbers in 0..255 as if they pointed into a dictionary. It does nothing when an id takes more than
// one byte.
func (r *pageReader) asIndexes(values []int32, levels []byte, n int) (done bool, err error) {
	for _, v := range values {
		r.seen[v] = true
	}
	for v, seen := range r.seen {
		if !seen || r.learnt[v] {
			continue
		}
		value := parquet.Int32Value(int32(v))
		if r.column.Type().Kind() == parquet.Int64 {
			value = parquet.Int64Value(int64(v))
		}
		id, _, err := r.learnValue(value)
		if err != nil {
			return false, err
		}
		if id > 255 {
			return false, nil
		}
		r.learnt[v], r.byNumber[v] = true, uint8(id)
	}
	if levels == nil && len(values) != n || len(values) > n {
		return false, fmt.Errorf("a page has %d values for %d rows", len(values), n)
	}
	to := r.whole[r.row : r.row+n]
	if !spreadSmall(to, values, levels, r.byNumber[:]) {
		return false, fmt.Errorf("a page has %d values, but tells of another number of filled rows", len(values))
	}
	r.raw.parts = append(r.raw.parts, part{u8: to})
	r.row += n
	return true, nil
}

// countFilled counts the rows that have a value.
func countFilled(levels []byte) (n int) {
	for _, l := range levels {
		if l == 1 {
			n++
		}
	}
	return n
}

// learn looks up every value of a dictionary once.
func (r *pageReader) learn(dict parquet.Dictionary) error {
	if r.dict == dict {
		return nil
	}
	r.dict, r.ids, r.numbers, r.small = dict, r.ids[:0], r.numbers[:0], nil
	clear(r.bad)
	largest := uint32(0)
	for i := range dict.Len() {
		id, number, err := r.learnValue(dict.Index(int32(i)))
		if err != nil {
			return err
		}
		largest = max(largest, id)
		r.ids = append(r.ids, id)
		r.numbers = append(r.numbers, number)
	}
	for _, b := range r.sink.bad {
		r.bad[b.cell] = true
	}
	r.sink.bad = r.sink.bad[:0]
	if largest < 1<<8 {
		r.small = make([]uint8, len(r.ids))
		for i, id := range r.ids {
			r.small[i] = uint8(id)
		}
	}
	return nil
}

// learnValue returns the id of a value and the number in it, as far as they are wanted.
func (r *pageReader) learnValue(v parquet.Value) (id uint32, number float64, err error) {
	cell, err := r.cell(v)
	if err != nil {
		return 0, 0, err
	}
	if err := r.sink.add(cell); err != nil {
		return 0, 0, err
	}
	if len(r.sink.ids) > 0 {
		id, r.sink.ids = r.sink.ids[0], r.sink.ids[:0]
	}
	number = math.NaN()
	if len(r.sink.numbers) > 0 {
		number, r.sink.numbers = r.sink.numbers[0], r.sink.numbers[:0]
	}
	return id, number, nil
}

// indexed takes a page of indexes in the dictionary. It returns false when the page contradicts itself.
func (r *pageReader) indexed(indexes []int32, levels []byte, n int) bool {
	ok := true
	if r.sink.want&wantNumber != 0 {
		numbers := make([]float64, n)
		if ok = spread(numbers, math.NaN(), indexes, levels, r.numbers); ok {
			r.addNumbers(numbers, indexes, levels)
		}
	}
	switch {
	case r.raw.dict == nil:
	case r.small != nil:
		to := r.whole[r.row : r.row+n]
		ok = spreadSmall(to, indexes, levels, r.small) && ok
		r.raw.parts = append(r.raw.parts, part{u8: to})
	default:
		r.scratch = slices.Grow(r.scratch[:0], n)[:n]
		ok = spread(r.scratch, 0, indexes, levels, r.ids) && ok
		r.addIDs(r.scratch)
	}
	r.row += n
	return ok
}

// spread gives each row what its index stands for, and empty where the page has no value for it (level 0). It returns
// false when there are more or fewer indexes than filled rows, or one points outside values.
func spread[T any](to []T, empty T, indexes []int32, levels []byte, values []T) bool {
	k := 0
	for i := range to {
		if levels != nil && levels[i] != 1 {
			to[i] = empty
			continue
		}
		if k >= len(indexes) || int(uint32(indexes[k])) >= len(values) {
			return false
		}
		to[i] = values[indexes[k]]
		k++
	}
	return k == len(indexes)
}

// spreadSmall does what spread does for ids of one byte, without a branch that depends on what people answered.
func spreadSmall(to []uint8, indexes []int32, levels []byte, ids []uint8) bool {
	var table [256]uint8
	if len(ids) > len(table) {
		return spread(to, 0, indexes, levels, ids)
	}
	copy(table[:], ids)
	largest := uint32(0)
	i, k := 0, 0
	if levels == nil {
		for i, k = 0, len(indexes); i < len(to) && i < len(indexes); i++ {
			largest = max(largest, uint32(indexes[i]))
			to[i] = table[uint8(indexes[i])]
		}
	} else {
		levels = levels[:len(to)]
		for ; i < len(to) && k < len(indexes); i++ {
			index, there := indexes[k], levels[i]&1
			largest = max(largest, uint32(index))
			to[i] = table[uint8(index)] & -there
			k += int(there)
		}
		clear(to[i:])
		if slices.Contains(levels[i:], 1) {
			return false
		}
	}
	return k == len(indexes) && (len(indexes) == 0 || int(largest) < len(ids))
}

// addIDs appends a run of ids, in one byte each where they fit.
func (r *pageReader) addIDs(ids []uint32) {
	p := narrow(ids)
	if p.u8 != nil {
		copy(r.whole[r.row:], p.u8)
		p.u8 = r.whole[r.row : r.row+len(ids)]
	}
	r.raw.parts = append(r.raw.parts, p)
}

// addNumbers appends a run of numbers, and remembers the cells of a dictionary that were none.
func (r *pageReader) addNumbers(numbers []float64, indexes []int32, levels []byte) {
	r.raw.numbers = append(r.raw.numbers, numbers)
	if len(r.bad) == 0 {
		return
	}
	k := 0
	for i := range numbers {
		if levels != nil && levels[i] != 1 {
			continue
		}
		if cell, err := r.cell(r.dict.Index(indexes[k])); err == nil && r.bad[string(cell)] && len(r.raw.bad) < badCellsKept {
			r.raw.bad = append(r.raw.bad, badCell{r.row + i, string(cell)})
		}
		k++
	}
}

// plain takes a page of values that stand there themselves.
func (r *pageReader) plain(page parquet.Page, levels []byte, n, present int) error {
	ids, numbers := slices.Grow(r.scratch[:0], n), []float64(nil)
	r.scratch = ids[:0]
	if r.sink.want&wantNumber != 0 {
		numbers = make([]float64, 0, n)
	}
	next, err := r.values(page, present)
	if err != nil {
		return err
	}
	for i := range n {
		var id uint32
		number := math.NaN()
		if levels == nil || levels[i] == 1 {
			if id, number, err = next(); err != nil {
				return err
			}
		}
		ids = append(ids, id)
		if numbers != nil {
			numbers = append(numbers, number)
		}
		for _, b := range r.sink.bad {
			r.raw.bad = append(r.raw.bad, badCell{r.row + i, b.cell})
		}
		r.sink.bad = r.sink.bad[:0]
		if len(r.raw.bad) >= badCellsKept {
			r.raw.bad = r.raw.bad[:badCellsKept]
		}
	}
	if numbers != nil {
		r.raw.numbers = append(r.raw.numbers, numbers)
	}
	if r.raw.dict != nil {
		r.addIDs(ids)
	}
	r.row += n
	return nil
}

// values returns a function that gives the id and the number of the next value of a plain page.
func (r *pageReader) values(page parquet.Page, present int) (func() (uint32, float64, error), error) {
	data := page.Data()
	short := func(have int) error { return fmt.Errorf("a page has %d values where %d were announced", have, present) }
	i := 0
	switch r.column.Type().Kind() {
	case parquet.Int32:
		values := data.Int32()
		if len(values) < present {
			return nil, short(len(values))
		}
		return r.remembering(func() (uint64, parquet.Value) {
			v := values[i]
			i++
			return uint64(uint32(v)), parquet.Int32Value(v)
		}), nil
	case parquet.Int64:
		values := data.Int64()
		if len(values) < present {
			return nil, short(len(values))
		}
		return r.remembering(func() (uint64, parquet.Value) {
			v := values[i]
			i++
			return uint64(v), parquet.Int64Value(v)
		}), nil
	case parquet.Float:
		values := data.Float()
		if len(values) < present {
			return nil, short(len(values))
		}
		return r.remembering(func() (uint64, parquet.Value) {
			v := values[i]
			i++
			return uint64(math.Float32bits(v)), parquet.FloatValue(v)
		}), nil
	case parquet.Double:
		values := data.Double()
		if len(values) < present {
			return nil, short(len(values))
		}
		return r.remembering(func() (uint64, parquet.Value) {
			v := values[i]
			i++
			return math.Float64bits(v), parquet.DoubleValue(v)
		}), nil
	case parquet.ByteArray:
		bytes, offsets := data.ByteArray()
		if len(offsets) < present+1 {
			return nil, short(len(offsets) - 1)
		}
		return func() (uint32, float64, error) {
			v := parquet.ByteArrayValue(bytes[offsets[i]:offsets[i+1]])
			i++
			return r.learnValue(v)
		}, nil
	default:
		return r.generic(page.Values()), nil
	}
}

// remembering learns each distinct value once, known by its bits.
func (r *pageReader) remembering(next func() (uint64, parquet.Value)) func() (uint32, float64, error) {
	if r.sink.want&wantNumber != 0 {
		return func() (uint32, float64, error) {
			_, v := next()
			if r.sink.want == wantNumber && v.Kind() == parquet.Double {
				return 0, v.Double(), nil // a number as it stands; whoever reads it judges it
			}
			return r.learnValue(v)
		}
	}
	var low [256]uint32 // id + 1 of small whole numbers
	return func() (uint32, float64, error) {
		bits, v := next()
		if bits < 256 && low[bits] != 0 {
			return low[bits] - 1, 0, nil
		}
		if id, ok := r.known[bits]; ok {
			return id, 0, nil
		}
		id, _, err := r.learnValue(v)
		if err != nil {
			return 0, 0, err
		}
		if bits < 256 {
			low[bits] = id + 1
		} else if len(r.known) < lookupEntries {
			r.known[bits] = id
		}
		return id, 0, nil
	}
}

// generic reads values of the rarer types one at a time.
func (r *pageReader) generic(values parquet.ValueReader) func() (uint32, float64, error) {
	one := make([]parquet.Value, 1)
	return func() (uint32, float64, error) {
		for {
			n, err := values.ReadValues(one)
			switch {
			case n == 1 && !one[0].IsNull():
				return r.learnValue(one[0])
			case n == 1: // the rows without a value are known already
			case err != nil:
				return 0, 0, fmt.Errorf("a page ends early: %w", err)
			default:
				return 0, 0, fmt.Errorf("a page ends early")
			}
		}
	}
}
