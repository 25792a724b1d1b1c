package room

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"sort"

	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

//go:embed assets
var assetFiles embed.FS

const assetPath = "/assets/lab/"

// bundle is the scripts and the style sheet of the page. They share one address with the hash of them all, so that the scripts find each other beside them.
type bundle struct {
	hash  string // 16 hexadecimal digits
	files map[string][]byte
}

// newBundle reads what is embedded. A missing file is a broken build, which the tests find.
func newBundle() *bundle {
	b := &bundle{files: map[string][]byte{}}
	list, err := assetFiles.ReadDir("assets")
	if err != nil {
		panic(err)
	}
	var names []string
	for _, f := range list {
		body, err := assetFiles.ReadFile("assets/" + f.Name())
		if err != nil {
			panic(err)
		}
		b.files[f.Name()] = body
		names = append(names, f.Name())
	}
	sort.Strings(names)
	h := sha256.New()
	for _, name := range names {
		_, _ = h.Write([]byte(name)) // a hash takes everything
		_, _ = h.Write(b.files[name])
	}
	b.hash = hex.EncodeToString(h.Sum(nil)[:8])
	return b
}

// url is the address of a file.
func (b *bundle) url(name string) string { return assetPath + b.hash + "/" + name }

// serve serves a file. Another hash, of a page that another version made, gets the present content without leave to keep it.
func (b *bundle) serve(w http.ResponseWriter, r *web.Request) error {
	name := r.PathValue("file")
	body, known := b.files[name]
	if !known {
		return refuse(problem.NotFound, "error.unknown")
	}
	kind := "text/javascript; charset=utf-8"
	if path.Ext(name) == ".css" {
		kind = "text/css; charset=utf-8"
	}
	h := w.Header()
	h.Set("ETag", `"`+b.hash+`"`)
	if h.Set("Cache-Control", "no-cache"); r.PathValue("hash") == b.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return r.Send(w, http.StatusOK, kind, body)
}
