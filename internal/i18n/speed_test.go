package i18n

import (
	"testing"

	"golang.org/x/text/message"
	"golang.org/x/text/number"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
)

// TestShortNumbersAreWrittenAsTheLibraryDoes holds the short way of writing numbers to the library's.
func TestShortNumbersAreWrittenAsTheLibraryDoes(t *testing.T) {
	t.Parallel()
	library := map[instrument.Lang]*message.Printer{}
	for lang, conv := range conventions() {
		library[lang] = message.NewPrinter(conv.digits)
	}
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom(instrument.Languages()).Draw(t, "lang")
		p := (&Bundle{}).Printer(lang)
		n := rapid.IntRange(-3000, 3000).Draw(t, "n")
		if got, want := p.Int(n), library[lang].Sprint(number.Decimal(n)); got != want {
			t.Fatalf("%s: %d is written %q, want %q", lang, n, got, want)
		}
		decimals := rapid.IntRange(0, 4).Draw(t, "decimals")
		x := float64(rapid.IntRange(-20_000_000, 20_000_000).Draw(t, "x")) / 10_000
		got := p.Decimal(x, decimals)
		if want := library[lang].Sprint(number.Decimal(rounded(x, decimals), number.Scale(decimals))); got != want {
			t.Fatalf("%s: %g with %d decimals is written %q, want %q", lang, x, decimals, got, want)
		}
	})
}

// TestPrintersSortInManyGoroutinesAtOnce is for the race detector: collators may not be shared.
func TestPrintersSortInManyGoroutinesAtOnce(t *testing.T) {
	t.Parallel()
	for range 8 {
		t.Run("sort", func(t *testing.T) {
			t.Parallel()
			p := (&Bundle{}).Printer(instrument.NL)
			for range 50 {
				list := []string{"zebra", "Éclair", "eend", "aap 10", "aap 9"}
				Collate(p, list, func(s string) string { return s })
				if list[0] != "aap 9" || list[4] != "zebra" {
					t.Errorf("sorted as %q", list)
				}
			}
		})
	}
}

func BenchmarkPrinter(b *testing.B) {
	bundle := &Bundle{}
	b.ReportAllocs()
	for b.Loop() {
		_ = bundle.Printer(instrument.NL).Percent(0.543)
	}
}
