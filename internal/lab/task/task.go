package task

import (
	"tekentafel/internal/instrument"
)

// Kind is what sort of field it is.
type Kind string

// The kinds of fields.
const (
	Line   Kind = "line"
	Long   Kind = "long"
	Choice Kind = "choice"
)

// PartKind is what a part of a prompt is for.
type PartKind string

// The kinds of parts, in the order in which a prompt has them.
const (
	Role     PartKind = "role"
	Context  PartKind = "context"
	Ask      PartKind = "task"
	Material PartKind = "material"
	Shape    PartKind = "form"
	Limits   PartKind = "limits"
)

// PartKinds lists them all.
func PartKinds() []PartKind { return []PartKind{Role, Context, Ask, Material, Shape, Limits} }

// Task is an entry.
type Task struct {
	ID     string            `yaml:"id"`
	Order  int               `yaml:"order"` // in the list, from 1
	Title  instrument.Text   `yaml:"title"`
	About  instrument.Text   `yaml:"about"`
	Good   []instrument.Text `yaml:"good"` // what it is good for
	Not    []instrument.Text `yaml:"not"`  // and what not
	Fields []Field           `yaml:"fields"`
	Parts  []Part            `yaml:"parts"`
	Rule   instrument.Text   `yaml:"rule"` // what matters at the moment of sending
	Look   []instrument.Text `yaml:"look"` // at, in the answer
	Next   []instrument.Text `yaml:"next"` // to ask on
}

// Field is what a person fills in.
type Field struct {
	ID      string          `yaml:"id"`
	Kind    Kind            `yaml:"kind"`
	Label   instrument.Text `yaml:"label"`
	Hint    instrument.Text `yaml:"hint,omitempty"`
	Needed  bool            `yaml:"needed,omitempty"`
	Options []Option        `yaml:"options,omitempty"` // of a choice; the first is chosen
	Desk    instrument.Text `yaml:"desk,omitempty"`    // samples, of a line or a longer text
	Field   instrument.Text `yaml:"field,omitempty"`
}

// Option is one of a choice.
type Option struct {
	ID    string          `yaml:"id"`
	Label instrument.Text `yaml:"label"`
	Says  instrument.Text `yaml:"says"` // what stands in the prompt
}

// Part is a piece of the prompt. In Text, {name} stands for a field.
type Part struct {
	Kind PartKind        `yaml:"kind"`
	Text instrument.Text `yaml:"text"`
	Why  instrument.Text `yaml:"why"`
}

// Work is where work is done, for samples.
type Work string

// The kinds of work.
const (
	AtDesk  Work = "desk"
	InField Work = "field"
)

// Sample returns a filled-in form in a language; none for other work.
func (t *Task) Sample(w Work, lang instrument.Lang) map[string]string {
	if w != AtDesk && w != InField {
		return nil
	}
	out := map[string]string{}
	for i := range t.Fields {
		f := &t.Fields[i]
		text := f.Desk
		if w == InField {
			text = f.Field
		}
		switch {
		case f.Kind == Choice:
			out[f.ID] = f.Options[0].ID
		case len(text) > 0:
			out[f.ID] = text.In(lang)
		}
	}
	return out
}

func (f *Field) option(id string) *Option {
	for i := range f.Options {
		if f.Options[i].ID == id {
			return &f.Options[i]
		}
	}
	return nil
}

func (t *Task) field(id string) *Field {
	for i := range t.Fields {
		if t.Fields[i].ID == id {
			return &t.Fields[i]
		}
	}
	return nil
}
