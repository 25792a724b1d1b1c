package identity

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tekentafel/internal/ui"
)

func FuzzAHashThatIsReadIsWrittenTheSame(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2i$v=19$m=1,t=1,p=1$$")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parsePHC(s)
		if err != nil {
			return
		}
		top := most()
		if h.String() != s || h.memory > top.memory || h.time > top.time || h.threads > top.threads || h.threads == 0 {
			t.Fatalf("%q was read as %+v", s, h)
		}
	})
}

func FuzzADeviceIsOneOfFewWords(f *testing.F) {
	f.Add("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0")
	f.Add("<script>alert(1)</script>")
	f.Fuzz(func(t *testing.T, agent string) {
		d := Device(agent)
		if len(d) > 40 || strings.ContainsAny(d, "<>\"'&\r\n") {
			t.Fatalf("%q became %q", agent, d)
		}
	})
}

func TestDevicesAreRecognised(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":           "Edge, Windows",
		"Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0":                                                                    "Firefox, Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Linux; Android 14; SM-T510) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Safari/537.36":      "Samsung Internet, Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                   "Chrome, macOS",
		"Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1":           "Chrome, iPad",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                          "Chrome, ChromeOS",
		"curl/8.5.0": "curl", "": "", "something else": "",
	} {
		if got := Device(agent); got != want {
			t.Errorf("%q is called %q, want %q", agent, got, want)
		}
	}
}

func FuzzASlugCanStandInAnAddress(f *testing.F) {
	f.Add("Stad Gent")
	f.Add("İstanbul’s ﬁnest ²")
	f.Fuzz(func(t *testing.T, name string) {
		slug := SlugOf(name)
		if slug != "" && !CheckSlug(slug) {
			t.Fatalf("%q became %q", name, slug)
		}
	})
}

func FuzzAStoredThemeNeverBreaksTheSheet(f *testing.F) {
	f.Add(`{"light.blue":"#123456"}`)
	f.Add(`{"light.blue":"red;}body{display:none"}`)
	f.Add(`[1]`)
	f.Fuzz(func(t *testing.T, raw string) {
		values, err := readTheme(raw)
		if err != nil {
			return
		}
		o, _ := ui.ParseTheme(values)
		css := ui.ThemeCSS(o)
		if strings.Count(css, "{") != strings.Count(css, "}") || strings.ContainsAny(css, "<\\\"'") || strings.Contains(css, "url(") {
			t.Fatalf("%q became %q", raw, css)
		}
	})
}

func FuzzWhereAPageBeginsIsReadOrTheBeginning(f *testing.F) {
	f.Add(place{"a", "b"}.String())
	f.Add("!!")
	f.Fuzz(func(_ *testing.T, s string) { _ = placeOf(s) })
}

func FuzzOnlyBearersOfAKeyAreAskedForIt(f *testing.F) {
	f.Add("Bearer tt_x")
	f.Add("Basic dXNlcg==")
	f.Fuzz(func(t *testing.T, header string) {
		token, ok := keyToken(header)
		if ok && (!strings.HasPrefix(token, keyPrefix) || len(token) > 128) {
			t.Fatalf("%q gave %q", header, token)
		}
	})
}

func FuzzHalfwayDataIsReadOrRefused(f *testing.F) {
	f.Add([]byte(`{"account":"x","method":"password"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var p pending
		if json.Unmarshal(raw, &p) != nil {
			return
		}
		if p.step(Credentials{SecondFactor: true}, Settings{}, nil) == StepDone && !p.Second && (p.Method == ByPassword || p.Method == ByPIN || p.Method == ByLink) {
			t.Fatalf("%q gets in without its second factor", raw)
		}
	})
}

// TestARequestWithBothAKeyAndACookieIsThatOfTheKey keeps a script from acting as whoever's cookie it carries.
func TestARequestWithBothAKeyAndACookieIsThatOfTheKey(t *testing.T) {
	t.Parallel()
	d := newDeskOnSQLite(t)
	r := d.session(d.admin, ByPassword, false)
	r.Header.Set("Authorization", "Bearer tt_nothing")
	if v := d.visit(r); v.Session != "" {
		t.Fatalf("a key that does not hold gave %+v", v.Actor)
	}
	r = httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Basic x")
	if v := d.visit(r); v.Session != "" {
		t.Fatalf("%+v", v.Actor)
	}
}
