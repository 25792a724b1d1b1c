package view

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"tekentafel/internal/chart"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// fragment renders what stands inside a page.
func fragment(t testing.TB, c templ.Component) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inAPage puts a fragment in a small page with the style sheets that it needs.
func inAPage(t testing.TB, lang instrument.Lang, fragment []byte) []byte {
	t.Helper()
	body := `<a class="skip" href="#main">x</a><header><p class="sheet-width">Tekentafel</p></header><main id="main" tabindex="-1">` + string(fragment) + `</main>`
	style := ui.Faces(body) + ui.CSS(ui.Base, ui.Charts, ui.Report, ui.Explore)
	var b bytes.Buffer
	if err := document(string(lang), "Rapport", policy(style), style).Render(templ.WithChildren(t.Context(), templ.Raw(body)), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func exploredFor(t testing.TB, f *findings.Findings, lang instrument.Lang, sel story.Selection) *story.Exploration {
	t.Helper()
	e, err := story.Explore(f, lang, sel)
	if err != nil {
		t.Fatalf("%+v: %v", sel, err)
	}
	return e
}

// explorations are looks at the demonstration in each of its shapes.
func explorations() map[string]story.Selection {
	return map[string]story.Selection{
		"departments": {By: "department"}, "one department": {By: "department", Value: "Groen en wegen"}, "a small one": {By: "department", Value: "Mobiliteit"},
		"one topic": {By: "workplace", Topic: "support"}, "one topic of one group": {By: "age", Value: "55plus", Topic: "skills"},
		"one question": {By: "age", Question: "nonuse_work"}, "a hidden group": {By: "department", Value: "Archief"}, "a sensitive topic": {By: "age", Topic: "shadow"},
	}
}

// every lists all looks at the findings: each variable, each of its groups, each topic of it.
func every(t testing.TB, f *findings.Findings) []story.Selection {
	t.Helper()
	var out []story.Selection
	for _, g := range f.Groups {
		topics := exploredFor(t, f, instrument.NL, story.Selection{By: g.Variable}).Topics
		for _, topic := range topics {
			out = append(out, story.Selection{By: g.Variable, Topic: topic.ID})
			for _, v := range g.Values {
				out = append(out, story.Selection{By: g.Variable, Value: v.Value, Topic: topic.ID})
			}
		}
	}
	return out
}

func TestEmbeddedReportSaysWhatTheFileSays(t *testing.T) {
	t.Parallel()
	f := demo(t)
	number := regexp.MustCompile(`\d[\d.,]*`)
	for _, lang := range instrument.Languages() {
		s := story.Tell(f, lang)
		var file bytes.Buffer
		if err := HTML(&file, &s, f); err != nil {
			t.Fatal(err)
		}
		whole, inside := bodyText(parse(t, file.Bytes())), bodyText(parse(t, fragment(t, Embed(&s, f, EmbedOptions{}))))
		want, got := number.FindAllString(whole, -1), number.FindAllString(inside, -1)
		if len(want) < 500 || !slices.Equal(want, got) {
			t.Errorf("%s: the file has %d numbers, the embedded report %d, or others", lang, len(want), len(got))
		}
		for _, mark := range []string{s.Words[story.WordSkipToContent], s.Words[story.WordMadeWith], product} {
			whole = strings.ReplaceAll(whole, mark, "")
		}
		if strings.Join(strings.Fields(whole), " ") != strings.Join(strings.Fields(inside), " ") {
			t.Errorf("%s: the embedded report does not say what the file says", lang)
		}
	}
}

// bodyText is the text of a page without its head.
func bodyText(root *html.Node) string {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "body" {
			return textOf(n)
		}
	}
	return ""
}

// TestWhatStandsInAPageFitsIt holds fragments to what a page with a strict policy and landmarks of its own asks.
func TestWhatStandsInAPageFitsIt(t *testing.T) {
	t.Parallel()
	f := demo(t)
	fragments := map[string][]byte{}
	for _, lang := range instrument.Languages() {
		s := story.Tell(f, lang)
		fragments["report "+string(lang)] = fragment(t, Embed(&s, f, EmbedOptions{Tools: templ.Raw("<p>PDF</p>")}))
		for name, sel := range explorations() {
			fragments[name+" "+string(lang)] = fragment(t, Explore(exploredFor(t, f, lang, sel), ExploreOptions{Action: "/x", Back: "/r", Label: "Terug"}))
		}
	}
	for name, page := range fragments {
		if bytes.Contains(page, []byte("<html")) || bytes.Contains(page, []byte("<head>")) || bytes.Contains(page, []byte("class=\"skip\"")) || bytes.Contains(page, []byte("mark-sign")) {
			t.Errorf("%s brings a document, a skip link or a mark along", name)
		}
		count, ids, level := map[string]int{}, map[string]bool{}, 0
		root := parse(t, page)
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			count[n.Data]++
			if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
				next := int(n.Data[1] - '0')
				if next > level+1 {
					t.Errorf("%s: %s %q after h%d", name, n.Data, textOf(n), level)
				}
				level = next
			}
			if _, styled := attr(n, "style"); styled {
				t.Errorf("%s: <%s> has a style attribute", name, n.Data)
			}
			if id, ok := attr(n, "id"); ok {
				if ids[id] {
					t.Errorf("%s: id %q twice", name, id)
				}
				ids[id] = true
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s>", name, n.Data, a.Key)
				}
			}
		}
		for n := range root.Descendants() {
			for _, key := range []string{"aria-labelledby", "for", "href"} {
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
		for _, none := range []string{"script", "style", "link", "img", "iframe", "main", "footer", "header"} {
			if count[none] != 0 {
				t.Errorf("%s: %d <%s>", name, count[none], none)
			}
		}
		if count["h1"] != 1 {
			t.Errorf("%s: %d h1", name, count["h1"])
		}
	}
}

