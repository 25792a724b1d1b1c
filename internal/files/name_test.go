package files

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestANameOfAFileHasNoFolders(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 300)
	for given, want := range map[string]string{
		"staff.csv":                     "staff.csv",
		`C:\docs\my staff.csv`:          "my staff.csv",
		"/home/an/../staff.csv":         "staff.csv",
		`..\..\x`:                       "x",
		" a \t b.csv\n":                 "a b.csv",
		"\u202egpj.exe":                 "gpj.exe",
		"a\u200db\xff\x00.csv":          "a\u200db.csv",
		"":                              "file",
		"..":                            "file",
		" . ":                           "file",
		"\u200d":                        "file",
		"folder/":                       "file",
		long + ".xlsx":                  long[:2*(LongestName-5)] + ".xlsx",
		long:                            long[:2*LongestName],
		"x." + strings.Repeat("y", 200): "x." + strings.Repeat("y", LongestName-2),
	} {
		if got := BaseName(given, "file"); got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}

func FuzzBaseName(f *testing.F) {
	f.Add(`a\b/c.d`)
	f.Fuzz(func(t *testing.T, s string) {
		got := BaseName(s, "file")
		if got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > LongestName || strings.ContainsAny(got, "/\\\r\n\x00") || got == ".." {
			t.Fatalf("%q became %q", s, got)
		}
		if again := BaseName(got, "file"); again != got {
			t.Fatalf("%q became %q, and then %q", s, got, again)
		}
	})
}
