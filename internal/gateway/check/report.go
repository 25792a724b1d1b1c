package check

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Level is how bad a finding is.
type Level string

// The levels. Skipped is what could not be looked at because of a failure before it.
const (
	OK      Level = "ok"
	Warning Level = "warning"
	Failure Level = "failure"
	Skipped Level = "skipped"
)

// Finding is what a check of a model on a backend found.
type Finding struct {
	Model   string `json:"model"`   // the name by which it is asked for
	Backend string `json:"backend"` // in the settings
	There   string `json:"there"`   // the name of the model on the backend
	Check   string `json:"check"`   // reach, key, answer, stream, usage, tools, embeddings, price or energy
	Level   Level  `json:"level"`
	Found   string `json:"found"`
	Mend    string `json:"mend,omitempty"`   // "" when nothing has to be done
	Millis  int64  `json:"millis,omitempty"` // that it took: for a stream until its first piece
}

// Report is everything that was found: by model in the order of the settings, then by route, then by check.
type Report []Finding

// ExitCode is 1 when there is a failure and 0 when there is none, whatever the warnings.
func (r Report) ExitCode() int {
	for _, f := range r {
		if f.Level == Failure {
			return 1
		}
	}
	return 0
}

// JSON writes the findings for a program.
func (r Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Well     bool   `json:"well"`
		Findings Report `json:"findings"`
	}{r.ExitCode() == 0, r})
}

// Text writes the findings for a person: a heading for each model on each backend, one finding a line, its mend below.
func (r Report) Text(w io.Writer) error {
	var b strings.Builder
	heading := ""
	for _, f := range r {
		if h := f.Model + " on " + f.Backend + " (" + f.There + ")"; h != heading {
			if heading != "" {
				b.WriteString("\n")
			}
			heading = h
			b.WriteString(h + "\n")
		}
		fmt.Fprintf(&b, "  %-8s %-10s %s\n", f.Level, f.Check, f.Found)
		if f.Mend != "" {
			fmt.Fprintf(&b, "  %-8s %-10s -> %s\n", "", "", f.Mend)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
