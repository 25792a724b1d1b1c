// Package shelf is what the pages of tasks, challenges and examples share: their style sheet and script, where the pages are, and the way in which
// a text of content is written in the language of a page.
package shelf

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Where the pages are.
const (
	Home       = "/lab"
	Chat       = "/lab/chat"
	ChatStart  = "/lab/chat/start"
	Tasks      = "/lab/tasks"
	Challenges = "/lab/challenges"
	Examples   = "/lab/examples"
)

// Door is the door behind which the pages stand.
const Door = "try"

// Uses is what one must be able to do to see them.
const Uses = access.UseModels

//go:embed assets
var assetFiles embed.FS

type asset struct {
	kind string
	body []byte
	hash string // of the body, 16 hexadecimal digits
}

const assetPath = "/assets/lab-shelf/"

// assets reads what is embedded. A missing file is a broken build, which the tests find.
var assets = sync.OnceValue(func() map[string]asset {
	out := map[string]asset{}
	for name, kind := range map[string]string{"shelf.js": "text/javascript; charset=utf-8", "shelf.css": "text/css; charset=utf-8"} {
		body, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(body)
		out[name] = asset{kind, body, hex.EncodeToString(sum[:8])}
	}
	return out
})

// assetURL is the address of an asset, with the hash of the content so that browsers keep it for ever.
func assetURL(name string) string {
	ext := path.Ext(name)
	return assetPath + strings.TrimSuffix(name, ext) + "." + assets()[name].hash + ext
}

// AddTo makes the style sheet and the script known to a server.
func AddTo(server *web.Server) error {
	return server.Add(web.Route{Pattern: "GET " + assetPath + "{file}", Public: true, Handle: serve})
}

// serve sends an asset. Another hash, of a page that another version made, gets the present content.
func serve(w http.ResponseWriter, r *web.Request) error {
	file := r.PathValue("file")
	ext := path.Ext(file)
	name, hash, _ := strings.Cut(strings.TrimSuffix(file, ext), ".")
	a, known := assets()[name+ext]
	if !known {
		return db.ErrNoRow
	}
	h := w.Header()
	h.Set("ETag", `"`+a.hash+`"`)
	if h.Set("Cache-Control", "no-cache"); hash == a.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return r.Send(w, http.StatusOK, a.kind, a.body)
}

// Words writes in one language.
type Words struct {
	*i18n.Printer
	Lang instrument.Lang
}

// In returns the words of a bundle in a language.
func In(b *i18n.Bundle, lang instrument.Lang) Words { return Words{b.Printer(lang), lang} }

// Say returns a message.
func (w Words) Say(key string) string { return w.T(key, nil) }

// With fills in pairs of a name and a text.
func (w Words) With(key string, pairs ...string) string {
	a := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] = pairs[i+1]
	}
	return w.T(key, a)
}

// Count fills in a number, with the plural that it asks for.
func (w Words) Count(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// Of writes a text of content.
func (w Words) Of(t instrument.Text) string { return t.In(w.Lang) }

// All writes texts of content.
func (w Words) All(list []instrument.Text) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = w.Of(t)
	}
	return out
}

// Page is a page of the area, with the pages above it.
func Page(w Words, title string, above ...ui.Link) web.Page {
	p := web.Page{Door: Door}
	p.Title = title
	p.Crumbs = append([]ui.Link{{Label: w.Say("door"), Href: Home}}, above...)
	return p
}

// spoken tells in which language a text is, where it is another than that of the page.
func spoken(lang string) templ.Attributes {
	if lang == "" {
		return nil
	}
	return templ.Attributes{"lang": lang}
}

// Allow refuses an actor who may not do an action.
func Allow(b *i18n.Bundle, actor access.Actor, a access.Action) error {
	if !access.Can(actor, a, access.Resource{Tenant: actor.Tenant}) {
		return problem.New(problem.Forbidden, b, "error.forbidden", nil)
	}
	return nil
}
