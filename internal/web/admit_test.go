package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
)

func TestRouteWithoutActionIsAMistakeInTheProgram(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for name, c := range map[string]struct {
		route Route
		taken bool
	}{
		"nothing said":      {Route{Pattern: "GET /a1"}, false},
		"action":            {Route{Pattern: "GET /a2", Action: access.ReadReport}, true},
		"public":            {Route{Pattern: "GET /a3", Public: true}, true},
		"any":               {Route{Pattern: "GET /a4", Any: true}, true},
		"action and public": {Route{Pattern: "GET /a5", Public: true, Action: access.ReadReport}, false},
		"action and any":    {Route{Pattern: "GET /a6", Any: true, Action: access.ReadReport}, false},
		"fresh alone":       {Route{Pattern: "GET /a7", Fresh: true}, false},
	} {
		before := len(p.Routes())
		if err := p.Add(c.route); (err == nil) != c.taken {
			t.Errorf("%s: %v", name, err)
		} else if err != nil && !strings.Contains(err.Error(), c.route.Pattern) {
			t.Errorf("%s: the message does not say which: %v", name, err)
		}
		if added := len(p.Routes()) - before; (added == 1) != c.taken {
			t.Errorf("%s: %d routes were added", name, added)
		}
	}
}

func TestRoutesLetInWhoMayDoTheirAction(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for _, c := range []struct {
		target, who string
		status      int
	}{
		{"/", "", 200}, {"/public/1", "", 200}, {"/mine", "", 303}, {"/accounts", "", 303}, {"/reports/1", "", 303},
		{"/mine", "employee", 200}, {"/accounts", "employee", 403}, {"/accounts", "hr", 200}, {"/accounts", "dpo", 403},
		{"/reports/1", "employee", 200},                                              // a published one; the feature looks at the report itself
		{"/mine", "key", 303}, {"/accounts", "key", 303}, {"/reports/1", "key", 303}, // keys are for the API alone
		{"/", "key", 200}, {"/nowhere", "", 404}, {"/nowhere", "hr", 404}, {"/accounts/", "hr", 404},
	} {
		wants(t, c.target+" for "+c.who, p.get(c.target, as(c.who)), c.status)
	}
	wants(t, "a method that nobody serves", p.do(http.MethodDelete, "/accounts", "", as("hr")), http.StatusNotFound)
}

func TestWhoMustSignInComesBackWhereTheyWereGoing(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	ours := "http://tekentafel.example"
	for name, c := range map[string]struct {
		method, target string
		set            func(*http.Request)
		next           string
	}{
		"a page":                       {"GET", "/reports/1?by=age&x=%2F", with("Referer", ours+"/elsewhere"), "/reports/1?by=age&x=%2F"},
		"nothing to come back to":      {"POST", "/accounts", with("Accept", "*/*"), ""},
		"a form":                       {"POST", "/accounts", with("Referer", ours+"/people?page=2"), "/people?page=2"},
		"a form of another site":       {"POST", "/accounts", with("Referer", "http://evil.example/people"), "/people"},
		"a form with a hostile path":   {"POST", "/accounts", with("Referer", "http://evil.example//evil.example/x"), ""},
		"a form with a backslash":      {"POST", "/accounts", with("Referer", `http://x/\evil.example`), "/%5Cevil.example"},
		"a form sent by htmx":          {"POST", "/accounts", with("HX-Current-URL", ours+"/reports/7?a=b"), "/reports/7?a=b"},
		"a form sent by hostile htmx":  {"POST", "/accounts", with("HX-Current-URL", "//evil.example//evil.example"), ""},
		"a form sent by broken htmx":   {"POST", "/accounts", with("HX-Current-URL", "http://[broken"), ""},
		"a page with slashes in front": {"GET", "/reports/%2F%2Fevil.example", with("Accept", "*/*"), "/reports/%2F%2Fevil.example"},
	} {
		w := p.do(c.method, c.target, "", c.set)
		wants(t, name, w, http.StatusSeeOther)
		to, err := url.Parse(w.Header().Get("Location"))
		if err != nil || to.Host != "" || to.Path != "/sign-in" {
			t.Errorf("%s: sent to %q", name, w.Header().Get("Location"))
			continue
		}
		if got := to.Query().Get("next"); got != c.next || got != "" && Local(got, "") != got {
			t.Errorf("%s: comes back to %q, want %q", name, got, c.next)
		}
	}
	w := p.get("/mine", with("HX-Request", "true"))
	wants(t, "htmx", w, http.StatusUnauthorized)
	if got := w.Header().Get("HX-Redirect"); got != "/sign-in?next=%2Fmine" {
		t.Errorf("htmx is sent to %q", got)
	}
}

