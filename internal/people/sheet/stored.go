package sheet

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
)

// A stored table is a gzip stream of: the magic; the length of a JSON header, and the header; then for each row by which it
// differs from the row before: the step of its number, and for each cell 0 when it is the same as the one above, else the length
// plus one and the text. Numbers are unsigned varints. The checksum is that of gzip.
const storedMagic = "tekentafel sheet 1\n"

type storedHeader struct {
	Columns []Column `json:"columns"`
	Notes   []Note   `json:"notes"`
	Rows    int      `json:"rows"`
}

// Write writes the table for ReadTable. What it writes holds no cell of a row that was left out.
func (t *Table) Write(w io.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(z, 64<<10)
	header, err := json.Marshal(storedHeader{t.Columns, t.Notes, t.rows})
	if err != nil {
		return err
	}
	var scratch []byte
	b.WriteString(storedMagic)                                      //nolint:errcheck // Flush says it
	b.Write(binary.AppendUvarint(scratch[:0], uint64(len(header)))) //nolint:errcheck // Flush says it
	b.Write(header)                                                 //nolint:errcheck // Flush says it
	above, row, last := make([]string, len(t.Columns)), []string(nil), 0
	for i := range t.rows {
		row = t.AppendRow(row[:0], i)
		scratch = binary.AppendUvarint(scratch[:0], uint64(t.Number(i)-last))
		last = t.Number(i)
		for c, cell := range row {
			if cell == above[c] {
				scratch = append(scratch, 0)
				continue
			}
			above[c] = cell
			scratch = binary.AppendUvarint(scratch, uint64(len(cell))+1)
			scratch = append(scratch, cell...)
		}
		if _, err := b.Write(scratch); err != nil {
			return err
		}
	}
	return errors.Join(b.Flush(), z.Close())
}

// ReadTable reads what Write wrote. The error is an *Error of the kind ErrStored, or ErrLimit when the table is larger than the
// limits of which zero fields take DefaultLimits.
func ReadTable(r io.Reader, l Limits) (*Table, error) {
	l = l.orDefault()
	t, err := readTable(r, l)
	var e *Error
	if err != nil && !errors.As(err, &e) {
		return nil, &Error{Kind: ErrStored, Err: err}
	}
	return t, err
}

const maxHeader = 64 << 20

func readTable(r io.Reader, l Limits) (*Table, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	b := bufio.NewReaderSize(z, 64<<10)
	magic := make([]byte, len(storedMagic))
	if _, err := io.ReadFull(b, magic); err != nil || string(magic) != storedMagic {
		return nil, errors.Join(errors.New("this is no stored table"), err)
	}
	size, err := binary.ReadUvarint(b)
	if err != nil || size > maxHeader {
		return nil, errors.Join(errors.New("the header is too long"), err)
	}
	text, err := io.ReadAll(io.LimitReader(b, int64(size)))
	if err != nil {
		return nil, err
	}
	var header storedHeader
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, err
	}
	switch {
	case header.Rows < 0 || header.Rows > l.Rows:
		return nil, errLimit(0, "rows", l.Rows)
	case len(header.Columns) == 0 || len(header.Columns) > l.Columns:
		return nil, errLimit(0, "columns", l.Columns)
	}
	t := &Table{Columns: header.Columns, Notes: header.Notes}
	for range t.Columns {
		t.cells = append(t.cells, newCellColumn())
	}
	above, last := make([][]byte, len(t.Columns)), uint64(0)
	for range header.Rows {
		step, err := binary.ReadUvarint(b)
		if last += step; err != nil || step == 0 || last > 1<<31 {
			return nil, errors.Join(errors.New("the number of a row cannot be right"), noEOF(err))
		}
		t.place = append(t.place, uint32(last))
		for c := range t.cells {
			n, err := binary.ReadUvarint(b)
			if err != nil {
				return nil, noEOF(err)
			}
			if n > 0 {
				if n-1 > uint64(l.CellBytes) {
					return nil, errLimit(int(last), "cell", l.CellBytes)
				}
				if uint64(cap(above[c])) < n-1 {
					above[c] = make([]byte, n-1)
				}
				above[c] = above[c][:n-1]
				if _, err := io.ReadFull(b, above[c]); err != nil {
					return nil, noEOF(err)
				}
			}
			t.cells[c].add(above[c])
		}
		t.rows++
	}
	if _, err := b.ReadByte(); !errors.Is(err, io.EOF) { // reading to the end checks the checksum
		return nil, errors.Join(errors.New("more follows than the rows"), err)
	}
	for _, c := range t.cells {
		c.done()
	}
	return t, nil
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
