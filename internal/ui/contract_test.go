package ui

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"tekentafel/internal/instrument"
)

// rendered is the HTML of a component as a tree.
func rendered(t *testing.T, c templ.Component) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// all lists the elements with one of these names, or every element.
func all(root *html.Node, names ...string) []*html.Node {
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (len(names) == 0 || slices.Contains(names, n.Data)) {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func byID(root *html.Node, id string) *html.Node {
	for _, n := range all(root) {
		if attr(n, "id") == id {
			return n
		}
	}
	return nil
}

// with puts children inside a component.
func with(parent templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func TestPageKeepsTheContractsOfHTML(t *testing.T) {
	t.Parallel()
	for _, lang := range instrument.Languages() {
		root := rendered(t, ComponentsPage(lang))
		ids := map[string]bool{}
		for _, n := range all(root) {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: two elements have the id %s", lang, id)
				}
				ids[id] = true
			} else if has(n, "id") {
				t.Errorf("%s: <%s> has an empty id", lang, n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s> has %s=%q", lang, n.Data, a.Key, a.Val)
				}
			}
			if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" {
				t.Errorf("%s: <%s> inside the page", lang, n.Data)
			}
			if !has(n, "aria-current") {
				continue
			}
			if !slices.Contains([]string{"page", "step", "true"}, attr(n, "aria-current")) {
				t.Errorf("%s: aria-current=%q", lang, attr(n, "aria-current"))
			}
		}
		for _, n := range all(root) {
			for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "data-copy", "data-reveal", "data-dialog"} {
				for _, id := range strings.Fields(attr(n, name)) {
					if !ids[id] {
						t.Errorf("%s: %s=%q names nothing", lang, name, id)
					}
				}
				if has(n, name) && attr(n, name) == "" {
					t.Errorf("%s: <%s> has an empty %s", lang, n.Data, name)
				}
			}
			if href := attr(n, "href"); strings.HasPrefix(href, "#") && !ids[href[1:]] {
				t.Errorf("%s: a link leads to %s, which is nowhere", lang, href)
			}
		}
		labels := map[string]int{}
		for _, n := range all(root, "label") {
			labels[attr(n, "for")]++
			if text(n) == "" {
				t.Errorf("%s: the label of %s is empty", lang, attr(n, "for"))
			}
		}
		for _, n := range all(root, "input", "select", "textarea") {
			if attr(n, "type") != "hidden" && labels[attr(n, "id")] != 1 {
				t.Errorf("%s: %s has %d labels", lang, attr(n, "id"), labels[attr(n, "id")])
			}
		}
		for _, n := range all(root, "fieldset") {
			if l := all(n, "legend"); len(l) == 0 || text(l[0]) == "" {
				t.Errorf("%s: a fieldset without legend", lang)
			}
		}
		if n := len(all(root, "h1")); n != 1 {
			t.Errorf("%s: %d h1", lang, n)
		}
		if got := attr(all(root, "html")[0], "lang"); got != string(lang) {
			t.Errorf("%s: the page says it is %q", lang, got)
		}
	}
}

