// Package browsertest opens a page in Chromium as its reader would and says what is wrong with it: accessibility
// violations that axe-core finds, text beyond the edge, broken content security policy, requests. Tests import it.
package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tekentafel/internal/pdf"
	"tekentafel/internal/testkit"
)

// View is how a reader looks at a page. Width and Height are CSS pixels.
type View struct {
	Width, Height int64
	Dark          bool
	Print         bool
}

func (v View) String() string {
	s := fmt.Sprintf("%dx%d", v.Width, v.Height)
	if v.Dark {
		s += " dark"
	}
	if v.Print {
		s += " print"
	}
	return s
}

// Browser is a running Chromium.
type Browser struct{ ctx context.Context }

// Start runs a browser until the test ends. Where Chromium is missing the test is skipped, or fails when everything is
// required (CI=true or TEKENTAFEL_REQUIRE_ALL=1).
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := pdf.Find()
	if err != nil {
		testkit.Missing(t, err.Error())
	}
	ctx, stop := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewExecAllocator(ctx, pdf.Flags(path, t.TempDir())...)
	t.Cleanup(closeBrowser)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return &Browser{ctx: ctx}
}

// Page is an open page.
type Page struct {
	t    testing.TB
	ctx  context.Context
	view View

	mu       sync.Mutex
	requests []string
}

// watch runs in the page before anything else and keeps what its content security policy refused.
const watch = `window.__refused=[];addEventListener('securitypolicyviolation',e=>window.__refused.push(e.violatedDirective+' '+e.blockedURI+' '+(e.sample||'')));`

// Open shows an HTML document as a file in a tab of its own.
func (b *Browser) Open(t testing.TB, document []byte, v View) *Page {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := chromedp.NewContext(b.ctx)
	t.Cleanup(stop)
	p := &Page{t: t, ctx: ctx, view: v}
	address := "file://" + file
	if err := chromedp.Listen(ctx, func(ev any) {
		if sent, ok := ev.(*network.EventRequestWillBeSent); ok && sent.Request != nil {
			if u := sent.Request.URL; u != address && !strings.HasPrefix(u, "data:") {
				p.mu.Lock()
				p.requests = append(p.requests, u)
				p.mu.Unlock()
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, prepare(v), chromedp.EmulateViewport(v.Width, v.Height), chromedp.Navigate(address)); err != nil {
		t.Fatalf("open the page at %v: %v", v, err)
	}
	Eval[bool](p, `document.fonts.ready.then(() => true)`)
	return p
}

func prepare(v View) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument,
			page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}); err != nil {
			return err
		}
		scheme, media := "light", "screen"
		if v.Dark {
			scheme = "dark"
		}
		if v.Print {
			media = "print"
		}
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// Eval runs an expression in the page, waits for its promise and returns its value.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("at %v: %v", p.view, err)
	}
	return v
}

// Refused lists what the page's content security policy refused.
func (p *Page) Refused() []string {
	p.t.Helper()
	return Eval[[]string](p, `window.__refused`)
}

// Requests lists the addresses that the page asked for, beyond itself and the data inside it.
func (p *Page) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.requests...)
}

// beyond finds elements that are seen and reach past the right or left edge of the window.
const beyond = `(() => {
  const out = [], w = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > w) out.push('the page scrolls sideways: ' + document.documentElement.scrollWidth + ' > ' + w);
  for (const e of document.querySelectorAll('body *')) {
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    if (r.width < 2 || r.height < 2 || s.visibility === 'hidden' || e.closest('.skip,.unseen')) continue;
    if (s.clipPath !== 'none' || e.closest('thead')) continue;
    if (r.right > w + 1 || r.left < -1) out.push(e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + (e.textContent || '').trim().slice(0, 40) + ' ' + Math.round(r.left) + '..' + Math.round(r.right));
  }
  return out;
})()`

// Beyond lists what does not fit in the width of the window.
func (p *Page) Beyond() []string {
	p.t.Helper()
	return Eval[[]string](p, beyond)
}

// SmallestText returns the size in CSS pixels of the smallest text that is seen, charts included.
func (p *Page) SmallestText() float64 {
	p.t.Helper()
	return Eval[float64](p, `(() => {
  let least = 1e9;
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    if (!e.getClientRects().length || ['title', 'desc', 'STYLE'].includes(e.tagName)) continue;
    let size = parseFloat(getComputedStyle(e).fontSize);
    const svg = e.closest('svg');
    if (svg) size *= svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    least = Math.min(least, size);
  }
  return least;
})()`)
}

// Violations runs axe-core on the page with every rule of WCAG 2.2 AA and its best practices and returns what it finds.
// Without axe-core (npm ci in this folder) the test is skipped, or fails where everything is required.
func (p *Page) Violations() []string {
	p.t.Helper()
	source, err := os.ReadFile(axePath())
	if err != nil {
		testkit.Missing(p.t, "axe-core is missing: run npm ci in internal/ui/browsertest")
	}
	if err := chromedp.Do(p.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[bool](string(source)+";true")(ctx, t)
		return err
	})); err != nil {
		p.t.Fatalf("load axe-core: %v", err)
	}
	raw := Eval[string](p, `axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(
  r.violations.map(v => v.id + ': ' + v.help + ' | ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | '))))`)
	var out []string
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// Screenshot returns the whole page as PNG.
func (p *Page) Screenshot() []byte {
	p.t.Helper()
	img, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	return img
}

// Close closes the tab.
func (p *Page) Close() {
	if err := chromedp.Cancel(p.ctx); err != nil {
		p.t.Logf("close the tab: %v", err)
	}
}

// axePath finds axe-core beside this file.
func axePath() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "node_modules", "axe-core", "axe.min.js")
}
