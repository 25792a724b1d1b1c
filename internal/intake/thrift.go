package intake

import (
	"encoding/binary"
	"errors"
)

// Parquet describes itself in Thrift's compact protocol, where a few bytes can announce a list of two billion. The
// library makes room for what is announced before it looks whether it is there. walkThrift looks first.

const (
	thriftDepth = 32      // structures within structures
	thriftList  = 1 << 21 // entries of a list
)

var (
	errThriftShort = errors.New("a description ends early or announces more than it holds")
	errThriftDeep  = errors.New("a description is nested too deeply")
	errThriftKind  = errors.New("a description has a field of an unknown kind")
)

// walkThrift returns the bytes of the structure that b begins with, once all that it announces is there.
func walkThrift(b []byte) (int, error) {
	w := thriftWalker{b: b}
	err := w.structure(0)
	return w.at, err
}

type thriftWalker struct {
	b  []byte
	at int
}

func (w *thriftWalker) byte() (byte, error) {
	if w.at >= len(w.b) {
		return 0, errThriftShort
	}
	w.at++
	return w.b[w.at-1], nil
}

func (w *thriftWalker) skip(n uint64) error {
	if n > uint64(len(w.b)-w.at) {
		return errThriftShort
	}
	w.at += int(n)
	return nil
}

func (w *thriftWalker) varint() (uint64, error) {
	v, n := binary.Uvarint(w.b[w.at:])
	if n <= 0 {
		return 0, errThriftShort
	}
	w.at += n
	return v, nil
}

// structure walks fields up to the one that ends them.
func (w *thriftWalker) structure(depth int) error {
	if depth > thriftDepth {
		return errThriftDeep
	}
	for {
		head, err := w.byte()
		if err != nil || head == 0 {
			return err
		}
		if head>>4 == 0 { // the number of the field follows
			if _, err := w.varint(); err != nil {
				return err
			}
		}
		if kind := head & 0xF; kind != 1 && kind != 2 { // truth stands in the kind
			if err := w.value(kind, depth); err != nil {
				return err
			}
		}
	}
}

func (w *thriftWalker) value(kind byte, depth int) error {
	switch kind {
	case 1, 2, 3: // truth in a list, 8 bits
		return w.skip(1)
	case 4, 5, 6: // 16, 32, 64 bits
		_, err := w.varint()
		return err
	case 7: // floating point
		return w.skip(8)
	case 8: // bytes
		n, err := w.varint()
		if err != nil {
			return err
		}
		return w.skip(n)
	case 9, 10: // list, set
		return w.list(depth + 1)
	case 11:
		return w.dictionary(depth + 1)
	case 12:
		return w.structure(depth + 1)
	}
	return errThriftKind
}

func (w *thriftWalker) list(depth int) error {
	head, err := w.byte()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 0xF {
		if n, err = w.varint(); err != nil {
			return err
		}
	}
	return w.entries(n, depth, head&0xF)
}

func (w *thriftWalker) dictionary(depth int) error {
	n, err := w.varint()
	if err != nil || n == 0 {
		return err
	}
	kinds, err := w.byte()
	if err != nil {
		return err
	}
	return w.entries(n, depth, kinds>>4, kinds&0xF)
}

// entries walks n times the kinds; every value takes a byte at least.
func (w *thriftWalker) entries(n uint64, depth int, kinds ...byte) error {
	if depth > thriftDepth {
		return errThriftDeep
	}
	if n > thriftList || n > uint64(len(w.b)-w.at) {
		return errThriftShort
	}
	for range n {
		for _, kind := range kinds {
			if err := w.value(kind, depth); err != nil {
				return err
			}
		}
	}
	return nil
}
