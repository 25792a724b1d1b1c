package markdown

import (
	"bytes"
	"html"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/yuin/goldmark/ast"
	gmast "github.com/yuin/goldmark/extension/ast"
	gmtext "github.com/yuin/goldmark/text"

	"tekentafel/internal/instrument"
)

// mostLength is how long a text is formatted, in UTF-16 units, as browsers count.
const mostLength = 200_000

// Options say how a text is shown.
type Options struct {
	Lang    instrument.Lang // of the notes beside what is not loaded
	Heading int             // level of the largest heading of the text, 2 to 6; 0 means 3
}

// HTML returns a text as HTML. It is safe to stand in a page whatever the text holds.
func HTML(source string, o Options) string {
	if o.Heading < 2 || o.Heading > 6 {
		o.Heading = defaultHeading
	}
	source = Clean(source)
	if utf16Length(source) > mostLength {
		return `<pre class="md-plain">` + html.EscapeString(source) + `</pre>`
	}
	w := &writer{source: []byte(strings.TrimSuffix(source, "\n") + "\n"), image: notLoaded(o.Lang), heading: o.Heading}
	w.blocks(parsing().Parse(gmtext.NewReader(w.source)))
	return w.String()
}

// Component returns a text as a part of a page, within an element of the class md.
func Component(source string, o Options) templ.Component {
	return templ.Raw(`<div class="md">` + HTML(source, o) + `</div>`)
}

func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

type writer struct {
	strings.Builder

	source  []byte
	image   string
	heading int
	levels  []int // of the headings under which the next block stands
}

// rank returns 1 for the outermost heading and more for those under it: however a text numbers its headings, none skips a level.
func (w *writer) rank(level int) int {
	for len(w.levels) > 0 && w.levels[len(w.levels)-1] >= level {
		w.levels = w.levels[:len(w.levels)-1]
	}
	w.levels = append(w.levels, level)
	return len(w.levels)
}

// tag writes an element around what inside writes. The attributes are names and values in turn; an empty value leaves its name out.
func (w *writer) tag(name string, inside func(), attributes ...string) {
	w.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			w.WriteString(" " + attributes[i] + `="` + html.EscapeString(attributes[i+1]) + `"`)
		}
	}
	w.WriteByte('>')
	if inside != nil {
		inside()
		w.WriteString("</" + name + ">")
	}
}

func (w *writer) say(s string) { w.WriteString(html.EscapeString(s)) }

func (w *writer) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
}

func (w *writer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		w.tag("p", func() { w.inline(n) })
	case *ast.Heading:
		w.tag("h"+strconv.Itoa(min(6, w.rank(n.Level)+w.heading-1)), func() { w.inline(n) })
	case *ast.ThematicBreak:
		w.tag("hr", nil)
	case *ast.Blockquote:
		w.tag("blockquote", func() { w.blocks(n) })
	case *ast.List:
		w.list(n)
	case *ast.FencedCodeBlock:
		w.fence(n)
	case *table:
		w.tag("div", func() { w.tag("table", func() { w.rows(n) }) }, "class", "md-table", "tabindex", "0")
	}
}

func (w *writer) list(n *ast.List) {
	name, start := "ul", ""
	if n.IsOrdered() {
		if name = "ol"; n.Start != 1 {
			start = strconv.Itoa(n.Start)
		}
	}
	w.tag(name, func() {
		for li := n.FirstChild(); li != nil; li = li.NextSibling() {
			w.item(li)
		}
	}, "start", start)
}

// item writes an item. Its first paragraph stands in it without an element of its own.
func (w *writer) item(li ast.Node) {
	first := li.FirstChild()
	var t *task
	if first != nil && first.Type() == ast.TypeBlock && first.FirstChild() != nil {
		t, _ = first.FirstChild().(*task)
	}
	class := ""
	if t != nil {
		class = "md-task"
	}
	w.tag("li", func() {
		if t != nil {
			w.WriteString(map[bool]string{false: "☐ ", true: "☑ "}[t.done])
		}
		for c := first; c != nil; c = c.NextSibling() {
			if k := c.Kind(); c == first && (k == ast.KindParagraph || k == ast.KindTextBlock) {
				w.inline(c)
			} else {
				w.block(c)
			}
		}
	}, "class", class)
}

