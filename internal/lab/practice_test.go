package lab

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTheAnswerOfThePracticeModelGoesToNoOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		system := strings.TrimSpace(rapid.StringMatching(`[a-z \n]{0,40}`).Draw(t, "system"))
		answer := strings.TrimSpace(rapid.StringMatching(`[a-z \n\[\]/]{0,40}`).Draw(t, "answer"))
		plain, got := CutPractice(WithPractice(system, answer))
		if plain != system || got != answer {
			t.Fatalf("%q and %q of %q and %q", plain, got, system, answer)
		}
	})
	if plain, answer := CutPractice("a\n[[practice]]\nb [[/practice]] c"); plain != "a\n\nc" || answer != "b" {
		t.Errorf("%q %q", plain, answer)
	}
	if plain, answer := CutPractice(WithPractice(WithPractice("a", "b"), "c")); plain != "a" || answer != "b" {
		t.Errorf("%q %q", plain, answer)
	}
	if plain, answer := CutPractice("a [[practice]] never closed"); plain != "a" || answer != "never closed" {
		t.Errorf("%q %q", plain, answer)
	}
}
