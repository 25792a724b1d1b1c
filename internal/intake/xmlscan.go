package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// xmlToken is what an xmlScanner found.
type xmlToken byte

const (
	xmlStart xmlToken = iota // name, attr and closed say more
	xmlEnd                   // name
	xmlText                  // content
)

// xmlScanner reads the XML of workbooks, several times as fast as encoding/xml, which spends its time on what workbooks do not
// use. It checks that elements nest, refuses document types, and hands out slices that are valid until the next call. A tag
// that closes itself gives a start with closed set and no end.
type xmlScanner struct {
	r        io.Reader
	most     int // bytes of the text of a cell
	buf      []byte
	from, to int
	eof      bool
	open     [][]byte // names of the elements that are open; those beyond depth are kept for their room
	depth    int

	name    []byte // without prefix
	attrs   []byte
	closed  bool
	content []byte
}

// maxToken bounds a tag or a piece of text.
const maxToken = 4 << 20

func newXMLScanner(r io.Reader, most int) *xmlScanner {
	return &xmlScanner{r: r, most: most, buf: make([]byte, 256<<10)}
}

// more reads on, keeping what was not used; false at the end.
func (x *xmlScanner) more() (bool, error) {
	if x.eof {
		return false, nil
	}
	if x.from > 0 {
		copy(x.buf, x.buf[x.from:x.to])
		x.to -= x.from
		x.from = 0
	}
	if x.to == len(x.buf) {
		if len(x.buf) >= maxToken {
			return false, errors.New("a tag or a text is too long")
		}
		x.buf = append(x.buf, make([]byte, len(x.buf))...)
	}
	n, err := x.r.Read(x.buf[x.to:])
	x.to += n
	if errors.Is(err, io.EOF) {
		x.eof = true
		return n > 0, nil
	}
	return true, err
}

// find returns the place of a text from the place at on, both counted from x.from, reading on as needed; -1 without one.
func (x *xmlScanner) find(at int, text string) (int, error) {
	for {
		have := x.buf[x.from:x.to]
		if at < len(have) {
			if i := bytes.Index(have[at:], []byte(text)); i >= 0 {
				return at + i, nil
			}
			at = max(at, len(have)-len(text)+1)
		}
		more, err := x.more()
		if err != nil || !more {
			return -1, err
		}
	}
}

var errXMLEnd = errors.New("the XML breaks off")

// next returns the next token, or io.EOF when all elements are closed.
func (x *xmlScanner) next() (xmlToken, error) {
	for {
		i := 0
		if x.from == x.to || x.buf[x.from] != '<' {
			var err error
			if i, err = x.find(0, "<"); err != nil {
				return 0, err
			}
			if i < 0 {
				if x.depth > 0 {
					return 0, errXMLEnd
				}
				return 0, io.EOF
			}
		}
		if i > 0 {
			x.content = x.buf[x.from : x.from+i]
			x.from += i
			if x.depth == 0 {
				continue
			}
			var err error
			x.content, err = unescapeXML(x.content)
			return xmlText, err
		}
		token, ok, err := x.tag()
		if err != nil || ok {
			return token, err
		}
	}
}

// tag reads what begins with "<"; false for what says nothing: comments and instructions.
func (x *xmlScanner) tag() (xmlToken, bool, error) {
	for x.to-x.from < 9 {
		if more, err := x.more(); err != nil {
			return 0, false, err
		} else if !more {
			break
		}
	}
	have := x.buf[x.from:x.to]
	switch {
	case bytes.HasPrefix(have, []byte("<!--")):
		return 0, false, x.past(4, "-->")
	case bytes.HasPrefix(have, []byte("<?")):
		return 0, false, x.past(2, "?>")
	case bytes.HasPrefix(have, []byte("<![CDATA[")):
		end, err := x.find(9, "]]>")
		if err != nil || end < 0 {
			return 0, false, orEnd(err)
		}
		x.content = x.buf[x.from+9 : x.from+end]
		x.from += end + 3
		return xmlText, x.depth > 0, nil
	case bytes.HasPrefix(have, []byte("<!")):
		return 0, false, errors.New("the XML has a document type, which workbooks do not have")
	}
	end, err := x.tagEnd()
	if err != nil {
		return 0, false, err
	}
	inner := x.buf[x.from+1 : x.from+end]
	x.from += end + 1
	if len(inner) > 0 && inner[0] == '/' {
		token, err := x.endTag(bytes.TrimRight(inner[1:], " \t\r\n"))
		return token, true, err
	}
	x.closed = len(inner) > 0 && inner[len(inner)-1] == '/'
	if x.closed {
		inner = inner[:len(inner)-1]
	}
	name := inner
	x.attrs = nil
	if i := bytes.IndexAny(inner, " \t\r\n"); i >= 0 {
		name, x.attrs = inner[:i], inner[i:]
	}
	if len(name) == 0 {
		return 0, false, errors.New("a tag has no name")
	}
	if !x.closed {
		if x.depth == len(x.open) {
			if x.depth > 256 {
				return 0, false, errors.New("the XML is nested too deep")
			}
			x.open = append(x.open, nil)
		}
		x.open[x.depth] = append(x.open[x.depth][:0], name...)
		x.depth++
	}
	x.name = localName(name)
	return xmlStart, true, nil
}

