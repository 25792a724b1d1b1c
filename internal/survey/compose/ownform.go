package compose

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// The bounds of an own question.
const (
	maxQuestion = 500 // characters
	maxHelp     = 1000
	maxLine     = 200 // of an option or a row
	maxOptions  = 60
	maxRows     = 20
	minPoints   = 2 // of a scale
	maxPoints   = 11
)

// field names the field of a text in a language.
func field(name string, l instrument.Lang) string { return name + "-" + string(l) }

func itoa(n int) string { return strconv.Itoa(n) }

// ownReader reads an own question out of a form.
type ownReader struct {
	problem.Form
	values    url.Values
	languages []instrument.Lang
}

// readOwn reads the form of an own question of a kind. Old is what it was: options and rows that are still there keep their ids.
func readOwn(values url.Values, languages []instrument.Lang, kind instrument.Kind, old Own) (Own, error) {
	r := &ownReader{Form: problem.Form{Bundle: locale()}, values: values, languages: languages}
	o := Own{Kind: kind, After: values.Get("after"), Required: values.Get("required") == "yes", Sensitive: values.Get("sensitive") == "yes", Topic: ownTopic(values.Get("topic"))}
	o.Question = r.text("question", maxQuestion, "error.question")
	o.Help = r.text("help", maxHelp, "")
	switch kind {
	case instrument.Info:
		o.Required, o.Sensitive, o.Topic = false, false, ""
	case instrument.Number:
		o.Min, o.Max = r.number("min"), r.number("max")
		if o.Min != nil && o.Max != nil && *o.Min >= *o.Max {
			r.Wrong("min", "error.min-max", nil)
		}
		o.Unit = r.text("unit", 40, "")
	case instrument.Matrix:
		o.Rows = r.rows(old.Rows)
	case instrument.Single, instrument.Multiple, instrument.Scale, instrument.OpenText, instrument.Category:
	}
	if withOptions(kind) {
		r.choose(&o, old)
	}
	return o, r.Err()
}

// text reads a text in each language; missing is what is wrong when it is not there at all, "" when it need not be.
func (r *ownReader) text(name string, most int, missing string) instrument.Text {
	out := instrument.Text{}
	for _, l := range r.languages {
		s := lineEnds(r.values.Get(field(name, l)))
		if s == "" {
			continue
		}
		r.check(field(name, l), s, most)
		out[l] = s
	}
	if len(out) == 0 {
		if missing != "" {
			r.Wrong(field(name, r.languages[0]), missing, nil)
		}
		return nil
	}
	return out
}

func (r *ownReader) check(name, s string, most int) {
	switch {
	case utf8.RuneCountInString(s) > most:
		r.Wrong(name, "error.long", i18n.Args{"most": itoa(most)})
	case !instrument.Plain(s):
		r.Wrong(name, "error.plain", nil)
	}
}

