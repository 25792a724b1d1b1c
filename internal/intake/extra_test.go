package intake

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tekentafel/internal/instrument"
)

// Data of a wave that did not choose an extra module lacks nothing; data that has a part of it lacks the rest.
func TestWhatNobodyChoseToAskIsNotMissing(t *testing.T) {
	t.Parallel()
	in, err := instrument.Parse("t", []byte(`{id: t, version: "1", title: {nl: T}, languages: [nl], group_size: 10,
  modules: [{id: more, label: {nl: M}, items: [b, c], extra: true}],
  items: [{id: a, kind: number, question: {nl: A}}, {id: b, kind: number, question: {nl: B}}, {id: c, kind: number, question: {nl: C}}, {id: d, kind: number, question: {nl: D}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string][]string{"a\n1\n": {"d"}, "a,b\n1,2\n": {"c", "d"}, "a,b,c,d\n1,2,3,4\n": nil} {
		path := filepath.Join(t.TempDir(), "data.csv")
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Read(context.Background(), path, in, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.Quality.Missing, want) {
			t.Errorf("%q: %v are missing, want %v", data, r.Quality.Missing, want)
		}
	}
}
