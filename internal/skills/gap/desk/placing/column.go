package placing

import (
	"slices"

	"tekentafel/internal/instrument"
)

// Column may say where respondents are.
type Column struct {
	ID      string          `json:"id"`
	Joined  bool            `json:"joined,omitempty"` // it is no question: it came with the answers
	Name    instrument.Text `json:"name"`
	Answers []Answer        `json:"answers"`
}

// Answer is what somebody may have answered, or a value of a joined column.
type Answer struct {
	ID    string          `json:"id"`
	Label instrument.Text `json:"label"`
}

// mostAnswers bounds the answers of a column that can place somebody.
const mostAnswers = 3000

// Columns lists the columns that may say where respondents are: single choices about background and own ones that are not sensitive, and
// the joined ones.
func Columns(a *instrument.Answers, joined []string) []Column {
	var out []Column
	for i := range a.Variables {
		v, c := &a.Variables[i], a.Columns[i]
		if it := v.Item; c == nil || it.Sensitive || it.Kind != instrument.Single && it.Kind != instrument.Category || it.Topic != instrument.TopicBackground && it.Topic != instrument.TopicOther {
			continue
		}
		out = append(out, Column{ID: v.ID, Name: v.Name(), Answers: answersOf(v, c)})
	}
	for _, name := range joined {
		if f := a.Extra[name]; f != nil {
			out = append(out, Column{ID: name, Joined: true, Name: everywhere(name), Answers: values(f.Levels)})
		}
	}
	return slices.DeleteFunc(out, func(c Column) bool { return len(c.Answers) == 0 || len(c.Answers) > mostAnswers })
}

func answersOf(v *instrument.Variable, c *instrument.Column) []Answer {
	if v.Item.Kind == instrument.Category {
		return values(c.Levels)
	}
	var out []Answer
	choices, _ := v.Choices()
	for _, x := range choices {
		out = append(out, Answer{x.Option.ID, x.Option.Label})
	}
	return out
}

func values(levels []string) []Answer {
	out := make([]Answer, len(levels))
	for i, l := range levels {
		out[i] = Answer{l, everywhere(l)}
	}
	return out
}

// everywhere is a text that reads alike in every language.
func everywhere(s string) instrument.Text {
	t := instrument.Text{}
	for _, l := range instrument.Languages() {
		t[l] = s
	}
	return t
}

// Given returns what each respondent answered, as positions in Answers; -1 for who did not.
func (c *Column) Given(a *instrument.Answers) []int32 {
	out := make([]int32, a.N)
	if c.Joined {
		f := a.Extra[c.ID]
		for i := range out {
			if out[i] = -1; f != nil && int(f.Codes[i]) < len(c.Answers) {
				out[i] = int32(f.Codes[i]) //nolint:gosec // below mostAnswers
			}
		}
		return out
	}
	at := slices.IndexFunc(a.Variables, func(v instrument.Variable) bool { return v.ID == c.ID })
	for i := range out {
		out[i] = -1
		if at < 0 || a.Columns[at] == nil {
			continue
		}
		if code := a.Columns[at].At(i) - instrument.FirstOption; code >= 0 && code < len(c.Answers) {
			out[i] = int32(code) //nolint:gosec // below mostAnswers
		}
	}
	return out
}

// Counts returns how many respondents gave each answer.
func (c *Column) Counts(a *instrument.Answers) []int {
	out := make([]int, len(c.Answers))
	for _, at := range c.Given(a) {
		if at >= 0 {
			out[at]++
		}
	}
	return out
}

// Find returns a column by its id; nil for none.
func Find(columns []Column, id string) *Column {
	if i := slices.IndexFunc(columns, func(c Column) bool { return c.ID == id }); i >= 0 {
		return &columns[i]
	}
	return nil
}
