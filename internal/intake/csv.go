package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

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
	for number := 0; ; number++ {
		b := block{number: number}
		text, err := c.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &b.err): // whoever joins the blocks says in which row
		case err != nil:
			return s.unreadable(err)
		case number == 0:
			if b.text, b.err = s.behindHeadings(text); b.err != nil {
				return b.err
			}
		default:
			b.text = text
		}
		select {
		case blocks <- b:
		case <-ctx.Done():
			return ctx.Err()
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
