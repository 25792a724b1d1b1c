package secrecytest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/metrics"
	"tekentafel/internal/people/scim"
)

// views are what attackers got, by how they got it.
type views map[string]string

func (v views) add(name, content string) {
	name = moments(name)
	for i := 2; v[name] != ""; i++ {
		name = fmt.Sprintf("%s #%d", strings.TrimRight(strings.TrimRight(name, "0123456789"), " #"), i)
	}
	v[name] = content + " " // no view is ""
}

// Writing that is another one each time, whatever anybody did.
var (
	requestID  = regexp.MustCompile(`("request":"|name="request" value=")[A-Z0-9]{12}`)
	duration   = regexp.MustCompile(`"micros":\d+|"time":"[^"]*"`)
	sealedText = regexp.MustCompile(`(name="d" value="|[?&](?:amp;)?d=|"d=)[A-Za-z0-9_%=-]{40,}`)
	shownOnce  = regexp.MustCompile(`(/shown/|"id":")[A-Za-z0-9_-]{43}`)
	onceOnly   = regexp.MustCompile(`(name="_once" value=")[A-Za-z0-9_-]+`)
	rowID      = regexp.MustCompile(`\b([0-9a-hjkmnp-tv-z]{10})[0-9a-hjkmnp-tv-z]{16}\b`)
	fraction   = regexp.MustCompile(`\b\d+\.\d{12,}\b`) // its last places depend on the order in which sums were made, which is random
	errorID    = regexp.MustCompile(`[A-Z2-7]{12}\b`)
	challenge  = regexp.MustCompile(`("flow":"|"challenge":")[A-Za-z0-9_-]{43}`)
)

// firstOfTwins is less than the name of every row that was made since the twins went apart.
var firstOfTwins = id.New(began.Add(apart - time.Second))[:9]

// tidy leaves out of a view what is random by design, and unpacks archives: the order of the files in them is another one each time.
func tidy(s string) string {
	if list := archive([]byte(s)); len(list) > 0 {
		var b strings.Builder
		for _, f := range list {
			b.WriteString(f.name + "\n" + f.content + "\n")
		}
		s = s[:strings.Index(s, "PK\x03\x04")] + b.String()
	}
	if s >= "4" && s < "6" { // an error has a number by which the log has it
		s = errorID.ReplaceAllString(s, "")
	}
	for _, random := range []*regexp.Regexp{requestID, challenge, shownOnce, onceOnly, sealedText} {
		s = random.ReplaceAllString(s, "$1")
	}
	s = duration.ReplaceAllString(s, "")
	s = fraction.ReplaceAllStringFunc(s, func(number string) string {
		x, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return number
		}
		return strconv.FormatFloat(x, 'g', 10, 64)
	})
	return moments(s)
}

// moments leaves of the name of a row that was made since the twins went apart the moment. All others are in the origin, and the same in both.
func moments(s string) string {
	return rowID.ReplaceAllStringFunc(s, func(name string) string {
		if name < firstOfTwins {
			return name
		}
		return name[:9]
	})
}

// view writes an answer as somebody gets it, with everything but the values of cookies and the moment.
func (a reply) view() string {
	var b strings.Builder
	fmt.Fprintln(&b, a.status)
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		for _, value := range a.header[name] {
			switch name {
			case "Date", "X-Request-Id":
				continue
			case "Content-Length": // of what is tidied below
				continue
			case "Set-Cookie":
				value, _, _ = strings.Cut(value, "=")
			}
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	b.WriteString(a.body)
	return b.String()
}

// onPaper tells addresses of documents that a browser prints from a page which is looked at as it is.
var onPaper = regexp.MustCompile(`(?i)pdf|/invitations/pages\?`)

// mostAlike is how many addresses of a route with something in braces each role visits.
func mostAlike() int {
	if *everything {
		return 25
	}
	return 2
}

// spider follows the links of every page that somebody gets.
type spider struct {
	t     testing.TB
	w     *world
	b     *browser
	name  string
	out   views
	queue []string
	seen  map[string]bool
	alike map[string]int
}

func (w *world) crawl(t testing.TB, out views, name string, from ...string) {
	t.Helper()
	s := &spider{t: t, w: w, b: w.doors[name], name: name, out: out, seen: map[string]bool{}, alike: map[string]int{}}
	s.add(from...)
	for n := 0; len(s.queue) > 0; n++ {
		path := s.queue[0]
		s.queue = s.queue[1:]
		a := s.b.get(t, path)
		out.add(name+" GET "+path, a.view())
		if to := a.to(); to != "" {
			s.add(to)
		}
		if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			s.add(s.links(path, a.body)...)
		}
		if n > 3_000 {
			t.Fatalf("%s: the pages do not end", name)
		}
	}
}

