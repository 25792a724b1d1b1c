package ui_test

import (
	"strings"
	"testing"

	"tekentafel/internal/ui/browsertest"
)

var desktop = browsertest.View{Width: 1366, Height: 900}

// fine fails when the policy refused something on the way.
func fine(t *testing.T, p *browsertest.Page) {
	t.Helper()
	if out := append(p.Refused(), p.Errors()...); len(out) > 0 {
		t.Errorf("refused, or wrong in a script: %v", out)
	}
}

func errorsTakeTheFocus(t *testing.T, b *browsertest.Browser, s *site) {
	p := b.OpenURL(t, s.URL+"/components?lang=nl", desktop)
	defer p.Close()
	if got := browsertest.Eval[string](p, `document.activeElement.className`); got != "error-summary" {
		t.Errorf("the focus is on %q", got)
	}
	for i, want := range []string{"wrong-email", "wrong-headcount", "wrong-languages"} {
		got := browsertest.Eval[string](p, `(() => { document.querySelectorAll('.error-summary a')[`+string(rune('0'+i))+`].click(); return document.activeElement.id; })()`)
		if got != want {
			t.Errorf("error %d leads to %q, not %q", i, got, want)
		}
		if top := browsertest.Eval[float64](p, `document.activeElement.closest('.field').getBoundingClientRect().top`); top < -1 || top > 900 {
			t.Errorf("the label of %s is out of sight: %.0f", want, top)
		}
	}
	fine(t, p)
}

func formIsSentOnce(t *testing.T, b *browsertest.Browser, s *site) {
	p := b.OpenURL(t, s.URL+"/form", desktop)
	defer p.Close()
	press := `(() => { const b = [...document.querySelectorAll('main button')].find(b => b.type === 'submit'); b.click(); b.click(); b.click(); return b.getAttribute('aria-disabled') || ''; })()`
	if got := browsertest.Eval[string](p, press); got != "true" {
		t.Errorf("the button does not say that it was pressed: %q", got)
	}
	p.Wait("#sent1-errors")
	if got := browsertest.Eval[string](p, `document.title`); got != "Fout: Uitnodigen – Tekentafel" {
		t.Errorf("title %q", got)
	}
	browsertest.Eval[string](p, press)
	p.Wait("#sent2-errors")
	browsertest.Eval[bool](p, `(setTimeout(() => history.back(), 20), true)`)
	p.Wait("main form:not(:has(#sent2-mail)):not([data-sent]) button:not([aria-disabled])")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent != 2 {
		t.Errorf("the form arrived %d times, not once for each time it was sent", s.sent)
	}
	fine(t, p)
}

func uploadShowsProgress(t *testing.T, b *browsertest.Browser, s *site) {
	p := b.OpenURL(t, s.URL+"/upload", desktop)
	defer p.Close()
	choose := func(bytes string) string {
		return `(() => { const i = document.querySelector('input[type=file]'), d = new DataTransfer(); d.items.add(new File([new Uint8Array(` + bytes + `)], 'a.csv')); i.files = d.files; i.dispatchEvent(new Event('change', {bubbles: true})); return i.validationMessage; })()`
	}
	send := `(document.querySelector('main button[type=submit]').click(), true)`
	if got := browsertest.Eval[string](p, choose("1000001")); got != "Dit bestand is te groot. Kies een bestand van hoogstens 1\u00a0MB." {
		t.Errorf("a file that is too big: %q", got)
	}
	browsertest.Eval[bool](p, send)
	if browsertest.Eval[bool](p, `!document.querySelector('[data-upload]').hidden`) {
		t.Error("a file that is too big was sent")
	}
	if got := browsertest.Eval[string](p, choose("900000")); got != "" {
		t.Errorf("a file that is small enough: %q", got)
	}
	browsertest.Eval[bool](p, send)
	browsertest.Eval[bool](p, wait(`document.querySelector('[data-upload-status]').textContent.startsWith('Het bestand is aangekomen')`))
	if got := browsertest.Eval[string](p, `document.querySelector('[data-upload-share]').textContent + document.querySelector('[data-upload] progress').value`); got != "100 %100" {
		t.Errorf("sent: %s", got)
	}
	close(s.slow)
	browsertest.Eval[bool](p, wait(`document.querySelector('h1').textContent === 'Aangekomen'`))
	if got := browsertest.Eval[string](p, `location.pathname + location.search + ' ' + document.title`); !strings.HasPrefix(got, "/done?size=900000 Aangekomen – ") {
		t.Errorf("arrived at %s", got)
	}
	if got := browsertest.Eval[string](p, `document.activeElement.id`); got != "main" {
		t.Errorf("the focus is on %q", got)
	}
	fine(t, p)

	p = b.OpenURL(t, s.URL+"/upload", desktop)
	defer p.Close()
	browsertest.Eval[string](p, choose("0"))
	browsertest.Eval[bool](p, send)
	browsertest.Eval[bool](p, wait(`document.activeElement.className === 'error-summary'`))
	if got := browsertest.Eval[string](p, `document.title`); !strings.HasPrefix(got, "Fout: Opladen") {
		t.Errorf("title %q", got)
	}
	browsertest.Eval[bool](p, `(() => { const open = XMLHttpRequest.prototype.send; XMLHttpRequest.prototype.send = function () { open.call(this, 'x'); document.querySelector('[data-upload-cancel]').click(); }; return true; })()`)
	browsertest.Eval[string](p, choose("10"))
	browsertest.Eval[bool](p, send)
	browsertest.Eval[bool](p, wait(`document.querySelector('[data-upload-status]').textContent.startsWith('Je hebt het versturen gestopt')`))
	if browsertest.Eval[bool](p, `!!document.querySelector('form[data-sent]')`) {
		t.Error("after stopping, the form cannot be sent again")
	}
	fine(t, p)
}

