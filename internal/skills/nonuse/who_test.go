package nonuse

import (
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/access"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/report/findings"
)

func TestWithoutAWaveThePageSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.get("hr", home).wants(http.StatusOK, "nog geen rapport", "Bereid een meting voor", "Niet weten hoe")
	s.get("dpo", home).wants(http.StatusOK, "nog geen rapport").silent("Bereid een meting voor")
	s.Reports = nil
	s.get("hr", home).wants(http.StatusOK, "nog geen rapport")
}

func TestWhoAndWhyComeFromTheReport(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.report = &Report{ID: "r1", Title: "Monitor 2026", Findings: wave()}
	a := s.get("hr", home).wants(http.StatusOK, "Monitor 2026", "31 %", "12 %", "26–36", "57 %", "Dit zeggen mensen over zichzelf.", "Voer gesprekken over de redenen")
	text := a.text()
	if how, trust, privacy := strings.Index(text, "Niet weten hoe"), strings.Index(text, "De antwoorden niet vertrouwen"), strings.Index(text, "Zorgen over privacy"); how < 0 || how > trust || trust > privacy {
		t.Errorf("the reasons are not ranked: %d %d %d", how, trust, privacy)
	}
	a.wants(http.StatusOK, "‘Niet weten hoe’ wordt vaker genoemd: van 45 % naar 61 %, 16 procentpunten meer (95 %-interval +9 tot +23).", "Waarom iets verschoof, zeggen deze cijfers niet")
	a.silent("‘De antwoorden niet vertrouwen’ wordt vaker", "‘Zorgen over privacy’ wordt minder", "dankzij", "door de")
	a.first("a", "href", "/learn/nonusers/reasons/skills")
	// A group whose figures are hidden cannot be chosen; one that is shown can.
	a.first("a", "href", home+"?by=workplace&context=work&group=field")
	a.silent("group=pool")
	s.get("hr", home+"?by=workplace&group=field").wants(http.StatusOK, "Groep: ‘buiten’", "72 %").silent("61\u00a0%")
	s.get("hr", home+"?by=workplace&group=pool").wants(http.StatusOK, "61 %").silent("Groep:")
	s.get("hr", home+"?by=nothing&group=x&context=y").wants(http.StatusOK, "61 %")
	s.get("hr", home+"?context=leisure").wants(http.StatusOK, "nog geen rapport")
	s.get("theirs hr", home).wants(http.StatusOK, "nog geen rapport").silent("Monitor 2026")
}

func TestAShiftIsSaidOnlyWhereTheIntervalSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for name, c := range map[string]struct {
		change func(*findings.Findings)
		says   string
	}{
		"first wave": {func(f *findings.Findings) { f.Earlier, f.Changes = nil, nil }, "Dit is de eerste meting"},
		"other question": {func(f *findings.Findings) {
			f.Earlier.Incomparable = []findings.Incomparable{{Item: "nonuse_work", Reason: findings.OtherOptions}}
			f.Changes = nil
		}, "vorige keer anders"},
		"nothing":     {func(f *findings.Findings) { f.Changes[0].PAdjusted = .06 }, "Ten opzichte van ‘Najaar 2025’ is voor geen enkele reden een verschil aan te tonen"},
		"zero inside": {func(f *findings.Findings) { f.Changes[0].Low = -.001 }, "geen enkele reden"},
		"hidden":      {func(f *findings.Findings) { f.Changes = f.Changes[3:] }, "De cijfers van de vorige meting zijn er niet meer"},
		"fewer":       {func(f *findings.Findings) { f.Changes[0].Diff, f.Changes[0].Low, f.Changes[0].High = -.16, -.23, -.09 }, "minder vaak genoemd"},
	} {
		f := wave()
		c.change(f)
		s.report = &Report{ID: "r", Title: "M", Findings: f}
		if a := s.get("hr", home).wants(http.StatusOK, c.says); name != "fewer" && strings.Contains(a.text(), "vaker genoemd") {
			t.Errorf("%s: a shift is said", name)
		}
	}
}