func (s *spider) add(paths ...string) {
	for _, p := range paths {
		u, err := url.Parse(p)
		if err != nil || u.Host != "" || strings.HasPrefix(p, "/assets/") || onPaper.MatchString(p) {
			continue
		}
		shape := u.Path + "?" + strings.Join(slices.Sorted(maps.Keys(u.Query())), "&")
		if s.seen[shape] {
			continue
		}
		s.seen[shape] = true
		r := must(http.NewRequestWithContext(s.t.Context(), http.MethodGet, public.String()+p, nil))(s.t)
		pattern := s.w.Web.Pattern(r)
		if s.alike[pattern]++; strings.Contains(pattern, "{") && s.alike[pattern] > mostAlike() {
			continue
		}
		s.queue = append(s.queue, p)
	}
}

func (s *spider) links(path, body string) (out []string) {
	base := must(public.Parse(path))(s.t)
	doc := must(html.Parse(strings.NewReader(body)))(s.t)
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if n.Type != html.ElementNode || a.Key != "href" && a.Key != "src" && a.Key != "action" {
				continue
			}
			if to, err := base.Parse(a.Val); err == nil && to.Host == public.Host {
				to.Fragment = ""
				out = append(out, to.RequestURI())
			}
		}
	}
	return out
}

// attackers are all who look, but the victim: "visitor" has no account.
func (w *world) attackers() []string {
	var out []string
	for _, r := range access.Roles() {
		out = append(out, string(r))
	}
	return append(out, "visitor")
}

// pages is what roles find by following links from the pages that they may know of.
func (w *world) pages(t testing.TB, who ...string) views {
	t.Helper()
	out := views{}
	for _, name := range who {
		from := []string{"/", "/learn", "/me/data", "/me/data/export.json", "/check", "/check/profile", "/check/profile.json", "/check/result", "/check/answers", "/check/code", "/l/" + w.link, "/readyz", "/healthz"}
		for _, id := range w.about(t) {
			from = append(from, "/people/"+id, "/staff/list/"+id, "/staff/list/"+id+"/file", "/staff/team/"+id)
		}
		w.crawl(t, out, name, from...)
	}
	return out
}

// about are the names by which pages and operations can be asked about the victim: the account, the person, the function and the unit.
func (w *world) about(t testing.TB) []string {
	t.Helper()
	r := w.DB.Of(w.city)
	me, _, err := w.Staff.Self(t.Context(), r, w.accounts["victim"])
	if err != nil {
		t.Fatal(err)
	}
	does := must(w.Staff.OwnDuties(t.Context(), r, w.accounts["victim"]))(t)
	return []string{w.accounts["victim"], me.ID, does.Functions[0].ID, does.Unit.ID}
}

var placeholder = regexp.MustCompile(`\{([a-zA-Z]+)[^}]*\}`)

// filled returns the addresses of a pattern: each placeholder is one of the names, all at a time the same.
func filled(pattern string, names []string) []string {
	pattern = strings.ReplaceAll(pattern, "{$}", "")
	if !strings.Contains(pattern, "{") {
		return []string{pattern}
	}
	var out []string
	for _, name := range names {
		out = append(out, placeholder.ReplaceAllStringFunc(pattern, func(m string) string {
			switch m {
			case "{slug}":
				return "voorbeeld"
			case "{format}":
				return "json"
			case "{skill}":
				return "critical"
			}
			return url.PathEscape(name)
		}))
	}
	return out
}

