package intake

import (
	"cmp"
	"slices"
)

// Quality counts what was read, kept, merged and not understood. Rows is the number of answers plus all Excluded.
type Quality struct {
	Format    string // csv, xlsx, parquet, snapshot
	Encoding  string // of text: utf-8, utf-16le, utf-16be, windows-1252
	Delimiter string // of text
	Sheet     string // of a workbook

	Rows     int // data rows in the file
	Empty    int // of which without a single answer
	Blank    int // blank lines between the rows; they are no rows
	Short    int // rows with fewer cells than headings; what lacks is empty
	Excluded []Excluded

	Unknown       int            // cells that fit no option, number or range
	UnknownByItem map[string]int // the same by item or matrix row ID; only items with any
	Merged        int            // cells of categories that the mapping translated to another spelling

	Unread  []string // headings that nothing was done with
	Ignored []string // headings that the mapping says to ignore
	Missing []string // variables (items, for a multiple choice without any column) that the file has no column for
}

// Excluded says how many rows were left out, and why.
type Excluded struct {
	Reason string // ExcludedEmpty, ExcludedNoWeight or ExcludedNoConsent
	N      int
}

// The reasons for which a row is left out.
const (
	ExcludedEmpty     = "empty"      // not a single answer
	ExcludedNoWeight  = "no-weight"  // weight empty, not a number, infinite or below 0
	ExcludedNoConsent = "no-consent" // the consent column of the mapping says something else than yes
)

// Issue is a cell that was not understood.
type Issue struct {
	Row        int    // as a spreadsheet counts: the headings are row 1
	Column     string // heading
	Value      string // the cell, cut at 200 characters
	Item       string // item or matrix row ID; "" outside the instrument
	Message    string
	Suggestion string // the spelling that was probably meant, or ""
}

// Merge proposes that two spellings of a category are one.
type Merge struct {
	Column    string // heading
	Item      string
	From      string // the rarer spelling
	Into      string
	CountFrom int
	CountInto int
	Why       string // in what they differ: "white space", "capitals", "accents", "punctuation", "one letter"
}

// issueValueLength is how many characters of a cell an issue shows.
const issueValueLength = 200

// cutMark stands behind a cell that is shown in part.
const cutMark = "…"

// issues collects the first limit issues in order of row, then column, and counts the rest.
type issues struct {
	limit int
	list  []positioned
	total int
}

// positioned is an issue with the order of its column in the file.
type positioned struct {
	Issue
	column int
}

func (s *issues) add(column int, i Issue) {
	s.total++
	if r := []rune(i.Value); len(r) > issueValueLength {
		i.Value = string(r[:issueValueLength]) + cutMark
	}
	s.list = append(s.list, positioned{i, column})
	if len(s.list) >= 2*s.limit+64 {
		s.cut()
	}
}

func (s *issues) cut() {
	slices.SortStableFunc(s.list, func(a, b positioned) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.column, b.column))
	})
	if len(s.list) > s.limit {
		s.list = slices.Clone(s.list[:s.limit])
	}
}

// done returns the kept issues in order and the number of the others.
func (s *issues) done() (kept []Issue, more int) {
	s.cut()
	for _, p := range s.list {
		kept = append(kept, p.Issue)
	}
	return kept, s.total - len(kept)
}
