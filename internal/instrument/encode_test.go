package instrument

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rewritten checks that an instrument is the same after it is written and read again.
func rewritten(t *testing.T, in *Instrument) {
	t.Helper()
	out, err := Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) > MaxBytes {
		return // what a file says briefly, by shared texts, may be long when it is written out
	}
	again, err := Parse("again", out)
	if err != nil {
		t.Fatalf("what was written is refused: %v\n%s", err, out)
	}
	if diff := cmp.Diff(in, again, cmp.Transformer("empty", func(t Text) map[Lang]string {
		if len(t) == 0 {
			return nil
		}
		return t
	})); diff != "" {
		t.Fatalf("what was written reads back as something else (-before +after):\n%s", diff)
	}
	twice, err := Marshal(again)
	if err != nil || !bytes.Equal(out, twice) {
		t.Fatalf("written twice, it differs: %v", err)
	}
}

func TestWhatIsWrittenReadsBackAsTheSame(t *testing.T) {
	t.Parallel()
	sources := map[string][]byte{"conditional": []byte(conditional(`use == "never" and not (chosen(tools, "other") or age >= 18.5)`))}
	paths, err := filepath.Glob(filepath.Join("..", "..", "instruments", "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, p := range paths {
		if sources[p], err = os.ReadFile(p); err != nil {
			t.Fatal(err)
		}
	}
	sources["texts"] = []byte(head + "items:\n  - {id: a, kind: text, question: {nl: \"a: #b\\n  c 'd' \\\"e\\\" \\u00a0\"}, column: \"1\"}\n")
	for name, src := range sources {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			in, err := Parse(name, src)
			if err != nil {
				t.Fatal(err)
			}
			rewritten(t, in)
		})
	}
}
