package dataset

import (
	"bufio"
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf8"
)

// element is a part of an XML document: text, or elements below it.
type element struct {
	name  string
	attrs []string // name, value, name, value ...
	text  string
	below []*element
}

// el makes an element with elements below it; nil ones are left out.
func el(name string, attrs []string, below ...*element) *element {
	e := &element{name: name, attrs: attrs}
	for _, b := range below {
		if b != nil {
			e.below = append(e.below, b)
		}
	}
	return e
}

// txt makes an element with a text, nil without one.
func txt(name, text string, attrs ...string) *element {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return &element{name: name, attrs: attrs, text: text}
}

// writeXML writes a document, indented.
func writeXML(w io.Writer, root *element) error {
	out := bufio.NewWriterSize(w, 1<<16)
	if _, err := out.WriteString(xml.Header); err != nil {
		return err
	}
	root.write(out, "")
	return out.Flush()
}

// write writes an element; what fails shows when the writer is flushed.
func (e *element) write(w *bufio.Writer, indent string) {
	put := func(parts ...string) {
		for _, p := range parts {
			_, _ = w.WriteString(p)
		}
	}
	put(indent, "<", e.name)
	for i := 0; i+1 < len(e.attrs); i += 2 {
		put(" ", e.attrs[i], `="`, escaped(e.attrs[i+1]), `"`)
	}
	switch {
	case e.text != "":
		put(">", escaped(e.text), "</", e.name, ">\n")
	case len(e.below) == 0:
		put("/>\n")
	default:
		put(">\n")
		for _, b := range e.below {
			b.write(w, indent+"  ")
		}
		put(indent, "</", e.name, ">\n")
	}
}

// escaped makes a text fit for XML; characters that XML cannot hold become U+FFFD.
func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(strings.ToValidUTF8(s, string(utf8.RuneError)))) // a builder takes everything
	return b.String()
}
