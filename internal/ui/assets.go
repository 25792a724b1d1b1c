package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// assetPath is where Assets is served. Style sheets name fonts relative to it.
const assetPath = "/assets/"

const fontLatin, fontLatinExt = "atkinson-latin.woff2", "atkinson-latin-ext.woff2"

// served is a file as it goes to browsers.
type served struct {
	kind   string // content type
	body   []byte
	packed []byte // gzipped, nil where that is not smaller
	hash   string // of the body, 16 hexadecimal digits
}

// files makes every asset once: hashes, compressed copies and style sheets that name the fonts by their hash.
var files = sync.OnceValue(func() map[string]served {
	out := map[string]served{
		fontLatin:        serve("font/woff2", asset("fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2")),
		fontLatinExt:     serve("font/woff2", asset("fonts/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2")),
		"favicon.svg":    serve("image/svg+xml", asset("img/favicon.svg")),
		"favicon.png":    serve("image/png", asset("img/favicon.png")),
		"touch-icon.png": serve("image/png", asset("img/touch-icon.png")),
		"htmx.js":        serve("text/javascript; charset=utf-8", asset("vendor/htmx/htmx.min.js")),
		"app.js":         serve("text/javascript; charset=utf-8", asset("js/app.js")),
		"report.css":     serve("text/css; charset=utf-8", squeeze(asset("css/report.css"))+squeeze(asset("css/explore.css"))),
	}
	faces := faceFile(latinRanges, hashed(fontLatin, out[fontLatin].hash)) +
		faceFile(latinExtRanges, hashed(fontLatinExt, out[fontLatinExt].hash))
	out["app.css"] = serve("text/css; charset=utf-8", faces+CSS(Base, Charts, App, Forms))
	return out
})

func serve(kind, body string) served {
	sum := sha256.Sum256([]byte(body))
	f := served{kind: kind, body: []byte(body), hash: hex.EncodeToString(sum[:8])}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return f
	}
	if _, err := z.Write(f.body); err != nil {
		return f
	}
	if err := z.Close(); err == nil && b.Len() < len(body)*9/10 {
		f.packed = b.Bytes()
	}
	return f
}

// hashed puts the hash of a file into its name: app.css becomes app.0123456789abcdef.css.
func hashed(name, hash string) string {
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hash + ext
}

// AssetURL returns the address of an asset of this package, such as "app.css". The address changes with the content, so
// that browsers may keep it for ever. It is "" for an unknown name.
func AssetURL(name string) string {
	f, known := files()[name]
	if !known {
		return ""
	}
	return assetPath + hashed(name, f.hash)
}

// Assets serves the addresses of AssetURL; mount it at GET /assets/. An address with another hash, from a page that
// another version made while both run, gets the present content without leave to keep it.
func Assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, hash := unhashed(strings.TrimPrefix(r.URL.Path, assetPath))
		f, known := files()[name]
		if !known {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		if hash != f.hash {
			h.Set("Cache-Control", "no-cache")
		}
		body, tag := f.body, f.hash
		if f.packed != nil {
			h.Set("Vary", "Accept-Encoding")
			if r.Header.Get("Range") == "" && acceptsGzip(r.Header.Get("Accept-Encoding")) {
				h.Set("Content-Encoding", "gzip")
				h.Set("Content-Length", strconv.Itoa(len(f.packed)))
				body, tag = f.packed, f.hash+"-gzip"
			}
		}
		h.Set("ETag", strconv.Quote(tag))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

// unhashed splits the name of an asset from its hash.
func unhashed(file string) (name, hash string) {
	ext := path.Ext(file)
	base := strings.TrimSuffix(file, ext)
	i := strings.LastIndexByte(base, '.')
	if i < 0 {
		return file, ""
	}
	return base[:i] + ext, base[i+1:]
}

// acceptsGzip reads the Accept-Encoding header (RFC 9110, section 12.5.3).
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "*" {
			continue
		}
		_, q, given := strings.Cut(strings.ReplaceAll(weight, " ", ""), "q=")
		if x, err := strconv.ParseFloat(q, 64); !given || err == nil && x > 0 {
			return true
		}
		if coding == "gzip" {
			return false
		}
	}
	return false
}
