package markdown

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")
	hidden   = regexp.MustCompile(`[\x{0}-\x{8}\x{b}-\x{1f}\x{7f}-\x{9f}\x{ad}\x{61c}\x{180e}\x{200b}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}\x{fff9}-\x{fffb}\x{e0000}-\x{e0fff}]`)
	entity   = regexp.MustCompile(`^&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z]{2,8}));`)
)

// Clean makes ends of lines one, and drops what is not seen: control characters, zero-width ones and turns of direction, with which a text can look
// like another or carry what nobody reads. What is not UTF-8 becomes U+FFFD.
func Clean(text string) string {
	return hidden.ReplaceAllString(lineEnds.Replace(strings.ToValidUTF8(text, "\ufffd")), "")
}

// entities are the character references with a name that are resolved: those that people and models write.
var entities = map[string]string{
	"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "nbsp": "\u00a0", "euro": "€", "copy": "©", "reg": "®", "trade": "™", "deg": "°", "sect": "§",
	"ndash": "–", "mdash": "—", "hellip": "…", "bull": "•", "middot": "·", "times": "×", "rarr": "→", "larr": "←", "laquo": "«", "raquo": "»",
	"lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "eacute": "é", "egrave": "è", "ecirc": "ê", "euml": "ë", "iuml": "ï", "ouml": "ö", "uuml": "ü", "auml": "ä",
	"agrave": "à", "acirc": "â", "ccedil": "ç", "ocirc": "ô", "ugrave": "ù", "ucirc": "û", "icirc": "î", "szlig": "ß",
}

// decode resolves escapes and character references, each once.
func decode(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && escapable(s[i+1]):
			i++
			b.WriteByte(s[i])
		case s[i] == '&':
			text, n := reference(s[i:])
			b.WriteString(text)
			i += n - 1
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func escapable(c byte) bool { return c > ' ' && c < 0x7f && !alphanumeric(c) }

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// reference reads the character reference with which s begins, and how long it is; the ampersand alone where there is none.
func reference(s string) (text string, n int) {
	m := entity.FindStringSubmatch(s[:min(len(s), 12)])
	if m == nil {
		return "&", 1
	}
	if m[3] != "" {
		if text, known := entities[m[3]]; known {
			return text, len(m[0])
		}
		return "&", 1
	}
	digits, base := m[1], 16
	if digits == "" {
		digits, base = m[2], 10
	}
	code, err := strconv.ParseInt(digits, base, 32)
	if err != nil || code == 0 || !utf8.ValidRune(rune(code)) {
		return "\ufffd", len(m[0])
	}
	return Clean(string(rune(code))), len(m[0])
}
