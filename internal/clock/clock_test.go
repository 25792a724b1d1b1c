package clock

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTimesComeBackFromTheStoreToTheMicrosecond(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		micros := rapid.Int64Range(-1<<53, 1<<53).Draw(t, "micros")
		if got := Micros(Time(micros)); got != micros {
			t.Fatalf("%d came back as %d", micros, got)
		}
		at := time.UnixMicro(micros).In(time.FixedZone("", rapid.IntRange(-14*3600, 14*3600).Draw(t, "zone")))
		if back := Time(Micros(at)); micros != 0 && (!back.Equal(at) || back.Location() != time.UTC) {
			t.Fatalf("%v came back as %v", at, back)
		}
	})
	if Micros(time.Time{}) != 0 || !Time(0).IsZero() {
		t.Error("no time is not kept as no time")
	}
}

func TestSystemClockKeepsWhatTheStoreKeeps(t *testing.T) {
	t.Parallel()
	now := System()()
	if !Time(Micros(now)).Equal(now) || now.Location() != time.UTC {
		t.Errorf("%v does not survive the store", now)
	}
	if off := time.Since(now).Abs(); off > time.Minute {
		t.Errorf("the clock is %v off", off)
	}
}

func TestWaitEndsWithItsTimeOrItsContext(t *testing.T) {
	t.Parallel()
	if err := Wait(t.Context(), time.Millisecond); err != nil {
		t.Errorf("after its time: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := Wait(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("after its context ended: %v", err)
	}
}

func TestDeadlineIsAheadByWhatWasAsked(t *testing.T) {
	t.Parallel()
	if left := time.Until(Deadline(time.Hour)); left > time.Hour || left < time.Hour-time.Minute {
		t.Errorf("a deadline of an hour is %v ahead", left)
	}
}

// TestWatchTellsOfJumpsAndOfNothingElse steps a clock that somebody sets, beside a counter that is steady.
func TestWatchTellsOfJumpsAndOfNothingElse(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC)
	readings := []reading{
		{start, 0},
		{start.Add(time.Minute), time.Minute}, // time passes
		{start.Add(time.Minute + 12*time.Second + 900*time.Millisecond), 72 * time.Second}, // drift below the least
		{start.Add(2*time.Hour + 84*time.Second), 84 * time.Second},                        // two hours ahead
		{start.Add(2*time.Hour + 99*time.Second), 99 * time.Second},
		{start.Add(-time.Hour + 10*time.Minute), 10 * time.Minute}, // three hours back, after a long sleep
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	next := 0
	read := func() reading {
		r := readings[next]
		if next++; next == len(readings) {
			stop()
		}
		return r
	}
	var told []time.Duration
	watch(ctx, time.Microsecond, 2*time.Second, read, func(j Jump) { told = append(told, j.By.Round(time.Second)) })
	if len(told) != 2 || told[0] != 2*time.Hour-time.Second || told[1] != -3*time.Hour {
		t.Errorf("told of jumps by %v", told)
	}
}

func TestWatchOfASteadyClockIsSilentAndEnds(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer stop()
	Watch(ctx, time.Millisecond, time.Minute, func(j Jump) { t.Errorf("told of a jump by %v", j.By) })
}

func TestISOShowsTheOffset(t *testing.T) {
	t.Parallel()
	zone := Brussels()
	if zone == time.UTC {
		t.Skip("this machine has no time zones")
	}
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 7, 1, 12, 0, 0, 999, time.UTC), "2026-07-01 14:00:00 +02:00"},
		{time.Date(2026, 11, 24, 13, 3, 7, 0, time.UTC), "2026-11-24 14:03:07 +01:00"},
		{time.Time{}, ""},
	} {
		if got := ISO(c.at, zone); got != c.want {
			t.Errorf("ISO(%v) = %q, want %q", c.at, got, c.want)
		}
	}
}
