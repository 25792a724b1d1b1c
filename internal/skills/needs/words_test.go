package needs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/book"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/web"
)

func TestTheWordsAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

// TestEveryWordThatIsAskedForIsThere reads the keys out of the program: those in so many words, and those that are put together.
func TestEveryWordThatIsAskedForIsThere(t *testing.T) {
	t.Parallel()
	p := locale().Printer(instrument.NL)
	var keys []string
	sources, err := filepath.Glob("*.*")
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`(?:\.say|\.T|\.N|\.n|\.link|say)\("([a-z0-9.-]+[a-z0-9])"`)
	told := regexp.MustCompile(`(?:Wrong\([^,\n]+, |refuse\(problem\.[A-Za-z]+, |clash\(ctx, tx\.Reader, state, )"([a-z0-9.-]+)"`)
	noticed := regexp.MustCompile(`notice\(r, "([a-z-]+)"\)|Key: "notice\.([a-z-]+)"`)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, re := range []*regexp.Regexp{asked, told} {
			for _, m := range re.FindAllStringSubmatch(string(text), -1) {
				keys = append(keys, m[1])
			}
		}
		for _, m := range noticed.FindAllStringSubmatch(string(text), -1) {
			keys = append(keys, "notice."+m[1]+m[2])
		}
	}
	if len(keys) < 250 {
		t.Errorf("only %d keys were found: the search is wrong", len(keys))
	}
	add := func(prefix string, names ...string) {
		for _, n := range names {
			keys = append(keys, prefix+n)
		}
	}
	for _, k := range ChangeKinds() {
		add("kind.", string(k))
		add("audit.skills.needs-", string(k))
	}
	add("audit.skills.needs-", "proposed", "refused", "dropped")
	add("proposal.", string(Waiting), string(Accepted), string(Refused), string(Withdrawn))
	add("import.", string(ToDecide), string(Applied), string(Dropped))
	add("answer.", demand.Yes, demand.No, demand.Unknown)
	add("book.", demand.Yes, demand.No, demand.Unknown)
	add("book.help-", "change", "change-text", "same-text", "family-text", "empty-text", "reason-text", "rules-text", "columns-text", "back-text")
	for _, s := range []demand.Source{demand.TitleWord, demand.FamilyWord, demand.OfWork, demand.Nothing} {
		add("whence.", string(s))
		add("answers.proposed-", string(s))
	}
	add("answers.proposed-", string(demand.OfFamily))
	add("whence.", "own", "taken", "own-family", "taken-family")
	add("trouble.", book.NoHeadings, book.OddColumn, book.DoubleColumn, book.OddRow, book.NothingToRead, noSuchFunction, noSuchFamily, codeAndName, severalSuch, noLevel, noAnswer, twice)
	add("notice.", "accepted", "refused")
	add("error.", "changed-nobody", "since-nobody")
	add("value.", string(demand.Role), string(demand.Adapted))
	for table := range personalTables() {
		add("held.", table)
	}
	for _, l := range framework.Languages() {
		add("language.", string(l))
	}
	for _, key := range keys {
		if !p.Has(key) {
			t.Errorf("there is no %s", key)
		}
	}
}

func TestSheetsHaveNamesThatSpreadsheetsTake(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		p := locale().Printer(lang)
		seen := map[string]bool{}
		for _, key := range []string{"book.needs", "book.rules", "book.help"} {
			name := p.T(key, nil)
			if len([]rune(name)) > 31 || strings.ContainsAny(name, `:\/?*[]`) || seen[name] {
				t.Errorf("%s: the sheet %q", lang, name)
			}
			seen[name] = true
		}
	}
}

// TestNoTwoHeadingsSayTheSame holds that a sheet can be read back in each language.
func TestNoTwoHeadingsSayTheSame(t *testing.T) {
	t.Parallel()
	f, err := baseFramework()
	if err != nil {
		t.Fatal(err)
	}
	columns := bookWords(f).Columns
	want := 2*len(instrument.Languages()) + len(instrument.Languages())*(5+len(f.Skills)+len(f.Rules))
	for heading, column := range columns {
		if heading == "" || column == "" {
			t.Errorf("%q means %q", heading, column)
		}
	}
	for i := range f.Skills {
		for _, l := range framework.Languages() {
			if got := columns[book.Fold(f.Skills[i].Name.In(l))]; got != book.SkillColumn+f.Skills[i].ID {
				t.Errorf("%s means %s", f.Skills[i].Name.In(l), got)
			}
		}
	}
	if len(columns) > want {
		t.Errorf("%d headings, at most %d were given", len(columns), want)
	}
}

func TestWhatIsOfferedAndForgottenIsSaidInEveryLanguage(t *testing.T) {
	t.Parallel()
	s := New(Dependencies{})
	for _, lang := range instrument.Languages() {
		e := s.Effects()
		for _, text := range []string{e.Goes[0].In(lang), e.Stays[0].What.In(lang), e.Stays[0].Why.In(lang)} {
			if strings.Contains(text, "held.") || text == "" {
				t.Errorf("%s: %q", lang, text)
			}
		}
		r := &web.Request{Visit: web.Visit{Actor: hr()}, Lang: lang}
		if tiles := s.Offers(r); len(tiles) != 2 || tiles[0].Href != home || tiles[1].Title == "" {
			t.Errorf("%s: %+v", lang, tiles)
		}
		r.Actor = person("ours", access.Employee)
		if tiles := s.Offers(r); len(tiles) != 1 || tiles[0].Href != frameworkAt {
			t.Errorf("%s: %+v", lang, tiles)
		}
	}
}
