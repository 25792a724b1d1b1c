package framework

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestParseReadsTheWhole(t *testing.T) {
	t.Parallel()
	f, err := Parse("t.yaml", strings.NewReader(small()))
	if err != nil {
		t.Fatal(err)
	}
	if f.Version != "1" || f.DigComp[0].Code != "1.2" {
		t.Errorf("version %q and code %q, want 1 and 1.2 as they stand", f.Version, f.DigComp[0].Code)
	}
	s := f.Skill("critical")
	if s == nil || s.Level(4).ID != "guide" || s.Level(0) != nil || s.Level(5) != nil || f.Skill("other") != nil {
		t.Error("skills and levels are not found by id and number")
	}
	if next := s.Level(1).Next.Field; next.Minutes != 10 || next.Place != Lab {
		t.Errorf("the next step is %+v", next)
	}
	for theta, want := range map[float64]int{-9: 1, -1.01: 1, -1: 2, -0.5: 2, 0: 3, 0.99: 3, 1: 4, 9: 4} {
		if got := f.At(theta); got != want {
			t.Errorf("skill %g is in level %d, want %d", theta, got, want)
		}
	}
	if got := (Text{FR: "a", EN: "b"}).In(DE); got != "b" {
		t.Errorf("a text without German or Dutch reads %q, want the English one", got)
	}
}

func TestParseSaysWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	_, err := Parse("t.yaml", iotest.ErrReader(broken))
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "t.yaml") {
		t.Errorf("got %v", err)
	}
}

