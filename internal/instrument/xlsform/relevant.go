package xlsform

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"tekentafel/internal/instrument"
)

// tokens of the XPath that forms use.
var tokenGrammar = regexp.MustCompile(`^(?:\$\{\s*([A-Za-z_][A-Za-z0-9_.\-]*)\s*\}|'([^']*)'|"([^"]*)"|(-?[0-9]+(?:\.[0-9]+)?)|(!=|<=|>=|=|<|>|\(|\)|,|\.)|([A-Za-z][A-Za-z\-]*))`)

// token is one token of an expression.
type token struct {
	ref, sign, word string
	text            *string
	number          *float64
}

func tokens(s string) ([]token, error) {
	var out []token
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		m := tokenGrammar.FindStringSubmatchIndex(s)
		if m == nil {
			return nil, fmt.Errorf("%s is not understood", quote(s))
		}
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return s[m[2*i]:m[2*i+1]]
		}
		t := token{ref: part(1), sign: part(5), word: part(6)}
		if m[4] >= 0 || m[6] >= 0 {
			text := part(2) + part(3)
			t.text = &text
		}
		if n := part(4); n != "" {
			v, err := strconv.ParseFloat(n, 64)
			if err != nil {
				return nil, fmt.Errorf("%s is no number", quote(n))
			}
			t.number = &v
		}
		out = append(out, t)
		s = s[m[1]:]
		if len(out) > 200 {
			return nil, errors.New("the expression is too long")
		}
	}
	return out, nil
}

// target is a question that an expression can name.
type target struct {
	item    *instrument.Item
	options map[string]string // name of a choice: id of the option
}

// translator writes a relevant in the words of our conditions.
type translator struct {
	tokens  []token
	targets map[string]target // by name in the form
	depth   int
}

// translate returns a condition that holds for the same people; "" when everyone is asked.
func translate(source string, targets map[string]target) (string, error) {
	if strings.TrimSpace(source) == "" {
		return "", nil
	}
	list, err := tokens(source)
	if err != nil {
		return "", err
	}
	t := &translator{tokens: list, targets: targets}
	out, err := t.or()
	if err == nil && len(t.tokens) > 0 {
		err = errors.New("something stands after its end")
	}
	return out, err
}

func (t *translator) peek() token {
	if len(t.tokens) == 0 {
		return token{}
	}
	return t.tokens[0]
}

func (t *translator) take() token {
	next := t.peek()
	if len(t.tokens) > 0 {
		t.tokens = t.tokens[1:]
	}
	return next
}

func (t *translator) want(sign string) error {
	if t.take().sign != sign {
		return fmt.Errorf("%q is missing", sign)
	}
	return nil
}

func (t *translator) or() (string, error)  { return t.chain("or", t.and) }
func (t *translator) and() (string, error) { return t.chain("and", t.one) }

// chain reads parts that a word joins.
func (t *translator) chain(word string, part func() (string, error)) (string, error) {
	if t.depth++; t.depth > 60 {
		return "", errors.New("it has too many brackets")
	}
	defer func() { t.depth-- }()
	out, err := part()
	several := false
	for err == nil && t.peek().word == word {
		t.take()
		several = true
		var next string
		next, err = part()
		out += " " + word + " " + next
	}
	if several {
		out = "(" + out + ")"
	}
	return out, err
}

func (t *translator) one() (string, error) {
	next := t.peek()
	switch {
	case next.sign == "(":
		t.take()
		inner, err := t.or()
		if err != nil {
			return "", err
		}
		return inner, t.want(")")
	case next.word == "not":
		t.take()
		if err := t.want("("); err != nil {
			return "", err
		}
		inner, err := t.or()
		if err != nil {
			return "", err
		}
		return "not (" + inner + ")", t.want(")")
	case next.word == "selected":
		return t.selected()
	case next.word != "":
		return "", fmt.Errorf("%s has no counterpart", quote(next.word))
	default:
		return t.comparison()
	}
}