// comfort tries what a script adds.
func comfort(t *testing.T, b *browsertest.Browser, s *site) {
	p := b.OpenURL(t, s.URL+"/components?lang=nl", desktop)
	defer p.Close()
	for _, step := range []struct{ what, do, want string }{
		{"show the password", `(() => { const b = document.querySelector('[data-reveal]'); b.click(); return document.getElementById(b.dataset.reveal).type + ' ' + b.textContent; })()`, "text Verbergen, Wachtwoord"},
		{"hide the password", `(() => { const b = document.querySelector('[data-reveal]'); b.click(); return document.getElementById(b.dataset.reveal).type + ' ' + b.textContent; })()`, "password Tonen, Wachtwoord"},
		{"copy, or select to copy", `(async () => { document.querySelector('[data-copy]').click(); await new Promise(r => setTimeout(r, 300)); return String(getSelection()).trim() === 'tt_5kQ2vX7mZr9bLw3nCf8hJd6p' || document.querySelector('[data-copy-status]').textContent === 'Gekopieerd' ? 'yes' : 'no'; })()`, "yes"},
		{"ask in a dialog", `(() => { const opener = document.querySelector('[data-dialog]'); opener.focus(); opener.click(); const d = document.querySelector('dialog'); return d.open + ' ' + document.activeElement.textContent; })()`, "true Annuleren"},
		{"close the dialog", `(() => { document.querySelector('[data-close]').click(); return document.querySelector('dialog').open + ' ' + (document.activeElement === document.querySelector('[data-dialog]')); })()`, "false true"},
		{"open the menu", `(() => { document.querySelector('.menu summary').click(); return String(document.querySelector('.menu').open); })()`, "true"},
		{"close the menu with Escape", `(() => { document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true})); return document.querySelector('.menu').open + ' ' + document.activeElement.tagName; })()`, "false SUMMARY"},
		{"close the menu by pressing elsewhere", `(() => { document.querySelector('.menu').open = true; document.querySelector('h1').click(); return String(document.querySelector('.menu').open); })()`, "false"},
	} {
		if got := browsertest.Eval[string](p, step.do); got != step.want {
			t.Errorf("%s: %q, want %q", step.what, got, step.want)
		}
	}
	browsertest.Eval[bool](p, `(document.querySelector('[data-dialog]').click(), document.querySelector('.menu').open = true)`)
	keep(t, p, "dialog")
	if out := p.Violations(); len(out) > 0 {
		t.Errorf("with the dialog open: %v", out)
	}
	fine(t, p)
}

func workRenewsItself(t *testing.T, b *browsertest.Browser, s *site) {
	p := b.OpenURL(t, s.URL+"/work", desktop)
	defer p.Close()
	browsertest.Eval[bool](p, wait(`document.querySelector('.work-stage').textContent === 'Het verslag is er.'`))
	if browsertest.Eval[bool](p, `document.getElementById('work').hasAttribute('hx-get')`) {
		t.Error("finished work still asks")
	}
	if n := browsertest.Eval[int](p, `document.querySelectorAll('style,[style]').length`); n > 0 {
		t.Errorf("%d inline styles", n)
	}
	fine(t, p)
}
