package mail

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"tekentafel/internal/i18n"
	"tekentafel/internal/ui"
)

//go:embed locale
var localeFiles embed.FS

// locale holds the messages of this package.
var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// words is a mail in a language, as it is kept sealed until it is sent.
type words struct {
	Text string `json:"text"`
	HTML string `json:"html"`
}

// paragraph is a part of a mail: text, or a link that stands alone.
type paragraph struct {
	text string
	link bool
}

// write puts a message into words: its subject and its body.
func (k Kind) write(m Message, now time.Time, zone *time.Location) (string, words, error) {
	p := k.Bundle.Printer(m.Lang)
	args := i18n.Args{
		"organisation": line(m.Organisation, maxArg), "until": moment(p, m.Until, zone), "when": moment(p, now, zone),
	}
	links := map[string]bool{}
	for name, value := range m.Args {
		if isLink(value) && len(value) <= maxLink {
			args[name], links[value] = value, true
			continue
		}
		args[name] = line(value, maxArg)
	}
	subject, body := line(p.T(k.Key+".subject", args), maxArg), p.T(k.Key+".body", args)
	if err := p.Err(); err != nil {
		return "", words{}, fmt.Errorf("a mail of kind %s cannot be written: %w", k.Name, err)
	}
	parts := frame(m, links, body)
	var b bytes.Buffer
	if err := htmlBody(m.Lang, subject, parts).Render(ui.WithLang(context.Background(), m.Lang), &b); err != nil {
		return "", words{}, err
	}
	return subject, words{Text: flowed(parts), HTML: b.String()}, nil
}

// frame puts the greeting before the body and what every mail says after it.
func frame(m Message, links map[string]bool, body string) []paragraph {
	p := locale().Printer(m.Lang)
	hello := p.T("frame.hello-nameless", nil)
	if name := line(m.Name, maxArg); name != "" {
		hello = p.T("frame.hello", i18n.Args{"name": name})
	}
	list := []paragraph{{text: hello}}
	for part := range strings.SplitSeq(strings.ReplaceAll(m.Note, "\r\n", "\n"), "\n\n") {
		if part = line(part, maxNote); part != "" {
			list = append(list, paragraph{text: part})
		}
	}
	for part := range strings.SplitSeq(body, "\n\n") {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			list = append(list, paragraph{text: part, link: links[part]})
		}
	}
	return append(list, paragraph{text: p.T("frame.foot", i18n.Args{"organisation": line(m.Organisation, maxArg)})})
}

// moment writes a time in a sentence: "24 november 2026, 14:03"; "" for none.
func moment(p *i18n.Printer, t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return p.Date(t.In(zone)) + ", " + t.In(zone).Format("15:04")
}

// flowWidth is where lines of the plain text are broken, in characters (RFC 3676, section 4.2, asks for at most 78).
const flowWidth = 72

// flowed writes paragraphs as text that mail programs fit to their window (format=flowed, RFC 3676).
func flowed(parts []paragraph) string {
	var out strings.Builder
	for i, p := range parts {
		if i > 0 {
			out.WriteString("\r\n")
		}
		if i > 0 && i == len(parts)-1 {
			out.WriteString("-- \r\n") // what follows is a signature (section 4.3)
		}
		out.WriteString(flow(p.text))
	}
	return out.String()
}

// flow breaks one paragraph: a line that ends in a space goes on in the next.
func flow(text string) string {
	var out, current strings.Builder
	width := 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if width > 0 && width+1+n > flowWidth {
			out.WriteString(stuffed(current.String()+" ") + "\r\n")
			current.Reset()
			width = 0
		}
		if width > 0 {
			current.WriteByte(' ')
			width++
		}
		current.WriteString(word)
		width += n
	}
	out.WriteString(stuffed(current.String()) + "\r\n")
	return out.String()
}

// stuffed keeps a line from being read as a quotation, a mailbox separator or an indent (RFC 3676, section 4.4).
func stuffed(line string) string {
	if strings.HasPrefix(line, ">") || strings.HasPrefix(line, " ") || strings.HasPrefix(line, "From ") {
		return " " + line
	}
	return line
}
