package extract

import "strings"

// joined makes words whole that a PDF broke at the end of a line: PDFium marks such a hyphen with U+FFFE, before the break.
func joined(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\uFFFE\n", "")
	return strings.ReplaceAll(s, "\uFFFE", "")
}
