package paper

import (
	"strconv"

	"tekentafel/internal/docx"
)

// next counts the headings of level 1.
func next(at int, b docx.Block) int {
	if h, ok := b.(docx.Heading); ok && h.Level <= 1 {
		return at + 1
	}
	return at
}

func placeID(at int) string { return "part-" + strconv.Itoa(at) }

// sections parts blocks at each heading of level 1. The first part is what stands before the first of them, and may be empty.
func sections(list []docx.Block) [][]docx.Block {
	out := [][]docx.Block{nil}
	for _, b := range list {
		if h, ok := b.(docx.Heading); ok && h.Level <= 1 {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], b)
	}
	return out
}

// headingOf is the heading with which a part begins.
func headingOf(part []docx.Block) string {
	h, _ := part[0].(docx.Heading)
	return h.Text
}
