package docx

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// valid tells whether XML 1.0 can hold a character (section 2.2).
func valid(r rune) bool {
	return r == '\t' || r == '\n' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= utf8.MaxRune
}

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", " ", "\t", " ")

// clean leaves out what XML cannot hold; bytes that are no UTF-8 become U+FFFD, and each end of a line a line feed.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, "\ufffd"))
	return strings.Map(func(r rune) rune {
		if !valid(r) {
			return -1
		}
		return r
	}, s)
}

// line writes text for an attribute or an element in which a line cannot end.
func line(s string) string { return escapes.Replace(clean(s)) }

// Address returns the address of a link that may be written, of http, https or mailto; "" for anything else.
func Address(s string) string {
	u, err := url.Parse(strings.TrimSpace(clean(s)))
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto":
		if u.Opaque == "" {
			return ""
		}
	default:
		return ""
	}
	return u.String()
}