func (x *xmlScanner) endTag(name []byte) (xmlToken, error) {
	if x.depth == 0 || !bytes.Equal(x.open[x.depth-1], name) {
		return 0, fmt.Errorf("the tag %s is closed and was not opened", quoted(string(name)))
	}
	x.depth--
	x.name = localName(name)
	return xmlEnd, nil
}

// tagEnd returns the place of the ">" of the tag at x.from, which may stand within quotation marks before.
func (x *xmlScanner) tagEnd() (int, error) {
	at := 0
	var quote byte
	for {
		have := x.buf[x.from:x.to]
		for ; at < len(have); at++ {
			switch c := have[at]; {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				return at, nil
			}
		}
		if more, err := x.more(); err != nil || !more {
			return 0, orEnd(err)
		}
	}
}

func (x *xmlScanner) past(at int, text string) error {
	end, err := x.find(at, text)
	if err != nil || end < 0 {
		return orEnd(err)
	}
	x.from += end + len(text)
	return nil
}

func orEnd(err error) error {
	if err == nil {
		return errXMLEnd
	}
	return err
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return errXMLEnd
	}
	return err
}

func localName(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// attr returns the value of an attribute of the tag that was opened, nil without one. Character references in it stay.
func (x *xmlScanner) attr(name string) []byte {
	rest := x.attrs
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		i := bytes.IndexByte(rest, '=')
		if i < 0 {
			return nil
		}
		key := bytes.TrimRight(rest[:i], " \t\r\n")
		rest = bytes.TrimLeft(rest[i+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return rest[1 : 1+end]
		}
		rest = rest[end+2:]
	}
}

// skip passes over the rest of the element that was opened.
func (x *xmlScanner) skip() error {
	if x.closed {
		return nil
	}
	for depth := x.depth; x.depth >= depth; {
		if _, err := x.next(); err != nil {
			return noEOF(err)
		}
	}
	return nil
}

// text appends the text of the element that was opened.
func (x *xmlScanner) text(to []byte) ([]byte, error) {
	if x.closed {
		return to, nil
	}
	for depth := x.depth; x.depth >= depth; {
		token, err := x.next()
		if err != nil {
			return to, noEOF(err)
		}
		if token == xmlText {
			if len(to)+len(x.content) > x.most {
				return to, errCellSize(x.most)
			}
			to = append(to, x.content...)
		}
	}
	return to, nil
}

// rich appends the texts of a string item: plain, or in runs; how to pronounce it is left out.
func (x *xmlScanner) rich(to []byte) ([]byte, error) {
	if x.closed {
		return to, nil
	}
	for depth := x.depth; x.depth >= depth; {
		token, err := x.next()
		if err != nil {
			return to, noEOF(err)
		}
		if token != xmlStart {
			continue
		}
		switch string(x.name) {
		case "t":
			to, err = x.text(to)
		case "rPh":
			err = x.skip()
		}
		if err != nil {
			return to, err
		}
	}
	return to, nil
}

// unescapeXML resolves character references, in place.
func unescapeXML(b []byte) ([]byte, error) {
	i := bytes.IndexByte(b, '&')
	if i < 0 {
		return b, nil
	}
	to := b[:i]
	for i < len(b) {
		if b[i] != '&' {
			to = append(to, b[i])
			i++
			continue
		}
		end := bytes.IndexByte(b[i:min(len(b), i+12)], ';')
		if end < 2 {
			return nil, errors.New("an & stands for no character")
		}
		name := string(b[i+1 : i+end])
		switch name {
		case "lt":
			to = append(to, '<')
		case "gt":
			to = append(to, '>')
		case "amp":
			to = append(to, '&')
		case "quot":
			to = append(to, '"')
		case "apos":
			to = append(to, '\'')
		default:
			r, err := reference(name)
			if err != nil {
				return nil, err
			}
			to = utf8.AppendRune(to, r)
		}
		i += end + 1
	}
	return to, nil
}

// reference reads #233 and #xE9.
func reference(name string) (rune, error) {
	base, digits := 10, name[1:]
	if name[0] == '#' && len(digits) > 1 && (digits[0] == 'x' || digits[0] == 'X') {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if name[0] != '#' || err != nil || !utf8.ValidRune(rune(n)) || n == 0 {
		return 0, fmt.Errorf("&%s; stands for no character", name)
	}
	return rune(n), nil
}
