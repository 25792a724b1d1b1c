package answering

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestThePINHasOneNameOnPagesMailsAndPaper(t *testing.T) {
	t.Parallel()
	others := map[string]*regexp.Regexp{
		"nl": regexp.MustCompile(`\bPINs?\b|(?i:pincode).*\b(hem|hij|ze juist|ze ook)\b|\bZe staat\b`),
		"fr": regexp.MustCompile(`\bPIN\b`),
		"de": regexp.MustCompile(`(?i)pin-?code`),
		"en": regexp.MustCompile(`(?i)pin ?code`),
	}
	known := strings.NewReplacer("code PIN", "", "codes PIN", "") // as French has it
	for lang, other := range others {
		for _, dir := range []string{"locale", "../invite/locale", "../invite/print/locale", "../desk/locale"} {
			path := filepath.Join(dir, lang+".yaml")
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(src), "\n") {
				if m := other.FindString(known.Replace(line)); m != "" {
					t.Errorf("%s:%d says %q", path, i+1, m)
				}
			}
		}
	}
}
