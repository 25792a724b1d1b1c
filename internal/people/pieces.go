package people

import (
	"iter"
	"slices"

	"tekentafel/internal/people/org"
)

// pieceRows is how many rows are written before progress is told.
const pieceRows = 20_000

// pieces cuts rows into parts, in the order in which they refer to each other.
func pieces(o *org.Organisation) iter.Seq[*org.Organisation] {
	return func(yield func(*org.Organisation) bool) {
		for part := range slices.Chunk(o.Units, pieceRows) {
			if !yield(&org.Organisation{Units: part}) {
				return
			}
		}
		for part := range slices.Chunk(o.Functions, pieceRows) {
			if !yield(&org.Organisation{Functions: part}) {
				return
			}
		}
		for part := range slices.Chunk(o.People, pieceRows) {
			if !yield(&org.Organisation{People: part}) {
				return
			}
		}
		for part := range slices.Chunk(o.Posts, pieceRows) {
			if !yield(&org.Organisation{Posts: part}) {
				return
			}
		}
	}
}
