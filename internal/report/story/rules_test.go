package story

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// drawn makes findings whose figures are drawn at random; labels are unique words, so that a claim can be traced.
func drawn(t *rapid.T) *findings.Findings {
	m := newMaker(rapid.IntRange(20, 4000).Draw(t, "respondents"))
	n := m.f.Respondents
	if rapid.Bool().Draw(t, "population") {
		m.f.Wave = findings.Wave{Organisation: "Stad", Population: float64(2 * n), ResponseRate: 0.5}
	}
	m.f.Weights.Method = rapid.SampledFrom([]string{"none", "column", "raking"}).Draw(t, "weights")
	label := 0
	word := func(prefix string) instrument.Text {
		label++
		w := fmt.Sprintf("%s%c%c", prefix, 'a'+label/26, 'a'+label%26)
		return instrument.Text{instrument.NL: w, instrument.FR: w, instrument.DE: w, instrument.EN: w}
	}
	value := rapid.Custom(func(t *rapid.T) float64 {
		if rapid.IntRange(0, 9).Draw(t, "hidden") == 0 {
			return -1
		}
		return rapid.Float64Range(0, 1).Draw(t, "value")
	})
	for _, topic := range []instrument.Topic{instrument.TopicUse, instrument.TopicSystems, instrument.TopicTasks, instrument.TopicNonUse,
		instrument.TopicAdvantages, instrument.TopicDrawbacks, instrument.TopicSupport, instrument.TopicRules, instrument.TopicShadow} {
		for _, context := range contexts() {
			id := string(topic) + "_" + string(context)
			if rapid.Bool().Draw(t, id+" asked") {
				var answers []answer
				for i := range rapid.IntRange(1, 7).Draw(t, id+" options") {
					w := word("keuze")
					option := rapid.SampledFrom([]string{"skills", "benefit", "rules", "time", "never", "other", "zz"}).Draw(t, id+" option") + fmt.Sprintf("-%d", i)
					answers = append(answers, answer{option, w[instrument.NL], w[instrument.EN], value.Draw(t, id), false})
				}
				kind := rapid.SampledFrom([]instrument.Kind{instrument.Multiple, instrument.Single}).Draw(t, id+" kind")
				m.choice(id, kind, topic, context, word("vraag"), rapid.IntRange(10, n).Draw(t, id+" base"), answers...)
				q := &m.f.Questions[len(m.f.Questions)-1]
				for i, a := range answers { // one word in all languages
					q.Options[i].Label = instrument.Text{instrument.NL: a.nl, instrument.FR: a.nl, instrument.DE: a.nl, instrument.EN: a.nl}
				}
			}
			if rapid.IntRange(0, 3).Draw(t, id+" indicator") == 0 {
				m.indicator(id+"_indicator", topic, context, word("cijfer"), word("doet"), value.Draw(t, id+" share"), rapid.IntRange(10, n).Draw(t, id+" people"))
			}
		}
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "constructs") {
		mean := rapid.Float64Range(1, 5).Draw(t, "mean")
		if rapid.IntRange(0, 9).Draw(t, "hidden mean") == 0 {
			mean = 0
		}
		m.construct(fmt.Sprintf("skill%c", 'a'+i), instrument.TopicSkills, word("kunde"), mean, rapid.Float64Range(0.01, 0.6).Draw(t, "half"), n)
	}
	if k := rapid.IntRange(0, 5).Draw(t, "predictors"); k > 0 {
		m.construct("intention", instrument.TopicDrivers, word("wil"), 3, 0.1, n)
		m.f.Models = []findings.ModelFit{{ID: "w", Outcome: "intention", N: n, R2: 0.4, R2Low: 0.3, R2High: math.NaN()}}
		for i := range k {
			id := fmt.Sprintf("driver%c", 'a'+i)
			m.construct(id, instrument.TopicDrivers, word("factor"), 3, 0.1, n)
			v := rapid.Float64Range(0, 1).Draw(t, "importance")
			m.driver(id, rapid.Float64Range(-1, 1).Draw(t, "estimate"), 0.2, v, max(0, v-rapid.Float64Range(0, 0.3).Draw(t, "below")), min(1, v+rapid.Float64Range(0, 0.3).Draw(t, "above")))
		}
	}
	m.drawnGroups(t, word, value)
	return m.f
}

