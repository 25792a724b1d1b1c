package browsertest_test

import (
	"testing"

	"tekentafel/internal/ui/browsertest"
)

func TestATabLosesItsNetworkAndHasATabBeside(t *testing.T) {
	t.Parallel()
	b, s := browsertest.Start(t), site(t)
	view := browsertest.View{Width: 320, Height: 640}
	p := b.Tab(t, view)
	p.Goto(s.URL)
	p.Click("#next")
	p.Back()
	if got := p.Location(); got != s.URL+"/" {
		t.Errorf("back leads to %s", got)
	}
	const fetched = `fetch('/slow').then(r => r.text(), () => 'failed').then(text => text + (navigator.onLine ? ' online' : ' offline'))`
	p.Offline(true)
	if got := browsertest.Eval[string](p, fetched); got != "failed offline" {
		t.Errorf("without network: %s", got)
	}
	p.Offline(false)
	if got := browsertest.Eval[string](p, fetched); got != "fetched online" {
		t.Errorf("with the network back: %s", got)
	}
	browsertest.Eval[bool](p, `(localStorage.setItem('kept', 'here'), true)`)
	beside, stranger := p.Beside(t, view), b.Tab(t, view)
	for tab, want := range map[*browsertest.Page]string{beside: "here", stranger: "none"} {
		tab.Goto(s.URL)
		if got := browsertest.Eval[string](tab, `localStorage.getItem('kept') || 'none'`); got != want {
			t.Errorf("storage holds %q, want %q", got, want)
		}
	}
	browsertest.Eval[bool](p, `(document.title = 'changed', true)`)
	p.Reload()
	if got := browsertest.Eval[string](p, `document.title`); got != "Page" {
		t.Errorf("after a reload the title is %q", got)
	}
}
