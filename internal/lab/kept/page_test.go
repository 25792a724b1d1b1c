package kept

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
)

func TestAPersonFindsReadsChangesAndDeletesWhatTheyKeep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.get("anna", home).wants(http.StatusOK, "Je bewaart geen gesprekken", "Ga naar de chat")
		id, _ := w.keep(conversation("de bewoner"))
		w.get("anna", home).wants(http.StatusOK, "Brief aan de bewoner", "2 januari 2027")
		w.get("anna", home+"?q=fiets").wants(http.StatusOK, "Geen titel met die woorden").silent("de bewoner")
		show := w.get("anna", at(id)).wants(http.StatusOK, "Alleen jij kunt dit openen", "Korter: de bewoner", "Versie 2 van 2", "Vorige versie", "Het practice", "brak af", "Wat het model vooraf")
		if show.Header().Get("Cache-Control") != "no-store" || show.Header().Get("X-Dns-Prefetch-Control") != "off" {
			t.Errorf("%v", show.Header())
		}
		show.silent("dossier.txt")
		w.get("anna", at(id)+"?leaf=a1").wants(http.StatusOK, "Versie 1 van 2", "dossier.txt", "Vervangen voor het naar het model vertrok: telefoonnummer").silent("Korter:", "inhoud over")
		form := w.get("anna", at(id)+"/change").wants(http.StatusOK, "Ten laatste 2 januari 2027").form()
		form.Set("title", "")
		w.post("anna", at(id)+"/change", form).wants(http.StatusUnprocessableEntity, "Geef een titel")
		form.Set("title", "Nieuwe titel")
		form.Set("until", "2027-05-01")
		w.post("anna", at(id)+"/change", form).wants(http.StatusUnprocessableEntity, "02/01/2027")
		form.Set("until", "2026-12-24")
		w.post("anna", at(id)+"/change", form).wants(http.StatusSeeOther)
		w.post("anna", at(id)+"/change", form).wants(http.StatusSeeOther) // sent twice
		form.Set("title", "Uit een ander venster")
		w.post("anna", at(id)+"/change", form).wants(http.StatusUnprocessableEntity, "intussen veranderd")
		w.get("anna", at(id)).wants(http.StatusOK, "Nieuwe titel", "24 december 2026")
		w.get("anna", at(id)+"/delete").wants(http.StatusOK, "Dit gesprek verwijderen?")
		w.post("anna", at(id)+"/delete", url.Values{}).wants(http.StatusSeeOther)
		w.get("anna", at(id)).wants(http.StatusNotFound, "er niet (meer)")
		w.keep(conversation("a"))
		w.get("anna", allAt).wants(http.StatusOK, "Alles verwijderen?")
		w.post("anna", allAt, url.Values{}).wants(http.StatusSeeOther)
		w.get("anna", home).wants(http.StatusOK, "Je bewaart geen gesprekken")
	})
}

func TestTheDataOfAConversationGoesToItsOwnerAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := conversation("geheim")
		id, _ := w.keep(c)
		a := w.get("anna", at(id)+"/data").wants(http.StatusOK)
		var got struct {
			ID           string
			Version      int64
			Until        Day
			Conversation lab.Conversation
		}
		if err := json.Unmarshal(a.Body.Bytes(), &got); err != nil || got.ID != id || got.Version != 1 || len(got.Conversation.Messages) != 5 || a.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%+v %v", got, err)
		}
		for _, who := range []string{"bert", "hr", "dpo", "administrator", "key anna", "theirs anna", ""} {
			for _, path := range []string{"", "/data", "/export?format=json", "/change", "/delete", "/share"} {
				if b := w.get(who, at(id)+path); b.Code == http.StatusOK || strings.Contains(b.Body.String(), "geheim") {
					t.Errorf("%q gets %s: %d", who, path, b.Code)
				}
			}
		}
	})
}

func TestAConversationIsTakenAlong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := conversation("de bewoner")
		c.Messages[2].Text += "\n\n![x](https://evil.example/x.png) <script>alert(1)</script>"
		id, _ := w.keep(c)
		md := w.get("anna", at(id)+"/export?format=md&leaf=a1").wants(http.StatusOK)
		for _, want := range []string{"# Brief aan de bewoner", "Met Het practice.", "taak Taak letter", "Er zijn nog 2 berichten", "Beste **de bewoner**", "Vervangen voor het naar het model vertrok", "3 december 2026"} {
			if !strings.Contains(md.Body.String(), want) {
				t.Errorf("the Markdown does not say %q: %s", want, md.Body)
			}
		}
		if d := md.Header().Get("Content-Disposition"); d != `attachment; filename=gesprek-2026-12-03.md` {
			t.Errorf("%q", d)
		}
		paper := w.get("anna", at(id)+"/export?format=html&leaf=a1").wants(http.StatusOK, "Beste de bewoner", "afbeelding niet geladen")
		paper.silent("<script>alert", "<img")
		if p := paper.Header().Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "script-src") {
			t.Errorf("%q", p)
		}
		var tree struct {
			Schema       string
			Conversation lab.Conversation
		}
		if err := json.Unmarshal(w.get("anna", at(id)+"/export?format=json").wants(http.StatusOK).Body.Bytes(), &tree); err != nil || tree.Schema != Schema || len(tree.Conversation.Messages) != 5 {
			t.Errorf("%+v %v", tree, err)
		}
		word := w.get("anna", at(id)+"/export?format=docx&leaf=a1").wants(http.StatusOK)
		zipped, err := zip.NewReader(bytes.NewReader(word.Body.Bytes()), int64(word.Body.Len()))
		if err != nil {
			t.Fatal(err)
		}
		part, err := zipped.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil || !strings.Contains(string(content), "afbeelding niet geladen: https://evil.example/x.png") || !strings.Contains(string(content), "Met Het practice.") || strings.Contains(string(content), "Korter") {
			t.Errorf("%v: %.3000s", err, content)
		}
		w.get("anna", at(id)+"/export?format=exe").wants(http.StatusNotFound)
		w.get("anna", at(id)+"/export?format=md&leaf=zzz").wants(http.StatusNotFound)
	})
}

