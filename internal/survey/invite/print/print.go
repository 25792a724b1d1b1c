// Package print lays invitations out on paper: letters, cards, labels and a poster. It makes one HTML file that needs no
// other, which any browser prints, and Chromium turns into a PDF. Lengths are those of A4 and of common label sheets.
package print

import (
	"cmp"
	"embed"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

//go:embed locale
var localeFiles embed.FS

//go:embed print.css
var styles string

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Kind is what is printed.
type Kind string

// The kinds.
const (
	Letters Kind = "letters" // a page of A4 for each person
	Cards   Kind = "cards"   // eight on a page of A4, with lines to cut along
	Labels  Kind = "labels"  // 24 on a sheet of 3 by 8 labels of 63.5 by 33.9 mm
	Poster  Kind = "poster"  // one page for a wall, without a PIN
)

// Kinds lists what is printed for each person.
func Kinds() []Kind { return []Kind{Letters, Cards, Labels} }

// perPage is how many invitations stand on a page.
func (k Kind) perPage() int {
	switch k {
	case Cards:
		return 8
	case Labels:
		return 24
	default:
		return 1
	}
}

// Person is who gets an invitation.
type Person struct {
	Name  string // "" to print none
	Group string // where it is handed out, or ""
	PIN   string // as people read it
	Link  string // in the QR code
	Lang  instrument.Lang
}

// Mode is what an invitation promises: how answers and people are kept apart.
type Mode string

// The modes, as those of waves.
const (
	Anonymous    Mode = "anonymous"
	Confidential Mode = "confidential"
	Open         Mode = "open" // nobody has a PIN
)

// Wave is what all invitations say.
type Wave struct {
	Title        string
	Organisation string
	Entry        string // the address to type
	Scan         string // in the QR code of a poster: the entry in its language; "" for Entry
	Refusal      string // where to say no to reminders
	Contact      string // or ""
	Mode         Mode
	Synthetic    bool
	Words        instrument.Text              // of the organisation, or nil
	Until        func(instrument.Lang) string // "" while not decided
	Minutes      map[instrument.Lang]int      // 0 for not known
}

// Sheet is a document to print.
type Sheet struct {
	Kind   Kind
	Lang   instrument.Lang // of the document, and of a poster
	Wave   Wave
	People []Person // none for a poster
}

// Write writes the document.
func Write(w io.Writer, s Sheet) error {
	return ui.Paper(w, s.Lang, s.title(), styles, pages(s))
}

func (s *Sheet) title() string {
	return say(s.Lang, "title."+string(s.Kind), nil) + " – " + s.Wave.Title
}

// parts cuts people into the pages of a kind.
func parts(k Kind, people []Person) [][]Person {
	var out [][]Person
	for n := k.perPage(); len(people) > 0; {
		part := people[:min(n, len(people))]
		out = append(out, part)
		people = people[len(part):]
	}
	return out
}

func say(lang instrument.Lang, key string, args i18n.Args) string {
	return locale().Printer(lang).T(key, args)
}

// paragraphs parts a text at empty lines.
func paragraphs(s string) []string {
	var out []string
	for p := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// scan is the address in the QR code of a poster.
func (w *Wave) scan() string { return cmp.Or(w.Scan, w.Entry) }

// until says when it ends, "" while that is not decided.
func (w *Wave) until(lang instrument.Lang) string {
	if w.Until == nil {
		return ""
	}
	if at := w.Until(lang); at != "" {
		return say(lang, "until", i18n.Args{"until": at})
	}
	return ""
}

func (w *Wave) promise(lang instrument.Lang, key string) string {
	return say(lang, key+"-"+string(w.Mode), nil)
}

func (w *Wave) duration(lang instrument.Lang) string {
	n := w.Minutes[lang]
	if n <= 0 {
		return ""
	}
	p := locale().Printer(lang)
	return p.N("duration", n, i18n.Args{"n": p.Int(n)})
}

// hostAndPath cuts an address as one types it in two.
func hostAndPath(address string) (host, path string) {
	host, path, _ = strings.Cut(plainAddress(address), "/")
	return host, "/" + path
}

// tight is a class that sets a letter smaller, so that long words of the organisation leave it on one page.
func (w *Wave) tight(lang instrument.Lang) string {
	lines := 0
	for _, p := range paragraphs(w.Words[lang]) {
		lines += 2 + utf8.RuneCountInString(p)/95
	}
	switch {
	case lines > 18:
		return "tightest"
	case lines > 12:
		return "tighter"
	case lines > 7:
		return "tight"
	default:
		return ""
	}
}

// plainAddress is an address as one types it.
func plainAddress(s string) string {
	return strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
}
