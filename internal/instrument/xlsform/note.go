package xlsform

import "fmt"

// Note is something in an XLSForm that could not be carried over as it stands.
type Note struct {
	Sheet   string
	Row     int    // 1-based, as the spreadsheet shows it; 0 for the sheet as a whole
	Column  string // its heading, or ""
	Message string // what it is
	Mend    string // what to do about it
}

// String formats the note as one line.
func (n Note) String() string {
	s := n.Sheet
	if n.Row > 0 {
		s += fmt.Sprintf(", row %d", n.Row)
	}
	if n.Column != "" {
		s += ", " + n.Column
	}
	return s + ": " + n.Message + "; " + n.Mend
}

// Problem says why a file is no XLSForm that can be read.
type Problem struct {
	File, Message, Mend string
}

// Error implements error.
func (p *Problem) Error() string { return p.File + ": " + p.Message + "; " + p.Mend }

// mostNotes bounds what a hostile file can make the reader say.
const mostNotes = 500

func (r *reader) note(sheet string, row int, column, message, mend string) {
	if len(r.notes) < mostNotes {
		r.notes = append(r.notes, Note{sheet, row, column, message, mend})
	}
}

// quote shows a value inside a message.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%q...", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}
