package value

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns a text in the form in which texts are compared: small letters without accents, digits, and one space for
// everything else. "Org.-eenheid" and "ORG EENHEID" are one. "" when nothing of it is a letter or digit.
func Fold(s string) string {
	if folded(s) {
		return s
	}
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			s = norm.NFKD.String(strings.ToValidUTF8(s, " ")) // the library leaves some letters whole behind broken ones
			break
		}
	}
	b := make([]byte, 0, len(s))
	gap := false
	for _, r := range s {
		switch {
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		case r < utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			if !unicode.Is(unicode.Mn, r) {
				gap = true
			}
			continue
		default:
			r = unicode.ToLower(r)
		}
		if gap && len(b) > 0 {
			b = append(b, ' ')
		}
		gap = false
		switch r {
		case 'ß':
			b = append(b, "ss"...)
		case 'æ':
			b = append(b, "ae"...)
		case 'œ':
			b = append(b, "oe"...)
		case 'ø':
			b = append(b, 'o')
		case 'ł':
			b = append(b, 'l')
		case 'đ':
			b = append(b, 'd')
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b)
}

// folded tells whether a text is as Fold leaves it.
func folded(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == ' ':
			if space {
				return false
			}
			space = true
			continue
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			space = false
		default:
			return false
		}
	}
	return !space || s == ""
}

// Squash is Fold without the spaces.
func Squash(s string) string { return strings.ReplaceAll(Fold(s), " ", "") }

// NameKey returns the form in which names of people are compared: the folded words in alphabetical order, so that
// "Peeters, Jan" and "Jan PEETERS" are one.
func NameKey(parts ...string) string {
	words := strings.Fields(Fold(strings.Join(parts, " ")))
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Empty tells whether a cell says in signs or in the words of a spreadsheet or database that it holds nothing: "-", "#N/B", "n.v.t.".
func Empty(cell string) bool {
	if len(cell) > 12 {
		return false
	}
	s := strings.TrimSpace(cell)
	if s == "" {
		return true
	}
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if i == 0 && !strings.ContainsRune("nNsSkK", r) {
			return false
		}
		switch strings.ToLower(s) {
		case "#n/a", "#n/b", "#nv", "#ref!", "#verw!", "#value!", "#waarde!", "#null!", "#div/0!", "n.v.t.", "nvt", "n.v.t", "n/a", "null", "(null)", "nihil", "s.o.", "néant", "keine":
			return true
		}
		return false
	}
	return true
}

// totals are the words with which a row begins that adds up other rows, by their first three letters.
var totals = map[string][]string{
	"tot": {"totaal", "totalen", "total", "totals", "totaux", "total general"},
	"sub": {"subtotaal", "subtotalen", "subtotal", "sub total", "sub totaal"},
	"ein": {"eindtotaal"}, "alg": {"algemeen totaal"}, "dee": {"deeltotaal"}, "sou": {"sous total", "sous totaux"}, "gra": {"grand total"}, "ges": {"gesamt", "gesamtsumme"},
	"sum": {"summe", "sum"}, "zwi": {"zwischensumme"}, "end": {"endsumme"}, "som": {"som", "somme"}, "aan": {"aantal"}, "nom": {"nombre"}, "anz": {"anzahl"}, "cou": {"count"},
	"gem": {"gemiddelde"}, "moy": {"moyenne"}, "ave": {"average"}, "dur": {"durchschnitt"},
}

// Total tells whether a cell begins a row with totals: "Totaal", "Subtotaal dienst Wegen", "Aantal: 120". A name that only
// begins with the same letters ("Totaalinstallateur") is none.
func Total(cell string) bool {
	cell = strings.TrimLeft(cell, " -*=>#.\t")
	if len(cell) < 3 || len(cell) > 120 {
		return false
	}
	list := totals[string([]byte{cell[0] | 0x20, cell[1] | 0x20, cell[2] | 0x20})]
	if list == nil {
		return false
	}
	s := Fold(cell)
	for _, t := range list {
		if rest, ok := strings.CutPrefix(s, t); ok && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}