// drawnGroups breaks every indicator down by one or two variables.
func (m *maker) drawnGroups(t *rapid.T, word func(string) instrument.Text, value *rapid.Generator[float64]) {
	var targets []string
	for i := range m.f.Questions {
		if q := &m.f.Questions[i]; q.Kind == kindIndicator && q.Topic == instrument.TopicUse {
			targets = append(targets, q.ID)
		}
	}
	for _, target := range targets {
		var groups []answer
		for i := range rapid.IntRange(1, 6).Draw(t, "groups") {
			w := word("groep")
			groups = append(groups, answer{fmt.Sprintf("g%d", i), w[instrument.NL], w[instrument.NL], value.Draw(t, "group share"), false})
		}
		kind := rapid.SampledFrom([]instrument.Kind{instrument.Category, instrument.Single}).Draw(t, "group kind")
		m.grouping("by_"+target, kind, word("indeling"), target, rapid.Float64Range(0, 0.1).Draw(t, "p"), rapid.Float64Range(0, 1).Draw(t, "effect"), groups...)
	}
}

// named finds the quoted words of a sentence.
var quotedWords = regexp.MustCompile(`‘([^’]+)’`)

func quotedIn(s string) []string {
	var list []string
	for _, m := range quotedWords.FindAllStringSubmatch(s, -1) {
		list = append(list, strings.ToLower(m[1]))
	}
	return list
}

// superlatives are the Dutch words that put something above or below the rest.
var superlatives = regexp.MustCompile(`bovenaan|meest genoemde|meest gekozen|meest gevraagde|het hoogst|het laagst|blijft achter|blijven achter|het sterkst|het vaardigst`)

// hedges are the Dutch words that take a claim back.
var hedges = regexp.MustCompile(`is niet zeker: de marges overlappen`)

func TestNoAnswerIsRankedAboveOneItOverlaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := drawn(rt)
		s, err := tell(f, instrument.NL)
		if err != nil {
			rt.Fatal(err)
		}
		// Every label is unique, so the estimates that a claim is about are those of the list that holds its words.
		tl := &teller{f: f, p: messages.Printer(instrument.NL), x: indexOf(f)}
		var lists [][]estimate
		for i := range f.Questions {
			lists = append(lists, shown(tl.optionEstimates(&f.Questions[i])))
			for _, g := range f.Groups {
				lists = append(lists, shown(tl.groupEstimates(&f.Questions[i], g.Variable)))
			}
		}
		check := func(text string) {
			for _, sentence := range strings.SplitAfter(text, ".") {
				if !superlatives.MatchString(sentence) || hedges.MatchString(sentence) {
					continue
				}
				holdClaim(rt, sentence, quotedIn(sentence), lists)
			}
		}
		for _, c := range s.Chapters {
			check(c.Headline)
			for _, text := range c.Text {
				check(text)
			}
		}
		for _, text := range s.Summary {
			check(text)
		}
	})
}

// holdClaim fails when a claim puts words above (or below) others of their list whose intervals they touch.
func holdClaim(t *rapid.T, sentence string, words []string, lists [][]estimate) {
	for _, list := range lists {
		var inside, outside []estimate
		for _, e := range list {
			if slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, e.label) }) {
				inside = append(inside, e)
			} else {
				outside = append(outside, e)
			}
		}
		if len(inside) == 0 {
			continue
		}
		if len(outside) == 0 {
			t.Fatalf("all of a list are named as first: %q", sentence)
		}
		for _, a := range inside {
			for _, b := range outside {
				if !clear(a, b) {
					t.Fatalf("%q, but %s [%.3f, %.3f] touches %s [%.3f, %.3f]", sentence, a.label, a.low, a.high, b.label, b.low, b.high)
				}
			}
		}
	}
}