func TestFreshRoutesAskAgainWhoOneIs(t *testing.T) {
	t.Parallel()
	var confirmed time.Time
	p := newPlace(t, func(_ *Config, v *visitors) {
		v.visit = func(v *Visit, _ *http.Request) error { v.ConfirmedAt = confirmed; return nil }
	})
	for name, c := range map[string]struct {
		at   time.Time
		asks bool
	}{
		"now": {p.clock.now(), false}, "in time": {p.clock.now().Add(-FreshFor), false}, "too long ago": {p.clock.now().Add(-FreshFor - 1), true},
		"never": {time.Time{}, true}, "before the clock was set back": {p.clock.now().Add(time.Hour), true},
	} {
		confirmed = c.at
		w := p.get("/fresh", as("hr"))
		if !c.asks {
			wants(t, name, w, http.StatusOK)
			continue
		}
		wants(t, name, w, http.StatusSeeOther)
		if got := w.Header().Get("Location"); got != "/confirm?next=%2Ffresh" {
			t.Errorf("%s: sent to %q", name, got)
		}
		if w := p.do(http.MethodPost, "/fresh", "a=b", as("hr")); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/confirm") {
			t.Errorf("%s: a form was taken: %d to %q", name, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for name, c := range map[string]struct {
		set    []func(*http.Request)
		status int
	}{
		"a browser, from here":           {[]func(*http.Request){with("Sec-Fetch-Site", "same-origin"), with("Origin", "http://example.com")}, 303},
		"typed or from a bookmark":       {[]func(*http.Request){with("Sec-Fetch-Site", "none")}, 303},
		"a browser, from another site":   {[]func(*http.Request){with("Sec-Fetch-Site", "cross-site"), with("Origin", "http://evil.example")}, 403},
		"a browser, from a sister site":  {[]func(*http.Request){with("Sec-Fetch-Site", "same-site")}, 403},
		"an old browser, from here":      {[]func(*http.Request){with("Origin", "http://example.com")}, 303},
		"an old browser, from elsewhere": {[]func(*http.Request){with("Origin", "http://evil.example")}, 403},
		"from a page without origin":     {[]func(*http.Request){with("Origin", "null")}, 403},
		"no browser":                     {nil, 303},
	} {
		w := p.do(http.MethodPost, "/public", "a=b", c.set...)
		wants(t, name, w, c.status)
		if c.status == 403 && !strings.Contains(w.Body.String(), Text("nl", "error.cross-origin", nil)) {
			t.Errorf("%s: the page does not say why", name)
		}
		// A link from another site is no form.
		wants(t, name+", a link", p.get("/", c.set...), http.StatusOK)
	}
}

func TestLanguageIsThatOfThePersonTheCookieTheBrowserTheOrganisation(t *testing.T) {
	t.Parallel()
	all := instrument.Languages()
	for name, c := range map[string]struct {
		person, cookie, accept string
		offered                []instrument.Lang
		want                   instrument.Lang
	}{
		"nothing said":                        {"", "", "", all, "nl"},
		"the person":                          {"de", "fr", "en", all, "de"},
		"the cookie":                          {"", "fr", "en", all, "fr"},
		"the browser":                         {"", "", "en-GB,en;q=0.9,nl;q=0.1", all, "en"},
		"the browser by weight":               {"", "", "nl;q=0.1, fr;q=0.8, de;q=0.5", all, "fr"},
		"a region":                            {"", "", "fr-BE", all, "fr"},
		"another language":                    {"", "", "ja", all, "nl"},
		"another and then ours":               {"", "", "ja, de;q=0.5", all, "de"},
		"the organisation's first":            {"", "", "ja", []instrument.Lang{"fr", "nl"}, "fr"},
		"not offered to the person":           {"de", "", "", []instrument.Lang{"fr", "nl"}, "fr"},
		"not offered, the browser next":       {"de", "de", "nl", []instrument.Lang{"fr", "nl"}, "nl"},
		"the browser's is not offered":        {"", "", "en", []instrument.Lang{"fr", "nl"}, "fr"},
		"one language":                        {"en", "fr", "de", []instrument.Lang{"nl"}, "nl"},
		"a cookie that is no language":        {"", "../../etc", "", all, "nl"},
		"a header that is none":               {"", "", ";;;=,,\x7f", all, "nl"},
		"a header that is a bomb":             {"", "", strings.Repeat("a-", 5000), all, "nl"},
		"no organisation, the browser":        {"", "", "de", nil, "de"},
		"no organisation, nothing":            {"", "", "", nil, "nl"},
		"anything":                            {"", "", "*", all, "nl"},
		"capitals":                            {"", "", "FR-fr", all, "fr"},
		"a person with a language no one has": {"xx", "", "fr", all, "fr"},
	} {
		r := request(http.MethodGet, "/", "", with("Accept-Language", c.accept))
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: languageCookie, Value: c.cookie})
		}
		if got := newPlace(t).languageOf(r, Visit{Lang: instrument.Lang(c.person), Org: Organisation{Languages: c.offered}}); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestChosenLanguageIsKeptAndComesBackToThePage(t *testing.T) {
	t.Parallel()
	p := newPlace(t, overHTTPS)
	var kept []instrument.Lang
	p.add(p.LanguageRoute(func(_ *Request, lang instrument.Lang) error { kept = append(kept, lang); return nil }))
	w := p.do(http.MethodPost, "/language", "lang=fr&back=%2Freports%2F1")
	wants(t, "a visitor", w, http.StatusSeeOther)
	if w.Header().Get("Location") != "/reports/1" || len(kept) != 0 {
		t.Errorf("to %q, kept %v", w.Header().Get("Location"), kept)
	}
	page := p.get("/", func(r *http.Request) {
		for _, c := range w.Result().Cookies() {
			r.AddCookie(c)
		}
	})
	if !strings.Contains(page.Body.String(), "lang=fr") {
		t.Error("the next page is in another language")
	}
	wants(t, "a person", p.do(http.MethodPost, "/language", "lang=de", as("hr")), http.StatusSeeOther)
	if len(kept) != 1 || kept[0] != "de" {
		t.Errorf("kept %v", kept)
	}
	w = p.do(http.MethodPost, "/language", "lang=fr&back=https%3A%2F%2Fevil.example")
	if got := w.Header().Get("Location"); got != "/" {
		t.Errorf("sent to %q", got)
	}
	wants(t, "a language that nobody speaks here", p.do(http.MethodPost, "/language", "lang=xx"), http.StatusUnprocessableEntity)
}
