package browsertest

import (
	"context"

	"github.com/chromedp/chromedp"
)

// beyond finds elements that are seen and reach past the right or left edge of the window. What scrolls within an element that fits, and that a keyboard reaches, is
// not beyond it: a wide table in an answer.
const beyond = `(() => {
  const out = [], w = document.documentElement.clientWidth;
  const scrolls = (e) => {
    for (e = e.parentElement; e && e !== document.body; e = e.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.tabIndex >= 0 && e.getBoundingClientRect().right <= w + 1) return true;
    }
    return false;
  };
  if (document.documentElement.scrollWidth > w) out.push('the page scrolls sideways: ' + document.documentElement.scrollWidth + ' > ' + w);
  for (const e of document.querySelectorAll('body *')) {
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    if (r.width < 2 || r.height < 2 || s.visibility === 'hidden' || e.closest('.skip,.unseen')) continue;
    if (s.clipPath !== 'none' || e.closest('thead')) continue;
    if ((r.right > w + 1 || r.left < -1) && !scrolls(e)) out.push(e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + (e.textContent || '').trim().slice(0, 40) + ' ' + Math.round(r.left) + '..' + Math.round(r.right));
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

// Screenshot returns the whole page as PNG.
func (p *Page) Screenshot() []byte {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, p.limit)
	defer stop()
	img, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.fail(ctx, "take a picture", err)
	}
	return img
}
