package analysis

import (
	"math"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// aboutVariable describes a question to the reader: wording, options, condition.
func aboutVariable(v *instrument.Variable) findings.Question {
	it := v.Item
	q := findings.Question{
		ID: v.ID, Kind: string(it.Kind), Topic: it.Topic, Context: it.Context,
		Label: v.Name(), Wording: v.Wording(), Sensitive: it.Sensitive, Condition: it.Visible,
	}
	if v.Row != nil {
		q.Parent = it.ID
	}
	for i := range it.Options {
		o := &it.Options[i]
		q.Options = append(q.Options, findings.Option{ID: o.ID, Label: o.Label, Value: o.Value, Missing: string(o.Missing), None: o.Exclusive})
	}
	return q
}

// fate counts what became of a question over the respondents, from the unweighted number of each code.
func fate(q *findings.Question, n func(code int) int, k int) {
	q.NotAsked = n(instrument.NotAsked)
	q.NoAnswer = n(instrument.NoAnswer)
	q.DontKnow = n(instrument.DontKnow)
	q.NA = n(instrument.NotApplicable)
	q.Invalid = n(instrument.Invalid)
	q.Asked = q.NoAnswer + q.DontKnow + q.NA + q.Invalid
	for code := instrument.FirstOption; code < k; code++ {
		q.Asked += n(code)
	}
}

// numberValues returns the number behind each code of a numeric column, NaN for absent answers.
func numberValues(c *instrument.Column) []float64 {
	values := make([]float64, c.K)
	for code := range values {
		values[code] = math.NaN()
		if i := code - instrument.FirstOption; i >= 0 && i < len(c.Numbers) {
			values[code] = c.Numbers[i]
		}
	}
	return values
}

// ends returns the lowest and highest of ascending numbers; 0, 0 when there are none.
func ends(ascending []float64) (low, high float64) {
	if len(ascending) == 0 {
		return 0, 0
	}
	return ascending[0], ascending[len(ascending)-1]
}

// scaleEnds returns the end points of an answer scale.
func scaleEnds(options []findings.Option) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, o := range options {
		if o.Value != nil && o.Missing == "" {
			low, high = min(low, *o.Value), max(high, *o.Value)
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

// firstOf returns the first of ids that is known, or "".
func firstOf(ids []string, known map[string]*question) string {
	for _, id := range ids {
		if known[id] != nil {
			return id
		}
	}
	return ""
}