func TestAPersonSeesWhatTheyShareBeforeItIsShared(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, _ := w.keep(conversation("Fatima El Amrani"))
		ask := w.get("anna", at(id)+"/share?leaf=a1").wants(http.StatusOK, "Dit zien collega’s", "Telefoonnummer: 0470 12 34 56", "[TELEFOON-1]", "dossier.txt")
		form := ask.form()
		form.Set("words", "dossier")
		form.Set("do", "share")
		w.post("anna", at(id)+"/share", form).wants(http.StatusUnprocessableEntity, "Kijk het onderaan na", "[…].txt")
		form.Set("do", "look")
		form = w.post("anna", at(id)+"/share", form).wants(http.StatusOK, "[…].txt").form()
		form.Set("do", "share")
		form.Set("until", "2028-01-01")
		again := w.post("anna", at(id)+"/share", form).wants(http.StatusUnprocessableEntity, "Kies een dag").form()
		again.Set("do", "share")
		again.Set("until", "2026-12-31")
		to := w.post("anna", at(id)+"/share", again).wants(http.StatusSeeOther).Header().Get("Location")
		if second := w.post("anna", at(id)+"/share", again).wants(http.StatusSeeOther).Header().Get("Location"); second != to {
			t.Errorf("the same form shares at %s and %s", to, second)
		}
		at, err := url.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		w.get("anna", at.Path).wants(http.StatusOK, "Je deelt dit", "Deel dit niet meer")
		read := w.get("bert", at.Path).wants(http.StatusOK, "Naam van anna deelt dit", "31 december 2026", "[TELEFOON-1]", "Probeer dit zelf", "Een model maakt fouten").silent("0470", "Korter", "Deel dit niet meer")
		if f := read.form(); !strings.HasPrefix(f.Get("text"), "Schrijf een brief aan") || f.Get("task") != "letter" || !strings.Contains(read.Body.String(), `action="/lab/chat/start"`) {
			t.Errorf("%v", f)
		}
		for _, who := range []string{"", "key bert", "theirs bert"} {
			if a := w.get(who, at.Path); a.Code == http.StatusOK {
				t.Errorf("%q reads it", who)
			}
		}
		w.get("bert", at.Path+"/withdraw").wants(http.StatusNotFound)
		w.post("bert", at.Path+"/withdraw", url.Values{}).wants(http.StatusNotFound)
		w.get("anna", at.Path+"/withdraw").wants(http.StatusOK, "Niet meer delen?")
		w.post("anna", at.Path+"/withdraw", url.Values{}).wants(http.StatusSeeOther)
		w.get("bert", at.Path).wants(http.StatusNotFound, "niet (meer) gedeeld")
	})
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

// TestEveryWordThatIsAskedForIsThereAndNoOther reads the keys out of the program.
func TestEveryWordThatIsAskedForIsThereAndNoOther(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{"audit.lab.shared": true, "audit.lab.unshared": true}
	for _, f := range Formats() {
		asked["export."+f] = true
	}
	sources, err := filepath.Glob("*.*")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?:say|with|\.n|link|Wrong\("[a-z]+",|refuse\([a-zA-Z.]+,) ?\(?"([a-z0-9.-]*[a-z0-9])"`)
	noticed := regexp.MustCompile(`notice\(r, "([a-z-]+)"\)`)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(text), -1) {
			asked[m[1]] = true
		}
		for _, m := range noticed.FindAllStringSubmatch(string(text), -1) {
			asked["notice."+m[1]] = true
		}
	}
	p := locale().Printer(instrument.NL)
	for key := range asked {
		if !p.Has(key) {
			t.Errorf("there is no text %q", key)
		}
	}
	keys, err := locale().Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if !asked[key] {
			t.Errorf("nothing asks for the text %q", key)
		}
	}
}

func TestOffersOnlyWhoKeepsSomething(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	r := request(t, w, "anna")
	if tiles := w.Offers(r); len(tiles) != 0 {
		t.Errorf("%+v", tiles)
	}
	w.keep(conversation("x"))
	if tiles := w.Offers(r); len(tiles) != 1 || tiles[0].Href != home || !strings.Contains(tiles[0].Text, "1 gesprek") {
		t.Errorf("%+v", tiles)
	}
}
