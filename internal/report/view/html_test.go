package view

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
)

// pages are both documents of the example.
func pages(t testing.TB) map[string][]byte {
	return map[string][]byte{"report": reportPage(t), "fact sheet": sheetPage(t)}
}

func parse(t testing.TB, page []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), wordJoiner, "")), " ")
}

func TestPagesNeedNoOtherFile(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		for n := range parse(t, page).Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			switch n.Data {
			case "script", "link", "iframe", "object", "embed", "base", "img", "audio", "video", "form":
				t.Errorf("%s has a <%s>", name, n.Data)
			case "style":
				css := textOf(n)
				if i := strings.Index(css, "url("); strings.Count(css, "url(") != strings.Count(css, "url(data:font/woff2;base64,") || strings.Contains(css, "@import") {
					t.Errorf("%s: style sheet reaches outside: %.80s", name, css[max(i, 0):])
				}
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s> has %s", name, n.Data, a.Key)
				}
				outside := strings.Contains(a.Val, "://") || strings.HasPrefix(a.Val, "//")
				if outside && (n.Data != "a" || a.Key != "href") {
					t.Errorf("%s: <%s %s=%q> reaches outside", name, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func TestPolicyAllowsOnlyTheStyleInside(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		_, rest, _ := strings.Cut(string(page), "<style>")
		style, _, ok := strings.Cut(rest, "</style>")
		if !ok || strings.Count(string(page), "<style") != 1 {
			t.Fatalf("%s: not one style sheet", name)
		}
		sum := sha256.Sum256([]byte(style))
		want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
		got := ""
		for n := range parse(t, page).Descendants() {
			if v, _ := attr(n, "http-equiv"); v == "Content-Security-Policy" {
				got, _ = attr(n, "content")
			}
		}
		if got != want {
			t.Errorf("%s: policy %q, want %q", name, got, want)
		}
	}
}

func TestHeadingsLandmarksAndNames(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		root := parse(t, page)
		level, ids, marks := 0, map[string]bool{}, map[string]int{}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if id, ok := attr(n, "id"); ok {
				if ids[id] || id == "" {
					t.Errorf("%s: id %q twice", name, id)
				}
				ids[id] = true
			}
			marks[n.Data]++
			if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
				next := int(n.Data[1] - '0')
				if next > level+1 {
					t.Errorf("%s: %s %q after h%d", name, n.Data, textOf(n), level)
				}
				level = next
			}
		}
		for n := range root.Descendants() {
			for _, key := range []string{"aria-labelledby", "href"} {
				v, ok := attr(n, key)
				if !ok || key == "href" && !strings.HasPrefix(v, "#") {
					continue
				}
				for _, id := range strings.Fields(strings.TrimPrefix(v, "#")) {
					if !ids[id] {
						t.Errorf("%s: %s=%q leads nowhere", name, key, v)
					}
				}
			}
		}
		for _, one := range []string{"h1", "main", "header", "footer"} {
			if marks[one] != 1 {
				t.Errorf("%s: %d <%s>", name, marks[one], one)
			}
		}
		for n := range root.Descendants() {
			if n.Data == "html" && n.Type == html.ElementNode {
				if lang, _ := attr(n, "lang"); lang != "nl" {
					t.Errorf("%s: lang %q", name, lang)
				}
			}
			if n.Data == "th" {
				if scope, _ := attr(n, "scope"); scope == "" {
					t.Errorf("%s: heading without scope: %s", name, textOf(n))
				}
			}
		}
	}
}

func TestReportSaysAllThatTheStorySays(t *testing.T) {
	t.Parallel()
	s, _ := example()
	text := textOf(parse(t, reportPage(t)))
	var want []string
	want = append(want, s.Title, s.Lead, s.Pilot, s.Synthetic, s.Kicker)
	want = append(append(append(append(want, s.Summary...), s.Caveats...), s.Method...), s.Data...)
	for _, c := range s.Chapters {
		want = append(append(want, c.Short, c.Headline, c.Big), c.Text...)
		for _, f := range c.Figures {
			want = append(want, f.Title, f.Caption)
			for _, row := range f.Table.Rows {
				for _, cell := range row {
					if cell != "–" { // a row without figures shows its remark alone
						want = append(want, cell)
					}
				}
			}
		}
	}
	for _, a := range s.Actions {
		want = append(append(want, a.Title, a.Why, a.Reach), a.Steps...)
	}
	want = append(want, s.Words[story.WordNextStep], "genai-monitor, versie 0.3")
	for _, w := range want {
		if !strings.Contains(text, strings.Join(strings.Fields(w), " ")) {
			t.Errorf("the report does not say %q", w)
		}
	}
}

