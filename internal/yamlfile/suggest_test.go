package yamlfile

import "testing"

func TestNearest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ word, want string }{
		{"qestion", "question"}, {"quesiton", "question"}, {"Question", "question"}, {"items", ""}, {"xyz", ""}, {"id", ""}, {"questionnaire", ""},
	} {
		if got := Nearest(c.word, []string{"question", "options", "rows"}); got != c.want {
			t.Errorf("nearest to %q is %q, want %q", c.word, got, c.want)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "abc", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 1}, {"é", "e", 1}, {"same", "same", 0}} {
		if got := editDistance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("distance of %q and %q is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
