package browsertest

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Offline takes the network away from the page and from its service worker, or gives it back. The page is told, as by a
// device that loses its connection.
func (p *Page) Offline(off bool) {
	p.t.Helper()
	everything := &network.Conditions{DownloadThroughput: -1, UploadThroughput: -1, Offline: off}
	p.do("switch the network",
		call(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			EmulateOfflineServiceWorker: &off, MatchedNetworkConditions: []*network.Conditions{everything},
		}),
		call(network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}))
}

// Beside opens another tab of the same reader: with the same cookies and storage.
func (p *Page) Beside(t testing.TB, v View) *Page {
	t.Helper()
	q := &Page{t: t, tab: &tab{limit: limit}}
	ctx, stop := chromedp.NewContext(p.ctx, chromedp.WithListener(q.seen.take))
	t.Cleanup(stop)
	q.ctx = ctx
	late := time.AfterFunc(limit, stop)
	defer late.Stop()
	if err := chromedp.Do(ctx, call(audits.Enable, cdp.Empty{})); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	q.SetView(v)
	return q
}

// Back goes back in the history of the tab, as the browser's own button does.
func (p *Page) Back() {
	p.t.Helper()
	Eval[bool](p, `(history.back(), true)`)
	p.rest("go back", quiet)
}

// Reload loads the page anew.
func (p *Page) Reload() {
	p.t.Helper()
	p.Goto(p.Location())
}
