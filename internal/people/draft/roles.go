package draft

import (
	"maps"
	"slices"
	"strings"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// roles collects the functions that rows name. Rows that name one in the same words are one mention.
type roles struct {
	r        *reader
	columns  []int
	mentions []role
	raw      map[string]int32
	buf      []byte
}

type role struct {
	code, name, family string
	level              org.Level
	isco               string
	work               org.Work
	rows               int
}

func newRoles(r *reader) roles {
	o := roles{r: r, raw: map[string]int32{}}
	for _, f := range []mapping.Field{mapping.FunctionCode, mapping.FunctionName, mapping.FunctionGroup, mapping.FunctionLevel, mapping.FunctionISCO, mapping.FunctionWork} {
		if c := r.of(f); c >= 0 {
			o.columns = append(o.columns, c)
		}
	}
	return o
}

// mention returns the number of the mention of the function that a row names, -1 when it names none.
func (o *roles) mention(number int, cells []string) int {
	if len(o.columns) == 0 {
		return -1
	}
	o.buf = o.buf[:0]
	for _, c := range o.columns {
		if c < len(cells) {
			o.buf = append(o.buf, cells[c]...)
		}
		o.buf = append(o.buf, joint...)
	}
	i, known := o.raw[string(o.buf)]
	if !known {
		i = o.read(number, cells)
		o.raw[string(o.buf)] = i
	} else if i >= 0 {
		o.mentions[i].rows++
	}
	return int(i)
}

func (o *roles) read(number int, cells []string) int32 {
	r := o.r
	m := role{code: r.text(cells, mapping.FunctionCode), name: r.text(cells, mapping.FunctionName), family: r.text(cells, mapping.FunctionGroup), rows: 1}
	if m.code == "" && m.name == "" {
		return -1
	}
	bad := func(f mapping.Field) {
		r.doubts.add(BadValue, f, r.of(f), Cell{Row: number, Value: r.cell(cells, f)})
	}
	var ok bool
	if c := r.cell(cells, mapping.FunctionLevel); c != "" {
		if m.level, ok = r.level(c); !ok {
			bad(mapping.FunctionLevel)
		}
	}
	if c := r.cell(cells, mapping.FunctionISCO); c != "" {
		if m.isco, ok = value.ISCO(c); !ok {
			bad(mapping.FunctionISCO)
		}
	}
	if c := r.cell(cells, mapping.FunctionWork); c != "" {
		if m.work, ok = value.Work(c); !ok {
			bad(mapping.FunctionWork)
		}
	}
	m.isco = strings.Clone(m.isco)
	o.mentions = append(o.mentions, m)
	return int32(len(o.mentions) - 1)
}

// roleNode is a function that comes out of the mentions.
type roleNode struct {
	code                                  string
	names, families, levels, iscos, works votes
	rows                                  int
}

// settle makes the functions of a draft, and returns for each mention which function it is. A name without a code is the function with a
// code that has this name, where there is one such.
func (o *roles) settle(d *Draft, doubts *doubts) []int {
	owner := map[string]string{}
	for i := range o.mentions {
		if m := &o.mentions[i]; m.code != "" && m.name != "" {
			name, key := foldName(m.name), "c:"+codeKey(m.code)
			if other, taken := owner[name]; taken && other != key {
				key = ""
			}
			owner[name] = key
		}
	}
	nodes, keys := map[string]*roleNode{}, make([]string, len(o.mentions))
	for i := range o.mentions {
		m := &o.mentions[i]
		key := "c:" + codeKey(m.code)
		if m.code == "" {
			if key = owner[foldName(m.name)]; key == "" {
				key = "n:" + foldName(m.name)
			}
		}
		keys[i] = key
		n := nodes[key]
		if n == nil {
			n = &roleNode{}
			nodes[key] = n
		}
		n.rows += m.rows
		if m.code != "" && (n.code == "" || m.code < n.code) {
			n.code = m.code
		}
		for _, x := range []struct {
			to   *votes
			text string
		}{{&n.names, m.name}, {&n.families, m.family}, {&n.levels, string(m.level)}, {&n.iscos, m.isco}, {&n.works, string(m.work)}} {
			if x.text != "" {
				x.to.add(x.text, m.rows)
			}
		}
	}
	order := slices.Sorted(maps.Keys(nodes))
	at := make(map[string]int, len(order))
	d.Functions = make([]Function, len(order))
	for i, key := range order {
		n := nodes[key]
		at[key] = i
		take := func(v votes, f mapping.Field) string {
			text, other, contradicted := v.won()
			if contradicted {
				doubts.add(TwoValues, f, -1, Cell{Value: other, Other: text})
			}
			return text
		}
		d.Functions[i] = Function{
			Code: n.code, Rows: n.rows, key: key, Name: take(n.names, mapping.FunctionName), Family: take(n.families, mapping.FunctionGroup),
			Level: org.Level(take(n.levels, mapping.FunctionLevel)), ISCO: take(n.iscos, mapping.FunctionISCO), Work: org.Work(take(n.works, mapping.FunctionWork)),
		}
	}
	functionOf := make([]int, len(keys))
	for i, key := range keys {
		functionOf[i] = at[key]
	}
	return functionOf
}
