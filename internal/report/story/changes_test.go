package story

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// changeOf is a change of everyone with an interval of so much on either side.
func changeOf(item, option string, before, now, half float64) findings.Change {
	p := 0.6
	if d := now - before; d > half || -d > half {
		p = 0.001
	}
	return findings.Change{Item: item, Option: option, Before: before, BeforeLow: before - half/1.4, BeforeHigh: before + half/1.4, BeforeBase: 980,
		Now: now, NowLow: now - half/1.4, NowHigh: now + half/1.4, NowBase: 1214, Diff: now - before, SE: half / 2, Low: now - before - half, High: now - before + half,
		P: p, PAdjusted: p}
}

// second is the rich wave with an earlier one to compare with.
func second() *findings.Findings {
	f := rich()
	f.Earlier = &findings.Earlier{Label: "voorjaar 2025", Respondents: 980, Population: 2900, Linked: 143, Standardised: []string{"department", "age"},
		Incomparable: []findings.Incomparable{{Item: "support", Reason: findings.OtherOptions}, {Item: "shadow_use", Reason: findings.NewQuestion}}}
	up := changeOf("weekly_use_work", "yes", 0.41, 0.54, 0.043)
	up.Standard = &findings.Standard{Before: 0.43, Diff: 0.11, SE: 0.022, Low: 0.067, High: 0.153, P: 0.001, Composition: 0.02}
	down := changeOf("technical", "", 2.9, 2.52, 0.11)
	down.Standard = &findings.Standard{Before: 2.6, Diff: -0.08, SE: 0.06, Low: -0.2, High: 0.04, P: 0.2, Composition: -0.3}
	group := changeOf("weekly_use_work", "yes", 0.44, 0.82, 0.2)
	group.Group = &findings.Group{Variable: "department", Value: "co"}
	f.Changes = []findings.Change{up, changeOf("weekly_use_leisure", "yes", 0.37, 0.38, 0.05), changeOf("knows_rules", "yes", 0.46, 0.43, 0.05), down,
		changeOf("critical", "", 3.58, 3.6, 0.1), group, {Item: "weekly_use_work", Option: "yes", Group: &findings.Group{Variable: "department", Value: "ar"}, Suppressed: true}}
	return f
}

func changesIn(s Story) *Chapter {
	for i := range s.Chapters {
		if s.Chapters[i].ID == "changes" {
			return &s.Chapters[i]
		}
	}
	return nil
}

func TestAChangeIsToldOnlyWhereItStandsBeyondChance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, now := rapid.Float64Range(0.02, 0.98).Draw(t, "before"), rapid.Float64Range(0.02, 0.98).Draw(t, "now")
		f := rich()
		f.Earlier = &findings.Earlier{Label: "toen", Respondents: 900, Note: findings.NoAnswers}
		c := changeOf("weekly_use_work", "yes", before, now, rapid.Float64Range(0.01, 0.3).Draw(t, "half"))
		if rapid.Bool().Draw(t, "not after Holm") {
			c.PAdjusted = 0.3
		}
		f.Changes = []findings.Change{c}
		for _, lang := range instrument.Languages() {
			s, err := tell(f, lang)
			if err != nil {
				t.Fatal(err)
			}
			lint(t, s)
			chapter := changesIn(s)
			if chapter == nil {
				t.Fatal("no chapter")
			}
			told := chapter.Big != ""
			if want := c.PAdjusted < 0.05 && (c.Low > 0 || c.High < 0); told != want {
				t.Fatalf("%s: %+v is told as %q, %q", lang, c, chapter.Big, chapter.Headline)
			}
			if lang != instrument.NL || !told {
				continue
			}
			if up := strings.Contains(chapter.Headline, "gestegen"); up != (c.Diff > 0) || up == strings.Contains(chapter.Headline, "gedaald") {
				t.Fatalf("%+v: %q", c, chapter.Headline)
			}
		}
	})
}

func TestHowManyLinkedIsToldOnlyWhereTheyCount(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		for _, linked := range []int{0, 143} {
			f := second()
			f.Earlier.Linked = linked
			s, err := tell(f, lang)
			if err != nil {
				t.Fatal(err)
			}
			lint(t, s)
			text := strings.Join(changesIn(s).Text, "\n")
			if told := strings.Contains(text, "143"); told != (linked > 0) {
				t.Errorf("%s, %d linked: %s", lang, linked, text)
			}
		}
	}
}

func TestWithoutAnEarlierWaveNothingIsSaidOfChange(t *testing.T) {
	t.Parallel()
	if c := changesIn(Tell(rich(), instrument.NL)); c != nil {
		t.Errorf("%+v", c)
	}
}

func TestTheChapterOnChangesLeadsWithTheSurestIndicator(t *testing.T) {
	t.Parallel()
	s := Tell(second(), instrument.NL)
	c := changesIn(s)
	if c == nil || c.Big != "41\u00a0→\u00a054\u00a0%" || len(c.Figures) != 2 || s.Chapters[0].ID != "changes" {
		t.Fatalf("%+v", c)
	}
	text := strings.Join(c.Text, " ")
	for _, want := range []string{"gestegen van 41", "Bij eenzelfde samenstelling", "Onthaal", "Steun", "bleef daarvan +11"} {
		if !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	if strings.Contains(text, "Eigen hulpmiddelen") {
		t.Error("a question that is new is told as one that changed")
	}
	if heard := s.Sheet.Heard[0]; heard.Big != "+13" || heard.Chart == nil {
		t.Errorf("the fact sheet hears %+v", heard)
	}
}
