package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// counted remembers what an observer was told.
type counted struct{ patterns []string }

func (c *counted) Answered(pattern, _ string, _ int, _ time.Duration) {
	c.patterns = append(c.patterns, pattern)
}

func TestLogTellsRoutesAndNeitherPathsNorPeople(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config, _ *visitors) { c.PerMinute = 60 })
	observer := &counted{}
	p.observer = observer
	p.add(
		Route{Pattern: "GET /secret/{token}", Public: true, Handle: show("secret")},
		Route{Pattern: "GET /secret/{token}/fails", Public: true, Handle: func(http.ResponseWriter, *Request) error { return errors.New("table x is locked") }},
		Route{Pattern: "GET /secret/{token}/panics", Public: true, Handle: func(http.ResponseWriter, *Request) error { panic("on purpose") }},
		Route{Pattern: "POST /secret/{token}", Public: true, Handle: take},
	)
	p.Mount("/mounted/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	everything := []func(*http.Request){
		from("198.51.100.77:4321"), as("hr"), with("Authorization", "Bearer tt_TOKENINHEADER"), with("Referer", "http://x/REFERRERPATH"),
		with("User-Agent", "AGENTNAME"), with("X-Forwarded-For", "192.0.2.99"), with("Cookie", "tt_session=COOKIEVALUE"), with("Origin", "http://example.com"),
	}
	for _, target := range []string{"/secret/PATHTOKEN?q=QUERYVALUE", "/secret/PATHTOKEN/fails?q=QUERYVALUE", "/secret/PATHTOKEN/panics", "/nowhere/PATHTOKEN",
		"/mounted/PATHTOKEN", "/PATHTOKEN%00", "/accounts?q=QUERYVALUE"} {
		p.get(target, everything...)
	}
	p.do(http.MethodPost, "/secret/PATHTOKEN", "name=FORMVALUE", everything...)
	p.do(http.MethodPost, "/secret/PATHTOKEN", "name=FORMVALUE%zz", everything...)
	for range 30 { // and those that are refused
		p.get("/secret/PATHTOKEN", everything...)
	}
	log := p.log.String()
	for _, private := range []string{"PATHTOKEN", "QUERYVALUE", "TOKENINHEADER", "REFERRERPATH", "AGENTNAME", "COOKIEVALUE", "FORMVALUE", "198.51.100.77", "192.0.2.99",
		"4321", "Jan Peeters", "account-of-hr", "session-of-hr"} {
		if i := strings.Index(log, private); i >= 0 {
			t.Errorf("the log tells %s: ...%s", private, log[max(0, i-200):i+len(private)])
		}
	}
	for _, told := range []string{`"route":"GET /secret/{token}"`, `"status":500`, `"error":"table x is locked"`, `"organisation":"ours"`, `"panic":"on purpose"`, `"status":429`} {
		if !strings.Contains(log, told) {
			t.Errorf("the log does not tell %s", told)
		}
	}
	for line := range strings.Lines(log) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil || fields["request"] == "" {
			t.Errorf("%v: %s", err, line)
		}
	}
	if n := strings.Count(log, `"msg":"request"`); n != len(observer.patterns) || n != 39 {
		t.Errorf("%d lines for %d requests, want 39", n, len(observer.patterns))
	}
	for _, pattern := range observer.patterns {
		if strings.Contains(pattern, "PATHTOKEN") {
			t.Errorf("metrics tell %q", pattern)
		}
	}
}