func TestErrorsLeadToTheirFields(t *testing.T) {
	t.Parallel()
	s := NewFormState(url.Values{"mail": {"x"}})
	s.Fail("mail", "Vul een adres in")
	s.Fail("mail", "Nog iets")
	s.Fail("often", "Kies een antwoord")
	s.Fail("", "Te laat")
	choice := Choice{Field: Field{Name: "often", Label: "Hoe vaak?", Hint: "Ongeveer"}, Options: []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}}
	root := rendered(t, with(Shell(Page{Lang: "nl", Title: "Uitnodigen", Organisation: "Stad", Invalid: true}), ErrorSummary(s),
		with(Form(FormSpec{State: s}), EmailField(s, Field{Name: "mail", Label: "Mail", Hint: "Van het werk"}), Radios(s, choice))))
	if got := text(all(root, "title")[0]); got != "Fout: Uitnodigen – Stad – Tekentafel" {
		t.Errorf("title %q", got)
	}
	summary := byID(root, "f-errors")
	if summary == nil || attr(summary, "tabindex") != "-1" || !has(summary, "data-focus") {
		t.Fatal("the summary cannot take the focus")
	}
	var links []string
	for _, a := range all(summary, "a") {
		links = append(links, attr(a, "href")+" "+text(a))
		if target := byID(root, attr(a, "href")[1:]); target == nil || target.Data != "input" {
			t.Errorf("%s leads to no control", attr(a, "href"))
		}
	}
	if want := []string{"#f-mail Vul een adres in", "#f-often Kies een antwoord"}; !slices.Equal(links, want) {
		t.Errorf("links %v, want %v", links, want)
	}
	if !strings.Contains(text(summary), "Te laat") || strings.Contains(text(summary), "Nog iets") {
		t.Errorf("the summary says %q", text(summary))
	}
	mail := byID(root, "f-mail")
	if attr(mail, "aria-describedby") != "f-mail-hint f-mail-error" || attr(mail, "aria-invalid") != "true" || attr(mail, "value") != "x" {
		t.Errorf("the field: %v", mail.Attr)
	}
	if got := text(byID(root, "f-mail-error")); got != "Fout: Vul een adres in" {
		t.Errorf("the error says %q", got)
	}
	if set := all(root, "fieldset")[0]; attr(set, "aria-describedby") != "f-often-hint f-often-error" {
		t.Errorf("the fieldset: %v", set.Attr)
	}
}

func TestFieldsShowWhatWasSent(t *testing.T) {
	t.Parallel()
	fields := func(s *FormState) *html.Node {
		return rendered(t, with(Form(FormSpec{State: s}), TextField(s, Field{Name: "a", Label: "A", Value: "eerst"}),
			TextArea(s, Field{Name: "b", Label: "B", Value: "eerst"}), Checkbox(s, Field{Name: "c", Label: "C", Value: "yes"}),
			Select(s, Choice{Field: Field{Name: "d", Label: "D"}, Chosen: []string{"2"}, Options: []Option{{Value: "1", Label: "1"}, {Value: "2", Label: "2"}}}),
			PasswordField(s, Field{Name: "p", Label: "P", Value: "geheim"}), PINField(s, Field{Name: "q", Label: "Q", Value: "geheim"}),
			CodeField(s, Field{Name: "r", Label: "R", Value: "geheim"})))
	}
	fresh := fields(nil)
	if attr(byID(fresh, "f-a"), "value") != "eerst" || text(byID(fresh, "f-b")) != "eerst" || !has(byID(fresh, "f-c"), "checked") {
		t.Error("a form that nobody filled in does not show its values")
	}
	sent := fields(NewFormState(url.Values{"a": {"<b>\"'&"}, "b": {"</textarea><script>"}, "d": {"1"}, "p": {"geheim"}, "q": {"geheim"}, "r": {"geheim"}}))
	if attr(byID(sent, "f-a"), "value") != "<b>\"'&" || text(byID(sent, "f-b")) != "</textarea><script>" || has(byID(sent, "f-c"), "checked") {
		t.Error("a form that came back does not show what was sent")
	}
	for _, o := range all(sent, "option") {
		if has(o, "selected") != (attr(o, "value") == "1") {
			t.Errorf("option %s: %v", attr(o, "value"), o.Attr)
		}
	}
	for _, root := range []*html.Node{fresh, sent} {
		for _, id := range []string{"f-p", "f-q", "f-r"} {
			if has(byID(root, id), "value") {
				t.Errorf("%s shows its secret again", id)
			}
		}
		if len(all(root, "script")) > 0 {
			t.Error("what was sent became markup")
		}
	}
}

func TestFormCarriesItsKeyAndWhereItGoes(t *testing.T) {
	t.Parallel()
	root := rendered(t, Form(FormSpec{State: &FormState{Once: "k1"}, Action: "/x", Hidden: []NameValue{{"step", "2"}}, Files: true, Attrs: templ.Attributes{"hx-post": "/x"}}))
	form := all(root, "form")[0]
	for name, want := range map[string]string{"method": "post", "action": "/x", "enctype": "multipart/form-data", "hx-post": "/x"} {
		if got := attr(form, name); got != want {
			t.Errorf("%s=%q", name, got)
		}
	}
	if !has(form, "novalidate") {
		t.Error("the browser would check the form in its own words")
	}
	hidden := map[string]string{}
	for _, n := range all(form, "input") {
		hidden[attr(n, "name")] = attr(n, "value")
	}
	if hidden[OnceField] != "k1" || hidden["step"] != "2" {
		t.Errorf("hidden fields %v", hidden)
	}
}

