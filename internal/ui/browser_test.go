package ui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// policy is the content security policy of the product.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// serve answers with the page of components and its assets, as the product does.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /components", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := ui.ComponentsPage(instrument.Lang(r.URL.Query().Get("lang"))).Render(r.Context(), w); err != nil {
			t.Errorf("render: %v", err)
		}
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// TestComponentsInABrowser opens the page of components as readers do, in one browser for all.
func TestComponentsInABrowser(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := browsertest.Start(t)
	for _, width := range []int64{320, 820, 1366} {
		for _, dark := range []bool{false, true} {
			v := browsertest.View{Width: width, Height: 900, Dark: dark}
			t.Run(v.String(), func(t *testing.T) { look(t, b, s.URL+"/components?lang=nl", v) })
		}
	}
	for _, lang := range []string{"fr", "de", "en"} {
		t.Run(lang, func(t *testing.T) {
			look(t, b, s.URL+"/components?lang="+lang, browsertest.View{Width: 320, Height: 700})
		})
	}
	t.Run("print", func(t *testing.T) {
		look(t, b, s.URL+"/components?lang=nl", browsertest.View{Width: 720, Height: 1000, Print: true})
	})
}

// look says what is wrong with a page as seen in a view, with everything that opens open.
func look(t *testing.T, b *browsertest.Browser, address string, v browsertest.View) {
	p := b.OpenURL(t, address, v)
	defer p.Close()
	browsertest.Eval[int](p, `[...document.querySelectorAll('details:not(.menu)')].map(d => d.open = true).length`)
	if dir := os.Getenv("UI_SHOTS"); dir != "" {
		name := strings.ReplaceAll(fmt.Sprintf("%s %s.png", address[strings.LastIndexByte(address, '=')+1:], v), " ", "-")
		if err := os.WriteFile(filepath.Join(dir, name), p.Screenshot(), 0o600); err != nil {
			t.Error(err)
		}
	}
	for what, out := range map[string][]string{
		"refused by the content security policy": p.Refused(), "beyond the edge": p.Beyond(), "axe-core": p.Violations(),
	} {
		if len(out) > 0 {
			t.Errorf("%s: %s", what, strings.Join(out, "\n"))
		}
	}
	if px := p.SmallestText(); px < 12 {
		t.Errorf("smallest text is %.1f px", px)
	}
}
