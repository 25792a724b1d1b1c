// Package spreadsheet knows what spreadsheets do to the text in a file that they open.
package spreadsheet

import "strings"

// Guard keeps a text from being read as a formula, in a workbook, in CSV, or after one was saved as the other: what starts
// with a character that starts one, after white space too, gets an apostrophe before it (OWASP, CSV injection).
func Guard(s string) string {
	start := strings.TrimLeft(s, " \u00a0")
	if start != "" && strings.ContainsAny(start[:1], "=+-@|%\t\r\n") {
		return "'" + s
	}
	return s
}