// published finds the figures of findings.
type published struct {
	shares map[string]*findings.Share
	means  map[string]*findings.Mean
}

func key(item, option string, g *findings.Group) string {
	if g == nil {
		return item + "|" + option
	}
	return item + "|" + option + "|" + g.Variable + "|" + g.Value
}

func publishedBy(f *findings.Findings) published {
	p := published{map[string]*findings.Share{}, map[string]*findings.Mean{}}
	for i := range f.Shares {
		p.shares[key(f.Shares[i].Item, f.Shares[i].Option, f.Shares[i].Group)] = &f.Shares[i]
	}
	for i := range f.Means {
		p.means[key(f.Means[i].Construct, "", f.Means[i].Group)] = &f.Means[i]
	}
	return p
}

// cell is what findings publish at one place.
type cell struct {
	value, low, high float64
	n, base          int
	hidden           bool
}

func (p published) at(q *findings.Question, option string, g *findings.Group) (cell, bool) {
	if option == "" {
		m := p.means[key(q.ID, "", g)]
		if m == nil {
			return cell{}, false
		}
		return cell{m.Mean, m.Low, m.High, 0, m.Base, m.Suppressed || m.Base == 0}, true
	}
	s := p.shares[key(q.ID, option, g)]
	if s == nil {
		return cell{}, false
	}
	return cell{s.Share, s.Low, s.High, s.N, s.Base, s.Suppressed || s.Base == 0}, true
}

// TestExplorationsAgreeWithFindingsToTheDigit looks at every group in every way and holds charts and tables to the findings.
func TestExplorationsAgreeWithFindingsToTheDigit(t *testing.T) {
	t.Parallel()
	f := demo(t)
	p, words := publishedBy(f), i18n.New(locales, "locale").Printer(instrument.NL)
	compared, hidden := 0, 0
	for _, sel := range every(t, f) {
		e := exploredFor(t, f, instrument.NL, sel)
		for _, section := range e.Sections {
			for _, panel := range section.Panels {
				if panel.Figure == nil {
					continue
				}
				rows := panel.Figure.Chart.(chart.Intervals).Rows
				table := panel.Figure.Table.Rows
				for i, row := range rows {
					q, option, group := whose(f, sel, section.ID, panel.ID, row.Label)
					if q == nil {
						t.Fatalf("%+v, %s: whose figure is %q?", sel, panel.ID, row.Label)
					}
					want, known := p.at(q, option, group)
					if !known {
						t.Fatalf("%+v, %s: %q is published nowhere", sel, panel.ID, row.Label)
					}
					cells := table[i]
					if sel.Value != "" && group != nil {
						cells = table[2*i]
						all, _ := p.at(q, option, nil)
						agree(t, words, all, table[2*i+1], option)
						if (row.Beside == nil) != all.hidden || row.Beside != nil && (row.Beside.Value != all.value || row.Beside.Low != all.low || row.Beside.High != all.high) {
							t.Errorf("%+v, %s, %q: everyone is drawn as %+v, published as %+v", sel, panel.ID, row.Label, row.Beside, all)
						}
					}
					agree(t, words, want, cells, option)
					compared++
					if want.hidden {
						hidden++
						if row.Hidden == "" || row.Value != 0 || row.Low != 0 || row.High != 0 || row.Text != "" {
							t.Errorf("%+v, %s: hidden, yet drawn: %+v", sel, panel.ID, row)
						}
					} else if row.Hidden != "" || row.Value != want.value || row.Low != want.low || row.High != want.high {
						t.Errorf("%+v, %s: drawn as %+v, published as %+v", sel, panel.ID, row, want)
					}
				}
			}
		}
	}
	if compared < 3000 || hidden < 300 {
		t.Errorf("only %d figures were compared, %d of them hidden", compared, hidden)
	}
}

