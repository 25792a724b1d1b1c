package desk

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"tekentafel/internal/asked"
	"tekentafel/internal/problem"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/web"
)

// maxPart bounds a field of the form that is no file, in bytes.
const maxPart = 4 << 10

// fields are the fields of an upload beside its files. None is called action: a field of that name hides where its form goes from the script that sends it.
func fields() []string {
	return []string{web.OnceField, "format", "people", "thin", "time", "user", "address", "host", "app", "sent", "received", "verdict", "month_first"}
}

// howOf reads how logs are to be read from the fields of a form.
func howOf(values url.Values) (How, error) {
	h := How{Format: logs.Format(values.Get("format")), People: values.Get("people") == "yes", Thin: values.Get("thin") == "yes"}
	if h.Format != "" && !slices.Contains(logs.Formats(), h.Format) {
		return h, wrong("format", "error.format", nil)
	}
	h.Columns = logs.Columns{Time: values.Get("time"), User: values.Get("user"), Address: values.Get("address"), Host: values.Get("host"), App: values.Get("app"),
		Sent: values.Get("sent"), Received: values.Get("received"), Action: values.Get("verdict"), MonthFirst: values.Get("month_first") == "yes"}
	return h, nil
}

// upload reads a multipart form as it comes in, without keeping any of its files.
type upload struct {
	parts  *multipart.Reader
	values url.Values // fields so far
	asked  func(url.Values) asked.Request
	how    *How // once a log has come
}

// newUpload reads a request with this body and Content-Type.
func newUpload(body io.Reader, contentType string, ask func(url.Values) asked.Request) (*upload, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, refuse(problem.Unsupported, "error.no-form", nil)
	}
	return &upload{parts: multipart.NewReader(body, params["boundary"]), values: url.Values{}, asked: ask}, nil
}

// Next implements Parts. A browser sends a field for a file that nobody chose as a part without a name; it is passed over.
func (u *upload) Next() (Part, How, error) {
	for {
		part, err := u.parts.NextPart()
		if errors.Is(err, io.EOF) {
			return Part{}, How{}, io.EOF
		}
		if err != nil {
			return Part{}, How{}, explain(err)
		}
		name := part.FormName()
		switch {
		case name == "log" || name == "departments":
			if part.FileName() == "" {
				continue
			}
			how, err := howOf(u.values)
			if err != nil {
				return Part{}, how, err
			}
			how.Asked = u.asked(u.values)
			if name == "log" {
				u.how = &how
			}
			return Part{Departments: name == "departments", Reader: part}, how, nil
		case slices.Contains(fields(), name):
			if u.how != nil {
				return Part{}, How{}, wrong("log", "error.fields-late", nil)
			}
			text, err := io.ReadAll(io.LimitReader(part, maxPart))
			if err != nil {
				return Part{}, How{}, explain(err)
			}
			u.values.Set(name, strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(string(text), ""), "\x00", "")))
		}
	}
}

// Together gives parts that are there already, in this order: departments stand before logs.
func Together(how How, parts ...Part) Parts { return &together{how, parts} }

type together struct {
	how   How
	parts []Part
}

// Next implements Parts.
func (x *together) Next() (Part, How, error) {
	if len(x.parts) == 0 {
		return Part{}, x.how, io.EOF
	}
	p := x.parts[0]
	x.parts = x.parts[1:]
	return p, x.how, nil
}
