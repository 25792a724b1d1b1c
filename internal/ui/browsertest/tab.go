package browsertest

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Page is an open tab with the page in it. Use it from one goroutine.
type Page struct {
	t testing.TB
	*tab
}

// tab is what the pages of one tab share.
type tab struct {
	ctx   context.Context
	view  View
	limit time.Duration // of each step
	seen  events
}

// Tab opens an empty tab with cookies and storage of its own: a reader who has never been here. It closes when the test
// ends. Opening one costs more than visiting a page, so keep it for many.
func (b *Browser) Tab(t testing.TB, v View) *Page {
	t.Helper()
	return b.tab(t, v, chromedp.WithNewBrowserContext())
}

func (b *Browser) tab(t testing.TB, v View, options ...chromedp.ContextOption) *Page {
	t.Helper()
	p := &Page{t: t, tab: &tab{limit: limit}}
	ctx, stop := chromedp.NewContext(b.ctx, append(options, chromedp.WithListener(p.seen.take))...)
	t.Cleanup(stop)
	p.ctx = ctx
	late := time.AfterFunc(limit, stop)
	defer late.Stop()
	if err := chromedp.Do(ctx, call(audits.Enable, cdp.Empty{})); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	p.SetView(v)
	return p
}

// With returns the same tab for another test, which what goes wrong from here on fails.
func (p *Page) With(t testing.TB) *Page { return &Page{t: t, tab: p.tab} }

// call is an action that calls one command.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// do carries out steps, within the limit, or fails the test saying what was tried.
func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, p.limit)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fail(ctx, what, err)
	}
}

// fail ends the test.
func (p *Page) fail(ctx context.Context, what string, err error) {
	p.t.Helper()
	where := p.seen.where()
	if ctx.Err() != nil {
		p.t.Fatalf("%s: not done after %v, on %s at %v; waiting for %v: %v", what, p.limit, where, p.view, p.seen.waiting(), err)
	}
	p.t.Fatalf("%s, on %s at %v: %v", what, where, p.view, err)
}

// SetView looks in another way from here on. Whether scripts run holds from the next page on.
func (p *Page) SetView(v View) {
	p.t.Helper()
	p.view = v
	scheme, media := "light", "screen"
	if v.Dark {
		scheme = "dark"
	}
	if v.Print {
		media = "print"
	}
	p.do("set the view "+v.String(),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		}),
		chromedp.EmulateViewport(v.Width, v.Height))
	p.scripts(!v.NoJS)
}

// Open shows an HTML document as a file in a tab of its own.
func (b *Browser) Open(t testing.TB, document []byte, v View) *Page {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	p := b.tab(t, v)
	p.Goto("file://" + file)
	return p
}

// OpenURL opens an address in a tab of its own, with these cookies and no others.
func (b *Browser) OpenURL(t testing.TB, address string, v View, cookies ...*http.Cookie) *Page {
	t.Helper()
	p := b.Tab(t, v)
	p.SetCookies(address, cookies...)
	p.Goto(address)
	return p
}

// SetCookies gives the reader cookies for the server of an address.
func (p *Page) SetCookies(address string, cookies ...*http.Cookie) {
	p.t.Helper()
	for _, c := range cookies {
		p.do("set cookie "+c.Name, call(network.SetCookie, network.SetCookieParams{
			Name: c.Name, Value: c.Value, URL: address, Path: c.Path, Secure: &c.Secure, HTTPOnly: &c.HttpOnly,
		}))
	}
}

// Goto opens an address in the tab, and returns when the page, its fonts and what its scripts fetched at once are there.
// Status tells how the server answered; a page that cannot be opened at all fails the test.
func (p *Page) Goto(address string) {
	p.t.Helper()
	p.do("open "+address, chromedp.Navigate(address))
	Eval[bool](p, `document.fonts.ready.then(() => true)`)
	p.rest("open "+address, 0)
}

// Location returns the address that the tab shows.
func (p *Page) Location() string {
	p.t.Helper()
	return Eval[string](p, `location.href`)
}

// Close closes the tab.
func (p *Page) Close() {
	if err := chromedp.Cancel(p.ctx); err != nil {
		p.t.Logf("close the tab: %v", err)
	}
}

// Eval runs an expression in the page, waits for its promise and returns its value, also where the page's own scripts do
// not run (timers then do not run either).
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, p.limit)
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.fail(ctx, "evaluate "+expression[:min(len(expression), 60)], err)
	}
	return v
}
