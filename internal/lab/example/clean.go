package example

import (
	"slices"

	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/problem"
)

// Found is what the guard found in a field of an example.
type Found struct {
	Field string // as the form calls it
	Type  guard.Type
	Text  string // what was found, for who wrote it
	Stays bool   // it may stay when the author says that it is about nobody
}

// texts are the fields of an example by name, those of the form.
func (c *Content) texts() []struct {
	Name string
	Text *string
} {
	return []struct {
		Name string
		Text *string
	}{{"title", &c.Title}, {"did", &c.Did}, {"prompt", &c.Prompt}, {"result", &c.Result}, {"watch", &c.Watch}, {"tags", &c.Tags}, {"tools", &c.Tools}}
}

// Find lists what the guard finds, field by field.
func (s *Service) Find(c *Content) []Found {
	var out []Found
	for _, f := range c.texts() {
		for _, x := range s.scanner.Scan(*f.Text) {
			out = append(out, Found{Field: f.Name, Type: x.Type, Text: (*f.Text)[x.Start:x.End], Stays: stays(x.Type)})
		}
	}
	return out
}

// stays tells whether a type may stay in an example when the author says that it is about nobody: categories, and numbers of companies.
func stays(t guard.Type) bool { return t.Category() || t == guard.Company }

// clean refuses an example in which something of a person would stay. The problem names field and type, never what was found.
func (s *Service) clean(c *Content) error {
	f := problem.Form{Bundle: locale()}
	var seen []string
	for _, x := range s.Find(c) {
		if x.Stays && c.Nobody || slices.Contains(seen, x.Field) {
			continue
		}
		seen = append(seen, x.Field)
		key := "error.found"
		if x.Stays {
			key = "error.found-word"
		}
		f.Wrong(x.Field, key, nil)
	}
	return f.Err()
}

// Replaced returns the example with placeholders in the place of what identifies somebody. Secrets are cut out.
func (s *Service) Replaced(c Content) Content {
	p := guard.NewPseudonyms(guard.LabelsOf(c.Lang))
	policy := guard.Policy{}
	for _, t := range guard.Types() {
		if policy[t] = guard.Mask; stays(t) {
			policy[t] = guard.Warn
		}
	}
	for _, f := range c.texts() {
		*f.Text = p.Mask(*f.Text, s.scanner.Scan(*f.Text), policy)
	}
	return c
}

// typeName names a type of what was found.
func typeName(t guard.Type, lang instrument.Lang) string {
	return shelf.In(guard.Texts(), lang).Say("type." + string(t))
}
