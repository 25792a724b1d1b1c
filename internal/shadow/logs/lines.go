package logs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// ErrTooLarge is returned when a log is larger than Options.MaxBytes after unpacking.
var ErrTooLarge = errors.New("the log is too large: read it in parts, or leave out weeks")

// lines gives the lines of a stream in one buffer. A longer line is passed over whole.
type lines struct {
	ctx        context.Context
	src        io.Reader
	buf        []byte
	start, end int
	most       int // bytes of the longest line
	left       int64
	total      int64
	err        error
}

func newLines(ctx context.Context, src io.Reader, most int, bytes int64) *lines {
	return &lines{ctx: ctx, src: src, buf: make([]byte, max(256<<10, 2*most)), most: most, left: bytes}
}

// next returns the next line without its end, valid until the next call. Long is true for one that was passed over. The error is io.EOF at the end.
func (l *lines) next() (line []byte, long bool, err error) {
	for {
		if i := bytes.IndexByte(l.buf[l.start:l.end], '\n'); i >= 0 {
			line = l.buf[l.start : l.start+i]
			l.start += i + 1
			return trimEnd(line), long || len(line) > l.most, nil
		}
		if l.end-l.start > l.most { // without an end yet
			long = true
			l.start = l.end
		}
		if l.err != nil {
			rest := l.buf[l.start:l.end]
			l.start = l.end
			if errors.Is(l.err, io.EOF) && (len(rest) > 0 || long) {
				return trimEnd(rest), long, nil
			}
			return nil, false, l.err
		}
		l.fill()
	}
}

func (l *lines) fill() {
	if err := l.ctx.Err(); err != nil {
		l.err = err
		return
	}
	if l.start > 0 {
		l.end = copy(l.buf, l.buf[l.start:l.end])
		l.start = 0
	}
	n, err := l.src.Read(l.buf[l.end:])
	l.end += n
	l.total += int64(n)
	if l.left -= int64(n); l.left < 0 {
		err = ErrTooLarge
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, ErrTooLarge) {
		err = fmt.Errorf("read the log after %d bytes: %w", l.total, err)
	}
	l.err = err
}

func trimEnd(line []byte) []byte {
	return bytes.TrimSuffix(line, []byte{'\r'})
}