// TestHiddenFiguresAreNowhere fills what disclosure control hid with figures that must not be read, whatever is asked.
func TestHiddenFiguresAreNowhere(t *testing.T) {
	t.Parallel()
	g, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := wave()
		for i := range f.Shares {
			if f.Shares[i].Suppressed = f.Shares[i].Suppressed || rapid.Bool().Draw(t, "hidden"); f.Shares[i].Suppressed {
				f.Shares[i].Share, f.Shares[i].N = .987, 987
			}
		}
		group := rapid.SampledFrom([]*findings.Group{nil, {Variable: "workplace", Value: "field"}, {Variable: "workplace", Value: "pool"}}).Draw(t, "group")
		p := picture(f, &g.Contexts[0], group)
		all := slices.Concat(p.Never, p.Hardly, p.Reasons)
		for _, x := range byGroup(f, &g.Contexts[0], "workplace") {
			all = append(all, x.Never)
		}
		last := 2.0
		for i, x := range all {
			if x.Shown() && x.Share.Share == .987 {
				t.Fatalf("%s is hidden and shown", x.ID)
			}
			if i >= len(p.Never)+len(p.Hardly) && i < len(p.Never)+len(p.Hardly)+len(p.Reasons) {
				at := -1.0
				if x.Shown() {
					at = x.Share.Share
				}
				if at > last {
					t.Fatal("the reasons are not ranked")
				}
				last = at
			}
		}
	})
}

func TestEachReasonSaysWhatHelps(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.report = &Report{ID: "r1", Title: "Monitor 2026", Findings: wave()}
	for i := range s.Guide.Reasons {
		x := &s.Guide.Reasons[i]
		a := s.get("dpo", reasonsAt+x.ID).wants(http.StatusOK, x.Name["nl"], x.Helps[0].Office["nl"], x.Helps[0].Field["nl"], x.Questions[0]["nl"])
		a.first("a", "href", "/actions/new?from=reason:"+x.ID)
	}
	s.get("dpo", reasonsAt+"skills").wants(http.StatusOK, "61 %", "tussen 56 en 66 %")
	s.get("dpo", reasonsAt+"nothing").wants(http.StatusNotFound, "Deze reden bestaat niet")
	s.Actions = nil
	s.get("dpo", reasonsAt+"skills").wants(http.StatusOK).silent("/actions/")
}

func TestTheGuideIsThereOnPaperInEachLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.get("hr", guideAt).wants(http.StatusOK, "Meedoen is vrij", "versie 1", "29 november 2026")
	for lang, says := range map[string]string{"nl": "Meedoen is vrij", "fr": "La participation est libre", "de": "Die Teilnahme ist freiwillig", "en": "Taking part is free", "xx": "Meedoen is vrij"} {
		a := s.get("hr", paperAt+"?lang="+lang).wants(http.StatusOK, says, "tekentafel.example/learn/nonusers/withdraw")
		if strings.Contains(a.Body.String(), "<script") || strings.Contains(a.Body.String(), "http") && strings.Contains(a.Body.String(), "src=\"http") {
			t.Error("the paper needs something else")
		}
	}
}

// TestWhoMayNotComeInIsKeptOut asks every page as every role.
func TestWhoMayNotComeInIsKeptOut(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.opens("Reeks")
	for _, role := range access.Roles() {
		a := actor(dbtest.Ours, string(role))
		for action, pages := range map[access.Action][]string{reads: {home, guideAt, paperAt, reasonsAt + "skills"}, writes: {talksAt, consentAt, closeAt}} {
			for _, p := range pages {
				want := http.StatusForbidden
				if access.Can(a, action, access.Resource{Tenant: dbtest.Ours}) {
					want = http.StatusOK
				}
				s.get(string(role), p).wants(want)
			}
		}
		if !access.Can(a, writes, access.Resource{Tenant: dbtest.Ours}) {
			for _, p := range []string{openAt, closeAt, invitesAt, invitesAt + "/x", consentAt, aboutAt + "?d=x", notesAt + "?d=x", roundsAt + "x/notes/y"} {
				s.post(string(role), p, "title", "x").wants(http.StatusForbidden)
			}
		}
	}
}

