package answering

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/record"
)

// given are answers as forms send them: by the id of an item or a row, the options, the number or the text.
type given map[string][]string

// first returns the one answer under an id.
func (g given) first(id string) string {
	if len(g[id]) == 0 {
		return ""
	}
	return g[id][0]
}

// asking is a question as a page shows it.
type asking struct {
	words
	it    *instrument.Item
	given given             // filled in, where scripts do not do that
	wrong map[string]string // what is wrong, by the id of the item or row
	plain bool              // scripts do not run
}

func (a asking) question() string { return a.it.Question.In(a.Lang) }

func (a asking) help() string { return a.it.Help.In(a.Lang) }

// control is the id of the first control under the id of an item or a row.
func control(id string) string { return "q-" + id }

// optionID is the id of the control of an option. The first has that of the question, so that a list of errors leads to it.
func optionID(id string, i int) string {
	if i == 0 {
		return control(id)
	}
	return control(id) + "-" + strconv.Itoa(i+1)
}

// described lists the ids of what is read aloud with a control or a group.
func (a asking) described(id string, parts ...string) templ.Attributes {
	var ids []string
	for _, part := range parts {
		if part != "" {
			ids = append(ids, control(id)+"-"+part)
		}
	}
	out := templ.Attributes{}
	if a.wrong[id] != "" {
		ids = append(ids, control(id)+"-error")
		if a.it.Kind == instrument.Number || a.it.Kind == instrument.OpenText || a.listed() {
			out["aria-invalid"] = "true"
		}
	}
	if len(ids) > 0 {
		out["aria-describedby"] = strings.Join(ids, " ")
	}
	return out
}

// hinted is "hint" when the question has one.
func (a asking) hinted() string {
	if a.hint() != "" {
		return "hint"
	}
	return ""
}

// hint is what helps to answer: the help of the questionnaire, and what the kind of question asks for.
func (a asking) hint() string {
	parts := []string{a.help()}
	switch a.it.Kind {
	case instrument.Multiple:
		parts = append(parts, a.say("question.several"))
	case instrument.Number:
		parts = append(parts, a.bounds())
	case instrument.OpenText:
		parts = append(parts, a.say("question.no-names"))
	case instrument.Single, instrument.Scale, instrument.Matrix, instrument.Info, instrument.Category:
	}
	var out []string
	for _, part := range parts {
		if part != "" {
			out = append(out, part)
		}
	}
	return strings.Join(out, " ")
}

// bounds says between which numbers the answer lies.
func (a asking) bounds() string {
	low, high := a.it.Min, a.it.Max
	switch {
	case low != nil && high != nil:
		return a.with("question.between", "min", a.number(*low), "max", a.number(*high))
	case low != nil:
		return a.with("question.at-least", "min", a.number(*low))
	case high != nil:
		return a.with("question.at-most", "max", a.number(*high))
	default:
		return ""
	}
}

// number writes a number as one types it, without more decimals than it has.
func (w words) number(x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	_, decimals, _ := strings.Cut(s, ".")
	return w.Decimal(x, len(decimals))
}

// listed tells whether the options are a list to search, because they are many.
func (a asking) listed() bool {
	return (a.it.Kind == instrument.Category || a.it.Kind == instrument.Single) && len(a.it.Options) > radiosAtMost
}

// apart tells whether an option is of another kind than those before it: no opinion, or none of them.
func (a asking) apart(i int) bool {
	other := func(o *instrument.Option) bool { return o.Missing != instrument.NotMissing || o.Exclusive }
	return i > 0 && other(&a.it.Options[i]) && !other(&a.it.Options[i-1])
}

// box is the type of the controls of the options.
func (a asking) box() string {
	if a.it.Kind == instrument.Multiple {
		return "checkbox"
	}
	return "radio"
}

func (a asking) chosen(id, option string) bool {
	for _, o := range a.given[id] {
		if o == option {
			return true
		}
	}
	return false
}

// across names how many options stand beside each other where the screen is wide: those of a scale, when they are short.
func (a asking) across() string {
	if a.beside() {
		return "options tiles-in across across-" + strconv.Itoa(len(a.it.Options))
	}
	return "options tiles-in"
}

// beside tells whether the options are a scale of few short words.
func (a asking) beside() bool {
	if a.it.Kind != instrument.Matrix && a.it.Kind != instrument.Scale || len(a.it.Options) < 2 || len(a.it.Options) > 7 {
		return false
	}
	for i := range a.it.Options {
		if len(a.it.Options[i].Label.In(a.Lang)) > 32 {
			return false
		}
	}
	return true
}

// heading is the level at which a question is a heading: the first without scripts, where it is alone on its page.
func (a asking) heading() bool { return a.plain }

// mostText is how much fits in an open answer, in characters.
const mostText = record.MaxText

// longTitle is the number of characters from which a question is set as a text to read and no longer as a heading.
const longTitle = 120

// story tells whether a question is rather a situation that is told.
func story(question string) bool { return utf8.RuneCountInString(question) > longTitle }
