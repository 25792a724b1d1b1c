package intake

import (
	"fmt"
	"strings"
	"sync"
)

// dictionary numbers the distinct cells of a column as they come. It is safe for concurrent use. Id 0 is the empty cell.
type dictionary struct {
	mu     sync.Mutex
	ids    map[string]uint32
	values []string
	bytes  int

	maxValues int
	maxCell   int // bytes
	maxBytes  int
}

func newDictionary(l Limits, maxValues int) *dictionary {
	return &dictionary{
		ids: map[string]uint32{"": 0}, values: []string{""},
		maxValues: maxValues, maxCell: l.CellBytes, maxBytes: l.ColumnBytes,
	}
}

func (d *dictionary) len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.values)
}

// id returns the number of a cell, and checks a cell that it has not seen before.
func (d *dictionary) id(cell string) (uint32, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if id, ok := d.ids[cell]; ok {
		return id, nil
	}
	if err := checkCell(cell, d.maxCell); err != nil {
		return 0, err
	}
	if len(d.values) >= d.maxValues || d.bytes+len(cell) > d.maxBytes {
		return 0, &Error{
			Kind:    KindLimit,
			Message: fmt.Sprintf("the column has more than %d different values, or more than %d MiB of them", len(d.values)-1, d.bytes>>20),
			Mend:    "it looks like a name, a number of a person or free text: leave it out of the mapping",
		}
	}
	id := uint32(len(d.values))
	cell = strings.Clone(cell)
	d.ids[cell] = id
	d.values = append(d.values, strings.ToValidUTF8(cell, "\uFFFD"))
	d.bytes += len(cell)
	return id, nil
}

// formula returns the id of formulaCell.
func (d *dictionary) formula() uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	id, ok := d.ids[formulaCell]
	if !ok {
		id = uint32(len(d.values))
		d.ids[formulaCell] = id
		d.values = append(d.values, formulaCell)
	}
	return id
}

// checkCell refuses what no answer holds.
func checkCell(cell string, maxCell int) error {
	if len(cell) > maxCell {
		return errCellSize(maxCell)
	}
	if strings.IndexByte(cell, 0) >= 0 {
		return errNUL()
	}
	return nil
}

func errCellSize(maxCell int) *Error {
	return &Error{
		Kind:    KindLimit,
		Message: fmt.Sprintf("a cell has more than %d bytes", maxCell),
		Mend:    "check that the file is a table with one row for each respondent, and that no quotation mark is left open",
	}
}

func errNUL() *Error {
	return &Error{
		Kind:    KindEncoding,
		Message: "the text holds a NUL character, so this is no text file or a damaged one",
		Mend:    "export the answers anew as CSV in UTF-8",
	}
}

// lookup is one worker's view of a dictionary: a small cache in front of the lock.
type lookup struct {
	dict  *dictionary
	short [256]uint32 // id + 1 of a cell of one byte
	ids   map[string]uint32
}

// entries that a worker keeps for itself; a column with more distinct cells is rare, and costs a lock a cell
const lookupEntries = 1 << 16

func newLookup(d *dictionary) *lookup { return &lookup{dict: d, ids: map[string]uint32{}} }

func (l *lookup) id(cell []byte) (uint32, error) {
	switch len(cell) {
	case 0:
		return 0, nil
	case 1:
		if id := l.short[cell[0]]; id != 0 {
			return id - 1, nil
		}
	}
	if id, ok := l.ids[string(cell)]; ok {
		return id, nil
	}
	id, err := l.dict.id(string(cell))
	if err != nil {
		return 0, err
	}
	if len(cell) == 1 {
		l.short[cell[0]] = id + 1
	}
	if len(l.ids) < lookupEntries {
		l.ids[string(cell)] = id
	}
	return id, nil
}

// formulaCell stands in a dictionary for a cell with a formula, whatever its result; no text holds a NUL.
const formulaCell = "\x00formula"

// formulaShown stands for such a cell in an issue.
const formulaShown = "(formula)"
