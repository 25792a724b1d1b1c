package kept

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/markdown"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// scrolls tells whether what is beyond the edge is a part of a table or of code, which scroll in themselves.
func scrolls(what string) bool {
	name, _, _ := strings.Cut(what, ".")
	return slices.Contains([]string{"TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "CODE"}, name)
}

// TestPagesFitAndAreAccessible opens every page on a phone, a tablet and a desk, with and without scripts. With TEKENTAFEL_SHOTS it keeps pictures of them in
// that folder, to look at with one's own eyes.
func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	w := newWorld(t, dbtest.SQLite(t))
	if err := markdown.AddTo(w.server); err != nil {
		t.Fatal(err)
	}
	who := "anna"
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	pass := func(rec http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Test-Who", who)
		r.Header.Set("Accept-Language", "nl")
		w.server.ServeHTTP(rec, r)
	}
	mux.HandleFunc("GET /assets/lab/", pass)
	mux.HandleFunc("/", pass)
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	shots := os.Getenv("TEKENTAFEL_SHOTS")
	look := func(name, path string) {
		t.Helper()
		for _, v := range []browsertest.View{{Width: 320, Height: 800}, {Width: 360, Height: 800, NoJS: true}, {Width: 820, Height: 800}, {Width: 1366, Height: 800, Dark: true}, {Width: 1280, Height: 800}} {
			p := b.OpenURL(t, listener.URL+path, v)
			if out := slices.DeleteFunc(p.Beyond(), scrolls); len(out) > 0 {
				t.Errorf("%s at %v, beyond the edge: %s", name, v, strings.Join(out, "; "))
			}
			if out := p.Violations(); len(out) > 0 {
				t.Errorf("%s at %v: %s", name, v, strings.Join(out, "; "))
			}
			if out := p.Refused(); len(out) > 0 {
				t.Errorf("%s at %v: refused by the policy: %s", name, v, strings.Join(out, "; "))
			}
			if p.Status() >= http.StatusBadRequest || p.SmallestText() < 12 {
				t.Errorf("%s at %v: status %d, text of %.1f px", name, v, p.Status(), p.SmallestText())
			}
			if shots != "" && !v.Dark {
				if err := os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(v.Width, 10)+".png"), p.Screenshot(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p.Close()
		}
	}
	look("empty", home)
	c := conversation("Fatima El Amrani")
	c.Title = "Brief aan een bewoner over de nieuwe regels voor parkeren"
	c.Messages[1].Text = "Schrijf deze brief eenvoudiger. Mevrouw Fatima El Amrani (0470 12 34 56) vraagt een parkeerkaart. Zij is zwanger."
	c.Messages[2].Text = "## Voorstel\n\nBeste mevrouw El Amrani\n\nU vroeg een **parkeerkaart**. Dit hebt u nodig:\n\n1. uw identiteitskaart\n2. het bewijs van uw wagen\n\n- [x] adres nagekeken\n- [ ] datum\n\n| stap | wat u doet | waar | hoe lang | kosten |\n|---|---|---|---|---:|\n| 1 | aanvragen | loket of website | 5 minuten | 0,00 euro |\n| 2 | betalen | loket | 2 minuten | 25,00 euro |\n\n```\nKaart nr. ______________________________________________________________________________________\n```\n\nMeer op [de website](https://www.gent.be/parkeren?d=1234567890) ![plan](https://evil.example/plan.png)"
	c.Messages = append(c.Messages, lab.Message{ID: "q3", Parent: "a1", Role: lab.User, Text: "Mag het korter?\nIn vier zinnen."}, lab.Message{ID: "a3", Parent: "q3", Role: lab.Assistant, Model: "practice", Text: "> U vroeg een kaart.\n\nKom naar het loket.", Cut: true})
	c.Leaf = "a3"
	id, version := w.keep(c)
	w.keep(conversation("de dienst"))
	name, err := w.Share(t.Context(), anna, id, version, "", Choice{Keys: []string{"v0", "v1"}}, "", "", "nl")
	if err != nil {
		t.Fatal(err)
	}
	look("list", home)
	look("show", at(id))
	look("change", at(id)+"/change")
	look("delete", at(id)+"/delete")
	look("all", allAt)
	look("share", at(id)+"/share")
	look("own-share", shareAt(name))
	look("withdraw", shareAt(name)+"/withdraw")
	look("paper", at(id)+"/export?format=html")
	who = "bert"
	look("read", shareAt(name))
}
