// Package pdf prints HTML with an installed Chromium to a tagged PDF: with an outline, the language and the headers of
// tables, so that a screen reader finds its way.
package pdf

import (
	"context"
	"errors"
	"fmt"
	"html"
	"os"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Options says how paper is laid out. Paper is A4, portrait.
type Options struct {
	// Header stands small at the top of every page, HeaderEnd at the right of it.
	Header, HeaderEnd string
	// Page and Of are the words around the page number: "Pagina", "van".
	Page, Of string
	// Bare leaves out header, footer and margins: the page's own @page rule decides.
	Bare bool
	// Timeout bounds the whole print, the start of the browser included; 0 means a minute.
	Timeout time.Duration
}

// Print returns an HTML document as a PDF. It needs no network and allows none: every request is refused. It starts a browser with an
// empty profile and removes the profile afterwards. Without Chromium the error is a *NotInstalledError.
func Print(ctx context.Context, document []byte, o Options) ([]byte, error) {
	path, err := Find()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "tekentafel-print-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the browser's profile: %w", err)
	}
	out, err := printIn(ctx, path, profile, document, o)
	if gone := os.RemoveAll(profile); gone != nil && err == nil {
		err = fmt.Errorf("remove the browser's profile: %w", gone)
	}
	return out, err
}

func printIn(ctx context.Context, path, profile string, document []byte, o Options) ([]byte, error) {
	limit := o.Timeout
	if limit == 0 {
		limit = time.Minute
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	ctx, closeBrowser := chromedp.NewExecAllocator(ctx, Flags(path, profile)...)
	defer closeBrowser()
	ctx, closeTab := chromedp.NewContext(ctx)
	defer closeTab()

	if err := load(ctx, document); err != nil {
		return nil, explain(err, path, limit)
	}
	out, err := chromedp.Run(ctx, chromedp.PrintToPDF(o.paper()...))
	if err != nil {
		return nil, explain(err, path, limit)
	}
	return out, nil
}

// load puts a document in an empty page in which every request fails, and waits until its fonts are there.
func load(ctx context.Context, document []byte) error {
	refuse := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.SetBlockedURLs, network.SetBlockedURLsParams{
			URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/*", Block: true}},
		})
		return err
	})
	fill := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		tree, err := cdp.Call(ctx, t, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, page.SetDocumentContent, page.SetDocumentContentParams{
			FrameID: tree.FrameTree.Frame.ID, HTML: string(document),
		})
		return err
	})
	if err := chromedp.Do(ctx, refuse, chromedp.Navigate("about:blank"), fill); err != nil {
		return err
	}
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](
		`(document.body && document.body.offsetHeight, document.fonts.ready.then(() => true))`, chromedp.EvalAwaitPromise))
	return err
}

// paper turns the options into those of the browser. Lengths are inches.
func (o Options) paper() []chromedp.PDFOption {
	out := []chromedp.PDFOption{
		chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground(), chromedp.PDFOutlineAndTagged(), chromedp.PDFStream(),
	}
	if o.Bare {
		return append(out, chromedp.PDFPreferCSSPageSize(), chromedp.PDFMargin(0))
	}
	return append(out, chromedp.PDFMargins(0.67, 0.63, 0.63, 0.63),
		chromedp.PDFHeaderTemplate(o.header()), chromedp.PDFFooterTemplate(o.footer()))
}

const strip = `<div style="width:100%;margin:0 0.63in;display:flex;justify-content:space-between;` +
	`font:7.5pt system-ui,sans-serif;color:#4a5468">`

func (o Options) header() string {
	return strip + `<span>` + html.EscapeString(o.Header) + `</span><span>` + html.EscapeString(o.HeaderEnd) + `</span></div>`
}

func (o Options) footer() string {
	number := html.EscapeString(o.Page) + ` <span class="pageNumber"></span>`
	if o.Of != "" {
		number += ` ` + html.EscapeString(o.Of) + ` <span class="totalPages"></span>`
	}
	return strip + `<span></span><span>` + number + `</span></div>`
}

// explain says what a failure of the browser means for the one who prints.
func explain(err error, path string, limit time.Duration) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("print with %s: not done after %s; try again when the machine is less busy: %w", path, limit, err)
	}
	return fmt.Errorf("print with %s: %w", path, err)
}
