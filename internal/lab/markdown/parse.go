package markdown

import (
	"regexp"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

const (
	mostContainers = 12  // quotes and lists in each other
	mostMarks      = 500 // delimiters, brackets or code spans in a block
)

// parsing is the parser: that of goldmark with what is understood here alone, and bounds.
var parsing = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(shallow{parser.NewListParser()}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(indented{parser.NewParagraphParser()}, 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(taskParser{}, 0),
			util.Prioritized(few{parser.NewCodeSpanParser(), parser.NewContextKey()}, 100),
			util.Prioritized(few{parser.NewLinkParser(), marks}, 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(few{parser.NewEmphasisParser(), marks}, 500),
			util.Prioritized(few{extension.NewStrikethroughParser(), marks}, 500),
		),
		parser.WithParagraphTransformers(util.Prioritized(tableFinder{}, 200)),
	)
})

var marks = parser.NewContextKey()

// shallow opens containers up to a depth, so that each line costs little.
type shallow struct{ parser.BlockParser }

// Open implements parser.BlockParser.
func (s shallow) Open(parent ast.Node, reader gmtext.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if k := n.Kind(); k == ast.KindList || k == ast.KindBlockquote {
			depth++
		}
	}
	if depth >= mostContainers {
		return nil, parser.NoChildren
	}
	return s.BlockParser.Open(parent, reader, pc) //nolint:wrapcheck // no error
}

// indented begins a paragraph where others would begin code.
type indented struct{ parser.BlockParser }

// CanAcceptIndentedLine implements parser.BlockParser.
func (indented) CanAcceptIndentedLine() bool { return true }

// few looks for marks a number of times in a block, since pairing them takes the square of their number.
type few struct {
	parser.InlineParser

	key parser.ContextKey
}

// Parse implements parser.InlineParser.
func (f few) Parse(parent ast.Node, block gmtext.Reader, pc parser.Context) ast.Node {
	n, _ := pc.Get(f.key).(int)
	if line, _ := block.PeekLine(); n >= mostMarks && line[0] != ']' {
		return nil
	}
	pc.Set(f.key, n+1)
	return f.InlineParser.Parse(parent, block, pc)
}

// CloseBlock implements parser.CloseBlocker.
func (f few) CloseBlock(parent ast.Node, block gmtext.Reader, pc parser.Context) {
	pc.Set(f.key, 0)
	if c, ok := f.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

// task is the box at the beginning of an item.
type task struct {
	ast.BaseInline

	done bool
}

var (
	kindTask = ast.NewNodeKind("Task")
	box      = regexp.MustCompile(`^\[([ xX])\](?:[ \t]+|\n?$)`)
)

// Kind implements ast.Node.
func (t *task) Kind() ast.NodeKind { return kindTask }

// Dump implements ast.Node.
func (t *task) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

type taskParser struct{}

// Trigger implements parser.InlineParser.
func (taskParser) Trigger() []byte { return []byte{'['} }

// Parse implements parser.InlineParser.
func (taskParser) Parse(parent ast.Node, block gmtext.Reader, _ parser.Context) ast.Node {
	item := parent.Parent()
	if item == nil || item.Kind() != ast.KindListItem || item.FirstChild() != parent || parent.HasChildren() || parent.Kind() == ast.KindHeading {
		return nil
	}
	line, _ := block.PeekLine()
	m := box.FindSubmatch(line)
	if m == nil {
		return nil
	}
	n := len(m[0])
	if m[0][n-1] == '\n' {
		n--
	}
	block.Advance(n)
	return &task{done: m[1][0] != ' '}
}
