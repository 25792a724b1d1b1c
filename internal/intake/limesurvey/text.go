package limesurvey

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"tekentafel/internal/instrument"
)

var (
	hiddenMarkup = regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)\s*>|<!--.*?-->`)
	breaks       = regexp.MustCompile(`(?i)<\s*(br|/p|/li|/div|/h[1-6]|/tr)\b[^<>]*>`)
	tags         = regexp.MustCompile(`<[^<>]*>`)
	fillIns      = regexp.MustCompile(`\{[^{}]*\}`)
)

// longestText is how much of a text is taken over, in characters.
const longestText = 4000

// plain makes a text of LimeSurvey, which is HTML with expressions in braces, one that a questionnaire holds. Cut tells that an
// expression was taken out.
func plain(s string) (text string, cut bool) {
	s = hiddenMarkup.ReplaceAllString(s, " ")
	s = breaks.ReplaceAllString(s, "\n")
	s = tags.ReplaceAllString(s, " ")
	s = html.UnescapeString(s)
	if fillIns.MatchString(s) {
		s, cut = fillIns.ReplaceAllString(s, "…"), true
	}
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.Join(strings.Fields(strings.Map(visible, line)), " "); line != "" {
			lines = append(lines, line)
		}
	}
	s = strings.Join(lines, "\n")
	if r := []rune(s); len(r) > longestText {
		s = string(r[:longestText]) + "…"
	}
	if !instrument.Plain(s) { // what was escaped twice
		s = strings.NewReplacer("<", "‹", ">", "›", "&", "+").Replace(s)
	}
	return s, cut
}

// visible drops characters that cannot be seen and change how others look.
func visible(r rune) rune {
	switch {
	case r == '\t' || r == '\u00a0':
		return ' '
	case r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == '\ufeff' || r == '\u200b':
		return -1
	}
	return r
}

// languageOf returns the language of ours that a language of LimeSurvey is: "nl-informal" is Dutch.
func languageOf(code string) (instrument.Lang, bool) {
	base, _, _ := strings.Cut(strings.ToLower(code), "-")
	for _, l := range instrument.Languages() {
		if string(l) == base {
			return l, true
		}
	}
	return "", false
}

// quote shows a value inside a message.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
