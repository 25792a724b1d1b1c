package sav_test

import (
	"encoding/binary"
	"testing"
)

// parsed is what stands in the dictionary of a file beside variables and labels.
type parsed struct {
	weight, cases int32
	display       []int32
	text          map[int32]string // extension records of bytes, by subtype
}

// parse walks the records of a file as the format describes them.
func parse(t *testing.T, b []byte) parsed {
	t.Helper()
	at := 0
	next := func() int32 {
		n := int32(binary.LittleEndian.Uint32(b[at:]))
		at += 4
		return n
	}
	p := parsed{text: map[int32]string{}}
	at = 64 + 12
	p.weight, p.cases = next(), next()
	at = 176
	for {
		switch kind := next(); kind {
		case 2:
			next()
			labelled, missing := next(), next()
			at += 16
			if labelled == 1 {
				at += (int(next()) + 3) / 4 * 4
			}
			if missing < 0 {
				missing = -missing
			}
			at += int(missing) * 8
		case 3:
			for n := next(); n > 0; n-- {
				at += 8
				at += (int(b[at]) + 1 + 7) / 8 * 8
			}
		case 4:
			at += int(next()) * 4
		case 6:
			at += int(next()) * 80
		case 7:
			subtype, size, count := next(), next(), next()
			body := b[at : at+int(size*count)]
			switch {
			case size == 1:
				p.text[subtype] = string(body)
			case subtype == 11:
				for i := 0; i < len(body); i += 4 {
					p.display = append(p.display, int32(binary.LittleEndian.Uint32(body[i:])))
				}
			}
			at += int(size * count)
		case 999:
			return p
		default:
			t.Fatalf("record %d at %d", kind, at-4)
		}
	}
}
