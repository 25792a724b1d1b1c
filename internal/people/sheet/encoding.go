package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings of text that are read.
const (
	UTF8        = "utf-8"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	Windows1252 = "windows-1252"
	CodePage850 = "ibm850" // DOS in Western Europe
	MacRoman    = "macintosh"
)

// coded is how the text of a file is written.
type coded struct {
	name    string
	mark    int // bytes of the mark in front
	guessed bool
	wrong   int // bytes of UTF-8 that are none
}

// detectEncoding reads a whole file. It goes by the mark in front, else by the zero bytes that UTF-16 has beside Latin letters,
// else by whether it is UTF-8, else by which table makes most of the other bytes letters of Western Europe.
func detectEncoding(r io.Reader) (coded, error) {
	buf := make([]byte, 256<<10)
	have := 0
	var high [256]int
	multi, wrong := 0, 0
	for first := true; ; first = false {
		n, err := io.ReadFull(r, buf[have:])
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return coded{}, err
		}
		b := buf[:have+n]
		if first {
			if c := byMark(b); c.name != "" {
				return c, nil
			}
		}
		have = 0
		for len(b) > 0 {
			if i := firstHigh(b); i < 0 {
				break
			} else if i > 0 {
				b = b[i:]
			}
			if !end && !utf8.FullRune(b) {
				have = copy(buf, b)
				break
			}
			c, size := utf8.DecodeRune(b)
			if c == utf8.RuneError && size == 1 {
				wrong++
				high[b[0]]++
			} else {
				multi++
				for _, x := range b[:size] {
					high[x]++
				}
			}
			b = b[size:]
		}
		if end {
			break
		}
	}
	switch {
	case wrong == 0:
		return coded{name: UTF8, guessed: true}, nil
	case multi > 0 && wrong*4 <= multi:
		return coded{name: UTF8, guessed: true, wrong: wrong}, nil
	}
	best, most := Windows1252, -1
	for _, name := range []string{Windows1252, CodePage850, MacRoman} {
		score := 0
		for b, n := range high {
			switch c := tables()[name].DecodeByte(byte(b)); {
			case n == 0:
			case strings.ContainsRune(letters, c):
				score += 3 * n
			case strings.ContainsRune(rarer, c):
				score += n
			}
		}
		if score > most {
			best, most = name, score
		}
	}
	return coded{name: best, guessed: true}, nil
}

// what texts in the languages of the country have often beyond ASCII, and what now and then
const (
	letters = "éèëêàâäçïîôöüûùß"
	rarer   = "áãñíìóòõúÿœøåÉÈËÊÀÁÂÄÇÏÎÔÖÜÛ€’‘“”–…°"
)

func tables() map[string]*charmap.Charmap {
	return map[string]*charmap.Charmap{Windows1252: charmap.Windows1252, CodePage850: charmap.CodePage850, MacRoman: charmap.Macintosh}
}

// firstHigh returns the place of the first byte beyond ASCII, -1 without one.
func firstHigh(b []byte) int {
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return -1
}

func byMark(b []byte) coded {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return coded{name: UTF8, mark: 3}
	case bytes.HasPrefix(b, []byte("\xFF\xFE")):
		return coded{name: UTF16LE, mark: 2}
	case bytes.HasPrefix(b, []byte("\xFE\xFF")):
		return coded{name: UTF16BE, mark: 2}
	}
	var zero [2]int
	head := b[:min(len(b), 4096)]
	for i, c := range head {
		if c == 0 {
			zero[i%2]++
		}
	}
	enough := max(1, len(head)/5)
	switch {
	case zero[1] >= enough && zero[0]*20 <= zero[1]:
		return coded{name: UTF16LE, guessed: true}
	case zero[0] >= enough && zero[1]*20 <= zero[0]:
		return coded{name: UTF16BE, guessed: true}
	}
	return coded{}
}

// decoder makes UTF-8 of a text behind its mark.
func (c coded) decoder(r io.Reader) io.Reader {
	var e encoding.Encoding
	switch c.name {
	case UTF16LE:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case Windows1252, CodePage850, MacRoman:
		e = tables()[c.name]
	default:
		return transform.NewReader(r, mender{})
	}
	return transform.NewReader(r, e.NewDecoder())
}

// mender passes UTF-8 on and reads bytes that are none as windows-1252.
type mender struct{ transform.NopResetter }

func (mender) Transform(dst, src []byte, end bool) (to, from int, err error) {
	for from < len(src) {
		if n := firstHigh(src[from:]); n != 0 {
			if n < 0 {
				n = len(src) - from
			}
			n = copy(dst[to:], src[from:from+n])
			if to, from = to+n, from+n; n == 0 {
				return to, from, transform.ErrShortDst
			}
			continue
		}
		if !end && !utf8.FullRune(src[from:]) {
			return to, from, transform.ErrShortSrc
		}
		r, size := utf8.DecodeRune(src[from:])
		if r == utf8.RuneError && size == 1 {
			r = charmap.Windows1252.DecodeByte(src[from])
		}
		if utf8.RuneLen(r) > len(dst)-to {
			return to, from, transform.ErrShortDst
		}
		to += utf8.EncodeRune(dst[to:], r)
		from += size
	}
	return to, from, nil
}
