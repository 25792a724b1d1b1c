package intake

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Kind says what sort of thing is wrong with a file as a whole.
type Kind string

// The kinds of errors.
const (
	KindUnreadable Kind = "unreadable" // the file cannot be opened or read
	KindEmpty      Kind = "empty"      // no bytes, or only headings
	KindFormat     Kind = "format"     // damaged, or not of the format that it seems to be
	KindEncoding   Kind = "encoding"   // text in no encoding that we know, or with NUL characters
	KindHeadings   Kind = "headings"   // headings absent, empty or double
	KindRagged     Kind = "ragged"     // a row with more cells than there are headings
	KindLimit      Kind = "limit"      // larger than the limits allow
	KindColumns    Kind = "columns"    // no column, or not the one asked for, fits the instrument
	KindDesign     Kind = "design"     // weights, strata or clusters that cannot be used
	KindInstrument Kind = "instrument" // a snapshot made with another questionnaire
)

// Error is a fault of a file as a whole, after which nothing was read. It says what, where, and how to mend it.
type Error struct {
	Kind    Kind
	File    string
	Row     int    // as a spreadsheet counts, 0 when the fault has no row
	Column  string // heading, "" when the fault has no column
	Message string
	Mend    string
	Err     error // what a library said, or nil
}

// Error puts the parts in one line: "answers.csv: row 3, column "sede": what is wrong; how to mend it".
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ": ")
	}
	switch {
	case e.Row > 0 && e.Column != "":
		fmt.Fprintf(&b, "row %d, column %q: ", e.Row, e.Column)
	case e.Row > 0:
		fmt.Fprintf(&b, "row %d: ", e.Row)
	case e.Column != "":
		fmt.Fprintf(&b, "column %q: ", e.Column)
	}
	b.WriteString(e.Message)
	if e.Err != nil {
		fmt.Fprintf(&b, " (%v)", e.Err)
	}
	if e.Mend != "" {
		b.WriteString("; " + e.Mend)
	}
	return b.String()
}

// Unwrap returns what a library said.
func (e *Error) Unwrap() error { return e.Err }

// WithoutPlace says what is wrong, without where the file stands on this machine.
func (e *Error) WithoutPlace() string {
	plain := *e
	plain.File = ""
	text := plain.Error()
	if e.File != "" {
		text = strings.ReplaceAll(strings.ReplaceAll(text, e.File, ""), filepath.Base(e.File), "")
	}
	return text
}
