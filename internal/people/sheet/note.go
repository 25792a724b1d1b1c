package sheet

import (
	"encoding/json"
	"fmt"
)

// NoteKind says what was decided or noticed.
type NoteKind string

// The kinds of notes. Args are named behind each.
const (
	// About the file.
	NoteText          NoteKind = "text"           // read as delimited text; encoding, separator ("tab" for a tab), guessed ("yes" unless chosen or marked in the file)
	NoteMixedEncoding NoteKind = "mixed-encoding" // UTF-8 with Count bytes that are none; those were read as windows-1252
	NoteNUL           NoteKind = "nul"            // Count NUL characters were read as spaces
	NoteWorkbook      NoteKind = "workbook"       // read as a workbook; sheet
	NoteSheetSkipped  NoteKind = "sheet-skipped"  // another sheet was left out; sheet, rows; hidden ("yes")
	NoteSheetAlike    NoteKind = "sheet-alike"    // a sheet that was left out has the same headings as the one that was read; sheet, rows

	// About rows that are not in the table. Rows names them.
	NotePreamble        NoteKind = "preamble"         // above the headings; text
	NoteHeadings        NoteKind = "headings"         // the headings; count is the number of rows
	NoteBlankRows       NoteKind = "blank-rows"       // nothing stands in them
	NoteRepeatedHeading NoteKind = "repeated-heading" // the headings once more
	NoteTotal           NoteKind = "total"            // a total or subtotal; text, by ("word", "sum" or "count")
	NoteFooter          NoteKind = "footer"           // below the last row; text

	// About rows of the table.
	NoteShortRows  NoteKind = "short-rows"  // fewer cells than the headings; the cells that lack are empty
	NoteWideRows   NoteKind = "wide-rows"   // more cells than the headings
	NoteOpenQuote  NoteKind = "open-quote"  // a quotation mark opens a cell and was taken as a sign like any other, because the next rows stood behind it
	NoteStrayQuote NoteKind = "stray-quote" // a quotation mark within a quoted cell that is not doubled was taken as a sign like any other
	NoteLineBreaks NoteKind = "line-breaks" // a cell between quotation marks holds several lines; Rows counts them as one row
	NoteHiddenRows NoteKind = "hidden-rows" // hidden in the workbook, and read all the same

	// About columns. Column and Heading name it.
	NoteNoHeadings       NoteKind = "no-headings"       // no row looks like headings; columns are named by letter. Column is -1
	NoteEmptyColumn      NoteKind = "empty-column"      // nothing stands in it, not even a heading; left out. letter
	NoteUnnamed          NoteKind = "unnamed"           // cells but no heading; named by letter. letter
	NoteDoubleHeading    NoteKind = "double-heading"    // the heading stands before; a number was added. first is the column that has it, heading as written
	NoteJoinedHeading    NoteKind = "joined-heading"    // put together from several rows
	NoteHiddenColumn     NoteKind = "hidden-column"     // hidden in the workbook, and read all the same
	NoteMergedFilled     NoteKind = "merged-filled"     // Count cells below merged ones were filled with their text
	NoteFaults           NoteKind = "faults"            // Count cells hold a fault of a formula, such as #N/A
	NoteIndented         NoteKind = "indented"          // Count cells are indented by the workbook; two spaces were put in front for each step
	NoteZerosShown       NoteKind = "zeros-shown"       // Count numbers are shown with zeros in front by the workbook, and were read so
	NoteDateSerials      NoteKind = "date-serials"      // Count numbers are days as a spreadsheet counts them, and were read as days; from, to (an example)
	NoteScientific       NoteKind = "scientific"        // Count long numbers lost their last digits in a spreadsheet (8,50730E+10)
	NoteLostZeros        NoteKind = "lost-zeros"        // proposal: Count numbers have fewer digits than the others and may have lost zeros in front; width. Table.Pad adds them
	NoteNationalHashed   NoteKind = "national-hashed"   // Count national numbers were replaced by a keyed hash; country ("be", "nl"), named ("yes" when the heading says so)
	NoteNationalEmptied  NoteKind = "national-emptied"  // Count cells were a national number and are now empty
	NoteNationalCut      NoteKind = "national-cut"      // Count texts held a national number, which has … in its place
	NoteNationalFaulty   NoteKind = "national-faulty"   // Count cells in a column of national numbers hold one that cannot be right, and are now empty
	NoteNationalKept     NoteKind = "national-kept"     // Count national numbers were kept, by the policy
	NoteNationalHeadings NoteKind = "national-headings" // a heading held a national number, which has … in its place
)

// Span is a run of rows of the file, both ends included, as a spreadsheet counts.
type Span struct{ From, To int }

// MarshalJSON writes [from,to].
func (s Span) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "[%d,%d]", s.From, s.To), nil }

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Span) UnmarshalJSON(b []byte) error {
	var pair [2]int
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	s.From, s.To = pair[0], pair[1]
	return nil
}

// Note is one thing that was decided or noticed while a file was read. It never quotes a national number.
type Note struct {
	Kind    NoteKind          `json:"kind"`
	Column  int               `json:"column"` // of the table, from 0; -1 when it is about no column of it
	Heading string            `json:"heading,omitempty"`
	Rows    []Span            `json:"rows,omitempty"`  // all of them where they are not in the table, else the first ones
	Count   int               `json:"count,omitempty"` // of rows or cells
	Args    map[string]string `json:"args,omitempty"`
}

// spans collects rows as runs.
type spans struct {
	list  []Span
	count int
	most  int // runs that are kept; 0 for all
}

func (s *spans) add(row int) { s.addRun(row, row) }

func (s *spans) addRun(from, to int) {
	s.count += to - from + 1
	if n := len(s.list); n > 0 && s.list[n-1].To+1 == from {
		s.list[n-1].To = to
		return
	}
	if s.most == 0 || len(s.list) < s.most {
		s.list = append(s.list, Span{from, to})
	}
}

// firstRows is how many runs of rows a note names that are in the table all the same.
const firstRows = 20

func (s *spans) note(kind NoteKind, args ...string) Note {
	return Note{Kind: kind, Column: -1, Rows: s.list, Count: s.count, Args: pairs(args)}
}

func pairs(args []string) map[string]string {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}
