package kept

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"sync"

	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

//go:embed assets/kept.css
var style []byte

const assetPath = "/assets/lab/kept/"

// styleFile is the name of the style sheet, with the hash of its content so that browsers keep it for ever.
var styleFile = sync.OnceValue(func() string {
	sum := sha256.Sum256(style)
	return "kept." + hex.EncodeToString(sum[:8]) + ".css"
})

// serve serves the style sheet. Another hash, of a page that another version made, gets the present content.
func serve(w http.ResponseWriter, r *web.Request) error {
	file := r.PathValue("file")
	if len(file) != len(styleFile()) {
		return refuse(problem.NotFound, "error.file", nil)
	}
	if w.Header().Set("Cache-Control", "no-cache"); file == styleFile() {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return r.Send(w, http.StatusOK, "text/css; charset=utf-8", style)
}
