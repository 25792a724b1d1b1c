package instrument

import (
	"slices"
	"sort"
)

// plan is a routing laid over the columns of some answers.
type plan struct {
	steps    []step
	judged   []*judged
	unjudged []string
}

// step routes the columns of one item.
type step struct {
	columns []placed
	judged  int  // index of its condition; -1: everyone is asked
	first   bool // the first item with this condition
}

// placed is a column with its index in the answers.
type placed struct {
	column *Column
	at     int
}

// judged is a condition laid over columns.
type judged struct {
	condition *condition
	inputs    []input
	combos    uint64 // combinations of the inputs' classes
}

// input is a column of one of a condition's references, its codes folded into the classes that the condition can tell
// apart. A multiple choice has one for each option that the condition names, and one for "anything chosen".
type input struct {
	reference int
	option    string // multiple choice: the option, "" for anything
	columns   []*Column
	fold      []uint8 // class by code
	classes   uint64
	values    []any // by class; nil for a multiple choice
}

// plan lays the routing over the answers.
func (r *Routing) plan(a *Answers) *plan {
	p := &plan{}
	columns := a.byVariable()
	ofItem := map[string][]placed{}
	for i, c := range a.Columns {
		if c != nil {
			id := a.Variables[i].Item.ID
			ofItem[id] = append(ofItem[id], placed{c, i})
		}
	}
	indexOf := map[*condition]int{}
	for i, c := range r.conditions {
		it := &r.in.Items[i]
		s := step{columns: ofItem[it.ID], judged: -1}
		if c != nil {
			at, seen := indexOf[c]
			if !seen {
				at = -1
				if j := lay(c, columns); j != nil {
					at = len(p.judged)
					p.judged = append(p.judged, j)
				}
				indexOf[c] = at
			}
			if at < 0 {
				p.unjudged = append(p.unjudged, it.ID)
				continue
			}
			s.judged, s.first = at, !seen
		}
		p.steps = append(p.steps, s)
	}
	return p
}

// lay finds the columns that a condition needs; nil when the data lacks one.
func lay(c *condition, columns map[string]*Column) *judged {
	j := &judged{condition: c, combos: 1}
	for i, r := range c.references {
		var inputs []input
		if r.item.Kind == Multiple {
			inputs = layChoices(i, r, columns)
		} else if column := columns[r.name]; column != nil {
			inputs = []input{layAnswer(i, r, column)}
		}
		if inputs == nil {
			return nil
		}
		j.inputs = append(j.inputs, inputs...)
	}
	for i := range j.inputs {
		// At most 4^30 combinations: a comparison takes four nodes of maxConditionNodes, and adds fewer than two bits.
		j.combos *= j.inputs[i].classes
	}
	return j
}

// layChoices prepares the inputs of a multiple choice.
func layChoices(at int, r *reference, columns map[string]*Column) []input {
	chosen := make([]uint8, 1<<8)
	chosen[FirstOption+1] = 1
	var out []input
	for _, id := range r.options {
		column := columns[r.name+"."+id]
		if column == nil {
			return nil
		}
		out = append(out, input{reference: at, option: id, columns: []*Column{column}, fold: chosen, classes: 2})
	}
	if !r.any {
		return out
	}
	all := input{reference: at, fold: chosen, classes: 2}
	for i := range r.item.Options {
		if column := columns[r.name+"."+r.item.Options[i].ID]; column != nil {
			all.columns = append(all.columns, column)
		}
	}
	if len(all.columns) == 0 {
		return nil
	}
	return append(out, all)
}

// layAnswer prepares the input of a single answer: class 0 is unanswered.
func layAnswer(at int, r *reference, column *Column) input {
	in := input{reference: at, columns: []*Column{column}, fold: make([]uint8, max(1<<8, column.K)), values: []any{r.unanswered()}}
	class := map[any]uint8{}
	put := func(code int, key, value any) {
		c, seen := class[key]
		if !seen {
			c = uint8(len(in.values))
			class[key] = c
			in.values = append(in.values, value)
		}
		in.fold[code] = c
	}
	numbers := slices.Clone(r.numbers)
	sort.Float64s(numbers)
	v := Variable{ID: r.name, Item: r.item, Row: r.row}
	substantive, _ := v.Choices()
	for code := FirstOption; code < column.K; code++ {
		i := code - FirstOption
		switch {
		case r.item.Kind == Number && i < len(column.Numbers):
			x := column.Numbers[i]
			put(code, region(numbers, x), x)
		case r.item.Kind == Category && i < len(column.Levels):
			put(code, named(r, column.Levels[i]), named(r, column.Levels[i]))
		case r.item.Kind != Number && r.item.Kind != Category && i < len(substantive):
			id := named(r, substantive[i].Option.ID)
			put(code, id, id)
		}
	}
	in.classes = uint64(len(in.values))
	return in
}

// named returns the option when the condition names it, else one word for all others.
func named(r *reference, option string) string {
	if slices.Contains(r.options, option) {
		return option
	}
	return otherLevel
}

// region numbers the places that x can have among ascending numbers: below, at, between, above.
func region(ascending []float64, x float64) int {
	i := sort.SearchFloat64s(ascending, x)
	if i < len(ascending) && ascending[i] == x {
		return 2*i + 1
	}
	return 2 * i
}

// add appends the class of each row's code as the last digit of its combination.
func (in *input) add(index []uint64, from int) {
	if len(in.columns) == 1 {
		if codes := in.columns[0].Narrow; codes != nil {
			fold := (*[256]uint8)(in.fold)
			for i, code := range codes[from : from+len(index)] {
				index[i] = index[i]*in.classes + uint64(fold[code])
			}
			return
		}
		for i, code := range in.columns[0].Wide[from : from+len(index)] {
			index[i] = index[i]*in.classes + uint64(in.fold[code])
		}
		return
	}
	for i := range index {
		var chosen uint8
		for _, c := range in.columns {
			chosen |= in.fold[c.At(from+i)]
		}
		index[i] = index[i]*in.classes + uint64(chosen)
	}
}

// What is known of a combination.
const (
	notJudged = 0
	isHidden  = 1
	isShown   = 2
)

// outcomes remembers what became of combinations: in a table when it is small, else in a map.
type outcomes struct {
	dense  []uint8
	sparse map[uint64]uint8
}

// maxTable is the number of combinations up to which a table is used.
const maxTable = 1 << 20

func newOutcomes(j *judged) outcomes {
	if j.combos <= maxTable {
		return outcomes{dense: make([]uint8, j.combos)}
	}
	return outcomes{sparse: map[uint64]uint8{}}
}

// outcome evaluates the condition for a combination.
func (j *judged) outcome(e *evaluator, combination uint64) uint8 {
	class := make([]uint64, len(j.inputs))
	for i := len(j.inputs) - 1; i >= 0; i-- {
		class[i] = combination % j.inputs[i].classes
		combination /= j.inputs[i].classes
	}
	holds := e.holds(j.condition, func(at int, r *reference) any {
		chosen := []string{}
		for i := range j.inputs {
			in := &j.inputs[i]
			switch {
			case in.reference != at:
			case in.values != nil:
				return in.values[class[i]]
			case class[i] == 1 && in.option != "":
				chosen = append(chosen, in.option)
			case class[i] == 1 && len(chosen) == 0:
				chosen = append(chosen, otherLevel)
			}
		}
		return chosen
	})
	if holds {
		return isShown
	}
	return isHidden
}
