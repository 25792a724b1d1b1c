package mapping

// Table is a file that was read into cells.
type Table interface {
	// Headings returns the headings, one a column.
	Headings() []string
	// Len returns the number of rows.
	Len() int
	// Row returns the number of a row in the file and its cells, for i from 0. There may be fewer cells than headings. The cells
	// may be overwritten by the next call.
	Row(i int) (number int, cells []string)
}
