package own

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// listen serves the pages to a browser; "who" in an address says who is signed in.
func (s *site) listen() string {
	s.t.Helper()
	s.serve("http")
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.Handle("GET "+assetPath, s.server)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		who := "employee"
		if strings.HasPrefix(r.URL.Path, linksAt) {
			who = "hr"
		}
		r.Header.Set("X-Test-Who", who)
		s.server.ServeHTTP(w, r)
	})
	l := httptest.NewServer(mux)
	s.t.Cleanup(l.Close)
	return l.URL
}

// traveller is a person in a browser, who looks at every page as it comes by.
type traveller struct {
	*browsertest.Page
	t    testing.TB
	at   string
	view browsertest.View
	look map[string]bool // pages looked at
}

// sound fails the test when a page has something that axe-core, the content security policy, the console or its width tells. With
// TEKENTAFEL_SHOTS it keeps a picture in that folder, to look at with one's own eyes.
func (x *traveller) sound(name string) {
	x.t.Helper()
	if x.look[name] {
		return
	}
	x.look[name] = true
	for kind, list := range map[string][]string{"axe": x.Violations(), "policy": x.Refused(), "console": x.Errors(), "width": x.Beyond()} {
		for _, line := range list {
			x.t.Errorf("%s at %s: %s: %s", name, x.view, kind, line)
		}
	}
	x.Forget()
	if dir := os.Getenv("TEKENTAFEL_SHOTS"); dir != "" {
		file := name + "-" + strings.ReplaceAll(x.view.String(), " ", "-") + ".png"
		if err := os.WriteFile(filepath.Join(dir, file), x.Screenshot(), 0o600); err != nil {
			x.t.Fatal(err)
		}
	}
}

// agrees answers the statements of all pages.
func (x *traveller) agrees(pages int) {
	for range pages {
		x.sound("statements")
		browsertest.Eval[int](x.Page, `[...document.querySelectorAll('.own-rows fieldset')].map(f => f.querySelectorAll('input')[3].checked = true).length`)
		x.Click(".own-ask .buttons .button")
	}
}

// answers answers questions until the result shows.
func (x *traveller) answers(option string) {
	for range 14 {
		if !strings.Contains(x.Location(), questionAt) {
			return
		}
		x.sound("question")
		x.Click(".own-ask .options .option:nth-of-type(" + option + ") input")
		x.Click(".own-ask .buttons .button")
	}
}

func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	widths := []int64{320, 820, 1366}
	if os.Getenv("TEKENTAFEL_SHOTS") != "" {
		widths = []int64{390, 1280}
	}
	for _, width := range widths {
		for _, plain := range []bool{false, true} {
			v := browsertest.View{Width: width, Height: 800, NoJS: plain}
			t.Run(v.String(), func(t *testing.T) {
				t.Parallel()
				s, _ := siteThatTakes(t, dbtest.SQLite(t))
				x := &traveller{Page: b.Tab(t, v), t: t, at: s.listen(), view: v, look: map[string]bool{}}
				x.whole(s)
			})
		}
	}
}

// whole is a whole journey: the door, two checks, the profile, the code, erasing, the link.
func (x *traveller) whole(s *site) {
	x.SetCookies(x.at, &http.Cookie{Name: "tt_lang", Value: "nl", Path: "/"})
	x.Goto(x.at + doorAt)
	x.sound("door")
	x.Click("button[value=check]")
	x.sound("entry")
	x.Click("input[name=plan][value=all]")
	x.Click(".buttons .next-step")
	x.agrees(5)
	x.Click(".own-ask .buttons .button")
	x.Wait(".error-summary")
	x.sound("question-error")
	x.answers("1")
	x.Wait(".own-bars")
	x.sound("result")
	x.Click("form[action='" + giveAt + "'] .button")
	x.Wait("#give")
	x.sound("result-given")
	x.Goto(x.at + answersAt)
	x.sound("answers")
	x.Goto(x.at + aboutAt)
	x.sound("about")
	x.Goto(x.at + openAt)
	x.Click(".form .button")
	x.Wait(".error-summary")
	x.sound("open-error")
	x.Goto(x.at + resultAt)
	x.Click("form[action='" + keepAt + "'] .button")
	x.Wait("#own-code")
	x.sound("code")
	code := x.Text("#own-code")
	x.Click("form .next-step")
	x.sound("profile-first")

	s.step(50 * 24 * time.Hour)
	x.Goto(x.at + checkAt)
	x.sound("entry-open")
	x.Click("input[name=plan][value=statements]")
	x.Click("input[name=function][value=other]")
	x.Click(".buttons .next-step")
	x.sound("function")
	x.Fill("#f-q", "boek")
	x.Click(".form .button")
	x.Wait("input[value=f-boek]")
	x.sound("function-found")
	x.Click("input[value=f-boek]")
	x.Click("form[method=post][action='" + functionAt + "'] .button")
	x.agrees(5)
	x.Wait(".own-bars")
	x.sound("result-statements")
	x.Click("form[action='" + addAt + "'] .button")
	x.Wait(".own-histories")
	x.sound("profile")
	x.Goto(x.at + answersAt + "?check=1")
	x.sound("answers-kept")
	x.Goto(x.at + codeAt)
	x.sound("code-again")
	x.Goto(x.at + eraseAt)
	x.sound("erase")
	x.Goto(x.at + profileAt)
	x.Click("form[action='" + closeAt + "'] .button")
	x.sound("closed")
	x.Goto(x.at + openAt)
	x.sound("open")
	x.Fill("#f-code", strings.ToLower(code))
	x.Click(".form .button")
	x.Wait(".own-histories")
	x.Goto(x.at + eraseAt)
	x.Click("form .danger")
	x.Goto(x.at + linksAt)
	x.sound("links-closed")
	x.Click("form[action='" + linksAt + "'] .button")
	x.Wait("#link-poster")
	x.sound("links")
	x.Goto(x.at + posterAt)
	x.sound("poster")
	if n := s.rows("skill_vaults"); n != 0 {
		x.t.Errorf("%d profiles are left", n)
	}
}

