package filter

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Parse reads a filter (RFC 7644, figure 1). Beyond the grammar it takes "emails[type eq "work"].value eq "x"", which Entra ID
// sends. An error is an *Error.
func Parse(s string) (Expr, error) {
	p, err := newParser(s)
	if err != nil {
		return nil, err
	}
	e, err := p.or(false, 0)
	if err != nil {
		return nil, err
	}
	return e, p.end()
}

// ParseTarget reads the path of a patch (RFC 7644, figure 7). An error is an *Error.
func ParseTarget(s string) (Target, error) {
	p, err := newParser(s)
	if err != nil {
		return Target{}, err
	}
	path, err := p.path()
	if err != nil {
		return Target{}, err
	}
	t := Target{Path: path}
	if p.peek() == '[' {
		if path.Sub != "" {
			return Target{}, p.expected("the end, or a filter behind the attribute itself")
		}
		if t.Filter, err = p.brackets(0); err != nil {
			return Target{}, err
		}
		if t.Sub, err = p.subAttribute(); err != nil {
			return Target{}, err
		}
	}
	return t, p.end()
}

// ParsePath reads the path of an attribute, without a filter. An error is an *Error.
func ParsePath(s string) (Path, error) {
	t, err := ParseTarget(s)
	if err == nil && t.Filter != nil {
		err = &Error{At: strings.IndexByte(s, '['), Want: "an attribute without a filter"}
	}
	return t.Path, err
}

type parser struct {
	s  string
	at int
}

func newParser(s string) (*parser, error) {
	if len(s) > Longest {
		return nil, &Error{At: Longest, Want: "the end"}
	}
	if !utf8.ValidString(s) {
		return nil, &Error{At: 0, Want: "text in UTF-8"}
	}
	p := &parser{s: strings.TrimRight(s, " ")}
	p.spaces()
	return p, nil
}

func (p *parser) expected(want string) error { return &Error{At: p.at, Want: want} }

func (p *parser) end() error {
	p.spaces()
	if p.at < len(p.s) {
		return p.expected("the end")
	}
	return nil
}

func (p *parser) peek() byte {
	if p.at < len(p.s) {
		return p.s[p.at]
	}
	return 0
}

// spaces skips spaces and tells whether there was one.
func (p *parser) spaces() bool {
	from := p.at
	for p.peek() == ' ' {
		p.at++
	}
	return p.at > from
}

// word reads a keyword that a space or bracket follows, without regard to case.
func (p *parser) word(w string) bool {
	to := p.at + len(w)
	if to > len(p.s) || !strings.EqualFold(p.s[p.at:to], w) || to < len(p.s) && p.s[to] != ' ' && p.s[to] != '(' {
		return false
	}
	p.at = to
	return true
}

// joins reads "and" or "or" between two filters.
func (p *parser) joins(w string) bool {
	from := p.at
	p.spaces()
	if p.at > from && p.word(w) { // a bracket may follow at once
		p.spaces()
		return true
	}
	if p.at == from && from > 0 && strings.IndexByte(")]", p.s[from-1]) >= 0 && p.word(w) {
		p.spaces()
		return true
	}
	p.at = from
	return false
}

func (p *parser) or(inside bool, depth int) (Expr, error) {
	left, err := p.and(inside, depth)
	for err == nil && p.joins("or") {
		var right Expr
		if right, err = p.and(inside, depth); err == nil {
			left = Or{left, right}
		}
	}
	return left, err
}

func (p *parser) and(inside bool, depth int) (Expr, error) {
	left, err := p.one(inside, depth)
	for err == nil && p.joins("and") {
		var right Expr
		if right, err = p.one(inside, depth); err == nil {
			left = And{left, right}
		}
	}
	return left, err
}

// one reads a comparison, a filter in brackets, or the filter of an attribute with many values, which cannot stand inside another.
func (p *parser) one(inside bool, depth int) (Expr, error) {
	if depth > deepest {
		return nil, p.expected("fewer brackets within each other")
	}
	if p.peek() == '(' {
		return p.round(inside, depth)
	}
	from := p.at
	if p.word("not") {
		p.spaces()
		if p.peek() == '(' {
			e, err := p.round(inside, depth)
			return Not{e}, err
		}
		p.at = from // an attribute may be called so
	}
	path, err := p.path()
	if err != nil {
		return nil, err
	}
	if p.peek() != '[' {
		return p.comparison(path)
	}
	if inside || path.Sub != "" {
		return nil, p.expected("a comparison")
	}
	return p.within(path, depth)
}

