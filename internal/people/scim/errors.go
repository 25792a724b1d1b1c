package scim

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people/scim/filter"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// Type is what sort of error a client may act on (RFC 7644, table 9).
type Type string

// The types of errors that the server gives.
const (
	InvalidFilter Type = "invalidFilter"
	InvalidSyntax Type = "invalidSyntax"
	InvalidPath   Type = "invalidPath"
	InvalidValue  Type = "invalidValue"
	NoTarget      Type = "noTarget"
	Mutability    Type = "mutability"
	Uniqueness    Type = "uniqueness"
)

// Error is an error as a client gets it (RFC 7644, section 3.12). Detail is in English: it is read in the log of a directory.
type Error struct {
	Status int
	Type   Type // "" where the standard has none
	Detail string
	Retry  int   // seconds to wait before asking again; 0 when that does not apply
	Cause  error // for the log alone
}

// Error implements error.
func (e *Error) Error() string {
	s := fmt.Sprintf("%d %s: %s", e.Status, e.Type, e.Detail)
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Errors by which what the server stands on tells why it refuses.
var (
	// ErrTaken says that a mail address or staff number belongs to another account or person.
	ErrTaken = errors.New("the mail address or staff number belongs to somebody else")
	// ErrGone says that an account was erased.
	ErrGone = errors.New("the account was erased")
)

// TakenError is an ErrTaken that names the account and says why it is not for the directory.
type TakenError struct {
	Account string
	Why     string // a word, for the log
	Detail  string // in English, for whoever keeps the directory
}

// Error implements error.
func (e *TakenError) Error() string { return ErrTaken.Error() + ": " + e.Why }

// Is tells that it is an ErrTaken.
func (e *TakenError) Is(target error) bool { return target == ErrTaken }

func wrong(t Type, format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Type: t, Detail: fmt.Sprintf(format, args...)}
}

func notFound() *Error {
	return &Error{Status: http.StatusNotFound, Detail: "There is no such resource."}
}

func taken(attribute string) *Error {
	return &Error{Status: http.StatusConflict, Type: Uniqueness, Detail: fmt.Sprintf("Another resource has this %s. Find it with a filter, and change that one.", attribute)}
}

// explain turns any error into one that a client may see. What went wrong inside stays inside.
func explain(err error) *Error {
	var ours *Error
	var read *filter.Error
	var refused *TakenError
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &refused):
		return &Error{Status: http.StatusConflict, Type: Uniqueness, Detail: refused.Detail, Cause: err}
	case errors.As(err, &read):
		return &Error{Status: http.StatusBadRequest, Type: InvalidFilter, Detail: "The filter cannot be read: " + read.Error() + "."}
	case errors.Is(err, db.ErrNoRow):
		return notFound()
	case errors.Is(err, db.ErrExists):
		e := taken("userName, externalId, displayName or mail address")
		e.Cause = err
		return e
	case errors.Is(err, ErrTaken):
		e := taken("mail address or employee number")
		e.Cause = err
		return e
	case errors.Is(err, db.ErrText):
		return wrong(InvalidValue, "A text holds a character that cannot be kept.")
	}
	return ofProblem(web.Explain(err), err)
}

func ofProblem(p *problem.Problem, cause error) *Error {
	status := web.Status(p.Kind)
	e := &Error{Status: status, Retry: p.RetryAfter, Cause: cause}
	if p.Kind == problem.Invalid {
		e.Status, e.Type = http.StatusBadRequest, InvalidValue
	}
	detail := []string{p.Message.In(instrument.EN)}
	for _, f := range p.Fields {
		detail = append(detail, f.Name+": "+f.In(instrument.EN))
	}
	if e.Detail = strings.TrimSpace(strings.Join(detail, " ")); e.Detail == "" {
		e.Detail = http.StatusText(status)
	}
	return e
}

func wrongCaller() *Error {
	return &Error{Status: http.StatusForbidden, Detail: "The key may not do this."}
}
