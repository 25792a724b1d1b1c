package answering

import (
	"fmt"
	"math"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"tekentafel/internal/instrument"
)

// tree is a condition for the script: a list that starts with what it does.
//
//	["and", tree, tree]  ["or", tree, tree]  ["not", tree]
//	["answered", id]     ["is", id, [option, ...]]   ["has", id, option]
//	["==" | "<" | "<=" | ">" | ">=", id, number]
//
// An id names an item or a row. What is unanswered is none of these.
type tree []any

// conditionTree turns the condition of an item into a tree; nil where everyone is asked. The instrument was checked, so an
// error is a condition that the product learned and this package did not.
func conditionTree(in *instrument.Instrument, source string) (tree, error) {
	if source == "" {
		return nil, nil
	}
	parsed, err := parser.Parse(source)
	if err != nil {
		return nil, fmt.Errorf("the condition %q: %w", source, err)
	}
	t := grower{in: in}.truth(parsed.Node)
	if t == nil {
		return nil, fmt.Errorf("the condition %q says something that the script of the questions does not know", source)
	}
	return t, nil
}

type grower struct{ in *instrument.Instrument }

// truth returns the tree of something that is true or false, nil for what it does not know.
func (g grower) truth(n ast.Node) tree {
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return not(g.truth(n.Node))
		}
	case *ast.BinaryNode:
		return g.binary(n)
	case *ast.CallNode:
		return g.call(n)
	}
	return nil
}

func not(t tree) tree {
	if t == nil {
		return nil
	}
	return tree{"not", t}
}

func (g grower) binary(n *ast.BinaryNode) tree {
	switch n.Operator {
	case "and", "&&":
		return both("and", g.truth(n.Left), g.truth(n.Right))
	case "or", "||":
		return both("or", g.truth(n.Left), g.truth(n.Right))
	case "in":
		return g.membership(n)
	case "==", "!=", "<", "<=", ">", ">=":
		return g.comparison(n)
	}
	return nil
}

func both(what string, a, b tree) tree {
	if a == nil || b == nil {
		return nil
	}
	return tree{what, a, b}
}

// flipped is what a comparison becomes when its sides change places.
func flipped(operator string) string {
	switch operator {
	case "<":
		return ">"
	case "<=":
		return ">="
	case ">":
		return "<"
	case ">=":
		return "<="
	default:
		return operator
	}
}

func (g grower) comparison(n *ast.BinaryNode) tree {
	name, other, operator := n.Left, n.Right, n.Operator
	id, named := name.(*ast.IdentifierNode)
	if !named {
		if id, named = other.(*ast.IdentifierNode); !named {
			return nil
		}
		other, operator = name, flipped(operator)
	}
	if text, isText := other.(*ast.StringNode); isText {
		is := g.is(id.Value, text.Value)
		if operator == "!=" {
			return not(is)
		}
		return is
	}
	number, isNumber := literal(other)
	if !isNumber {
		return nil
	}
	if operator == "!=" {
		return not(tree{"==", id.Value, number})
	}
	return tree{operator, id.Value, number}
}

// literal returns the number that a node writes.
func literal(n ast.Node) (float64, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, !math.IsInf(n.Value, 0)
	case *ast.UnaryNode:
		value, ok := literal(n.Node)
		if n.Operator == "-" {
			value = -value
		}
		return value, ok && (n.Operator == "-" || n.Operator == "+")
	default:
		return 0, false
	}
}

func (g grower) membership(n *ast.BinaryNode) tree {
	if text, isText := n.Left.(*ast.StringNode); isText {
		if id, named := n.Right.(*ast.IdentifierNode); named {
			return tree{"has", id.Value, text.Value}
		}
		return nil
	}
	id, named := n.Left.(*ast.IdentifierNode)
	list, isList := n.Right.(*ast.ArrayNode)
	if !named || !isList {
		return nil
	}
	var options []string
	for _, element := range list.Nodes {
		text, isText := element.(*ast.StringNode)
		if !isText {
			return nil
		}
		options = append(options, text.Value)
	}
	return g.is(id.Value, options...)
}

// is compares with options. What conditions say of a category are its levels, which are labels.
func (g grower) is(id string, options ...string) tree {
	it := g.in.Item(id)
	if it == nil || it.Kind != instrument.Category {
		return tree{"is", id, options}
	}
	found := []string{}
	for i := range it.Options {
		for _, level := range options {
			if it.Options[i].Missing == instrument.NotMissing && levelOf(g.in, &it.Options[i]) == level {
				found = append(found, it.Options[i].ID)
			}
		}
	}
	return tree{"is", id, found}
}

// levelOf is how an option of a category stands in the columns of answers, as package record keeps it.
func levelOf(in *instrument.Instrument, o *instrument.Option) string {
	if len(in.Languages) > 0 && o.Label[in.Languages[0]] != "" {
		return o.Label[in.Languages[0]]
	}
	if l := o.Label.In(instrument.NL); l != "" {
		return l
	}
	return o.ID
}

func (g grower) call(n *ast.CallNode) tree {
	callee, named := n.Callee.(*ast.IdentifierNode)
	if !named || len(n.Arguments) == 0 {
		return nil
	}
	id, isID := n.Arguments[0].(*ast.IdentifierNode)
	if !isID {
		return nil
	}
	switch {
	case callee.Value == "answered" && len(n.Arguments) == 1:
		return tree{"answered", id.Value}
	case callee.Value == "chosen" && len(n.Arguments) == 2:
		if text, isText := n.Arguments[1].(*ast.StringNode); isText {
			return tree{"has", id.Value, text.Value}
		}
	}
	return nil
}
