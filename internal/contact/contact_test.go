package contact

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzAMailAddressHasOneForm(f *testing.F) {
	for _, s := range []string{"a@b.c", `"a b"@c.d`, "a@b@c.d", "Ann <a@b.c>", "a@[1.2.3.4]", "é@ü.be", "a@b.c\r\nBcc: x@y.z", ".a@b.c", "a@b..c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, ok := Mail(s)
		if !ok {
			return
		}
		again, ok := Mail(m)
		if !ok || again != m || strings.ContainsAny(m, " \r\n\t<>\",;") || strings.Count(m, "@") != 1 || len(m) > LongestMail {
			t.Fatalf("%q became %q and %q", s, m, again)
		}
	})
}

func FuzzANumberHasOneForm(f *testing.F) {
	f.Add(" a 1 ")
	f.Add("ß ﬀ")
	f.Fuzz(func(t *testing.T, s string) {
		n := Number(s)
		if Number(n) != n || !utf8.ValidString(n) {
			t.Fatalf("%q became %q and then %q", s, n, Number(n))
		}
	})
}

func TestLeadingZerosTellNumbersApart(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{" ab 12": "AB12", "0012": "0012", "12\u200b": "12", "": ""} {
		if got := Number(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
