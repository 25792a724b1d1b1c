package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// Problem is an error as a script gets it (RFC 9457).
type Problem struct {
	Type   string         `json:"type"`   // about:blank: the kind says it
	Title  string         `json:"title"`  // of the status
	Status int            `json:"status"` // of the answer
	Kind   problem.Kind   `json:"kind"`   // stable, for programs
	Detail string         `json:"detail"` // for people, in the language asked for
	Errors []ProblemField `json:"errors,omitempty"`

	retry int
}

// ProblemField is what is wrong with one field.
type ProblemField struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	if p.retry == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(p.retry)}}
}

// problemOf puts a problem into words.
func problemOf(p *problem.Problem, lang instrument.Lang) *Problem {
	status := web.Status(p.Kind)
	out := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Kind: p.Kind, Detail: p.Message.In(lang), retry: p.RetryAfter}
	for _, f := range p.Fields {
		out.Errors = append(out.Errors, ProblemField{Location: "body." + f.Name, Message: f.In(lang)})
	}
	return out
}

// problemOf turns any error into one that a script may see, and keeps the cause for the log.
func (a *API) problemOf(r *http.Request, err error, lang instrument.Lang) *Problem {
	p := problemOf(web.Explain(err), lang)
	if p.Status >= http.StatusInternalServerError {
		a.server.TraceError(r.Context(), err)
	}
	return p
}

// status is problemOf inside an operation.
func (a *API) status(ctx context.Context, err error, lang instrument.Lang) error {
	var ours *Problem
	if errors.As(err, &ours) {
		return ours
	}
	p := problemOf(web.Explain(err), lang)
	if p.Status >= http.StatusInternalServerError {
		a.server.TraceError(ctx, err)
	}
	return p
}

// speakProblems makes what the library itself finds wrong with a request a Problem too, in answers and in the document.
// The library has one place for this, for the whole program.
var speakProblems = sync.OnceFunc(func() {
	huma.NewError = func(status int, text string, errs ...error) huma.StatusError {
		return foundWrong(nil, status, text, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, text string, errs ...error) huma.StatusError {
		return foundWrong(ctx, status, text, errs)
	}
})

// foundWrong puts what the library finds wrong with a request into a Problem. Its details are in English and tell only
// what the caller sent.
func foundWrong(ctx huma.Context, status int, text string, errs []error) *Problem {
	if ctx != nil {
		if r, _ := humago.Unwrap(ctx); r != nil {
			if b, ok := r.Body.(*bounded); ok && b.over != nil {
				return problemOf(web.Explain(b.over), speaks(r))
			}
		}
	}
	cause := errors.Join(errs...)
	if status >= http.StatusInternalServerError && errors.Is(cause, io.ErrUnexpectedEOF) {
		status = http.StatusBadRequest // a body that broke off is no fault of the program
	}
	if status >= http.StatusInternalServerError && ctx != nil {
		return problemOf(web.Explain(cause), langOf(ctx))
	}
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Kind: kindOf(status), Detail: text}
	for _, err := range errs {
		var detailed huma.ErrorDetailer
		if errors.As(err, &detailed) {
			d := detailed.ErrorDetail()
			p.Errors = append(p.Errors, ProblemField{Location: d.Location, Message: d.Message})
		}
	}
	return p
}

func langOf(ctx huma.Context) instrument.Lang {
	r, _ := humago.Unwrap(ctx)
	return speaks(r)
}

// kindOf returns the kind of a status that the library answers with.
func kindOf(status int) problem.Kind {
	switch status {
	case http.StatusUnauthorized:
		return problem.SignIn
	case http.StatusForbidden:
		return problem.Forbidden
	case http.StatusNotFound:
		return problem.NotFound
	case http.StatusConflict:
		return problem.Conflict
	case http.StatusRequestEntityTooLarge:
		return problem.TooLarge
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return problem.Unsupported
	case http.StatusTooManyRequests:
		return problem.TooMany
	}
	if status >= http.StatusInternalServerError {
		return problem.Internal
	}
	return problem.Invalid
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", p.ContentType(""))
	if p.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.retry))
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may have left
}