// agree holds the cells of a table to what is published.
func agree(t *testing.T, words *i18n.Printer, want cell, cells []string, option string) {
	t.Helper()
	expected := []string{words.Int(want.n), words.Int(want.base), words.Percent(want.value), words.Percent(want.low), words.Percent(want.high)}
	if option == "" {
		expected = []string{words.Int(want.base), words.Decimal(want.value, 2), words.Decimal(want.low, 2), words.Decimal(want.high, 2)}
	}
	if want.hidden {
		expected = []string{"–", "–", "te weinig antwoorden (<\u00a010)", "–", "–"}
		if option == "" {
			expected = expected[1:]
		}
	}
	if !slices.Equal(cells[1:], expected) {
		t.Errorf("the table has %q, published is %q", cells, expected)
	}
}

// whose finds the figure of a row, from the panel that it stands in and its label.
func whose(f *findings.Findings, sel story.Selection, section, panel, label string) (*findings.Question, string, *findings.Group) {
	for i := range f.Questions {
		q := &f.Questions[i]
		option := "yes"
		if q.Kind == "construct" {
			option = ""
		}
		if panel == section+".everyone" { // a row is a situation, of everyone whatever is chosen
			if q.Kind == "indicator" && string(q.Topic) == section && q.Label[instrument.NL] == label {
				return q, option, nil
			}
			continue
		}
		if sel.Value == "" { // a row is a group; the panel is one figure
			rest, in := strings.CutPrefix(panel, q.ID)
			if !in || rest != "" && rest[0] != '.' {
				continue
			}
			if rest != "" {
				option = rest[1:]
			}
			for _, g := range f.Groups {
				for _, v := range g.Values {
					if g.Variable == sel.By && v.Label[instrument.NL] == label {
						return q, option, &findings.Group{Variable: sel.By, Value: v.Value}
					}
				}
			}
			continue
		}
		group := &findings.Group{Variable: sel.By, Value: sel.Value}
		if panel == q.ID { // a row is an answer
			for _, o := range q.Options {
				if o.Label[instrument.NL] == label {
					return q, o.ID, group
				}
			}
		}
		kind := map[string]string{section + ".figures": "indicator", section + ".scores": "construct"}[panel]
		if q.Kind == kind && q.Label[instrument.NL] == label {
			return q, option, group
		}
	}
	return nil, "", nil
}

// TestNothingHiddenLeaksIntoAnExploration puts figures behind the word "suppressed", as no analysis does, and looks for them:
// a view that reads a figure before it asks whether it may be shown would write them.
func TestNothingHiddenLeaksIntoAnExploration(t *testing.T) {
	t.Parallel()
	f := *demo(t)
	f.Shares, f.Means, f.Groups = slices.Clone(f.Shares), slices.Clone(f.Means), slices.Clone(f.Groups)
	poisoned := 0
	for i := range f.Shares {
		if s := &f.Shares[i]; s.Suppressed {
			s.N, s.Base, s.Share, s.Low, s.High = 70707, 80808, .98765, .97654, .99123
			poisoned++
		}
	}
	for i := range f.Means {
		if m := &f.Means[i]; m.Suppressed {
			m.Base, m.Mean, m.Low, m.High = 60606, 4.9753, 4.9642, 4.9864
			poisoned++
		}
	}
	for i := range f.Groups {
		f.Groups[i].Values = slices.Clone(f.Groups[i].Values)
		for j := range f.Groups[i].Values {
			if v := &f.Groups[i].Values[j]; v.Suppressed {
				v.N = 50505
				poisoned++
			}
		}
	}
	if poisoned < 1000 {
		t.Fatalf("only %d hidden figures", poisoned)
	}
	clean := demo(t)
	for _, sel := range every(t, clean) {
		opt := ExploreOptions{Action: "/x"}
		got := fragment(t, Explore(exploredFor(t, &f, instrument.NL, sel), opt))
		for _, secret := range []string{"70.707", "80.808", "60.606", "50.505", "70707", "80808", "60606", "50505"} {
			if bytes.Contains(got, []byte(secret)) {
				t.Errorf("%+v: %s of a hidden figure is shown", sel, secret)
			}
		}
		// Whatever stands behind a hidden figure, the page is the same.
		if !bytes.Equal(got, fragment(t, Explore(exploredFor(t, clean, instrument.NL, sel), opt))) {
			t.Errorf("%+v: the page depends on a hidden figure", sel)
		}
	}
	s, c := story.Tell(&f, instrument.NL), story.Tell(clean, instrument.NL)
	if !bytes.Equal(fragment(t, Embed(&s, &f, EmbedOptions{})), fragment(t, Embed(&c, clean, EmbedOptions{}))) {
		t.Error("the embedded report depends on a hidden figure")
	}
}

