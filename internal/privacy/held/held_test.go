package held_test

import (
	"slices"
	"testing"

	"tekentafel/internal/privacy/held"

	"pgregory.net/rapid"
)

func TestNoRowIsLostWhenALongSectionIsSplit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := held.Section{Name: "x"}
		for i := range rapid.IntRange(0, 30).Draw(t, "rows") {
			s.Rows = append(s.Rows, held.Row{Source: string(rune('a' + i))})
		}
		n := rapid.IntRange(0, 12).Draw(t, "n")
		first, rest := s.Split(n)
		if len(rest.Rows) == 1 {
			t.Fatal("one row stands apart")
		}
		source := func(rows []held.Row) (out []string) {
			for _, r := range rows {
				out = append(out, r.Source)
			}
			return out
		}
		if got := append(source(first.Rows), source(rest.Rows)...); !slices.Equal(got, source(s.Rows)) {
			t.Fatalf("%v of %v", got, source(s.Rows))
		}
		if first.Name != s.Name || rest.Name != s.Name || len(first.Rows) > n+1 {
			t.Fatalf("%+v %+v", first, rest)
		}
	})
}
