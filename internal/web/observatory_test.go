package web

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The HTTP Observatory of Mozilla and MDN scores a site from 100 down; bonuses count where at least 90 is left. Its rules
// are published with its source (github.com/mdn/mdn-http-observatory, the score table and one file per test; as of 2026).
// Here they are computed on our answers. What it measures on the network is not: it finds the redirection from HTTP to
// HTTPS, and a valid certificate, in the surroundings of the server; both score 0 when in order.

// mark is what one test of the Observatory makes of a site.
type mark struct {
	test, result string
	score        int
}

// observe scores an answer that came over HTTPS, with all cookies that the site sets.
func observe(h http.Header, set []*http.Cookie, page string) (score int, marks []mark) {
	csp := parsePolicy(strings.Join(h.Values("Content-Security-Policy"), "; "))
	hsts := markHSTS(h.Get("Strict-Transport-Security"))
	marks = []mark{
		markPolicy(csp), markCookies(set, hsts.score >= 0), markCORS(h), hsts, markReferrer(h.Get("Referrer-Policy")), markScripts(page),
		markOf("x-content-type-options", h.Get("X-Content-Type-Options"), map[string]int{"": -5, "nosniff": 0}, -5),
		markFrames(h.Get("X-Frame-Options"), csp),
		markOf("corp", h.Get("Cross-Origin-Resource-Policy"), map[string]int{"": 0, "same-origin": 10, "same-site": 10, "cross-origin": 0}, -5),
		markOf("coep", h.Get("Cross-Origin-Embedder-Policy"), map[string]int{"": 0, "require-corp": 10, "credentialless": 10, "unsafe-none": 0}, -5),
		markOf("coop", h.Get("Cross-Origin-Opener-Policy"), map[string]int{"": 0, "same-origin": 10, "same-origin-allow-popups": 10,
			"noopener-allow-popups": 10, "unsafe-none": 0}, -5),
	}
	score, bonus := 100, 0
	for _, m := range marks {
		if m.score > 0 {
			bonus += m.score
		} else {
			score += m.score
		}
	}
	if score >= 90 {
		score += bonus
	}
	return max(score, 0), marks
}

func markOf(test, value string, scores map[string]int, invalid int) mark {
	score, known := scores[strings.ToLower(strings.TrimSpace(value))]
	if !known {
		score = invalid
	}
	return mark{test, value, score}
}

func parsePolicy(s string) map[string][]string {
	csp := map[string][]string{}
	for d := range strings.SplitSeq(s, ";") {
		if words := strings.Fields(strings.ToLower(d)); len(words) > 0 {
			csp[words[0]] = words[1:]
		}
	}
	return csp
}

func markPolicy(csp map[string][]string) mark {
	m := func(result string, score int) mark { return mark{"content-security-policy", result, score} }
	if len(csp) == 0 {
		return m("not implemented", -25)
	}
	or := func(names ...string) []string {
		for _, n := range names {
			if sources, set := csp[n]; set {
				return sources
			}
		}
		return []string{"*"}
	}
	broad := []string{"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
	inline := append([]string{"'unsafe-inline'", "data:"}, broad...)
	has := func(sources, bad []string) bool {
		return slices.ContainsFunc(sources, func(s string) bool { return slices.Contains(bad, s) })
	}
	plain := func(s string) bool { return strings.HasPrefix(s, "http:") || strings.HasPrefix(s, "ftp:") }
	script, style := or("script-src", "default-src"), or("style-src", "default-src")
	var active []string
	for name, sources := range csp {
		if name != "img-src" && name != "media-src" {
			active = append(active, sources...)
		}
	}
	switch {
	case has(script, inline) || has(or("object-src", "default-src"), broad):
		return m("unsafe scripts", -20)
	case slices.ContainsFunc(active, plain):
		return m("scripts over HTTP", -20)
	case slices.Contains(append(slices.Clone(script), style...), "'unsafe-eval'"):
		return m("eval", -10)
	case slices.ContainsFunc(append(slices.Clone(or("img-src", "default-src")), or("media-src", "default-src")...), plain):
		return m("images over HTTP", -10)
	case has(style, inline):
		return m("unsafe styles", 0)
	case slices.Equal(csp["default-src"], []string{"'none'"}):
		return m("default-src none", 10)
	}
	return m("no unsafe", 5)
}

func markCookies(set []*http.Cookie, hsts bool) mark {
	if len(set) == 0 {
		return mark{"cookies", "none", 0}
	}
	worst, all := mark{"cookies", "secure, http-only and same-site", 5}, true
	worse := func(result string, score int) {
		if score < worst.score {
			worst = mark{"cookies", result, score}
		}
	}
	for _, c := range set {
		session := strings.Contains(strings.ToLower(c.Name), "sess") || strings.Contains(strings.ToLower(c.Name), "login")
		switch {
		case !c.Secure && session && hsts:
			worse("session without Secure, with HSTS", -10)
		case !c.Secure && session:
			worse("session without Secure", -40)
		case !c.Secure && hsts:
			worse("without Secure, with HSTS", -5)
		case !c.Secure:
			worse("without Secure", -20)
		}
		if session && !c.HttpOnly {
			worse("session without HttpOnly", -30)
		}
		if strings.Contains(strings.ToLower(c.Name), "csrf") && c.SameSite == 0 {
			worse("token without SameSite", -20)
		}
		all = all && (c.SameSite == http.SameSiteLaxMode || c.SameSite == http.SameSiteStrictMode)
	}
	if !all {
		worse("without SameSite", 0)
	}
	return worst
}

func markCORS(h http.Header) mark {
	if h.Get("Access-Control-Allow-Origin") != "" && h.Get("Access-Control-Allow-Credentials") == "true" {
		return mark{"cors", "universal", -50}
	}
	return mark{"cors", "not implemented, or public", 0}
}

func markHSTS(value string) mark {
	const sixMonths = 15552000
	for part := range strings.SplitSeq(value, ";") {
		if age, found := strings.CutPrefix(strings.ToLower(strings.TrimSpace(part)), "max-age="); found {
			seconds, err := strconv.Atoi(age)
			switch {
			case err != nil:
				return mark{"hsts", "invalid", -20}
			case seconds < sixMonths:
				return mark{"hsts", "short", -10}
			}
			return mark{"hsts", "at least six months", 0}
		}
	}
	return mark{"hsts", "not implemented", -20}
}

func markReferrer(value string) mark {
	policies := strings.Split(value, ",")
	switch strings.ToLower(strings.TrimSpace(policies[len(policies)-1])) {
	case "no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin":
		return mark{"referrer-policy", "private", 5}
	case "":
		return mark{"referrer-policy", "not implemented", 0}
	}
	return mark{"referrer-policy", "unsafe or invalid", -5}
}

func markFrames(value string, csp map[string][]string) mark {
	switch v := strings.ToLower(strings.TrimSpace(value)); {
	case csp["frame-ancestors"] != nil:
		return mark{"x-frame-options", "by the policy", 5}
	case v == "deny" || v == "sameorigin":
		return mark{"x-frame-options", v, 5}
	case strings.HasPrefix(v, "allow-from"):
		return mark{"x-frame-options", v, 0}
	}
	return mark{"x-frame-options", value, -20}
}

// markScripts looks at where scripts come from (subresource integrity).
func markScripts(page string) mark {
	worst := mark{"sri", "all from here", 0}
	tokens := html.NewTokenizer(strings.NewReader(page))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		tag := tokens.Token()
		if tag.Data != "script" || kind != html.StartTagToken {
			continue
		}
		var src, integrity string
		for _, a := range tag.Attr {
			switch a.Key {
			case "src":
				src = a.Val
			case "integrity":
				integrity = a.Val
			}
		}
		foreign := strings.HasPrefix(src, "//") || strings.HasPrefix(src, "http:") || strings.HasPrefix(src, "https:")
		plain := !strings.HasPrefix(src, "https:")
		switch {
		case foreign && plain && integrity == "":
			return mark{"sri", src, -50}
		case foreign && plain:
			worst = mark{"sri", src, min(worst.score, -20)}
		case foreign && integrity == "":
			worst = mark{"sri", src, min(worst.score, -5)}
		}
	}
	return worst
}

