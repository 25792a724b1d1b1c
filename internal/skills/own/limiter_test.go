package own

import (
	"net/netip"
	"testing"
	"time"
)

func TestWrongCodesOfANetworkAreCountedForAWhile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	g := newGuesses(func() time.Time { return now })
	from, beside, other := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2"), netip.MustParseAddr("2001:db8:1::1")
	for range mostWrong {
		if g.wait(from) != 0 {
			t.Fatal("it waits too early")
		}
		g.wrong(from)
	}
	now = now.Add(time.Minute)
	if got := g.wait(beside); got != wrongFor-time.Minute {
		t.Errorf("the same network waits %v", got)
	}
	if g.wait(other) != 0 {
		t.Error("another network waits too")
	}
	for name, jump := range map[string]time.Duration{"after the while": wrongFor, "after the clock was set back a day": -24 * time.Hour} {
		before := now
		now = now.Add(jump)
		if got := g.wait(from); got != 0 {
			t.Errorf("%s it still waits %v", name, got)
		}
		now = before
	}
}
