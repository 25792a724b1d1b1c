package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
)

// sampleBytes is how much of a text is looked at to find its separator.
const sampleBytes = 256 << 10

// source is a sheet and what was noticed while it was read.
type source struct {
	grid    *grid
	notes   []Note
	merged  []merge       // of a workbook
	widths  []uint16      // cells of each row of a text; nil for a workbook
	columns []columnNotes // of a workbook, by column of the grid
	sheet   string
	hidden  bool
	rank    int     // among the sheets of a workbook
	others  []other // sheets that are not read
}

// readText reads delimited text.
func readText(ctx context.Context, f io.ReaderAt, size int64, opt Options) (*source, error) {
	enc, err := detectEncoding(io.NewSectionReader(f, 0, size))
	if err != nil {
		return nil, &Error{Kind: ErrUnreadable, Err: err}
	}
	if opt.Encoding != "" && opt.Encoding != enc.name {
		enc = coded{name: opt.Encoding}
	}
	open := func() io.Reader {
		return enc.decoder(io.NewSectionReader(f, int64(enc.mark), size-int64(enc.mark)))
	}
	sample, err := io.ReadAll(io.LimitReader(open(), sampleBytes))
	if err != nil {
		return nil, &Error{Kind: ErrUnreadable, Err: err}
	}
	if isBinary(sample) {
		return nil, &Error{Kind: ErrBinary}
	}
	p := &recordReader{r: open(), most: opt.Limits.CellBytes}
	p.oldMac = bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0
	if p.oldMac {
		sample = bytes.ReplaceAll(sample, []byte("\r"), []byte("\n"))
	}
	line, rest, _ := bytes.Cut(sample, []byte("\n"))
	says, ok := separatorLine(line)
	if !ok {
		rest = sample
	}
	p.separator, p.columns = detectSeparator(rest)
	guessed := "yes"
	switch {
	case opt.Separator != "":
		p.separator, guessed = opt.Separator[0], ""
	case ok:
		p.separator, guessed = says, ""
	}
	if p.separator != 0 && guessed == "" {
		p.columns = columnsWith(rest, p.separator)
	}
	s := &source{grid: newGrid(opt.Limits)}
	if err := s.records(ctx, p, ok, opt.progress(size)); err != nil {
		return nil, err
	}
	name := string(p.separator)
	if p.separator == '\t' {
		name = "tab"
	}
	s.notes = append(s.notes, Note{Kind: NoteText, Column: -1, Args: pairs([]string{"encoding", enc.name, "separator", name, "guessed", guessed})})
	if enc.wrong > 0 {
		s.notes = append(s.notes, Note{Kind: NoteMixedEncoding, Column: -1, Count: enc.wrong})
	}
	if p.nuls > 0 {
		s.notes = append(s.notes, Note{Kind: NoteNUL, Column: -1, Count: p.nuls})
	}
	return s, nil
}

// records reads all records. The line "sep=;" is a row of the file, and blank.
func (s *source) records(ctx context.Context, p *recordReader, saysSeparator bool, progress func(int)) error {
	open, stray, lines := spans{most: firstRows}, spans{most: firstRows}, spans{most: firstRows}
	bytesRead := 0
	for number := 1; ; number++ {
		if number%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			progress(bytesRead)
		}
		err := p.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, errRecordTooLong) {
			return errLimit(number, "cell", p.most)
		}
		if err != nil {
			return &Error{Kind: ErrUnreadable, Row: number, Err: err}
		}
		filled := false
		for _, c := range p.cells {
			bytesRead += len(c) + 1
			filled = filled || !isBlank(c)
		}
		if !filled || number == 1 && saysSeparator {
			continue
		}
		if p.open {
			open.add(number)
		}
		if p.stray {
			stray.add(number)
		}
		if p.lines {
			lines.add(number)
		}
		if err := s.grid.begin(number); err != nil {
			return err
		}
		for i, c := range p.cells {
			if isBlank(c) {
				continue
			}
			if err := s.grid.set(i, c); err != nil {
				return err
			}
		}
		s.widths = append(s.widths, uint16(min(len(p.cells), 1<<16-1)))
	}
	if open.count > 0 {
		s.notes = append(s.notes, open.note(NoteOpenQuote))
	}
	if stray.count > 0 {
		s.notes = append(s.notes, stray.note(NoteStrayQuote))
	}
	if lines.count > 0 {
		s.notes = append(s.notes, lines.note(NoteLineBreaks))
	}
	s.grid.done()
	return nil
}

func isBlank(c []byte) bool {
	if len(c) == 0 {
		return true
	}
	if c[0] > ' ' && c[0] < 0x80 {
		return false
	}
	return len(bytes.TrimSpace(c)) == 0
}

// separatorLine reads the line "sep=;" that Excel heeds.
func separatorLine(line []byte) (byte, bool) {
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) != 5 || !strings.EqualFold(string(line[:4]), "sep=") || line[4] == '"' {
		return 0, false
	}
	return line[4], true
}

// columnsWith returns the number of cells that most lines have with a separator.
func columnsWith(sample []byte, separator byte) int {
	counts, most := map[int]int{}, 0
	for line := range bytes.Lines(sample) {
		n := bytes.Count(line, []byte{separator})
		if counts[n]++; counts[n] > counts[most] {
			most = n
		}
	}
	return most + 1
}

// isBinary tells whether a sample has more control characters than a text could.
func isBinary(sample []byte) bool {
	control := 0
	for _, c := range sample {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1a && c != 0x1b {
			control++
		}
	}
	return control > 4 && control*50 > len(sample)
}
