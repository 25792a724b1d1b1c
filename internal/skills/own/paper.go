package own

import (
	"bytes"
	_ "embed"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

//go:embed paper.css
var paperStyle string

// paper makes a document that needs no other file.
func paper(lang instrument.Lang, title string, content templ.Component) ([]byte, error) {
	var out bytes.Buffer
	err := ui.Paper(&out, lang, title, paperStyle, content)
	return out.Bytes(), err
}

// posterView is the page for a wall.
type posterView struct {
	words
	organisation, address, scan string
	synthetic                   bool
}

func posterOf(lang instrument.Lang, organisation string, synthetic bool, address, scan string) ([]byte, error) {
	w := in(lang)
	return paper(lang, w.say("poster.title"), posterPaper(posterView{w, organisation, plainAddress(address), scan, synthetic}))
}

// plainAddress is an address as one types it.
func plainAddress(s string) string {
	return strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
}

// hostAndPath cuts an address as one types it in two.
func hostAndPath(s string) (host, path string) {
	host, path, _ = strings.Cut(s, "/")
	return host, "/" + path
}

// document lays the profile out on paper.
func (v *profileView) document(now time.Time) ([]byte, error) {
	return paper(v.Lang, v.say("profile.title"), profilePaper(v, v.Date(v.Local(now))))
}
