package lab

import (
	"slices"
	"strings"

	"tekentafel/internal/guard"
)

// Part is a piece of what a message tells a model: its own text, or the name or the text of a document.
type Part struct {
	File  int    // index in Files; -1 for the text of the message itself
	Name  bool   // it is the name of the document, not its text
	Start int    // where it begins in Whole, in bytes
	Text  string // as it stands in Whole
}

// Whole returns what a message tells a model in words: what was written, and below it the name and the text of each document. Whoever asks a model
// sends this text, so that what a person saw before sending is what leaves. Images go beside it, without their names.
func (m *Message) Whole() string {
	whole, _ := m.compose()
	return whole
}

// Parts returns the pieces of Whole, in order.
func (m *Message) Parts() []Part {
	_, parts := m.compose()
	return parts
}

func (m *Message) compose() (string, []Part) {
	var b strings.Builder
	parts := []Part{{File: -1, Text: m.Text}}
	b.WriteString(m.Text)
	add := func(p Part) {
		p.Start = b.Len()
		b.WriteString(p.Text)
		parts = append(parts, p)
	}
	for i := range m.Files {
		f := &m.Files[i]
		if f.Media != "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString("=== ")
		add(Part{File: i, Name: true, Text: f.Name})
		b.WriteString(" ===\n")
		add(Part{File: i, Text: f.Text})
	}
	return b.String(), parts
}

// Decided returns what a person decided in messages: what they let go as it is, and what they saw. What they let go is not among what they saw.
func Decided(messages []Message) (kept []Kept, seen []Seen) {
	for i := range messages {
		kept = append(kept, messages[i].Kept...)
		seen = append(seen, messages[i].Seen...)
	}
	keeps := Keeps(kept)
	seen = slices.DeleteFunc(seen, func(s Seen) bool { return keeps(s.Type, s.Value) })
	return kept, seen
}

// Keeps returns a function that tells whether a person lets a value go as it is, however it is spelt.
func Keeps(kept []Kept) func(t guard.Type, value string) bool {
	type key struct {
		t     guard.Type
		value string
	}
	has := map[key]bool{}
	for _, k := range kept {
		has[key{k.Type, guard.Canonical(k.Type, k.Value)}] = true
	}
	return func(t guard.Type, value string) bool { return has[key{t, guard.Canonical(t, value)}] }
}
