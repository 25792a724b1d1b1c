package faulttest

import (
	"testing"
	"time"
)

// rounds is how often a server is killed in one test.
const rounds = 8

func TestKilledServerLosesNothingAndDoesNothingTwice(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, in *install) {
		at, when := port(t), moments(t)
		p := start(t, in, at)
		l := begin(t, in, p.url)
		for range rounds {
			l.wait(time.Duration(50_000+when.IntN(300_000)) * time.Microsecond)
			p.kill()
			p = start(t, in, at)
		}
		l.end()
		l.finished()
		if code := p.stop(t); code != 0 {
			t.Errorf("exit code %d\n%s", code, p.said)
		}
		l.verify(in.database)
		if l.saw[0] == 0 {
			t.Error("no answer was lost, so the kills proved nothing")
		}
	})
}
