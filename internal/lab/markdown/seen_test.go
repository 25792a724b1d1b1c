package markdown

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// elements are those that may stand in what is made, with their attributes.
var elements = map[string][]string{
	"p": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil, "blockquote": nil, "ul": nil, "ol": {"start"}, "li": {"class"}, "hr": nil, "br": nil,
	"pre": {"class", "tabindex", "data-lang"}, "code": nil, "div": {"class", "tabindex"}, "table": nil, "thead": nil, "tbody": nil, "tr": nil, "th": {"class"}, "td": {"class"},
	"em": nil, "strong": nil, "del": nil, "span": {"class"}, "a": {"href", "rel", "target"},
}

// look reads HTML as a browser does, fails the test when anything is there that may not be, and returns the visible text without white space and the
// addresses of the links.
func look(t testing.TB, source string) (text string, links []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<!doctype html><main>" + source + "</main>"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type != html.ElementNode || slices.Contains([]string{"html", "head", "body", "main"}, n.Data):
			if len(n.Attr) > 0 || n.Type == html.CommentNode {
				t.Fatalf("%s with %v in %s", n.Data, n.Attr, source)
			}
		default:
			attributes, known := elements[n.Data]
			if !known {
				t.Fatalf("an element %s in %s", n.Data, source)
			}
			for _, a := range n.Attr {
				if !slices.Contains(attributes, a.Key) || a.Namespace != "" {
					t.Fatalf("an attribute %s of %s in %s", a.Key, n.Data, source)
				}
				if a.Key == "href" {
					links = append(links, a.Val)
				}
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), ""), links
}

// seen is what a person sees and can follow.
func seen(t testing.TB, source string) string {
	t.Helper()
	text, links := look(t, source)
	return text + "\n" + strings.Join(links, "\n")
}
