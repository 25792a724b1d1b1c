package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
)

// blockBytes is how much text a worker takes apart at a time.
const blockBytes = 1 << 20

// maxDistinct bounds the distinct cells of a column of the instrument, whatever becomes of them.
const maxDistinct = 2_000_000

// newTable makes room for the wanted columns.
func newTable(p *plan, l Limits) *table {
	t := &table{columns: make([]*rawColumn, len(p.headings))}
	outside := map[int]bool{}
	for _, column := range p.factors {
		outside[column] = true
	}
	for i, w := range p.wants {
		if w == 0 {
			continue
		}
		c := &rawColumn{heading: p.headings[i]}
		switch {
		case outside[i]:
			c.dict = newDictionary(l, math.MaxInt32)
		case w&wantIDs != 0:
			c.dict = newDictionary(l, maxDistinct)
		case w&wantPresence != 0:
			c.dict = newDictionary(l, 2)
			c.dict.values = append(c.dict.values, "1") // something stands there
		}
		t.columns[i] = c
	}
	return t
}

// sinks makes one worker's sinks, nil for a column that is not wanted.
func (t *table) sinks(p *plan, missing spellings) []*sink {
	list := make([]*sink, len(t.columns))
	for i, c := range t.columns {
		if c != nil {
			list[i] = &sink{want: p.wants[i], missing: missing}
			if c.dict != nil {
				list[i].lookup = newLookup(c.dict)
			}
		}
	}
	return list
}

// errNotUTF8 says that a text taken for UTF-8 is none and may be windows-1252.
var errNotUTF8 = errors.New("not UTF-8")

func (s *textSource) table(ctx context.Context, p *plan, missing spellings) (*table, error) {
	t, err := s.read(ctx, p, missing)
	if errors.Is(err, errNotUTF8) {
		s.encoding, s.guessed = encodingWindows1252, false
		t, err = s.read(ctx, p, missing)
	}
	return t, err
}

// block is a run of whole records, or the error that stands in their place.
type block struct {
	number int
	text   []byte
	err    *Error
}

// parsed is what a worker made of a block.
type parsed struct {
	number    int
	rows      int
	blank     []int // rows of the block before each blank line
	short     int
	runs      []run
	multibyte bool
	err       *Error // at row rows of the block
	notUTF8   bool
}

