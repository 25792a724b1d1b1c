package intake

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// blockParser is a worker that takes blocks apart.
type blockParser struct {
	record    recordParser
	sinks     []*sink
	headings  []string
	checkUTF8 bool
}

func (w *blockParser) parse(b block) parsed {
	r := parsed{number: b.number, err: b.err}
	if r.err != nil {
		return r
	}
	text := b.text
	if i := bytes.IndexByte(text, 0); i >= 0 {
		r.rows, r.err = bytes.Count(text[:i], []byte("\n")), errNUL()
		return r
	}
	if w.checkUTF8 {
		if !utf8.Valid(text) {
			w.notUTF8(text, &r)
			return r
		}
		r.multibyte = utf8.RuneCount(text) != len(text)
	}
	for len(text) > 0 {
		cells, n, err := w.record.cells(text)
		if err != nil {
			r.err = err
			return r
		}
		blank := len(cells) == 1 && len(cells[0]) == 0 && text[0] != '"'
		text = text[n:]
		if blank {
			r.blank = append(r.blank, r.rows)
			continue
		}
		if err := w.row(cells); err != nil {
			r.err = err
			return r
		}
		if len(cells) < len(w.headings) {
			r.short++
		}
		r.rows++
	}
	for _, s := range w.sinks {
		if s != nil {
			r.runs = append(r.runs, s.take())
		}
	}
	return r
}

// row hands the cells of a record to the sinks.
func (w *blockParser) row(cells [][]byte) *Error {
	for len(cells) > len(w.headings) {
		if last := cells[len(cells)-1]; len(bytes.TrimSpace(last)) > 0 {
			return &Error{
				Kind: KindRagged, Message: fmt.Sprintf("the row has %d cells, but there are %d headings", len(cells), len(w.headings)),
				Mend: "put a cell that contains the delimiter between quotation marks, or give the column a heading",
			}
		}
		cells = cells[:len(cells)-1]
	}
	for j, s := range w.sinks {
		if s == nil {
			continue
		}
		var cell []byte
		if j < len(cells) {
			cell = cells[j]
		}
		if len(cell) == 1 && s.want == wantIDs {
			if id := s.lookup.short[cell[0]]; id != 0 {
				s.ids = append(s.ids, id-1)
				continue
			}
		}
		if err := s.add(cell); err != nil {
			var e *Error
			if !errors.As(err, &e) {
				e = &Error{Kind: KindFormat, Message: err.Error()}
			}
			e.Column = w.headings[j]
			return e
		}
	}
	return nil
}

// notUTF8 says in which row the text stops being UTF-8, and whether it was before.
func (w *blockParser) notUTF8(text []byte, r *parsed) {
	i := 0
	for i < len(text) {
		c, n := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	r.notUTF8, r.multibyte = true, multibyte(text[:i])
	r.rows = bytes.Count(text[:i], []byte("\n"))
	r.err = &Error{
		Kind: KindEncoding, Message: "the text is partly UTF-8 and partly not",
		Mend: "export the answers anew in UTF-8, or name the encoding in the mapping",
	}
}
