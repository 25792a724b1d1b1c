package find

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words returns the words of a text as they are compared: without case, accents and endings. Words that say little are left out, unless there
// are no others.
func Words(text string) []string {
	var telling, all []string
	for _, w := range strings.FieldsFunc(Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(w) < 2 && !unicode.IsDigit(rune(w[0])) {
			continue
		}
		all = append(all, stem(w))
		if !littleSaid[w] {
			telling = append(telling, stem(w))
		}
	}
	if len(telling) == 0 {
		return all
	}
	return telling
}

// Fold takes case and accents off a text.
func Fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			b.WriteString("ss")
		case r == 'œ':
			b.WriteString("oe")
		case r == 'æ':
			b.WriteString("ae")
		case r == 'ø':
			b.WriteByte('o')
		case r == 'ł':
			b.WriteByte('l')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// endings of the four languages, the longest first. They are few: a stem that is too short finds what nobody asked for.
var endings = []string{"ements", "ations", "ingen", "ungen", "heden", "ement", "ation", "ante", "ing", "ung", "eren", "ien", "en", "er", "es", "em", "ed", "e", "s", "n"}

// shortest is the shortest stem, in bytes.
const shortest = 4

// stem takes an ending off a folded word, so that "brieven", "brief" and "briefe" become the same.
func stem(w string) string {
	for _, e := range endings {
		if rest, is := strings.CutSuffix(w, e); is && len(rest) >= shortest {
			w = rest
			break
		}
	}
	n := len(w)
	if n > shortest && w[n-1] == w[n-2] && !strings.ContainsRune("aeiou", rune(w[n-1])) {
		w = w[:n-1] // "samenvatt" of "samenvatten"
		n--
	}
	switch w[n-1] {
	case 'v':
		return w[:n-1] + "f"
	case 'z':
		return w[:n-1] + "s"
	}
	return w
}

// littleSaid are words that nearly every text has.
var littleSaid = func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`de het een en of van in op te voor met aan bij als is zijn was wat wie hoe dat die dit ik je jij we wij mijn er om niet naar over uit
le la les un une des du et ou dans sur pour avec par au aux est sont qui que quoi comment ce cette ces je tu vous nous mon ma ne pas il elle en se
der die das den dem ein eine einen einem und oder von im auf zu mit bei ist sind was wer wie ich du sie wir mein meine es nicht nach uber aus fur
the an and or of to for with at by as is are was what who how that this my we you it not from about on`) {
		out[w] = true
	}
	return out
}()
