package instrument

import (
	"fmt"
	"math"
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"tekentafel/internal/yamlfile"
)

// Bounds of a condition.
const (
	maxCondition      = 500 // characters
	maxConditionNodes = 120
)

// operand is a variable that conditions can name.
type operand struct {
	name string // the ID of an item or matrix row
	at   int    // index of its item
	item *Item
	row  *Row
}

// reference is an operand in one condition, with what the condition asks of it.
type reference struct {
	*operand
	options []string  // options (or levels) that the condition names, in order of appearance
	numbers []float64 // numbers that it is compared with
	any     bool      // multiple choice: whether anything was chosen at all
}

// condition says who is asked an item.
type condition struct {
	source     string
	program    *vm.Program
	references []*reference
}

// Values of operands while a condition is evaluated: an option ID or level ("" unanswered), the chosen option IDs of a
// multiple choice (empty: unanswered), a number (NaN: unanswered).
func (o *operand) unanswered() any {
	switch o.item.Kind {
	case Number:
		return math.NaN()
	case Multiple:
		return []string{}
	default:
		return ""
	}
}

// environment returns what the expressions can see: the two functions, and a value for each operand.
func environment(references []*reference) map[string]any {
	env := map[string]any{functionAnswered: isAnswered, functionChosen: slices.Contains[[]string]}
	for _, r := range references {
		env[r.name] = r.unanswered()
	}
	return env
}

// The functions of conditions.
const (
	functionAnswered = "answered"
	functionChosen   = "chosen"
)

// isAnswered reports whether the value of an operand is an answer.
func isAnswered(value any) bool {
	switch v := value.(type) {
	case string:
		return v != ""
	case []string:
		return len(v) > 0
	case float64:
		return !math.IsNaN(v)
	default:
		return false
	}
}

// evaluator evaluates conditions, one at a time; it is not for concurrent use.
type evaluator struct {
	machine vm.VM
	env     map[*condition]map[string]any
}

// holds evaluates a condition for the values of its references.
//
// Compiled conditions are type-checked and call nothing that fails; were one to fail all the same, the item is asked,
// because a question too many harms less than one too few.
func (e *evaluator) holds(c *condition, values func(i int, r *reference) any) bool {
	env := e.env[c]
	if env == nil {
		if e.env == nil {
			e.env = map[*condition]map[string]any{}
		}
		env = environment(c.references)
		e.env[c] = env
	}
	for i, r := range c.references {
		env[r.name] = values(i, r)
	}
	out, err := e.machine.Run(c.program, env)
	holds, ok := out.(bool)
	return err != nil || !ok || holds
}

// operands returns what conditions can name, by ID, with the names in order.
func operands(in *Instrument) (map[string]*operand, *names) {
	out, known := map[string]*operand{}, &names{}
	put := func(o *operand) {
		if _, taken := out[o.name]; !taken {
			out[o.name] = o
			known.add(o.name)
		}
	}
	for i := range in.Items {
		it := &in.Items[i]
		put(&operand{name: it.ID, at: i, item: it})
		for r := range it.Rows {
			put(&operand{name: it.Rows[r].ID, at: i, item: it, row: &it.Rows[r]})
		}
	}
	return out, known
}

// report takes a problem of the condition of an item.
type report func(item int, message, mend string)

// compileConditions compiles the condition of each item (nil: everyone is asked) and reports what is wrong. Items with
// the same condition share it.
func compileConditions(in *Instrument, fail report) []*condition {
	known, names := operands(in)
	budget := mostSuggestions
	bySource := map[string]*condition{}
	out := make([]*condition, len(in.Items))
	sound := true
	reject := func(item int, message, mend string) {
		sound = false
		fail(item, message, mend)
	}
	for i := range in.Items {
		source := in.Items[i].Visible
		if source == "" {
			continue
		}
		c, seen := bySource[source]
		if !seen {
			c = compileCondition(source, &conditionReader{known: known, all: names, budget: &budget}, func(message, mend string) { reject(i, message, mend) })
			bySource[source] = c
		}
		out[i] = c
	}
	checkOrder(in, out, reject)
	if !sound {
		return nil
	}
	return out
}

// compileCondition reads one condition; nil when something is wrong with it.
func compileCondition(source string, w *conditionReader, fail func(message, mend string)) *condition {
	if len(source) > maxCondition {
		fail(fmt.Sprintf("the condition has %d characters", len(source)), fmt.Sprintf("keep it within %d: put what it says in an earlier question", maxCondition))
		return nil
	}
	w.fail = fail
	if !w.read(source) {
		return nil
	}
	program, err := expr.Compile(source, expr.Env(environment(w.references)), expr.DisableAllBuiltins(), expr.AsBool(), expr.MaxNodes(maxConditionNodes))
	if err != nil {
		fail("the condition cannot be read: "+firstLine(err.Error()), mendCondition)
		return nil
	}
	return &condition{source: source, program: program, references: w.references}
}

// checkOrder reports conditions on later items, and items whose conditions wait for each other.
func checkOrder(in *Instrument, conditions []*condition, fail report) {
	const (
		fresh = iota
		open
		done
	)
	state := make([]int, len(conditions))
	circular := map[int]bool{}
	var path []int
	var visit func(i int)
	visit = func(i int) {
		state[i] = open
		path = append(path, i)
		if conditions[i] != nil {
			for _, r := range conditions[i].references {
				switch state[r.at] {
				case fresh:
					visit(r.at)
				case open:
					reportCircle(in, path[slices.Index(path, r.at):], circular, fail)
				}
			}
		}
		path = path[:len(path)-1]
		state[i] = done
	}
	for i := range conditions {
		if state[i] == fresh {
			visit(i)
		}
	}
	for i, c := range conditions {
		if c == nil || circular[i] {
			continue
		}
		for _, r := range c.references {
			if r.at > i {
				fail(i, fmt.Sprintf("the condition of %s refers to %s, which comes later", yamlfile.Quote(in.Items[i].ID), yamlfile.Quote(r.name)),
					"move "+yamlfile.Quote(in.Items[r.at].ID)+" up, or refer to an earlier item")
			}
		}
	}
}

// reportCircle reports a circle of items once, at the first of them.
func reportCircle(in *Instrument, circle []int, circular map[int]bool, fail report) {
	for _, i := range circle {
		if circular[i] {
			return
		}
	}
	first := slices.Index(circle, slices.Min(circle))
	message := "the conditions of these items wait for each other: "
	for k := range circle {
		i := circle[(first+k)%len(circle)]
		circular[i] = true
		if k < mostInCircle {
			message += in.Items[i].ID + " -> "
		} else if k == mostInCircle {
			message += "... -> "
		}
	}
	fail(circle[first], message+in.Items[circle[first]].ID, "let each condition refer to earlier items only")
}

// mostInCircle bounds the items that a message names.
const mostInCircle = 20

// conditions checks the conditions of all items.
func (c *checker) conditions() {
	fail := func(item int, message, mend string) {
		c.At(fmt.Sprintf("items[%d].visible", item), message, mend)
	}
	conditions := compileConditions(c.in, fail)
	if conditions == nil {
		return
	}
	for i, ever := range everAsked(newRoutes(c.in, conditions)) {
		if !ever {
			fail(i, "nobody can meet the condition of "+yamlfile.Quote(c.in.Items[i].ID), "check it against the conditions of the items that it names")
		}
	}
}
