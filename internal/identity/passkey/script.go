package passkey

import (
	"crypto/sha256"
	_ "embed" // the script
	"encoding/hex"
	"net/http"
	"sync"
)

//go:embed passkey.js
var script []byte

// ScriptPath returns the address of the script that a page with a passkey form loads. It changes with the script.
var ScriptPath = sync.OnceValue(func() string {
	sum := sha256.Sum256(script)
	return "/passkey/" + hex.EncodeToString(sum[:])[:16] + ".js"
})

// ServeScript serves the script at ScriptPath, to be kept for a year.
func ServeScript(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != ScriptPath() {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if _, err := w.Write(script); err != nil {
		return // nobody is left to tell
	}
}
