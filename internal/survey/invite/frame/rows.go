package frame

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"tekentafel/internal/intake"
)

// Heading is a column whose role is known, such as one of personnel data.
type Heading struct {
	Text string `json:"text"`
	Role Role   `json:"role"`
}

// ErrTooMany says that there are more people than MaxRows.
var ErrTooMany = errors.New("more people than a frame holds")

// FromRows returns a file of rows that come from elsewhere than a file, with a cell for each heading. The roles of its columns are known,
// and Guess says them. The first row has the number 2, as below headings in a file. The error is ErrTooMany.
func FromRows(headings []Heading, rows [][]string) (*File, error) {
	if len(rows) > MaxRows {
		return nil, fmt.Errorf("%w: %d", ErrTooMany, len(rows))
	}
	texts := make([]string, len(headings))
	f := &File{known: make([]Role, len(headings)), rows: make([]intake.CellsRow, len(rows))}
	for i, h := range headings {
		texts[i], f.known[i] = h.Text, h.Role
	}
	for i, cells := range rows {
		if len(cells) != len(headings) {
			return nil, fmt.Errorf("row %d has %d cells for %d headings", i, len(cells), len(headings))
		}
		f.rows[i] = intake.CellsRow{Number: i + 2, Cells: slices.Clone(cells)}
	}
	f.describe(texts)
	return f, nil
}

// rowsMark is how what Write wrote begins.
const rowsMark = "tekentafel-frame 1\n"

// Write keeps what FromRows made, so that Read reads it again with its roles.
func (f *File) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	headings := make([]Heading, len(f.Columns))
	for i := range f.Columns {
		headings[i].Text = f.Columns[i].Heading
		if i < len(f.known) {
			headings[i].Role = f.known[i]
		}
	}
	first, err := json.Marshal(headings)
	if err != nil {
		return err
	}
	if _, err := out.WriteString(rowsMark + string(first) + "\n"); err != nil {
		return err
	}
	rows := csv.NewWriter(out)
	for i := range f.rows {
		if err := rows.Write(f.rows[i].Cells); err != nil {
			return err
		}
	}
	rows.Flush()
	return errors.Join(rows.Error(), out.Flush())
}

// kept tells whether the file at path was written by Write, and reads it if so.
func kept(ctx context.Context, path string) (*File, bool, error) {
	in, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, false, nil //nolint:nilerr // the reader of files says what is wrong
	}
	defer in.Close() //nolint:errcheck // only read from
	text := bufio.NewReaderSize(in, 64<<10)
	mark, err := text.Peek(len(rowsMark))
	if err != nil || !bytes.Equal(mark, []byte(rowsMark)) {
		return nil, false, nil //nolint:nilerr // it is another file
	}
	f, err := readKept(ctx, text)
	if err != nil && ctx.Err() == nil {
		err = &intake.Error{Kind: intake.KindUnreadable, Err: err}
	}
	return f, true, err
}

func readKept(ctx context.Context, text *bufio.Reader) (*File, error) {
	if _, err := text.Discard(len(rowsMark)); err != nil {
		return nil, err
	}
	first, err := text.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	var headings []Heading
	if err := json.Unmarshal(first, &headings); err != nil {
		return nil, err
	}
	if len(headings) == 0 || len(headings) > maxColumns {
		return nil, fmt.Errorf("%d columns", len(headings))
	}
	for _, h := range headings {
		if !slices.Contains(Roles(), h.Role) {
			return nil, fmt.Errorf("no role %q", h.Role)
		}
	}
	in := csv.NewReader(text)
	in.FieldsPerRecord = len(headings)
	var rows [][]string
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return FromRows(headings, rows)
		}
		if err != nil {
			return nil, err
		}
		if len(rows)%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		rows = append(rows, cells)
		if len(rows) > MaxRows {
			return nil, ErrTooMany
		}
	}
}
