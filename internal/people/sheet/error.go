package sheet

import (
	"fmt"
	"strings"

	"tekentafel/internal/intake"
	"tekentafel/internal/national"
)

// ErrorKind says why a file was not read.
type ErrorKind string

// The kinds of errors. Args are named behind each.
const (
	ErrUnreadable ErrorKind = "unreadable" // the file cannot be opened or read
	ErrEmpty      ErrorKind = "empty"      // nothing stands in it, or no row below the headings
	ErrOldExcel   ErrorKind = "old-excel"  // .xls, or a workbook with a password
	ErrBinary     ErrorKind = "binary"     // no text and no workbook
	ErrDamaged    ErrorKind = "damaged"    // a workbook that is damaged or incomplete
	ErrLimit      ErrorKind = "limit"      // larger than allowed; what ("rows", "columns", "cell", "workbook"), most
	ErrNoSheet    ErrorKind = "no-sheet"   // the chosen sheet is not there; sheet
	ErrNational   ErrorKind = "national"   // it holds national numbers and the policy refuses them; see Error.National
	ErrStored     ErrorKind = "stored"     // what was stored is no table, or damaged
)

// Error says why a file was not read. It never quotes a national number.
type Error struct {
	Kind     ErrorKind
	Row      int // in the file, 0 when the fault has no row
	Args     map[string]string
	National []Finding // for ErrNational
	Err      error     // of a library, or nil
}

// Finding is a column with national numbers that made a file refused.
type Finding struct {
	Heading string
	Count   int
	Level   national.Level
	Rows    []Span // the first ones
}

// Error says what is wrong in English, for logs and the command line.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Row > 0 {
		fmt.Fprintf(&b, "row %d: ", e.Row)
	}
	switch e.Kind {
	case ErrUnreadable:
		b.WriteString("the file cannot be read; check the name, and that you may read it")
	case ErrEmpty:
		b.WriteString("the file holds no rows; export the list anew")
	case ErrOldExcel:
		b.WriteString("this is an old Excel workbook (.xls), or one with a password; save it as .xlsx without a password, or as CSV")
	case ErrBinary:
		b.WriteString("the file is neither text nor a workbook; save it as .xlsx or as CSV")
	case ErrDamaged:
		b.WriteString("the workbook is damaged or incomplete; export it anew")
	case ErrLimit:
		fmt.Fprintf(&b, "too large: %s (the most is %s); leave out what is not needed, or split the file", e.Args["what"], e.Args["most"])
	case ErrNoSheet:
		fmt.Fprintf(&b, "the workbook has no sheet %q; choose another", e.Args["sheet"])
	case ErrNational:
		b.WriteString("the file holds national numbers")
		for i, f := range e.National {
			fmt.Fprintf(&b, "%s %d in column %q", map[bool]string{true: ":", false: ","}[i == 0], f.Count, f.Heading)
		}
		b.WriteString("; leave them out, or let the administrator choose that they are hashed")
	case ErrStored:
		b.WriteString("the stored table is damaged; import the file anew")
	default:
		b.WriteString(string(e.Kind))
	}
	if e.Err != nil {
		fmt.Fprintf(&b, " (%v)", e.Err)
	}
	return b.String()
}

// Unwrap returns what a library said.
func (e *Error) Unwrap() error { return e.Err }

func errLimit(row int, what string, most int) *Error {
	return &Error{Kind: ErrLimit, Row: row, Args: pairs([]string{"what", what, "most", fmt.Sprint(most)})}
}

// fromIntake translates an error of the reader of workbooks.
func fromIntake(e *intake.Error) *Error {
	plain := *e
	plain.File, plain.Mend = "", "" // the mend speaks of answers
	to := &Error{Kind: ErrDamaged, Row: e.Row, Err: &plain}
	switch e.Kind {
	case intake.KindUnreadable:
		to.Kind = ErrUnreadable
	case intake.KindEmpty:
		to.Kind = ErrEmpty
	case intake.KindLimit:
		to.Kind, to.Args = ErrLimit, pairs([]string{"what", "workbook", "most", ""})
	default:
	}
	return to
}
