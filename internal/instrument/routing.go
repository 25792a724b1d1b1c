package instrument

import (
	"fmt"
	"math"
)

// Routing decides who is asked what. It is safe for concurrent use.
type Routing struct {
	in         *Instrument
	conditions []*condition // by item; nil: everyone is asked
	position   map[string]int
}

// CompileRouting compiles the conditions of an instrument. The error is a *Problems; an instrument from Parse has none.
func CompileRouting(in *Instrument) (*Routing, error) {
	problems := &Problems{}
	conditions := compileConditions(in, func(item int, message, mend string) {
		problems.Add(Problem{File: in.ID, Path: fmt.Sprintf("items[%d].visible", item), Message: message, Mend: mend})
	})
	if err := problems.Err(); err != nil {
		return nil, err
	}
	r := &Routing{in: in, conditions: conditions, position: make(map[string]int, len(in.Items))}
	for i := range in.Items {
		r.position[in.Items[i].ID] = i
	}
	return r, nil
}

// Given is what one respondent answered to one variable. The zero value is "not answered".
type Given struct {
	Code   int     // as in a column: of the option, or "chosen" of an option of a multiple choice
	Level  string  // category: what was chosen
	Number float64 // number: what was typed, with a Code of FirstOption or more
}

// Visible reports whether a respondent is asked the item, given the answers so far. What was answered to an item that
// is itself not asked (any more) counts as unanswered. Given is called with variable IDs.
func (r *Routing) Visible(item *Item, given func(variable string) Given) bool {
	at, ok := r.position[item.ID]
	if !ok {
		return false
	}
	w := walk{routing: r, given: given, known: make(map[int]bool)}
	return w.asked(at)
}

// Route reports for each item, in order, whether a respondent who gave these answers is asked it.
func (r *Routing) Route(given func(variable string) Given) []bool {
	w := walk{routing: r, given: given, known: make(map[int]bool)}
	out := make([]bool, len(r.conditions))
	for i := range out {
		out[i] = w.asked(i)
	}
	return out
}

// walk follows the conditions for one respondent.
type walk struct {
	routing *Routing
	given   func(variable string) Given
	known   map[int]bool
	eval    evaluator
}

func (w *walk) asked(item int) bool {
	c := w.routing.conditions[item]
	if c == nil {
		return true
	}
	if asked, known := w.known[item]; known {
		return asked
	}
	for _, r := range c.references {
		w.asked(r.at) // first, because an evaluation may not start inside another
	}
	asked := w.eval.holds(c, func(_ int, r *reference) any {
		if !w.asked(r.at) {
			return r.unanswered()
		}
		return r.value(w.given)
	})
	w.known[item] = asked
	return asked
}

// value returns what the condition sees of a respondent's answer.
func (r *reference) value(given func(variable string) Given) any {
	v := Variable{ID: r.name, Item: r.item, Row: r.row}
	switch r.item.Kind {
	case Multiple:
		chosen := []string{}
		for i := range r.item.Options {
			o := &r.item.Options[i]
			if o.Missing == NotMissing && given(r.name+"."+o.ID).Code == FirstOption+1 {
				chosen = append(chosen, o.ID)
			}
		}
		return chosen
	case Number:
		if g := given(r.name); g.Code >= FirstOption {
			return g.Number
		}
		return math.NaN()
	case Category:
		return given(r.name).Level
	default:
		if code := given(r.name).Code; code >= FirstOption {
			if o := v.OptionOf(code); o != nil {
				return o.ID
			}
		}
		return ""
	}
}