// selected reads selected(${question}, 'choice').
func (t *translator) selected() (string, error) {
	t.take()
	if err := t.want("("); err != nil {
		return "", err
	}
	ref := t.take().ref
	if err := t.want(","); err != nil {
		return "", err
	}
	choice := t.take().text
	if ref == "" || choice == nil {
		return "", errors.New("selected takes a question and a choice")
	}
	if err := t.want(")"); err != nil {
		return "", err
	}
	to, option, err := t.choice(ref, *choice)
	if err != nil {
		return "", err
	}
	if to.item.Kind == instrument.Multiple {
		return fmt.Sprintf("chosen(%s, %q)", to.item.ID, option), nil
	}
	return fmt.Sprintf("%s == %q", to.item.ID, option), nil
}

// choice finds an option of a question.
func (t *translator) choice(ref, choice string) (target, string, error) {
	to, known := t.targets[ref]
	if !known {
		return to, "", fmt.Errorf("the question %s does not stand before it, or was not carried over", quote(ref))
	}
	option, known := to.options[choice]
	if !known {
		return to, "", fmt.Errorf("the question %s has no choice %s", quote(ref), quote(choice))
	}
	return to, option, nil
}

// comparison reads ${question} = 'choice' and ${number} >= 18, either way round.
func (t *translator) comparison() (string, error) {
	left, sign, right := t.take(), t.take().sign, t.take()
	turned := map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
	if turned[sign] == "" {
		return "", errors.New("a comparison was expected")
	}
	if left.ref == "" {
		left, right, sign = right, left, turned[sign]
	}
	to, known := t.targets[left.ref]
	if left.ref == "" || !known {
		return "", fmt.Errorf("the question %s does not stand before it, or was not carried over", quote(left.ref))
	}
	id := to.item.ID
	equal := sign == "=" || sign == "!="
	if right.text != nil && *right.text == "" && equal {
		if to.item.Kind == instrument.OpenText {
			return "", fmt.Errorf("the open question %s is not kept with the answers", quote(left.ref))
		}
		if sign == "=" {
			return "not answered(" + id + ")", nil
		}
		return "answered(" + id + ")", nil
	}
	if to.item.Kind == instrument.Number {
		number := right.number
		if number == nil && right.text != nil {
			if v, err := strconv.ParseFloat(*right.text, 64); err == nil {
				number = &v
			}
		}
		if number == nil {
			return "", fmt.Errorf("the number %s is compared with something else", quote(left.ref))
		}
		if sign == "=" {
			sign = "=="
		}
		return id + " " + sign + " " + strconv.FormatFloat(*number, 'f', -1, 64), nil
	}
	text := right.text
	if text == nil && right.number != nil { // choices are often called 1, 2, 3
		s := strconv.FormatFloat(*right.number, 'f', -1, 64)
		text = &s
	}
	if text == nil || !equal || to.item.Kind == instrument.Multiple {
		return "", fmt.Errorf("the question %s cannot be compared so", quote(left.ref))
	}
	_, option, err := t.choice(left.ref, *text)
	if err != nil {
		return "", err
	}
	if sign == "=" {
		sign = "=="
	}
	return fmt.Sprintf("%s %s %q", id, sign, option), nil
}

// bounds reads the constraint of a number: comparisons of "." with numbers, joined by and.
func bounds(source string, whole bool) (low, high *float64, strict bool, err error) {
	list, err := tokens(source)
	if err != nil {
		return nil, nil, false, err
	}
	t := &translator{tokens: list}
	for {
		for t.peek().sign == "(" || t.peek().sign == ")" {
			t.take()
		}
		left, sign, right := t.take(), t.take().sign, t.take()
		if left.sign != "." {
			left, right = right, left
			sign = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}[sign]
		}
		if left.sign != "." || right.number == nil {
			return nil, nil, false, errors.New("only comparisons of the answer with numbers are carried over")
		}
		v := *right.number
		shift := 0.0
		if whole {
			shift = 1
		}
		switch sign {
		case ">=":
			low = &v
		case "<=":
			high = &v
		case ">":
			v += shift
			low, strict = &v, strict || !whole
		case "<":
			v -= shift
			high, strict = &v, strict || !whole
		default:
			return nil, nil, false, errors.New("only <, <=, > and >= are carried over")
		}
		for t.peek().sign == ")" {
			t.take()
		}
		if len(t.tokens) == 0 {
			break
		}
		if t.take().word != "and" {
			return nil, nil, false, errors.New("only comparisons joined by and are carried over")
		}
	}
	if low != nil && high != nil && *low >= *high {
		return nil, nil, false, errors.New("the lowest number is not below the highest")
	}
	return low, high, strict, nil
}
