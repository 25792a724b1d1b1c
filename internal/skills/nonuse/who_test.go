package nonuse

import (
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
	s.get("hr", home+"?by=workplace&group=field").wants(http.StatusOK, "Groep: ‘buiten’", "72 %", "te weinig antwoorden om met de vorige meting te vergelijken").silent("61\u00a0%")
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
		"hidden":      {func(f *findings.Findings) { f.Changes = f.Changes[3:] }, "te weinig antwoorden om met de vorige meting"},
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
