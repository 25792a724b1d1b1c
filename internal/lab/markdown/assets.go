package markdown

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

//go:embed assets
var assetFiles embed.FS

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Names of the files that Address knows.
const (
	Script = "markdown.js"  // an ES module: render(text, element)
	Style  = "markdown.css" // for what stands in an element of the class md
)

// The modules that Script imports.
const inlineScript, blocksScript = "inline.js", "blocks.js"

const (
	assetPath      = "/assets/lab/markdown/"
	defaultHeading = 3
)

// language is what is shown of the language of a piece of code.
var language = regexp.MustCompile(`^[A-Za-z0-9+#._-]{1,20}$`)

type asset struct {
	kind string
	body []byte
	hash string // of the body, 16 hexadecimal digits
}

// assets reads what is embedded. A missing file is a broken build, which the tests find.
var assets = sync.OnceValue(func() map[string]asset {
	out := map[string]asset{}
	for _, name := range []string{Style, inlineScript, blocksScript, Script} { // what others import comes before them
		body, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic(err)
		}
		kind := "text/css; charset=utf-8"
		if path.Ext(name) == ".js" {
			kind = "text/javascript; charset=utf-8"
			for _, part := range []string{inlineScript, blocksScript} {
				body = bytes.ReplaceAll(body, []byte("'./"+part+"'"), []byte("'./"+hashed(part, out[part].hash)+"'"))
			}
		}
		sum := sha256.Sum256(body)
		out[name] = asset{kind, body, hex.EncodeToString(sum[:8])}
	}
	return out
})

// Address is where the script or the style sheet is served, with the hash of the content so that browsers keep it for ever.
func Address(name string) string {
	return assetPath + hashed(name, assets()[name].hash)
}

// Preload lists the addresses of the modules that Script imports, for links with rel="modulepreload", which save a page two turns.
func Preload() []string { return []string{Address(blocksScript), Address(inlineScript)} }

func hashed(name, hash string) string {
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hash + ext
}

// AddTo serves the script and the style sheet.
func AddTo(s *web.Server) error {
	return s.Add(web.Route{Pattern: "GET " + assetPath + "{file}", Public: true, Handle: serve}) //nolint:wrapcheck // says the route
}

// serve serves a file. Another hash, of a page that another version made, gets the present content.
func serve(w http.ResponseWriter, r *web.Request) error {
	file := r.PathValue("file")
	ext := path.Ext(file)
	name, hash, _ := strings.Cut(strings.TrimSuffix(file, ext), ".")
	a, known := assets()[name+ext]
	if !known {
		return problem.New(problem.NotFound, locale(), "unknown", nil)
	}
	h := w.Header()
	h.Set("ETag", `"`+a.hash+`"`)
	if h.Set("Cache-Control", "no-cache"); hash == a.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return r.Send(w, http.StatusOK, a.kind, a.body)
}

// Attributes are for an element around those that the script fills: what it says beside an image, and the level of the first heading (see Options).
func Attributes(o Options) templ.Attributes {
	if o.Heading < 2 || o.Heading > 6 {
		o.Heading = defaultHeading
	}
	return templ.Attributes{"data-md-image": notLoaded(o.Lang), "data-md-heading": strconv.Itoa(o.Heading)}
}

// Header keeps a browser from looking up the hosts of links before somebody follows one. Call it before a page with links is written.
func Header(w http.ResponseWriter) { w.Header().Set("X-DNS-Prefetch-Control", "off") }

func notLoaded(lang instrument.Lang) string { return locale().Printer(lang).T("image", nil) }
