package i18n

import (
	"fmt"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// Args are the values of a message's placeholders, already written in the language.
type Args map[string]string

// piece is a run of text or, with a name, a placeholder.
type piece struct {
	text, name string
}

// text is a parsed message.
type text []piece

// parse splits a message at its placeholders. Braces have no other use in a message.
func parse(src string) (text, error) {
	var t text
	for src != "" {
		before, rest, found := strings.Cut(src, "{")
		if strings.Contains(before, "}") {
			return nil, fmt.Errorf("a } stands without its { in %q", before)
		}
		if before != "" {
			t = append(t, piece{text: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !isName(name) {
			return nil, fmt.Errorf("a { starts no placeholder in %q; write {name} in small letters", src)
		}
		t = append(t, piece{name: name})
		src = after
	}
	return t, nil
}

// isName tells whether s may name a placeholder: small letters only.
func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

// Execute fills in the arguments, once: a brace in an argument is just a brace.
func (t text) Execute(data any) (string, error) {
	args, _ := data.(Args)
	var b strings.Builder
	for _, p := range t {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		value, given := args[p.name]
		if !given {
			return "", fmt.Errorf("the placeholder {%s} was given no value", p.name)
		}
		b.WriteString(value)
	}
	return b.String(), nil
}

// parser makes go-i18n read messages with our placeholders.
type parser struct{}

// Parse implements template.Parser.
func (parser) Parse(src, _, _ string) (template.ParsedTemplate, error) { return parse(src) }

// Cacheable implements template.Parser.
func (parser) Cacheable() bool { return true }
