package closing

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Mark is a stretch of a text that may say who somebody is: a hint for the reader, who decides. It is found by form alone, on
// this server.
type Mark struct {
	From, To int // in bytes
	Kind     MarkKind
}

// MarkKind is what a stretch looks like.
type MarkKind string

// The kinds.
const (
	MarkMail   MarkKind = "mail"
	MarkPhone  MarkKind = "phone"
	MarkNumber MarkKind = "number" // as that of the national register
	MarkName   MarkKind = "name"
)

type pattern struct {
	kind MarkKind
	form *regexp.Regexp
}

// patterns are compiled when the first text is shown.
var patterns = sync.OnceValue(func() []pattern {
	// A title or a greeting with a name behind it, or two words in a row with a capital that a particle may part.
	const title = `(?:[Mm]evrouw|[Mm]eneer|[Mm]ijnheer|[Mm]evr\.|[Dd]hr\.|[Cc]ollega|[Mm]adame|[Mm]onsieur|Mme|Mlle|[Mm]\.|Herrn?|Frau|Mrs?\.?|Ms\.?|Dr\.?|[Dd]octor)`
	const word = `\p{Lu}[\p{L}'’]*\p{Ll}[\p{L}'’\-]*`
	const particle = `(?:van de[nr]?|van|de[nr]?|von|zu|du|le|la|Van|De|’t|'t)`
	return []pattern{
		{MarkMail, regexp.MustCompile(`[\p{L}\d._%+\-]+@[\p{L}\d\-]+(?:\.[\p{L}\d\-]+)+`)},
		{MarkNumber, regexp.MustCompile(`\b\d{2}\.?\d{2}\.?\d{2}[- ]?\d{3}[. ]?\d{2}\b`)},
		{MarkPhone, regexp.MustCompile(`(?:\+|\b0)\d(?:[ ./\-()]{0,2}\d){7,13}\b`)},
		{MarkName, regexp.MustCompile(title + `\s+(?:` + particle + `\s+)?` + word + `(?:\s+(?:` + particle + `\s+)?` + word + `)?`)},
		{MarkName, regexp.MustCompile(word + `(?:\s+` + particle + `)?\s+` + word)},
	}
})

// Marks finds what may say who somebody is, in the order of the text, without overlap.
func Marks(text string) []Mark {
	var found []Mark
	for _, p := range patterns() {
		for _, at := range p.form.FindAllStringIndex(text, -1) {
			m := Mark{at[0], at[1], p.kind}
			if p.kind == MarkName {
				m = p.name(text, m)
			}
			if m.From < m.To && !slices.ContainsFunc(found, func(o Mark) bool { return m.From < o.To && o.From < m.To }) {
				found = append(found, m)
			}
		}
	}
	slices.SortFunc(found, func(a, b Mark) int { return cmp.Compare(a.From, b.From) })
	return found
}

// name leaves out a first word that has its capital from the start of a sentence, where only one word is left of a name then.
func (p pattern) name(text string, m Mark) Mark {
	words := strings.Fields(text[m.From:m.To])
	if len(words) > 2 || !startsSentence(text[:m.From]) || !commonStart(words[0]) {
		return m
	}
	return Mark{}
}

// commonStart tells whether a word often begins a sentence, so that with a capital behind it, it makes no name: "Ook Copilot".
func commonStart(word string) bool {
	return slices.Contains(strings.Fields("De Het Een Ik Wij We Ook Als In Op Met Met Voor Dat Dit Die Er Van Bij Geen Meer Le La Les Un Une Je Nous Avec Pour "+
		"Dans Ce Cette Der Die Das Ein Eine Ich Wir Mit Auch The A I We In With For Also This That More No Microsoft Google Open"), word)
}

func startsSentence(before string) bool {
	before = strings.TrimRightFunc(before, unicode.IsSpace)
	return before == "" || strings.ContainsAny(before[len(before)-1:], ".!?:;-\"(")
}

// Placeholder stands where a word was taken out.
const Placeholder = "[…]"

// holes are what somebody may write for a word that is taken out.
var holes = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[(?:…|\.{2,3}|\p{L}{1,20})\]`) })

// onlyTakesOut tells whether a text says what another said, with stretches of it taken out and a placeholder in their place. So who
// takes names out cannot put words in somebody's mouth.
func onlyTakesOut(was, becomes string) bool {
	pieces := holes().Split(becomes, -1)
	if len(pieces) < 2 || !strings.HasPrefix(was, pieces[0]) {
		return false
	}
	rest := was[len(pieces[0]):]
	last := pieces[len(pieces)-1]
	for _, piece := range pieces[1 : len(pieces)-1] {
		at := strings.Index(rest, piece)
		if at < 0 {
			return false
		}
		rest = rest[at+len(piece):]
	}
	return strings.HasSuffix(rest, last)
}

// withoutMarks returns a text with every marked stretch taken out.
func withoutMarks(text string) string {
	var b strings.Builder
	at := 0
	for _, m := range Marks(text) {
		b.WriteString(text[at:m.From])
		b.WriteString(Placeholder)
		at = m.To
	}
	b.WriteString(text[at:])
	return b.String()
}