func TestFactSheetSaysAllThatTheSheetSays(t *testing.T) {
	t.Parallel()
	s, _ := example()
	text := textOf(parse(t, sheetPage(t)))
	want := append(append([]string{s.Sheet.Title, s.Sheet.Privacy, s.Sheet.Contact, s.Synthetic}, s.Sheet.Asked...), s.Sheet.Doing...)
	for _, h := range s.Sheet.Heard {
		want = append(want, h.Big, h.Text, h.Range)
	}
	for _, w := range want {
		if !strings.Contains(text, strings.Join(strings.Fields(w), " ")) {
			t.Errorf("the fact sheet does not say %q", w)
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	const evil = `</style><script>alert(1)</script>" onload="x`
	s := &story.Story{Lang: instrument.NL, Title: evil, Kicker: evil, Synthetic: evil, Words: map[string]string{story.WordContents: evil},
		Chapters: []story.Chapter{{ID: `a" onclick="x`, Short: evil, Headline: evil, Text: []string{evil},
			Figures: []story.Figure{{ID: evil, Title: evil, Description: evil, Caption: evil, Chart: means(), Table: story.Table{Rows: [][]string{{evil, evil}}}}}}},
		Actions: []story.Action{{Title: evil, Evidence: []string{`a" onclick="x`, "unknown"}}},
		Sheet:   story.Sheet{Title: evil, Heard: []story.Heard{{Big: evil, Text: evil, Label: evil, Chart: likert()}}},
	}
	for name, write := range map[string]func(io.Writer) error{
		"report": func(w io.Writer) error { return HTML(w, s, &findings.Findings{}) }, "fact sheet": func(w io.Writer) error { return FactSheet(w, s) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		for n := range parse(t, b.Bytes()).Descendants() {
			_, handler := attr(n, "onload")
			_, click := attr(n, "onclick")
			if n.Data == "script" && n.Type == html.ElementNode || handler || click {
				t.Errorf("%s: a text became <%s %v>", name, n.Data, n.Attr)
			}
		}
	}
}

func TestEmptyStoryIsStillAPage(t *testing.T) {
	t.Parallel()
	s := &story.Story{Lang: instrument.EN, Title: "t"}
	for _, write := range []func(io.Writer) error{
		func(w io.Writer) error { return HTML(w, s, &findings.Findings{}) }, func(w io.Writer) error { return FactSheet(w, s) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(b.String(), "<!doctype html>") {
			t.Errorf("starts with %.40q", b.String())
		}
	}
}

func TestPagesReportAFailingWriter(t *testing.T) {
	t.Parallel()
	s, f := example()
	for name, err := range map[string]error{"report": HTML(broken{}, s, f), "fact sheet": FactSheet(broken{}, s)} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPagesAreLight(t *testing.T) {
	t.Parallel()
	for name, page := range pages(t) {
		if len(page) > 130_000 {
			t.Errorf("%s weighs %d bytes", name, len(page))
		}
	}
	s, _ := example()
	s.Title = "Wat Łukasz en Çağla zeiden"
	var b bytes.Buffer
	if err := HTML(&b, s, &findings.Findings{}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "@font-face"); n != 2 {
		t.Errorf("%d typefaces for a text with central European letters", n)
	}
	if n := strings.Count(string(reportPage(t)), "@font-face"); n != 1 {
		t.Errorf("%d typefaces for a text without", n)
	}
}

func TestJSONShape(t *testing.T) {
	t.Parallel()
	_, f := example()
	var a, b bytes.Buffer
	if err := JSON(&a, f); err != nil {
		t.Fatal(err)
	}
	if err := JSON(&b, f); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("two writings differ (%v)", err)
	}
	var object struct {
		Respondents *int
		Shares      []map[string]any
		Means       []map[string]any
		Reliability []map[string]any
		Comparisons []map[string]any
		Drivers     []map[string]any
		Weights     map[string]any
		Caveats     []map[string]any
	}
	if err := json.Unmarshal(a.Bytes(), &object); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		object map[string]any
		keys   string
	}{
		"shares":      {object.Shares[0], "item option group n base share se low high suppressed"},
		"means":       {object.Means[0], "construct group base mean sd se low high suppressed"},
		"reliability": {object.Reliability[0], "construct items n alpha alpha_low alpha_high omega item_rest"},
		"comparisons": {object.Comparisons[0], "target by test statistic df1 df2 p p_adjusted effect effect_low effect_high"},
		"drivers":     {object.Drivers[0], "outcome predictor estimate se p importance importance_low importance_high"},
		"weights":     {object.Weights, "method kish_deff min max iterations"},
	} {
		for _, key := range strings.Fields(c.keys) {
			if _, ok := c.object[key]; !ok {
				t.Errorf("%s lacks %s", name, key)
			}
		}
	}
	hidden := object.Shares[len(object.Shares)-1]
	for _, key := range strings.Fields("n base share se low high") {
		if hidden[key] != nil {
			t.Errorf("%s of a suppressed share is %v", key, hidden[key])
		}
	}
	if object.Reliability[0]["omega"] != nil {
		t.Errorf("omega that is not a number is %v", object.Reliability[0]["omega"])
	}
	if bytes.Contains(a.Bytes(), []byte("NaN")) || bytes.Contains(a.Bytes(), []byte("Inf")) || *object.Respondents != 1214 {
		t.Error("a figure that JSON does not know")
	}
}

// TestPagesUseWordsThatEachStoryCarries asks for a word that no story has: it would be missing on the page.
func TestPagesUseWordsThatEachStoryCarries(t *testing.T) {
	t.Parallel()
	s, f := example()
	s.Words = map[string]string{}
	for _, key := range story.WordKeys() {
		s.Words[key] = "«" + key + "»"
	}
	var b bytes.Buffer
	if err := HTML(&b, s, f); err != nil {
		t.Fatal(err)
	}
	if err := FactSheet(&b, s); err != nil {
		t.Fatal(err)
	}
	for key := range dutchWords() {
		onPaper := key == story.WordPage || key == story.WordOf
		if !onPaper && !strings.Contains(b.String(), "«"+key+"»") {
			t.Errorf("the word %s is shown nowhere", key)
		}
		if !slices.Contains(story.WordKeys(), key) {
			t.Errorf("no story carries the word %s", key)
		}
	}
}

func BenchmarkHTML(b *testing.B) {
	s, f := example()
	for len(s.Chapters) < 14 {
		for i, c := range s.Chapters[:4] {
			c.ID = fmt.Sprint(c.ID, len(s.Chapters), i)
			s.Chapters = append(s.Chapters, c)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := HTML(io.Discard, s, f); err != nil {
			b.Fatal(err)
		}
	}
}
