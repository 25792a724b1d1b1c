package strategy

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/pdf"
	"tekentafel/internal/testkit"
)

// TestThePDFIsTagged prints the strategy of a whole wave, with an outline, the language and the heads of tables. With TEKENTAFEL_SHOTS it keeps
// it and the Word document in that folder.
func TestThePDFIsTagged(t *testing.T) {
	t.Parallel()
	if _, err := pdf.Find(); err != nil {
		testkit.Missing(t, err.Error())
	}
	s := newSite(t, dbtest.SQLite(t))
	s.print = pdf.Print
	s.world.Add(action.Report{ID: "r1", Title: "Monitor najaar 2026", Wave: "Najaar 2026"}, firstWave()(t), actiontest.Gap(.4))
	s.acted("r1")
	if _, err := s.Place(t.Context(), actiontest.Actor("hr"), "r1", 0); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{home, readAt, chaptersAt + "stand"} {
		if n := s.get("hr", path).wants(http.StatusOK).Body.Len(); n > 100<<10 {
			t.Errorf("%s is %d bytes", path, n)
		}
	}
	content := s.get("hr", filesAt+"pdf?lang=nl").wants(http.StatusOK).Body.String()
	for _, want := range []string{"/StructTreeRoot", "/Lang (nl)", "/Outlines", "/TH"} {
		if !strings.Contains(content, want) {
			t.Errorf("the PDF has no %s", want)
		}
	}
	if shots := os.Getenv("TEKENTAFEL_SHOTS"); shots != "" {
		for name, file := range map[string]string{"strategy.pdf": content, "strategy.docx": s.get("hr", filesAt+"docx?lang=nl").Body.String()} {
			if err := os.WriteFile(filepath.Join(shots, name), []byte(file), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
