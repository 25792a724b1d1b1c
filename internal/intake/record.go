package intake

import (
	"bytes"
	"fmt"
)

// recordEnd returns the number of bytes of the first record of text, its line end included, or -1 when the text ends
// before the record does. A cell of more than cellBytes or more than columns cells is an error at once.
func recordEnd(text []byte, delimiter byte, cellBytes, columns int) (int, *Error) {
	quoted, start, cells := false, 0, 1
	for i := 0; i < len(text); i++ {
		b := text[i]
		if i-start > cellBytes {
			return 0, errCellSize(cellBytes)
		}
		switch {
		case quoted:
			quoted = b != '"'
		case b == '"' && (i == start || text[i-1] == '"' && text[start] == '"'):
			quoted = true
		case b == '\n':
			return i + 1, nil
		case b == delimiter:
			start = i + 1
			if cells++; cells > columns+1 { // one more: a delimiter behind the last column
				return 0, &Error{
					Kind: KindLimit, Message: fmt.Sprintf("the row has more than %d cells", columns),
					Mend: "leave out the columns that are no answers to the questionnaire",
				}
			}
		}
	}
	return -1, nil
}

// recordParser takes records apart. Quotation marks count where they open a cell; doubled inside, they stand for one.
type recordParser struct {
	delimiter byte
	list      [][]byte
	unquoted  []byte // cells that had doubled quotation marks
}

// cells returns the cells of the first record of text, valid until the next call, and the bytes that it takes.
func (p *recordParser) cells(text []byte) (cells [][]byte, n int, err *Error) {
	p.list, p.unquoted = p.list[:0], p.unquoted[:0]
	i := 0
	for {
		var cell []byte
		if i < len(text) && text[i] == '"' {
			if cell, i, err = p.quoted(text, i+1); err != nil {
				return nil, 0, err
			}
			if i+1 < len(text) && text[i] == '\r' && text[i+1] == '\n' || i+1 == len(text) && text[i] == '\r' {
				i++
			}
			if i < len(text) && text[i] != p.delimiter && text[i] != '\n' {
				return nil, 0, &Error{
					Kind: KindFormat, Message: "text follows a closing quotation mark",
					Mend: `double a quotation mark that belongs to the text: "he said ""yes"""`,
				}
			}
		} else {
			start := i
			for i < len(text) && text[i] != p.delimiter && text[i] != '\n' {
				i++
			}
			cell = text[start:i]
			if i == len(text) || text[i] == '\n' {
				cell = bytes.TrimSuffix(cell, []byte("\r"))
			}
		}
		p.list = append(p.list, cell)
		if i >= len(text) {
			return p.list, i, nil
		}
		i++
		if text[i-1] == '\n' {
			return p.list, i, nil
		}
	}
}

// quoted returns the cell that starts behind an opening quotation mark, and the place behind the closing one.
func (p *recordParser) quoted(text []byte, start int) ([]byte, int, *Error) {
	i := start
	from := -1 // in p.unquoted, once a doubled quotation mark was met
	for {
		k := bytes.IndexByte(text[i:], '"')
		if k < 0 {
			return nil, 0, &Error{
				Kind: KindFormat, Message: "a quotation mark opens a cell and is never closed",
				Mend: "close it, or double it when it belongs to the text",
			}
		}
		k += i
		if k+1 >= len(text) || text[k+1] != '"' {
			if from < 0 {
				return text[start:k], k + 1, nil
			}
			p.unquoted = append(p.unquoted, text[i:k]...)
			return p.unquoted[from:len(p.unquoted):len(p.unquoted)], k + 1, nil
		}
		if from < 0 {
			from = len(p.unquoted)
		}
		p.unquoted = append(p.unquoted, text[i:k+1]...)
		i = k + 2
	}
}
