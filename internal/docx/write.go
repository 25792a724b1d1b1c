package docx

import (
	"archive/zip"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// written is the time of each file in the package: none, so that the same document gives the same bytes.
var written = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// Write writes a document as a .docx.
func Write(w io.Writer, d *Document) error {
	b := &writer{document: d}
	for _, block := range d.Blocks {
		if c, ok := block.(Contents); ok {
			b.contents(c)
			continue
		}
		block.write(b)
	}
	z := zip.NewWriter(w)
	for _, part := range b.parts() {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: written})
		if err != nil {
			return fmt.Errorf("write %s of the document: %w", part.name, err)
		}
		if _, err := io.WriteString(f, part.content); err != nil {
			return fmt.Errorf("write %s of the document: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write the document: %w", err)
	}
	return nil
}

// writer gathers the body of a document and what the body points at.
type writer struct {
	document *Document
	body     strings.Builder
	links    []string // addresses, each once; the relation of links[i] is linkID(i)
	lists    int      // numbered lists so far
	headings int      // of level 1 so far
}

func (w *writer) add(parts ...string) {
	for _, p := range parts {
		w.body.WriteString(p)
	}
}

// linkID names the relation of a link; the first ones are those of the parts.
func linkID(i int) string { return "rIdLink" + strconv.Itoa(i+1) }

func (w *writer) link(to string) string {
	for i, known := range w.links {
		if known == to {
			return linkID(i)
		}
	}
	w.links = append(w.links, to)
	return linkID(len(w.links) - 1)
}

// paragraph writes a paragraph of a style.
func (w *writer) paragraph(style, properties string, text Text) {
	w.add(`<w:p><w:pPr><w:pStyle w:val="`, style, `"/>`, properties, `</w:pPr>`)
	w.text(text)
	w.add("</w:p>")
}

func (w *writer) text(text Text) {
	for _, r := range text {
		to := ""
		if r.Link != "" {
			to = Address(r.Link)
		}
		if to != "" {
			w.add(`<w:hyperlink r:id="`, w.link(to), `" w:history="1">`)
		}
		w.run(r, to != "")
		if to != "" {
			w.add("</w:hyperlink>")
		}
	}
}

// run writes a run; a line feed becomes a break, a tab a tab.
func (w *writer) run(r Run, link bool) {
	s := clean(r.Text)
	if s == "" {
		return
	}
	w.add("<w:r>")
	if link || r.Bold || r.Italic {
		w.add("<w:rPr>")
		if link {
			w.add(`<w:rStyle w:val="Hyperlink"/>`)
		}
		if r.Bold {
			w.add("<w:b/><w:bCs/>")
		}
		if r.Italic {
			w.add("<w:i/><w:iCs/>")
		}
		w.add("</w:rPr>")
	}
	for len(s) > 0 {
		i := strings.IndexAny(s, "\n\t")
		piece := s
		if i >= 0 {
			piece = s[:i]
		}
		if piece != "" {
			w.add(`<w:t xml:space="preserve">`, escapes.Replace(piece), "</w:t>")
		}
		if i < 0 {
			break
		}
		if s[i] == '\n' {
			w.add("<w:br/>")
		} else {
			w.add("<w:tab/>")
		}
		s = s[i+1:]
	}
	w.add("</w:r>")
}
