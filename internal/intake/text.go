package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings of text that are read.
const (
	encodingUTF8        = "utf-8"
	encodingUTF16LE     = "utf-16le"
	encodingUTF16BE     = "utf-16be"
	encodingWindows1252 = "windows-1252"
)

func encodings() []string {
	return []string{encodingUTF8, encodingUTF16LE, encodingUTF16BE, encodingWindows1252}
}

// delimiters that separate cells, in the order in which a tie is settled
const delimiters = ",;\t|"

// sampleBytes is how much of a text is looked at to find out how it is written.
const sampleBytes = 256 << 10

// textSource is a file of delimited text.
type textSource struct {
	input
	encoding  string
	guessed   bool // the encoding was found out, so that bytes that are no UTF-8 make it windows-1252
	bom       int  // bytes of the mark in front
	oldMac    bool // lines end with a carriage return alone
	delimiter byte
	skip      int // lines before the headings: sep=; and blank ones
	names     []string
}

func openText(f input) (source, error) {
	sample := make([]byte, min(f.size, sampleBytes))
	if _, err := f.file.ReadAt(sample, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, f.unreadable(err)
	}
	s := &textSource{input: f}
	s.detectEncoding(sample)
	if e := f.mapping.Encoding; e != "" && e != s.encoding {
		s.encoding, s.guessed = e, false
		if s.bom > 0 && e != encodingUTF8 {
			s.bom = 0
		}
	}
	decoded, err := io.ReadAll(io.LimitReader(s.decoder(bytes.NewReader(sample[min(s.bom, len(sample)):])), 2*sampleBytes))
	if err != nil {
		return nil, f.unreadable(err)
	}
	if bytes.IndexByte(decoded, 0) >= 0 {
		e := errNUL()
		e.File, e.Row = f.name, 1+bytes.Count(decoded[:bytes.IndexByte(decoded, 0)], []byte("\n"))
		return nil, e
	}
	s.oldMac = bytes.IndexByte(decoded, '\n') < 0 && bytes.IndexByte(decoded, '\r') >= 0
	if s.oldMac {
		decoded = bytes.ReplaceAll(decoded, []byte("\r"), []byte("\n"))
	}
	return s, s.readHeadings(decoded, len(sample) == int(f.size))
}

// detectEncoding goes by the mark in front, else by the zero bytes that UTF-16 has beside Latin letters, else takes
// UTF-8 until proven otherwise.
func (s *textSource) detectEncoding(sample []byte) {
	switch {
	case bytes.HasPrefix(sample, []byte("\xEF\xBB\xBF")):
		s.encoding, s.bom = encodingUTF8, 3
		return
	case bytes.HasPrefix(sample, []byte("\xFF\xFE")):
		s.encoding, s.bom = encodingUTF16LE, 2
		return
	case bytes.HasPrefix(sample, []byte("\xFE\xFF")):
		s.encoding, s.bom = encodingUTF16BE, 2
		return
	}
	var zeros [2]int
	head := sample[:min(len(sample), 4096)]
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	enough := max(1, len(head)/5) // of the half of the bytes that are zero for Latin letters
	switch {
	case zeros[1] >= enough && zeros[0] == 0:
		s.encoding = encodingUTF16LE
	case zeros[0] >= enough && zeros[1] == 0:
		s.encoding = encodingUTF16BE
	case validText(sample):
		s.encoding, s.guessed = encodingUTF8, true
	case multibyte(sample):
		s.encoding = encodingUTF8 // damaged; reading it says where
	default:
		s.encoding, s.guessed = encodingWindows1252, true
	}
}

// decoder makes UTF-8 of the text behind the mark.
func (s *textSource) decoder(r io.Reader) io.Reader {
	var e encoding.Encoding
	switch s.encoding {
	case encodingUTF16LE:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case encodingUTF16BE:
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case encodingWindows1252:
		e = charmap.Windows1252
	default:
		return r
	}
	return transform.NewReader(r, e.NewDecoder())
}

