package web

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counting is an observer that counts.
type counting struct{ n atomic.Int64 }

func (c *counting) Answered(string, string, int, time.Duration) { c.n.Add(1) }

func TestARouteThatLeavesNoTraceHasNoLineNoMetricAndNoVisit(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	seen := &counting{}
	p.observer = seen
	fail := false
	p.add(Route{Pattern: "POST /ballot", Public: true, Untraced: true, Handle: func(w http.ResponseWriter, r *Request) error {
		if r.Actor.Kind != "" || r.Org.ID != "" {
			t.Errorf("the request knows who sends it: %+v", r.Visit)
		}
		if fail {
			return errors.New("the disk is full")
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}})
	before := p.log.String()
	for range 3 {
		p.do(http.MethodPost, "/ballot", "", as("dpo"))
	}
	if after := p.log.String(); after != before || seen.n.Load() != 0 {
		t.Errorf("logged %q, observed %d", strings.TrimPrefix(after, before), seen.n.Load())
	}
	fail = true
	for range 3 {
		p.do(http.MethodPost, "/ballot", "", as("dpo"))
	}
	told := strings.TrimPrefix(p.log.String(), before)
	if strings.Count(told, "leave no trace fail") != 1 || strings.Count(told, "\n") != 1 || !strings.Contains(told, "the disk is full") || seen.n.Load() != 0 {
		t.Errorf("logged %q, observed %d", told, seen.n.Load())
	}
}

func TestARouteThatLeavesNoTraceKnowsNoPersonAndNoAddress(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	nothing := func(http.ResponseWriter, *Request) error { return nil }
	for _, route := range []Route{
		{Pattern: "POST /a", Any: true, Untraced: true, Handle: nothing},
		{Pattern: "POST /b", Public: true, Strict: true, Untraced: true, Handle: nothing},
	} {
		if err := p.Add(route); err == nil {
			t.Errorf("%+v was taken", route)
		}
	}
}

func TestManyPeopleBehindOneAddressComeInWhereACrowdIsExpected(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config, _ *visitors) { c.PerMinute = 60 })
	p.add(Route{Pattern: "GET /questions", Public: true, Crowd: true, Handle: func(w http.ResponseWriter, _ *Request) error {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}})
	for i := range 300 {
		if got := p.get("/questions").Code; got != http.StatusNoContent {
			t.Fatalf("request %d: %d", i, got)
		}
	}
	refused := 0
	for range 300 {
		if p.get("/public/1").Code == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused == 0 {
		t.Error("the limit holds nowhere any more")
	}
}
