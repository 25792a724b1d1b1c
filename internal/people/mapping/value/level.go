package value

import (
	"strings"

	"tekentafel/internal/people/org"
)

// Level reads the level of a function: "A", "A1a", "niv. C", "C1-C3", "Niveau B", "rang 13". The letters are those of the Flemish local
// governments (A to E) and of the federal administration since 2004 (A to D). Not understood is what names two levels, or none. A
// number alone is not understood either: in one column it may be a level of before 2002, in another a Dutch pay scale or a ladder that
// begins at the bottom. See OldLevel.
func Level(cell string) (org.Level, bool) {
	if len(cell) > 60 {
		return "", false
	}
	words := strings.Fields(Fold(cell))
	if len(words) == 2 && (words[0] == "rang" || words[0] == "rank") {
		if level, ok := rank(words[1]); ok {
			return level, true
		}
	}
	var level org.Level
	for _, w := range words {
		if levelWord(w) {
			continue
		}
		if w[0] < 'a' || w[0] > 'e' {
			if level != "" && digits(w) { // C1-3
				continue
			}
			return "", false
		}
		for i := 1; i < len(w); i++ { // a, a1, a1a, c3; and not "arbeider"
			if (w[i] < '0' || w[i] > '9') && (i < 2 || i != len(w)-1) {
				return "", false
			}
		}
		this := org.Level(w[0] - 'a' + 'A')
		if level != "" && level != this {
			return "", false
		}
		level = this
	}
	return level, level != ""
}

// levelWord tells whether a word stands before a level and says nothing itself.
func levelWord(w string) bool {
	switch w {
	case "niveau", "niv", "level", "graad", "grade", "rang", "schaal", "weddeschaal", "salarisschaal", "klasse", "classe", "stufe", "echelle", "tot", "en":
		return true
	}
	return false
}

// rank reads a rank of two digits, of which the first is that of the level. As they stood in art. 2, § 2, of the decree of the Government
// of the French Community of 22 July 1996 (statute of its agents): 10 to 17 in level 1, 25 to 27 in 2+, 20 to 22 in 2, 30 to 32 in 3 and 40 to
// 42 in 4. The federal ranks begin with the same digit; how those from 23 on fell to 2 and 2+ differed, so that 23, 24, 25, 28 and 29
// are not understood.
func rank(w string) (org.Level, bool) {
	if len(w) != 2 || !digits(w) {
		return "", false
	}
	switch {
	case w[0] == '1' && w[1] <= '7':
		return "A", true
	case w == "26" || w == "27":
		return "B", true
	case w[0] == '2' && w[1] <= '2':
		return "C", true
	case w[0] == '3' || w[0] == '4':
		return "D", true
	}
	return "", false
}

// OldLevel reads a level as the federal administration numbered them until its Copernicus reform: 1, 2+, 2, 3 and 4, also behind "niveau".
// The Royal Decree of 5 September 2002 (reform of the career of certain officials, B.S. 26 September 2002) put D in the place of both 3 and
// 4, C in that of 2 and B in that of 2+; that of 4 August 2004 (career of level A, B.S. 16 August 2004) put A in the place of 1. Only for
// a column of which PlusLevel says that it numbers in this way.
func OldLevel(cell string) (org.Level, bool) {
	s := strings.TrimSpace(cell)
	if len(s) > 30 {
		return "", false
	}
	number, plus := strings.CutSuffix(s, "+")
	words := strings.Fields(Fold(number))
	if strings.Contains(number, "+") || len(words) == 0 || len(words) > 2 || len(words) == 2 && !levelWord(words[0]) {
		return "", false
	}
	switch n := words[len(words)-1]; {
	case plus && n == "2":
		return "B", true
	case plus:
		return "", false
	case n == "1":
		return "A", true
	case n == "2":
		return "C", true
	case n == "3" || n == "4":
		return "D", true
	}
	return "", false
}

// PlusLevel tells whether a cell is the level 2+, which no other way of numbering has.
func PlusLevel(cell string) bool {
	level, ok := OldLevel(cell)
	return ok && level == "B"
}
