package desk

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/guard"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// TestPagesFitAndAreAccessible opens every page in each state, on a phone, a tablet and a desk, with and without scripts. With
// TEKENTAFEL_SHOTS it keeps pictures of them in that folder, to look at with one's own eyes.
func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t, dbtest.SQLite(t))
	who := "administrator"
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", who)
		r.Header.Set("Accept-Language", "nl")
		s.server.ServeHTTP(w, r)
	})
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	shots := os.Getenv("TEKENTAFEL_SHOTS")
	look := func(name, path string, prepare ...func(p *browsertest.Page)) {
		t.Helper()
		for _, width := range []int64{320, 1366} {
			for _, plain := range []bool{false, true} {
				if plain && (width > 320 || len(prepare) > 0) {
					continue
				}
				p := b.OpenURL(t, listener.URL+path, browsertest.View{Width: width, Height: 800, NoJS: plain})
				for _, f := range prepare {
					f(p)
				}
				if out := p.Beyond(); len(out) > 0 {
					t.Errorf("%s at %d px, beyond the edge: %s", name, width, strings.Join(out, "; "))
				}
				if out := p.Violations(); len(out) > 0 {
					t.Errorf("%s at %d px, without scripts %v: %s", name, width, plain, strings.Join(out, "; "))
				}
				if out := p.Refused(); len(out) > 0 {
					t.Errorf("%s at %d px: refused by the policy: %s", name, width, strings.Join(out, "; "))
				}
				if shots != "" && !plain {
					if err := os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(width, 10)+".png"), p.Screenshot(), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				p.Close()
			}
		}
	}
	look("use-empty", useAt)
	look("limits-empty", limitsAt)
	look("keys-empty", keysAt)
	s.furnish()
	who = "employee"
	look("use", useAt)
	look("own", ownAt)
	look("own-remove", s.get(who, useAt).link("Wis"))
	look("guard", guardAt)
	look("models", modelsAt)
	who = "administrator"
	look("limits", limitsAt)
	item := s.get(who, limitsAt).link("Bekijk of wijzig")
	look("limit", item)
	look("limit-new", limitsAt+"/new")
	look("limit-wrong", limitsAt+"/new", func(p *browsertest.Page) { p.Click("form.form button"); p.Wait(".error-summary") })
	look("limit-edit", item+"/edit")
	look("limit-remove", item+"/remove")
	look("limit-preview", limitsAt+"/new", func(p *browsertest.Page) {
		p.Fill("input[name=most]", "4")
		p.Fill("textarea[name=reason]", "Proef van een maand.")
		p.Click("form.form button")
		p.Wait("#effect")
	})
	look("key-new", keysAt+"/new")
	look("secret", keysAt+"/new", func(p *browsertest.Page) {
		p.Fill("input[name=name]", "Zoekhulp op de website")
		p.Click("form.form button")
		p.Wait("#secret")
	})
	look("keys", keysAt)
	k := strings.TrimSuffix(s.get(who, keysAt).link("Vernieuw"), "/renew")
	look("key-renew", k+"/renew")
	look("key-withdraw", k+"/withdraw")
	look("guard-edit", guardAt+"/edit")
	look("guard-preview", guardAt+"/edit", func(p *browsertest.Page) {
		p.Click("input[name=" + string(guard.Plate) + "][value=block]")
		p.Click("input[name=" + string(guard.Health) + "][value=ignore]")
		p.Click("form.form button")
		p.Wait("#examples")
	})
	s.post(who, guardAt, s.policyPairs("0", guard.Plate, "block")...).leads(guardAt)
	look("guard-changed", guardAt)
	look("models-managed", modelsAt)
}

// policyPairs are the fields of a form that changes one type of the policy as shipped.
func (s *site) policyPairs(version string, t guard.Type, action string) []string {
	out := []string{"version", version, "reason", "Afgesproken met de functionaris."}
	for kind, a := range guard.DefaultPolicy() {
		if kind == t {
			out = append(out, string(kind), action)
		} else {
			out = append(out, string(kind), a.String())
		}
	}
	return out
}