func (w *writer) fence(n *ast.FencedCodeBlock) {
	lang, _, _ := strings.Cut(strings.ReplaceAll(decode(string(infoOf(n, w.source))), "\t", " "), " ")
	if !language.MatchString(lang) {
		lang = ""
	}
	w.tag("pre", func() {
		w.tag("code", func() {
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				w.say(string(bytes.TrimRight(line.Value(w.source), "\n")) + "\n")
			}
		})
	}, "class", "md-pre", "tabindex", "0", "data-lang", lang)
}

func infoOf(n *ast.FencedCodeBlock, source []byte) []byte {
	if n.Info == nil {
		return nil
	}
	return bytes.TrimSpace(n.Info.Segment.Value(source))
}

func (w *writer) rows(t *table) {
	head := t.FirstChild()
	w.tag("thead", func() { w.row(t, head, "th") })
	if head.NextSibling() == nil {
		return
	}
	w.tag("tbody", func() {
		for r := head.NextSibling(); r != nil; r = r.NextSibling() {
			w.row(t, r, "td")
		}
	})
}

func (w *writer) row(t *table, r ast.Node, name string) {
	w.tag("tr", func() {
		i := 0
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			class := ""
			if t.align[i] != "" {
				class = "md-" + t.align[i]
			}
			w.tag(name, func() { w.inline(c) }, "class", class)
			i++
		}
	})
}

func (w *writer) inline(block ast.Node) {
	w.nodes(finish(w.read(block, block.Kind() == kindCell), false, 0))
}

// read returns what stands in a block, or in a piece of it.
func (w *writer) read(parent ast.Node, inCell bool) []node {
	var out []node
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		switch n := c.(type) {
		case *ast.Text:
			out = append(out, text(decode(string(n.Segment.Value(w.source)))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				out = append(out, node{kind: lineEnd})
			}
		case *ast.CodeSpan:
			out = append(out, node{kind: code, text: w.code(n, inCell)})
		case *ast.Emphasis:
			k := emphasis
			if n.Level == 2 {
				k = strong
			}
			out = append(out, node{kind: k, inner: w.read(n, inCell)})
		case *gmast.Strikethrough:
			out = append(out, node{kind: struck, inner: w.read(n, inCell)})
		case *ast.Link:
			out = append(out, link(decode(string(n.Destination)), finish(w.read(n, inCell), true, 1))...)
		case *ast.Image:
			out = append(out, node{kind: picture, text: decode(string(n.Destination)), inner: []node{text(plain(w.read(n, inCell)))}})
		case *ast.AutoLink:
			to := string(n.Label(w.source))
			if n.AutoLinkType == ast.AutoLinkEmail {
				out = append(out, link("mailto:"+to, []node{text(to)})...)
			} else {
				out = append(out, link(to, []node{text(to)})...)
			}
		}
	}
	return out
}

func (w *writer) code(n *ast.CodeSpan, inCell bool) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(w.source))
		}
	}
	s := strings.ReplaceAll(b.String(), "\n", " ")
	if inCell {
		s = strings.ReplaceAll(s, `\|`, "|")
	}
	return s
}

func (w *writer) nodes(list []node) {
	for _, n := range list {
		switch n.kind {
		case words:
			w.say(n.text)
		case lineEnd:
			w.tag("br", nil)
		case code:
			w.tag("code", func() { w.say(n.text) })
		case emphasis, strong, struck:
			w.tag(string(n.kind), func() { w.nodes(n.inner) })
		case beside:
			w.note(n.text)
		case picture:
			w.tag("span", func() {
				w.say(plain(n.inner))
				note := w.image
				if n.text != "" {
					note += ": " + n.text
				}
				w.note(note)
			}, "class", "md-image")
		case anchor:
			w.anchor(n)
		}
	}
}

func (w *writer) note(s string) { w.tag("span", func() { w.say(" (" + s + ")") }, "class", "md-to") }

func (w *writer) anchor(n node) {
	a := func() {
		w.tag("a", func() { w.nodes(n.inner) }, "href", n.href, "rel", "noopener noreferrer nofollow ugc", "target", "_blank")
	}
	if n.text == "" {
		a()
		return
	}
	w.tag("span", func() { a(); w.note(n.text) }, "class", "md-link")
}
