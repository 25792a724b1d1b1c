package markdown

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
)

// mostColumns is how wide a table may be.
const mostColumns = 64

// table, row and cell are blocks. A row has the cells that were written and no more, so that a table is never larger than its text.
type table struct {
	ast.BaseBlock

	align []string // "", center or right
}

type row struct{ ast.BaseBlock }

type cell struct{ ast.BaseBlock }

var (
	kindTable = ast.NewNodeKind("LabTable")
	kindRow   = ast.NewNodeKind("LabRow")
	kindCell  = ast.NewNodeKind("LabCell")
	columns   = regexp.MustCompile(`^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$`)
)

// Kind implements ast.Node.
func (*table) Kind() ast.NodeKind { return kindTable }

// Dump implements ast.Node.
func (t *table) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

// Kind implements ast.Node.
func (*row) Kind() ast.NodeKind { return kindRow }

// Dump implements ast.Node.
func (r *row) Dump(source []byte, level int) { ast.DumpHelper(r, source, level, nil, nil) }

// Kind implements ast.Node.
func (*cell) Kind() ast.NodeKind { return kindCell }

// Dump implements ast.Node.
func (c *cell) Dump(source []byte, level int) { ast.DumpHelper(c, source, level, nil, nil) }

// tableFinder splits a paragraph where a table begins: a row, and below it as many columns of hyphens, with at least one bar in the two.
type tableFinder struct{}

// Transform implements parser.ParagraphTransformer.
func (tableFinder) Transform(p *ast.Paragraph, reader gmtext.Reader, _ parser.Context) {
	lines, source := p.Lines(), reader.Source()
	for i := 1; i < lines.Len(); i++ {
		above, line := lines.At(i-1), lines.At(i)
		if a, b := above.Value(source), line.Value(source); !columns.Match(bytes.TrimSpace(b)) || bytes.IndexByte(a, '|') < 0 && bytes.IndexByte(b, '|') < 0 {
			continue
		}
		head, below := cellsOf(above, source), cellsOf(line, source)
		if len(head) != len(below) || len(head) > mostColumns {
			continue
		}
		t := &table{}
		for _, c := range below {
			t.align = append(t.align, alignment(c.Value(source)))
		}
		t.AppendChild(t, rowOf(head))
		for j := i + 1; j < lines.Len(); j++ {
			cells := cellsOf(lines.At(j), source)
			t.AppendChild(t, rowOf(cells[:min(len(cells), len(head))]))
		}
		parent := p.Parent()
		parent.InsertAfter(parent, p, t)
		if lines.SetSliced(0, i-1); i == 1 {
			parent.RemoveChild(parent, p)
		}
		return
	}
}

// alignment reads a column of hyphens.
func alignment(c []byte) string {
	switch {
	case bytes.HasPrefix(c, []byte{':'}) && bytes.HasSuffix(c, []byte{':'}):
		return "center"
	case bytes.HasSuffix(c, []byte{':'}):
		return "right"
	}
	return ""
}

func rowOf(cells []gmtext.Segment) *row {
	r := &row{}
	for _, s := range cells {
		c := &cell{}
		if s.Len() > 0 {
			c.Lines().Append(s)
		}
		r.AppendChild(r, c)
	}
	return r
}

// cellsOf splits a line at bars without a backslash before them.
func cellsOf(line gmtext.Segment, source []byte) []gmtext.Segment {
	line = trim(line, source)
	start, stop := line.Start, line.Stop
	if start < stop && source[start] == '|' {
		start++
	}
	if start < stop && source[stop-1] == '|' && (stop-1 == start || source[stop-2] != '\\') {
		stop--
	}
	var out []gmtext.Segment
	add := func(from, to int) {
		out = append(out, trim(gmtext.NewSegment(from, to), source))
	}
	from := start
	for i := start; i < stop; i++ {
		if source[i] == '|' && (i == start || source[i-1] != '\\') {
			add(from, i)
			from = i + 1
		}
	}
	add(from, stop)
	return out
}

func trim(s gmtext.Segment, source []byte) gmtext.Segment {
	s = s.TrimLeftSpace(source)
	return s.TrimRightSpace(source)
}
