package draft

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
)

// places collects the units that rows name. Rows that name one in the same words are one mention.
type places struct {
	r        *reader
	tree     mapping.Field // in which the tree is given; Ignore for none
	levels   []int         // columns of UnitLevel, the top first
	columns  []int         // all columns that name a unit
	mentions []place
	raw      map[string]int32
	buf      []byte
	above    []step // of an indented list, or an outline
}

// place is a unit in the words of a row.
type place struct {
	code, parent, kind, head string
	names                    []string // from the top down, or only its own
	rows, first              int
}

// step is a name in an indented list and how far it is moved in; or its level in an outline.
type step struct {
	in   int
	name string
}

// joint stands between the parts of a key; it is in no line of text.
const joint = "\x1f"

func newPlaces(r *reader, f *mapping.Fit) places {
	p := places{r: r, levels: f.LevelColumns(), raw: map[string]int32{}}
	for _, tree := range []mapping.Field{mapping.UnitPath, mapping.UnitLevel, mapping.UnitIndent, mapping.UnitParent} {
		if f.Has(tree) {
			p.tree = tree
			break
		}
	}
	for i, field := range f.Fields {
		switch field {
		case mapping.UnitName, mapping.UnitCode, mapping.UnitPath, mapping.UnitParent, mapping.UnitLevel, mapping.UnitIndent, mapping.UnitKind, mapping.UnitHead:
			p.columns = append(p.columns, i)
		default:
		}
	}
	return p
}

// follows tells whether what a row names depends on the rows above it.
func (p *places) follows() bool {
	return p.tree == mapping.UnitIndent || p.tree == mapping.UnitLevel && p.r.values.Outline
}

// mention returns the number of the mention of the unit that a row names, -1 when it names none.
func (p *places) mention(number int, cells []string) int {
	if len(p.columns) == 0 {
		return -1
	}
	p.buf = p.buf[:0]
	for _, c := range p.columns {
		if c < len(cells) {
			p.buf = append(p.buf, cells[c]...)
		}
		p.buf = append(p.buf, joint...)
	}
	var names []string
	if p.follows() {
		names = p.names(cells)
		for _, n := range names {
			p.buf = append(append(p.buf, n...), joint...)
		}
	}
	if i, ok := p.raw[string(p.buf)]; ok {
		if i >= 0 {
			p.mentions[i].rows++
		}
		return int(i)
	}
	if !p.follows() {
		names = p.names(cells)
	}
	m := place{
		code: p.r.text(cells, mapping.UnitCode), parent: p.r.text(cells, mapping.UnitParent), kind: p.r.text(cells, mapping.UnitKind), head: p.r.text(cells, mapping.UnitHead),
		names: names, rows: 1, first: number,
	}
	i := -1
	if m.code != "" || len(m.names) > 0 {
		i = len(p.mentions)
		p.mentions = append(p.mentions, m)
	}
	p.raw[string(p.buf)] = int32(i)
	return i
}

// names returns the names of the units that a row names, from the top down.
func (p *places) names(cells []string) []string {
	var list []string
	add := func(s string) {
		if s = line(s); value.Empty(s) {
			return
		}
		if len(s) > longest {
			s = strings.ToValidUTF8(s[:longest], "")
		}
		// Where a branch has no lower unit, systems repeat the last one.
		if n := len(list); n == 0 || value.Fold(list[n-1]) != value.Fold(s) {
			list = append(list, p.r.texts.of(s))
		}
	}
	switch p.tree {
	case mapping.UnitPath:
		for part := range strings.SplitSeq(p.r.cell(cells, mapping.UnitPath), p.r.values.Separator) {
			add(part)
		}
	case mapping.UnitLevel:
		if p.r.values.Outline {
			p.outline(cells)
			for _, s := range p.above {
				add(s.name)
			}
			break
		}
		for _, c := range p.levels {
			if c < len(cells) {
				add(cells[c])
			}
		}
	case mapping.UnitIndent:
		p.indent(p.r.cell(cells, mapping.UnitIndent))
		for _, s := range p.above {
			add(s.name)
		}
		return list
	default:
	}
	add(p.r.cell(cells, mapping.UnitName))
	if len(list) > mapping.MaxLevels {
		list = list[:mapping.MaxLevels]
	}
	return list
}

// outline takes over what a row says of the levels; levels above the first that it fills stay as they are. A row that fills none is about
// the unit above.
func (p *places) outline(cells []string) {
	for level, c := range p.levels {
		if c >= len(cells) || value.Empty(cells[c]) {
			continue
		}
		for len(p.above) > 0 && p.above[len(p.above)-1].in >= level {
			p.above = p.above[:len(p.above)-1]
		}
		p.above = append(p.above, step{level, strings.Clone(cells[c])})
	}
}

// indent takes over a name that is moved in by white space, or by signs such as "- " and "..".
func (p *places) indent(cell string) {
	if cell == "" {
		return
	}
	name := strings.TrimLeft(cell, " \t\u00a0\u2003\u3000.-–>•*└├─│|+")
	in := 0
	for _, r := range cell[:len(cell)-len(name)] {
		in++
		if r == '\t' {
			in += 3
		}
	}
	for len(p.above) > 0 && p.above[len(p.above)-1].in >= in {
		p.above = p.above[:len(p.above)-1]
	}
	if len(p.above) < mapping.MaxLevels {
		p.above = append(p.above, step{in, strings.Clone(name)})
	}
}

// heading takes a row of a list of people that only names a unit, above the rows of its people. False when it is no such row.
func (p *places) heading(number int, cells []string, used []bool) bool {
	if !p.follows() {
		return false
	}
	for i, c := range cells {
		if i < len(used) && used[i] && !value.Empty(c) && !slices.Contains(p.columns, i) {
			return false
		}
	}
	return p.mention(number, cells) >= 0
}

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
