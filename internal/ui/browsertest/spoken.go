package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Spoken lists what a screen reader comes by on the page, in its order, a line each: the role, the name in quotes, and what is said of its state, such
// as `radio "Helemaal oneens" checked`. Text that only gives another its name is left out.
func (p *Page) Spoken() []string {
	p.t.Helper()
	var nodes []*accessibility.Node
	p.do("read the accessibility tree", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		got, err := cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		nodes = got.Nodes
		return err
	}))
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range nodes {
		byID[n.NodeID] = n
	}
	var out []string
	var walk func(n *accessibility.Node, within string)
	walk = func(n *accessibility.Node, within string) {
		line, role := spoken(n)
		if n.Ignored || role == "StaticText" && (line == "" || strings.Contains(within, wordsOf(line))) {
			line = ""
		}
		if line != "" {
			out = append(out, line)
			if role != "StaticText" && role != "RootWebArea" {
				within += "\x00" + wordsOf(line)
			}
		}
		for _, id := range n.ChildIDs {
			if c := byID[id]; c != nil && role != "StaticText" {
				walk(c, within)
			}
		}
	}
	if len(nodes) > 0 {
		walk(nodes[0], "")
	}
	return out
}

// wordsOf is what stands between the quotes of a line.
func wordsOf(line string) string {
	_, rest, _ := strings.Cut(line, `"`)
	words, _, _ := strings.Cut(rest, `"`)
	return words
}

// states are what is said of a node beside its role and name.
func states() []string {
	return []string{"checked", "expanded", "required", "focused", "disabled", "live", "level", "pressed"}
}

// spoken is a line about a node, "" for one that says nothing, and its role.
func spoken(n *accessibility.Node) (line, role string) {
	role, name := valueOf(n.Role), valueOf(n.Name)
	var more []string
	if d := valueOf(n.Description); d != "" && d != name {
		more = append(more, "("+d+")")
	}
	for _, p := range n.Properties {
		v := valueOf(p.Value)
		switch name := string(p.Name); {
		case name == "invalid" && v == "true":
			more = append(more, name)
		case slices.Contains(states(), name) && v != "" && v != "false" && v != "off":
			more = append(more, name+"="+v)
		}
	}
	switch role {
	case "generic", "none", "InlineTextBox", "LineBreak", "paragraph", "ListMarker", "LabelText", "Legend", "Section", "DisclosureTriangle", "form", "MenuListPopup", "emphasis", "strong", "code", "rowgroup", "row", "cell", "listitem", "DescriptionList", "term", "definition", "Pre":
		if name == "" || role != "form" {
			return "", role
		}
	}
	if name == "" && len(more) == 0 && role != "main" && role != "list" && role != "alert" && role != "status" && role != "table" {
		return "", role
	}
	return strings.TrimSpace(fmt.Sprintf("%s %q %s", role, name, strings.Join(more, " "))), role
}

func valueOf(v *accessibility.Value) string {
	if v == nil || len(v.Value) == 0 {
		return ""
	}
	var text any
	if json.Unmarshal(v.Value, &text) != nil || text == nil {
		return ""
	}
	return fmt.Sprint(text)
}
