package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long an element may take to appear.
const patience = 10 * time.Second

// find returns what an expression gives as soon as it gives no complaint: a text in the field wrong. The expression may
// use e, the first element for the selector, which is seen.
func find[T any](p *Page, what, selector, expression string) T {
	p.t.Helper()
	type answer struct {
		Wrong string
		Value T
	}
	quoted, err := json.Marshal(selector)
	if err != nil {
		p.t.Fatal(err)
	}
	script := `(() => {
  const e = document.querySelector(` + string(quoted) + `);
  if (!e) return {wrong: 'there is no such element'};
  if (!e.getClientRects().length || getComputedStyle(e).visibility === 'hidden') return {wrong: 'the element is not seen'};
  ` + expression + `
})()`
	ctx, stop := context.WithTimeout(p.ctx, min(patience, p.limit))
	defer stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	complaint := "" // the last that the page gave: a look that the deadline cuts off gives none
	for {
		a, err := chromedp.Run(ctx, chromedp.Evaluate[answer](script))
		if err == nil && a.Wrong == "" {
			return a.Value
		}
		if err == nil {
			complaint = a.Wrong
		}
		select {
		case <-ctx.Done():
			if complaint == "" {
				complaint = fmt.Sprint(err)
			}
			p.t.Fatalf("%s %s, on %s at %v: %s", what, selector, p.seen.where(), p.view, complaint)
		case <-again.C:
		}
	}
}

// Wait waits until an element that the CSS selector fits is seen.
func (p *Page) Wait(selector string) {
	p.t.Helper()
	find[bool](p, "wait for", selector, `return {value: true}`)
}

// Text returns the text of the first element that the CSS selector fits, as it is seen, once it is.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return find[string](p, "read", selector, `return {value: e.innerText.trim()}`)
}

// Count returns how many elements the CSS selector fits now, seen or not.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	quoted, err := json.Marshal(selector)
	if err != nil {
		p.t.Fatal(err)
	}
	return Eval[int](p, `document.querySelectorAll(`+string(quoted)+`).length`)
}

// Click clicks with the mouse on the first element that the CSS selector fits, once it is seen, enabled and not covered,
// and returns when what follows has come to rest: a new page, or what htmx fetched.
func (p *Page) Click(selector string) {
	p.t.Helper()
	at := find[[2]float64](p, "click", selector, `
  if (e.disabled) return {wrong: 'the element is disabled'};
  e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  const r = e.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2;
  const hit = document.elementFromPoint(x, y);
  if (!hit) return {wrong: 'the element lies outside the window'};
  if (hit !== e && !e.contains(hit) && !hit.contains(e) && hit.closest('label')?.control !== e)
    return {wrong: 'covered by ' + hit.outerHTML.slice(0, 120)};
  return {value: [x, y]};`)
	p.settle("click "+selector, chromedp.MouseClickXY(at[0], at[1]))
}

// Fill replaces the value of the first field that the CSS selector fits, as typing it would; a select takes the value of
// an option. It fails the test when the field does not take the value.
func (p *Page) Fill(selector, value string) {
	p.t.Helper()
	quoted, err := json.Marshal(value)
	if err != nil {
		p.t.Fatal(err)
	}
	typed := find[bool](p, "fill", selector, `
  if (e.disabled || e.readOnly) return {wrong: 'the field cannot be changed'};
  e.scrollIntoView({block: 'center', behavior: 'instant'});
  e.focus();
  if (e.tagName === 'TEXTAREA' || e.tagName === 'INPUT' && ['text', 'search', 'email', 'password', 'tel', 'url', 'number'].includes(e.type)) {
    e.select();
    return {value: true};
  }
  if (e.tagName === 'SELECT' && ![...e.options].some(o => o.value === `+string(quoted)+`)) return {wrong: 'there is no option `+escape(quoted)+`'};
  e.value = `+string(quoted)+`;
  for (const name of ['input', 'change']) e.dispatchEvent(new Event(name, {bubbles: true}));
  return {value: false};`)
	what := "fill " + selector
	switch {
	case !typed:
		p.settle(what)
	case value == "":
		p.settle(what, chromedp.KeyEvent(kb.Delete))
	default:
		p.settle(what, call(input.InsertText, input.InsertTextParams{Text: value}))
	}
	if has := find[string](p, "look at", selector, `return {value: e.value}`); has != value {
		p.t.Fatalf("%s, on %s: the field holds %q, not %q", what, p.seen.where(), has, value)
	}
}

// escape puts a JSON text inside a text in single quotes.
func escape(quoted []byte) string {
	return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(string(quoted))
}

// keys are the names that Press knows, beside single characters.
var keys = map[string]string{
	"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
}

// Press presses a key where the focus is, and returns when what follows has come to rest. The name is a character or one
// like Enter, Tab, Escape, Space or ArrowDown, with Shift+ before it where that key is held.
func (p *Page) Press(key string) {
	p.t.Helper()
	var options []chromedp.KeyOption
	name, shift := strings.CutPrefix(key, "Shift+")
	if shift {
		options = append(options, chromedp.KeyModifiers(chromedp.ModifierShift))
	}
	code, known := keys[name]
	if !known {
		if len([]rune(name)) != 1 {
			p.t.Fatalf("press %s: no such key", key)
		}
		code = name
	}
	p.settle("press "+key, chromedp.KeyEvent(code, options...))
}

// Attach chooses files in the file field that the CSS selector fits, which need not be seen.
func (p *Page) Attach(selector string, files ...string) {
	p.t.Helper()
	p.settle("attach to "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), files))
}

// quiet is how long nothing happens in a page that has come to rest. A click that asks for a page does so well within it.
const quiet = 80 * time.Millisecond

// settle carries out steps and waits until the page that follows has come to rest.
func (p *Page) settle(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.do(what, steps...)
	p.rest(what, quiet)
}

// rest waits until the page is at rest: it is loaded, no request is open, htmx has put what it fetched in its place, and
// nothing has happened for a while; no while means that one look is enough.
func (p *Page) rest(what string, while time.Duration) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, p.limit)
	defer stop()
	again := time.NewTicker(max(while, 10*time.Millisecond))
	defer again.Stop()
	for last := -1; ; {
		atRest, err := chromedp.Run(ctx, chromedp.Evaluate[bool](
			`document.readyState === 'complete' && !document.querySelector('.htmx-request,.htmx-swapping,.htmx-settling')`))
		count, busy := p.seen.progress()
		if err == nil && atRest && !busy && (count == last || while == 0) {
			return
		}
		last = count
		select {
		case <-ctx.Done():
			p.fail(ctx, what+", until the page is at rest", ctx.Err())
		case <-again.C:
		}
	}
}
