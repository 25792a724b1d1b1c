package identity

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui/browsertest"
)

// cookies returns the cookies of a visitor, for a browser.
func (v *visitorAt) cookies() []*http.Cookie {
	v.t.Helper()
	u, err := url.Parse(v.gate.base)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.http.Jar.Cookies(u)
}

// clean fails the test when the page broke its policy or a script failed.
func clean(t *testing.T, p *browsertest.Page) {
	t.Helper()
	if refused := p.Refused(); len(refused) > 0 {
		t.Errorf("refused by the policy: %q", refused)
	}
	if errs := slices.DeleteFunc(p.Errors(), func(s string) bool { return strings.Contains(s, "status of 40") }); len(errs) > 0 {
		t.Errorf("errors: %q", errs)
	}
}

func TestPasskeysInARealBrowser(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "localhost")
	an := g.addAccount(t, "An Peeters", "an@stad.example", access.HR)
	v := g.as(t, an)
	b := browsertest.Start(t)
	view := browsertest.View{Width: 390, Height: 844}
	p := b.OpenURL(t, g.base+"/passkeys/new", view, v.cookies()...)
	device := p.Authenticator()

	device.Recognises(false)
	p.Click("[data-passkey] button")
	if got := p.Text("[data-passkey-status]"); !strings.Contains(got, "Nothing happened") {
		t.Errorf("a device that does not recognise its owner: %q", got)
	}
	device.Recognises(true)
	p.Fill("[name=name]", "My phone")
	p.Click("[data-passkey] button")
	p.Wait("#passkeys")
	if got := p.Location(); got != g.base+"/me/security" || device.Passkeys() != 1 {
		t.Fatalf("at %s with %d passkeys", got, device.Passkeys())
	}
	if got := p.Text("#passkeys"); !strings.Contains(got, "My phone") {
		t.Errorf("the list says %q", got)
	}
	p.Goto(g.base + "/passkeys/new")
	p.Click("[data-passkey] button")
	if got := p.Text("[data-passkey-status]"); !strings.Contains(got, "already has a passkey") {
		t.Errorf("a second passkey on one device: %q", got)
	}
	clean(t, p)

	p.Goto(g.base + "/confirm?next=%2Fdanger")
	p.Click("[data-passkey] button")
	p.Wait("body")
	if got := p.Location(); got != g.base+"/danger" {
		t.Errorf("after confirming: %s", got)
	}

	// Signed out, the same device signs in without a name.
	v.post("/sign-out")
	if err := g.EndAccountSessions(t.Context(), g.admin, an.ID); err != nil {
		t.Fatal(err)
	}
	p.Goto(g.base + "/o/ours/sign-in?next=%2Fdanger")
	device.Recognises(false)
	p.Click("[data-passkey] button")
	if got := p.Text("[data-passkey-status]"); !strings.Contains(got, "Nothing happened") {
		t.Errorf("signing in without being recognised: %q", got)
	}
	device.Recognises(true)
	p.Click("[data-passkey] button")
	if got := p.Text("body"); !strings.Contains(got, "danger for An Peeters") || p.Location() != g.base+"/danger" {
		t.Errorf("signed in: %q at %s", got, p.Location())
	}
	clean(t, p)

	bare := b.OpenURL(t, g.base+"/o/ours/sign-in", browsertest.View{Width: 390, Height: 844, NoJS: true})
	if bare.Count("[data-passkey]:not([hidden])") != 0 || bare.Count("[name=password]") != 1 {
		t.Error("without scripts the button shows, or the other way does not")
	}
}

func TestPagesOfTheWaysToSignInAreForEveryone(t *testing.T) {
	t.Parallel()
	g, _ := withProvider(t, dbtest.SQLite(t), settings())
	h := newGate(t, dbtest.SQLite(t), "localhost")
	admin, an := g.as(t, g.admin), h.as(t, h.admin)
	an.makeKey("Phone")
	key := keyName(t, h, h.admin)
	b := browsertest.Start(t)
	tabs := map[*gate]*browsertest.Page{}
	for at, who := range map[*gate]*visitorAt{g: admin, h: an, nil: nil} {
		tabs[at] = b.Tab(t, browsertest.View{Width: 820, Height: 900})
		if who != nil {
			tabs[at].SetCookies(at.base, who.cookies()...)
		}
	}
	for _, page := range []struct {
		at      *gate
		who     *visitorAt
		name    string
		address string
	}{
		{g, admin, "provider", "/organisation/sign-in"}, {g, admin, "try", "/organisation/sign-in/try"}, {g, admin, "remove", "/organisation/sign-in/remove"},
		{g, nil, "sign-in", "/o/ours/sign-in"}, {g, nil, "failed", "/o/ours/oidc/callback?state=x&code=y"},
		{h, an, "security", "/me/security"}, {h, an, "passkey-new", "/passkeys/new"}, {h, an, "passkey", "/passkeys/" + key},
		{h, an, "passkey-remove", "/passkeys/" + key + "/remove"}, {h, an, "confirm", "/confirm"}, {h, nil, "sign-in-passkey", "/o/ours/sign-in"},
	} {
		p := tabs[page.at]
		if page.who == nil {
			p = tabs[nil]
		}
		for _, width := range []int64{320, 820, 1366} {
			p.SetView(browsertest.View{Width: width, Height: 900, Dark: width == 820})
			p.Goto(page.at.base + page.address)
			if bad := p.Violations(); len(bad) > 0 {
				t.Errorf("%s at %d: %q", page.name, width, bad)
			}
			if bad := p.Beyond(); len(bad) > 0 {
				t.Errorf("%s at %d: %q", page.name, width, bad)
			}
			clean(t, p)
			p.Forget()
		}
	}
}
