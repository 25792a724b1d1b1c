package mapping

// Table is a file that was read into cells, such as a *sheet.Table.
type Table interface {
	// Headings returns the headings, one a column.
	Headings() []string
	// Len returns the number of rows.
	Len() int
	// Number returns the number of a row in the file, for rows from 0.
	Number(row int) int
	// AppendRow appends the cells of a row, at most one for each heading.
	AppendRow(to []string, row int) []string
}