func TestHostileTextStaysTextInAPage(t *testing.T) {
	t.Parallel()
	const evil = `</option></select></title><script>alert(1)</script>" onfocus="x' autofocus`
	f := *demo(t)
	all := instrument.Text{}
	for _, lang := range instrument.Languages() {
		all[lang] = evil
	}
	f.Instrument.Title, f.Wave.Organisation, f.Wave.Label = all, evil, evil
	f.Questions, f.Shares, f.Groups = slices.Clone(f.Questions), slices.Clone(f.Shares), slices.Clone(f.Groups)
	for i := range f.Questions {
		q := &f.Questions[i]
		q.Label, q.Wording, q.Claim, q.Options = all, all, all, slices.Clone(q.Options)
		for j := range q.Options {
			q.Options[j].Label = all
		}
	}
	g := &f.Groups[0]
	g.Label, g.Values = all, slices.Clone(g.Values)
	old := g.Values[8].Value
	g.Values[8].Value, g.Values[8].Label = evil, all
	for i := range f.Shares {
		if s := &f.Shares[i]; s.Group != nil && s.Group.Value == old {
			s.Group = &findings.Group{Variable: s.Group.Variable, Value: evil}
		}
	}
	s := story.Tell(&f, instrument.NL)
	opt := ExploreOptions{Action: "javascript:alert(1)", Back: "javascript:alert(2)", Label: evil}
	for name, page := range map[string][]byte{
		"report": fragment(t, Embed(&s, &f, EmbedOptions{})),
		"all":    fragment(t, Explore(exploredFor(t, &f, instrument.NL, story.Selection{By: g.Variable}), opt)),
		"one":    fragment(t, Explore(exploredFor(t, &f, instrument.NL, story.Selection{By: g.Variable, Value: evil}), opt)),
	} {
		if !strings.Contains(textOf(parse(t, page)), "alert(1)") {
			t.Errorf("%s: the text is not there", name)
		}
		for n := range parse(t, page).Descendants() {
			_, handler := attr(n, "onfocus")
			_, focus := attr(n, "autofocus")
			href, _ := attr(n, "href")
			action, _ := attr(n, "action")
			if n.Type == html.ElementNode && (n.Data == "script" || handler || focus) || strings.HasPrefix(href, "javascript:") || strings.HasPrefix(action, "javascript:") {
				t.Errorf("%s: a text became <%s %v>", name, n.Data, n.Attr)
			}
		}
	}
}

