package draft

import (
	"slices"
	"strings"

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