func lineEnds(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r", "")) }

// lines reads lists with an entry a line, in each language; line n is the same entry in all of them.
func (r *ownReader) lines(name string, most int) []instrument.Text {
	var out []instrument.Text
	for _, l := range r.languages {
		n := 0
		seen := map[string]bool{}
		for line := range strings.SplitSeq(lineEnds(r.values.Get(field(name, l))), "\n") {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			r.check(field(name, l), line, maxLine)
			if key := strings.ToLower(line); seen[key] {
				r.Wrong(field(name, l), "error.line-twice", i18n.Args{"line": line})
			} else {
				seen[key] = true
			}
			if n == len(out) {
				out = append(out, instrument.Text{})
			}
			out[n][l] = line
			n++
		}
		if l != r.languages[0] && n != 0 && n != len(out) {
			r.Wrong(field(name, l), "error.line-count", i18n.Args{"n": itoa(n), "want": itoa(len(out))})
		}
	}
	if len(out) > most {
		r.Wrong(field(name, r.languages[0]), "error.line-many", i18n.Args{"most": itoa(most)})
		return out[:most]
	}
	return out
}

// choose reads the options of a question.
func (r *ownReader) choose(o *Own, old Own) {
	scale := o.Kind == instrument.Scale || o.Kind == instrument.Matrix
	o.DontKnow = r.values.Get("dont_know") == "yes"
	if s := r.values.Get("scale"); scale && s != "" && s != "own" {
		if scaleOf(s) == nil {
			r.Wrong("scale", "error.scale", nil)
		}
		o.Scale = s
		return
	}
	first := field("options", r.languages[0])
	texts := r.lines("options", maxOptions)
	switch {
	case scale && (len(texts) < minPoints || len(texts) > maxPoints):
		r.Wrong(first, "error.points", i18n.Args{"least": itoa(minPoints), "most": itoa(maxPoints)})
	case len(texts) < 2:
		r.Wrong(first, "error.options", nil)
	}
	ids := kept(texts, len(old.Options), func(i int) (string, instrument.Text) { return old.Options[i].ID, old.Options[i].Label })
	for i, t := range texts {
		o.Options = append(o.Options, OwnOption{ID: ids[i], Label: t})
	}
	if o.Kind != instrument.Multiple {
		return
	}
	if none := r.text("exclusive", maxLine, ""); none != nil {
		id := ""
		for _, was := range old.Options {
			if was.Exclusive {
				id = was.ID
			}
		}
		for i := range o.Options {
			if o.Options[i].ID == id {
				o.Options[i].ID = ""
			}
		}
		o.Options = append(o.Options, OwnOption{ID: id, Label: none, Exclusive: true})
	}
}

// rows reads the statements of a matrix.
func (r *ownReader) rows(old []OwnRow) []OwnRow {
	texts := r.lines("rows", maxRows)
	if len(texts) == 0 {
		r.Wrong(field("rows", r.languages[0]), "error.rows", nil)
	}
	ids := kept(texts, len(old), func(i int) (string, instrument.Text) { return old[i].ID, old[i].Text })
	out := make([]OwnRow, len(texts))
	for i, t := range texts {
		out[i] = OwnRow{ID: ids[i], Text: t}
	}
	return out
}

// kept returns the ids of entries that were there before: those with the same words in some language; and, where as many stand
// there as before, those in the same place. "" is a new one.
func kept(texts []instrument.Text, n int, old func(i int) (string, instrument.Text)) []string {
	out := make([]string, len(texts))
	used := map[string]bool{}
	for i, t := range texts {
		for j := range n {
			id, was := old(j)
			if used[id] {
				continue
			}
			if slices.ContainsFunc(instrument.Languages(), func(l instrument.Lang) bool { return t[l] != "" && t[l] == was[l] }) {
				out[i], used[id] = id, true
				break
			}
		}
	}
	if len(texts) != n {
		return out
	}
	for i := range texts {
		if id, _ := old(i); out[i] == "" && !used[id] {
			out[i], used[id] = id, true
		}
	}
	return out
}

// number reads a number with a decimal comma or point; nil when nothing stands there.
func (r *ownReader) number(name string) *float64 {
	s := strings.ReplaceAll(r.values.Get(name), ",", ".")
	if s == "" {
		return nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v != v || v > 1e12 || v < -1e12 {
		r.Wrong(name, "error.number", nil)
		return nil
	}
	return &v
}

// fields writes an own question into the values of its form.
func (o *Own) fields(languages []instrument.Lang) url.Values {
	v := url.Values{"after": {o.After}, "scale": {"own"}, "topic": {string(cmp.Or(o.Topic, instrument.TopicOther))}}
	if o.Scale != "" {
		v.Set("scale", o.Scale)
	}
	for name, on := range map[string]bool{"required": o.Required, "sensitive": o.Sensitive, "dont_know": o.DontKnow} {
		if on {
			v.Set(name, "yes")
		}
	}
	for name, n := range map[string]*float64{"min": o.Min, "max": o.Max} {
		if n != nil {
			v.Set(name, strconv.FormatFloat(*n, 'f', -1, 64))
		}
	}
	for _, l := range languages {
		var options, rows []string
		for _, option := range o.Options {
			if option.Exclusive {
				v.Set(field("exclusive", l), option.Label[l])
			} else {
				options = append(options, option.Label[l])
			}
		}
		for _, row := range o.Rows {
			rows = append(rows, row.Text[l])
		}
		for name, s := range map[string]string{"question": o.Question[l], "help": o.Help[l], "unit": o.Unit[l], "options": strings.Join(options, "\n"), "rows": strings.Join(rows, "\n")} {
			v.Set(field(name, l), strings.TrimSpace(s))
		}
	}
	return v
}
