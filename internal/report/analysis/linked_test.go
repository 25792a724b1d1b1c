package analysis_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/synth"
)

// panel are two waves of synthetic answers in which the first people of the second one answer as in the first, and link both.
type panel struct {
	size, linked, same int
	population         float64
	weighted           bool
}

// change analyses the second wave against the first.
func (p panel) change(t *testing.T, alter ...func(now, before *instrument.Answers)) *findings.Findings {
	t.Helper()
	in := builtIn(t, "genai-monitor")
	first, margins := generated(t, synth.Options{Instrument: in, Size: p.size, Seed: 51, Departments: 6})
	second, _ := generated(t, synth.Options{Instrument: in, Size: p.size, Seed: 52, Departments: 6})
	opt := analysis.Options{By: []string{"department"}, Population: p.population}
	if p.weighted {
		opt.Margins = marginsFrom(t, margins)
	}
	wave := func() (now, before *instrument.Answers) {
		before, now = read(t, first, in, intake.Options{}), read(t, second, in, intake.Options{})
		now.Links, before.Links = make([]instrument.Link, now.N), make([]instrument.Link, before.N)
		for i := range p.linked {
			binary.LittleEndian.PutUint64(now.Links[i][:], uint64(i+1))
			before.Links[before.N-1-i] = now.Links[i]
			if i >= p.same {
				continue
			}
			for v, c := range now.Columns {
				if was := before.Columns[v]; c != nil && was != nil && c.K == was.K && slices.Equal(c.Levels, was.Levels) && slices.Equal(c.Numbers, was.Numbers) {
					copyCode(c, i, was, before.N-1-i)
				}
			}
		}
		for _, f := range alter {
			f(now, before)
		}
		return now, before
	}
	_, before := wave()
	old := analyse(t, before, opt)
	now, again := wave()
	opt.Earlier = &analysis.Earlier{Findings: old, Answers: again, Options: opt}
	return analyse(t, now, opt)
}

func copyCode(to *instrument.Column, at int, from *instrument.Column, of int) {
	if to.Narrow != nil && from.Narrow != nil {
		to.Narrow[at] = from.Narrow[of]
	}
}

func unlinked(now, before *instrument.Answers) { now.Links, before.Links = nil, nil }

// widths compares the changes of two findings, which are about the same answers.
func widths(t *testing.T, a, b *findings.Findings) (narrower, wider, equal, groups int) {
	t.Helper()
	if len(a.Changes) != len(b.Changes) {
		t.Fatalf("%d and %d changes", len(a.Changes), len(b.Changes))
	}
	for i := range a.Changes {
		x, y := &a.Changes[i], &b.Changes[i]
		if x.Diff != y.Diff || x.Suppressed != y.Suppressed {
			t.Errorf("%s %s: %g and %g", x.Item, x.Option, x.Diff, y.Diff)
		}
		switch {
		case x.Suppressed:
		case x.SE == y.SE && x.Low == y.Low && x.High == y.High && x.P == y.P:
			equal++
			if x.Group != nil {
				groups++
			}
		case x.Group != nil:
			t.Errorf("a group is told by links: %s %s", x.Item, x.Option)
		case x.SE < y.SE && x.High-x.Low <= y.High-y.Low:
			narrower++
		default:
			wider++
		}
	}
	return narrower, wider, equal, groups
}

func TestWhoLinksMakesTheChangesOfEveryoneSharperAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]panel{
		"plain":          {size: 600, linked: 300, same: 300},
		"finite":         {size: 600, linked: 500, same: 500, population: 1200},
		"weighted":       {size: 600, linked: 300, same: 300, weighted: true},
		"most alike":     {size: 600, linked: 300, same: 200},
		"a few answered": {size: 400, linked: 60, same: 60},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := p.change(t)
			narrower, wider, equal, groups := widths(t, got, p.change(t, unlinked))
			t.Logf("%d narrower, %d wider, %d equal, %d of these of groups", narrower, wider, equal, groups)
			if narrower < 20 || wider > narrower/20 || groups < 100 || got.Earlier.Linked != p.linked {
				t.Errorf("%d narrower, %d wider, %d of groups; %d linked", narrower, wider, groups, got.Earlier.Linked)
			}
		})
	}
}

func TestFewLinksAreNeitherUsedNorCounted(t *testing.T) {
	t.Parallel()
	k := builtIn(t, "genai-monitor").GroupSize
	enough := panel{size: 300, linked: k, same: k}
	if f := enough.change(t); f.Earlier.Linked != k {
		t.Errorf("%d people linked, %d told", k, f.Earlier.Linked)
	}
	for name, test := range map[string]struct {
		panel
		alter func(now, before *instrument.Answers)
	}{
		"fewer than k":                 {panel{size: 300, linked: k - 1, same: k - 1}, func(_, _ *instrument.Answers) {}},
		"one wave has none":            {panel{size: 300, linked: 2 * k, same: k}, func(_, before *instrument.Answers) { before.Links = nil }},
		"a code that two people share": {enough, func(now, _ *instrument.Answers) { now.Links[k] = now.Links[0] }},
		"another code":                 {enough, func(now, _ *instrument.Answers) { now.Links[0][3]++ }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := test.change(t, test.alter)
			if narrower, wider, _, _ := widths(t, got, test.change(t, unlinked)); narrower+wider > 0 || got.Earlier.Linked != 0 {
				t.Errorf("%d changes differ, %d told", narrower+wider, got.Earlier.Linked)
			}
			raw, err := json.Marshal(got.Earlier)
			if err != nil || strings.Contains(string(raw), "linked") {
				t.Errorf("%s %v", raw, err)
			}
		})
	}
}

func TestAnOverlapThatChanceAloneGivesSharpensNothing(t *testing.T) {
	t.Parallel()
	p := panel{size: 600, linked: 299, same: 299, population: 1200} // by chance 300 are in both
	if f := p.change(t); f.Earlier.Linked != 0 {
		t.Errorf("%d are told", f.Earlier.Linked)
	}
}

// From a correlation that is told exactly one could work out how many of the linked people moved from which answer to which.
func TestACorrelationIsToldCoarsely(t *testing.T) {
	t.Parallel()
	p := panel{size: 600, linked: 300, same: 220}
	f, apart := p.change(t), p.change(t, unlinked)
	now := map[string]float64{}
	for _, s := range f.Shares {
		if s.Group == nil {
			now[s.Item+" "+s.Option] = s.SE
		}
	}
	seen := map[string]bool{}
	for i := range f.Changes {
		c, a := &f.Changes[i], now[f.Changes[i].Item+" "+f.Changes[i].Option]
		b := math.Sqrt(apart.Changes[i].SE*apart.Changes[i].SE - a*a)
		if c.Suppressed || c.Group != nil || c.Option == "" || !(a > 1e-6 && b > 1e-6) {
			continue
		}
		steps := (apart.Changes[i].SE*apart.Changes[i].SE - c.SE*c.SE) / (2 * a * b) / 0.05
		seen[fmt.Sprintf("%.0f", steps)] = true
		if math.Abs(steps-math.Round(steps)) > 1e-3 {
			t.Errorf("%s %s: correlation %g", c.Item, c.Option, 0.05*steps)
		}
	}
	if len(seen) < 3 {
		t.Errorf("only %v", seen)
	}
}
