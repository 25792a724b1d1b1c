package secrecytest

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/identity"
)

// ownPages are those on which people see what is theirs.
var ownPages = []string{"/check", "/check/profile", "/check/profile.json", "/check/code", "/check/result", "/check/answers", "/check/answers?check=1", "/check/erase", "/check/open", "/check/statements/critical",
	"/check/question", "/check/function", "/learn", "/me/data", "/me/data/export.json", "/"}

// profileOf lists the pages on which a browser shows what is a person's own: their marks, or a page that only who has the code gets.
func (w *world) profileOf(t testing.TB, b *browser, k kept) (out []string) {
	t.Helper()
	secret := k.marks(t).written()
	for _, path := range ownPages {
		a := b.get(t, path)
		if found := secret.found([]byte(a.view())); len(found) > 0 {
			out = append(out, path+" holds "+strings.Join(found, ", "))
		}
		if a.status == http.StatusOK && (strings.HasPrefix(path, "/check/profile") || path == "/check/code" || path == "/check/erase") {
			out = append(out, path+" opens")
		}
	}
	return out
}

// tries goes to the check as the person of a session: at the door, by its form, and with codes that one may guess.
func (w *world) tries(t testing.TB, b *browser) {
	t.Helper()
	b.follow(t, "/learn/start", "/check", "to", "check")
	for _, code := range []string{"", "0000-0000-0000-0000", w.accounts["victim"], strings.Repeat("Z", 16)} {
		if a := b.post(t, "/check/open", "code", code); a.status == http.StatusSeeOther && strings.HasPrefix(a.to(), "/check/profile") {
			t.Errorf("the code %q opens a profile", code)
		}
	}
}

// TestNoDoorOfTheAccountLeadsToTheProfile has the employer come in by every door of the victim's account. With the browser of the victim, while the
// profile is open, it is seen.
func TestNoDoorOfTheAccountLeadsToTheProfile(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, fork func() *world) {
		w := fork()
		w.clock.turn(apart)
		k := w.check(t, w.doors["victim"], highest)
		if seen := w.profileOf(t, w.doors["victim"], k); len(seen) < 4 {
			t.Fatalf("the victim sees the profile on %q alone, so that others do not see it says nothing", seen)
		}
		account, admin := w.accounts["victim"], w.actor(access.Administrator)
		a := must(w.Identity.Account(t.Context(), admin, account))(t)

		t.Run("the copied session of the victim, without the cookie of the code", func(t *testing.T) {
			b := w.browser(t)
			b.Jar.SetCookies(public, w.doors["victim"].Jar.Cookies(public))
			w.sees(t, b, k)
		})
		t.Run("a new PIN from HR", func(t *testing.T) {
			shown := must(w.Identity.Shown(t.Context(), w.actor(access.HR), must(w.Identity.IssuePIN(t.Context(), w.actor(access.HR), account))(t)))(t)
			b := w.browser(t)
			b.follow(t, "/o/voorbeeld/sign-in/pin", "/sign-in/new-pin", "staffNumber", a.StaffNumber, "pin", shown.Lines[0], "device", "own")
			b.follow(t, "/sign-in/new-pin", "/", "pin", "739164", "pinRepeat", "739164")
			w.tries(t, b)
			w.sees(t, b, k)
		})
		t.Run("another mail address and an invitation from an administrator", func(t *testing.T) {
			now := must(w.Identity.Account(t.Context(), admin, account))(t)
			must(w.Identity.ChangeAccount(t.Context(), admin, account, identity.AccountInput{Name: now.Name, StaffNumber: now.StaffNumber, Mail: "baas@voorbeeld.example", Language: now.Language, Version: now.Version}))(t)
			must(w.Identity.Invite(t.Context(), admin, account))(t)
			link := regexp.MustCompile(`/welcome/[A-Za-z0-9_-]{43}`).FindAllString(w.operated(t)["operator mail"], -1)
			if len(link) == 0 {
				t.Fatal("no letter has a link")
			}
			b := w.browser(t)
			b.follow(t, link[len(link)-1], "/", "password", "kasseien en regenjassen 48", "passwordRepeat", "kasseien en regenjassen 48")
			w.tries(t, b)
			w.sees(t, b, k)
		})
		t.Run("a session that is made for the account", func(t *testing.T) {
			b := w.browser(t)
			w.enter(t, b, account)
			w.tries(t, b)
			w.sees(t, b, k)
		})
		t.Run("the browser after signing out", func(t *testing.T) {
			b := w.doors["victim"].twin(t, w)
			w.enter(t, b, account)
			if seen := w.profileOf(t, b, k); len(seen) < 4 {
				t.Errorf("before signing out %q is seen alone", seen)
			}
			b.post(t, "/sign-out")
			for _, c := range b.Jar.Cookies(address("/check")) {
				if strings.Contains(c.Name, "check") {
					t.Errorf("the cookie %s stays", c.Name)
				}
			}
			w.sees(t, b, k)
		})
	})
}

// sees complains when a browser shows the profile.
func (w *world) sees(t testing.TB, b *browser, k kept) {
	t.Helper()
	for _, line := range w.profileOf(t, b, k) {
		t.Error(line)
	}
}

// TestTheNextPersonAtATabletSeesNothing leaves a tablet that many people use: closed by the button, and left alone.
func TestTheNextPersonAtATabletSeesNothing(t *testing.T) {
	t.Parallel()
	w := first(t).fork(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	var key string
	if err := w.DB.Of(w.city).Row(t.Context(), `SELECT key FROM skill_links WHERE tenant_id = $1 AND kind = 'kiosk'`, nil, &key); err != nil {
		t.Fatal(err)
	}
	b := w.browser(t)
	b.get(t, "/l/"+key)
	b.follow(t, "/check", "/check/", "plan", "all", "work", "office", "function", "none")
	k := kept{items: w.answer(t, b, highest)}
	k.keep(t, b)
	b.follow(t, "/check/code", "/check/profile", "remember", "yes")
	if seen := w.profileOf(t, b, k); len(seen) < 4 {
		t.Fatalf("who is at the tablet sees %q alone, so this says nothing", seen)
	}
	for _, path := range ownPages {
		if a := b.get(t, path); strings.HasPrefix(path, "/check") && a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept by the browser: %q", path, a.header.Get("Cache-Control"))
		} else {
			for _, c := range a.header.Values("Set-Cookie") {
				if strings.Contains(c, "tt_check_code") && !strings.Contains(c, "Max-Age=900") {
					t.Errorf("%s: the code stays longer than a quarter of an hour: %s", path, c[strings.Index(c, ";"):])
				}
			}
		}
	}
	b.post(t, "/check/close")
	w.sees(t, b, k)
	b.get(t, "/l/"+key)
	w.sees(t, b, k)
}