func TestParseProblems(t *testing.T) {
	t.Parallel()
	change := func(old, with string) string {
		if !strings.Contains(small(), old) {
			t.Fatalf("nothing to change: %q", old)
		}
		return strings.Replace(small(), old, with, 1)
	}
	for _, c := range []struct{ name, src, want string }{
		{"empty", "", ` the file is empty; start from the file that comes with the product`},
		{"only a comment", "# a\n", ` the file is empty; start from the file that comes with the product`},
		{"too large", strings.Repeat("#", MaxBytes+1), ` the file is larger than 4 MB; this is a text file of some hundreds of kB: check that it is the right one`},
		{"not UTF-8", "id: é\nversion: é\xff\n", `2:11: the file is not valid UTF-8 here; save it as UTF-8 (in a spreadsheet or editor: encoding UTF-8)`},
		{"not YAML", "id: a\n\tb: c\n", `2:1: this is not YAML: found a tab character that violates indentation; check the indentation and the colons from this line on, and put a text with : ? # or , between double quotes`},
		{"two documents", small() + "---\na: b\n", `26:1: the file goes on after the first document; keep one in a file and remove the line ---`},
		{"a list", "- a\n", "1:1: expected a mapping with id, version, title and so on, found a list; write each part as `key: value`"},
		{"anchor", change("id: small", "id: &a small"), `1:5: anchors and aliases (& and *) are not allowed; write the value out`},
		{"tag", change("id: small", "id: !!str small"), `1:5: the YAML tag "!!str" is not allowed; remove it`},
		{"unknown key", change("minutes: 10", "minutes: 10, hours: 1"), `18:318: unknown key "hours"; use one of: text, minutes, place`},
		{"key twice", change("version: 1", "version: 1\nversion: 2"), `3:1: key "version" stands here for the second time (first on line 2); keep one of the two`},
		{"unknown language", change("title: {nl: a b c", "title: {es: a, nl: a b c"), `3:9: unknown key "es"; use one of: nl, fr, de, en`},
		{"text expected", change("id: small", "id: [a]"), `1:5: expected a text, found a list; write the text between quotes`},
		{"nothing", change("title: {nl: a b c", "title: {nl: "), `3:13: expected a text, found nothing; write the text between quotes`},
		{"whole number expected", change("level: 3", "level: 2.5"), `24:161: expected a whole number, found "2.5"; write digits only, without quotes`},
		{"number expected", change("from: -1", "from: .inf"), `7:118: expected a number, found ".inf"; write digits with a decimal point, without quotes`},
		{"list expected", change(`digcomp: ["1.2"]`, "digcomp: {}"), "15:14: expected a list, found a mapping; start each element on a new line with `- `, or write [a, b]"},

		{"no id", change("id: small", ""), `2:1: there is no id; add id: with a short name of a-z, 0-9 and -`},
		{"id", change("id: small", "id: Small"), `1:5: the id "Small" is not allowed; start with a-z and use at most 40 of a-z, 0-9 and -`},
		{"id twice", change("{id: trust", "{id: verify"), `16:68: the id "verify" stands here for the second time; give it another id`},
		{"no version", change("version: 1", `version: " "`), `2:10: there is no version; add version:, such as "1.0"`},
		{"missing text", change("title: "+say("a b c"), ""), `1:1: this text is missing; write it in nl, fr, de and en`},
		{"missing translation", change("title: {nl: a b c, fr: a b c, ", "title: {nl: a b c, "), `3:8: the translation in "fr" is missing; add fr: with the text`},
		{"empty text", change("title: {nl: a b c, fr: a b c", `title: {nl: a b c, fr: ""`), `3:24: this text is empty; write it`},
		{"short text", change("title: {nl: a b c", `title: {nl: a`), `3:13: this text has 1 words; write at least 3`},
		{"long text", change("title: {nl: a b c", `title: {nl: `+strings.Repeat("a ", 41)), `3:13: this text has 41 words; keep it within 40`},
		{"HTML", change("title: {nl: a b c", `title: {nl: "a b <b>c"`), `3:13: this text holds HTML: "<b>"; write plain text: it is shown as it stands`},
		{"invisible", change("title: {nl: a b c", `title: {nl: "a b c\u202e"`), `3:13: this text holds the invisible character U+202E; remove it`},
		{"levels do not rise", change("from: 0", "from: -1"), `8:124: the levels do not rise here; write a number from -4 to 4, above that of the level before`},
		{"no start", change(", from: 0", ""), "8:5: it does not say where the level starts; add from: with a number above that of the level before"},
		{"unknown code", change(`digcomp: ["1.2"]`, `digcomp: ["1.3"]`), `15:15: there is no competence "1.3"; name one of the codes under digcomp`},
		{"code", change("code: 1.2", "code: 12"), "10:18: the code \"12\" is not one of its own; write area and number, such as 1.2, each once\n" +
			`15:15: there is no competence "1.2"; name one of the codes under digcomp`},
		{"other level", change("- {id: basis, summary", "- {id: base, summary"), `19:14: the level is "base"; write "basis": the levels of a skill are those of the framework, in the same order`},
		{"minutes", change("minutes: 10", "minutes: 90"), `18:314: a step of 90 minutes; write 5 to 60: it is something to do this week`},
		{"place", change("place: lab", "place: home"), `18:325: unknown place "home"; use one of: lab, rules, training, colleague`},
		{"level", change("level: 3", "level: 5"), `24:161: level 5 does not exist; write a level from 1 to 4`},
		{"unknown skill", change("asks: [{skill: critical", "asks: [{skill: clever"), `24:144: there is no skill "clever"; name one of the skills`},
		{"nobody asked", change("everyone: [{skill: critical", "everyone: [{skill: clever"), "22:11: it does not say what is asked of everyone for \"critical\"; add the skill with a level, 1 when nothing more is asked\n" +
			`22:20: there is no skill "clever"; name one of the skills`},
		{"word", change("loket*", "lo ket"), `24:119: the word "lo ket" is not allowed; write one word of letters, with * where anything may precede or follow: loket*, *wacht, ploegbaas`},
		{"origin", change("version: 1", "version: 1\nadapted_from: {id: a, version: b}"), `3:15: it does not say from what it was adapted; give id, version and digest, or remove it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := Parse("t.yaml", strings.NewReader(c.src))
			if got := messages(err); got != c.want || f != nil {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestProblemsComeAtOnce shows that a file with several errors lists them all, and none that only follows from another.
func TestProblemsComeAtOnce(t *testing.T) {
	t.Parallel()
	src := strings.NewReplacer("id: small", "id: S", "minutes: 10", "minutes: ten", "level: 3", "level: 7").Replace(small())
	_, err := Parse("t.yaml", strings.NewReader(src))
	var problems *Problems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	var paths []string
	for _, p := range problems.List {
		if !slices.Contains(paths, p.Path) {
			paths = append(paths, p.Path)
		}
	}
	if len(problems.List) != 10 || paths[0] != "id" || paths[1] != "skills[0].levels[0].next.office.minutes" || paths[len(paths)-1] != "rules[0].asks[0].level" {
		t.Errorf("%d problems at %v, want id, 8 steps and a level, each once", len(problems.List), paths)
	}
}

// TestProblemsAreBounded shows that a hostile file cannot make the list grow without end.
func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	_, err := ParseItems("t.yaml", strings.NewReader(bankHead+strings.Repeat("  - {a: 1, b: 1, c: 1, d: 1, e: 1}\n", 300)))
	var problems *Problems
	if !errors.As(err, &problems) || len(problems.List) > 1000 || problems.More == 0 {
		t.Fatalf("%T", err)
	}
	if !strings.HasSuffix(err.Error(), " more problems") {
		t.Error("it does not say that there are more")
	}
}
