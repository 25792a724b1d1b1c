package web

import (
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"
)

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

func TestLimiterGivesABurstAndRefillsEvenly(t *testing.T) {
	t.Parallel()
	clock := newStepped()
	l := newLimiter(clock.now, 60, 5)
	for i := range 5 {
		if _, ok := l.allow(ip("203.0.113.7")); !ok {
			t.Fatalf("request %d of the burst is refused", i+1)
		}
	}
	wait, ok := l.allow(ip("203.0.113.7"))
	if ok || wait <= 0 || wait > time.Second {
		t.Fatalf("after the burst: %v, %v", wait, ok)
	}
	if _, ok := l.allow(ip("203.0.113.8")); !ok {
		t.Error("another address pays for it")
	}
	for range 100 { // what is refused costs nothing
		l.allow(ip("203.0.113.7"))
	}
	clock.step(wait)
	if _, ok := l.allow(ip("203.0.113.7")); !ok {
		t.Error("after the wait it is still refused")
	}
	if _, ok := l.allow(ip("203.0.113.7")); ok {
		t.Error("one wait gave two tokens")
	}
	clock.step(time.Hour)
	n := 0
	for ; n < 100; n++ {
		if _, ok := l.allow(ip("203.0.113.7")); !ok {
			break
		}
	}
	if n != 5 {
		t.Errorf("an hour of rest gave %d requests, want the burst of 5", n)
	}
}

func TestLimiterForgetsAddressesThatAreQuiet(t *testing.T) {
	t.Parallel()
	clock := newStepped()
	l := newLimiter(clock.now, 60, 5)
	for i := range 500 {
		l.allow(ip(fmt.Sprintf("198.51.%d.%d", i/250, i%250)))
	}
	clock.step(quiet + time.Second)
	l.allow(ip("203.0.113.7"))
	if len(l.buckets) != 1 {
		t.Errorf("%d addresses are remembered", len(l.buckets))
	}
}

func TestLimiterDoesNotForgetWhoGoesOn(t *testing.T) {
	t.Parallel()
	clock := newStepped()
	l := newLimiter(clock.now, 1, 10) // as for ways to sign in: 10 in 10 minutes
	granted := 0
	for range 40 * 60 { // an attempt a second for 40 minutes
		if _, ok := l.allow(ip("203.0.113.7")); ok {
			granted++
		}
		clock.step(time.Second)
	}
	if granted < 49 || granted > 51 {
		t.Errorf("%d attempts in 40 minutes, want 10 and one a minute", granted)
	}
}

func TestLimiterSurvivesAClockThatIsSetBack(t *testing.T) {
	t.Parallel()
	clock := newStepped()
	l := newLimiter(clock.now, 60, 2)
	l.allow(ip("203.0.113.7"))
	l.allow(ip("203.0.113.7"))
	clock.step(-24 * time.Hour)
	l.allow(ip("203.0.113.7"))
	clock.step(2 * time.Second)
	if wait, ok := l.allow(ip("203.0.113.7")); !ok {
		t.Errorf("an address is shut out for %v", wait)
	}
}

func TestOneSubscriberIsOneAddress(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::", "2001:db8:1:2:ffff::": "2001:db8:1:2::",
		"2001:db8:1:3::1": "2001:db8:1:3::", "fe80::1%eth0": "fe80::",
	} {
		if got := network(ip(in)).String(); got != want {
			t.Errorf("%s counts as %s, want %s", in, got, want)
		}
	}
	if got := network(netip.Addr{}); got.IsValid() {
		t.Errorf("no address counts as %s", got)
	}
}

func TestServerRefusesTooManyRequestsOfOneAddress(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config, _ *visitors) { c.PerMinute = 60 })
	for range 20 {
		wants(t, "in the burst", p.get("/", from("203.0.113.7:1")), http.StatusOK)
	}
	w := p.get("/", from("203.0.113.7:1"))
	wants(t, "after it", w, http.StatusTooManyRequests)
	if wait, err := strconv.Atoi(w.Header().Get("Retry-After")); err != nil || wait < 1 || wait > 2 {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
	wants(t, "another port of the address", p.get("/", from("203.0.113.7:999")), http.StatusTooManyRequests)
	wants(t, "a forged address", p.get("/", from("203.0.113.7:1"), with("X-Forwarded-For", "198.51.100.4")), http.StatusTooManyRequests)
	wants(t, "another address", p.get("/", from("203.0.113.8:1")), http.StatusOK)
	p.clock.step(2 * time.Second)
	wants(t, "after a rest", p.get("/", from("203.0.113.7:1")), http.StatusOK)
}

func TestStrictRoutesCountAttemptsApart(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config, _ *visitors) { c.StrictPer10Min = 3 })
	p.add(Route{Pattern: "POST /try", Public: true, Strict: true, Handle: take})
	for range 3 {
		wants(t, "an attempt", p.do(http.MethodPost, "/try", "", from("203.0.113.7:1")), http.StatusSeeOther)
	}
	wants(t, "one too many", p.do(http.MethodPost, "/try", "", from("203.0.113.7:1")), http.StatusTooManyRequests)
	wants(t, "another page", p.get("/", from("203.0.113.7:1")), http.StatusOK)
	p.clock.step(4 * time.Minute)
	wants(t, "after a rest", p.do(http.MethodPost, "/try", "", from("203.0.113.7:1")), http.StatusSeeOther)
}
