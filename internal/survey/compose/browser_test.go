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

// Everything about an own question works without scripts: adding it, choosing who gets it, moving it, taking it out and back.
func TestAnOwnQuestionIsMadeWithoutScripts(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t), "hr", departments)
	listener := httptest.NewServer(s.server)
	t.Cleanup(listener.Close)
	tab := browsertest.Start(t).Tab(t, browsertest.View{Width: 390, Height: 844, NoJS: true})
	tab.Goto(listener.URL + s.at(""))
	tab.Click(`#own a[href$="/new"]`)
	tab.Click(`a[href$="kind=single"]`)
	for name, value := range map[string]string{"question-nl": "Waar werk je?", "question-fr": "Où travaillez-vous ?", "options-nl": "thuis\nkantoor", "options-fr": "maison\nbureau", "after": "use_work"} {
		tab.Fill(`[name="`+name+`"]`, value)
	}
	tab.Click(`form[action$="/new"] button[type=submit]`)
	if got := tab.Location(); !strings.HasSuffix(got, "/own/own1") {
		t.Fatalf("after adding, the page is %s", got)
	}
	if got := tab.Text(`.phone[lang="fr"] legend`); got != "Où travaillez-vous ?" {
		t.Errorf("the preview says %q", got)
	}
	tab.Click(`a[href$="/condition"]`)
	tab.Fill(`select[name="item"]`, "use_work")
	tab.Click(`form[method="get"] button`)
	tab.Click(`input[name="option"][value="daily"]`)
	tab.Click(`form[method="post"] button[type=submit]`)
	if c := s.recipe().Own[0].Condition; c == nil || c.Item != "use_work" || len(c.Options) != 1 || c.Options[0] != "daily" {
		t.Fatalf("%+v", c)
	}
	tab.Goto(listener.URL + s.at(""))
	tab.Click(`form[action$="/own/own1/move"]:nth-of-type(2) button`)
	if got := s.recipe().Own[0].After; got != "systems_work" {
		t.Errorf("moved down, it stands after %s", got)
	}
	tab.Click(`form[action$="/own/own1/remove"] button`)
	if r := s.recipe(); len(r.Own) != 0 || len(r.Removed) != 1 {
		t.Fatalf("%+v", r)
	}
	tab.Click(`#own summary`)
	tab.Click(`form[action$="/own/own1/restore"] button`)
	if r := s.recipe(); len(r.Own) != 1 || len(r.Removed) != 0 {
		t.Fatalf("%+v", r)
	}
	if refused := tab.Refused(); len(refused) > 0 {
		t.Errorf("the policy refused %v", refused)
	}
}
