package instruments_test

import (
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
)

// The situations are for waves that choose them, and then add at most six minutes to the longest route.
func TestTheSituationsAddAtMostSixMinutes(t *testing.T) {
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
		d := routing.PartMinutes(l, func(it *instrument.Item) bool { m := in.Module(it.ID); return m != nil && m.Extra })
		if !d.Exact || d.Longest > 6 || d.Shortest < 4 {
			t.Errorf("%s: the situations take %.2f to %.2f minutes (exact: %v), want 4 to 6", l, d.Shortest, d.Longest, d.Exact)
		}
	}
}

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
	routing, err := instrument.CompileRouting(in.Asking())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range instrument.Languages() {
		if d := routing.Minutes(l); !d.Exact || d.Longest > 8 {
			t.Errorf("%s: the longest route takes %.2f minutes (exact: %v), at most 8 are promised", l, d.Longest, d.Exact)
		}
	}
}
