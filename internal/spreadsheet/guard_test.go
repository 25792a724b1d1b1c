package spreadsheet_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/spreadsheet"
)

func TestAGuardedTextIsTheSameButForAnApostrophe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[=+\-@\t\r\n a-z]{0,4}`).Draw(t, "text")
		g := spreadsheet.Guard(s)
		if g != "" && strings.ContainsRune("=+-@\t\r\n", rune(g[0])) || strings.TrimPrefix(g, "'") != s {
			t.Fatalf("%q became %q", s, g)
		}
	})
}

func TestAGuardedTextStartsNoFormulaAndKeepsItsWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]string{"", " ", "=", "+", "-", "@", "\t", "\r", "\n", "|", "\u00a0="}).Draw(t, "start") + rapid.String().Draw(t, "rest")
		got := spreadsheet.Guard(s)
		if strings.TrimPrefix(got, "'") != s && got != s {
			t.Fatalf("%q became %q", s, got)
		}
		if first := strings.TrimLeft(got, " \u00a0"); first != "" && strings.ContainsAny(first[:1], "=+-@\t\r") {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
