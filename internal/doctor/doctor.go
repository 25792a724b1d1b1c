package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/config"
	"tekentafel/internal/db"
)

// Level is how bad a finding is.
type Level string

// The levels.
const (
	OK      Level = "ok"
	Warning Level = "warning"
	Failure Level = "failure"
)

// Finding is what a check found.
type Finding struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Found string `json:"found"`
	Mend  string `json:"mend,omitempty"` // "" when it is OK
}

// Report is everything that was found, in the order of the checks.
type Report []Finding

// Mail looks whether the mail server takes us, without sending a mail. Mail that is switched off is no error here.
type Mail interface {
	Check(ctx context.Context) error
}

// Options say what to look at.
type Options struct {
	Settings *config.Settings
	Now      clock.Clock
	Mail     Mail // nil when the settings name no mail server, or cannot be used
	Quick    bool // only what must hold at each moment: for a health check, without Chromium, mail and a look at every page of the database

	machine machine // filled in by Run where a test has not
}

// machine is what the checks ask of the machine and a test cannot arrange.
type machine struct {
	uid    func() int
	free   func(folder string) (free, size uint64, err error)
	lookup func(ctx context.Context, host string) ([]string, error)
	pdf    func(ctx context.Context, path string) error
	getenv func(string) string
	status string // file with the state of the process
}

// check is one question.
type check struct {
	name  string
	quick bool
	run   func(context.Context, *visit) []Finding
}

// visit is one run of the doctor: what earlier checks found out for later ones.
type visit struct {
	Options
	checked *config.Checked
	wrong   error
	db      *db.DB
}

// table lists the checks in their order.
var table = []check{
	{"settings", true, settings},
	{"user", false, user},
	{"data folder", true, dataFolder},
	{"disk", true, disk},
	{"key", true, key},
	{"database", true, database},
	{"database content", false, integrity},
	{"key and database", true, fingerprint},
	{"backup", false, lastBackup},
	{"clock", false, clocks},
	{"address", false, publicAddress},
	{"certificate", false, certificate},
	{"port", false, port},
	{"mail", false, mailServer},
	{"chromium", false, chromium},
	{"sandbox", false, sandbox},
}

// checkFor bounds each check.
const checkFor = 30 * time.Second

// Run makes the checks. It changes nothing but a file that it writes in the data folder and takes away again.
func Run(ctx context.Context, o Options) Report {
	v := &visit{Options: o}
	v.machine.complete()
	var out Report
	for _, c := range table {
		if o.Quick && !c.quick {
			continue
		}
		limited, stop := context.WithTimeout(ctx, checkFor)
		for _, f := range c.run(limited, v) {
			f.Check = c.name
			out = append(out, f)
		}
		stop()
	}
	if v.db != nil {
		if err := v.db.Close(); err != nil {
			out = append(out, Finding{Check: "database", Level: Warning, Found: "the database could not be closed: " + err.Error(), Mend: "look at the log of the database"})
		}
	}
	return out
}

// Worst returns the worst level of all findings.
func (r Report) Worst() Level {
	worst := OK
	for _, f := range r {
		if f.Level == Failure {
			return Failure
		}
		if f.Level == Warning {
			worst = Warning
		}
	}
	return worst
}

// ExitCode is 1 when there is a failure and 0 when there is none, whatever the warnings.
func (r Report) ExitCode() int {
	if r.Worst() == Failure {
		return 1
	}
	return 0
}

// Text writes the findings for a person, one a line with its mend below.
func (r Report) Text(w io.Writer) error {
	var b strings.Builder
	for _, f := range r {
		fmt.Fprintf(&b, "%-8s %-17s %s\n", strings.ToUpper(string(f.Level)), f.Check, f.Found)
		if f.Mend != "" {
			fmt.Fprintf(&b, "%-26s -> %s\n", "", f.Mend)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// JSON writes the findings for a program: {"worst": ..., "findings": [...]}.
func (r Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Worst    Level  `json:"worst"`
		Findings Report `json:"findings"`
	}{r.Worst(), r})
}

func ok(format string, args ...any) []Finding {
	return []Finding{{Level: OK, Found: fmt.Sprintf(format, args...)}}
}

func bad(level Level, mend, format string, args ...any) []Finding {
	return []Finding{{Level: level, Found: fmt.Sprintf(format, args...), Mend: mend}}
}

func (m *machine) complete() {
	if m.uid == nil {
		m.uid = os.Geteuid
	}
	if m.free == nil {
		m.free = freeSpace
	}
	if m.lookup == nil {
		m.lookup = lookup
	}
	if m.pdf == nil {
		m.pdf = printLine
	}
	if m.getenv == nil {
		m.getenv = os.Getenv
	}
	if m.status == "" {
		m.status = "/proc/self/status"
	}
}
