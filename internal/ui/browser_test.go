package ui_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/ui/browsertest"
)

// TestInABrowser opens pages as readers do, in one browser for all.
func TestInABrowser(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := browsertest.Start(t)
	for _, width := range []int64{320, 820, 1366} {
		for _, dark := range []bool{false, true} {
			v := browsertest.View{Width: width, Height: 900, Dark: dark}
			t.Run("components "+v.String(), func(t *testing.T) { look(t, b, s.URL+"/components?lang=nl", v) })
		}
		for _, path := range []string{"/bare", "/home", "/report"} {
			v := browsertest.View{Width: width, Height: 700}
			t.Run(path+" "+v.String(), func(t *testing.T) { look(t, b, s.URL+path, v) })
		}
	}
	for _, lang := range []string{"fr", "de", "en"} {
		t.Run("components "+lang, func(t *testing.T) {
			look(t, b, s.URL+"/components?lang="+lang, browsertest.View{Width: 320, Height: 700})
		})
	}
	t.Run("print", func(t *testing.T) {
		look(t, b, s.URL+"/components?lang=nl", browsertest.View{Width: 720, Height: 1000, Print: true})
	})
	t.Run("without script", func(t *testing.T) {
		v := browsertest.View{Width: 820, Height: 900, NoJS: true}
		look(t, b, s.URL+"/components?lang=nl", v)
		withoutScript(t, b, s.URL, v)
	})
	t.Run("keyboard", func(t *testing.T) { byKeyboard(t, b, s.URL) })
	t.Run("errors", func(t *testing.T) { errorsTakeTheFocus(t, b, s) })
	t.Run("once", func(t *testing.T) { formIsSentOnce(t, b, s) })
	t.Run("upload", func(t *testing.T) { uploadShowsProgress(t, b, s) })
	t.Run("comfort", func(t *testing.T) { comfort(t, b, s) })
	t.Run("crumbs", func(t *testing.T) { noLineOfCrumbsBeginsWithASlash(t, b, s.URL) })
	t.Run("work", func(t *testing.T) { workRenewsItself(t, b, s) })
}

// look says what is wrong with a page as seen in a view, with everything that opens open.
func look(t *testing.T, b *browsertest.Browser, address string, v browsertest.View) {
	p := b.OpenURL(t, address, v)
	defer p.Close()
	browsertest.Eval[int](p, `[...document.querySelectorAll('details:not(.menu)')].map(d => d.open = true).length`)
	keep(t, p, strings.NewReplacer("?lang=", "-").Replace(address[strings.LastIndexByte(address, '/')+1:])+" "+v.String())
	found := map[string][]string{
		"refused by the content security policy": p.Refused(), "beyond the edge": p.Beyond(), "small targets": browsertest.Eval[[]string](p, smallTargets),
		"axe-core": p.Violations(), "errors": p.Errors(),
	}
	for what, out := range found {
		if len(out) > 0 && (!v.Print || what != "small targets") {
			t.Errorf("%s: %s", what, strings.Join(out, "\n"))
		}
	}
	if px := p.SmallestText(); px < 12 && !v.Print {
		t.Errorf("smallest text is %.1f px", px)
	}
	if n := browsertest.Eval[int](p, `[...document.fonts].filter(f => f.status === 'loaded').length`); n != 1 {
		t.Errorf("%d typefaces loaded, not the one that the text needs", n)
	}
	if v.Print {
		if out := browsertest.Eval[[]string](p, `[...document.querySelectorAll('nav,button,.button')].filter(e => e.getClientRects().length && !e.closest('.stepper')).map(e => e.className)`); len(out) > 0 {
			t.Errorf("on paper: %v", out)
		}
	}
}

// keep writes the page as a picture into the folder TEKENTAFEL_SHOTS, when one is named, to look at with one's own eyes.
func keep(t *testing.T, p *browsertest.Page, name string) {
	dir := os.Getenv("TEKENTAFEL_SHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".png"), p.Screenshot(), 0o600); err != nil {
		t.Error(err)
	}
}

// smallTargets finds controls below 44 px and links below 24 px (WCAG 2.2, 2.5.8, which leaves out links in a line of text).
const smallTargets = `(() => {
  const out = [];
  for (const e of document.querySelectorAll('a[href],button,input,select,textarea,summary')) {
    if (!e.checkVisibility() || e.type === 'hidden' || e.matches('.skip')) continue;
    const h = e.getBoundingClientRect().height, w = e.getBoundingClientRect().width;
    const link = e.tagName === 'A' && !e.matches('.button,.doors a,.tabs a,.languages a,.menu a');
    const inText = link && getComputedStyle(e).display === 'inline';
    if (!inText && (h < (link ? 24 : 44) || w < 24)) out.push(e.outerHTML.slice(0, 90) + ' ' + w + 'x' + h);
  }
  return out;
})()`