func TestHostileAddressesBecomeHarmless(t *testing.T) {
	t.Parallel()
	evil := "javascript:alert(1)"
	root := rendered(t, with(Shell(Page{Lang: "nl", Title: "<script>", Home: evil, Doors: []Door{{Href: evil, Label: "x"}}, SignOut: evil, Who: "x", Logo: evil, Theme: evil}),
		Button(Action{Label: "x", Href: evil}), Form(FormSpec{Action: evil}), DataTable(Table{Caption: "x", Rows: []Row{{Cells: []Cell{{Text: "x", Href: evil}}}}}),
		TaskList([]Task{{Title: "x", Href: evil}}), Pages(Pager{Newer: evil, Older: evil})))
	for _, n := range all(root) {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Val, "javascript:") && a.Key != "src" {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "script" && attr(n, "src") == "" {
			t.Error("a title became a script")
		}
	}
}

func TestBarePageHasNoDoors(t *testing.T) {
	t.Parallel()
	root := rendered(t, Bare(Page{Lang: "fr", Title: "Se connecter", LanguagePost: "/language", Here: "/in?x=1",
		Doors: []Door{{Href: "/", Label: "x"}}, Languages: []Language{{Lang: "nl"}, {Lang: "fr", Current: true}}}))
	if n := len(all(root, "nav")); n != 1 {
		t.Errorf("%d navigations, not the languages alone", n)
	}
	var langs []string
	for _, b := range all(root, "button") {
		langs = append(langs, attr(b, "value")+"/"+attr(b, "lang")+"/"+attr(b, "aria-current")+"/"+text(b))
	}
	if want := []string{"nl/nl//nl Nederlands", "fr/fr/true/fr Français"}; !slices.Equal(langs, want) {
		t.Errorf("languages %v", langs)
	}
	if got := attr(all(root, "input")[0], "value"); got != "/in?x=1" {
		t.Errorf("back to %q", got)
	}
}

func TestWorkAsksAgainOnlyWhileItLasts(t *testing.T) {
	t.Parallel()
	poll := templ.Attributes{"hx-get": "/jobs/1", "hx-trigger": "every 2s", "hx-swap": "outerHTML"}
	for state, busy := range map[State]bool{Queued: true, Running: true, Done: false, Failed: false} {
		root := rendered(t, WorkPanel(Work{ID: "w", Title: "x", State: state, Stage: "y", Share: .423, Known: true, Poll: poll, Refresh: "/jobs/1", Mend: "z"}))
		if has(byID(root, "w"), "hx-get") != busy || len(all(root, "a")) > 0 != busy {
			t.Errorf("state %d asks again, or not", state)
		}
		if bars := all(root, "progress"); (len(bars) > 0) != (state == Running) || len(bars) > 0 && attr(bars[0], "value") != "42" {
			t.Errorf("state %d: %d bars", state, len(bars))
		}
	}
}

func TestBarsStayWithinTheirEnds(t *testing.T) {
	t.Parallel()
	nan := 0.0
	for share, want := range map[float64]string{-1: "0", 0: "0", .004: "0", .5: "50", .999: "99", 1: "100", 7: "100"} {
		if got := (Bar{Share: share}).Percent(); got != want {
			t.Errorf("%v: %s", share, got)
		}
	}
	if got := (Bar{Share: nan / nan}).Percent(); got != "0" {
		t.Errorf("no number: %s", got)
	}
}

func TestUnfinishedWorkNeverReads100(t *testing.T) {
	t.Parallel()
	if got := (Work{Share: .9999}).share(instrument.NL); got != "99\u00a0%" {
		t.Errorf("got %q", got)
	}
}
