package instruments_test

import (
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
)

// The monitor promises that nobody needs more than eight minutes, whatever the route and the language.
func TestMonitorTakesAtMostEightMinutes(t *testing.T) {
	t.Parallel()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse("genai-monitor", src)
	if err != nil {
		t.Fatal(err)
	}
	routing, err := instrument.CompileRouting(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range instrument.Languages() {
		if d := routing.Minutes(l); !d.Exact || d.Longest > 8 {
			t.Errorf("%s: the longest route takes %.2f minutes (exact: %v), at most 8 are promised", l, d.Longest, d.Exact)
		}
	}
}
