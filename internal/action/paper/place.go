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
