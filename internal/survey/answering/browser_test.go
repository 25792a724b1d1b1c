package answering

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui/browsertest"
)

var (
	phone = browsertest.View{Width: 320, Height: 640}
	desk  = browsertest.View{Width: 1366, Height: 900}
)

// start runs the world's server and opens a tab on it.
func (w *world) start(b *browsertest.Browser, v browsertest.View) (*browsertest.Page, string) {
	w.t.Helper()
	server := httptest.NewServer(w.server)
	w.t.Cleanup(server.Close)
	return b.Tab(w.t, v), server.URL + "/w/" + code
}

// sound fails the test when a page has something that axe-core, the content security policy, the console or its width tells.
func sound(t testing.TB, p *browsertest.Page, what string) {
	t.Helper()
	for name, list := range map[string][]string{"axe": p.Violations(), "policy": p.Refused(), "console": p.Errors(), "width": p.Beyond()} {
		for _, line := range list {
			t.Errorf("%s: %s: %s", what, name, line)
		}
	}
	picture(t, p, what)
}

// picture keeps what a page looks like in the folder that PICTURES names.
func picture(t testing.TB, p *browsertest.Page, what string) {
	t.Helper()
	dir := os.Getenv("PICTURES")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	name := strings.Map(func(r rune) rune {
		if r == ' ' || r == '/' {
			return '-'
		}
		return r
	}, t.Name()+" "+what)
	if err := os.WriteFile(filepath.Join(dir, name+".png"), p.Screenshot(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wait waits until an expression is true in the page.
func wait(t testing.TB, p *browsertest.Page, expression string) {
	t.Helper()
	for end := time.Now().Add(12 * time.Second); !browsertest.Eval[bool](p, expression); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never true: %s\nthe page says: %s", expression, browsertest.Eval[string](p, `document.querySelector('main').innerText`))
		}
	}
}

const next = "[data-next]"

// TestPeopleAnswer is the whole way in a browser, with every kind of question.
func TestPeopleAnswer(t *testing.T) {
	b := browsertest.Start(t)
	for name, view := range map[string]browsertest.View{"phone": phone, "desk": desk} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, wave.Anonymous)
			p, address := w.start(b, view)
			p.Goto(address + "?lang=nl#" + pin)
			if at := p.Location(); strings.Contains(at, "#") {
				t.Errorf("the PIN stays in the address: %s", at)
			}
			sound(t, p, "1 entry")
			p.Click("[data-begin] .next-step")
			p.Wait("#s-hello")
			sound(t, p, "2 welcome")
			p.Click(next)
			p.Click(next) // required
			p.Wait(".error-summary")
			sound(t, p, "3 required")
			p.Click(`label[for="q-use"]`)
			sound(t, p, "4 single")
			p.Click(next)
			sound(t, p, "5 several")
			p.Click(`label[for="q-tasks"]`)
			p.Click(`label[for="q-tasks-3"]`)
			if p.Count("[name=tasks]:checked") != 1 {
				t.Error("an exclusive option stands beside another")
			}
			p.Click(`label[for="q-tasks"]`)
			p.Click(next)
			p.Wait("#q-hours")
			p.Fill("#q-hours", "50")
			p.Click(next)
			p.Wait(".error-summary")
			sound(t, p, "6 number wrong")
			p.Fill("#q-hours", "2,5")
			p.Click(next)
			sound(t, p, "7 matrix")
			p.Click(`label[for="q-can-3"]`)
			if view == phone {
				p.Click(next)
			}
			p.Click(`label[for="q-check-4"]`)
			p.Click(next)
			sound(t, p, "8 scales")
			p.Click(`label[for="q-likes"]`)
			if view == phone {
				p.Click(next)
			}
			p.Click(`label[for="q-wants"]`)
			p.Click(next)
			sound(t, p, "9 list")
			p.Fill("[data-search]", "finan")
			p.Wait("[data-found=dd]")
			p.Click(`label[for="q-department-found-0"]`)
			sound(t, p, "9b found")
			p.Click(next)
			p.Fill("#q-idea", "Meer tijd om te oefenen.")
			sound(t, p, "9c text")
			p.Click(next)
			p.Wait("[data-send]")
			sound(t, p, "9d review")
			p.Click("[data-send]")
			wait(t, p, `document.querySelector('[data-sent-title]')?.textContent.includes('ontvangen')`)
			sound(t, p, "9e sent")
			puts := w.handed(1)
			rec, err := w.survey.Codec.Read([]byte(`{"use":"daily","tasks":["write"],"hours":2.5,"can":"yes","check":"dunno","likes":"no","wants":"no","department":"dd","idea":"Meer tijd om te oefenen."}`))
			if err != nil {
				t.Fatal(err)
			}
			if string(puts[0].Record) != string(rec.Bytes()) {
				t.Error("what was handed in is not what was answered")
			}
		})
	}
}
