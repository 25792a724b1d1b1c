package nonuse

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/synth"
)

// found makes up a wave of the monitor and analyses it as a report does.
func found(t *testing.T, size int, seed uint64, before *findings.Findings) *findings.Findings {
	t.Helper()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		t.Fatal(err)
	}
	monitor, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	w, err := synth.New(synth.Options{Instrument: monitor, Size: size, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.Answers(t.Context(), 0, size)
	if err != nil {
		t.Fatal(err)
	}
	opt := analysis.Options{Wave: "Golf"}
	if before != nil {
		opt.Earlier = &analysis.Earlier{Findings: before}
	}
	f, err := analysis.Analyse(t.Context(), a, opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestTheMonitorGivesWhoAndWhy reads two waves of the monitor as it comes with the product: what the page needs is in the findings under the
// names that the guide gives.
func TestTheMonitorGivesWhoAndWhy(t *testing.T) {
	t.Parallel()
	before := found(t, 500, 3, nil)
	f := found(t, 900, 4, before)
	s := newSite(t, dbtest.SQLite(t))
	for i := range s.Guide.Contexts {
		c := &s.Guide.Contexts[i]
		p := picture(f, c, nil)
		if err := p.compare(f, before, c, nil); err != nil {
			t.Fatal(err)
		}
		if len(p.Never) != 1 || !p.Never[0].Shown() || len(p.Hardly) != 1 || !p.Hardly[0].Shown() || p.Base == 0 || !p.Compared || p.Because != "" {
			t.Errorf("%s: %+v", c.ID, p)
		}
		if i := slices.IndexFunc(p.Reasons, func(x Figure) bool { return s.Guide.Reason(x.ID) == nil || len(x.Label) == 0 }); i >= 0 || len(p.Reasons) == 0 {
			t.Errorf("%s: reasons %+v", c.ID, p.Reasons)
		}
		for _, variable := range []string{"workplace", "function_family"} {
			list := byGroup(f, c, variable)
			n, reasons := 0, 0
			for _, g := range list {
				if !g.Never.Shown() {
					continue
				}
				n++
				for _, r := range picture(f, c, &findings.Group{Variable: variable, Value: g.Value}).Reasons {
					if r.Shown() {
						reasons++
					}
				}
			}
			if n < 2 || reasons == 0 {
				t.Errorf("%s by %s: %d groups of %d shown, with %d reasons", c.ID, variable, n, len(list), reasons)
			}
		}
	}
	s.report = &Report{ID: "r", Title: "Golf", Findings: f, Before: before}
	s.get("hr", home).wants(http.StatusOK, "Ten opzichte van ‘Golf’ is voor geen enkele reden een verschil aan te tonen") // the same recipe made both
	a := s.get("hr", home+"?context=leisure&by=function_family").wants(http.StatusOK, "In de vrije tijd")
	if !f.Wave.Synthetic || !strings.Contains(a.Body.String(), "ynthetisch") && !strings.Contains(a.text(), "verzonnen") {
		t.Error("made-up figures do not say so")
	}
	if n := a.Body.Len(); n > 100<<10 {
		t.Errorf("the page is %d bytes", n)
	}
}
