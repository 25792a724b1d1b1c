package identity

import (
	"encoding/base64"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
	"strings"
	"unicode"
)

// fold returns s without capitals and accents, as it is searched and sorted.
func fold(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	out, _, err := transform.String(t, s)
	if err != nil {
		out = s
	}
	return strings.ToLower(out)
}

// tokenText writes random or keyed bytes so that they may stand in an address.
func tokenText(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
