package limesurvey

import (
	"embed"
	"fmt"
	"sync"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Note is something that could not be taken over as it stands, or was taken over in a way that one must know.
type Note struct {
	Code string // of the question, "" for the survey as a whole
	Key  string // of the message, without "note."
	Args i18n.Args
}

// In says the note in a language, with the code before it.
func (n Note) In(lang instrument.Lang) string {
	text := locale().Printer(lang).T("note."+n.Key, n.Args)
	if n.Code == "" {
		return text
	}
	return n.Code + ": " + text
}

// Problem says why a file cannot be taken over, in English, with the mend.
type Problem struct{ File, Message, Mend string }

// Error implements error.
func (p *Problem) Error() string { return fmt.Sprintf("%s: %s; %s", p.File, p.Message, p.Mend) }

// mostNotes bounds what a hostile file makes the reader say.
const mostNotes = 500

// notes collects what is to be said.
type notes struct{ list []Note }

func (n *notes) add(code, key string, args i18n.Args) {
	if len(n.list) < mostNotes {
		n.list = append(n.list, Note{code, key, args})
	}
}
