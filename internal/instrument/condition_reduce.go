package instrument

import (
	"fmt"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// ReduceCondition returns what is left of a condition when nobody is asked some of the variables that it names: to a
// condition they are unanswered. An empty rest with ever means that everyone is asked; without ever, nobody is.
//
// The condition must be one that Parse accepts; the error says that it cannot be read.
func ReduceCondition(source string, gone func(variable string) bool) (rest string, ever bool, err error) {
	if source == "" {
		return "", true, nil
	}
	config := conf.CreateNew()
	config.MaxNodes = maxConditionNodes
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return "", false, fmt.Errorf("the condition cannot be read: %s", firstLine(err.Error()))
	}
	switch node, outcome := reduce(tree.Node, gone); outcome {
	case always:
		return "", true, nil
	case never:
		return "", false, nil
	default:
		return node.String(), true, nil
	}
}

// outcomeOf a part of a condition once some variables are unanswered.
type outcomeOf int

const (
	depends outcomeOf = iota
	always
	never
)

func (o outcomeOf) not() outcomeOf {
	switch o {
	case always:
		return never
	case never:
		return always
	default:
		return depends
	}
}

// reduce returns the part of a condition that still depends on an answer, or what it always is.
func reduce(n ast.Node, gone func(string) bool) (ast.Node, outcomeOf) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		inner, outcome := reduce(n.Node, gone)
		if outcome != depends {
			return nil, outcome.not()
		}
		return &ast.UnaryNode{Operator: n.Operator, Node: inner}, depends
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			return join(n, gone, always, never)
		case "or", "||":
			return join(n, gone, never, always)
		}
		if isGone(n.Left, gone) || isGone(n.Right, gone) {
			if n.Operator == "!=" {
				return nil, always
			}
			return nil, never
		}
	case *ast.CallNode:
		for _, argument := range n.Arguments {
			if isGone(argument, gone) {
				return nil, never
			}
		}
	}
	return n, depends
}

// join reduces both sides of "and" or "or". A side that is neutral falls away; one that decides, decides.
func join(n *ast.BinaryNode, gone func(string) bool, neutral, decides outcomeOf) (ast.Node, outcomeOf) {
	left, l := reduce(n.Left, gone)
	right, r := reduce(n.Right, gone)
	switch {
	case l == decides || r == decides:
		return nil, decides
	case l == neutral && r == neutral:
		return nil, neutral
	case l == neutral:
		return right, depends
	case r == neutral:
		return left, depends
	default:
		return &ast.BinaryNode{Operator: n.Operator, Left: left, Right: right}, depends
	}
}

func isGone(n ast.Node, gone func(string) bool) bool {
	name, ok := n.(*ast.IdentifierNode)
	return ok && gone(name.Value)
}