// routes asks every page that only reads about the victim, as every role.
func (w *world) routes(t testing.TB) views {
	t.Helper()
	out, names := views{}, w.about(t)[:2]
	if *everything {
		names = append(w.about(t), w.ids(t, 1)...)
	}
	for _, name := range w.attackers() {
		for _, r := range w.Web.Routes() {
			method, pattern, _ := strings.Cut(r.Pattern, " ")
			if method != http.MethodGet || onPaper.MatchString(pattern) {
				continue
			}
			for _, path := range filled(pattern, names) {
				out.add(name+" GET "+path, w.doors[name].get(t, path).view())
			}
		}
	}
	return out
}

// ids are names of the rows of every table that has a column of that name, so many of each.
func (w *world) ids(t testing.TB, each int) (out []string) {
	t.Helper()
	if err := w.DB.Snapshot(t.Context(), func(s *db.Snapshot) error {
		tables, err := s.Tables(t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			at := slices.IndexFunc(table.Columns, func(c db.Column) bool { return c.Name == "id" })
			if at < 0 {
				continue
			}
			n := 0
			if err := s.Each(t.Context(), table, func(values []any) error {
				if id, is := values[at].(string); is && n < each {
					n++
					out = append(out, id)
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// forms sends every form of every role: empty, about the victim. What it changes it changes in both twins.
func (w *world) forms(t testing.TB) views {
	t.Helper()
	out, names := views{}, w.about(t)[:1]
	for _, name := range w.attackers() {
		for _, r := range w.Web.Routes() {
			method, pattern, _ := strings.Cut(r.Pattern, " ")
			if method == http.MethodGet || strings.Contains(pattern, "sign-out") || strings.Contains(pattern, "second-factor") || strings.Contains(pattern, "sessions") || strings.HasPrefix(pattern, "/me/data") {
				continue
			}
			for _, path := range filled(pattern, names) {
				a := w.doors[name].post(t, path, "account", w.accounts["victim"], "person", w.accounts["victim"], "code", "0000-0000-0000-0000", "sure", "no", "q", "niveau")
				out.add(name+" "+method+" "+path, a.view())
			}
		}
	}
	return out
}

// operations asks every operation of the API below a path that only reads, with a key of every role that can make one: page after page,
// with every filter, and about the victim and others.
func (w *world) operations(t testing.TB, below string) views {
	t.Helper()
	out, names := views{}, w.about(t)
	if *everything {
		names = append(names, w.ids(t, 2)...)
	} else {
		names = append(names[:2], w.ids(t, 1)...)
	}
	b := w.browser(t)
	description := b.get(t, "/api/openapi.json")
	filters := parameters(t, description.body)
	for _, role := range slices.Sorted(maps.Keys(w.keys)) {
		head := http.Header{"Authorization": {"Bearer " + w.keys[role]}}
		ask := func(path, more string) reply {
			a := b.send(t, http.MethodGet, path+more, "", head)
			out.add(role+" key GET "+path, a.view())
			return a
		}
		for _, op := range sortedOperations(w) {
			if op.Method != http.MethodGet || onPaper.MatchString(op.Path) || !strings.HasPrefix(op.Path, below) {
				continue
			}
			for _, path := range filled(op.Path, names) {
				if a := ask(path, ""); a.status != http.StatusOK {
					continue
				}
				for _, f := range filters[strings.TrimPrefix(op.Path, api.Prefix)] {
					for _, value := range []string{"1", w.accounts["victim"]} {
						ask(path, "?"+url.Values{f: {value}}.Encode())
					}
				}
				turn(path, ask)
			}
		}
		for _, path := range []string{"/Users", "/Users?count=500", "/Groups", "/Users/" + w.accounts["victim"], "/ServiceProviderConfig", "/Schemas", "/ResourceTypes", "/Users?" + url.Values{"filter": {`userName pr`}}.Encode()} {
			ask(scim.Prefix+path, "")
		}
	}
	return out
}

// sortedOperations are the operations in an order that is the same each time: what reads leaves notes of who read.
func sortedOperations(w *world) []api.Operation {
	return slices.SortedFunc(slices.Values(w.API.Operations()), func(a, b api.Operation) int { return strings.Compare(a.Method+a.Path, b.Method+b.Path) })
}

// turn turns the pages of a list.
func turn(path string, ask func(path, more string) reply) {
	after := ""
	for range 4 {
		var page struct {
			Next string `json:"next"`
		}
		q := url.Values{"limit": {"2"}}
		if after != "" {
			q.Set("after", after)
		}
		a := ask(path, "?"+q.Encode())
		if a.status != http.StatusOK || json.Unmarshal([]byte(a.body), &page) != nil || page.Next == "" {
			return
		}
		after = page.Next
	}
}

// parameters are the names of what each path of the API takes in its query.
func parameters(t testing.TB, description string) map[string][]string {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal([]byte(description), &doc); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for path, methods := range doc.Paths {
		var op struct {
			Parameters []struct{ Name, In string } `json:"parameters"`
		}
		if json.Unmarshal(methods["get"], &op) != nil {
			continue
		}
		for _, p := range op.Parameters {
			if p.In == "query" {
				out[strings.TrimPrefix(path, api.Prefix)] = append(out[strings.TrimPrefix(path, api.Prefix)], p.Name)
			}
		}
	}
	return out
}

// operated is what the operator reads: metrics, readiness, the log and the mail that goes out, opened with the key of the installation.
func (w *world) operated(t testing.TB) views {
	t.Helper()
	out := views{}
	for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
		rec := httptest.NewRecorder()
		metrics.Internal(w.Metrics, w.Ready).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		var lines []string
		for line := range strings.Lines(rec.Body.String()) {
			if !volatile(line) {
				lines = append(lines, line)
			}
		}
		out.add("operator "+path, strings.Join(lines, ""))
	}
	out.add("operator log", w.log.String())
	var letters []string
	err := w.DB.Of(w.city).Rows(t.Context(), `SELECT id, kind, state, body FROM mails WHERE tenant_id = $1 ORDER BY id`, func(scan func(...any) error) error {
		var id, kind, state string
		var body []byte
		if err := scan(&id, &kind, &state, &body); err != nil {
			return err
		}
		plain, err := w.Box.Open("mail "+string(w.city)+" "+id, body)
		letters = append(letters, fmt.Sprintln(kind, state, string(plain), err))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(letters)
	out.add("operator mail", strings.Join(letters, ""))
	return out
}

// volatile tells lines of the metrics that measure the process: its memory, its connections and how long requests took.
func volatile(line string) bool {
	return strings.HasPrefix(line, "go_") || strings.HasPrefix(line, "process_") || strings.HasPrefix(line, "promhttp_") || strings.Contains(line, "_database_connections") || strings.Contains(line, "_seconds_bucket") || strings.Contains(line, "_seconds_sum")
}

// differences says where two twins give attackers something else: each would tell the level of the victim.
func differences(a, b views) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if other, is := b[name]; !is {
			out = append(out, name+" is there in one twin alone")
		} else if other != a[name] {
			if x, y := tidy(a[name]), tidy(other); x != y {
				out = append(out, fmt.Sprintf("%s differs: %s", name, firstDifference(x, y)))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if _, is := a[name]; !is {
			out = append(out, name+" is there in one twin alone")
		}
	}
	return out
}

// firstDifference cuts two texts around where they part.
func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, min(i, len(s))-80):min(len(s), i+80)] }
	return fmt.Sprintf("%q and %q", cut(a), cut(b))
}
