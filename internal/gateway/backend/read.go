package backend

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"

	"tekentafel/internal/gateway/wire"
)

// reader reads what a server sends, in time and within bounds, and ends the try when it is closed.
type reader struct {
	try    *try
	leash  *leash
	from   io.ReadCloser
	packed io.Reader // reads from and unpacks; nil when nothing is packed
	left   int64
	drain  bool // the answer is whole: what follows gets no more time
	closed bool
}

var errTooLong = errors.New("the server sent more than allowed")

// unpack makes the reader unpack what the server packed although it was not asked to.
func (r *reader) unpack(encoding string) error {
	switch encoding {
	case "", "identity":
		return nil
	case "gzip":
		z, err := gzip.NewReader(alive{r})
		if err != nil {
			return err
		}
		r.packed = z
		return nil
	default:
		return errNotJSON
	}
}

// alive reads the bytes of the line; each gives the next piece its time.
type alive struct{ *reader }

func (a alive) Read(b []byte) (int, error) {
	n, err := a.from.Read(b)
	if n > 0 && !a.drain {
		a.leash.more(a.try.up.Between)
	}
	return n, err
}

func (r *reader) Read(b []byte) (int, error) {
	if r.left <= 0 {
		return 0, errTooLong
	}
	if int64(len(b)) > r.left {
		b = b[:r.left]
	}
	var n int
	var err error
	if r.packed != nil {
		n, err = r.packed.Read(b)
	} else {
		n, err = alive{r}.Read(b)
	}
	r.left -= int64(n)
	return n, err
}

// broke tells why an answer broke off.
func (r *reader) broke(err error) *Error {
	u := r.try.up
	switch {
	case r.try.asking.ctx.Err() != nil:
		return u.gone(r.try.asking.ctx, true)
	case r.leash.slow():
		return u.failed(Slow, true)
	case errors.Is(err, errTooLong) || errors.Is(err, wire.ErrEventTooLong) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.As(err, new(flate.CorruptInputError)):
		return u.failed(Broken, true)
	default:
		return u.failed(Severed, true)
	}
}

// close lets go of the connection, which serves again when the answer was read to its end, and of the place at the backend.
func (r *reader) close() {
	if r.closed {
		return
	}
	r.closed = true
	_ = r.from.Close()
	r.leash.end()
}
