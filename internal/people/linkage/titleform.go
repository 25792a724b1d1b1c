package linkage

import (
	"slices"
	"strings"
)

// form is a title taken apart.
type form struct {
	words     []word
	joined    string // the words written as one
	sorted    string // their keys in order of the alphabet
	seniority string // the kinds, in order; "" none
	letter    byte   // of the grade, 'a' to 'e'; 0 none
	low, high int    // ranks within the letter: 1 and 3 of C1-C3; 0 none
	number    int    // of "medewerker 2", "medewerker II"; 0 none
	traces    []Difference
	plain     bool // written in full, without marks, not all in capitals
}

// word is a piece of a title that says what the function is.
type word struct {
	raw    string   // as it was written, folded
	full   string   // the abbreviation written out, or raw
	key    string   // what it is compared by
	other  []string // keys of what the abbreviation can stand for as well
	short  bool     // may be an abbreviation that nobody explained
	dotted bool     // was written with a dot
	weak   bool
}

// parse takes a title apart. It never fails: what it does not know is a word. The same text always gives the same form.
func (w *Words) parse(text string) form {
	f := form{plain: true}
	if strings.ToLower(text) != text && strings.ToUpper(text) == text {
		f.plain = false
	}
	tokens := w.tokens(fold(text), &f)
	tokens = w.translate(tokens, &f)
	for i := 0; i < len(tokens); i++ {
		if n := w.grade(tokens, i, &f); n > 0 {
			i += n - 1
			continue
		}
		w.read(tokens[i], &f)
	}
	f.finish()
	return f
}

type token struct {
	text    string
	dotted  bool // a dot follows
	bracket bool // stands between brackets
}

// unmarked leaves the signs out that marks of gender are written with.
var unmarked = strings.NewReplacer("/", "", ".", "", "-", "")

// tokens cuts a folded title into pieces, and takes out the marks of gender.
func (w *Words) tokens(s string, f *form) []token {
	var all []token
	for _, part := range w.brackets(s, f) {
		for _, field := range strings.FieldsFunc(part.text, func(r rune) bool { return strings.ContainsRune(" ,;:+&_|*\"()[]{}", r) }) {
			bare := unmarked.Replace(field)
			if w.marks[bare] && (part.bracket || bare != field && strings.ContainsAny(field, "/") || len(bare) > 1) {
				f.trace(Gender, field, "")
				continue
			}
			if strings.ContainsRune(field, '%') {
				continue
			}
			if g, ok := gradeOf(field); ok && g.low > 0 {
				all = append(all, token{field, false, part.bracket})
				continue
			}
			all = w.slashes(all, field, part.bracket, f)
		}
	}
	return all
}

// slashes cuts a field at slashes, dots and hyphens: "medewerker/-ster", "adm.mdw.", "ploegbaas-chauffeur".
func (w *Words) slashes(all []token, field string, bracket bool, f *form) []token {
	for i, piece := range strings.Split(field, "/") {
		if bare := strings.Trim(piece, "-."); i > 0 && w.inside[bare] {
			f.trace(Gender, "/"+piece, "")
			continue
		}
		parts := strings.FieldsFunc(piece, func(r rune) bool { return r == '-' })
		for k, part := range parts {
			if _, tight := w.prefixes[part]; tight && k+1 < len(parts) {
				parts[k+1] = part + parts[k+1] // "hoofd-verpleegkundige"
				continue
			}
			if spelt := strings.Split(strings.TrimSuffix(part, "."), "."); len(spelt) > 1 && !slices.ContainsFunc(spelt, func(s string) bool { return len(s) != 1 }) {
				all = append(all, token{strings.Join(spelt, ""), true, bracket})
				continue
			}
			dots := strings.Split(part, ".")
			for j, s := range dots {
				s = strings.Trim(s, "'()[]{}")
				if s != "" {
					all = append(all, token{s, j < len(dots)-1, bracket})
				}
			}
		}
	}
	return all
}

type part struct {
	text    string
	bracket bool
}

