package dataset

import (
	"fmt"
	"io"
	"strings"
)

// readmeWidth is how long the lines of README.txt are, in characters.
const readmeWidth = 96

// writeReadme writes README.txt: what this is, what one may do with it, and what each file is.
func (t *table) writeReadme(w io.Writer) error {
	say := func(key string, args map[string]string) string { return t.words.T(key, args) }
	var b strings.Builder
	title := func(s string) { fmt.Fprintf(&b, "%s\n%s\n\n", s, strings.Repeat("=", len([]rune(s)))) }
	part := func(s string) {
		if s != "" {
			b.WriteString(wrapped(s) + "\n")
		}
	}
	title(t.opt.Title)
	if t.isSynthetic() {
		part(strings.ToUpper(say("synthetic.note", nil)))
	}
	part(t.abstract())
	part(say("readme.made", map[string]string{"program": t.opt.Program, "date": t.words.Date(t.opt.Made)}))
	title(say("codebook.terms", nil))
	part(t.terms())
	part(say("terms.confidential", nil))
	part(say("terms.restriction", nil))
	part(t.in.Findings.Instrument.Pilot.In(t.opt.Lang))
	title(say("readme.files", nil))
	for _, f := range t.files() {
		fmt.Fprintf(&b, "  %-18s %s\n", f.name, say("file."+f.about, nil))
	}
	b.WriteByte('\n')
	title(say("codebook.missing", nil))
	part(say("codebook.missing-text", nil))
	title(say("codebook.weights", nil))
	part(t.weighting())
	title(say("readme.check", nil))
	part(say("readme.check-text", nil))
	part(say("readme.rows", nil))
	if len(t.leftOut) > 0 {
		part(say("readme.left-out", map[string]string{"list": strings.Join(t.leftOut, ", ")}))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrapped breaks a text into lines.
func wrapped(s string) string {
	var b strings.Builder
	at := 0
	for _, word := range strings.Fields(s) {
		n := len([]rune(word))
		switch {
		case at > 0 && at+1+n > readmeWidth:
			b.WriteByte('\n')
			at = 0
		case at > 0:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	b.WriteByte('\n')
	return b.String()
}