func TestASkillLagsOnlyWhenItsIntervalLiesClear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := drawn(rt)
		s := Tell(f, instrument.NL)
		tl := &teller{f: f, p: messages.Printer(instrument.NL), x: indexOf(f)}
		scores := shown(tl.meanEstimates(tl.x.constructs(instrument.TopicSkills)))
		for _, c := range s.Chapters {
			if c.ID != "skills" {
				continue
			}
			lagged := map[string]bool{}
			if i := strings.Index(c.Headline, "achter: "); i >= 0 {
				for _, e := range scores {
					lagged[e.id] = strings.Contains(c.Headline[i:], e.label)
				}
			}
			for _, a := range scores {
				for _, b := range scores {
					if lagged[a.id] && !lagged[b.id] && a.high >= b.low {
						rt.Fatalf("%q, but %s reaches %.3f and %s begins at %.3f", c.Headline, a.label, a.high, b.label, b.low)
					}
				}
			}
		}
	})
}

func TestADriverLeadsOnlyWhenItsIntervalLiesClear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := drawn(rt)
		tl := &teller{f: f, p: messages.Printer(instrument.NL), x: indexOf(f)}
		for _, c := range Tell(f, instrument.NL).Chapters {
			if c.ID != "drivers" || !strings.Contains(c.Headline, "het sterkst samen met") {
				continue
			}
			list, _ := tl.importances(&f.Models[0])
			for _, a := range list {
				for _, b := range list {
					in, out := strings.Contains(c.Headline, a.label), strings.Contains(c.Headline, b.label)
					if in && !out && a.low <= b.high {
						rt.Fatalf("%q, but %s [%.3f, %.3f] touches %s [%.3f, %.3f]", c.Headline, a.label, a.low, a.high, b.label, b.low, b.high)
					}
				}
			}
		}
	})
}

func TestADifferenceIsToldOnlyBeyondChance(t *testing.T) {
	t.Parallel()
	said := map[instrument.Lang][3]string{
		instrument.NL: {"we zien geen verschil", "hoger", "lager"}, instrument.FR: {"pas de différence", "plus élevé", "plus bas"},
		instrument.DE: {"Einen Unterschied sehen wir nicht", "höher", "niedriger"}, instrument.EN: {"we see no difference", "higher", "lower"},
	}
	rapid.Check(t, func(rt *rapid.T) {
		lang := rapid.SampledFrom(instrument.Languages()).Draw(rt, "lang")
		low := rapid.Float64Range(-0.5, 0.5).Draw(rt, "low")
		high := rapid.Float64Range(low, 0.6).Draw(rt, "high")
		tl := &teller{f: rich(), p: messages.Printer(lang)}
		got := tl.benchmark(&findings.Benchmark{Published: 0.5, DiffLow: low, DiffHigh: high, Name: instrument.Text{lang: "X"}})
		want := 0
		switch {
		case low > 0:
			want = 1
		case high < 0:
			want = 2
		}
		for i, words := range said[lang] {
			if strings.Contains(got, words) != (i == want) {
				rt.Fatalf("difference [%.3f, %.3f]: %q", low, high, got)
			}
		}
	})
}

func TestGroupsDifferOnlyBelowFivePercent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := drawn(rt)
		any := slices.ContainsFunc(f.Comparisons, func(c findings.Compare) bool { return c.PAdjusted < 0.05 })
		for _, c := range Tell(f, instrument.NL).Chapters {
			if c.ID != "groups" {
				continue
			}
			if none := c.Headline == "We zien geen duidelijk verschil tussen groepen"; none == any {
				rt.Fatalf("some difference is certain: %v, but the headline is %q", any, c.Headline)
			}
			for _, cmp := range f.Comparisons {
				name := f.Groups[slices.IndexFunc(f.Groups, func(g findings.Grouping) bool { return g.Variable == cmp.By })].Label[instrument.NL]
				told := slices.ContainsFunc(c.Text, func(s string) bool { return strings.Contains(s, "Naar "+name+" zien we één verschil") })
				if told != (cmp.PAdjusted < 0.05) {
					rt.Fatalf("p = %.3f for %s, told: %v", cmp.PAdjusted, name, told)
				}
			}
		}
	})
}

func TestAnyFindingsMakeACleanStory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := drawn(rt)
		lang := rapid.SampledFrom(instrument.Languages()).Draw(rt, "lang")
		s, err := tell(f, lang)
		if err != nil {
			rt.Fatal(err)
		}
		lint(rt, s)
		again := Tell(f, lang)
		if written(again) != written(s) {
			rt.Fatal("the same findings were told in two ways")
		}
	})
}

