package story

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := messages.Check(); err != nil {
		t.Error(err)
	}
}

// source returns the code of this package without its tests.
func source(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(src)
	}
	return b.String()
}

// madeKeys matches the keys that the code puts together from parts.
var madeKeys = regexp.MustCompile(`^(word|effect|action|caveat|where)\.` +
	`|^data\.|^rank\.(top|flat)-|^use\.contrast-|^groups\.(highest|lowest)-(share|score)$|^drivers\.(positive|negative|unclear)$` +
	`|\.(short|asked|headline|flat|figure|heard)$`)

func TestNoMessageIsMissingOrLeftOver(t *testing.T) {
	t.Parallel()
	code := source(t)
	keys, err := messages.Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if !strings.Contains(code, `"`+key+`"`) && !madeKeys.MatchString(key) {
			t.Errorf("no rule says %q", key)
		}
	}
	for _, m := range regexp.MustCompile(`(?:say|p\.N)\("([a-z.-]+[a-z])"`).FindAllStringSubmatch(code, -1) {
		if !slices.Contains(keys, m[1]) {
			t.Errorf("the message %q is not in locale/nl.yaml", m[1])
		}
	}
}

func TestPartsOfKeysAreAllThere(t *testing.T) {
	t.Parallel()
	keys, err := messages.Keys()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, k := range WordKeys() {
		want = append(want, "word."+k)
	}
	for _, k := range CaveatKeys() {
		want = append(want, "caveat."+k)
	}
	for _, th := range []theme{themeNone, themeSkills, themeBenefit, themeRules, themeAccess, themeTrust, themeTime, themeExamples, themeTraining, themePeople} {
		for _, part := range []string{"title", "step-one", "step-two", "step-three"} {
			want = append(want, "action."+string(deedFor(th))+"."+part)
		}
	}
	for _, c := range []string{"use", "systems", "tasks", "nonuse", "views", "skills", "drivers", "support", "rules", "shadow", "groups"} {
		want = append(want, c+".short", c+".asked", c+".flat")
	}
	for _, m := range []string{"use", "systems", "tasks", "nonuse", "advantages", "drawbacks", "support", "rules", "shadow"} {
		want = append(want, m+".headline", m+".flat", m+".figure")
	}
	for _, v := range []string{"plain", "work", "leisure", "label", "advantages", "drawbacks"} {
		want = append(want, "rank.top-"+v, "rank.flat-"+v)
	}
	for i, low := range []string{"tiny", "small", "medium", "large"} {
		want = append(want, "effect."+low)
		for _, high := range []string{"tiny", "small", "medium", "large"}[i+1:] {
			want = append(want, "effect."+low+"-"+high)
		}
	}
	for _, key := range want {
		if !slices.Contains(keys, key) {
			t.Errorf("%q is missing", key)
		}
	}
}

func TestEveryCaveatIsToldInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		f := rich()
		f.Design.Lonely, f.Data.Missing = 2, []string{"x"}
		f.Data.Excluded = []findings.Excluded{{Reason: "no-weight", N: 3}, {Reason: "zero-weight", N: 1}, {Reason: "no-consent", N: 2}, {Reason: "new-reason", N: 1}}
		f.Caveats = nil
		for _, key := range CaveatKeys() {
			f.Caveats = append(f.Caveats, findings.Caveat{
				Key: key, Text: "ENGLISH", Data: map[string]any{"variable": "department", "values": "Archief"},
			})
		}
		s, err := tell(f, lang)
		if err != nil {
			t.Error(err)
		}
		if len(s.Caveats) != len(CaveatKeys()) {
			t.Errorf("%s: %d caveats for %d keys", lang, len(s.Caveats), len(CaveatKeys()))
		}
		for _, c := range s.Caveats {
			if strings.Contains(c, "ENGLISH") {
				t.Errorf("%s: a caveat was left in English: %s", lang, c)
			}
		}
		lint(t, s)
	}
}
