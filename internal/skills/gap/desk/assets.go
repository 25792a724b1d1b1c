package desk

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"strings"

	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

//go:embed heat.css
var heatStyle string

// assetPath is where the style sheet of these pages is served, on top of that of all pages.
const assetPath = "/assets/gap/"

// heatName is the style sheet with the hash of its content, so that browsers keep it for ever.
func heatName() string {
	sum := sha256.Sum256([]byte(heatStyle))
	return "heat." + hex.EncodeToString(sum[:8]) + ".css"
}

// asset serves the style sheet. Another hash, of a page that another version made, gets the present content.
func (s *Service) asset(w http.ResponseWriter, r *web.Request) error {
	file := r.PathValue("file")
	if !strings.HasPrefix(file, "heat.") || !strings.HasSuffix(file, ".css") {
		return refuse(problem.NotFound, "error.unknown", nil)
	}
	cache := "no-cache"
	if file == heatName() {
		cache = "public, max-age=31536000, immutable"
	}
	w.Header().Set("Cache-Control", cache)
	return r.Send(w, http.StatusOK, "text/css; charset=utf-8", []byte(heatStyle))
}