// readHeadings finds the delimiter and the headings at the beginning of the text.
func (s *textSource) readHeadings(text []byte, complete bool) error {
	rest := text
	for len(rest) > 0 {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		if d, ok := separatorLine(line); ok && s.delimiter == 0 {
			s.delimiter = d
		} else if len(bytes.TrimSpace(line)) > 0 {
			break
		}
		s.skip++
		rest = after
	}
	if len(rest) == 0 {
		return &Error{Kind: KindEmpty, File: s.name, Message: "the file holds nothing but white space", Mend: "export the answers anew"}
	}
	switch {
	case s.mapping.Delimiter != "":
		s.delimiter = s.mapping.Delimiter[0]
	case s.delimiter == 0:
		s.delimiter = detectDelimiter(rest, complete)
	}
	end, over := recordEnd(rest, s.delimiter, s.limits.CellBytes, s.limits.Columns)
	if over != nil {
		over.File, over.Row = s.name, 1+s.skip
		return over
	}
	if end < 0 && !complete {
		return &Error{
			Kind: KindLimit, File: s.name, Row: 1 + s.skip, Message: fmt.Sprintf("the headings take more than %d KiB", len(text)>>10),
			Mend: "check that the first row of the file holds the headings, and that no quotation mark is left open",
		}
	}
	if end < 0 {
		end = len(rest)
	}
	p := recordParser{delimiter: s.delimiter}
	cells, _, err := p.cells(rest[:end])
	if err != nil {
		err.File, err.Row = s.name, 1+s.skip
		return err
	}
	for _, c := range cells {
		s.names = append(s.names, string(c))
	}
	for len(s.names) > 1 && trimmed(s.names[len(s.names)-1]) == "" { // a delimiter behind the last column
		s.names = s.names[:len(s.names)-1]
	}
	return nil
}

// separatorLine reads the line "sep=;" that Excel heeds.
func separatorLine(line []byte) (byte, bool) {
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) != 5 || !strings.EqualFold(string(line[:4]), "sep=") || strings.IndexByte(delimiters, line[4]) < 0 {
		return 0, false
	}
	return line[4], true
}

// detectDelimiter takes the delimiter that most rows have as often as the headings do, and that the headings have
// most often.
func detectDelimiter(text []byte, complete bool) byte {
	const rows = 20
	best, bestScore := byte(','), 0.0
	for _, d := range []byte(delimiters) {
		var counts []int
		n, quoted, start := 0, false, true
		for i := 0; i < len(text) && len(counts) < rows; i++ {
			switch b := text[i]; {
			case quoted:
				quoted = b != '"'
			case b == '"' && (start || i > 0 && text[i-1] == '"'):
				quoted = true
			case b == '\n':
				counts, n, start = append(counts, n), 0, true
				continue
			case b == d:
				n++
				start = true
				continue
			}
			start = false
		}
		if len(counts) == 0 || complete && n > 0 && len(counts) < rows {
			counts = append(counts, n)
		}
		if counts[0] == 0 {
			continue
		}
		alike := 0
		for _, c := range counts {
			if c == counts[0] {
				alike++
			}
		}
		if score := float64(alike)/float64(len(counts)) + float64(counts[0])/(1+float64(counts[0])); score > bestScore+1e-9 {
			best, bestScore = d, score
		}
	}
	return best
}

func (s *textSource) headings() (int, []string, error) { return 1 + s.skip, slices.Clone(s.names), nil }

func (s *textSource) describe(q *Quality) {
	q.Format, q.Encoding, q.Delimiter = "csv", s.encoding, string(s.delimiter)
}

// multibyte tells whether a text has characters beyond ASCII that are right UTF-8.
func multibyte(b []byte) bool {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			return false
		}
		if n > 1 {
			return true
		}
		b = b[n:]
	}
	return false
}

// validText tells whether b is UTF-8, allowing for a rune that is cut off at the end.
func validText(b []byte) bool {
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if !utf8.FullRune(b[len(b)-i:]) {
				b = b[:len(b)-i]
			}
			break
		}
	}
	return utf8.Valid(b)
}
