package limesurvey

import (
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// question takes over one question. The letters are LimeSurvey's types of questions.
func (c *converter) question(q *question) {
	if q.code == "" {
		q.code = "Q" + q.id
	}
	switch q.kind {
	case "L", "!", "O":
		c.single(q)
	case "M", "P":
		c.multiple(q)
	case "F", "H", "A", "B", "C", "E":
		c.matrix(q)
	case "1":
		c.dual(q)
	case "5":
		c.scale(q, points(5))
	case "Y":
		c.fixed(q, instrument.Single, "Y", "N")
	case "G":
		c.fixed(q, instrument.Single, "F", "M")
	case "N":
		c.number(q)
	case "K":
		c.several(q, instrument.Number)
	case "Q":
		c.several(q, instrument.OpenText)
	case "S", "T", "U":
		c.openText(q)
	case "R":
		c.ranking(q)
	case "X":
		c.info(q)
	case "D":
		c.leave(q, "date")
	case ":", ";":
		c.leave(q, "grid")
	case "*":
		c.leave(q, "equation")
	case "|":
		c.leave(q, "upload")
	case "I":
		c.leave(q, "switch")
	default:
		c.leave(q, "unknown")
	}
}

// words returns the question as it is asked.
func (c *converter) words(q *question) instrument.Text { return c.text(q.code, q.texts, q.code) }

// options makes options of answers. Answers whose words say "don't know" or "does not apply" stay outside the percentages.
func (c *converter) options(q *question, list []answer) []instrument.Option {
	ids := taken{}
	var out []instrument.Option
	for _, a := range list {
		o := instrument.Option{ID: ids.name(optionID(a.code)), Label: c.text(q.code, a.texts, a.code)}
		if o.ID != a.code {
			o.Values = []string{a.code}
		}
		if o.Missing = missingOf(o.Label); o.Missing != instrument.NotMissing {
			c.notes.add(q.code, "missing", i18n.Args{"label": o.Label.In(c.survey.languages[0])})
		}
		out = append(out, o)
	}
	c.distinguish(out)
	return out
}

// distinguish puts the id behind labels that are alike, as labels without a translation are.
func (c *converter) distinguish(options []instrument.Option) {
	for _, l := range c.survey.languages {
		seen := map[string]bool{}
		for i := range options {
			key := strings.ToLower(options[i].Label[l])
			if seen[key] {
				options[i].Label[l] += " (" + options[i].ID + ")"
			}
			seen[strings.ToLower(options[i].Label[l])] = true
		}
	}
}

// unsaid are words of answers that say nothing about the question, in our languages.
var unsaid = map[instrument.Missing][]string{
	instrument.MissingDontKnow: {"weet niet", "weet ik niet", "ik weet het niet", "geen mening", "don't know", "i don't know", "don’t know", "i don’t know", "no opinion",
		"ne sait pas", "je ne sais pas", "sans avis", "pas d'avis", "pas d’avis", "sans opinion", "weiß nicht", "weiß ich nicht", "ich weiß nicht", "keine meinung"},
	instrument.MissingNotApplicable: {"n.v.t.", "nvt", "niet van toepassing", "not applicable", "n/a", "sans objet", "ne s'applique pas", "ne s’applique pas",
		"trifft nicht zu auf mich", "nicht anwendbar", "keine angabe", "no answer", "geen antwoord", "sans réponse"},
}

// missingOf tells whether an answer says that there is none.
func missingOf(label instrument.Text) instrument.Missing {
	for _, text := range label {
		key := strings.Trim(strings.ToLower(text), " ().,…")
		for missing, list := range unsaid {
			if slices.Contains(list, key) || slices.Contains(list, key+".") {
				return missing
			}
		}
	}
	return instrument.NotMissing
}

// otherOption is the answer "other"; what people wrote beside it is not taken over.
func (c *converter) otherOption(q *question, options []instrument.Option) instrument.Option {
	ids := taken{}
	for _, o := range options {
		ids[o.ID] = true
	}
	o := instrument.Option{ID: ids.name("other"), Label: c.said("word.else"), Values: []string{"-oth-"}}
	for _, l := range instrument.Languages() { // exports in full are in the language of whoever exports
		if word := locale().Printer(l).T("word.else", nil); !slices.Contains(o.Values, word) && !slices.ContainsFunc(options, func(x instrument.Option) bool { return says(x, word) }) {
			o.Values = append(o.Values, word)
		}
	}
	c.notes.add(q.code, "beside", nil)
	return o
}

// says tells whether a word is one of the spellings of an option.
func says(o instrument.Option, word string) bool {
	for _, l := range o.Label {
		if strings.EqualFold(l, word) {
			return true
		}
	}
	return strings.EqualFold(o.ID, word) || slices.ContainsFunc(o.Values, func(v string) bool { return strings.EqualFold(v, word) })
}

func (c *converter) single(q *question) {
	it := instrument.Item{ID: c.ids.name(identifier(q.code)), Kind: instrument.Single, Question: c.words(q), Options: c.options(q, q.answers[0])}
	if q.other {
		it.Options = append(it.Options, c.otherOption(q, it.Options))
		c.knows(q.code, "other")
	}
	if q.kind == "O" {
		c.notes.add(q.code, "comment", nil)
		c.knows(q.code, "comment")
	}
	c.add(q, it)
	c.source(it.ID, takeCell, q, "")
	c.named(canonical(q.code), variable{kind: choiceVar, id: it.ID, options: it.Options, codes: codesOf(q.answers[0], it.Options)})
}

func (c *converter) multiple(q *question) {
	it := instrument.Item{ID: c.ids.name(identifier(q.code)), Kind: instrument.Multiple, Question: c.words(q)}
	excluding := strings.FieldsFunc(q.attributes["exclude_all_others"], func(r rune) bool { return r == ';' || r == ',' || r == ' ' })
	ids := taken{}
	for _, s := range q.rows {
		o := instrument.Option{ID: ids.name(optionID(s.code)), Label: c.text(q.code, s.texts, s.code), Exclusive: slices.Contains(excluding, s.code)}
		it.Options = append(it.Options, o)
		c.source(it.ID+"."+o.ID, takeCell, q, s.code, s.code)
		c.named(canonical(q.code, s.code), variable{kind: optionVar, id: it.ID, option: o.ID})
		if q.kind == "P" {
			c.knows(q.code, s.code+"comment")
		}
	}
	c.distinguish(it.Options)
	if q.other {
		o := c.otherOption(q, it.Options)
		o.Values = nil
		it.Options = append(it.Options, o)
		c.source(it.ID+"."+o.ID, takeFilled, q, "other", "other")
		c.knows(q.code, "othercomment")
	}
	if q.kind == "P" {
		c.notes.add(q.code, "comment", nil)
	}
	c.add(q, it)
}

// points are the answers of a scale that is numbered.
func points(n int) []answer {
	var out []answer
	for i := range n {
		code := strconv.Itoa(i + 1)
		out = append(out, answer{code: code, texts: map[string]string{}})
	}
	return out
}

// fixedOptions are answers that LimeSurvey has built in, by code.
func (c *converter) fixedOptions(codes ...string) []instrument.Option {
	var out []instrument.Option
	for _, code := range codes {
		o := instrument.Option{ID: code, Label: c.said("word." + code)}
		for _, l := range instrument.Languages() { // exports in full are in the language of whoever exports
			if word := locale().Printer(l).T("word."+code, nil); !slices.Contains(o.Values, word) {
				o.Values = append(o.Values, word)
			}
		}
		out = append(out, o)
	}
	return out
}

func (c *converter) fixed(q *question, kind instrument.Kind, codes ...string) {
	it := instrument.Item{ID: c.ids.name(identifier(q.code)), Kind: kind, Question: c.words(q), Options: c.fixedOptions(codes...)}
	c.add(q, it)
	c.source(it.ID, takeCell, q, "")
	c.named(canonical(q.code), variable{kind: choiceVar, id: it.ID, options: it.Options})
}

func (c *converter) scale(q *question, list []answer) {
	it := instrument.Item{ID: c.ids.name(identifier(q.code)), Kind: instrument.Scale, Question: c.words(q), Options: c.options(q, list)}
	c.add(q, it)
	c.source(it.ID, takeCell, q, "")
	c.named(canonical(q.code), variable{kind: choiceVar, id: it.ID, options: it.Options, codes: codesOf(list, it.Options)})
}

// matrix takes over an array: H is one whose columns were shown as rows.
func (c *converter) matrix(q *question) {
	var options []instrument.Option
	list := q.answers[0]
	switch q.kind {
	case "A":
		list = points(5)
	case "B":
		list = points(10)
	case "C":
		options = c.fixedOptions("N", "U", "Y")
	case "E":
		options = c.fixedOptions("D", "S", "I")
	}
	var codes map[string]string
	if options == nil {
		options = c.options(q, list)
		codes = codesOf(list, options)
	}
	c.rows(q, instrument.Item{ID: c.ids.name(identifier(q.code)), Kind: instrument.Matrix, Question: c.words(q), Options: options}, codes, nil)
}

// dual takes over an array with two scales as two arrays.
func (c *converter) dual(q *question) {
	for scale := range 2 {
		number := strconv.Itoa(scale + 1)
		options := c.options(q, q.answers[scale])
		it := instrument.Item{ID: c.ids.name(identifier(q.code, number)), Kind: instrument.Matrix, Question: withSuffix(c.words(q), " ("+number+")"), Options: options}
		c.rows(q, it, codesOf(q.answers[scale], options), &scale)
	}
	c.notes.add(q.code, "dual", nil)
}

// rows adds an array with its rows.
func (c *converter) rows(q *question, it instrument.Item, codes map[string]string, scale *int) {
	for _, s := range q.rows {
		id := identifier(q.code, s.code)
		parts := []string{s.code}
		if scale != nil {
			id = identifier(q.code, s.code, strconv.Itoa(*scale+1))
			parts = append(parts, strconv.Itoa(*scale+1))
		}
		row := instrument.Row{ID: c.ids.name(id), Text: c.text(q.code, s.texts, s.code)}
		it.Rows = append(it.Rows, row)
		src := c.source(row.ID, takeCell, q, s.code, parts...)
		v := variable{kind: choiceVar, id: row.ID, options: it.Options, codes: codes}
		if scale != nil {
			src.counted = canonical(q.code, s.code, strconv.Itoa(*scale))
			c.named(src.counted, v)
		} else {
			c.named(canonical(q.code, s.code), v)
		}
	}
	c.add(q, it)
}

func (c *converter) number(q *question) {
	it := instrument.Item{ID: c.ids.name(identifier(q.code)), Kind: instrument.Number, Question: c.words(q)}
	it.Min, it.Max = bound(q.attributes["min_num_value_n"]), bound(q.attributes["max_num_value_n"])
	c.add(q, it)
	c.source(it.ID, takeCell, q, "")
	c.named(canonical(q.code), variable{kind: numberVar, id: it.ID})
}

// bound reads the least or largest number that a question takes; nil for none or an expression.
func bound(s string) *float64 {
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || x != x || x < -1e12 || x > 1e12 {
		return nil
	}
	return &x
}

// several takes over a question with several fields as questions of their own.
func (c *converter) several(q *question, kind instrument.Kind) {
	for _, s := range q.rows {
		question := c.words(q)
		for l, text := range c.text(q.code, s.texts, s.code) {
			question[l] += " – " + text
		}
		it := instrument.Item{ID: c.ids.name(identifier(q.code, s.code)), Kind: kind, Question: question}
		c.add(q, it)
		take, v := takeCell, numberVar
		if kind == instrument.OpenText {
			take, v = takeText, textVar
		}
		c.source(it.ID, take, q, s.code, s.code)
		c.named(canonical(q.code, s.code), variable{kind: v, id: it.ID})
	}
	c.notes.add(q.code, "several", nil)
}

func (c *converter) openText(q *question) {
	it := instrument.Item{ID: c.ids.name(identifier(q.code)), Kind: instrument.OpenText, Question: c.words(q)}
	c.add(q, it)
	c.source(it.ID, takeText, q, "")
	c.named(canonical(q.code), variable{kind: textVar, id: it.ID})
}

// mostRanks is how many places of a ranking are taken over.
const mostRanks = 10

// ranking takes over each place of a ranking as a choice of one.
func (c *converter) ranking(q *question) {
	list := q.answers[0]
	if len(list) == 0 {
		for _, s := range q.rows {
			list = append(list, answer(s))
		}
	}
	places := len(list)
	if n := whole(q.attributes["max_answers"]); n > 0 {
		places = min(places, n)
	}
	for place := range min(places, mostRanks) {
		number := strconv.Itoa(place + 1)
		it := instrument.Item{ID: c.ids.name(identifier(q.code, number)), Kind: instrument.Single, Question: withSuffix(c.words(q), " ("+number+")"), Options: c.options(q, list)}
		required := q.required
		q.required = q.required && place == 0
		c.add(q, it)
		q.required = required
		c.source(it.ID, takeCell, q, "", number)
		c.named(canonical(q.code, number), variable{kind: choiceVar, id: it.ID, options: it.Options, codes: codesOf(list, it.Options)})
	}
	c.notes.add(q.code, "ranking", nil)
}

func (c *converter) info(q *question) {
	text := c.text(q.code, q.texts, "")
	if text[c.survey.languages[0]] == "" {
		return
	}
	c.add(q, instrument.Item{ID: c.ids.name(identifier(q.code)), Kind: instrument.Info, Question: text})
	c.known = append(c.known, canonical(q.code))
}

// codesOf gives the id of the option of each code.
func codesOf(list []answer, options []instrument.Option) map[string]string {
	out := map[string]string{}
	for i := range list {
		out[list[i].code] = options[i].ID
	}
	return out
}

// knows notes a column that an export has and that is not taken over.
func (c *converter) knows(parts ...string) { c.known = append(c.known, canonical(parts...)) }

// named notes what conditions may call a variable.
func (c *converter) named(code string, v variable) {
	if _, twice := c.vars[code]; !twice {
		c.vars[code] = v
	}
}