// fromMonitor brings a browser from a page of a questionnaire, as its form does.
func (x *traveller) fromMonitor(s *site, shared bool) {
	x.t.Helper()
	form := s.offer().sent(s.agreeing(4, "field"))
	if shared {
		form = append(form, "shared", "yes")
	}
	x.Goto(x.at + aboutAt) // any page of ours
	fields := ""
	for i := 0; i+1 < len(form); i += 2 {
		fields += "[`" + form[i] + "`, `" + form[i+1] + "`],"
	}
	browsertest.Eval[bool](x.Page, `(() => { const f = document.createElement('form'); f.method = 'post'; f.action = '`+monitorAt+`'; for (const [name, value] of [`+fields+`]) {
		const i = document.createElement('input'); i.type = 'hidden'; i.name = name; i.value = value; f.append(i); } document.body.append(f); setTimeout(() => f.submit(), 0); return true; })()`)
	x.Wait(".own-bars")
}

func TestWhatFollowsTheMonitorFitsAndIsAccessible(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for _, width := range []int64{320, 820, 1366} {
		s := newSite(t, dbtest.SQLite(t))
		v := browsertest.View{Width: width, Height: 800}
		x := &traveller{Page: b.Tab(t, v), t: t, at: s.listen(), view: v, look: map[string]bool{}}
		x.SetCookies(x.at, &http.Cookie{Name: "tt_lang", Value: "nl", Path: "/"})
		x.fromMonitor(s, false)
		x.sound("result-monitor")
		x.Click("input[name=work][value=office]")
		x.Click("form[action='" + onAt + "'] .button")
		x.sound("question-monitor")
		x.Click(".own-back")
		x.Wait(".own-bars") // nobody answered statements here, so back is not to them
		x.Goto(x.at + closedAt)
		x.sound("closed-tablet")
	}
}

// A tablet of a questionnaire goes back to it, by what its tab alone remembers, and no key shows what one before did.
func TestATabletGoesBackToItsQuestionnaire(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t, dbtest.SQLite(t))
	s.pages.idle = idle{After: 1, Warn: 1}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/w/7k2m9qx4/kiosk" {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<!doctype html><title>tablet</title><h1 id=tablet>tablet</h1>"))
			return
		}
		s.server.ServeHTTP(w, r)
	})
	mux.Handle("GET /assets/", ui.Assets())
	mux.Handle("GET "+assetPath, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.server.ServeHTTP(w, r) }))
	s.serve("http")
	l := httptest.NewServer(mux)
	t.Cleanup(l.Close)
	v := browsertest.View{Width: 820, Height: 1100}
	x := &traveller{Page: b.Tab(t, v), t: t, at: l.URL, view: v, look: map[string]bool{}}
	x.SetCookies(x.at, &http.Cookie{Name: "tt_lang", Value: "nl", Path: "/"})
	x.fromMonitor(s, true)
	x.sound("result-tablet")
	browsertest.Eval[bool](x.Page, `(sessionStorage.setItem('tekentafel/tablet', '/w/7k2m9qx4/kiosk?lang=nl'), true)`)
	x.Wait("#tablet") // nobody touches it
	x.Back()
	x.Wait("#tablet")
	if n := browsertest.Eval[int](x.Page, `document.cookie.length + localStorage.length`); n > len("tt_lang=nl") {
		t.Errorf("%d signs stay", n)
	}
	browsertest.Eval[bool](x.Page, `(sessionStorage.setItem('tekentafel/tablet', 'https://elsewhere.example/w/7k2m9qx4/kiosk'), true)`)
	x.Goto(x.at + closedAt)
	if !strings.HasSuffix(x.Location(), closedAt) {
		t.Errorf("it leaves for %s", x.Location())
	}
}

func TestAnUntouchedKioskWipesItself(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t, dbtest.SQLite(t))
	s.pages.idle = idle{After: 1, Warn: 2}
	at := s.listen()
	hr := s.person("hr")
	hr.post(linksAt, "kind", "kiosk", "do", "open").leads(linksAt)
	_, path, _ := strings.Cut(textOf(hr.get(linksAt).one("code", "id", "link-kiosk")), ".example")
	v := browsertest.View{Width: 820, Height: 1100}
	x := &traveller{Page: b.Tab(t, v), t: t, at: at, view: v, look: map[string]bool{}}
	x.Goto(at + path + "?lang=nl")
	x.Click("input[name=plan][value=statements]")
	x.Click("input[name=work][value=office]")
	x.Click(".buttons .next-step")
	x.Wait("[data-kiosk-warn][open]")
	x.sound("kiosk-warning")
	x.Click("[data-kiosk-stay]")
	if x.Count("[data-kiosk-warn][open]") != 0 || !strings.Contains(x.Location(), statementsAt) {
		t.Error("who is still there is sent away")
	}
	x.Wait(".cover") // the page on which the next person begins
	if !strings.HasSuffix(x.Location(), checkAt) || x.Count("[data-kiosk]") != 0 {
		t.Errorf("it shows %s", x.Location())
	}
	x.Goto(at + resultAt)
	if strings.Contains(x.Location(), resultAt) {
		t.Error("the check of the one before is there")
	}
}
