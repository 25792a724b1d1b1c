// Package browsertest opens a page in Chromium as its reader would, uses it, and says what is wrong with it: accessibility
// violations that axe-core finds, text beyond the edge, broken content security policy, requests, errors. Tests import it.
//
// Open shows a document, OpenURL an address, Tab an empty tab for many addresses. The browser reaches nothing but
// http://127.0.0.1 and http://localhost; take the name where passkeys are used, which belong to one. Whatever
// takes longer than half a minute fails the test and says what it was.
package browsertest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tekentafel/internal/pdf"
	"tekentafel/internal/testkit"
)

// limit bounds each step: opening a page, a click and what follows, a check.
const limit = 30 * time.Second

// View is how a reader looks at a page. Width and Height are CSS pixels.
type View struct {
	Width, Height int64
	Dark          bool
	Print         bool
	NoJS          bool // the page's scripts do not run
}

func (v View) String() string {
	s := fmt.Sprintf("%dx%d", v.Width, v.Height)
	if v.Dark {
		s += " dark"
	}
	if v.Print {
		s += " print"
	}
	if v.NoJS {
		s += " without scripts"
	}
	return s
}

// Browser is a running Chromium. It is safe for concurrent use.
type Browser struct{ ctx context.Context }

// Start runs a browser until the test ends. Where Chromium is missing the test is skipped, or fails when everything is
// required (CI=true or TEKENTAFEL_REQUIRE_ALL=1).
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := pdf.Find()
	if err != nil {
		testkit.Missing(t, err.Error())
	}
	flags := append(pdf.Flags(path, t.TempDir()), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"))
	ctx, closeBrowser := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), flags...)
	t.Cleanup(closeBrowser)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	late := time.AfterFunc(2*limit, closeTab)
	defer late.Stop()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return &Browser{ctx: ctx}
}