// read cuts the text into blocks of whole records, has workers take them apart, and joins the results in order.
func (s *textSource) read(ctx context.Context, p *plan, missing spellings) (*table, error) {
	t := newTable(p, s.limits)
	t.headerRow = 1 + s.skip
	workers := runtime.GOMAXPROCS(0)
	blocks, results := make(chan block, workers), make(chan parsed, workers)
	var bytesRead atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(blocks)
		return s.cut(ctx, &bytesRead, blocks)
	})
	var working atomic.Int32
	working.Store(int32(workers))
	for range workers {
		g.Go(func() error {
			defer func() {
				if working.Add(-1) == 0 {
					close(results)
				}
			}()
			w := blockParser{
				record: recordParser{delimiter: s.delimiter}, sinks: t.sinks(p, missing),
				headings: p.headings, checkUTF8: s.encoding == encodingUTF8,
			}
			for b := range blocks {
				select {
				case results <- w.parse(b):
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	}
	g.Go(func() error { return s.join(ctx, t, results, &bytesRead) })
	if err := g.Wait(); err != nil {
		if errors.Is(err, errNotUTF8) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return nil, err
		}
		return nil, s.fail(err, "the file cannot be read")
	}
	return t, nil
}

// join appends the results to the table in the order of the blocks.
func (s *textSource) join(ctx context.Context, t *table, results <-chan parsed, bytesRead *atomic.Int64) error {
	waiting := map[int]parsed{}
	next, multibyteSeen := 0, false
	for r := range results {
		waiting[r.number] = r
		for {
			r, ok := waiting[next]
			if !ok {
				break
			}
			delete(waiting, next)
			next++
			if r.notUTF8 && s.guessed && !multibyteSeen && !r.multibyte {
				return errNotUTF8
			}
			multibyteSeen = multibyteSeen || r.multibyte
			for _, b := range r.blank {
				t.blank = append(t.blank, t.rows+b)
			}
			if r.err != nil {
				r.err.Row = t.rowNumber(t.rows + r.rows)
				return r.err
			}
			if t.rows+r.rows > s.limits.Rows {
				return &Error{
					Kind: KindLimit, Message: fmt.Sprintf("the file has more than %d rows", s.limits.Rows),
					Mend: "split the wave, or draw a sample of the rows",
				}
			}
			n := 0
			for _, c := range t.columns {
				if c != nil {
					c.append(t.rows, r.runs[n])
					n++
				}
			}
			t.rows += r.rows
			t.short += r.short
			s.progress(bytesRead.Load(), s.size)
		}
	}
	return ctx.Err()
}

// cut sends the text behind the headings as blocks of whole records.
func (s *textSource) cut(ctx context.Context, bytesRead *atomic.Int64, blocks chan<- block) error {
	raw := &countingReader{r: io.NewSectionReader(s.file, int64(s.bom), s.size-int64(s.bom)), n: bytesRead}
	c := cutter{r: s.decoder(raw), delimiter: s.delimiter, limits: s.limits, oldMac: s.oldMac}
	for number, first := 0, true; ; number++ {
		text, err := c.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		b := block{number: number, text: text}
		if err != nil && !errors.As(err, &b.err) {
			return s.unreadable(err)
		}
		if first && b.err == nil {
			first = false
			if b.text, b.err = s.behindHeadings(text); b.err != nil {
				return b.err
			}
		}
		select {
		case blocks <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.err != nil {
			return nil
		}
	}
}

// behindHeadings leaves out the lines before the headings, and the headings.
func (s *textSource) behindHeadings(text []byte) ([]byte, *Error) {
	for range s.skip {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	end, err := recordEnd(text, s.delimiter, s.limits.CellBytes, s.limits.Columns)
	if err != nil || end < 0 {
		return nil, err
	}
	return text[end:], nil
}

type countingReader struct {
	r io.Reader
	n *atomic.Int64
}

func (c *countingReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// cutter cuts a text into blocks that end with a record.
type cutter struct {
	r         io.Reader
	delimiter byte
	limits    Limits
	oldMac    bool
	rest      []byte // the beginning of a record
	err       error  // comes after what was returned
}

// next returns the next block, or io.EOF. It holds no more than a block and the longest record allowed.
func (c *cutter) next() ([]byte, error) {
	if c.err != nil {
		return nil, c.err
	}
	text := make([]byte, len(c.rest), len(c.rest)+blockBytes)
	copy(text, c.rest)
	for {
		n, err := io.ReadFull(c.r, text[len(text):cap(text)])
		fresh := text[len(text) : len(text)+n]
		if c.oldMac {
			for i, b := range fresh {
				if b == '\r' {
					fresh[i] = '\n'
				}
			}
		}
		text = text[:len(text)+n]
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			c.rest, c.err = nil, io.EOF
			if len(text) == 0 {
				return nil, io.EOF
			}
			return text, nil
		}
		if err != nil {
			return nil, err
		}
		end, tooLong := c.lastEnd(text)
		if tooLong == nil && end == 0 && len(text) > c.limits.RowBytes {
			tooLong = &Error{
				Kind: KindLimit, Message: fmt.Sprintf("a row has more than %d MiB", c.limits.RowBytes>>20),
				Mend: "check that the lines of the file end where the rows do",
			}
		}
		if tooLong != nil {
			c.err = tooLong
			if end == 0 {
				return nil, tooLong
			}
		}
		if end > 0 {
			c.rest = append([]byte(nil), text[end:]...)
			return text[:end], nil
		}
		text = append(make([]byte, 0, 2*cap(text)), text...)
	}
}

// lastEnd returns where the last whole record ends, 0 without one, and whether what follows is longer than allowed.
func (c *cutter) lastEnd(text []byte) (int, *Error) {
	if bytes.IndexByte(text, '"') < 0 {
		if end := bytes.LastIndexByte(text, '\n') + 1; end > 0 {
			return end, nil
		}
	}
	end := 0
	for {
		n, err := recordEnd(text[end:], c.delimiter, c.limits.CellBytes, math.MaxInt-1)
		if err != nil || n < 0 {
			return end, err
		}
		end += n
	}
}

// blockParser is a worker that takes blocks apart.
type blockParser struct {
	record    recordParser
	sinks     []*sink
	headings  []string
	checkUTF8 bool
}

func (w *blockParser) parse(b block) parsed {
	r := parsed{number: b.number, err: b.err}
	if r.err != nil {
		return r
	}
	text := b.text
	if i := bytes.IndexByte(text, 0); i >= 0 {
		r.rows, r.err = bytes.Count(text[:i], []byte("\n")), errNUL()
		return r
	}
	if w.checkUTF8 {
		if !utf8.Valid(text) {
			w.notUTF8(text, &r)
			return r
		}
		r.multibyte = utf8.RuneCount(text) != len(text)
	}
	for len(text) > 0 {
		cells, n, err := w.record.cells(text)
		if err != nil {
			r.err = err
			return r
		}
		blank := len(cells) == 1 && len(cells[0]) == 0 && text[0] != '"'
		text = text[n:]
		if blank {
			r.blank = append(r.blank, r.rows)
			continue
		}
		if err := w.row(cells); err != nil {
			r.err = err
			return r
		}
		if len(cells) < len(w.headings) {
			r.short++
		}
		r.rows++
	}
	for _, s := range w.sinks {
		if s != nil {
			r.runs = append(r.runs, s.take())
		}
	}
	return r
}

// row hands the cells of a record to the sinks.
func (w *blockParser) row(cells [][]byte) *Error {
	for len(cells) > len(w.headings) {
		if last := cells[len(cells)-1]; len(bytes.TrimSpace(last)) > 0 {
			return &Error{
				Kind: KindRagged, Message: fmt.Sprintf("the row has %d cells, but there are %d headings", len(cells), len(w.headings)),
				Mend: "put a cell that contains the delimiter between quotation marks, or give the column a heading",
			}
		}
		cells = cells[:len(cells)-1]
	}
	for j, s := range w.sinks {
		if s == nil {
			continue
		}
		var cell []byte
		if j < len(cells) {
			cell = cells[j]
		}
		if len(cell) == 1 && s.want == wantIDs {
			if id := s.lookup.short[cell[0]]; id != 0 {
				s.ids = append(s.ids, id-1)
				continue
			}
		}
		if err := s.add(cell); err != nil {
			var e *Error
			if !errors.As(err, &e) {
				e = &Error{Kind: KindFormat, Message: err.Error()}
			}
			e.Column = w.headings[j]
			return e
		}
	}
	return nil
}

// notUTF8 says in which row the text stops being UTF-8, and whether it was before.
func (w *blockParser) notUTF8(text []byte, r *parsed) {
	i := 0
	for i < len(text) {
		c, n := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	r.notUTF8, r.multibyte = true, multibyte(text[:i])
	r.rows = bytes.Count(text[:i], []byte("\n"))
	r.err = &Error{
		Kind: KindEncoding, Message: "the text is partly UTF-8 and partly not",
		Mend: "export the answers anew in UTF-8, or name the encoding in the mapping",
	}
}