func TestShadowUseIsNeverBrokenDown(t *testing.T) {
	t.Parallel()
	f := rich()
	f.Comparisons = append(f.Comparisons, findings.Compare{Target: "shadow_use", By: "department", PAdjusted: 0.001, Effect: 0.4, EffectName: "cramers-v"})
	for _, c := range Tell(f, instrument.NL).Chapters {
		for _, text := range append(c.Text, c.Headline) {
			if c.ID == "groups" && strings.Contains(text, "hulpmiddel") {
				t.Errorf("shadow use was broken down: %q", text)
			}
		}
	}
}

func TestReachCountsThePeopleWhoWereAsked(t *testing.T) {
	t.Parallel()
	m := newMaker(1000)
	m.f.Wave = findings.Wave{Population: 2000, ResponseRate: 0.5}
	m.choice("use_work", instrument.Single, instrument.TopicUse, instrument.Work, text("Gebruik", "Use"), 1000,
		answer{"never", "nooit", "never", 0.2, false}, answer{"tried", "al eens geprobeerd", "tried", 0.1, false}, answer{"weekly", "wekelijks", "weekly", 0.7, false})
	m.choice("nonuse_work", instrument.Multiple, instrument.TopicNonUse, instrument.Work, text("Redenen", "Reasons"), 300,
		answer{"skills", "ik weet niet hoe", "I do not know how", 0.5, false}, answer{"time", "geen tijd", "no time", 0.1, false})
	s := Tell(m.f, instrument.NL)
	if len(s.Actions) != 1 || !strings.HasPrefix(s.Actions[0].Title, "Geef een intro") {
		t.Fatalf("want one action, an introduction; got %+v", s.Actions)
	}
	if want := "ongeveer 300 medewerkers (tussen "; !strings.HasPrefix(s.Actions[0].Reach, want) { // 2000 * 0.3 * 0.5
		t.Errorf("got %q", s.Actions[0].Reach)
	}
}

func TestThemesOfTheMonitor(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]theme{
		"skills": themeSkills, "no_useful_task": themeBenefit, "no_benefit": themeBenefit, "rules": themeRules, "access": themeAccess,
		"trust": themeTrust, "privacy": themeTrust, "environment": themeTrust, "principles_jobs": themeTrust, "own_craft": themeTrust,
		"examples": themeExamples, "guidelines": themeRules, "basic_training": themeTraining, "short_videos": themeTraining,
		"colleague": themePeople, "time": themeTime, "tool_safe": themeAccess, "xyz": themeNone,
	} {
		if got := themeOf(&findings.Option{ID: id}); got != want {
			t.Errorf("%s is about %q, want %q", id, got, want)
		}
	}
	if got := themeOf(&findings.Option{ID: "a3", Label: text("geen idee", "I do not know how to start")}); got != themeSkills {
		t.Errorf("the English label was not read: %q", got)
	}
}

func TestPeopleAreCountedNoFinerThanTheIntervalAllows(t *testing.T) {
	t.Parallel()
	for half, want := range map[float64]float64{0: 1, 1: 1, 3: 5, 39: 5, 45: 10, 250: 50, 4500: 1000, math.NaN(): 1} {
		if got := peopleStep(half); got != want {
			t.Errorf("half %v: step %v, want %v", half, got, want)
		}
	}
}

func TestUseIsNotComparedByHowOftenPeopleUseIt(t *testing.T) {
	t.Parallel()
	f := rich()
	f.Groups = append(f.Groups, findings.Grouping{Variable: "use_work", Label: text("Gebruik op het werk", "Use at work")})
	f.Comparisons = append(f.Comparisons, findings.Compare{Target: "weekly_use_work", By: "use_work", PAdjusted: 0.0001, Effect: 0.9, EffectName: "cramers-v"})
	if got := written(Tell(f, instrument.NL)); strings.Contains(got, "naar gebruik op het werk") || strings.Contains(got, "Naar gebruik op het werk") {
		t.Error("the report says that use differs by use")
	}
}
