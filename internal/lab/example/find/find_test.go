package find

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func documents() []Document {
	return []Document{
		{"letter", "Klachtenbrieven in klare taal", "brief burgerzaken", "Ik herschreef een brief over een boete."},
		{"minutes", "Verslag van een vergadering", "samenvatten", "De samenvatting was klaar in tien minuten."},
		{"playground", "Speeltuin nakijken met spraak", "veld telefoon", "Ik sprak mijn notities in na het nazicht van de schommels."},
		{"table", "Tableau des déchets", "tableau chiffres", "J’ai demandé les totaux par quartier."},
		{"dienst", "Dienstplan und Straßenreinigung", "Tabelle", "Die Kolonne bekam einen Plan für die Straßen."},
		{"english", "Answering mails of residents", "mail counter", "The answers were shorter and friendlier."},
	}
}

func first(x *Index, question string) string {
	hits := x.Search(question)
	if len(hits) == 0 {
		return ""
	}
	return hits[0].ID
}

func TestAWordIsFoundHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	x := New(documents())
	for question, want := range map[string]string{
		"brief":               "letter",
		"brieven":             "letter",
		"BRIEF":               "letter",
		"klachtenbrief":       "letter",
		"klachtenbreif":       "letter", // two letters swapped
		"samenvatten":         "minutes",
		"samenvattingen":      "minutes",
		"vergaderingen":       "minutes",
		"vergadring":          "minutes", // a letter left out
		"speeltuinen":         "playground",
		"dechets":             "table",
		"DÉCHETS":             "table",
		"tableaux":            "table",
		"Strassenreinigung":   "dienst",
		"reinigung":           "dienst", // in a compound
		"answer mail":         "english",
		"resident":            "english",
		"een brief van de":    "letter",
		"the friendly answer": "english",
		"zeppelin":            "",
		"":                    "",
		"?!":                  "",
	} {
		if got := first(x, question); got != want {
			t.Errorf("%q finds %q, want %q: %v", question, got, want, x.Search(question))
		}
	}
}

func TestMoreOfWhatWasAskedComesFirst(t *testing.T) {
	t.Parallel()
	x := New(documents())
	if got := first(x, "tabelle dienstplan"); got != "dienst" {
		t.Error(got)
	}
	if hits := x.Search("speeltuin schommels notities"); len(hits) != 1 {
		t.Errorf("what has one word of three is left out beside what has all: %v", hits)
	}
}

// A search finds a text by each of its own words, and nothing that anybody types makes it fail.
func TestEveryWordOfATextFindsIt(t *testing.T) {
	t.Parallel()
	list := documents()
	x := New(list)
	for _, d := range list {
		for w := range strings.FieldsSeq(d.Title + " " + d.Tags + " " + d.Body) {
			if littleSaid[Fold(strings.Trim(w, ".,"))] || len(strings.Trim(w, ".,")) < 3 {
				continue
			}
			if !slices.ContainsFunc(x.Search(w), func(h Hit) bool { return h.ID == d.ID }) {
				t.Errorf("%q does not find %s", w, d.ID)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		hits := x.Search(rapid.String().Draw(t, "question"))
		for i := 1; i < len(hits); i++ {
			if hits[i].Score > hits[i-1].Score || hits[i].Score <= 0 {
				t.Fatalf("out of order: %v", hits)
			}
		}
	})
}

func TestWithinCountsChangesSwapsAndLosses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		most int
		want bool
	}{{"brief", "brief", 0, true}, {"brief", "breif", 1, true}, {"brief", "brif", 1, true}, {"brief", "briefs", 1, true}, {"brief", "bread", 1, false}, {"vergadering", "vergaderign", 1, true}, {"vergadering", "vrgadrng", 2, false}, {"café", "cafe", 1, true}, {"", "ab", 1, false}} {
		if got := within(c.a, c.b, c.most); got != c.want {
			t.Errorf("%q and %q within %d: %v", c.a, c.b, c.most, got)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	var list []Document
	for i := range 500 {
		for _, d := range documents() {
			d.ID += string(rune('a' + i%26))
			d.Body += strings.Repeat(" woord"+string(rune('a'+i%26)), 30)
			list = append(list, d)
		}
	}
	x := New(list)
	for b.Loop() {
		x.Search("klachtenbrief in klare taal")
	}
}
