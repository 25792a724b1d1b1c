package desk

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/pdf"
	"tekentafel/internal/testkit"
)

// TestThePosterIsOneSheetThatCanBeScanned prints posters with little and with much on them. With TEKENTAFEL_SHOTS it keeps them in that
// folder.
func TestThePosterIsOneSheetThatCanBeScanned(t *testing.T) {
	t.Parallel()
	if _, err := pdf.Find(); err != nil {
		testkit.Missing(t, err.Error())
	}
	long := strings.Repeat("Elke ploeg krijgt een les van twintig minuten op de eigen werkplek. ", 7)
	for name, c := range map[string]struct {
		intro, words string
		actions      int
	}{
		"short": {"", "Iedere ploeg krijgt een les.", 2}, "full": {"Bedankt voor je antwoorden.", "Iedere ploeg krijgt een les van twintig minuten, tijdens de werkuren en op de werkplek zelf.", 9},
		"long": {strings.Repeat("Bedankt voor je antwoorden. ", 20), long, 6}, "endless": {strings.Repeat("Bedankt. ", 200), long, 3}, "parted": {"Bedankt.\nVan iedereen.", "Een\ntwee\ndrie\nvier\nvijf\nzes", 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, dbtest.SQLite(t))
			s.Add(action.Report{ID: "r1", Title: "Najaar 2026"}, actiontest.Monitor(), nil)
			content := action.ToldContent{Intro: plainText(c.intro)}
			for range c.actions {
				a := s.Begin(actiontest.Draft("Een actie"), action.Running)
				content.Items = append(content.Items, action.ToldItem{Action: a.ID, Words: plainText(c.words)})
			}
			hr := actiontest.Actor("hr")
			if err := s.Tell(t.Context(), hr, "r1", 0, content); err != nil {
				t.Fatal(err)
			}
			if err := s.Publish(t.Context(), hr, "r1", 1); err != nil {
				t.Fatal(err)
			}
			told, err := s.ToldAbout(t.Context(), hr, "r1")
			if err != nil {
				t.Fatal(err)
			}
			a := s.get("hr", reportAt(toldAt, "r1")+posterPath+"?lang=nl").wants(http.StatusOK)
			out, err := pdf.Print(t.Context(), a.Body.Bytes(), pdf.Options{Bare: true})
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "poster.pdf")
			if dir := os.Getenv("TEKENTAFEL_SHOTS"); dir != "" {
				path = filepath.Join(dir, "poster-"+name+".pdf")
			}
			if err := os.WriteFile(path, out, 0o600); err != nil {
				t.Fatal(err)
			}
			if pages := len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(out, -1)); pages != 1 {
				t.Errorf("it takes %d sheets", pages)
			}
			scanned(t, path, "https://tekentafel.example/t/"+told.Key+"?lang=nl")
		})
	}
}

// scanned fails the test unless a picture of the first page has a code that says so.
func scanned(t *testing.T, path, want string) {
	t.Helper()
	for _, tool := range []string{"pdftoppm", "zbarimg"} {
		if _, err := exec.LookPath(tool); err != nil {
			testkit.Missing(t, tool+" is not installed")
		}
	}
	picture := filepath.Join(t.TempDir(), "poster")
	if out, err := exec.CommandContext(t.Context(), "pdftoppm", "-r", "100", "-png", "-singlefile", path, picture).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), "zbarimg", "--quiet", "--raw", picture+".png").Output()
	if err != nil || string(bytes.TrimSpace(out)) != want {
		t.Errorf("the code says %q, want %q: %v", out, want, err)
	}
}
