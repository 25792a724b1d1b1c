package faulttest

import (
	"net/http"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/testkit/pgtest"
)

// frameSize is more people than come in a test, so that ballots are drawn until its end.
const frameSize = 1500

// proved wants the store at address to hold what the crowd was told, before and after the wave is closed.
func (c *crowd) proved(address string, now clock.Clock) {
	c.t.Helper()
	y := c.tally()
	c.drawsHold(address)
	y.holds(c.t, c.k, address)
	if c.t.Failed() {
		return
	}
	settled(c.t, address, now, c.k)
	reported(c.t, address, []*asking{c.k}, []*tally{y})
}

func TestKilledServerLosesNoAnswerToAWave(t *testing.T) {
	t.Parallel()
	onEngine(t, func(t *testing.T, dir, database string) {
		k := asks(t, dir, database, frameSize, wave.Anonymous)[0]
		at, when := port(t), moments(t)
		p := start(t, k.in, at)
		c := gather(t, k, p.url, when, false)
		for range rounds {
			c.wait(time.Duration(50_000+when.IntN(300_000)) * time.Microsecond)
			p.kill()
			p = start(t, k.in, at)
		}
		c.wait(100 * time.Millisecond)
		c.end()
		ended(t, p)
		c.proved(database, clock.System())
		if c.saw[0] == 0 {
			t.Error("no answer of the server was lost, so the kills proved nothing")
		}
	})
}

func TestDatabaseThatGoesAndComesBackLosesNoAnswerToAWave(t *testing.T) {
	t.Parallel()
	cluster, when := pgtest.NewCluster(t), moments(t)
	k := asks(t, t.TempDir(), cluster.URL(), frameSize, wave.Anonymous)[0]
	p := start(t, k.in, port(t))
	c := gather(t, k, p.url, when, false)
	for _, end := range []func(){cluster.Kill, cluster.Kill, cluster.Stop} {
		c.wait(time.Duration(100+when.IntN(400)) * time.Millisecond)
		end()
		told := c.statuses(http.StatusServiceUnavailable)
		eventually(t, patience, "people are told", func() bool { return c.statuses(http.StatusServiceUnavailable) > told })
		cluster.Start()
	}
	c.wait(100 * time.Millisecond)
	c.end()
	ended(t, p)
	c.proved(cluster.URL(), clock.System())
}

func TestOneOfTwoNodesMayDieWhileAWaveIsAnswered(t *testing.T) {
	t.Parallel()
	k, when := asks(t, t.TempDir(), pgtest.New(t), frameSize, wave.Anonymous)[0], moments(t)
	second := *k.in
	second.dir = t.TempDir()
	ports := []int{port(t), port(t)}
	nodes := []*program{start(t, k.in, ports[0]), start(t, &second, ports[1])}
	c := gather(t, k, balancer(t, nodes[0].url, nodes[1].url), when, false)
	for round := range 4 {
		c.wait(time.Duration(100+when.IntN(400)) * time.Millisecond)
		dies := round % 2
		nodes[dies].kill()
		c.wait(time.Duration(when.IntN(300)) * time.Millisecond)
		nodes[dies] = start(t, []*install{k.in, &second}[dies], ports[dies])
	}
	c.wait(100 * time.Millisecond)
	c.end()
	ended(t, nodes...)
	c.proved(k.in.database, clock.System())
	if c.saw[http.StatusBadGateway] == 0 {
		t.Error("no answer of a server was lost, so the kills proved nothing")
	}
}
