package limesurvey

import (
	"regexp"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// What a variable of LimeSurvey is.
type varKind int

const (
	choiceVar varKind = iota
	optionVar         // an option of a multiple choice
	numberVar
	textVar
)

// variable is what a condition may name.
type variable struct {
	kind    varKind
	id      string
	option  string              // of an optionVar
	options []instrument.Option // of a choiceVar
	codes   map[string]string   // code -> id of an option; nil where they are the same
}

// conditions translates relevance. What cannot be translated is said, and the question is asked of everyone.
func (c *converter) conditions() {
	byID := map[string]*instrument.Item{}
	for i := range c.in.Items {
		byID[c.in.Items[i].ID] = &c.in.Items[i]
	}
	for _, a := range c.asked {
		var parts []string
		for _, relevance := range a.relevance {
			p := &parser{tokens: tokenise(c.survey.unmarked(relevance)), vars: c.vars}
			text, ok := p.condition()
			if !ok {
				c.notes.add(a.code, "condition", i18n.Args{"condition": shortened(relevance)})
				parts = nil
				break
			}
			if text != "" && text != always {
				parts = append(parts, text)
			}
		}
		for i, part := range parts {
			if len(parts) > 1 && strings.Contains(part, " or ") {
				parts[i] = "(" + part + ")"
			}
		}
		byID[a.item].Visible = strings.Join(parts, " and ")
	}
}

var sgqa = regexp.MustCompile(`\b(\d+)X(\d+)X(\d+)([A-Za-z0-9_#]*)`)

// unmarked writes survey, group and question numbers ("12X3X45SQ001") as codes.
func (s *survey) unmarked(relevance string) string {
	return sgqa.ReplaceAllStringFunc(relevance, func(m string) string {
		p := sgqa.FindStringSubmatch(m)
		// The number of the question runs into a code that begins with a digit: the longest number that is a question counts.
		for cut := len(p[3]); cut > 0; cut-- {
			for _, q := range s.questions {
				if q.id != p[3][:cut] {
					continue
				}
				if rest := p[3][cut:] + p[4]; rest != "" {
					return canonical(q.code, strings.ReplaceAll(rest, "#", "_"))
				}
				return canonical(q.code)
			}
		}
		return m
	})
}

// token is a word of a condition: a name, a text in quotation marks, a number, or a sign.
type token struct {
	kind byte // n name, s text, d number, o sign, ! what cannot be read
	text string
}

var lexer = regexp.MustCompile(`^(?:(\s+)|"([^"]*)"|'([^']*)'|([0-9]+(?:\.[0-9]+)?)|([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z]+)?)|(==|!=|<=|>=|&&|\|\||[<>!(),]))`)

// mostTokens bounds a condition.
const mostTokens = 400

func tokenise(s string) (out []token) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		s = s[1 : len(s)-1]
	}
	for s != "" && len(out) < mostTokens {
		m := lexer.FindStringSubmatchIndex(s)
		if m == nil {
			return append(out, token{'!', s})
		}
		for i, kind := range []byte{' ', 's', 's', 'd', 'n', 'o'} {
			if at := m[2+2*i]; at >= 0 && kind != ' ' {
				out = append(out, token{kind, s[at:m[3+2*i]]})
			}
		}
		s = s[m[1]:]
	}
	if s != "" {
		out = append(out, token{'!', s})
	}
	return out
}

// parser translates a condition into one of ours.
type parser struct {
	tokens []token
	vars   map[string]variable
	depth  int
	failed bool
}

// always is a condition that everyone meets.
const always = "1"

// condition translates the whole; ok is false where something in it has no equivalent.
func (p *parser) condition() (text string, ok bool) {
	text = p.or()
	return text, !p.failed && len(p.tokens) == 0
}

func (p *parser) peek(words ...string) bool {
	if len(p.tokens) == 0 || p.tokens[0].kind == 's' {
		return false
	}
	for _, w := range words {
		if strings.EqualFold(p.tokens[0].text, w) {
			return true
		}
	}
	return false
}

func (p *parser) take(words ...string) bool {
	if !p.peek(words...) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *parser) fail() string {
	p.failed = true
	return ""
}

func (p *parser) or() string {
	parts := []string{p.and()}
	for !p.failed && p.take("||", "or") {
		parts = append(parts, p.and())
	}
	return p.join(parts, " or ")
}

func (p *parser) and() string {
	parts := []string{p.not()}
	for !p.failed && p.take("&&", "and") {
		parts = append(parts, p.not())
	}
	for i, part := range parts {
		if len(parts) > 1 && strings.Contains(part, " or ") {
			parts[i] = "(" + part + ")"
		}
	}
	return p.join(parts, " and ")
}

// join joins parts; one that everyone meets adds nothing to "and" and decides an "or".
func (p *parser) join(parts []string, with string) string {
	var out []string
	for _, part := range parts {
		switch {
		case part != always:
			out = append(out, part)
		case with == " or ":
			return always
		}
	}
	if len(out) == 0 {
		return always
	}
	return strings.Join(out, with)
}

const deepest = 30

func (p *parser) not() string {
	if p.depth++; p.depth > deepest {
		return p.fail()
	}
	defer func() { p.depth-- }()
	if p.take("!", "not") {
		inner := p.not()
		switch {
		case p.failed || inner == always:
			return p.fail()
		case strings.HasPrefix(inner, "not ") && !strings.Contains(inner, " or ") && !strings.Contains(inner, " and "):
			return strings.TrimPrefix(inner, "not ")
		case strings.ContainsAny(inner, " "):
			return "not (" + inner + ")"
		}
		return "not " + inner
	}
	return p.atom()
}

