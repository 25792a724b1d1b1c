package web

import (
	"crypto/rand"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"tekentafel/internal/asked"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
)

// OnceField is the hidden field with the once key.
const OnceField = ui.OnceField

// ReadForm reads the fields of a form that was posted as application/x-www-form-urlencoded; those of a multipart form a
// handler reads as they come. Values lose white space at their ends, but passwords: those are checked as they were typed.
func (r *Request) ReadForm() (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, say(problem.Unsupported, "error.form")
	}
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, err
		}
		return nil, say(problem.Invalid, "error.form").Because(err)
	}
	for name, values := range r.PostForm {
		for i := range values {
			values[i] = strings.ReplaceAll(strings.ToValidUTF8(values[i], "�"), "\x00", "�")
			if !isPassword(name) {
				values[i] = strings.TrimSpace(values[i])
			}
		}
	}
	return r.PostForm, nil
}

// isPassword tells whether a field holds a password: the names that forms give a new and a present one.
func isPassword(field string) bool { return field == "password" || field == "current" }

// Asked returns the once key of a form with who sent it.
func (r *Request) Asked(form url.Values, what any) asked.Request {
	key := form.Get(OnceField)
	if key == "" {
		return asked.Request{What: what}
	}
	if len(key) > asked.MaxKey/2 {
		key = key[:asked.MaxKey/2]
	}
	return asked.Request{Key: r.Actor.ID + ":" + key, What: what}
}

// Notice makes a notice for the next page.
func (r *Request) Notice(bundle, key string) *Notice { return &Notice{Bundle: bundle, Key: key} }

// NewForm returns the state of a form that nobody has filled in, with a new once key.
func NewForm() *ui.FormState { return &ui.FormState{Once: rand.Text()} }

// Refill returns the state of a form that is shown again because err says what is wrong with it. What is no such problem
// comes back as the error.
func (r *Request) Refill(values url.Values, err error) (*ui.FormState, error) {
	p, known := problem.Of(err)
	if !known || p.Kind != problem.Invalid && p.Kind != problem.Conflict {
		return nil, err
	}
	form := ui.NewFormState(values)
	form.Once = values.Get(OnceField)
	for _, f := range p.Fields {
		form.Fail(f.Name, f.In(r.Lang))
	}
	if text := p.Message.In(r.Lang); text != "" && len(p.Fields) == 0 {
		form.Fail("", text)
	}
	return form, nil
}
