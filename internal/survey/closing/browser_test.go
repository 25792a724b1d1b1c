package closing

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/ui/browsertest"
)

// TestOpenAnswersAreForEveryReader looks at the pages of open answers on a phone, a tablet and a desk, with scripts and without.
// With TEKENTAFEL_PICTURES it keeps what it saw.
func TestOpenAnswersAreForEveryReader(t *testing.T) {
	t.Parallel()
	s := newSite(t, newWorld(t, dbtest.SQLite(t)), "hr")
	listener := httptest.NewServer(s.server)
	t.Cleanup(listener.Close)
	long := strings.Repeat("We zouden graag samen oefenen met voorbeelden uit ons eigen werk. ", 12)
	v, address := s.said(append(sayings, long, strings.Repeat("x", 300))...)
	pages := map[string]string{"questions": "/waves/" + v.ID + "/texts", "texts": address, "hidden": address + "?which=hidden", "marked": address + "?which=marked&q=mevrouw",
		"edit": address + "/" + s.idOf(&v, sayings[0]) + "/edit", "none": "/waves/" + v.ID + "/texts/wish"}
	tab := browsertest.Start(t).Tab(t, browsertest.View{Width: 1366, Height: 900})
	for _, view := range []browsertest.View{{Width: 320, Height: 700}, {Width: 820, Height: 900}, {Width: 1366, Height: 900}, {Width: 1366, Height: 900, Dark: true}, {Width: 320, Height: 700, NoJS: true}} {
		tab.SetView(view)
		for name, path := range pages {
			tab.Forget()
			tab.Goto(listener.URL + path)
			if tab.Status() != 200 {
				t.Errorf("%s at %v: status %d", name, view, tab.Status())
			}
			for label, list := range map[string][]string{"accessibility": tab.Violations(), "beyond the edge": tab.Beyond(), "refused": tab.Refused(), "errors": tab.Errors()} {
				if len(list) > 0 {
					t.Errorf("%s at %v: %s: %s", name, view, label, strings.Join(list, "; "))
				}
			}
			if dir := os.Getenv("TEKENTAFEL_PICTURES"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("texts-%s-%s.png", name, strings.ReplaceAll(view.String(), " ", "-"))), tab.Screenshot(), 0o600); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
