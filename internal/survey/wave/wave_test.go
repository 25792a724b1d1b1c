package wave

import (
	"testing"
	"time"
)

func TestAWaveTakesAnswersBetweenItsMomentsOnly(t *testing.T) {
	t.Parallel()
	opens := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	closes := opens.AddDate(0, 0, 14)
	for _, c := range []struct {
		state State
		at    time.Time
		takes bool
	}{
		{Open, opens.Add(-time.Second), false},
		{Open, opens, true},
		{Open, closes.Add(-time.Second), true},
		{Open, closes, false}, // although the job that closes it has not come by
		{Scheduled, opens, false},
		{Draft, opens, false},
		{Closed, opens, false},
		{Published, opens, false},
	} {
		w := Wave{State: c.state, Opens: opens, Closes: closes}
		if got := w.Takes(c.at); got != c.takes {
			t.Errorf("%s at %s: %t", c.state, c.at, got)
		}
	}
}