func TestFiltersLeadWhereTheySay(t *testing.T) {
	t.Parallel()
	f := demo(t)
	e := exploredFor(t, f, instrument.NL, story.Selection{By: "department", Value: "Groen en wegen", Topic: "skills", Question: "technical"})
	root := parse(t, fragment(t, Explore(e, ExploreOptions{Action: "/rapport/1/groepen", Attributes: templ.Attributes{"hx-get": "/rapport/1/groepen"}})))
	query, form := url.Values{}, 0
	for n := range root.Descendants() {
		switch n.Data {
		case "form":
			form++
			method, _ := attr(n, "method")
			action, _ := attr(n, "action")
			hx, _ := attr(n, "hx-get")
			if method != "get" || action != "/rapport/1/groepen" || hx != action {
				t.Errorf("the form goes by %q to %q (%q)", method, action, hx)
			}
		case "select":
			name, _ := attr(n, "name")
			for o := range n.Descendants() {
				if _, chosen := attr(o, "selected"); chosen {
					v, _ := attr(o, "value")
					query.Set(name, v)
				}
			}
		case "input":
			name, _ := attr(n, "name")
			v, _ := attr(n, "value")
			query.Set(name, v)
		}
	}
	if form != 1 || ExploreSelection(query) != e.Selection {
		t.Errorf("%d forms; sent unchanged it asks for %+v, not %+v", form, ExploreSelection(query), e.Selection)
	}
	query.Set(ParamBy, "age")
	if got := ExploreSelection(query); got != (story.Selection{By: "age", Topic: "skills", Question: "technical"}) {
		t.Errorf("with another variable it asks for %+v", got)
	}
	query.Set(ParamTopic, "use")
	if got := ExploreSelection(query); got != (story.Selection{By: "age", Topic: "use"}) {
		t.Errorf("with another topic it asks for %+v", got)
	}
	for _, sel := range explorations() {
		back, err := url.ParseQuery(ExploreQuery(sel))
		if err != nil || ExploreSelection(back) != sel {
			t.Errorf("%+v comes back as %+v, %v", sel, ExploreSelection(back), err)
		}
	}
}

func TestEveryGroupCanBeReached(t *testing.T) {
	t.Parallel()
	f := demo(t)
	page := fragment(t, Explore(exploredFor(t, f, instrument.NL, story.Selection{By: "department"}), ExploreOptions{Action: "/x"}))
	reached := map[string]bool{}
	for n := range parse(t, page).Descendants() {
		if href, ok := attr(n, "href"); ok && n.Data == "a" && strings.HasPrefix(href, "/x?") {
			query, err := url.ParseQuery(strings.TrimPrefix(href, "/x?"))
			if err != nil {
				t.Fatal(err)
			}
			sel := ExploreSelection(query)
			exploredFor(t, f, instrument.NL, sel)
			reached[sel.Value] = true
		}
	}
	for _, v := range f.Groups[0].Values {
		if reached[v.Value] == v.Suppressed {
			t.Errorf("%s: hidden %v, with a way to it %v", v.Value, v.Suppressed, reached[v.Value])
		}
	}
}

// TestInsideAPageInABrowser opens what stands inside a page as readers do.
func TestInsideAPageInABrowser(t *testing.T) {
	t.Parallel()
	f := demo(t)
	s := story.Tell(f, instrument.NL)
	pages := map[string][]byte{"report": inAPage(t, s.Lang, fragment(t, Embed(&s, f, EmbedOptions{Tools: templ.Raw(`<p><a href="/x">PDF</a></p>`)})))}
	for _, name := range []string{"departments", "one topic", "one department", "a hidden group"} {
		pages[name] = inAPage(t, instrument.NL, fragment(t, Explore(exploredFor(t, f, instrument.NL, explorations()[name]), ExploreOptions{Action: "/x", Back: "/r", Label: "Terug naar het rapport"})))
	}
	pages["german"] = inAPage(t, instrument.DE, fragment(t, Explore(exploredFor(t, f, instrument.DE, explorations()["one department"]), ExploreOptions{Action: "/x"})))
	pages["no breakdowns"] = inAPage(t, instrument.NL, fragment(t, Explore(exploredFor(t, &findings.Findings{}, instrument.NL, story.Selection{}), ExploreOptions{})))
	b := browsertest.Start(t)
	for name, page := range pages {
		views := []browsertest.View{{Width: 320, Height: 700}, {Width: 820, Height: 900, Dark: true}, {Width: 1366, Height: 900}}
		if name == "german" || name == "departments" {
			views = views[:1] // built like the others, with longer words or more of them
		}
		for _, v := range views {
			t.Run(fmt.Sprintf("%s %v", name, v), func(t *testing.T) { look(t, b, page, v) })
		}
	}
}

func TestExplorationsAreLight(t *testing.T) {
	t.Parallel()
	f := demo(t)
	for name, sel := range explorations() {
		if n := gzipped(t, fragment(t, Explore(exploredFor(t, f, instrument.NL, sel), ExploreOptions{Action: "/x"}))); n > 60_000 {
			t.Errorf("%s weighs %d bytes on its way", name, n)
		}
	}
	s := story.Tell(f, instrument.NL)
	if n := gzipped(t, fragment(t, Embed(&s, f, EmbedOptions{}))); n > 60_000 {
		t.Errorf("the report weighs %d bytes on its way", n)
	}
}
