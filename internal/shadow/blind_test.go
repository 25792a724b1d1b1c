package shadow

import (
	"slices"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
)

func TestEverySentenceStandsInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Texts().Check(); err != nil {
		t.Fatal(err)
	}
	keys := []string{"floor"}
	for _, f := range logs.Formats() {
		keys = append(keys, "format."+string(f))
		o := Outcome{Logs: []logs.Report{{Format: f, Bad: 1}}, Result: tally.Result{Before: []string{"2026-W01"}, Weeks: []tally.Week{{Days: 1, Basis: tally.Both}}}}
		for _, k := range Blind(o) {
			keys = append(keys, "blind."+k)
		}
	}
	for _, b := range []tally.Basis{tally.Users, tally.Addresses, tally.Both, tally.Given} {
		keys = append(keys, "basis."+string(b))
	}
	for _, r := range []logs.Reason{logs.Long, logs.Fields, logs.Quote, logs.Stamp, logs.Address, logs.Host} {
		keys = append(keys, "reason."+string(r))
	}
	for _, s := range services.Standings() {
		keys = append(keys, "standing."+string(s))
	}
	for _, lang := range instrument.Languages() {
		p := Texts().Printer(lang)
		for _, k := range keys {
			if text := p.T(k, nil); text == "" || text == k {
				t.Errorf("%s has no %s", lang, k)
			}
		}
	}
}

func TestBlindSpotsFitTheLogAndThePromptIsAlwaysOneOfThem(t *testing.T) {
	t.Parallel()
	whole := tally.Week{Days: 5, Basis: tally.Users}
	for name, c := range map[string]struct {
		o         Outcome
		has, lack []string
	}{
		"nothing": {Outcome{}, []string{"prompt", "mobile", "encrypted", "inside"}, []string{"dns", "addresses", "days", "bad", "before"}},
		"names":   {Outcome{Logs: []logs.Report{{Format: logs.Dnsmasq}}, Result: tally.Result{Weeks: []tally.Week{{Days: 7, Basis: tally.Addresses}}}}, []string{"prompt", "dns", "traffic", "addresses"}, []string{"sent", "days"}},
		"proxy":   {Outcome{Logs: []logs.Report{{Format: logs.Squid, Bad: 2}}, Result: tally.Result{Weeks: []tally.Week{whole}}}, []string{"prompt", "sent", "bad"}, []string{"dns", "addresses", "days"}},
		"part":    {Outcome{Logs: []logs.Report{{Format: logs.Zscaler}}, Result: tally.Result{Before: []string{"2026-W48"}, Weeks: []tally.Week{whole, {Days: 2}}}}, []string{"prompt", "days", "before"}, []string{"sent", "dns", "bad"}},
	} {
		got := Blind(c.o)
		for _, k := range c.has {
			if !slices.Contains(got, k) {
				t.Errorf("%s lacks %s: %v", name, k, got)
			}
		}
		for _, k := range c.lack {
			if slices.Contains(got, k) {
				t.Errorf("%s has %s", name, k)
			}
		}
		sorted := slices.Sorted(slices.Values(got))
		if len(slices.Compact(sorted)) != len(got) {
			t.Errorf("%s says something twice: %v", name, got)
		}
	}
}
