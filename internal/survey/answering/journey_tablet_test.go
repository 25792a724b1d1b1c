package answering

import (
	"testing"

	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui/browsertest"
)

// traces counts what a tablet still holds of a person.
const traces = `localStorage.length + sessionStorage.length + [...document.querySelectorAll('input')].filter(i => i.type === 'text' && i.value || i.checked).length`

func sharedTablet(t *testing.T, b *browsertest.Browser) {
	for _, view := range []browsertest.View{phone, desk} {
		j := travel(t, b, view, wave.Anonymous)
		j.Goto(j.address + "/kiosk?lang=nl")
		sound(t, j.Page, "kiosk "+view.String())
		for i, who := range []string{pin, second} {
			j.Fill("[data-pin]", who)
			j.Press("Enter")
			j.Wait("#s-hello")
			j.toReview()
			j.Click("[data-send]")
			j.Wait("[data-sent-body] .next-step")
			sound(t, j.Page, "kiosk sent "+view.String())
			j.Click("[data-sent-body] .next-step")
			j.Wait("[data-pin]")
			if n := browsertest.Eval[int](j.Page, traces); n != 0 {
				t.Errorf("%d traces stay on the tablet", n)
			}
			j.w.handed(i + 1)
		}
		j.Back()
		if j.Count("[data-pin]") == 1 && browsertest.Eval[int](j.Page, traces) != 0 {
			t.Error("the back button shows somebody's answers")
		}
	}
}

func tabletOffline(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous)
	j.Goto(j.address + "/kiosk?lang=nl")
	j.Fill("[data-pin]", pin)
	j.Press("Enter")
	j.Wait("#s-hello")
	j.toReview()
	j.down.Store(true)
	j.Click("[data-send]")
	j.says("Nog niet verstuurd")
	j.Click("[data-sent-body] .next-step")
	j.Wait("[data-pin]")
	j.says("Nog niet verstuurd")
	if n := browsertest.Eval[int](j.Page, traces); n != 0 {
		t.Errorf("%d traces of who waits stay in sight", n)
	}
	j.down.Store(false)
	j.w.handed(1)
}

func tabletLeft(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous, func(w *world) { w.pages.idle = idle{After: 2, Warn: 3} })
	j.Goto(j.address + "/kiosk?lang=nl")
	j.Fill("[data-pin]", pin)
	j.Press("Enter")
	j.Wait("#s-hello")
	j.Click(next)
	j.Click(`label[for="q-use"]`)
	j.Wait("[data-dialog-idle][open]")
	sound(t, j.Page, "warning")
	j.Click("[data-stay]")
	j.shows("use")
	j.Wait("[data-dialog-idle][open]")
	j.Wait("[data-pin]")
	if n := browsertest.Eval[int](j.Page, traces); n != 0 {
		t.Errorf("%d traces stay on a tablet that was left", n)
	}
}

func pinLeft(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Anonymous, func(w *world) { w.pages.idle = idle{After: 1, Warn: 1} })
	j.Goto(j.address + "/kiosk?lang=nl")
	j.Fill("[data-pin]", pin)
	wait(t, j.Page, `document.querySelector('[data-pin]').value === ''`)
}
