package instrument

import "math"

// Name returns the short name of the item: its label, else its question.
func (it *Item) Name() Text {
	if len(it.Label) > 0 {
		return it.Label
	}
	return it.Question
}

// Name returns the short name of the row: its label, else its text.
func (r *Row) Name() Text {
	if len(r.Label) > 0 {
		return r.Label
	}
	return r.Text
}

// Heading returns the heading of the item in data files: its column, else its ID.
func (it *Item) Heading() string {
	if it.Column != "" {
		return it.Column
	}
	return it.ID
}

// Variables returns the columns that answers to the instrument have, in order of the items: one for an item, one a
// row for a matrix, one an option for a multiple choice (its "don't know" and "not applicable" excepted: they are codes
// of all its columns), none for a page of information. The variables point into the instrument.
func (in *Instrument) Variables() []Variable {
	var out []Variable
	for i := range in.Items {
		it := &in.Items[i]
		switch it.Kind {
		case Info:
		case Matrix:
			for r := range it.Rows {
				out = append(out, Variable{ID: it.Rows[r].ID, Item: it, Row: &it.Rows[r]})
			}
		case Multiple:
			for o := range it.Options {
				if it.Options[o].Missing == NotMissing {
					out = append(out, Variable{ID: it.ID + "." + it.Options[o].ID, Item: it, Option: &it.Options[o]})
				}
			}
		default:
			out = append(out, Variable{ID: it.ID, Item: it})
		}
	}
	return out
}

// Variable returns the variable with the ID.
func (in *Instrument) Variable(id string) (Variable, bool) {
	for _, v := range in.Variables() {
		if v.ID == id {
			return v, true
		}
	}
	return Variable{}, false
}

// Item returns the item with the ID, or nil.
func (in *Instrument) Item(id string) *Item {
	for i := range in.Items {
		if in.Items[i].ID == id {
			return &in.Items[i]
		}
	}
	return nil
}

// Heading returns the heading of the variable's column in data files: the column that the instrument names, else the
// ID of the item or row; for an option of a multiple choice HEADING.OPTION with the heading of the item.
func (v *Variable) Heading() string {
	switch {
	case v.Row != nil && v.Row.Column != "":
		return v.Row.Column
	case v.Row != nil:
		return v.Row.ID
	case v.Option != nil && v.Option.Column != "":
		return v.Option.Column
	case v.Option != nil:
		return v.Item.Heading() + "." + v.Option.ID
	default:
		return v.Item.Heading()
	}
}

// Name returns the short name of the variable for tables and charts.
func (v *Variable) Name() Text {
	switch {
	case v.Row != nil:
		return v.Row.Name()
	case v.Option != nil:
		return v.Option.Label
	default:
		return v.Item.Name()
	}
}

// Wording returns the words that people answered: the question, the text of the row, or the label of the option.
func (v *Variable) Wording() Text {
	switch {
	case v.Row != nil:
		return v.Row.Text
	case v.Option != nil:
		return v.Option.Label
	default:
		return v.Item.Question
	}
}

// Choice is an answer with its code.
type Choice struct {
	Code   int
	Option *Option // nil for "not chosen" of a multiple choice
}

// Choices returns the answers that the variable can take: the substantive ones in order of code, from FirstOption
// on, and those that stand outside the base (codes DontKnow and NotApplicable; several options may share one).
// For an option of a multiple choice the substantive ones are "not chosen" (Option nil) and "chosen".
// Numbers, categories and texts have none: what they hold is found in the data.
func (v *Variable) Choices() (substantive, missing []Choice) {
	if v.Option != nil {
		substantive = []Choice{{Code: FirstOption}, {Code: FirstOption + 1, Option: v.Option}}
	}
	for i := range v.Item.Options {
		o := &v.Item.Options[i]
		switch {
		case o.Missing != NotMissing:
			missing = append(missing, Choice{Code: o.Missing.Code(), Option: o})
		case v.Option == nil:
			substantive = append(substantive, Choice{Code: FirstOption + len(substantive), Option: o})
		}
	}
	return substantive, missing
}

// Code returns the code of an answer outside the base: DontKnow or NotApplicable; NoAnswer for anything else.
func (m Missing) Code() int {
	switch m {
	case MissingDontKnow:
		return DontKnow
	case MissingNotApplicable:
		return NotApplicable
	default:
		return NoAnswer
	}
}

// K returns the number of codes of the variable: FirstOption plus its substantive answers. For numbers, categories
// and texts it is FirstOption; their columns say how many values were found.
func (v *Variable) K() int {
	substantive, _ := v.Choices()
	return FirstOption + len(substantive)
}

// CodeOf returns the code of the option with the ID in a single choice, scale or matrix row; for a multiple choice
// the code with which a variable says that its own option was chosen.
func (v *Variable) CodeOf(option string) (code int, ok bool) {
	substantive, missing := v.Choices()
	for _, list := range [][]Choice{substantive, missing} {
		for _, c := range list {
			if c.Option != nil && c.Option.ID == option {
				return c.Code, true
			}
		}
	}
	return 0, false
}

// OptionOf returns the option behind a code, or nil: for the codes of absent answers, for "not chosen" of a multiple
// choice, and for numbers and categories. Where several options share a missing code it is the first of them.
func (v *Variable) OptionOf(code int) *Option {
	substantive, missing := v.Choices()
	for _, list := range [][]Choice{substantive, missing} {
		for _, c := range list {
			if c.Code == code {
				return c.Option
			}
		}
	}
	return nil
}

// Scores returns the score of each code of a single choice, scale or matrix row (len K); NaN for codes that have none.
func (v *Variable) Scores() []float64 {
	substantive, _ := v.Choices()
	out := make([]float64, FirstOption+len(substantive))
	for i := range out {
		out[i] = math.NaN()
	}
	for _, c := range substantive {
		if c.Option != nil && c.Option.Value != nil && v.Option == nil {
			out[c.Code] = *c.Option.Value
		}
	}
	return out
}
