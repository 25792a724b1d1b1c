package ui

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
)

// answer is what came back.
type answer struct {
	StatusCode int
	Header     http.Header
	Body       []byte
}

// get asks Assets for a path, with headers as pairs of name and value.
func get(t *testing.T, path string, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	Assets().ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.Bytes()}
}

func TestAssetsMayBeKeptForEver(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]string{
		"app.css": "text/css; charset=utf-8", "report.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8",
		"htmx.js": "text/javascript; charset=utf-8", "favicon.svg": "image/svg+xml", "favicon.png": "image/png",
		"touch-icon.png": "image/png", fontLatin: "font/woff2", fontLatinExt: "font/woff2",
	} {
		url := AssetURL(name)
		if !regexp.MustCompile(`^/assets/[a-z-]+\.[0-9a-f]{16}\.[a-z0-9]+$`).MatchString(url) {
			t.Errorf("%s: address %q", name, url)
		}
		r := get(t, url)
		for header, want := range map[string]string{
			"Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff", "Content-Encoding": "",
		} {
			if got := r.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		plain := r.Body
		packed := get(t, url, "Accept-Encoding", "br, gzip;q=0.8")
		if packed.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(bytes.NewReader(packed.Body))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(z)
			if err != nil || !bytes.Equal(body, plain) {
				t.Errorf("%s: unpacked differs: %v", name, err)
			}
			if packed.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: no Vary", name)
			}
		} else if strings.HasSuffix(name, ".css") || strings.HasSuffix(name, ".js") {
			t.Errorf("%s goes out unpacked", name)
		}
		again := get(t, url, "If-None-Match", r.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified || len(again.Body) > 0 {
			t.Errorf("%s: asked again, %d", name, again.StatusCode)
		}
	}
}

func TestAssetOfAnotherVersionIsAnsweredButNotKept(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/assets/app.0000000000000000.css", "/assets/app.css"} {
		r := get(t, path)
		if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d, %q", path, r.StatusCode, r.Header.Get("Cache-Control"))
		}
	}
	for _, path := range []string{"/assets/", "/assets/none.css", "/assets/../doc.go", "/assets/css/app.css", "/assets/app.x.y.css"} {
		if r := get(t, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if AssetURL("none.css") != "" {
		t.Error("an unknown asset has an address")
	}
}

func TestPartOfAPackedAssetIsSentUnpacked(t *testing.T) {
	t.Parallel()
	r := get(t, AssetURL("app.css"), "Accept-Encoding", "gzip", "Range", "bytes=0-9")
	if b := r.Body; r.StatusCode != http.StatusPartialContent || r.Header.Get("Content-Encoding") != "" || string(b) != "@font-face" {
		t.Errorf("%d %q %q", r.StatusCode, r.Header.Get("Content-Encoding"), b)
	}
}

func TestOnlyWhoAsksForItGetsGzip(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"gzip": true, "GZIP": true, "br, gzip": true, "*": true, "gzip;q=0.1": true, "gzip; q=1.0, br": true,
		"": false, "br": false, "gzip;q=0": false, "gzip; q=0.000": false, "*;q=0": false, "gzip;q=0, *": false, "x-gzipped": false, "gzip;q=x": false,
	} {
		if got := acceptsGzip(header); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

func TestStyleSheetOfTheAppReachesForItsFontsOnly(t *testing.T) {
	t.Parallel()
	css := string(get(t, AssetURL("app.css")).Body)
	for _, m := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(css, -1) {
		if r := get(t, "/assets/"+m[1]); r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "font/woff2" || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d", m[1], r.StatusCode)
		}
	}
	if strings.Count(css, "@font-face") != 2 || strings.Contains(css, "@import") {
		t.Error("the style sheet lacks a typeface or imports")
	}
}

// TestFirstLoadIsLight sums what a browser loads first: the page, its style sheet, scripts, sign and one typeface, packed as on the wire.
func TestFirstLoadIsLight(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	if err := ComponentsPage(instrument.NL).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	packed := serve("", page.String())
	sum := len(packed.packed)
	t.Logf("page: %d, packed %d", page.Len(), sum)
	for _, m := range regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`).FindAllStringSubmatch(page.String(), -1) {
		if strings.Contains(m[1], ".png") {
			continue // for browsers that do not take the SVG
		}
		n := len(get(t, m[1], "Accept-Encoding", "gzip").Body)
		t.Logf("%s: %d", m[1], n)
		sum += n
	}
	t.Logf("together: %d", sum)
	if sum > 100_000 {
		t.Errorf("the first load weighs %d bytes, above 100 kB", sum)
	}
}

func TestStyleSheetsTogetherAreSmall(t *testing.T) {
	t.Parallel()
	sum := len(files()["app.css"].packed) + len(files()["report.css"].packed)
	t.Logf("%d bytes gzipped", sum)
	if sum > 20_000 {
		t.Errorf("style sheets are %d bytes gzipped, above 20 kB", sum)
	}
}

func TestOwnScriptIsSmallAndPlain(t *testing.T) {
	t.Parallel()
	js := asset("js/app.js")
	t.Logf("%d bytes, %d gzipped", len(js), len(files()["app.js"].packed))
	if len(js) > 6_000 {
		t.Errorf("%d bytes, above 6 kB", len(js))
	}
	for _, bad := range []string{"eval(", "new Function", ".innerHTML", ".style", "document.write", "http:", "https:"} {
		if strings.Contains(js, bad) {
			t.Errorf("the script uses %s", bad)
		}
	}
}

func TestVendoredScriptNamesItsVersionAndLicence(t *testing.T) {
	t.Parallel()
	version := regexp.MustCompile(`version:"(2\.0\.\d+)"`).FindStringSubmatch(asset("vendor/htmx/htmx.min.js"))
	if version == nil || !strings.Contains(asset("vendor/htmx/README"), "htmx "+version[1]+",") {
		t.Errorf("the note beside htmx does not name its version %v", version)
	}
	if !strings.Contains(asset("vendor/htmx/LICENSE"), "Zero-Clause BSD") {
		t.Error("the licence of htmx is missing")
	}
}