func (p *parser) round(inside bool, depth int) (Expr, error) {
	p.at++
	p.spaces()
	e, err := p.or(inside, depth+1)
	if err != nil {
		return nil, err
	}
	p.spaces()
	if p.peek() != ')' {
		return nil, p.expected(`")"`)
	}
	p.at++
	return e, nil
}

func (p *parser) brackets(depth int) (Expr, error) {
	p.at++
	p.spaces()
	e, err := p.or(true, depth+1)
	if err != nil {
		return nil, err
	}
	p.spaces()
	if p.peek() != ']' {
		return nil, p.expected(`"]"`)
	}
	p.at++
	return e, nil
}

func (p *parser) within(path Path, depth int) (Expr, error) {
	e, err := p.brackets(depth)
	if err != nil {
		return nil, err
	}
	sub, err := p.subAttribute()
	if err != nil {
		return nil, err
	}
	if sub != "" {
		of, err := p.comparison(Path{Name: sub})
		if err != nil {
			return nil, err
		}
		e = And{e, of}
	}
	return Within{path, e}, nil
}

// comparison reads what follows an attribute.
func (p *parser) comparison(path Path) (Expr, error) {
	if !p.spaces() {
		return nil, p.expected("a space and an operator")
	}
	from := p.at
	for p.at < len(p.s) && isLetter(p.s[p.at]) {
		p.at++
	}
	op := Op(strings.ToLower(p.s[from:p.at]))
	switch op {
	case "pr":
		return Present{path}, nil
	case Eq, Ne, Co, Sw, Ew, Gt, Ge, Lt, Le:
	default:
		p.at = from
		return nil, p.expected("one of eq, ne, co, sw, ew, gt, ge, lt, le and pr")
	}
	if !p.spaces() {
		return nil, p.expected("a space and a value")
	}
	v, err := p.value()
	return Compare{path, op, v}, err
}

// value reads a value of JSON that is no array and no object.
func (p *parser) value() (any, error) {
	from := p.at
	if p.peek() == '"' {
		for p.at++; p.at < len(p.s) && p.s[p.at] != '"'; p.at++ {
			if p.s[p.at] == '\\' {
				p.at++
			}
		}
		p.at++
	} else {
		for p.at < len(p.s) && strings.IndexByte(" )]", p.s[p.at]) < 0 {
			p.at++
		}
	}
	p.at = min(p.at, len(p.s))
	text := p.s[from:p.at]
	switch strings.ToLower(text) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil || dec.InputOffset() != int64(len(text)) {
		p.at = from
		return nil, p.expected(`a value: text in double quotes, a number, true, false or null`)
	}
	switch v.(type) {
	case string, json.Number:
		return v, nil
	}
	p.at = from
	return nil, p.expected(`a value: text in double quotes, a number, true, false or null`)
}

// path reads an attribute path. What stands before the last colon is the name of a schema, which may hold dots.
func (p *parser) path() (Path, error) {
	from := p.at
	for p.at < len(p.s) && (isName(p.s[p.at]) || p.s[p.at] == ':' || p.s[p.at] == '.') {
		p.at++
	}
	text, path := p.s[from:p.at], Path{}
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		path.URN, text = text[:i], text[i+1:]
		if !strings.HasPrefix(strings.ToLower(path.URN), "urn:") {
			p.at = from
			return path, p.expected("the name of an attribute or of a schema")
		}
	}
	var dotted bool
	path.Name, path.Sub, dotted = strings.Cut(text, ".")
	if dotted && path.URN != "" && path.Name != "" && path.Name[0] >= '0' && path.Name[0] <= '9' {
		p.at = from
		return path, p.expected("the name of an attribute behind that of the schema")
	}
	if !isAttribute(path.Name) || dotted && !isAttribute(path.Sub) {
		p.at = from
		return path, p.expected("the name of an attribute")
	}
	return path, nil
}

// subAttribute reads ".name" behind a bracket; "" when there is none.
func (p *parser) subAttribute() (string, error) {
	if p.peek() != '.' {
		return "", nil
	}
	p.at++
	from := p.at
	for p.at < len(p.s) && isName(p.s[p.at]) {
		p.at++
	}
	if !isAttribute(p.s[from:p.at]) {
		p.at = from
		return "", p.expected("the name of an attribute")
	}
	return p.s[from:p.at], nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isName(c byte) bool {
	return isLetter(c) || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '$'
}

// isAttribute tells whether s is an ATTRNAME, or $ref.
func isAttribute(s string) bool {
	if s == "" || !isLetter(s[0]) && s[0] != '$' {
		return false
	}
	for i := range len(s) {
		if !isName(s[i]) {
			return false
		}
	}
	return s != "$"
}
