package gateway_test

import (
	"errors"
	"strings"
	"testing"

	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
)

func TestWhatIsMaskedNeverLeavesAndComesBack(t *testing.T) {
	t.Parallel()
	for _, stream := range []bool{false, true} {
		w := newWorld(t, settings{})
		const text = "Mevrouw An Peeters (an.peeters@example.be, rijksregister 85.07.30-033.28) belde."
		out := &collected{}
		result, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("mock;echo;bytes=1", text, stream)), gateway.Options{}, out)
		if err != nil {
			t.Fatal(err)
		}
		if got := out.text(t); got != text {
			t.Errorf("came back as %q", got)
		}
		seen := string(w.mock.Received()[0])
		for _, v := range []string{"An Peeters", "example.be", "85.07.30"} {
			if strings.Contains(seen, v) {
				t.Errorf("%s left: %s", v, seen)
			}
		}
		if result.Masked != 3 || result.Outcome != door.Answered || out.passed.Masked[guard.Person] != 1 || result.Estimate || result.Used.Output == 0 {
			t.Errorf("%+v", result)
		}
		if !strings.Contains(seen, `"max_completion_tokens":1000`) {
			t.Errorf("no limit of the answer: %s", seen)
		}
	}
}

func TestABlockNamesTheFieldAndTheSortAndNeverTheValue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	_, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("mock", "Mijn wachtwoord: Zomer2026!geheim", false)), gateway.Options{}, &collected{})
	var blocked *gateway.Blocked
	if !errors.As(err, &blocked) || blocked.Places[0] != (gateway.Place{Field: "messages[0].content", Type: guard.Password}) {
		t.Fatal(err)
	}
	f, _ := gateway.FaultOf(err, w.now())
	if f.Status != 400 || f.Code != "blocked_by_guard" || strings.Contains(f.Error(), "Zomer") || !strings.Contains(f.Error(), "password") {
		t.Errorf("%+v", f)
	}
	if n := w.mock.Counts().Requests; n != 0 {
		t.Errorf("%d requests left", n)
	}
	if d := w.tally.all(); len(d) != 1 || d[0].Outcome != door.Blocked {
		t.Errorf("%+v", d)
	}
}

func TestACallIsHeldBeforeAndSettledAfter(t *testing.T) {
	t.Parallel()
	limit := budget.Limit{ID: "one", Kind: budget.Key, Subject: "key-1", Period: budget.Month, Unit: budget.Euros, Most: 10_000_000, Ask: "the service desk"}
	for _, name := range []string{"limited", "unlimited"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings{}
			if name == "limited" {
				s.limits = rules{limit}
			}
			w := newWorld(t, s)
			var want int64
			for range 3 {
				r, err := w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("mock", "Hallo", false)), gateway.Options{}, &collected{})
				if err != nil {
					t.Fatal(err)
				}
				want += int64(r.Cost)
			}
			w.settle()
			if used, held, guess := w.used(); used != want || held != 0 || guess != 0 || used == 0 {
				t.Errorf("%d used, %d held, %d estimated, want %d", used, held, guess, want)
			}
		})
	}
}

func TestALimitRefusesWithASentenceThatHelps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{limits: rules{{ID: "one", Kind: budget.Key, Subject: "key-1", Period: budget.Month, Unit: budget.Tokens, Most: 1500, Ask: "the service desk"}}})
	ask := func(text string) (*gateway.Result, error) {
		return w.engine.Do(t.Context(), program, request(t, wire.Chat, chat("mock", text, false)), gateway.Options{}, &collected{})
	}
	if _, err := ask("Hallo"); err != nil {
		t.Fatal(err)
	}
	r, err := ask(strings.Repeat("lang ", 500))
	f, _ := gateway.FaultOf(err, w.now())
	if f == nil || f.Status != 429 || f.Code != "budget_exceeded" || !strings.Contains(f.Message, "the limit of this key for this month has") || !strings.Contains(f.Message, "ask the service desk") && !strings.Contains(f.Message, "whole limit") {
		t.Errorf("%+v (%v)", f, err)
	}
	if r.Outcome != door.Refused || w.mock.Counts().Requests != 1 {
		t.Errorf("%+v", r)
	}
}
