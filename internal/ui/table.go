package ui

import "github.com/a-h/templ"

// Table is a table of data. On a phone it becomes a list, a row an item.
type Table struct {
	Caption     string
	HideCaption bool // the caption is only read aloud, where a heading says it to the eye
	Columns     []Column
	Rows        []Row
	Attrs       templ.Attributes // of the table
}

// Column is a column of a table.
type Column struct {
	Label   string
	Numeric bool   // figures below each other
	Long    bool   // holds sentences: on a phone they stand below the label
	Sort    string // the address that sorts by this column, or ""
	Sorted  Sorted // how it is sorted now
}

// Sorted is how a table is sorted by a column.
type Sorted int

// The orders of a table.
const (
	Unsorted Sorted = iota
	Ascending
	Descending
)

// Row is a row of a table. Its first cell names it.
type Row struct {
	Cells   []Cell
	Actions []Action
	Attrs   templ.Attributes
}

// Cell is a cell of a table: text, a link, or content of its own.
type Cell struct {
	Text    string
	Href    string
	Quiet   bool // it says why there is no figure
	Content templ.Component
}

// Texts returns cells with these texts.
func Texts(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, text := range texts {
		out[i] = Cell{Text: text}
	}
	return out
}

// hasActions tells whether any row has something to do.
func (t Table) hasActions() bool {
	for _, r := range t.Rows {
		if len(r.Actions) > 0 {
			return true
		}
	}
	return false
}

func (t Table) column(i int) Column {
	if i < len(t.Columns) {
		return t.Columns[i]
	}
	return Column{}
}

// sortAttr is the aria-sort of a column.
func (c Column) sortAttr() templ.Attributes {
	switch c.Sorted {
	case Ascending:
		return templ.Attributes{"aria-sort": "ascending"}
	case Descending:
		return templ.Attributes{"aria-sort": "descending"}
	default:
		return nil
	}
}

func (c Column) arrow() string {
	switch c.Sorted {
	case Ascending:
		return "▲"
	case Descending:
		return "▼"
	default:
		return ""
	}
}
