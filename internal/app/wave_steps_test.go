package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/urn"
	lifecycle "tekentafel/internal/survey/wave"
	"tekentafel/internal/ui/browsertest"
)

var (
	onPhone = browsertest.View{Width: 320, Height: 640}
	atDesk  = browsertest.View{Width: 1366, Height: 900}
)

// looks remembers the pages that axe-core has seen: the same page is not tried twice.
type looks struct {
	mu   sync.Mutex
	seen map[[sha256.Size]byte]bool
}

func (l *looks) first(page string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	sum := sha256.Sum256([]byte(page))
	if l.seen == nil {
		l.seen = map[[sha256.Size]byte]bool{}
	}
	was := l.seen[sum]
	l.seen[sum] = true
	return !was
}

// reader is somebody with a browser, every page of which is looked at.
type reader struct {
	*browsertest.Page
	t     *testing.T
	h     *house
	looks *looks
	name  string
	view  browsertest.View
	steps int
	// offline says that requests may fail because there is no network.
	offline bool
	// knows says that the pages were looked at before: a look then only asks what went wrong.
	knows bool
}

func (h *house) reader(t *testing.T, b *browsertest.Browser, l *looks, name string, v browsertest.View) *reader {
	t.Helper()
	return &reader{Page: b.Tab(t, v), t: t, h: h, looks: l, name: name, view: v}
}

// signIn makes the reader somebody of the made-up city.
func (r *reader) signIn(role access.Role) {
	r.t.Helper()
	u := must(url.Parse(r.h.url))(r.t)
	r.SetCookies(r.h.url, r.h.as(r.t, role).Jar.Cookies(u)...)
}

// look inspects the page as it is, on a phone and on a desk. While questions are asked it keeps to the width of the reader: another
// width puts other questions on the screen.
func (r *reader) look(what string) {
	r.t.Helper()
	r.steps++
	if r.knows {
		r.calm(what)
		return
	}
	views := []browsertest.View{r.view}
	if r.Count("[data-questions]:not([hidden])") == 0 {
		for _, v := range []browsertest.View{onPhone, atDesk} {
			if v.NoJS = r.view.NoJS; v != r.view {
				views = append(views, v)
			}
		}
	}
	for _, v := range views {
		if v != r.view {
			r.SetView(v)
		}
		where := fmt.Sprintf("%s, %s at %d px", r.name, what, v.Width)
		for _, line := range r.Beyond() {
			r.t.Errorf("%s: beyond the edge: %s", where, line)
		}
		if r.looks.first(fmt.Sprintf("%v %s", v, browsertest.Eval[string](r.Page, `document.body.outerHTML`))) {
			for _, line := range r.Violations() {
				r.t.Errorf("%s: axe-core: %s", where, line)
			}
		}
		r.photograph(what, v)
	}
	if len(views) > 1 {
		r.SetView(r.view)
	}
	r.calm(what)
}

// calm complains of what the policy refused and of what went wrong in the page, until now.
func (r *reader) calm(what string) {
	r.t.Helper()
	for label, list := range map[string][]string{"refused": r.Refused(), "wrong": r.Errors()} {
		for _, line := range list {
			if r.offline && strings.Contains(line, "ERR_INTERNET_DISCONNECTED") {
				continue
			}
			r.t.Errorf("%s, %s: %s: %s", r.name, what, label, line)
		}
	}
	r.Forget()
}

// photograph writes a picture into the folder that the environment names.
func (r *reader) photograph(what string, v browsertest.View) {
	r.t.Helper()
	dir := os.Getenv(picturesEnv)
	if dir == "" {
		return
	}
	name := strings.NewReplacer("/", "-", " ", "-").Replace(fmt.Sprintf("%s %02d %s %d", r.name, r.steps, what, v.Width))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), r.Screenshot(), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// until waits until an expression is true in the page.
func (r *reader) until(expression string) {
	r.t.Helper()
	for end := time.Now().Add(20 * time.Second); !browsertest.Eval[bool](r.Page, expression); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("%s: never true: %s\nthe page %s says: %s", r.name, expression, r.Location(), r.Text("body"))
		}
	}
}

