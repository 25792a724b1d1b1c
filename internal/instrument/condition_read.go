package instrument

import (
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"

	"tekentafel/internal/yamlfile"
)

// mendCondition reminds of what a condition may say.
const mendCondition = `write, for example, use == "never", chosen(systems, "other"), answered(use) or age >= 18, joined with and, or, not`

// conditionReader checks that a condition says only what conditions may say, and gathers what it refers to.
type conditionReader struct {
	known      map[string]*operand
	all        *names
	fail       func(message, mend string)
	references []*reference
	wrong      bool
	budget     *int // suggestions that may still be sought
}

func (w *conditionReader) reject(message, mend string) {
	w.wrong = true
	w.fail(message, mend)
}

// suggest seeks a suggestion while the budget lasts.
func (w *conditionReader) suggest(word string, known []string, otherwise string) string {
	if *w.budget == 0 {
		return otherwise
	}
	*w.budget--
	return yamlfile.DidYouMean(word, known, otherwise)
}

// read walks the condition and reports whether it is sound.
func (w *conditionReader) read(source string) bool {
	config := conf.CreateNew()
	config.MaxNodes = maxConditionNodes
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		w.reject("the condition cannot be read: "+firstLine(err.Error()), mendCondition)
		return false
	}
	w.truth(tree.Node)
	return !w.wrong
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// truth reads something that is true or false.
func (w *conditionReader) truth(n ast.Node) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			w.truth(n.Node)
			return
		}
	case *ast.BinaryNode:
		if w.binary(n) {
			return
		}
	case *ast.CallNode:
		if w.call(n) {
			return
		}
	case *ast.IdentifierNode:
		w.reject("an item alone is no condition: "+yamlfile.Quote(n.Value), "write answered("+n.Value+") or compare it with an option")
		return
	}
	w.reject("a condition cannot say this: "+yamlfile.Quote(n.String()), mendCondition)
}

// binary reads an expression with two sides; false when conditions do not know it.
func (w *conditionReader) binary(n *ast.BinaryNode) bool {
	switch n.Operator {
	case "and", "or", "&&", "||":
		w.truth(n.Left)
		w.truth(n.Right)
		return true
	case "==", "!=", "<", "<=", ">", ">=":
		return w.comparison(n)
	case "in":
		return w.membership(n)
	default:
		if _, hyphenated := w.known[strings.ReplaceAll(n.String(), " ", "")]; hyphenated {
			w.reject("an item with a hyphen in its id cannot stand in a condition: "+yamlfile.Quote(strings.ReplaceAll(n.String(), " ", "")), "give the item an id without -")
			return true
		}
		return false
	}
}

// comparison reads ITEM == "option" or NUMBER >= 18, either way round.
func (w *conditionReader) comparison(n *ast.BinaryNode) bool {
	name, isName := n.Left.(*ast.IdentifierNode)
	other := n.Right
	if !isName {
		if name, isName = n.Right.(*ast.IdentifierNode); !isName {
			return w.hyphenated(n.Left) || w.hyphenated(n.Right)
		}
		other = n.Left
	}
	equality := n.Operator == "==" || n.Operator == "!="
	r := w.reference(name.Value)
	if r == nil {
		return true
	}
	switch r.item.Kind {
	case Number:
		value, ok := literal(other)
		if !ok {
			w.reject(yamlfile.Quote(r.name)+" is a number and cannot be compared with "+yamlfile.Quote(other.String()), "compare it with a number, such as "+r.name+" >= 18")
			return true
		}
		r.numbers = append(r.numbers, value)
	case Multiple:
		w.reject(yamlfile.Quote(r.name)+" is a multiple choice and has no single answer", "write chosen("+r.name+`, "option")`)
	default:
		text, ok := other.(*ast.StringNode)
		if !ok || !equality {
			w.reject(yamlfile.Quote(r.name)+" can only be compared with == or != and an option between quotes", "write "+r.name+` == "option"`)
			return true
		}
		w.option(r, text.Value)
	}
	return true
}

// hyphenated reports, as a problem, an item with a hyphen where a name was expected.
func (w *conditionReader) hyphenated(n ast.Node) bool {
	b, ok := n.(*ast.BinaryNode)
	return ok && b.Operator == "-" && w.binary(b)
}