// TestAShiftIsMeasuredFromTheWaveBefore compares with what an earlier wave shows: nothing where one of the two is hidden, asked in another
// way or of another group; and never a shift where the interval or the number of reasons speaks against it.
func TestAShiftIsMeasuredFromTheWaveBefore(t *testing.T) {
	t.Parallel()
	g, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	c := &g.Contexts[0]
	set := func(f *findings.Findings, option string, group *findings.Group, n, base int) {
		for i := range f.Shares {
			if s := &f.Shares[i]; s.Item == "nonuse_work" && s.Option == option && sameGroup(s.Group, group) {
				p := float64(n) / float64(base)
				se := math.Sqrt(p * (1 - p) / float64(base))
				*s = findings.Share{Item: s.Item, Option: option, Group: group, N: n, Base: base, Share: p, SE: se, Low: p - 2*se, High: p + 2*se, Method: "logit", DF: float64(base - 1), Effective: float64(base)}
			}
		}
	}
	outside := &findings.Group{Variable: "workplace", Value: "field"}
	two := func() (now, before *findings.Findings) {
		now, before = wave(), wave()
		now.Changes, before.Changes = nil, nil
		for i, f := range []*findings.Findings{before, now} {
			set(f, "skills", nil, 180+60*i, 400)
			set(f, "trust", nil, 160+8*i, 400)
			set(f, "privacy", nil, 100-24*i, 400)
			set(f, "skills", outside, 60+60*i, 200)
			set(f, "trust", outside, 70, 200)
		}
		return now, before
	}
	compared := func(now, before *findings.Findings, group *findings.Group) map[string]bool {
		p := picture(now, c, group)
		if err := p.compare(now, before, c, group); err != nil {
			t.Fatal(err)
		}
		out := map[string]bool{}
		for i := range p.Reasons {
			if x := &p.Reasons[i]; x.Change != nil {
				if x.Change.PAdjusted < x.Change.P || x.Change.Low > x.Change.Diff || x.Change.High < x.Change.Diff {
					t.Errorf("%s: %+v", x.ID, x.Change)
				}
				out[x.ID] = x.Shifted()
			}
		}
		if p.Compared != (len(out) > 0) {
			t.Error("what is compared is not said")
		}
		return out
	}
	now, before := two()
	if got, want := compared(now, before, nil), (map[string]bool{"skills": true, "trust": false, "privacy": false}); !maps.Equal(got, want) {
		t.Errorf("everyone: %v, want %v", got, want) // privacy moved by 6 points: within chance
	}
	if got, want := compared(now, before, outside), (map[string]bool{"skills": true, "trust": false}); !maps.Equal(got, want) {
		t.Errorf("in the field: %v, want %v", got, want)
	}
	for name, change := range map[string]func(now, before *findings.Findings){
		"no wave before":  func(_, before *findings.Findings) { *before = findings.Findings{} },
		"hidden before":   func(_, before *findings.Findings) { hide(before) },
		"hidden now":      func(now, _ *findings.Findings) { hide(now) },
		"other answers":   func(_, before *findings.Findings) { before.Questions[1].Options = before.Questions[1].Options[1:] },
		"other wording":   func(_, before *findings.Findings) { before.Questions[1].Wording = words4("Anders") },
		"asked of others": func(_, before *findings.Findings) { before.Questions[1].Condition = "x" },
	} {
		now, before := two()
		change(now, before)
		if got := compared(now, before, nil); len(got) > 0 {
			t.Errorf("%s: compared %v", name, got)
		}
	}
	now, before = two()
	before.Groups[0].Values[1].Label = words4("in de bib")
	if got := compared(now, before, outside); len(got) > 0 {
		t.Errorf("a group of another name: compared %v", got)
	}
	s := newSite(t, dbtest.SQLite(t))
	now, before = two()
	before.Wave.Label = "Voorjaar 2025"
	s.report = &Report{ID: "r", Title: "M", Findings: now, Before: before}
	s.get("hr", home).wants(http.StatusOK, "‘Niet weten hoe’ wordt vaker genoemd: van 45 % naar 60 %, 15 procentpunten meer").silent("‘Zorgen over privacy’ wordt")
	hide(before)
	s.get("hr", home).wants(http.StatusOK, "te weinig antwoorden om met de vorige meting te vergelijken")
}

func hide(f *findings.Findings) {
	for i := range f.Shares {
		f.Shares[i] = findings.Share{Item: f.Shares[i].Item, Option: f.Shares[i].Option, Group: f.Shares[i].Group, Suppressed: true}
	}
}