// TestHeadersScoreAHundredByTheRulesOfTheObservatory scores pages of visitors and of people, errors and assets.
func TestHeadersScoreAHundredByTheRulesOfTheObservatory(t *testing.T) {
	t.Parallel()
	p := newPlace(t, overHTTPS)
	jar := httptest.NewRecorder()
	p.SetCookie(jar, "tt_session", "v", 3600e9)
	p.leaveNotice(jar, Notice{Bundle: "words", Key: "notice.kept"})
	p.rememberLanguage(jar, "fr")
	for name, w := range everyAnswer(p) {
		set := append(jar.Result().Cookies(), w.Result().Cookies()...)
		score, marks := observe(w.Header(), set, w.Body.String())
		if score < 100 {
			t.Errorf("%s: %d points: %+v", name, score, marks)
		}
		for _, m := range marks {
			if m.score < 0 {
				t.Errorf("%s: loses points: %+v", name, m)
			}
		}
	}
}

// TestScoreIsThatOfTheRules holds the scoring itself to results that one can count by hand.
func TestScoreIsThatOfTheRules(t *testing.T) {
	t.Parallel()
	if score, marks := observe(http.Header{}, nil, ""); score != 100-25-20-5-20 {
		t.Errorf("bare answers: %d, %+v", score, marks)
	}
	good := newPlace(t, overHTTPS).get("/").Header()
	for name, c := range map[string]struct {
		header, value string
		lost          int // from 150: 100, and bonuses of 10 for CSP, CORP, COEP and COOP each and of 5 for referrer and frames
	}{
		"as it is":        {"X-Other", "", 0},
		"no HSTS":         {"Strict-Transport-Security", "", 150 - 80},
		"short HSTS":      {"Strict-Transport-Security", "max-age=3600", 10},
		"inline scripts":  {"Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'none'", 150 - 80},
		"inline styles":   {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'", 10},
		"eval":            {"Content-Security-Policy", "default-src 'none'; script-src 'self' 'unsafe-eval'; frame-ancestors 'none'", 20},
		"default self":    {"Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'", 5},
		"no nosniff":      {"X-Content-Type-Options", "", 5},
		"unsafe referrer": {"Referrer-Policy", "unsafe-url", 10},
		"no CORP":         {"Cross-Origin-Resource-Policy", "", 10},
	} {
		h := good.Clone()
		h.Set(c.header, c.value)
		if c.value == "" {
			h.Del(c.header)
		}
		if score, marks := observe(h, nil, ""); score != 150-c.lost {
			t.Errorf("%s: %d, want %d: %+v", name, score, 150-c.lost, marks)
		}
	}
	if score, _ := observe(good, []*http.Cookie{{Name: "session", Secure: true}}, `<script src="https://cdn.example/x.js"></script>`); score != 100-30-5 {
		t.Errorf("a cookie that scripts can read, and a script from elsewhere: %d", score)
	}
}
