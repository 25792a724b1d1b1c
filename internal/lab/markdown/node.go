package markdown

import "strings"

// mostSpans is how deep emphasis stands in emphasis; deeper it is text.
const mostSpans = 16

// kind says what a node is. The values are the names of elements where it is just that.
type kind string

const (
	words    kind = ""     // text
	anchor   kind = "a"    // a link to href; text is the note beside it
	beside   kind = "to"   // an address that is not followed, in brackets
	picture  kind = "img"  // an image that is not loaded: its address is text
	code     kind = "code" // text
	lineEnd  kind = "br"
	emphasis kind = "em"
	strong   kind = "strong"
	struck   kind = "del"
)

// node is a piece within a block.
type node struct {
	kind  kind
	text  string
	href  string
	inner []node
}

func text(s string) node { return node{text: s} }

// plain returns the text of nodes.
func plain(list []node) string {
	var b strings.Builder
	for _, n := range list {
		switch n.kind {
		case words, code:
			b.WriteString(n.text)
		case lineEnd:
			b.WriteByte(' ')
		case anchor, beside, picture, emphasis, strong, struck:
			b.WriteString(plain(n.inner))
		}
	}
	return b.String()
}

// finish joins texts, makes links of addresses in them and flattens what lies too deep.
func finish(list []node, linked bool, depth int) []node {
	var out []node
	var run strings.Builder
	flush := func() {
		switch {
		case run.Len() == 0:
		case linked:
			out = append(out, text(run.String()))
		default:
			out = append(out, bare(run.String())...)
		}
		run.Reset()
	}
	for _, n := range list {
		switch n.kind {
		case words:
			run.WriteString(n.text)
			continue
		case emphasis, strong, struck:
			if depth >= mostSpans {
				run.WriteString(plain(n.inner))
				continue
			}
			n.inner = finish(n.inner, linked, depth+1)
		case anchor:
			n.inner = finish(n.inner, true, depth)
		case beside, picture, code, lineEnd:
		}
		flush()
		out = append(out, n)
	}
	flush()
	return out
}
