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

// Lines say in a language what became of an export.
func (r *Responses) Lines(lang instrument.Lang) []string {
	w := locale().Printer(lang)
	out := []string{w.N("responses.rows", r.Rows-r.Incomplete, i18n.Args{"n": w.Int(r.Rows - r.Incomplete)})}
	if r.Incomplete > 0 {
		out = append(out, w.N("responses.incomplete", r.Incomplete, i18n.Args{"n": w.Int(r.Incomplete)}))
	}
	if r.Unknown {
		out = append(out, w.T("responses.unknown", nil))
	}
	for _, list := range []struct {
		key   string
		names []string
	}{{"responses.personal", r.Personal}, {"responses.left", r.Left}, {"responses.missing", r.Missing}} {
		if len(list.names) > 0 {
			out = append(out, w.T(list.key, i18n.Args{"list": w.Series(firstOf(list.names))}))
		}
	}
	return out
}

// firstOf keeps a list short enough to be read.
func firstOf(names []string) []string {
	const most = 40
	if len(names) <= most {
		return names
	}
	return append(append([]string{}, names[:most]...), fmt.Sprintf("… (%d)", len(names)))
}
