package compose

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui/browsertest"
)

// TestTheEditorIsForEveryone looks at each page of the editor as its readers do: on a phone, a tablet and a desk, with scripts
// and without. With TEKENTAFEL_PICTURES it keeps what it saw.
func TestTheEditorIsForEveryone(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t), "hr", departments)
	listener := httptest.NewServer(s.server)
	t.Cleanup(listener.Close)
	s.post("", s.at("/new"), s.single("Werk je vaak thuis en buiten?"))
	form := s.form("kind", "matrix", "question-nl", "Wat vind je hiervan?", "question-fr", "Qu’en pensez-vous ?", "rows-nl", "Ik ben niet bang voor AI.\nIk leer graag bij.", "rows-fr", "Je n’ai pas peur de l’IA.\nJ’aime apprendre.", "scale", "agreement", "dont_know", "yes")
	s.post("", s.at("/new"), form)
	missing := s.single("Nog iets?")
	missing.Del("question-fr")
	s.post("", s.at("/new"), missing)
	s.post("", s.at("/own/own1/condition"), s.form("item", "use_work", "option", "daily"))
	if n := len(s.recipe().Own); n != 3 {
		t.Fatalf("%d own questions", n)
	}
	pages := map[string]string{"overview": "", "kinds": "/new", "own": "/own/own1", "matrix": "/own/own2", "condition": "/own/own1/condition?item=use_work", "levels": "/levels/department",
		"texts": "/texts/welcome", "options": "/texts/workplace", "translations": "/translations", "base": "/base", "preview": "/preview?language=fr"}
	for _, k := range []instrument.Kind{instrument.Multiple, instrument.Scale, instrument.Number, instrument.OpenText, instrument.Info} {
		pages["new-"+string(k)] = "/new?kind=" + string(k)
	}
	tab := browsertest.Start(t).Tab(t, browsertest.View{Width: 1366, Height: 900})
	for _, width := range []int64{320, 820, 1366} {
		for _, noScript := range []bool{false, true} {
			tab.SetView(browsertest.View{Width: width, Height: 900, NoJS: noScript})
			for name, path := range pages {
				what := fmt.Sprintf("%s at %d px, without scripts %t", name, width, noScript)
				tab.Forget()
				tab.Goto(listener.URL + s.at(path))
				if tab.Status() != 200 {
					t.Errorf("%s: status %d", what, tab.Status())
				}
				for label, list := range map[string][]string{"accessibility": tab.Violations(), "beyond the edge": tab.Beyond(), "refused": tab.Refused(), "errors": tab.Errors()} {
					if len(list) > 0 {
						t.Errorf("%s: %s: %s", what, label, strings.Join(list, "; "))
					}
				}
				if dir := os.Getenv("TEKENTAFEL_PICTURES"); dir != "" && !noScript {
					if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, width)), tab.Screenshot(), 0o600); err != nil {
						t.Error(err)
					}
				}
			}
		}
	}
}
