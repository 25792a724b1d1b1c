package sheet

import (
	"bytes"
	"errors"
	"io"
)

// separators that are looked for, in the order in which a tie is settled
const separators = ";,\t|"

// detectSeparator returns the separator with which most lines of a sample have the same number of cells, and that number.
// Separators within quotation marks do not count.
func detectSeparator(sample []byte) (separator byte, columns int) {
	best := 0.0
	separator, columns = ';', 1
	for _, d := range []byte(separators) {
		counts, lines := map[int]int{}, 0
		n, quoted, empty, start := 0, false, true, true
		for i := 0; i <= len(sample) && lines < 2000; i++ {
			if i == len(sample) || sample[i] == '\n' {
				// A line break within quotation marks ends the count all the same: an open one must not hide the rest.
				if !empty && i < len(sample) || !empty && lines == 0 {
					counts[n]++
					lines++
				}
				n, quoted, empty, start = 0, false, true, true
				continue
			}
			switch b := sample[i]; {
			case b == '"' && (start || quoted):
				quoted = !quoted
				start = false
			case b == d && !quoted:
				n++
				start = true
			case b != '\r' && b != ' ':
				empty, start = false, false
			}
		}
		most := 0
		for k, lines := range counts {
			if k > 0 && (lines*(k+1) > counts[most]*(most+1) || most == 0) {
				most = k
			}
		}
		if most == 0 {
			continue
		}
		near := 0 // lines that end early or late by a cell or two still speak for it
		for k, lines := range counts {
			if k > 0 && k >= most-2 && k <= most+1 {
				near += lines
			}
		}
		share := (float64(counts[most]) + float64(near)) / 2 / float64(lines)
		if score := share * float64(most) / (float64(most) + 1); score > best+1e-9 {
			best, separator, columns = score, d, most+1
		}
	}
	return separator, columns
}

// recordReader takes delimited text apart. It is lenient where a strict reader would give up or, worse, swallow rows: a
// quotation mark that opens a cell and is closed rows further is a sign like any other when these look like rows of their own, and
// one within a quoted cell of one line need not be doubled.
type recordReader struct {
	r         io.Reader
	separator byte
	columns   int // that most lines have
	most      int // bytes of a cell
	oldMac    bool

	buf      []byte
	from, to int
	eof      bool
	nuls     int

	cells    [][]byte // of the record, valid until the next call
	unquoted []byte
	open     bool // a quotation mark of the record was taken as a sign: it opened a cell
	stray    bool // the same: it stood within a quoted cell
	lines    bool // a cell of the record has several lines
}

const maxRecord = 32 << 20

var errRecordTooLong = errors.New("a row is too long")

// next reads a record. It returns io.EOF behind the last.
func (p *recordReader) next() error {
	for {
		have := p.buf[p.from:p.to]
		if len(have) > 0 {
			if n := p.record(have); n > 0 {
				p.from += n
				return nil
			}
		}
		if p.eof {
			return io.EOF
		}
		if err := p.more(); err != nil {
			return err
		}
	}
}

func (p *recordReader) more() error {
	if p.from > 0 {
		copy(p.buf, p.buf[p.from:p.to])
		p.to -= p.from
		p.from = 0
	}
	if p.to == len(p.buf) {
		if len(p.buf) > maxRecord {
			return errRecordTooLong
		}
		p.buf = append(p.buf, make([]byte, max(len(p.buf), 256<<10))...)
	}
	n, err := p.r.Read(p.buf[p.to:])
	fresh := p.buf[p.to : p.to+n]
	for i, c := range fresh {
		switch {
		case c == 0:
			fresh[i] = ' '
			p.nuls++
		case p.oldMac && c == '\r':
			fresh[i] = '\n'
		}
	}
	p.to += n
	if errors.Is(err, io.EOF) {
		p.eof = true
		return nil
	}
	return err
}

// record takes the first record of text apart and returns its length, 0 when the text may not hold all of it.
func (p *recordReader) record(text []byte) int {
	p.cells, p.unquoted, p.open, p.stray, p.lines = p.cells[:0], p.unquoted[:0], false, false, false
	i := 0
	for {
		var cell []byte
		next := -1
		if i < len(text) && text[i] == '"' {
			cell, next = p.quoted(text, i)
			if next == 0 {
				return 0
			}
		}
		if next < 0 {
			next = i
			for next < len(text) && text[next] != p.separator && text[next] != '\n' {
				next++
			}
			if next == len(text) && !p.eof {
				return 0
			}
			cell = text[i:next]
			if next == len(text) || text[next] == '\n' {
				cell = bytes.TrimSuffix(cell, []byte("\r"))
			}
		}
		p.cells = append(p.cells, cell)
		if next >= len(text) {
			return len(text)
		}
		i = next + 1
		if text[next] == '\n' {
			return i
		}
		if i == len(text) {
			if !p.eof {
				return 0
			}
			p.cells = append(p.cells, nil)
			return len(text)
		}
	}
}

// quoted reads the cell that a quotation mark opens at start. It returns the cell and the place behind it; 0 when the text may
// not hold all of it, and -1 when the mark is a sign like any other.
func (p *recordReader) quoted(text []byte, start int) (cell []byte, next int) {
	from := len(p.unquoted)
	lines, stray := false, false
	for i := start + 1; ; {
		k := bytes.IndexByte(text[i:], '"')
		if k < 0 {
			if len(text)-start > p.most || p.eof {
				p.open = true
				return nil, -1
			}
			return nil, 0
		}
		k += i
		lines = lines || bytes.IndexByte(text[i:k], '\n') >= 0
		p.unquoted = append(p.unquoted, text[i:k]...)
		if len(p.unquoted)-from > p.most {
			p.open = true
			return nil, -1
		}
		after := k + 1
		if after+1 >= len(text) && !p.eof {
			return nil, 0
		}
		for after < len(text) && text[after] == ' ' && text[k+1] != '"' {
			after++
		}
		switch {
		case after >= len(text) && !p.eof:
			return nil, 0
		case after >= len(text), text[after] == p.separator, text[after] == '\n', text[after] == '\r' && (after+1 >= len(text) || text[after+1] == '\n'):
			if after < len(text) && text[after] == '\r' {
				after = min(after+1, len(text))
			}
			if lines && (stray || p.swallowed(text, after)) {
				p.open = true
				return nil, -1
			}
			p.stray, p.lines = p.stray || stray, p.lines || lines
			return p.unquoted[from:len(p.unquoted):len(p.unquoted)], after
		case text[k+1] == '"':
			p.unquoted = append(p.unquoted, '"')
			i = k + 2
		default:
			p.unquoted = append(p.unquoted, '"')
			stray = true
			i = k + 1
		}
	}
}

// most lines of a cell; a remark has fewer
const mostLines = 30

// swallowed tells whether the lines from the start of the record up to the one with a place are rows rather than lines of one
// cell: half of them and two at least have as many separators as a whole row. Then the quotation mark that seems to hold them
// together does not.
func (p *recordReader) swallowed(text []byte, place int) bool {
	whole, lines := 0, 0
	for from := 0; from < place; {
		end := bytes.IndexByte(text[from:], '\n')
		if end < 0 {
			end = len(text) - from
		}
		lines++
		if bytes.Count(text[from:from+end], []byte{p.separator}) == p.columns-1 {
			whole++
		}
		from += end + 1
	}
	return lines > mostLines || p.columns >= 3 && whole >= 2 && 2*whole >= lines
}
