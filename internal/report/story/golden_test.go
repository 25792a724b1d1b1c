package story

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

var update = flag.Bool("update", false, "write the golden stories anew")

// fixtures lists the hand-made findings.
func fixtures() map[string]*findings.Findings {
	return map[string]*findings.Findings{"rich": rich(), "small": small(), "suppressed": suppressed(), "literacy": literacy(), "overlapping": overlapping(), "second": second()}
}

func TestStoriesReadAsBefore(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures() {
		langs := []instrument.Lang{instrument.NL}
		if name == "rich" || name == "second" {
			langs = instrument.Languages()
		}
		for _, lang := range langs {
			s, err := tell(f, lang)
			if err != nil {
				t.Errorf("%s, %s: %v", name, lang, err)
			}
			got := written(s)
			file := filepath.Join("testdata", name+"-"+string(lang)+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("%s, %s; run with -update when the change is meant:\n%s", name, lang, d)
			}
		}
	}
}
