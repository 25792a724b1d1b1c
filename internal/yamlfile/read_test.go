package yamlfile

import (
	"strings"
	"testing"
)

type tongue string

type page struct {
	ID    string                `yaml:"id"`
	Title map[tongue]string     `yaml:"title"`
	Words map[tongue][]string   `yaml:"words"`
	Named map[string][]section  `yaml:"named"`
	Parts []section             `yaml:"parts"`
	Count int                   `yaml:"count"`
	Share *float64              `yaml:"share"`
	Open  bool                  `yaml:"open"`
	About map[string]func() int `yaml:"about"`
}

type section struct {
	ID   string `yaml:"id"`
	Text string `yaml:"text,omitempty"`
}

var pages = Form{MaxBytes: 1 << 20, MaxList: 3, Large: "make it smaller", Empty: "start anew", Words: []string{"nl", "fr"}}

// readPage reads a page and returns what is wrong, one problem a line.
func readPage(src string) (page, string) {
	var p page
	problems := &Problems{}
	Read("p.yaml", []byte(src), &p, pages, problems)
	if err := problems.Err(); err != nil {
		return p, err.Error()
	}
	return p, ""
}

func TestAFileBecomesAValue(t *testing.T) {
	t.Parallel()
	p, wrong := readPage("id: 12\ntitle: {nl: ja, fr: 2026-11-29}\nwords: {nl: [a, b]}\nnamed:\n  any name: [{id: x}]\nparts:\n  - {id: y, text: \"true\"}\ncount: 3\nshare: .5\nopen: TRUE\n")
	if wrong != "" {
		t.Fatal(wrong)
	}
	if p.ID != "12" || p.Title["nl"] != "ja" || p.Title["fr"] != "2026-11-29" || len(p.Words["nl"]) != 2 || p.Named["any name"][0].ID != "x" || p.Parts[0].Text != "true" || p.Count != 3 ||
		*p.Share != .5 || !p.Open {
		t.Errorf("%+v", p)
	}
}

func TestWhatIsWrongIsSaidWhereItStands(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"":                               "p.yaml: the file is empty; start anew",
		"id: a\n---\nid: b\n":            "p.yaml:2:1: the file goes on after the first document",
		"id: a\nid: b\n":                 `p.yaml:2:1: key "id" stands here for the second time (first on line 1); keep one of the two`,
		"cuont: 1\n":                     `p.yaml:1:1: unknown key "cuont"; did you mean "count"?`,
		"zzzzzzz: 1\n":                   `p.yaml:1:1: unknown key "zzzzzzz"; use one of: id, title`,
		"- a\n":                          "p.yaml:1:1: expected a mapping with id, title, words and so on, found a list",
		"title: {de: ja}\n":              `p.yaml:1:9: unknown key "de"; use one of: nl, fr`,
		"title: ja\n":                    `p.yaml:1:8: expected a mapping with nl, fr, found "ja"`,
		"named: ja\n":                    `p.yaml:1:8: expected a mapping of names, found "ja"`,
		"named: {? [a] : b}\n":           "a key must be a plain word",
		"parts: 3\n":                     `p.yaml:1:8: expected a list, found "3"`,
		"parts: [{}, {}, {}, {}]\n":      "p.yaml:1:8: the list has 4 elements; keep at most 3",
		"parts: [{id: }]\n":              "p.yaml:1:14: expected a text, found nothing",
		"count: 1.5\n":                   `p.yaml:1:8: expected a whole number, found "1.5"`,
		"count: 99999999999999999999\n":  "expected a whole number",
		"share: .nan\n":                  `p.yaml:1:8: expected a number, found ".nan"`,
		"open: \"yes\"\n":                `p.yaml:1:7: expected true or false, found "yes"`,
		"id: &a b\n":                     "p.yaml:1:5: anchors and aliases (& and *) are not allowed; write the value out",
		"id: !!str 1\n":                  `the YAML tag "!!str" is not allowed; remove it`,
		"about: {a: 1}\n":                `expected nothing, found "1"`,
		"id: a\n b: c\n":                 "this is not YAML",
		"id: a\nx: b\xff\n":              "p.yaml:2:5: the file is not valid UTF-8 here",
		strings.Repeat("# long\n", 2e5):  "p.yaml: the file is larger than 1 MB; make it smaller",
		"id: " + strings.Repeat("[", 20): "this is not YAML",
	} {
		if _, got := readPage(src); !strings.Contains(got, want) {
			t.Errorf("%.30q: %q does not say %q", src, got, want)
		}
	}
}

// Who checks a value further reports at the place, or at what is around it when nothing stands there; of what could not be read nothing
// more is said.
func TestFurtherProblemsStandWhereTheValueStood(t *testing.T) {
	t.Parallel()
	var p page
	problems := &Problems{}
	r := Read("p.yaml", []byte("id: a\nparts:\n  - {id: x}\n  - {id: [1]}\n"), &p, pages, problems)
	if r == nil || r.Found() != 1 {
		t.Fatal(problems.Err())
	}
	r.At("parts[0].text", "no text", "write one")
	r.At("parts[1].id", "too short", "write more")
	r.At("parts[1].id", "too short", "write more")
	r.At("parts[0].text", "no text", "write one") // twice is once
	r.At("title.fr", "no title", "")
	want := "p.yaml:1:1: no title\np.yaml:3:5: no text; write one\np.yaml:4:10: expected a text, found a list; write the text between quotes"
	if got := problems.Err().Error(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if !r.Has("parts[0].id") || r.Has("parts[0].text") || r.Line("parts[1]") != 4 || r.Line("title") != 0 {
		t.Error("it does not know what stood where")
	}
	if got := (Problem{Path: "a.b", Message: "m"}).String(); got != "a.b: m" {
		t.Error(got)
	}
}

func TestAHostileFileMakesABoundedList(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for range 5000 {
		b.WriteString("? [x]\n: 1\n")
	}
	if _, got := readPage(b.String()); !strings.HasSuffix(got, "and 4000 more problems") && strings.Count(got, "\n") > 1001 {
		t.Errorf("%d bytes: %.200s", len(got), got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("id: 12\ntitle: {nl: ja}\nparts:\n  - {id: y}\n")
	f.Add("? [a]\n: &b *b\n")
	f.Fuzz(func(t *testing.T, src string) {
		var p page
		problems := &Problems{}
		r := Read("p.yaml", []byte(src), &p, pages, problems)
		if r == nil && problems.Err() == nil {
			t.Fatal("nothing was read, and nothing is wrong")
		}
		for _, q := range problems.List {
			if q.Message == "" || q.Line < 0 || q.Line > strings.Count(src, "\n")+2 {
				t.Fatalf("%+v", q)
			}
		}
	})
}
