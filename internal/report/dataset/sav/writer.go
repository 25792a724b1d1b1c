package sav

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// SystemMissing is the value that says that nothing is there. NaN is written as it.
const SystemMissing = -math.MaxFloat64

// bias is added to small whole numbers to make the byte that stands for them in compressed cases.
const bias = 100

// Bytes of compressed cases that are no small number.
const (
	byteEnd     = 252
	byteValue   = 253 // the next eight bytes are the value
	byteMissing = 255
)

// Writer writes a file: New writes the dictionary, then WriteCase each case, then Close.
type Writer struct {
	w       *bufio.Writer
	err     error
	columns int
	cases   int // still to come

	codes  [8]byte // compressed values that wait for their block to be full
	filled int
	values []byte // values that follow the block
}

// New checks the dictionary and writes it.
func New(w io.Writer, d Dictionary) (*Writer, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	out := &Writer{w: bufio.NewWriterSize(w, 1<<16), columns: len(d.Variables), cases: d.Cases}
	out.header(&d)
	for i := range d.Variables {
		out.variable(i, &d.Variables[i])
	}
	for i := range d.Variables {
		out.labels(i, d.Variables[i].Values)
	}
	out.notes(d.Notes)
	out.extensions(&d)
	out.ints(999, 0)
	return out, out.err
}

// WriteCase writes one case: a value a variable, in order.
func (w *Writer) WriteCase(values []float64) error {
	if len(values) != w.columns {
		return fmt.Errorf("sav: a case of %d values in a file of %d variables", len(values), w.columns)
	}
	if w.cases--; w.cases < 0 {
		return fmt.Errorf("sav: more cases than the dictionary says")
	}
	for _, x := range values {
		w.value(x)
	}
	return w.err
}

// Close ends the file. It does not close what the Writer writes to.
func (w *Writer) Close() error {
	if w.cases > 0 {
		return fmt.Errorf("sav: %d cases fewer than the dictionary says", w.cases)
	}
	w.code(byteEnd)
	for w.filled > 0 {
		w.code(0)
	}
	if err := w.w.Flush(); err != nil {
		return err
	}
	return w.err
}

// value adds a value to the compressed cases.
func (w *Writer) value(x float64) {
	switch {
	case math.IsNaN(x) || x == SystemMissing:
		w.code(byteMissing)
	case x == math.Trunc(x) && x >= 1-bias && x <= 251-bias && !(x == 0 && math.Signbit(x)):
		w.code(byte(x + bias))
	default:
		w.values = binary.LittleEndian.AppendUint64(w.values, math.Float64bits(x))
		w.code(byteValue)
	}
}

// code adds a byte to the block and writes the block, with the values that belong to it, when it is full.
func (w *Writer) code(b byte) {
	w.codes[w.filled] = b
	if w.filled++; w.filled < len(w.codes) {
		return
	}
	w.bytes(w.codes[:])
	w.bytes(w.values)
	w.filled, w.values = 0, w.values[:0]
}

func (w *Writer) bytes(b []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
}

func (w *Writer) ints(list ...int32) {
	var b []byte
	for _, n := range list {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	w.bytes(b)
}

func (w *Writer) floats(list ...float64) {
	var b []byte
	for _, x := range list {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	w.bytes(b)
}

// text writes s, cut off or filled with spaces to a length in bytes.
func (w *Writer) text(s string, bytes int) {
	s = cut(s, bytes)
	w.bytes([]byte(s + strings.Repeat(" ", bytes-len(s))))
}
