package task

import (
	"regexp"
	"strings"

	"tekentafel/internal/instrument"
)

// Built is a part of a prompt as it stands with what was filled in.
type Built struct {
	Kind    PartKind
	Text    string   // "" when it falls away
	Why     string   // this part helps
	Missing []string // the fields that are empty, by name: the part falls away
	Preview string   // of a part that falls away: with names of fields in the place of values
}

// Build makes the prompt of a task in a language of values by field. A choice that is none of its options counts as empty.
func Build(t *Task, lang instrument.Lang, values map[string]string) []Built {
	out := make([]Built, 0, len(t.Parts))
	for i := range t.Parts {
		out = append(out, t.build(&t.Parts[i], lang, values))
	}
	return out
}

func (t *Task) build(p *Part, lang instrument.Lang, values map[string]string) Built {
	b := Built{Kind: p.Kind, Why: p.Why.In(lang)}
	var text, preview strings.Builder
	for _, piece := range pieces(p.Text.In(lang)) {
		if piece.field == "" {
			text.WriteString(piece.text)
			preview.WriteString(piece.text)
			continue
		}
		f := t.field(piece.field)
		preview.WriteString("‹" + f.Label.In(lang) + "›")
		value := f.value(values[f.ID], lang)
		if value == "" {
			b.Missing = append(b.Missing, f.Label.In(lang))
		}
		text.WriteString(value)
	}
	if len(b.Missing) > 0 {
		b.Preview = preview.String()
		return b
	}
	b.Text = text.String()
	return b
}

// Text is the prompt: the parts that stay, with an empty line between.
func Text(parts []Built) string {
	var list []string
	for i := range parts {
		if parts[i].Text != "" {
			list = append(list, parts[i].Text)
		}
	}
	return strings.Join(list, "\n\n")
}

// value is what stands in the prompt for what was filled in.
func (f *Field) value(v string, lang instrument.Lang) string {
	v = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n"))
	switch f.Kind {
	case Choice:
		if o := f.option(v); o != nil {
			return o.Says.In(lang)
		}
		return ""
	case Long:
		if v == "" {
			return ""
		}
		fence := fenceFor(v)
		return fence + "\n" + v + "\n" + fence
	case Line:
	}
	return strings.Join(strings.Fields(v), " ")
}

// fenceFor returns a row of quotation marks, three or more, that is longer than any in the text.
func fenceFor(text string) string {
	fence := `"""`
	for strings.Contains(text, fence) {
		fence += `"`
	}
	return fence
}

// piece is a piece of a template: text, or the name of a field.
type piece struct{ text, field string }

var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// pieces takes a template apart.
func pieces(template string) []piece {
	var out []piece
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(template, -1) {
		if m[0] > at {
			out = append(out, piece{text: template[at:m[0]]})
		}
		out = append(out, piece{field: template[m[2]:m[3]]})
		at = m[1]
	}
	if at < len(template) {
		out = append(out, piece{text: template[at:]})
	}
	return out
}
