package intake

import (
	"fmt"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
)

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
