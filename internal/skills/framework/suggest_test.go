package framework

import (
	"slices"
	"strings"
	"testing"
)

func TestWordsInTitles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hint, title string
		want        bool
	}{
		{"loket*", "Loketmedewerker", true},
		{"loket*", "Medewerker loket", true},
		{"loket*", "Hoofdloket", false},
		{"*wacht", "Gemeenschapswacht", true},
		{"*wacht", "Wachtmeester", false},
		{"*hulp*", "Poetshulpverlener", true},
		{"kok", "Kok", true},
		{"kok", "Hulp-kok (niv. D)", true},
		{"kok", "Kokkin", false},
		{"gärtner*", "GÄRTNERIN", true},
		{"gartner*", "Gärtner", true},
		{"eboueur*", "Éboueur", true},
		{"straße*", "Strassenmeister", true},
	} {
		h, err := readHint(c.hint)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.ContainsFunc(words(c.title), h.in); got != c.want {
			t.Errorf("%s in %q: %v, want %v", c.hint, c.title, got, c.want)
		}
	}
	for _, wrong := range []string{"", "*", "**", "a", "a b", "a-b", "lo*ket", "*a*", strings.Repeat("a", 41)} {
		if _, err := readHint(wrong); err == nil {
			t.Errorf("the word %q is accepted", wrong)
		}
	}
}

func TestSuggestionsNameTheWord(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	got := f.Suggester().Suggest("Diensthoofd GROEN & Éboueurs")
	want := []Suggestion{{"field", "groen"}, {"leads", "diensthoofd"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := f.Suggester(FR).Suggest("Tuinarbeider"); got != nil {
		t.Errorf("a Dutch title in French: %v", got)
	}
	if got := f.Suggester().Suggest(""); got != nil {
		t.Errorf("no title: %v", got)
	}
}
