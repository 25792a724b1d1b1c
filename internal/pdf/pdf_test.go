package pdf

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/testkit"
)

// need skips the test for want of Chromium or a tool, or fails it where everything is required.
func need(t *testing.T, tools ...string) {
	t.Helper()
	why := ""
	if _, err := Find(); err != nil {
		why = err.Error()
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			why = tool + " is missing: apt-get install poppler-utils"
		}
	}
	if why != "" {
		testkit.Missing(t, why)
	}
}

func run(t *testing.T, tool string, document []byte, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "p.pdf")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, file)
	if tool == "pdftotext" {
		args = append(args, "-")
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, out)
	}
	return string(out)
}

const sample = `<!doctype html><html lang="fr"><head><title>Rapport d’essai</title></head><body><main><h1>Titre</h1><h2>Partie</h2>
<p>Bonjour</p><table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>
<svg role="img" aria-labelledby="t" viewBox="0 0 9 9" width="90"><title id="t">Un carré</title><rect width="9" height="9"/></svg></main></body></html>`

func TestPrintIsTaggedTitledAndNumbered(t *testing.T) {
	t.Parallel()
	need(t, "pdfinfo", "pdftotext")
	out, err := Print(t.Context(), []byte(sample), Options{Header: "Kop <b>", HeaderEnd: "synthetisch", Page: "Pagina", Of: "van"})
	if err != nil {
		t.Fatal(err)
	}
	about := run(t, "pdfinfo", out)
	for _, want := range []string{"Tagged:          yes", "Title:           Rapport d’essai", "Pages:           1", "595.92 x 841.92 pts (A4)"} {
		if !strings.Contains(about, want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, about)
		}
	}
	for _, want := range []string{"/Lang (fr)", "/Outlines", "/TH", "/Figure"} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("no %s in the PDF", want)
		}
	}
	text := strings.Join(strings.Fields(run(t, "pdftotext", out, "-layout")), " ")
	for _, want := range []string{"Kop <b>", "synthetisch", "Pagina 1 van 1", "Bonjour"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q: %s", want, text)
		}
	}
}

func TestBarePrintHasThePagesOwnMargins(t *testing.T) {
	t.Parallel()
	need(t, "pdfinfo", "pdftotext")
	out, err := Print(t.Context(), []byte(`<!doctype html><html lang="nl"><title>t</title><style>@page{size:A4;margin:0}body,p{margin:0}div{height:296mm;break-after:page}</style><div>een</div><p>twee`), Options{Bare: true, Header: "kop"})
	if err != nil {
		t.Fatal(err)
	}
	if about := run(t, "pdfinfo", out); !strings.Contains(about, "Pages:           2") {
		t.Error(about)
	}
	if text := run(t, "pdftotext", out); strings.Contains(text, "kop") || !strings.Contains(text, "twee") {
		t.Error(text)
	}
}

func TestPrintAsksNothingOfTheNetwork(t *testing.T) {
	t.Parallel()
	need(t)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	secret := filepath.Join(t.TempDir(), "secret.css")
	if err := os.WriteFile(secret, []byte("body{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	hostile := `<!doctype html><html lang="nl"><title>t</title><link rel="stylesheet" href="` + server.URL + `/a.css"><img src="` + server.URL +
		`/b.png"><iframe src="` + server.URL + `/c"></iframe><script>fetch("` + server.URL + `/d")</script><link rel="stylesheet" href="file://` + secret + `">hallo`
	if _, err := Print(t.Context(), []byte(hostile), Options{}); err != nil {
		t.Fatal(err)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("%d requests left the page", n)
	}
}

// A cancelled print and one that takes too long end soon, say so, and leave no profile behind.
func TestPrintThatIsStopped(t *testing.T) {
	need(t)
	t.Setenv("TMPDIR", t.TempDir())
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Print(stopped, []byte(sample), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if _, err := Print(t.Context(), []byte(sample), Options{Timeout: time.Millisecond}); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1ms") {
		t.Errorf("too long: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "tekentafel-print-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	only := func(have string) func(string) (string, error) {
		return func(name string) (string, error) {
			if name == have {
				return "/usr/bin/" + name, nil
			}
			return "", exec.ErrNotFound
		}
	}
	for _, c := range []struct{ named, have, want string }{
		{"", "chromium", "/usr/bin/chromium"}, {"", "google-chrome", "/usr/bin/google-chrome"}, {"mine", "mine", "/usr/bin/mine"}, {"mine", "chromium", ""}, {"", "", ""},
	} {
		got, err := find(c.named, only(c.have))
		if got != c.want {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
		var missing *NotInstalledError
		if c.want == "" && (!errors.As(err, &missing) || !strings.Contains(err.Error(), "apt-get install chromium") || !strings.Contains(err.Error(), "print it")) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestPrintWithoutChromium(t *testing.T) {
	t.Setenv(PathVariable, "/nonexistent/chromium")
	_, err := Print(t.Context(), []byte(sample), Options{})
	var missing *NotInstalledError
	if !errors.As(err, &missing) || len(missing.Tried) != 1 {
		t.Errorf("%v", err)
	}
}
