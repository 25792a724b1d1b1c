package extract

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// readPlain takes a text as it is, whatever it is encoded in.
func readPlain(data []byte, out *output) error {
	// Each character takes at most three times the room in UTF-8 that it takes elsewhere, and at least a quarter: so much suffices.
	data = data[:min(len(data), 4*out.limits.Text+8)]
	text, ok := decode(data)
	if !ok {
		return refuse("error.unknown")
	}
	return out.add(text)
}

// decode reads a text in UTF-8, in UTF-16 with a mark or with zeros beside Latin letters, else in Windows-1252. It is false for what is no text.
// The text may break off within a character.
func decode(data []byte) (string, bool) {
	var e encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xFF\xFE\x00\x00")):
		return "", false
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), zerosAt(data, 1):
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")), zerosAt(data, 0):
		e = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	if e == nil {
		whole := data
		for n := 0; n < utf8.UTFMax-1 && len(whole) > 0 && !utf8.Valid(whole); n++ {
			whole = whole[:len(whole)-1]
		}
		if utf8.Valid(whole) && (len(whole) == len(data) || !utf8.FullRune(data[len(whole):])) {
			return string(whole), textual(whole)
		}
		e = charmap.Windows1252
		if !textual(data) {
			return "", false
		}
	}
	b, err := e.NewDecoder().Bytes(data)
	return string(b), err == nil && textual(b)
}

// zerosAt tells whether a fifth of the bytes at even (0) or odd (1) places is zero, and next to none of the others.
func zerosAt(data []byte, odd int) bool {
	data = data[:min(len(data), 4096)]
	var zero [2]int
	for i, c := range data {
		if c == 0 {
			zero[i%2]++
		}
	}
	return len(data) >= 4 && zero[odd]*10 >= len(data)*2 && zero[1-odd]*20 <= zero[odd]
}

// textual tells whether hardly any control characters occur, and no zero.
func textual(b []byte) bool {
	wrong := 0
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' {
			if wrong++; c == 0 {
				return false
			}
		}
	}
	return wrong*100 <= len(b)
}
