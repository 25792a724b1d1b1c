package markdown

import (
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/microcosm-cc/bluemonday"

	nodejs "tekentafel/internal/testkit/node"
)

// hostile are pieces that, repeated, cost some readers of Markdown the square of their number or more.
var hostile = []string{
	"*a", "_a", "*a_ ", "**a ", "~a~~", "[", "![", "[a](", "[a](<b", "[a](b \"", "](", "`", "``a`", "`a ``", "<", "<a@", "<https:", "&", "&#", "> ", ">", "- ", "* ", "1. ", "- a\n", "  ",
	"- - - - - - - - - - - - \n\n", "> > > > > > > > > > > \na\n", "a\n", "\n", "|", "|a", "|a\n|-", "a|b\n-|-\n", "|-|-|-\n", "```\n", "~~~ a\n", "#", "# ", "\\", "\\\n", "https://a.be/", "https://a.be/)", "(https://a.be/",
	"a@b.be ", "!", "![a](b)", "[a](https://b.be)", "***", "_*_", "a**b", "\t", " \n", "[ ] ", "- [ ] ", "\u200b", "é*", "😀_",
}

// used is the time that the processor spent on this thread: others may keep it busy meanwhile.
func used(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestTimeGrowsWithLengthAloneOnTheServer(t *testing.T) {
	t.Parallel()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, piece := range hostile {
		text := strings.Repeat(piece, 190_000/len(piece))
		from := used(t)
		out := HTML(text, Options{})
		if took := used(t) - from; took > 2*time.Second {
			t.Errorf("%q repeated takes %v", piece, took)
		}
		if len(out) > 60*len(text) {
			t.Errorf("%q repeated gives %d bytes for %d", piece, len(out), len(text))
		}
	}
}

func TestTimeGrowsWithLengthAloneInTheBrowser(t *testing.T) {
	t.Parallel()
	p := nodejs.Run(t, "testdata/serve.mjs")
	for _, piece := range hostile {
		if took := nodejs.Do[float64](p, "milliseconds", map[string]any{"text": strings.Repeat(piece, 190_000/len(piece))}); took > 2500 {
			t.Errorf("%q repeated takes %.0f ms", piece, took)
		}
	}
}

func TestWhatIsTooLongOrTooDeepStaysText(t *testing.T) {
	t.Parallel()
	if got := HTML(strings.Repeat("**a** ", 40_000), Options{}); !strings.HasPrefix(got, `<pre class="md-plain">**a** `) || strings.Contains(got, "<strong>") {
		t.Errorf("a long text is formatted: %.80s", got)
	}
	if got := HTML(strings.Repeat("> ", 500)+"a", Options{}); strings.Count(got, "<blockquote>") != mostContainers || !strings.Contains(got, "&gt; a") {
		t.Errorf("%d quotes in each other", strings.Count(got, "<blockquote>"))
	}
	if got := HTML(strings.Repeat("*a _b ", 100)+strings.Repeat("_ *", 100), Options{}); strings.Count(got, "<em>") > 200 {
		t.Errorf("%d spans", strings.Count(got, "<em>"))
	}
	wide := strings.Repeat("|a", 65) + "|\n" + strings.Repeat("|-", 65) + "|\n"
	if got := HTML(wide, Options{}); strings.Contains(got, "<table>") {
		t.Error("a table of 65 columns is one")
	}
}

// policy is what another program lets through; see TestAnotherFilterFindsNothingToTake.
func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "hr", "br", "pre", "code", "div", "table", "thead", "tbody", "tr", "th", "td", "em", "strong", "del", "span")
	p.AllowNoAttrs().OnElements("span")
	p.AllowAttrs("class", "tabindex", "data-lang", "start").Globally()
	p.AllowAttrs("href", "rel", "target").OnElements("a")
	p.AllowURLSchemes("https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	return p
}

func FuzzNothingButWhatIsAllowed(f *testing.F) {
	for _, c := range cases(f) {
		f.Add(c.Text)
	}
	for _, piece := range hostile {
		f.Add(strings.Repeat(piece, 5))
	}
	other := policy()
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 {
			return
		}
		out := HTML(text, Options{Lang: "nl"})
		_, links := look(t, out)
		for _, l := range links {
			if !strings.HasPrefix(l, "https://") && !strings.HasPrefix(l, "mailto:") {
				t.Fatalf("a link to %q of %q", l, text)
			}
		}
		if _, kept := look(t, other.Sanitize(out)); len(kept) != len(links) {
			t.Fatalf("another filter leaves %q of the links %q in %q", kept, links, out)
		}
	})
}

func TestAnotherFilterFindsNothingToTake(t *testing.T) {
	t.Parallel()
	other := policy()
	for _, c := range cases(t) {
		text, links := look(t, c.HTML)
		filtered, kept := look(t, other.Sanitize(c.HTML))
		if text != filtered || strings.Join(links, " ") != strings.Join(kept, " ") {
			t.Errorf("%s: another filter makes %s", c.Name, other.Sanitize(c.HTML))
		}
	}
}

func TestWordsAreInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}