// literal returns the number that a node writes.
func literal(n ast.Node) (float64, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
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

// membership reads ITEM in ["a", "b"] and "a" in MULTIPLE.
func (w *conditionReader) membership(n *ast.BinaryNode) bool {
	if text, ok := n.Left.(*ast.StringNode); ok {
		name, isName := n.Right.(*ast.IdentifierNode)
		if !isName {
			return false
		}
		if r := w.reference(name.Value); r != nil {
			w.several(r, text.Value)
		}
		return true
	}
	name, isName := n.Left.(*ast.IdentifierNode)
	list, isList := n.Right.(*ast.ArrayNode)
	if !isName || !isList {
		return w.hyphenated(n.Left)
	}
	r := w.reference(name.Value)
	if r == nil {
		return true
	}
	if r.item.Kind == Number || r.item.Kind == Multiple {
		w.reject(yamlfile.Quote(r.name)+" is not one of a list of options", `use in with a single choice, a scale or a row: use in ["daily", "weekly"]`)
		return true
	}
	if len(list.Nodes) == 0 {
		w.reject("the list after in is empty", `name options between quotes: use in ["daily", "weekly"]`)
		return true
	}
	for _, element := range list.Nodes {
		text, ok := element.(*ast.StringNode)
		if !ok {
			w.reject("the list after in holds something else than options: "+yamlfile.Quote(element.String()), `name options between quotes: use in ["daily", "weekly"]`)
			return true
		}
		w.option(r, text.Value)
	}
	return true
}

// call reads answered(ITEM) and chosen(MULTIPLE, "option").
func (w *conditionReader) call(n *ast.CallNode) bool {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return false
	}
	var name *ast.IdentifierNode
	if len(n.Arguments) > 0 {
		name, _ = n.Arguments[0].(*ast.IdentifierNode)
	}
	switch callee.Value {
	case functionAnswered:
		if len(n.Arguments) != 1 || name == nil {
			w.reject("answered takes the id of one item", "write answered(use)")
			return true
		}
		if r := w.reference(name.Value); r != nil {
			r.any = true
		}
	case functionChosen:
		if len(n.Arguments) != 2 || name == nil {
			w.reject("chosen takes the id of a multiple choice and an option", `write chosen(systems, "other")`)
			return true
		}
		text, isText := n.Arguments[1].(*ast.StringNode)
		if !isText {
			w.reject("chosen takes an option between quotes", `write chosen(systems, "other")`)
			return true
		}
		if r := w.reference(name.Value); r != nil {
			w.several(r, text.Value)
		}
	default:
		w.reject("there is no function "+yamlfile.Quote(callee.Value), w.suggest(callee.Value, []string{functionAnswered, functionChosen}, mendCondition))
	}
	return true
}

// several notes an option of a multiple choice.
func (w *conditionReader) several(r *reference, option string) {
	if r.item.Kind != Multiple {
		w.reject(yamlfile.Quote(r.name)+" is not a multiple choice", "write "+r.name+` == "`+option+`"`)
		return
	}
	w.option(r, option)
}

// reference notes an operand; nil when it does not exist or cannot stand in a condition.
func (w *conditionReader) reference(name string) *reference {
	for _, r := range w.references {
		if r.name == name {
			return r
		}
	}
	o, ok := w.known[name]
	if !ok || name == "" {
		w.reject("the condition refers to "+yamlfile.Quote(name)+", which does not exist", w.suggest(name, w.all.list, "use the id of an earlier item"))
		return nil
	}
	mend := ""
	switch {
	case name == functionAnswered || name == functionChosen:
		mend = "give the item another id: this one is a function in conditions"
	case o.item.Kind == Matrix && o.row == nil:
		mend = "name one of its rows"
		if len(o.item.Rows) > 0 {
			mend += ", such as " + o.item.Rows[0].ID
		}
	case o.item.Kind == OpenText:
		mend = "open text is not kept with the answers: ask a single choice"
	case o.item.Kind == Info:
		mend = "nothing is answered on a page of information: name an item that is"
	}
	if mend != "" {
		w.reject(yamlfile.Quote(name)+" cannot stand in a condition", mend)
		return nil
	}
	r := &reference{operand: o}
	w.references = append(w.references, r)
	return r
}

// option notes that the condition names an option of an operand.
func (w *conditionReader) option(r *reference, id string) {
	if id == "" {
		w.reject("the empty text is no option of "+yamlfile.Quote(r.name), "write not answered("+r.name+")")
		return
	}
	if r.item.Kind != Category {
		known := &names{}
		for i := range r.item.Options {
			o := &r.item.Options[i]
			if o.ID == id && o.Missing != NotMissing {
				w.reject("the option "+yamlfile.Quote(id)+" of "+yamlfile.Quote(r.name)+" counts as unanswered", "write not answered("+r.name+")")
				return
			}
			known.add(o.ID)
		}
		if !known.set[id] {
			otherwise := "use one of its options"
			if len(known.list) <= 12 {
				otherwise = "use one of: " + strings.Join(known.list, ", ")
			}
			w.reject("the item "+yamlfile.Quote(r.name)+" has no option "+yamlfile.Quote(id), w.suggest(id, known.list, otherwise))
			return
		}
	}
	for _, seen := range r.options {
		if seen == id {
			return
		}
	}
	r.options = append(r.options, id)
}
