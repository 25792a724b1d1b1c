package answering

import (
	"slices"
	"testing"

	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui/browsertest"
)

func withoutScripts(t *testing.T, b *browsertest.Browser) {
	for _, mode := range []wave.Mode{wave.Confidential, wave.OpenLink} {
		v := phone
		v.NoJS = true
		j := travel(t, b, v, mode)
		j.Goto(j.address + "?lang=nl")
		sound(t, j.Page, "plain entry "+string(mode))
		if mode == wave.Confidential {
			j.Fill("#f-pin", "WRONG-WRONG")
			j.Click("form.form .next-step")
			j.Wait(".error-summary")
			sound(t, j.Page, "plain wrong PIN")
			j.Fill("#f-pin", pin)
		}
		j.Click("form.form .next-step")
		j.Wait("h1.ask-title")
		j.Forget()
		choose := `.ask .buttons .button`
		j.Click(choose)
		j.Click(choose)
		j.Wait(".error-summary")
		j.Forget()
		sound(t, j.Page, "plain required")
		j.Click(`label[for="q-use"]`)
		j.Click(choose)
		sound(t, j.Page, "plain several")
		j.Click(`label[for="q-tasks"]`)
		j.Click(`label[for="q-tasks-3"]`)
		j.Click(choose)
		j.Wait(".error-summary")
		j.Click(`label[for="q-tasks-3"]`)
		j.Click(choose)
		j.Fill("#q-hours", "veel")
		j.Click(choose)
		j.Wait(".error-summary")
		j.Fill("#q-hours", "3,5")
		j.Click(choose)
		j.Forget()
		sound(t, j.Page, "plain matrix")
		j.Click(`label[for="q-can"]`)
		j.Click(choose)
		j.Click(".ask-back")
		if !browsertest.Eval[bool](j.Page, `document.getElementById('q-can').checked`) {
			t.Error("going back loses the answer")
		}
		j.Click(choose)
		j.Click(`.languages button[lang=fr]`)
		j.Click(`label[for="q-likes"]`)
		j.Click(choose)
		j.Click(choose)
		sound(t, j.Page, "plain list "+string(mode))
		j.Fill("#q-department", "dc")
		j.Click(choose)
		j.Fill("#q-idea", "Oefenen")
		j.Click(choose)
		j.Wait(".facts")
		sound(t, j.Page, "plain review "+string(mode))
		j.Click("form .next-step")
		wait(t, j.Page, `location.pathname.endsWith('/thanks')`)
		sound(t, j.Page, "plain thanks "+string(mode))
		puts := j.w.handed(1)
		rec, err := j.w.survey.Codec.Read([]byte(`{"use":"daily","tasks":["write"],"hours":3.5,"can":"no","likes":"no","department":"dc","idea":"Oefenen"}`))
		if err != nil {
			t.Fatal(err)
		}
		if string(puts[0].Record) != string(rec.Bytes()) {
			t.Error("what was handed in is not what was answered")
		}
		if mode == wave.Confidential && !j.w.taken["person-one"] {
			t.Error("it is not noted that the person took part")
		}
	}
}

func withoutScriptsAnonymous(t *testing.T, b *browsertest.Browser) {
	v := phone
	v.NoJS = true
	j := travel(t, b, v, wave.Anonymous)
	j.Goto(j.address + "?lang=nl")
	j.says("Anoniem antwoorden kan alleen met JavaScript")
	j.says("hr@voorbeeld.example")
	j.says("Open je uitnodiging op een ander toestel")
	sound(t, j.Page, "says why")
	if shown := browsertest.Eval[[]string](j.Page, `[...document.querySelectorAll('main input:not([type=hidden]), main button')].filter(e => e.checkVisibility()).map(e => e.id || e.textContent.trim())`); !slices.Equal(shown, []string{"decline-pin", "Stuur mij geen herinneringen meer"}) {
		t.Errorf("to fill in and to press there are %q", shown)
	}
	j.Fill("#decline-pin", "K7M2P-00000")
	j.Click("#decline .button")
	j.Wait(`.error-summary a[href="#decline-pin"]`)
	if wrong := j.Text(".has-error label"); wrong != "Je pincode" || j.Count(".has-error") != 1 {
		t.Errorf("the error stands at %q and %d fields", wrong, j.Count(".has-error"))
	}
	sound(t, j.Page, "declined with a wrong PIN")
	j.Forget()
	j.Fill("#decline-pin", pin)
	j.Click("#decline .button")
	j.says("Je krijgt geen herinneringen meer")
	sound(t, j.Page, "declined")
	if !j.w.refused["person-one"] || j.w.taken["person-one"] {
		t.Error("a refusal is not noted, or as taking part")
	}
}

func confidentialWithScripts(t *testing.T, b *browsertest.Browser) {
	j := travel(t, b, phone, wave.Confidential)
	j.begin()
	j.toReview()
	j.Click("[data-send]")
	j.says("ontvangen")
	first := j.w.handed(1)[0]
	other := b.Tab(t, phone) // another device
	other.Goto(j.address + "?lang=nl#" + pin)
	other.Click("[data-begin] .next-step")
	k := &journey{Page: other, w: j.w, t: t}
	k.Wait("#s-hello")
	k.toReview()
	k.Click("[data-send]")
	k.says("ontvangen")
	if again := j.w.handed(2)[1]; again.Key != first.Key {
		t.Error("the same person has two records")
	}
}
