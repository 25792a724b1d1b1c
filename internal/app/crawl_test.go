package app

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/ui/browsertest"
)

// visited is a page that a crawler came by.
type visited struct {
	role    string
	path    string
	pattern string
	body    string
}

// crawler follows every link of every page.
type crawler struct {
	t      *testing.T
	house  *house
	client *http.Client
	role   string
	queue  []string
	seen   map[string]bool
	pages  []visited
	came   map[string]bool // patterns of routes that were visited
	alike  map[string]int  // addresses of a route
}

func (h *house) crawl(t *testing.T, role string, client *http.Client, from ...string) *crawler {
	t.Helper()
	c := &crawler{t: t, house: h, client: client, role: role, seen: map[string]bool{}, came: map[string]bool{}, alike: map[string]int{}}
	c.add(from...)
	for len(c.queue) > 0 {
		path := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(path)
		if len(c.pages) > 700 {
			t.Fatalf("%s: the pages do not end: %v", role, c.mostVisited())
		}
	}
	return c
}

// mostAlike is how many addresses of a route are visited that is about one of many units, functions, people or parts of a framework: by what
// the route begins with. Those that a test begins at come first; of other routes all are visited.
var mostAlike = map[string]int{"GET /staff/": 5, "GET /learn/": 2, "GET /waves/{id}/people/{person}": 40, "GET /waves/{id}/questions/texts/{item}": 8,
	"GET /jobs/": 8, "GET /actions/": 3, "GET /shadow/services/": 2, "GET /lab/tasks/": 3, "GET /lab/challenges/": 3, "GET /lab/examples/": 4}

// alikeOf returns how many addresses of a route are visited.
func alikeOf(pattern string) int {
	for prefix, most := range mostAlike {
		if strings.HasPrefix(pattern, prefix) && strings.Contains(pattern, "{") {
			return most
		}
	}
	return math.MaxInt
}

func (c *crawler) add(paths ...string) {
	for _, p := range paths {
		if c.seen[shape(p)] {
			continue
		}
		c.seen[shape(p)] = true
		pattern := c.pattern(p)
		if c.alike[pattern]++; c.alike[pattern] > alikeOf(pattern) {
			continue
		}
		c.queue = append(c.queue, p)
	}
}

// shape tells pages apart that are more than one more choice of the same filter: of a query with several values one is enough.
func shape(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.RawQuery == "" {
		return path
	}
	return u.Path + "?" + strings.Join(slices.Sorted(maps.Keys(u.Query())), "&")
}

// mostVisited lists the routes of which most pages were visited.
func (c *crawler) mostVisited() []string {
	count := map[string]int{}
	for _, p := range c.pages {
		count[p.pattern]++
	}
	list := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return count[b] - count[a] })
	for i := range list {
		list[i] = fmt.Sprint(count[list[i]], " ", list[i])
	}
	return list[:min(len(list), 10)]
}

func (c *crawler) visit(path string) {
	a := c.house.get(c.t, c.client, path)
	if u, err := url.Parse(path); err == nil && ends(c.pattern(path), a.StatusCode) && u.RawQuery == "" {
		c.came[c.pattern(path)] = true
		return
	}
	if a.StatusCode >= 300 && a.StatusCode < 400 {
		to, err := a.Location()
		if err != nil {
			c.t.Errorf("%s: %s redirects to nowhere", c.role, path)
			return
		}
		c.came[c.pattern(path)] = true
		if to.Host != "" && !strings.HasSuffix(c.house.url, to.Host) {
			return
		}
		c.add(to.RequestURI())
		return
	}
	if a.StatusCode != http.StatusOK {
		c.t.Errorf("%s: %s answers %d", c.role, path, a.StatusCode)
		return
	}
	c.came[c.pattern(path)] = true
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || a.Header.Get("Content-Disposition") != "" || !strings.HasPrefix(a.body, "<!doctype") {
		return // a file, or a part of a page
	}
	c.pages = append(c.pages, visited{c.role, path, c.pattern(path), a.body})
	for _, link := range c.inspect(path, a.body) {
		c.add(link)
	}
}