// brackets separates what stands between brackets, and drops the ending of the other gender within a word: "medewerk(st)er".
func (w *Words) brackets(s string, f *form) []part {
	var parts []part
	var now strings.Builder
	for {
		open := strings.IndexByte(s, '(')
		if open < 0 {
			break
		}
		length := strings.IndexByte(s[open:], ')')
		if length < 0 {
			break
		}
		before, inner, after := s[:open], strings.TrimSpace(s[open+1:open+length]), s[open+length+1:]
		now.WriteString(before)
		tight := before != "" && before[len(before)-1] != ' ' && before[len(before)-1] != ')'
		switch {
		case tight && w.inside[strings.Trim(inner, "-/.")]:
			f.trace(Gender, "("+inner+")", "")
		case tight && after != "" && after[0] != ' ' && !strings.Contains(inner, " "):
			now.WriteString(inner)
		default:
			parts = append(parts, part{now.String(), false}, part{inner, true})
			now.Reset()
		}
		s = after
	}
	now.WriteString(s)
	return append(parts, part{now.String(), false})
}

// translate writes French in Dutch: longer pieces first, then word by word where a title has no Dutch of its own.
func (w *Words) translate(tokens []token, f *form) []token {
	for i := 0; i < len(tokens); i++ {
		for n := min(w.longest, len(tokens)-i); n > 1; n-- {
			var b []string
			for _, t := range tokens[i : i+n] {
				b = append(b, pieces(t.text)...)
			}
			phrase := strings.Join(b, " ")
			to, is := w.phrases[phrase]
			if !is {
				continue
			}
			f.trace(Translation, phrase, to)
			var dutch []token
			for _, s := range strings.Fields(to) {
				dutch = append(dutch, token{text: s})
			}
			tokens = slices.Replace(tokens, i, i+n, dutch...)
			i += len(dutch) - 1
			break
		}
	}
	return tokens
}

// read takes up one piece: seniority, noise, or a word.
func (w *Words) read(t token, f *form) {
	s := t.text
	if kind, is := w.seniority[s]; is && !(s == "hoofd" && len(f.words) == 0 && f.seniority == "") {
		f.senior(kind)
		return
	}
	if w.noise[s] || w.ties[s] && !t.dotted {
		return
	}
	if n := number(s); n >= 0 {
		if n > 0 && n < 10 {
			f.number = n
		}
		return
	}
	if n, is := w.romans[s]; is && len(f.words) > 0 && !t.dotted {
		f.number = n
		return
	}
	if kind, rest := w.leading(s, t.dotted); kind != "" {
		f.senior(kind)
		s = rest
	}
	x := word{raw: s, full: s, weak: w.weak[s], dotted: t.dotted}
	switch long, is := w.abbreviations[s]; {
	case is:
		x.full = long[0]
		f.trace(Abbreviation, s, long[0])
		for _, l := range long[1:] {
			x.other = append(x.other, w.key(l))
		}
		f.plain = f.plain && !t.dotted
	case t.dotted || vowelless(s):
		x.short = len(s) > 1
		f.plain = false
	}
	if to, is := w.french[x.full]; is && to != x.full {
		f.trace(Translation, x.full, to)
		x.full = to
	}
	if neutral := w.neutral(x.full); neutral != x.full {
		f.trace(Gender, x.full, neutral)
		x.full = neutral
	}
	x.key = w.key(x.full)
	if n := len(f.words); n > 0 && f.words[n-1].key == x.key {
		return // "medewerker/medewerkster"
	}
	f.words = append(f.words, x)
}

func (f *form) trace(kind DifferenceKind, a, b string) {
	f.traces = append(f.traces, Difference{kind, a, b})
	if kind == Gender && b == "" {
		f.plain = false
	}
}

func (f *form) senior(kind string) {
	all := strings.Fields(f.seniority)
	if !slices.Contains(all, kind) {
		all = append(all, kind)
		slices.Sort(all)
		f.seniority = strings.Join(all, " ")
	}
}

func (f *form) finish() {
	if f.letter != 0 || f.number != 0 {
		f.plain = false
	}
	var keys []string
	var b strings.Builder
	for _, x := range f.words {
		if !x.weak {
			keys = append(keys, x.key)
		}
		b.WriteString(x.full)
	}
	slices.Sort(keys)
	f.joined, f.sorted = b.String(), strings.Join(keys, " ")
}

func number(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			return -1
		}
		n = min(n*10+int(r-'0'), 1000)
	}
	return n
}

func vowelless(s string) bool { return !strings.ContainsAny(s, "aeiouy") }
