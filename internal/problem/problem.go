// Package problem is how the product says no. A problem has a kind, which decides on the status of an answer, and a
// message in the four languages that is safe to show; what went wrong inside stays inside, for the log.
package problem

import (
	"cmp"
	"errors"
	"fmt"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// Kind says what sort of problem it is.
type Kind string

// The kinds.
const (
	Invalid     Kind = "invalid"      // what was given cannot be used; Fields say where
	SignIn      Kind = "sign-in"      // one must sign in first
	Forbidden   Kind = "forbidden"    // one may not
	NotFound    Kind = "not-found"    // it is not there, or one may not know that it is
	Gone        Kind = "gone"         // it was there and has ended
	Conflict    Kind = "conflict"     // somebody else changed it, or it is not in the state for this
	TooLarge    Kind = "too-large"    // more than is taken
	TooMany     Kind = "too-many"     // too often; later again
	Unavailable Kind = "unavailable"  // something that is needed does not answer
	Full        Kind = "full"         // no room left
	Internal    Kind = "internal"     // a fault of the program
	Unsupported Kind = "unsupported"  // a form or type of content that is not taken
	Confirm     Kind = "confirm-self" // one must prove again who one is
)

// Message is a text in the four languages with what it is about.
type Message struct {
	Bundle *i18n.Bundle
	Key    string
	Args   i18n.Args
}

// In returns the message in a language. When the bundle does not have it, the key: somebody who is told nothing cannot even ask for help.
func (m Message) In(lang instrument.Lang) string {
	if m.Bundle == nil {
		return ""
	}
	return cmp.Or(m.Bundle.Printer(lang).T(m.Key, m.Args), m.Key)
}

// Field is what is wrong with one field of a form or of a request.
type Field struct {
	Name string // as the form and the API call it
	Message
}

// Problem is an error with its kind and its messages.
type Problem struct {
	Kind    Kind
	Message Message
	Fields  []Field
	// RetryAfter is how many seconds to wait before trying again; 0 when that does not apply.
	RetryAfter int
	// Err is the cause, for the log alone.
	Err error
}

// New returns a problem with a message of a bundle.
func New(kind Kind, b *i18n.Bundle, key string, args i18n.Args) *Problem {
	return &Problem{Kind: kind, Message: Message{Bundle: b, Key: key, Args: args}}
}

// Because adds the cause and returns p.
func (p *Problem) Because(err error) *Problem {
	p.Err = err
	return p
}

// After sets RetryAfter and returns p.
func (p *Problem) After(seconds int) *Problem {
	p.RetryAfter = seconds
	return p
}

// Error implements error, in English, for the log.
func (p *Problem) Error() string {
	s := string(p.Kind)
	if p.Message.Key != "" {
		s += ": " + p.Message.Key
	}
	for _, f := range p.Fields {
		s += fmt.Sprintf(" [%s: %s]", f.Name, f.Key)
	}
	if p.Err != nil {
		s += ": " + p.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Of returns the problem in err, if any.
func Of(err error) (*Problem, bool) {
	var p *Problem
	ok := errors.As(err, &p)
	return p, ok
}

// Is tells whether err holds a problem of a kind.
func Is(err error, kind Kind) bool {
	p, ok := Of(err)
	return ok && p.Kind == kind
}

// Form gathers what is wrong with the fields of a form.
type Form struct {
	Bundle *i18n.Bundle
	fields []Field
}

// Wrong notes that a field cannot be used as given.
func (f *Form) Wrong(field, key string, args i18n.Args) {
	f.fields = append(f.fields, Field{Name: field, Message: Message{Bundle: f.Bundle, Key: key, Args: args}})
}

// Err returns the problem, or nil when nothing is wrong.
func (f *Form) Err() error {
	if len(f.fields) == 0 {
		return nil
	}
	return &Problem{Kind: Invalid, Fields: f.fields}
}
