package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	gmtext "github.com/yuin/goldmark/text"

	"tekentafel/internal/docx"
)

// Blocks returns a text as a part of a document for a word processor, by the same rules as HTML. Headings are of levels from o.Heading on; lists in lists stand in
// one list, and code is small text.
func Blocks(source string, o Options) []docx.Block {
	if o.Heading < 2 || o.Heading > 6 {
		o.Heading = defaultHeading
	}
	source = Clean(source)
	if utf16Length(source) > mostLength {
		return []docx.Block{docx.Paragraph{Text: docx.Plain(source)}}
	}
	b := &builder{writer: writer{source: []byte(strings.TrimSuffix(source, "\n") + "\n"), image: notLoaded(o.Lang), heading: o.Heading}}
	b.walk(parsing().Parse(gmtext.NewReader(b.source)), false)
	return b.out
}

// builder collects blocks.
type builder struct {
	writer

	out []docx.Block
}

func (b *builder) walk(parent ast.Node, quoted bool) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Paragraph, *ast.TextBlock:
			if text := b.runs(n); quoted {
				b.out = append(b.out, docx.Quote{Text: text})
			} else {
				b.out = append(b.out, docx.Paragraph{Text: text})
			}
		case *ast.Heading:
			b.out = append(b.out, docx.Heading{Level: min(6, b.rank(n.Level)+b.heading-1), Text: plain(b.read(n, false))})
		case *ast.Blockquote:
			b.walk(n, true)
		case *ast.List:
			list := docx.List{Numbered: n.IsOrdered()}
			b.items(n, "", &list.Items)
			b.out = append(b.out, list)
		case *ast.FencedCodeBlock:
			b.out = append(b.out, docx.Paragraph{Text: docx.Plain(b.lines(n)), Small: true})
		case *table:
			b.out = append(b.out, b.table(n))
		}
	}
}

// items adds the items of a list, and those of lists in it with a dash before them.
func (b *builder) items(list ast.Node, before string, to *[]docx.Text) {
	for li := list.FirstChild(); li != nil; li = li.NextSibling() {
		text := docx.Text{{Text: before}}
		for c := li.FirstChild(); c != nil; c = c.NextSibling() {
			switch c := c.(type) {
			case *ast.List:
				if len(text) > 1 || text[0].Text != "" {
					*to = append(*to, text)
					text = docx.Text{{Text: ""}}
				}
				b.items(c, before+"– ", to)
			default:
				if len(text) > 1 {
					text = append(text, docx.Run{Text: "\n"})
				}
				text = append(text, b.flat(c)...)
			}
		}
		if len(text) > 1 {
			*to = append(*to, text)
		}
	}
}

// flat returns a block of an item as text on lines.
func (b *builder) flat(n ast.Node) docx.Text {
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		return docx.Plain(b.lines(n))
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading, *cell:
		var out docx.Text
		if t, ok := n.FirstChild().(*task); ok {
			out = docx.Plain(map[bool]string{false: "☐ ", true: "☑ "}[t.done])
		}
		return append(out, b.runs(n)...)
	}
	between := "\n"
	if n.Kind() == kindRow {
		between = "  "
	}
	var out docx.Text
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if len(out) > 0 {
			out = append(out, docx.Run{Text: between})
		}
		out = append(out, b.flat(c)...)
	}
	return out
}

func (b *builder) lines(n *ast.FencedCodeBlock) string {
	var out bytes.Buffer
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		out.Write(line.Value(b.source))
	}
	return strings.TrimRight(out.String(), "\n")
}

func (b *builder) table(t *table) docx.Table {
	var out docx.Table
	for r := t.FirstChild(); r != nil; r = r.NextSibling() {
		var cells []docx.Text
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			if r == t.FirstChild() {
				out.Columns = append(out.Columns, docx.Column{Label: plain(b.read(c, true)), Numeric: t.align[len(out.Columns)] == "right"})
			} else {
				cells = append(cells, b.runs(c))
			}
		}
		if r != t.FirstChild() {
			out.Rows = append(out.Rows, cells)
		}
	}
	return out
}

// runs returns what stands in a block.
func (b *builder) runs(block ast.Node) docx.Text {
	return b.style(nil, finish(b.read(block, block.Kind() == kindCell), false, 0), docx.Run{})
}

// style adds nodes in a style.
func (b *builder) style(to docx.Text, list []node, as docx.Run) docx.Text {
	add := func(text string) {
		as := as
		as.Text = text
		to = append(to, as)
	}
	for _, n := range list {
		inner := as
		switch n.kind {
		case words, code:
			add(n.text)
		case lineEnd:
			add("\n")
		case strong:
			inner.Bold = true
			to = b.style(to, n.inner, inner)
		case emphasis:
			inner.Italic = true
			to = b.style(to, n.inner, inner)
		case struck:
			to = b.style(to, n.inner, inner)
		case beside:
			add(" (" + n.text + ")")
		case picture:
			note := b.image
			if n.text != "" {
				note += ": " + n.text
			}
			add(plain(n.inner) + " (" + note + ")")
		case anchor:
			inner.Link = n.href
			to = b.style(to, n.inner, inner)
			if n.text != "" {
				add(" (" + n.text + ")")
			}
		}
	}
	return to
}
