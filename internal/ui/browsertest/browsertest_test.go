package browsertest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/ui/browsertest"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// site is a small site under the policy of the product.
func site(t *testing.T) *httptest.Server {
	t.Helper()
	pages := map[string]string{
		"/": `<h1>Home</h1><p id="script">none</p><noscript><p id="noscript">no scripts</p></noscript><a id="next" href="/form">Next</a>
<script src="/script.js"></script>`,
		"/form": `<h1>Form</h1><form method="post" action="/sent" enctype="multipart/form-data">
<label>Name <input name="name" id="name" value="before"></label><label>Text <textarea name="text" id="text"></textarea></label>
<label>Day <input type="date" name="day" id="day"></label><label>Unit <select name="unit" id="unit"><option value="">-</option><option value="it's">IT</option></select></label>
<label>Agree <input type="checkbox" name="agree" id="agree" value="yes"></label><label>File <input type="file" name="file" id="file"></label>
<button id="send">Send</button></form>`,
		"/bad":   `<h1>Bad</h1><img src="/dot.png"><p style="color:#999;background:#aaa">grey</p><script>1</script><script src="/broken.js"></script>`,
		"/quiet": `<h1>Quiet</h1><p>Nothing happens here.</p>`,
		"/late":  `<h1>Late</h1><button id="fetch">Fetch</button><p id="out">empty</p><script src="/late.js"></script>`,
		"/away":  `<h1>Away</h1><form action="http://elsewhere.example/"><button>Leave</button></form>`,
		"/key":   `<h1>Passkey</h1><p>A page for passkeys.</p>`,
	}
	scripts := map[string]string{
		"/script.js": `document.getElementById('script').textContent = 'ran';`,
		"/broken.js": `console.error('a message', 7); new Image().src = 'http://elsewhere.example/x.png'; fetch('/missing'); setTimeout(() => { throw new Error('thrown'); });`,
		"/late.js": `document.getElementById('fetch').onclick = async () => {
  const text = await (await fetch('/slow')).text(); document.getElementById('out').textContent = text; };`,
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		body, found := pages[r.URL.Path]
		script, isScript := scripts[r.URL.Path]
		switch {
		case isScript:
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = fmt.Fprint(w, script)
			return
		case r.URL.Path == "/slow":
			time.Sleep(200 * time.Millisecond)
			_, _ = fmt.Fprint(w, "fetched")
			return
		case r.URL.Path == "/never":
			<-r.Context().Done()
			return
		case r.URL.Path == "/who":
			if c, err := r.Cookie("who"); err == nil {
				body = `<h1>Who</h1><p id="who">` + c.Value + `</p>`
			} else {
				body = `<h1>Who</h1><p id="who">nobody</p>`
			}
		case r.URL.Path == "/sent":
			time.Sleep(150 * time.Millisecond)
			_ = r.ParseMultipartForm(1 << 20)
			name := ""
			if _, h, err := r.FormFile("file"); err == nil {
				name = h.Filename
			}
			body = fmt.Sprintf(`<h1>Sent</h1><p id="got">%s|%s|%s|%s|%s|%s</p>`, r.FormValue("name"), r.FormValue("text"),
				r.FormValue("day"), r.FormValue("unit"), r.FormValue("agree"), name)
		case !found:
			w.WriteHeader(http.StatusNotFound)
			body = `<h1>Not here</h1><p>There is no such page.</p>`
		}
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Page</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head><body><main>%s</main></body></html>`, body)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestABrowserUsesPagesAsItsReaderDoes(t *testing.T) {
	t.Parallel()
	b, s := browsertest.Start(t), site(t)
	phone := browsertest.View{Width: 320, Height: 640}
	bare := browsertest.View{Width: 820, Height: 900, NoJS: true}
	for _, v := range []browsertest.View{phone, bare} {
		t.Run("a form "+v.String(), func(t *testing.T) {
			p := b.Tab(t, v)
			p.Goto(s.URL)
			ran := "ran"
			if v.NoJS {
				ran = "none"
				if got := p.Text("#noscript"); got != "no scripts" {
					t.Errorf("noscript holds %q", got)
				}
			}
			if got := p.Text("#script"); got != ran {
				t.Errorf("the script: %s, expected %s", got, ran)
			}
			if out := p.Violations(); len(out) > 0 || p.Text("#script") != ran {
				t.Errorf("axe-core finds %q and leaves the script: %s, expected %s", out, p.Text("#script"), ran)
			}
			p.Click("#next")
			if got := p.Location(); got != s.URL+"/form" {
				t.Fatalf("the link leads to %s", got)
			}
			file := filepath.Join(t.TempDir(), "answers.csv")
			if err := os.WriteFile(file, []byte("a,b\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			p.Fill("#name", "")
			p.Fill("#name", "Zoë")
			p.Fill("#text", "two 'words'")
			p.Fill("#day", "2026-11-29")
			p.Fill("#unit", "it's")
			p.Attach("#file", file)
			p.Wait("#agree")
			if n := p.Count("input"); n != 4 {
				t.Errorf("%d inputs", n)
			}
			p.Click("#agree")
			p.Click("#send")
			if got := p.Text("#got"); got != "Zoë|two 'words'|2026-11-29|it's|yes|answers.csv" {
				t.Errorf("the server got %s", got)
			}
			if out := slices.Concat(p.Refused(), p.Errors(), p.Violations(), p.Refused()); len(out) > 0 {
				t.Errorf("wrong on a good page: %q", out)
			}
		})
		t.Run("what is wrong "+v.String(), func(t *testing.T) {
			p := b.OpenURL(t, s.URL+"/bad", v)
			p.Goto(s.URL + "/quiet")
			p.Goto(s.URL + "/bad")
			axe := strings.Join(p.Violations(), "\n")
			if !strings.Contains(axe, "image-alt") {
				t.Errorf("axe-core found %s", axe)
			}
			p.Goto(s.URL + "/quiet")
			refused := strings.Join(p.Refused(), "\n")
			for _, directive := range []string{"style-src-attr", "script-src-elem"} {
				if (directive == "style-src-attr" || !v.NoJS) && strings.Count(refused, directive) != 2 {
					t.Errorf("on two visits were refused:\n%s\nexpected %s twice", refused, directive)
				}
			}
			if !v.NoJS {
				if !strings.Contains(refused, "img-src http://elsewhere.example") {
					t.Errorf("refused: %s", refused)
				}
				errors := strings.Join(p.Errors(), "\n")
				for _, text := range []string{"console: a message 7", "exception: Error: thrown", "404 (Not Found) " + s.URL + "/missing"} {
					if strings.Count(errors, text) != 2 {
						t.Errorf("on two visits the errors are:\n%s\nexpected twice %q", errors, text)
					}
				}
			}
			if p.Forget(); len(p.Refused())+len(p.Errors())+len(p.Requests()) > 0 {
				t.Errorf("not forgotten: %q %q %q", p.Refused(), p.Errors(), p.Requests())
			}
		})
	}
	t.Run("a page that is not there", func(t *testing.T) {
		p := b.OpenURL(t, s.URL+"/nowhere", phone)
		if p.Status() != http.StatusNotFound || p.Text("h1") != "Not here" {
			t.Errorf("status %d, %s", p.Status(), p.Text("h1"))
		}
		if out := p.Errors(); len(out) > 0 {
			t.Errorf("that the page was not found is its status, not an error: %q", out)
		}
		if p.Goto(s.URL); p.Status() != http.StatusOK {
			t.Errorf("status %d", p.Status())
		}
	})
	t.Run("a click waits for what it fetches", func(t *testing.T) {
		p := b.OpenURL(t, s.URL+"/late", phone)
		p.Click("#fetch")
		if got := browsertest.Eval[string](p, `document.getElementById('out').textContent`); got != "fetched" {
			t.Errorf("right after the click: %s", got)
		}
		p.Press("Tab")
		p.Press("Shift+Tab")
		if got := browsertest.Eval[string](p, `document.activeElement.id`); got != "fetch" {
			t.Errorf("the focus is on %q", got)
		}
	})
	t.Run("a form that leaves", func(t *testing.T) {
		p := b.OpenURL(t, s.URL+"/away", phone)
		p.Click("button")
		if out := p.Refused(); len(out) != 1 || !strings.Contains(out[0], "form-action") {
			t.Errorf("refused: %q", out)
		}
	})
	t.Run("what does not come fails and says what", func(t *testing.T) { late(t, b, s.URL) })
	t.Run("cookies stay in their tab", func(t *testing.T) {
		ann := b.OpenURL(t, s.URL+"/who", phone, &http.Cookie{Name: "who", Value: "ann", Path: "/", HttpOnly: true})
		other := b.OpenURL(t, s.URL+"/who", phone)
		if got := ann.Text("#who") + " " + other.Text("#who"); got != "ann nobody" {
			t.Errorf("the server sees %s", got)
		}
	})
	t.Run("passkeys", func(t *testing.T) { passkeys(t, b, s.URL) })
}

// failing stands in for a test that is expected to fail.
type failing struct {
	testing.TB
	said string
}

func (f *failing) Fatalf(format string, values ...any) {
	f.said = fmt.Sprintf(format, values...)
	runtime.Goexit()
}

func late(t *testing.T, b *browsertest.Browser, address string) {
	p := b.OpenURL(t, address+"/quiet", browsertest.View{Width: 320, Height: 640})
	p.SetLimit(500 * time.Millisecond)
	for _, step := range []struct {
		name string
		do   func(*browsertest.Page)
		says []string
	}{
		{"a field that is not there", func(p *browsertest.Page) { p.Fill("#nowhere", "x") }, []string{"fill #nowhere", "/quiet", "there is no such element"}},
		{"a promise without end", func(p *browsertest.Page) { browsertest.Eval[int](p, `new Promise(() => {})`) }, []string{"new Promise", "500ms"}},
		{"a key that is unknown", func(p *browsertest.Page) { p.Press("Entre") }, []string{"Entre"}},
		{"a page that never answers", func(p *browsertest.Page) { p.Goto(address + "/never") }, []string{"open " + address + "/never", "500ms", "waiting for [GET " + address + "/never]"}},
	} {
		f := &failing{TB: t}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			step.do(p.With(f))
		}()
		<-ended
		for _, text := range step.says {
			if !strings.Contains(f.said, text) {
				t.Errorf("%s: %q does not say %q", step.name, f.said, text)
			}
		}
	}
}

func passkeys(t *testing.T, b *browsertest.Browser, address string) {
	p := b.OpenURL(t, strings.Replace(address, "127.0.0.1", "localhost", 1)+"/key", browsertest.View{Width: 820, Height: 900})
	device := p.Authenticator()
	const create = `navigator.credentials.create({publicKey: {challenge: new Uint8Array(32), rp: {name: 'Test'},
  user: {id: new Uint8Array(16), name: 'ann', displayName: 'Ann'}, pubKeyCredParams: [{type: 'public-key', alg: -7}],
  authenticatorSelection: {residentKey: 'required', userVerification: 'required'}}}).then(c => c.type, e => e.name)`
	const get = `navigator.credentials.get({publicKey: {challenge: new Uint8Array(32), userVerification: 'required', timeout: 500}}).then(c => c.type, e => e.name)`
	if got := browsertest.Eval[string](p, create); got != "public-key" || device.Passkeys() != 1 {
		t.Fatalf("making a passkey: %s, %d kept", got, device.Passkeys())
	}
	if got := browsertest.Eval[string](p, get); got != "public-key" {
		t.Errorf("using a passkey: %s", got)
	}
	device.Recognises(false)
	if got := browsertest.Eval[string](p, get); got != "NotAllowedError" {
		t.Errorf("a stranger uses the passkey: %s", got)
	}
	device.Remove()
}

func TestOpeningAPageAndItsCheckAreFast(t *testing.T) {
	b, s := browsertest.Start(t), site(t)
	p := b.Tab(t, browsertest.View{Width: 320, Height: 640})
	var took []time.Duration
	for range 9 {
		began := time.Now()
		p.Goto(s.URL + "/form")
		loaded := time.Since(began)
		if out := p.Violations(); len(out) > 0 {
			t.Fatal(out)
		}
		took = append(took, time.Since(began))
		t.Log("open", loaded, "with axe-core", time.Since(began))
	}
	slices.Sort(took)
	if middle := took[len(took)/2]; middle > 3*time.Second {
		t.Errorf("a page and its check take %v", middle)
	}
}
