package own

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"

	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

//go:embed assets
var assetFiles embed.FS

// asset is a file as it goes to browsers.
type asset struct {
	kind string
	body []byte
	hash string // of the body, 16 hexadecimal digits
}

const assetPath = "/assets/skills/"

// assets reads what is embedded. A missing file is a broken build, which the tests find.
func assets() map[string]asset {
	out := map[string]asset{}
	for name, kind := range map[string]string{"own.js": "text/javascript; charset=utf-8", "own.css": "text/css; charset=utf-8"} {
		content, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		out[name] = asset{kind, content, hex.EncodeToString(sum[:8])}
	}
	return out
}

// assetURL is the address of an asset, with the hash of the content so that browsers keep it for ever.
func (p *Pages) assetURL(name string) string {
	ext := path.Ext(name)
	return assetPath + strings.TrimSuffix(name, ext) + "." + p.assets[name].hash + ext
}

// asset serves the script or the style sheet. Another hash, of a page that another version made, gets the present content.
func (p *Pages) asset(w http.ResponseWriter, r *web.Request) error {
	file := r.PathValue("file")
	ext := path.Ext(file)
	name, hash, _ := strings.Cut(strings.TrimSuffix(file, ext), ".")
	a, known := p.assets[name+ext]
	if !known {
		return refuse(problem.NotFound, "error.unknown")
	}
	h := w.Header()
	h.Set("ETag", `"`+a.hash+`"`)
	if h.Set("Cache-Control", "no-cache"); hash == a.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return r.Send(w, http.StatusOK, a.kind, a.body)
}