// byKeyboard goes through the stops of the tab key and looks whether each can be seen.
func byKeyboard(t *testing.T, b *browsertest.Browser, url string) {
	p := b.OpenURL(t, url+"/components?lang=nl", browsertest.View{Width: 820, Height: 900})
	defer p.Close()
	out := browsertest.Eval[[]string](p, `(() => {
  const bad = [], stops = [...document.querySelectorAll('a[href],summary,button,input,select,textarea,[tabindex="0"]')].filter(e => !e.disabled && e.type !== 'hidden' && e.checkVisibility());
  for (const e of stops) {
    e.focus({focusVisible: true});
    const ring = e.closest('.tiles-in .option') || e, s = getComputedStyle(ring), name = e.outerHTML.slice(0, 80);
    if (document.activeElement !== e) bad.push('no focus: ' + name);
    if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) bad.push('focus cannot be seen: ' + name);
    const r = ring.getBoundingClientRect();
    if (r.bottom < 0 || r.top > innerHeight) bad.push('focus out of sight: ' + name);
  }
  if (!stops[0].classList.contains('skip')) bad.push('the first stop is not the skip link');
  stops[0].click();
  if (document.activeElement.id !== 'main') bad.push('the skip link does not lead to the content');
  return bad;
})()`)
	if len(out) > 0 {
		t.Error(strings.Join(out, "\n"))
	}
}

// withoutScript looks for what cannot work without one.
func withoutScript(t *testing.T, b *browsertest.Browser, url string, v browsertest.View) {
	p := b.OpenURL(t, url+"/components?lang=nl", v)
	defer p.Close()
	if out := browsertest.Eval[[]string](p, `[...document.querySelectorAll('button[type=button],dialog,[data-upload]')].filter(e => e.getClientRects().length).map(e => e.outerHTML.slice(0, 80))`); len(out) > 0 {
		t.Errorf("seen, but dead without a script: %v", out)
	}
	if n := browsertest.Eval[int](p, `[...document.querySelectorAll('.without-script a')].filter(e => e.getClientRects().length).length`); n != 2 {
		t.Errorf("%d links to look again, not one for each piece of work that has an address", n)
	}
}

// wait is JavaScript that waits, at most 10 s, until a condition holds.
func wait(condition string) string {
	return fmt.Sprintf(`new Promise((done, late) => { const end = Date.now() + 10000; (function look() { let ok = false; try { ok = %s; } catch {} ok ? done(true) : Date.now() > end ? late('waited in vain for %s') : setTimeout(look, 20); })(); })`,
		condition, strings.NewReplacer(`'`, `"`, `\`, ``).Replace(condition))
}

// noLineOfCrumbsBeginsWithASlash lets the way back wrap on a phone: the sign between two crumbs stays with the first.
func noLineOfCrumbsBeginsWithASlash(t *testing.T, b *browsertest.Browser, address string) {
	p := b.OpenURL(t, address+"/components?lang=nl", browsertest.View{Width: 320, Height: 700})
	defer p.Close()
	lines := browsertest.Eval[int](p, `(() => {
  const list = document.querySelector('.crumbs ol'), last = list.lastElementChild;
  last.firstElementChild.textContent = 'GenAI-monitor van het najaar van 2026';
  list.append(last.cloneNode(true));
  return new Set([...list.children].map(li => Math.round(li.getBoundingClientRect().top))).size;
})()`)
	if lines < 2 {
		t.Fatalf("the crumbs stand on %d lines, which shows nothing", lines)
	}
	signs := browsertest.Eval[[]string](p, `[...document.querySelectorAll('.crumbs li')].flatMap(li => ['::before', '::after'].map(at => getComputedStyle(li, at).content))`)
	if want := []string{"none", `"/"`, "none", `"/"`, "none", "none"}; !slices.Equal(signs, want) {
		t.Errorf("before and after the crumbs stand %q, want %q", signs, want)
	}
	if out := p.Beyond(); len(out) > 0 {
		t.Errorf("beyond the edge: %s", strings.Join(out, "; "))
	}
}
