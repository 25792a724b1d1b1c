package answering

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/web"
)

// isNobody tells whether the frame has no such person.
func isNobody(err error) bool { return errors.Is(err, db.ErrNoRow) }

// fault is what is wrong with one answer.
type fault struct {
	Item     string       `json:"item"`
	Variable string       `json:"variable"`
	Fault    record.Fault `json:"fault"`
}

// failure is how an operation says no.
type failure struct {
	Kind    problem.Kind `json:"kind"`
	Message string       `json:"message"`
	Retry   int          `json:"retry,omitempty"` // seconds
	Faults  []fault      `json:"faults,omitempty"`
}

// asJSON answers with what an operation returns, or with its error, as JSON.
func asJSON(do func(r *web.Request) (any, error)) web.Handler {
	return func(w http.ResponseWriter, r *web.Request) error {
		status, out := http.StatusOK, any(nil)
		value, err := do(r)
		if err != nil {
			status, out = failed(r, err)
			if status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable {
				return err // the one place that logs it answers
			}
			if f, ok := out.(map[string]failure); ok && f["error"].Retry > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(f["error"].Retry))
			}
		} else {
			out = value
		}
		body, err := json.Marshal(out)
		if err != nil {
			return err
		}
		return r.Send(w, status, "application/json", body)
	}
}

// failed turns an error into a status and what is said.
func failed(r *web.Request, err error) (int, any) {
	var wrong *record.Problems
	if errors.As(err, &wrong) {
		f := failure{Kind: problem.Invalid, Message: in(r.Lang).say("error.answers")}
		for _, q := range wrong.List {
			f.Faults = append(f.Faults, fault{q.Item, q.Variable, q.Fault})
		}
		return http.StatusUnprocessableEntity, map[string]failure{"error": f}
	}
	q := web.Explain(err)
	text := q.Message.In(r.Lang)
	if len(q.Fields) > 0 {
		text = q.Fields[0].In(r.Lang)
	}
	return web.Status(q.Kind), map[string]failure{"error": {Kind: q.Kind, Message: text, Retry: q.RetryAfter}}
}

// read reads the JSON object of a request, of which it knows every field.
func read(r *web.Request, into any) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return refuse(problem.Unsupported, "error.request")
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		return refuse(problem.Invalid, "error.request").Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return refuse(problem.Invalid, "error.request")
	}
	return nil
}
