package faulttest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/survey/wave"
)

// TestJumpingClockLosesNoAnswerToAWave sets the clock of a server in this process forwards and backwards, also to before the
// wave opened and after it closes, while people answer.
func TestJumpingClockLosesNoAnswerToAWave(t *testing.T) {
	t.Parallel()
	onEngine(t, func(t *testing.T, dir, database string) {
		k, when := asks(t, dir, database, frameSize, wave.Anonymous)[0], moments(t)
		var shift atomic.Int64
		machine := clock.System()
		now := func() time.Time { return machine().Add(time.Duration(shift.Load())) }
		a := k.in.inside(t, now, "http://127.0.0.1:1")
		ctx, stop := context.WithCancel(t.Context())
		var work sync.WaitGroup
		work.Go(func() { a.Run(ctx) })
		server := httptest.NewServer(a.Web)
		c := gather(t, k, server.URL, when, true)
		for _, jump := range []struct {
			by   time.Duration
			says int // what the server says to who answers then; 0 for that it takes the answers
		}{
			{time.Hour, 0}, {0, 0}, {-time.Hour, http.StatusConflict}, {0, 0}, {240 * time.Hour, http.StatusConflict}, {0, 0}, {-240 * time.Hour, http.StatusConflict}, {0, 0},
		} {
			shift.Store(int64(jump.by))
			if jump.says == 0 {
				c.wait(time.Duration(50+when.IntN(200)) * time.Millisecond)
				continue
			}
			told := c.statuses(jump.says)
			eventually(t, patience, "people are told that the wave is not open", func() bool { return c.statuses(jump.says) > told+clients })
			if status, _ := get(server.URL + "/w/" + k.wave.Code); status != http.StatusOK {
				t.Errorf("with the clock set by %v the page of the wave gives %d", jump.by, status)
			}
		}
		c.end()
		server.Close()
		w, err := a.Survey.Waves.Wave(t.Context(), k.hr, k.wave.ID)
		if err != nil || w.State != wave.Open {
			t.Errorf("after the clock was set back the wave is %s: %v", w.State, err)
		}
		stop()
		work.Wait()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		y := c.tally()
		c.drawsHold(database)
		y.holds(t, k, database)

		// And when its moment comes it is closed, with all of it.
		shift.Store(int64(121 * time.Hour))
		a = k.in.inside(t, now, "http://127.0.0.1:1")
		if err := a.Survey.Waves.Due(t.Context()); err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		settled(t, database, now, k)
		reported(t, database, []*asking{k}, []*tally{y})
	})
}
