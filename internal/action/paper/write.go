package paper

import (
	"regexp"
	"strings"

	"tekentafel/internal/docx"
)

// Fill returns what stands for a name between double brackets; ok is false for a name that nothing stands for.
type Fill func(name string) (text string, ok bool)

var (
	numbered = regexp.MustCompile(`^[0-9]{1,3}[.)] +`)
	named    = regexp.MustCompile(`\[\[ *([A-Za-z0-9_.:-]{1,80}) *\]\]`)
)

// Write reads a text as people write it: paragraphs between empty lines; lines that begin with "- " are a list, with "1. " a numbered
// list, with "> " a quote. A name between double brackets becomes what fill says; one that nothing stands for stays as it is. A nil
// fill leaves all names.
func Write(s string, fill Fill) []docx.Block {
	var out []docx.Block
	var lines []string
	kind := ' '
	flush := func() {
		if len(lines) == 0 {
			return
		}
		switch kind {
		case '-', '1':
			l := docx.List{Numbered: kind == '1'}
			for _, item := range lines {
				l.Items = append(l.Items, docx.Plain(item))
			}
			out = append(out, l)
		case '>':
			out = append(out, docx.Quote{Text: docx.Plain(strings.Join(lines, "\n"))})
		default:
			out = append(out, docx.Paragraph{Text: docx.Plain(strings.Join(lines, "\n"))})
		}
		lines = nil
	}
	for line := range strings.Lines(Tidy(s)) {
		line = strings.TrimSpace(line)
		now, rest := ' ', line
		switch {
		case line == "":
			flush()
			continue
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "), strings.HasPrefix(line, "• "):
			_, rest, _ = strings.Cut(line, " ")
			now = '-'
		case numbered.MatchString(line):
			now, rest = '1', line[len(numbered.FindString(line)):]
		case strings.HasPrefix(line, "> "):
			now, rest = '>', line[2:]
		}
		if now != kind {
			flush()
			kind = now
		}
		lines = append(lines, filled(strings.TrimSpace(rest), fill))
	}
	flush()
	return out
}

func filled(s string, fill Fill) string {
	if fill == nil {
		return s
	}
	return named.ReplaceAllStringFunc(s, func(m string) string {
		if text, ok := fill(named.FindStringSubmatch(m)[1]); ok {
			return text
		}
		return m
	})
}

// Names lists the names between double brackets in a text, each once, in its order.
func Names(s string) []string {
	var out []string
	seen := map[string]bool{}
	for _, m := range named.FindAllStringSubmatch(s, -1) {
		if !seen[m[1]] {
			seen[m[1]] = true
			out = append(out, m[1])
		}
	}
	return out
}

// Tidy gives a text its one form: lines end with a line feed and without white space, and no more than one empty line follows another.
func Tidy(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRight(line, " \t\u00a0")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n")
}
