package answering

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"time"

	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

//go:embed assets
var assetFiles embed.FS

// asset is a file as it goes to browsers.
type asset struct {
	kind         string
	body, packed []byte
	hash         string // of the body, 16 hexadecimal digits
}

// Where assets and the service worker are. The worker's address has no hash: browsers look there for a newer one.
const (
	assetPath  = "/assets/survey/"
	workerPath = "/w/sw.js"
	workerFile = "sw.js"
)

// assets reads what is embedded. A missing file is a broken build, which the tests find.
func assets() map[string]asset {
	out := map[string]asset{}
	for name, kind := range map[string]string{"answer.js": "text/javascript", workerFile: "text/javascript", "answer.css": "text/css"} {
		body, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic(err)
		}
		packed, err := pack(body)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(body)
		out[name] = asset{kind: kind + "; charset=utf-8", body: body, packed: packed, hash: hex.EncodeToString(sum[:8])}
	}
	return out
}

// assetURL is the address of an asset. It holds the hash of the content, so that browsers keep it for ever and anyone can
// compare it with the repository.
func (p *Pages) assetURL(name string) string {
	ext := path.Ext(name)
	return assetPath + strings.TrimSuffix(name, ext) + "." + p.assets[name].hash + ext
}

// asset serves a script or a style sheet. Another hash, of a page that another version made, gets the present content.
func (p *Pages) asset(w http.ResponseWriter, r *web.Request) error {
	file := r.PathValue("file")
	ext := path.Ext(file)
	name, hash, _ := strings.Cut(strings.TrimSuffix(file, ext), ".")
	a, known := p.assets[name+ext]
	if !known || name+ext == workerFile {
		return refuse(problem.NotFound, "error.unknown")
	}
	if hash == a.hash {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	a.serve(w, r)
	return nil
}

// worker serves the service worker, which keeps the questions at hand without network.
func (p *Pages) worker(w http.ResponseWriter, r *web.Request) error {
	w.Header().Set("Cache-Control", "no-cache")
	p.assets[workerFile].serve(w, r)
	return nil
}

func (a asset) serve(w http.ResponseWriter, r *web.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	body, tag := a.body, a.hash
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && r.Header.Get("Range") == "" {
		h.Set("Content-Encoding", "gzip")
		body, tag = a.packed, a.hash+"-gzip"
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r.Request, "", time.Time{}, bytes.NewReader(body))
}
