package asked

import (
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/stats/irt"
)

// Skill is what a wave asked about one skill, with the answers in columns: one entry a respondent.
type Skill struct {
	ID   string
	Self []Statement
	Test []Situation
}

// Statement is a sentence about oneself.
type Statement struct {
	ID       string // of the row
	Reversed bool   // agreement shows less of the skill
	Answers  []int8 // 0 for none; else 1 (not at all) to 5 (fully)
}

// Situation is an item of the bank. A respondent had one of its versions; the two measure the same and share the parameters.
type Situation struct {
	Item       string // of the bank
	Parameters irt.Item
	Answers    []int8 // 0 for none; else the category plus 1
	Field      []bool // the answer is to the version for the field
}

// agreement is the highest point of the statements.
const agreement = 5

// Read takes what was asked about skills, in the order of ids, out of the answers to a wave. Statements are the rows of the
// construct that has the id of the skill; situations are the questions that ParseID knows. Of these the category is the value that the
// questionnaire gave the option, and the parameters are those of the bank now; a question is left out when the bank has its item no
// more, or with other categories. A skill about which nothing was asked is there, with nothing in it.
func Read(a *instrument.Answers, ids []string, banks []*framework.Bank) []Skill {
	columns := map[string]int{}
	for i, c := range a.Columns {
		if c != nil {
			columns[a.Variables[i].ID] = i
		}
	}
	out := make([]Skill, len(ids))
	for i, id := range ids {
		out[i].ID = id
		out[i].Self = statements(a, columns, id)
	}
	for i := range a.Instrument.Items {
		id, inField, ok := ParseID(a.Instrument.Items[i].ID)
		at, answered := columns[a.Instrument.Items[i].ID]
		skill, item := find(banks, id)
		where := slices.Index(ids, skill)
		if !ok || !answered || where < 0 {
			continue
		}
		out[where].add(a, at, item, inField)
	}
	return out
}

func statements(a *instrument.Answers, columns map[string]int, skill string) []Statement {
	var out []Statement
	at := slices.IndexFunc(a.Instrument.Constructs, func(c instrument.Construct) bool { return c.ID == skill })
	if at < 0 {
		return nil
	}
	c := &a.Instrument.Constructs[at]
	for _, row := range c.Items {
		column, answered := columns[row]
		if !answered {
			continue
		}
		value := values(&a.Variables[column], a.Columns[column].K)
		if top := slices.Max(value); top != agreement {
			continue // another scale
		}
		s := Statement{ID: row, Reversed: slices.Contains(c.Reverse, row), Answers: make([]int8, a.N)}
		for i := range s.Answers {
			s.Answers[i] = max(0, value[a.Columns[column].At(i)])
		}
		out = append(out, s)
	}
	return out
}

// find returns the skill and the item of the bank with an id.
func find(banks []*framework.Bank, id string) (skill string, item *framework.Item) {
	for _, b := range banks {
		for i := range b.Items {
			if b.Items[i].ID == id {
				return b.Skill, &b.Items[i]
			}
		}
	}
	return "", nil
}

// add puts the answers to a version of an item beside those to its other version.
func (s *Skill) add(a *instrument.Answers, column int, item *framework.Item, inField bool) {
	value := values(&a.Variables[column], a.Columns[column].K)
	parameters := irt.Item{A: item.Parameters.A, B: item.Parameters.B, C: item.Parameters.C}
	if int(slices.Max(value)) != parameters.Categories()-1 {
		return
	}
	at := slices.IndexFunc(s.Test, func(t Situation) bool { return t.Item == item.ID })
	if at < 0 {
		at = len(s.Test)
		s.Test = append(s.Test, Situation{Item: item.ID, Parameters: parameters, Answers: make([]int8, a.N), Field: make([]bool, a.N)})
	}
	for i := range s.Test[at].Answers {
		if v := value[a.Columns[column].At(i)]; v >= 0 {
			s.Test[at].Answers[i], s.Test[at].Field[i] = v+1, inField
		}
	}
}

// values gives the value of the option behind each code, -1 for what is no answer or has no value from 0 to agreement.
func values(v *instrument.Variable, k int) []int8 {
	out := make([]int8, k)
	for code := range out {
		out[code] = -1
		if o := v.OptionOf(code); code >= instrument.FirstOption && o != nil && o.Missing == instrument.NotMissing && o.Value != nil &&
			*o.Value >= 0 && *o.Value <= agreement && *o.Value == float64(int8(*o.Value)) {
			out[code] = int8(*o.Value)
		}
	}
	return out
}