// ends tells whether an address that only a provider calls says, without what the provider gives, that it cannot go on.
func ends(pattern string, status int) bool {
	switch pattern {
	case "GET /o/{slug}/oidc/callback", "GET /o/{slug}/oidc/leave/{state}":
		return status >= 400 && status < 500
	}
	return false
}

// pattern is the route that a path belongs to.
func (c *crawler) pattern(path string) string {
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.house.url+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.house.Web.Pattern(r)
}

// inspect says what is wrong with a page as HTML and returns the links in it.
func (c *crawler) inspect(path, body string) []string {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		c.t.Fatalf("%s: %s: %v", c.role, path, err)
	}
	base, err := url.Parse(c.house.url + path)
	if err != nil {
		c.t.Fatal(err)
	}
	var links []string
	ids, h1, lang := map[string]int{}, 0, ""
	var refs []string
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "html":
			lang = attr(n, "lang")
		case "h1":
			h1++
		case "script":
			if attr(n, "src") == "" && attr(n, "type") != "application/json" { // data is not run
				c.t.Errorf("%s: %s has an inline script", c.role, path)
			}
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				ids[a.Val]++
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				c.t.Errorf("%s: %s has the attribute %s", c.role, path, a.Key)
			case a.Key == "for" || a.Key == "aria-labelledby" || a.Key == "aria-describedby":
				refs = append(refs, strings.Fields(a.Val)...)
			}
		}
		target := attr(n, "src")
		if n.Data == "a" || n.Data == "link" {
			target = attr(n, "href")
		}
		if target != "" && !strings.HasPrefix(target, "data:") {
			to, err := base.Parse(target)
			if err != nil {
				c.t.Errorf("%s: %s links to %q", c.role, path, target)
				continue
			}
			if to.Host == base.Host {
				to.Fragment = ""
				links = append(links, to.RequestURI())
			}
		}
	}
	for id, times := range ids {
		if times > 1 {
			c.t.Errorf("%s: %s has the id %q %d times", c.role, path, id, times)
		}
	}
	for _, ref := range refs {
		if ids[ref] == 0 {
			c.t.Errorf("%s: %s refers to the id %q that is not there", c.role, path, ref)
		}
	}
	if h1 != 1 || lang == "" {
		c.t.Errorf("%s: %s has %d h1 and the language %q", c.role, path, h1, lang)
	}
	return links
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// TestEveryPageOfEveryRole crawls as each role and as a visitor, and looks at every page in a browser: at three widths, with
// and without scripts. A route that no crawler came by fails the test, so none is forgotten.
func TestEveryPageOfEveryRole(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		seeds := h.prepare(t)
		came := map[string]bool{}
		var all []*crawler
		for _, role := range access.Roles() {
			c := h.crawl(t, string(role), h.as(t, role), append([]string{"/"}, seeds[string(role)]...)...)
			all = append(all, c)
			maps.Copy(came, c.came)
		}
		for name, c := range h.others(t) {
			crawled := h.crawl(t, name, c.client, append(c.from, seeds[name]...)...)
			all = append(all, crawled)
			maps.Copy(came, crawled.came)
		}
		for _, r := range h.Web.Routes() {
			if strings.HasPrefix(r.Pattern, "GET ") && !came[r.Pattern] {
				t.Errorf("no crawler came by %s", r.Pattern)
			}
		}
		if dir := os.Getenv(picturesEnv); dir != "" && h.DB.Engine == db.SQLite {
			h.photograph(t, dir, all)
			return
		}
		if t.Failed() || h.DB.Engine == db.PostgreSQL { // the pages are the same on both
			return
		}
		h.look(t, all)
	})
}

// leastLooks is how many pages are looked at, at the least, with scripts and as often without.
const leastLooks = 170

