package backend

import (
	"testing"
	"time"
)

func TestABackendRestsAfterFailuresAndOneRequestTriesIt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	b := &breaker{}
	may := func() bool { ok, _, _ := b.may(now); return ok }
	state := func() State { s, _, _, _ := b.health(now); return s }
	b.fail(now, Unreachable, 1, 0)
	if !may() || state() != Well {
		t.Error("one failure makes it rest")
	}
	b.fail(now, Unreachable, 1, 0)
	if ok, wait, why := b.may(now); ok || wait != firstRest || why != Unreachable || state() != Resting {
		t.Errorf("after two: %v, %v, %v", ok, wait, why)
	}
	now = now.Add(firstRest)
	if state() != Trying || !may() || may() {
		t.Error("not exactly one tries when the rest is over")
	}
	b.nothing() // it was stopped
	if !may() {
		t.Error("after a try that told nothing nobody may try")
	}
	b.fail(now, Unreachable, 1, 0)
	if ok, wait, _ := b.may(now); ok || wait != 2*firstRest {
		t.Errorf("the second rest is %v", wait)
	}
	for range 10 {
		now = now.Add(time.Hour)
		may()
		b.fail(now, Unreachable, 1, 0)
	}
	if _, wait, _ := b.may(now); wait != mostRest {
		t.Errorf("it rests %v", wait)
	}
	now = now.Add(time.Hour)
	may()
	b.well()
	if first, second := may(), may(); !first || !second || state() != Well {
		t.Error("it is not well again")
	}
	b.fail(now, Busy, 2, 7*time.Second)
	if ok, wait, _ := b.may(now); ok || wait != 7*time.Second {
		t.Errorf("it asked for 7 s and rests %v", wait)
	}
	b.well()
	b.fail(now, Busy, 2, time.Hour)
	if _, wait, _ := b.may(now); wait != longRest {
		t.Errorf("it asked for an hour and rests %v", wait)
	}
}
