package ui

import (
	"context"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

func TestLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]*i18n.Bundle{"words": messages(), "samples": sampleTexts()} {
		if err := b.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEveryWordIsThere holds the constants and the files to each other.
func TestEveryWordIsThere(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("words.go")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "words.go", src, 0); err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, m := range regexp.MustCompile(`Word = "([^"]+)"`).FindAllStringSubmatch(string(src), -1) {
		named = append(named, m[1])
	}
	keys, err := messages().Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range named {
		if !slices.Contains(keys, key) {
			t.Errorf("%s has no text", key)
		}
	}
	for _, key := range keys {
		if !slices.Contains(named, key) && !strings.HasPrefix(key, "token.") {
			t.Errorf("nothing says %s", key)
		}
	}
}

// TestEverySampleIsShown holds the page of components to its texts.
func TestEverySampleIsShown(t *testing.T) {
	t.Parallel()
	var src strings.Builder
	for _, pattern := range []string{"components*.go", "components*.templ"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			src.Write(b)
		}
	}
	keys, err := sampleTexts().Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		base := strings.TrimSuffix(strings.TrimPrefix(key, "door-"), "-hint")
		if !strings.Contains(src.String(), `"`+base+`"`) && !strings.Contains(src.String(), `"`+key+`"`) {
			t.Errorf("the sample %q is never shown", key)
		}
	}
}

func TestWordsFollowTheContext(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	if got := T(ctx, WordSave); got != "Bewaren" {
		t.Errorf("without a language: %q", got)
	}
	for lang, want := range map[instrument.Lang]string{"nl": "Bewaren", "fr": "Enregistrer", "de": "Speichern", "en": "Save", "xx": "Bewaren"} {
		if got := T(WithLang(ctx, lang), WordSave); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := WordStepsAt.Fill(instrument.FR, i18n.Args{"n": "2", "total": "4"}); got != "Étape 2 sur 4" {
		t.Errorf("got %q", got)
	}
}

func TestSizesAndDurationsReadEasily(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[int64]string{0: "0\u00a0B", 999: "999\u00a0B", 1500: "1,5\u00a0kB", 2000: "2\u00a0kB", 999_600: "1\u00a0MB", 50_000_000: "50\u00a0MB", 1_250_000_000: "1,3\u00a0GB"} {
		if got := Size(bytes, instrument.NL); got != want {
			t.Errorf("%d: %q, want %q", bytes, got, want)
		}
	}
	if got := Size(1500, instrument.FR); got != "1,5\u00a0ko" {
		t.Errorf("got %q", got)
	}
	for d, want := range map[time.Duration]string{
		0: "0\u00a0s", 45 * time.Second: "45\u00a0s", 125 * time.Second: "2\u00a0min 5\u00a0s", 11 * time.Minute: "11\u00a0min", 70 * time.Minute: "1\u00a0h 10\u00a0min",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
