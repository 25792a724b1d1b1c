//go:build look

package app

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/ui/browsertest"
)

// LOOK_BASE, LOOK_OUT, LOOK_PLAN (file: "role|path|views|js" per line), AXE=1
func TestLook(t *testing.T) {
	base, out := os.Getenv("LOOK_BASE"), os.Getenv("LOOK_OUT")
	os.MkdirAll(out, 0o755)
	plan, _ := os.ReadFile(os.Getenv("LOOK_PLAN"))
	b := browsertest.Start(t)
	tabs := map[string]*browsertest.Page{}
	views := map[string]browsertest.View{
		"s": {Width: 320, Height: 700}, "m": {Width: 820, Height: 900}, "l": {Width: 1366, Height: 900}, "d": {Width: 1366, Height: 900, Dark: true}, "e": {Width: 320, Height: 700, Dark: true},
		"p": {Width: 718, Height: 1000, Print: true},
	}
	safe := regexp.MustCompile(`[^a-zA-Z0-9]+`)
	for i, line := range strings.Split(strings.TrimSpace(string(plan)), "\n") {
		f := strings.Split(line, "|")
		if len(f) < 3 {
			continue
		}
		role, path, vs := f[0], f[1], f[2]
		tab := tabs[role]
		if tab == nil {
			tab = b.Tab(t, views["l"])
			if role != "visitor" {
				jar, _ := cookiejar.New(nil)
				c := &http.Client{Jar: jar}
				u, _ := url.Parse(base)
				if role == "worker" {
					c.PostForm(base+"/o/voorbeeld/sign-in/pin", url.Values{"staffNumber": {DemoNumber}, "pin": {DemoPIN}})
				} else {
					name := role
					c.PostForm(base+"/o/voorbeeld/sign-in", url.Values{"mail": {name + "@voorbeeld.example"}, "password": {DemoPassword}})
				}
				tab.SetCookies(base, jar.Cookies(u)...)
			}
			tabs[role] = tab
		}
		for _, noJS := range []bool{false, true} {
			if noJS && os.Getenv("AXE") == "" {
				continue
			}
			for _, v := range vs {
				view := views[string(v)]
				view.NoJS = noJS
				tab.SetView(view)
				tab.Forget()
				if path != "." {
					tab.Goto(base + path)
				}
				if len(f) > 3 && !noJS {
					for _, s := range strings.Split(f[3], ";;") {
						if c, ok := strings.CutPrefix(s, "click "); ok {
							tab.Click(c)
						} else if c, ok := strings.CutPrefix(s, "fill "); ok {
							sel, val, _ := strings.Cut(c, "=")
							tab.Fill(sel, val)
						} else if c, ok := strings.CutPrefix(s, "file "); ok {
							sel, val, _ := strings.Cut(c, "=")
							tab.Attach(sel, val)
						} else if c, ok := strings.CutPrefix(s, "key "); ok {
							tab.Press(c)
						} else if c, ok := strings.CutPrefix(s, "wait "); ok {
							tab.Wait(c)
						} else {
							browsertest.Eval[any](tab, s)
						}
					}
				}
				if by := tab.Beyond(); len(by) > 0 {
					t.Log(role, path, string(v), "BEYOND", by)
				}
				if os.Getenv("AXE") != "" {
					if x := tab.Violations(); len(x) > 0 {
						t.Log(role, path, string(v), noJS, "AXE", x)
					}
					if x := append(tab.Refused(), tab.Errors()...); len(x) > 0 {
						t.Log(role, path, string(v), noJS, "CSP/ERR", x)
					}
					if px := tab.SmallestText(); px < 12 {
						t.Log(role, path, "small", px)
					}
				}
				if os.Getenv("LINKS") != "" && v == rune(vs[0]) {
					t.Log(role, tab.Location(), browsertest.Eval[[]string](tab, `[...new Set([...document.querySelectorAll('a')].map(a=>a.getAttribute('href')))]`))
				}
				if os.Getenv("AXE") == "" {
					name := fmt.Sprintf("%02d-%s-%.50s-%s.png", i, role, safe.ReplaceAllString(path, "_"), string(v))
					os.WriteFile(filepath.Join(out, name), tab.Screenshot(), 0o644)
				}
			}
		}
	}
}