// look opens the pages in a browser: each with and without scripts, at three widths, two tabs beside each other. A page that
// is built as one that was looked at before is passed over; the navigation of each role is looked at on its home page.
func (h *house) look(t *testing.T, all []*crawler) {
	b, tried := browsertest.Start(t), &looks{}
	seen := map[string]bool{}
	looked, crawled := 0, 0
	for _, c := range all {
		crawled += len(c.pages)
		pages := slices.DeleteFunc(c.pages, func(p visited) bool {
			content := contentOf(t, p.body)
			known := seen[content] && p.path != "/"
			seen[content] = true
			return known
		})
		looked += len(pages)
		for _, noJS := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, scripts %v", c.role, !noJS), func(t *testing.T) {
				t.Parallel()
				h.lookAt(t, b, tried, c.client, pages, noJS)
			})
		}
	}
	t.Logf("%d of %d pages are looked at, with scripts and without", looked, crawled)
	if looked < leastLooks {
		t.Errorf("only %d of %d pages are looked at, less than %d", looked, crawled, leastLooks)
	}
}

// lookAt opens pages one after another in a tab in which somebody is signed in.
func (h *house) lookAt(t *testing.T, b *browsertest.Browser, tried *looks, client *http.Client, pages []visited, noJS bool) {
	t.Helper()
	tab := b.Tab(t, browsertest.View{Width: 1366, Height: 900, NoJS: noJS})
	defer tab.Close()
	if u, err := url.Parse(h.url); err != nil {
		t.Fatal(err)
	} else if cookies := client.Jar.Cookies(u); len(cookies) > 0 {
		tab.SetCookies(h.url, cookies...)
	}
	for _, p := range pages {
		tab.Forget()
		tab.Goto(h.url + p.path)
		for _, width := range []int64{1366, 820, 320} {
			tab.SetView(browsertest.View{Width: width, Height: 900, NoJS: noJS})
			inspectLook(t, tab, tried, p.path, width, noJS)
		}
	}
}

// standing is the page as the browser built it, without what is different each time: a page that scripts leave as it was
// is the same with and without them.
const standing = `(() => {
  const body = document.body.cloneNode(true);
  for (const e of body.querySelectorAll('input[type=hidden]')) e.removeAttribute('value');
  return body.outerHTML;
})()`

// inspectLook says what is wrong with a page as it stands in a tab. axe-core sees each page once at each width, and once more
// where the page is another one without scripts.
func inspectLook(t *testing.T, tab *browsertest.Page, tried *looks, path string, width int64, noJS bool) {
	t.Helper()
	page := browsertest.Eval[string](tab, standing)
	if strings.Contains(page, "without-script") {
		page = fmt.Sprint(noJS) + page // a style sheet shows another part of it
	}
	var violations []string
	if tried.first(fmt.Sprint(width, page)) {
		violations = tab.Violations()
	}
	for what, out := range map[string][]string{
		"refused by the content security policy": tab.Refused(), "beyond the edge": tab.Beyond(), "axe-core": violations, "errors": tab.Errors(),
	} {
		if len(out) > 0 {
			t.Errorf("%s at %d: %s: %s", path, width, what, strings.Join(out, "\n"))
		}
	}
	if px := tab.SmallestText(); px < 12 && !strings.Contains(path, "/invitations/p") { // what is printed is measured on paper
		t.Errorf("%s at %d: smallest text is %.1f px", path, width, px)
	}
}

// contentOf is the build of the main part of a page: its elements, without their words. The pages of two people are one
// page with other words.
func contentOf(t *testing.T, body string) string {
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "main" {
			continue
		}
		for e := range n.Descendants() {
			if e.Type == html.ElementNode && e.Data != "tr" && e.Data != "td" && e.Data != "path" && e.Data != "option" {
				b.WriteString(e.Data + "." + attr(e, "class") + attr(e, "type") + " ")
			}
		}
	}
	return b.String()
}
