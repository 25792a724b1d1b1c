package ui

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tekentafel/internal/instrument"
)

// FormState is what a form holds between being sent and being shown again: the values that came in and what is wrong with
// them. Fields look up their own value and error by name. A nil FormState is a form that nobody has filled in.
type FormState struct {
	ID     string     // sets the ids of its fields apart when a page has several forms; "" for "f"
	Values url.Values // what was sent; nil shows the value that each Field gives
	Once   string     // the key with which the server knows that a form is sent twice; "" for none
	errors []FieldError
}

// FieldError is what is wrong with a field. Without a Name it concerns the form as a whole.
type FieldError struct {
	Name, Text string
}

// NewFormState returns the state of a form that was sent with these values.
func NewFormState(values url.Values) *FormState { return &FormState{Values: values} }

// Fail notes what is wrong with the field of that name, in the language of the reader; "" is the form as a whole. The errors show in the
// order in which they are noted. A field keeps its first error.
func (s *FormState) Fail(name, text string) {
	if name != "" && s.Error(name) != "" {
		return
	}
	s.errors = append(s.errors, FieldError{Name: name, Text: text})
}

// OK tells whether nothing is wrong.
func (s *FormState) OK() bool { return s == nil || len(s.errors) == 0 }

// Errors lists what is wrong, in order.
func (s *FormState) Errors() []FieldError {
	if s == nil {
		return nil
	}
	return slices.Clone(s.errors)
}

// Error returns what is wrong with a field, "" when nothing is.
func (s *FormState) Error(name string) string {
	for _, e := range s.Errors() {
		if e.Name == name {
			return e.Text
		}
	}
	return ""
}

// Value returns what was sent for a field; before anything was sent, initial.
func (s *FormState) Value(name, initial string) string {
	if s == nil || s.Values == nil {
		return initial
	}
	return s.Values.Get(name)
}

// Chosen tells whether an option was sent for a field; before anything was sent, whether it is in initial.
func (s *FormState) Chosen(name, option string, initial ...string) bool {
	if s == nil || s.Values == nil {
		return slices.Contains(initial, option)
	}
	return slices.Contains(s.Values[name], option)
}

// FieldID returns the id of the control of a field, for a link or a label elsewhere on the page.
func (s *FormState) FieldID(name string) string {
	form := "f"
	if s != nil && s.ID != "" {
		form = s.ID
	}
	return ident(form + "-" + name)
}

// optionID is the id of an option of a field. The first has the id of the field, so that the error summary leads to it.
func (s *FormState) optionID(name string, i int) string {
	if i == 0 {
		return s.FieldID(name)
	}
	return s.FieldID(name) + "-" + strconv.Itoa(i+1)
}

func (s *FormState) once() string {
	if s == nil {
		return ""
	}
	return s.Once
}

// ident makes text fit for an id attribute and for the links and labels that name it.
func ident(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, s)
}

// OnceField is the name of the hidden field that carries FormState.Once.
const OnceField = "_once"

// FormSpec says where a form goes and what it carries unseen.
type FormSpec struct {
	State  *FormState
	Action string      // where it is sent; "" for the address of the page
	Method string      // "" for post
	Hidden []NameValue // hidden fields
	Files  bool        // it sends files (multipart)
	ID     string
	Class  string
	Attrs  templ.Attributes // such as hx-post
}

// NameValue is a name with its value.
type NameValue struct{ Name, Value string }

func (f FormSpec) method() string {
	if f.Method == "" {
		return "post"
	}
	return f.Method
}

// Field is one field of a form.
type Field struct {
	Name, Label string
	Hint        string // how to fill it in; read aloud with the field
	Value       string // before anything was sent
	Optional    bool   // it may be left empty, and says so
	Title       bool   // its label is the heading of the page
	HideLabel   bool   // the label is only read aloud, where the place says it to the eye

	Disabled, ReadOnly bool
	Autocomplete       string // of the HTML standard, such as "email"
	InputMode          string // such as "numeric", "decimal"
	Placeholder        string // an example of a form; never the only explanation
	Min, Max, Step     string // of a number or a date
	MaxLength          int    // in characters; 0 for no limit
	Rows               int    // of a text area; 0 for 5
	Chars              int    // the width of the control in characters, rounded up to 2, 4, 10 or 20; 0 for the whole column
	Prefix, Suffix     string // a unit before or after the control, such as "€"
	Attrs              templ.Attributes

	kind string // type attribute
	code bool   // letters and digits are set apart
}

// width names the class that gives a control the width of n characters.
func (f Field) width() string {
	switch {
	case f.Chars == 0:
		return ""
	case f.Chars <= 2:
		return "w2"
	case f.Chars <= 4:
		return "w4"
	case f.Chars <= 10:
		return "w10"
	default:
		return "w20"
	}
}

func (f Field) rows() string {
	if f.Rows > 0 {
		return strconv.Itoa(f.Rows)
	}
	return "5"
}

// of returns the field as a control of the given type attribute.
func (f Field) of(kind string) Field {
	f.kind = kind
	return f
}

// describedBy lists the ids of what is read aloud with a field: its hint, its unit and what is wrong.
func describedBy(s *FormState, f Field, more ...string) string {
	var ids []string
	id := s.FieldID(f.Name)
	if f.Hint != "" {
		ids = append(ids, id+"-hint")
	}
	ids = append(ids, more...)
	if s.Error(f.Name) != "" {
		ids = append(ids, id+"-error")
	}
	return strings.Join(ids, " ")
}

// controlAttrs are the attributes that every control of a field shares.
func controlAttrs(s *FormState, f Field, more ...string) templ.Attributes {
	a := templ.Attributes{}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("aria-describedby", describedBy(s, f, more...))
	set("autocomplete", f.Autocomplete)
	set("inputmode", f.InputMode)
	set("placeholder", f.Placeholder)
	set("min", f.Min)
	set("max", f.Max)
	set("step", f.Step)
	if f.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(f.MaxLength)
	}
	if s.Error(f.Name) != "" {
		a["aria-invalid"] = "true"
	}
	a["disabled"], a["readonly"] = f.Disabled, f.ReadOnly
	for name, value := range f.Attrs {
		a[name] = value
	}
	return a
}

// Choice is a question with options, of which one or more can be chosen.
type Choice struct {
	Field
	Options []Option
	Chosen  []string // before anything was sent
	Inline  bool     // short options beside each other
	Tiles   bool     // each option in a frame of its own, as on a page with one question
}

// Option is an answer to choose.
type Option struct {
	Value, Label, Hint string
	Apart              bool // "or" stands above it: it is of another kind than those before
	Disabled           bool
	Group              string // in a Select, the heading under which it stands with those of the same group that follow; "" for none
}

// optionGroup is a run of options under one heading.
type optionGroup struct {
	label   string
	options []Option
}

// groups returns the options in runs of one group.
func (c Choice) groups() []optionGroup {
	var out []optionGroup
	for _, o := range c.Options {
		if n := len(out); n > 0 && out[n-1].label == o.Group {
			out[n-1].options = append(out[n-1].options, o)
			continue
		}
		out = append(out, optionGroup{o.Group, []Option{o}})
	}
	return out
}

// YesNo returns the options "yes" and "no".
func YesNo(lang instrument.Lang) []Option {
	return []Option{{Value: "yes", Label: WordYes.In(lang)}, {Value: "no", Label: WordNo.In(lang)}}
}

// File is a field for a file.
type File struct {
	Field
	Accept   string // such as ".csv,.xlsx"
	Multiple bool
	MaxBytes int64 // refused in the browser when bigger, and said below the field; 0 for no limit
}
