package law

import (
	"strings"
	"testing"

	content "tekentafel/content/action"
	"tekentafel/internal/instrument"
)

func TestTheLawSaysWhichAndSinceWhen(t *testing.T) {
	t.Parallel()
	l, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range instrument.Languages() {
		if !strings.Contains(l.Reference.In(lang), "2026/1744") {
			t.Errorf("%s: which regulation is not said: %s", lang, l.Reference.In(lang))
		}
	}
	since, checked := l.Days()
	if since.Year() != 2026 || checked.Before(since) {
		t.Errorf("in force since %v, compared on %v", since, checked)
	}
}

func TestWhatIsWrongWithTheLawIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	good := string(content.Law())
	for change, want := range map[[2]string]string{
		{"since: 2026-07-27", "since: soon"}:       `since is "soon"`,
		{"  de: \"Artikel 4", "  de: \"\" #"}:      "reference has no text in de",
		{"checked:", "looked:"}:                    "looked not found",
		{"checked: 2026-11-29", "checked: \"29\""}: `checked is "29"`,
	} {
		src := strings.Replace(good, change[0], change[1], 1)
		if src == good {
			t.Fatalf("%q is not in the file", change[0])
		}
		if _, err := Parse("law.yaml", []byte(src)); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "law.yaml") {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(content.Law())
	f.Fuzz(func(t *testing.T, src []byte) {
		l, err := Parse("f.yaml", src)
		if (l == nil) != (err != nil) {
			t.Fatalf("%v and %v", l, err)
		}
	})
}