// says waits until the page says something.
func (r *reader) says(text string) {
	r.t.Helper()
	r.until(`(document.querySelector('main')?.innerText || '').includes(` + string(must(json.Marshal(text))(r.t)) + `)`)
}

// shown is what can be answered on the screen.
type shown struct{ Name, Kind string }

// onScreen lists what can be answered on the screen, with scripts or without.
func (r *reader) onScreen() []shown {
	return browsertest.Eval[[]shown](r.Page, `[...document.querySelectorAll('.ask-item:not([hidden]) [data-field]:not([hidden])')].map(f => {
  const c = f.querySelector('textarea, select, input:not([data-search])');
  return {name: f.dataset.field, kind: c.tagName === 'INPUT' ? c.type : c.tagName.toLowerCase()};
})`)
}

// answer answers what is on the screen by what somebody says to each question; what is not in given stays open.
func (r *reader) answer(given map[string]any) {
	r.t.Helper()
	for _, f := range r.onScreen() {
		value, is := given[f.Name]
		if !is {
			continue
		}
		switch f.Kind {
		case "textarea", "text", "select":
			r.Fill(`[name="`+f.Name+`"]`, strings.Replace(fmt.Sprint(value), ".", ",", map[bool]int{true: 1}[f.Kind == "text"]))
		default:
			list, several := value.([]string)
			if !several {
				list = []string{fmt.Sprint(value)}
			}
			for _, option := range list {
				control := `input[name="` + f.Name + `"][value="` + option + `"]`
				if !browsertest.Eval[bool](r.Page, `document.querySelector('`+control+`').checked`) {
					r.Click(`label[for="` + browsertest.Eval[string](r.Page, `document.querySelector('`+control+`').id`) + `"]`)
				}
			}
		}
	}
}

const reviewed = `!document.querySelector('[data-screen=review]').hidden`

// toReview answers every question until the list of answers.
func (r *reader) toReview(given map[string]any) {
	r.t.Helper()
	for n := range 40 {
		if browsertest.Eval[bool](r.Page, reviewed) {
			r.look("answers")
			return
		}
		r.answer(given)
		r.look(fmt.Sprintf("question %d", n))
		r.Click("[data-next]")
	}
	r.t.Fatalf("%s: the list of answers never comes", r.name)
}

// received waits until the page says that the answers are received.
func (r *reader) received() {
	r.t.Helper()
	r.until(`!document.querySelector('[data-screen=sent]').hidden && !document.querySelector('[data-sent-title]').innerText.startsWith('Nog niet')`)
	r.look("received")
}

// recordOf is what answers are as they are kept.
func (h *house) recordOf(t *testing.T, codec *record.Codec, given map[string]any) []byte {
	t.Helper()
	rec := must(codec.Read(must(json.Marshal(given))(t)))(t)
	return rec.Bytes()
}

// codecOf reads and writes the answers of a wave.
func (h *house) codecOf(t *testing.T, w *lifecycle.Wave) *record.Codec {
	t.Helper()
	return must(record.New(must(lifecycle.Instrument(t.Context(), h.DB.Of(w.Tenant), w.ID))(t)))(t)
}

// inUrn opens the answers of a wave.
func (h *house) inUrn(t *testing.T, w *lifecycle.Wave) []urn.Opened {
	t.Helper()
	var out []urn.Opened
	if err := h.Survey.Urn.Each(t.Context(), w, func(e urn.Opened) error { out = append(out, e); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// holds complains unless the urn has one record with the words that somebody wrote, and it is what they answered. It returns the
// entry of it.
func (h *house) holds(t *testing.T, w *lifecycle.Wave, codec *record.Codec, question string, given map[string]any) urn.Opened {
	t.Helper()
	var found []urn.Opened
	for _, e := range h.inUrn(t, w) {
		c := codec.Collector(1)
		if err := c.Add(e.Record); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(c.Texts()[question], fmt.Sprint(given[question])) {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d records say %q", len(found), given[question])
	}
	if want := h.recordOf(t, codec, given); !bytes.Equal(found[0].Record, want) {
		t.Errorf("what is kept is not what was answered: %v", given)
	}
	return found[0]
}
