package draft

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
)

// node is a unit that comes out of the mentions.
type node struct {
	code                         string
	names, kinds, heads, parents votes
	rows                         int
}

// grove makes units of mentions.
type grove struct {
	*places
	nodes  map[string]*node
	owner  map[string]string          // by path: the key of the one unit with a code there, "" when there are more
	named  map[string]map[string]bool // keys of the units with a name
	doubts *doubts
}

// settle makes the units of a draft, and returns for each mention which unit it is.
func (p *places) settle(d *Draft, doubts *doubts) []int {
	g := &grove{places: p, nodes: map[string]*node{}, owner: map[string]string{}, named: map[string]map[string]bool{}, doubts: doubts}
	for i := range p.mentions {
		if m := &p.mentions[i]; m.code != "" && len(m.names) > 0 {
			path, key := pathKey(m.names), "c:"+codeKey(m.code)
			if other, taken := g.owner[path]; taken && other != key {
				key = ""
			}
			g.owner[path] = key
		}
	}
	keys := make([]string, len(p.mentions))
	for i := range p.mentions {
		keys[i] = g.grow(&p.mentions[i])
	}
	if p.tree == mapping.UnitParent {
		for i := range p.mentions {
			g.hang(keys[i], &p.mentions[i])
		}
	}
	order := slices.Sorted(maps.Keys(g.nodes))
	at := make(map[string]int, len(order))
	for i, key := range order {
		at[key] = i
	}
	d.Units = make([]Unit, len(order))
	for i, key := range order {
		d.Units[i] = g.unit(key, at)
	}
	unitOf := make([]int, len(keys))
	for i, key := range keys {
		unitOf[i] = at[key]
	}
	return unitOf
}

func pathKey(names []string) string {
	folded := make([]string, len(names))
	for i, n := range names {
		folded[i] = foldName(n)
	}
	return strings.Join(folded, joint)
}

// foldName is value.Fold for what has letters or digits, and the text itself for what has none.
func foldName(s string) string {
	if f := value.Fold(s); f != "" {
		return f
	}
	return strings.TrimSpace(s)
}

func (g *grove) node(key string) *node {
	n := g.nodes[key]
	if n == nil {
		n = &node{}
		g.nodes[key] = n
	}
	return n
}

// keyOfPath returns the key of the unit at a path, which is that of a unit with a code where there is exactly one.
func (g *grove) keyOfPath(names []string) string {
	path := pathKey(names)
	if key := g.owner[path]; key != "" {
		return key
	}
	return "p:" + path
}

// grow adds the unit of a mention and those above it, and returns its key.
func (g *grove) grow(m *place) string {
	var key string
	if m.code != "" {
		key = "c:" + codeKey(m.code)
	} else {
		key = g.keyOfPath(m.names)
	}
	n := g.node(key)
	n.rows += m.rows
	if m.code != "" && (n.code == "" || m.code < n.code) {
		n.code = m.code
	}
	if m.kind != "" {
		n.kinds.add(m.kind, m.rows)
	}
	if m.head != "" {
		n.heads.add(m.head, m.rows)
	}
	below := key
	for depth := len(m.names); depth > 0; depth-- {
		name := m.names[depth-1]
		g.node(below).names.add(name, m.rows)
		if g.named[foldName(name)] == nil {
			g.named[foldName(name)] = map[string]bool{}
		}
		g.named[foldName(name)][below] = true
		if g.tree == mapping.Ignore || g.tree == mapping.UnitParent {
			break
		}
		above := ""
		if depth > 1 {
			above = g.keyOfPath(m.names[:depth-1])
		}
		if above == below {
			above = ""
		}
		g.node(below).parents.add(above, m.rows)
		below = above
	}
	return key
}

// hang says under what a unit stands when rows give the code or name of the one above.
func (g *grove) hang(key string, m *place) {
	n := g.node(key)
	above := ""
	switch ref := codeKey(m.parent); {
	case ref == "" || "c:"+ref == key || "p:"+foldName(m.parent) == key: // at the top
	case g.nodes["c:"+ref] != nil:
		above = "c:" + ref
	default:
		switch list := g.named[foldName(m.parent)]; len(list) {
		case 1:
			for only := range list {
				above = only
			}
			if above == key {
				above = ""
			}
		case 0:
			if above = "p:" + foldName(m.parent); g.r.of(mapping.UnitCode) >= 0 {
				above = "c:" + ref
				g.node(above).code = m.parent
				g.doubts.add(UnknownParent, mapping.UnitParent, g.r.of(mapping.UnitParent), Cell{Row: m.first, Value: m.parent})
			} else {
				g.node(above).names.add(m.parent, 1)
			}
		default:
			g.doubts.add(AmbiguousParent, mapping.UnitParent, g.r.of(mapping.UnitParent), Cell{Row: m.first, Value: m.parent})
			return
		}
	}
	n.parents.add(above, m.rows)
}

// unit takes what most rows say of a unit.
func (g *grove) unit(key string, at map[string]int) Unit {
	n := g.nodes[key]
	u := Unit{Code: n.code, Rows: n.rows, Parent: -1, key: key}
	take := func(v votes, f mapping.Field) string {
		text, other, contradicted := v.won()
		if contradicted {
			g.doubts.add(TwoValues, f, -1, Cell{Value: other, Other: text})
		}
		return text
	}
	u.Name, u.Kind, u.Head = take(n.names, mapping.UnitName), take(n.kinds, mapping.UnitKind), take(n.heads, mapping.UnitHead)
	if len(n.parents) == 0 {
		return u
	}
	// A row without the code above says less than one with it.
	var parents votes
	for _, v := range n.parents {
		if v.text != "" {
			parents = append(parents, v)
		}
	}
	if u.Placed = true; len(parents) == 0 {
		return u
	}
	text, _, _ := parents.won()
	u.Parent = at[text]
	if len(parents) > 1 {
		slices.SortFunc(parents, func(a, b vote) int { return strings.Compare(a.text, b.text) })
		for _, v := range parents {
			if v.text != text {
				g.doubts.add(TwoValues, g.tree, -1, Cell{Value: shown(v.text), Other: shown(text)})
				break
			}
		}
	}
	return u
}

// shown writes the key of a unit for a person: its code, or its path.
func shown(key string) string {
	if len(key) < 2 || !utf8.ValidString(key) {
		return key
	}
	return strings.ReplaceAll(key[2:], joint, " > ")
}
