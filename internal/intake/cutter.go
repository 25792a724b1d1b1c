package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"sync/atomic"
)

// blockBytes is how much text a worker takes apart at a time.
const blockBytes = 1 << 20

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
	if err := c.err; err != nil {
		c.err = io.EOF
		return nil, err
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
			if end == 0 {
				c.err = io.EOF
				return nil, tooLong
			}
			c.err = tooLong
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
