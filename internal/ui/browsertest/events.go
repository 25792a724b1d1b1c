package browsertest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// events is what the browser told about a tab.
type events struct {
	mu       sync.Mutex
	refused  []string
	requests []string
	errors   []string
	status   int64
	address  string
	// open are the requests that a page waits for before it is at rest.
	open map[network.RequestID]string
	// count goes up with each change that a reader may have to wait for.
	count int
}

// take keeps an event. It runs on the goroutine that reads from the browser, so it is short.
func (e *events) take(ev any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		e.requested(ev)
	case *network.EventResponseReceived:
		if ev.Type == network.ResourceTypeDocument && ev.Response != nil {
			e.status, e.address = ev.Response.Status, ev.Response.URL
		}
	case *network.EventLoadingFinished:
		e.done(ev.RequestID)
	case *network.EventLoadingFailed:
		e.done(ev.RequestID)
	case *page.EventFrameNavigated, *page.EventFrameRequestedNavigation, *page.EventFrameStartedLoading:
		e.count++
	case *audits.EventIssueAdded:
		if ev.Issue != nil && ev.Issue.Details != nil && ev.Issue.Details.ContentSecurityPolicyIssueDetails != nil {
			e.refused = append(e.refused, refusal(ev.Issue.Details.ContentSecurityPolicyIssueDetails))
		}
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeAssert {
			e.errors = append(e.errors, "console: "+said(ev.Args))
		}
	case *runtime.EventExceptionThrown:
		if d := ev.ExceptionDetails; d != nil {
			text := d.Text
			if d.Exception != nil && d.Exception.Description != "" {
				text = d.Exception.Description
			}
			e.errors = append(e.errors, "exception: "+text)
		}
	case *log.EventEntryAdded:
		e.logged(ev.Entry)
	}
}

func (e *events) requested(ev *network.EventRequestWillBeSent) {
	if ev.Request == nil || strings.HasPrefix(ev.Request.URL, "data:") {
		return
	}
	if ev.Type == network.ResourceTypeDocument {
		e.address = ev.Request.URL
	} else if ev.RedirectResponse == nil {
		e.requests = append(e.requests, ev.Request.URL)
	}
	if waitedFor(ev.Type) {
		if e.open == nil {
			e.open = map[network.RequestID]string{}
		}
		e.open[ev.RequestID] = ev.Request.Method + " " + ev.Request.URL
		e.count++
	}
}

// waitedFor leaves out what stays open as long as the page does, and what the browser asks for itself: the end of its request
// for the icon of a tab is not always told when the page makes room for the next one.
func waitedFor(kind network.ResourceType) bool {
	return kind != network.ResourceTypeEventSource && kind != network.ResourceTypeWebSocket &&
		kind != network.ResourceTypePing && kind != network.ResourceTypeOther
}

func (e *events) done(id network.RequestID) {
	if _, known := e.open[id]; known {
		delete(e.open, id)
		e.count++
	}
}

// logged keeps errors, except those that say again what is refused or how the page itself was answered.
func (e *events) logged(entry *log.Entry) {
	if entry == nil || entry.Level != log.EntryLevelError || entry.Source == log.EntrySourceSecurity || entry.URL == e.address {
		return
	}
	e.errors = append(e.errors, fmt.Sprintf("%s: %s %s", entry.Source, entry.Text, entry.URL))
}

// refusal says what a content security policy refused, and where.
func refusal(d *audits.ContentSecurityPolicyIssueDetails) string {
	s := d.ViolatedDirective + " " + d.BlockedURL
	if d.BlockedURL == "" {
		s += string(d.ContentSecurityPolicyViolationType)
	}
	if at := d.SourceCodeLocation; at != nil {
		s += fmt.Sprintf(" at %s:%d", at.URL, at.LineNumber+1)
	}
	return s
}

// said is what a call of the console printed.
func said(args []*runtime.RemoteObject) string {
	var out []string
	for _, a := range args {
		if a.Description != "" {
			out = append(out, a.Description)
		} else {
			out = append(out, strings.Trim(string(a.Value), `"`))
		}
	}
	return strings.Join(out, " ")
}

func (e *events) where() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.address
}

// waiting lists the requests that are not answered yet.
func (e *events) waiting() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Sorted(maps.Values(e.open))
}

// progress returns how much has happened, and whether a request is open.
func (e *events) progress() (count int, busy bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.count, len(e.open) > 0
}

// Refused lists what the content security policies of the pages refused, on all pages since the tab opened or Forget.
func (p *Page) Refused() []string { return p.list(&p.seen.refused) }

// Requests lists the addresses that the pages asked for, beyond themselves and the data inside them, since the tab opened
// or Forget.
func (p *Page) Requests() []string { return p.list(&p.seen.requests) }

// Errors lists what a developer would find in the console since the tab opened or Forget: errors written there, exceptions
// that nothing caught, and parts of a page that could not be loaded.
func (p *Page) Errors() []string { return p.list(&p.seen.errors) }

// Status returns how the server answered for the page that is shown, such as 200; 0 for a file.
func (p *Page) Status() int {
	p.seen.mu.Lock()
	defer p.seen.mu.Unlock()
	return int(p.seen.status)
}

// Forget empties Refused, Requests and Errors.
func (p *Page) Forget() {
	p.sync()
	p.seen.mu.Lock()
	defer p.seen.mu.Unlock()
	p.seen.refused, p.seen.requests, p.seen.errors = nil, nil, nil
}

func (p *Page) list(of *[]string) []string {
	p.t.Helper()
	p.sync()
	p.seen.mu.Lock()
	defer p.seen.mu.Unlock()
	return slices.Clone(*of)
}

// sync waits until the browser has told what happened until now: it answers in order.
func (p *Page) sync() {
	p.t.Helper()
	Eval[int](p, `1`)
}
