package steps

import (
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

func TestLocaleSaysTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestEachStepLeadsToTheNextAndBackToTheWave(t *testing.T) {
	t.Parallel()
	for s, next := range map[Step]string{What: "/waves/w/settings", Mode: "/waves/w/people", Who: "/waves/w/plan", When: "/waves/w/launch", Check: "/waves/w", Step(9): "/waves/w"} {
		if got := After("w", s); got != next {
			t.Errorf("after step %d comes %s, want %s", s, got, next)
		}
		if got := Kept("w", s, onValue); got != next {
			t.Errorf("step %d is kept to go on: %s, want %s", s, got, next)
		}
		for _, to := range []string{"", "elsewhere", "https://example.org"} {
			if got := Kept("w", s, to); got != "/waves/w" {
				t.Errorf("step %d kept with %q leads to %s", s, to, got)
			}
		}
		ways := onward(instrument.NL, "w", s, ui.Next)
		if back := ways[len(ways)-1]; back.Href != "/waves/w" || back.Label != "Terug naar de meting" {
			t.Errorf("step %d leads back to %+v", s, back)
		}
		if s < Check && (len(ways) != 2 || ways[0].Href != next || !strings.HasPrefix(ways[0].Label, "Volgende stap: ")) {
			t.Errorf("step %d leads on to %+v", s, ways)
		}
	}
}

func TestOnlyAWaveThatIsThereIsLedBackIn(t *testing.T) {
	t.Parallel()
	if l := line(instrument.EN, "", What); len(l.Labels) != 5 || len(l.Links) != 0 {
		t.Errorf("%+v", l)
	}
	if l := line(instrument.EN, "w", Check); len(l.Links) != 5 || l.Links[2] != "/waves/w/people" {
		t.Errorf("%+v", l)
	}
}
