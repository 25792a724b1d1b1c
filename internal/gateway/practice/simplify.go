package practice

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/i18n"
)

// longSentence is from how many words a sentence is split where it can be.
const longSentence = 15

// simplify replaces words of offices by plain ones, and splits long sentences.
func (q *question) simplify() string {
	text := q.material()
	if text == "" {
		return q.say("none")
	}
	var changed []string
	for _, s := range q.words.plain {
		was := regexp.MustCompile(`(?i)(^|[^\p{L}\p{N}])(` + regexp.QuoteMeta(s.Was) + `)($|[^\p{L}\p{N}])`)
		for at := 0; at <= len(text); {
			m := was.FindStringSubmatchIndex(text[at:])
			if m == nil {
				break
			}
			from, to := at+m[4], at+m[5]
			now := like(text[from:to], s.Now)
			text = text[:from] + now + text[to:]
			at = from + len(now)
			if note := s.Was + " → " + s.Now; !slices.Contains(changed, note) {
				changed = append(changed, note)
			}
		}
	}
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		var parts []string
		for _, s := range sentences(line) {
			parts = append(parts, q.shorter(s)...)
		}
		lines = append(lines, "> "+strings.Join(parts, " "))
	}
	out := q.say("letter.lead") + "\n\n" + strings.Join(lines, "\n") + "\n\n"
	if len(changed) > 0 {
		out += q.print.T("letter.changed", i18n.Args{"list": q.print.Series(changed)})
	} else {
		out += q.say("letter.same")
	}
	return out + "\n\n" + q.say("letter.look")
}

// like writes a word with a capital when the one before it had one.
func like(was, now string) string {
	first, _ := utf8.DecodeRuneInString(was)
	if !unicode.IsUpper(first) {
		return now
	}
	r, n := utf8.DecodeRuneInString(now)
	return string(unicode.ToUpper(r)) + now[n:]
}

// shorter splits a long sentence where one of the words that join stands and both parts are whole enough.
func (q *question) shorter(s string) []string {
	const least = 5 // words of a part
	if len(split(s)) < longSentence {
		return []string{s}
	}
	for _, join := range q.words.join {
		before, after, ok := strings.Cut(s, join)
		if !ok || len(split(before)) < least || len(split(after)) < least {
			continue
		}
		word := strings.Trim(join, ",; ")
		if word != "" && slices.Contains(q.words.join[1:], join) { // "and" can go; the others say how the parts hang together
			after = word + " " + after
		}
		r, n := utf8.DecodeRuneInString(after)
		return append([]string{before + "."}, q.shorter(string(unicode.ToUpper(r))+after[n:])...)
	}
	return []string{s}
}
