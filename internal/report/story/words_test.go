package story_test

import (
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
)

func TestTheWordsAreFilledInInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		s := story.Tell(&findings.Findings{}, lang)
		for _, key := range story.WordKeys() {
			if s.Words[key] == "" {
				t.Errorf("%s: no word for %q", lang, key)
			}
		}
	}
}

func TestTheOrganisationCanNameItsContact(t *testing.T) {
	t.Parallel()
	const contact = "Bel Fatima, toestel 12."
	if got := story.Tell(&findings.Findings{}, instrument.NL, story.Contact(contact)).Sheet.Contact; got != contact {
		t.Errorf("got %q", got)
	}
}
