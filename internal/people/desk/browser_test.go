package desk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// uglyFile is an export with a title, a long heading, national numbers, lost zeros, a total, and rows that cannot be taken.
func uglyFile() string {
	var b strings.Builder
	b.WriteString("Personeelslijst per 1 november\n\nPersoneelsnummer;Voornaam;Familienaam;E-mail;Rijksregisternummer;Geboortedatum;Dienst;Functie;Niveau;VTE;Personeelsnummer leidinggevende;Omschrijving_van_de_arbeidsvoorwaarden_en_vergoedingen\n")
	names := []string{"Peeters", "Janssens", "Maes", "Willems", "De Smet", "Goossens", "El Amrani", "Vandenberghe"}
	units := []string{"Groen en natuur", "Financiën", "Burgerzaken", "Sport en jeugd"}
	for i := range 80 {
		n := int64(850101000 + i*3 + 100)
		number := digits(int64(20000+i), 5)
		if i < 6 {
			number = digits(int64(9100+i), 4)
		}
		fte := "1"
		if i%7 == 0 {
			fte = "deels"
		}
		mail := "persoon" + number + "@stad.example"
		if i%11 == 10 {
			number = ""
		}
		b.WriteString(number + ";An;" + names[i%8] + ";" + mail + ";" + digits(n, 9) + digits(97-n%97, 2) + ";01/02/1985;" + units[i/20] + ";" +
			[]string{"Tuinarbeider", "Boekhouder", "Loketmedewerker", "Redder"}[i/20] + ";D;" + fte + ";20010;x\n")
	}
	b.WriteString("Totaal;;;;;;;;;80;;\n")
	return b.String()
}

// TestPagesFitAndAreAccessible opens every page in each state, on a phone and a desk. With TEKENTAFEL_SHOTS it keeps pictures of
// them in that folder, to look at with one's own eyes.
func TestPagesFitAndAreAccessible(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		who := r.URL.Query().Get("who")
		if who == "" {
			who = "hr"
		}
		r.Header.Set("X-Test-Who", who)
		r.Header.Set("Accept-Language", "nl")
		s.server.ServeHTTP(w, r)
	})
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	b := browsertest.Start(t)
	look := func(name, path string) {
		t.Helper()
		widths := []int64{320, 1366}
		if dir := os.Getenv("TEKENTAFEL_SHOTS"); dir != "" {
			widths = []int64{390, 1366}
		}
		for _, width := range widths {
			p := b.OpenURL(t, listener.URL+path, browsertest.View{Width: width, Height: 800})
			if out := p.Beyond(); len(out) > 0 {
				t.Errorf("%s at %d px, beyond the edge: %s", name, width, strings.Join(out, "; "))
			}
			if out := p.Violations(); len(out) > 0 {
				t.Errorf("%s at %d px: %s", name, width, strings.Join(out, "; "))
			}
			if dir := os.Getenv("TEKENTAFEL_SHOTS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, name+map[int64]string{390: "-phone", 1366: "-desk"}[width]+".png"), p.Screenshot(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p.Close()
		}
	}
	look("door-empty", "/staff")
	look("imports-empty", importsAt)
	look("bring-first", importsAt+"/new")
	look("settings", settingsAt+"?who=administrator")
	source := s.source("Loonsysteem")
	at := s.bring(source, uglyFile())
	look("columns", at)
	s.maps(at)
	look("preview-first", at)
	s.takes(at)
	look("applied", at)
	look("door", "/staff")
	look("bring", importsAt+"/new?source="+source+"&instead=x")
	look("source", sourcesAt+"/"+source)
	// Half of the people, a unit under another name, a column that is new and one that is gone.
	lines := strings.SplitAfter(uglyFile(), "\n")
	half := strings.Join(append(lines[:2:2], strings.ReplaceAll(lines[2], "Omschrijving_van_de_arbeidsvoorwaarden_en_vergoedingen", "Kleur")), "") +
		strings.ReplaceAll(strings.Join(lines[3:43], ""), "Groen en natuur", "Natuur, groen en water")
	second := s.bring(source, half)
	look("preview", second)
	third := s.bring(source, strings.Replace(half, "VTE", "Kleur2", 1))
	look("columns-changed", third)
	form := s.get("hr", second).form(second + "/apply")
	form.Set("loss", "yes")
	s.post("hr", second+"/apply", form).leads(second)
	s.people.Settle()
	s.post("hr", "/staff/revisions/1/undo", url.Values{}).leads("/jobs/")
	s.people.Settle()
	look("imports", importsAt)
	look("revisions", revisionsAt)
	look("undone", revisionAt(3))
	look("undo", revisionAt(2)+"/undo")
	look("refuse", third+"/refuse")
}
