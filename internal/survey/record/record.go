package record

import (
	"encoding/binary"
	"math"

	"tekentafel/internal/instrument"
)

// Record is what one respondent answered, checked and routed.
type Record struct {
	codec   *Codec
	codes   []uint8
	numbers []float64 // by Codec.numbers
	texts   []string  // by Codec.texts
	asked   []bool
	link    Link
}

// Asked reports for each item of the instrument, in order, whether this respondent is asked it. The caller does not change
// it.
func (r *Record) Asked() []bool { return r.asked }

// Code returns the code of a variable (instrument.NotAsked and on), instrument.NotAsked for one that is not there.
// The code of a number and of an open text that were given is instrument.FirstOption.
func (r *Record) Code(variable string) int {
	if at, ok := r.codec.byID[variable]; ok {
		return int(r.codes[at])
	}
	return instrument.NotAsked
}

// Bytes returns the record as it is kept; see the package for the layout.
func (r *Record) Bytes() []byte {
	c := r.codec
	n := 0
	for _, t := range r.texts {
		if t != "" {
			n += 2 + len(t)
		}
	}
	out := make([]byte, c.size+(n+textStep-1)/textStep*textStep)
	copy(out, c.header[:])
	copy(out[headerSize:], r.codes)
	at := headerSize + len(r.codes)
	for _, v := range r.numbers {
		binary.LittleEndian.PutUint64(out[at:], math.Float64bits(v))
		at += 8
	}
	if c.linked {
		at += copy(out[at:], r.link[:])
	}
	for _, t := range r.texts {
		if t != "" {
			binary.LittleEndian.PutUint16(out[at:], uint16(len(t))) // MaxText characters of at most 4 bytes
			at += 2 + copy(out[at+2:], t)
		}
	}
	return out
}
