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
