// Package clock is the only place that asks the machine for the time.
package clock

import (
	"context"
	"time"
)

// Clock tells the time. Whoever needs the time is given one, so that a test can hold it still.
type Clock func() time.Time

// System returns the clock of the machine, in UTC and to the microsecond, as the store keeps it.
func System() Clock {
	return func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) } //nolint:forbidigo // the one place
}

// Micros returns t as the store keeps it: microseconds since 1970 in UTC; 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the reverse of Micros.
func Time(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// Wait returns after d, or earlier with the error of ctx.
func Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Jump is a step of the machine's clock that was no passing of time.
type Jump struct{ By time.Duration }

// Deadline returns when d has passed by the machine's clock: what the machine itself compares with, such as the deadline
// of a connection, must not depend on a clock that somebody holds still.
func Deadline(d time.Duration) time.Time {
	return time.Now().Add(d) //nolint:forbidigo // see above
}

// reading is the machine's clock and its steady counter at one moment.
type reading struct {
	wall   time.Time
	steady time.Duration
}

// Watch compares the machine's clock with its steady counter every interval and calls told for each jump of at least
// least, until ctx ends. The counter goes on evenly when somebody sets the clock.
func Watch(ctx context.Context, interval, least time.Duration, told func(Jump)) {
	start := time.Now() //nolint:forbidigo // wall clock and steady counter in one reading
	watch(ctx, interval, least, func() reading {
		now := time.Now() //nolint:forbidigo // as above
		return reading{now.Round(0), now.Sub(start)}
	}, told)
}

func watch(ctx context.Context, interval, least time.Duration, read func() reading, told func(Jump)) {
	last := read()
	for Wait(ctx, interval) == nil {
		now := read()
		if by := now.wall.Sub(last.wall) - (now.steady - last.steady); by.Abs() >= least {
			told(Jump{By: by})
		}
		last = now
	}
}
