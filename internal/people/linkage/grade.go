package linkage

import "strings"

type grade struct {
	letter    byte
	low, high int
}

// gradeOf reads a grade of Flemish public service: "c", "c1", "a1a", "c1-c3", "a1a-a3a", "c1/c3".
func gradeOf(s string) (grade, bool) {
	s = strings.Trim(s, "()[].")
	from, to, both := strings.Cut(strings.ReplaceAll(s, "/", "-"), "-")
	g, ok := oneGrade(from)
	if !ok {
		return grade{}, false
	}
	if both {
		h, ok := oneGrade(to)
		if !ok || h.letter != g.letter || h.low < g.low {
			return grade{}, false
		}
		g.high = h.low
	}
	return g, true
}

func oneGrade(s string) (grade, bool) {
	if s == "" || s[0] < 'a' || s[0] > 'e' || len(s) > 3 {
		return grade{}, false
	}
	g := grade{letter: s[0]}
	if len(s) > 1 {
		if s[1] < '1' || s[1] > '9' {
			return grade{}, false
		}
		g.low, g.high = int(s[1]-'0'), int(s[1]-'0')
	}
	if len(s) == 3 && (s[2] < 'a' || s[2] > 'd') {
		return grade{}, false
	}
	return g, true
}

// grade takes up a grade that begins at piece i, and returns how many pieces it took. A letter alone is a grade behind a word such as
// "niveau", between brackets, or at the end.
func (w *Words) grade(tokens []token, i int, f *form) int {
	t := tokens[i]
	took := 0
	if w.grades[t.text] && i+1 < len(tokens) {
		took = 1
	}
	next := tokens[i+took]
	g, ok := gradeOf(next.text)
	if ok && (g.low > 0 || took > 0 || next.bracket || i == len(tokens)-1 && len(f.words) > 0 && !next.dotted) {
		f.letter, f.low, f.high = g.letter, g.low, g.high
		took++
		// "c1 - c3" with spaces
		if i+took < len(tokens) {
			if h, ok := gradeOf(tokens[i+took].text); ok && h.low > 0 && h.letter == g.letter && g.low == g.high && h.low >= g.low {
				f.high = h.high
				took++
			}
		}
		return took
	}
	if took == 1 {
		if n := number(next.text); n > 0 && n < 10 {
			f.number = n
			return 2
		}
		if n, is := w.romans[next.text]; is {
			f.number = n
			return 2
		}
	}
	return 0
}