func (p *parser) atom() string {
	switch {
	case len(p.tokens) == 0:
		return p.fail()
	case p.take("("):
		inner := p.or()
		if !p.take(")") {
			return p.fail()
		}
		return inner
	case p.tokens[0].kind == 'n' && strings.EqualFold(p.tokens[0].text, "is_empty"):
		return p.empty()
	case p.tokens[0] == token{'d', "1"} && (len(p.tokens) == 1 || p.tokens[1].text == ")" || p.tokens[1].text == "&&" || strings.EqualFold(p.tokens[1].text, "and")):
		p.tokens = p.tokens[1:]
		return always
	default:
		return p.comparison()
	}
}

// name takes the name of a variable.
func (p *parser) name() (variable, bool) {
	if len(p.tokens) == 0 || p.tokens[0].kind != 'n' {
		return variable{}, false
	}
	name, suffix, _ := strings.Cut(p.tokens[0].text, ".")
	switch strings.ToLower(suffix) {
	case "", "naok", "code", "value":
	default:
		return variable{}, false
	}
	v, known := p.vars[strings.ToLower(name)]
	if known {
		p.tokens = p.tokens[1:]
	}
	return v, known
}

// empty translates is_empty(name).
func (p *parser) empty() string {
	p.tokens = p.tokens[1:]
	if !p.take("(") {
		return p.fail()
	}
	v, known := p.name()
	if !known || !p.take(")") {
		return p.fail()
	}
	if v.kind == optionVar {
		return "not " + chosen(v)
	}
	return "not answered(" + v.id + ")"
}

func chosen(v variable) string { return "chosen(" + v.id + ", " + strconv.Quote(v.option) + ")" }

// comparison translates "name sign value" and "value sign name".
func (p *parser) comparison() string {
	v, first := p.name()
	var value token
	if !first {
		var ok bool
		if value, ok = p.value(); !ok {
			return p.fail()
		}
	}
	sign := p.sign()
	if sign == "" {
		return p.fail()
	}
	if first {
		var ok bool
		if value, ok = p.value(); !ok {
			return p.fail()
		}
	} else {
		var known bool
		if v, known = p.name(); !known {
			return p.fail()
		}
		if turned, ok := map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}[sign]; ok {
			sign = turned
		}
	}
	return p.compare(v, sign, value)
}

func (p *parser) value() (token, bool) {
	if len(p.tokens) == 0 || p.tokens[0].kind != 's' && p.tokens[0].kind != 'd' {
		return token{}, false
	}
	t := p.tokens[0]
	p.tokens = p.tokens[1:]
	return t, true
}

// sign takes a comparison and returns it as ours.
func (p *parser) sign() string {
	for _, s := range [][2]string{{"==", "eq"}, {"!=", "ne"}, {"<=", "le"}, {">=", "ge"}, {"<", "lt"}, {">", "gt"}} {
		if p.take(s[0], s[1]) {
			return s[0]
		}
	}
	return ""
}

func (p *parser) compare(v variable, sign string, value token) string {
	equal := sign == "==" || sign == "!="
	switch {
	case v.kind == numberVar:
		if _, err := strconv.ParseFloat(value.text, 64); err != nil {
			if value.text == "" && equal {
				return answered(v, sign)
			}
			return p.fail()
		}
		return v.id + " " + sign + " " + value.text
	case value.text == "" && equal && v.kind != optionVar:
		return answered(v, sign)
	case v.kind == optionVar && equal:
		yes := value.text == "Y"
		if !yes && value.text != "" && value.text != "N" {
			return p.fail()
		}
		if yes == (sign == "==") {
			return chosen(v)
		}
		return "not " + chosen(v)
	case v.kind == choiceVar && equal:
		id, known := v.optionID(value.text)
		if !known {
			return p.fail()
		}
		return v.id + " " + sign + " " + strconv.Quote(id)
	case v.kind == choiceVar:
		return p.ordered(v, sign, value.text)
	default:
		return p.fail()
	}
}

// answered translates a comparison with nothing.
func answered(v variable, sign string) string {
	if sign == "==" {
		return "not answered(" + v.id + ")"
	}
	return "answered(" + v.id + ")"
}

// optionID returns the option that a code means.
func (v *variable) optionID(code string) (string, bool) {
	if id, known := v.codes[code]; known {
		code = id
	}
	for i := range v.options {
		o := &v.options[i]
		if o.Missing != instrument.NotMissing {
			continue // counts as unanswered here
		}
		if o.ID == code || code == "-oth-" && len(o.Values) > 0 && o.Values[0] == code {
			return o.ID, true
		}
	}
	return "", false
}

// ordered translates a comparison of codes that are numbers into the options that it holds for.
func (p *parser) ordered(v variable, sign, text string) string {
	limit, err := strconv.ParseFloat(text, 64)
	if err != nil || len(v.codes) == 0 {
		return p.fail()
	}
	var list []string
	for i := range v.options {
		for code, id := range v.codes {
			if id != v.options[i].ID || v.options[i].Missing != instrument.NotMissing {
				continue
			}
			x, err := strconv.ParseFloat(code, 64)
			if err != nil {
				return p.fail()
			}
			if sign == "<" && x < limit || sign == "<=" && x <= limit || sign == ">" && x > limit || sign == ">=" && x >= limit {
				list = append(list, strconv.Quote(id))
			}
		}
	}
	if len(list) == 0 {
		return p.fail()
	}
	return v.id + " in [" + strings.Join(list, ", ") + "]"
}
