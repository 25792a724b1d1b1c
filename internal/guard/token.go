package guard

// token is a word of a phrase. Indexes are in the text.
type token struct {
	start, end int
	hash       uint64 // of the first part of a word with hyphens, of the last behind an apostrophe
	role       role
	up         bool // begins with a capital
	compound   bool // a small letter follows a hyphen within it: "More-huis"
	trailing   bool // it ends with a particle: "Mertens-de"
	initial    bool // one capital, or a few, with points: "J." or "J.-P."
}

// next returns the word behind an index and the gap before it: spaces, one line break, a comma with a space (mixedGap), or nothing.
func (s *scan) next(i int) (t token, g gap, ok bool) {
	j := i
	for {
		r, n := s.runeAt(j)
		if n == 0 {
			return token{}, noGap, false
		}
		k := gapOf(r)
		switch {
		case k == spaceGap && (g == noGap || g == spaceGap || g == mixedGap || g == breakGap):
			if g == noGap {
				g = spaceGap
			}
		case r == '\r':
		case r == '\n' && (g == noGap || g == spaceGap):
			g = breakGap
		case r == ',' && g == noGap:
			g = mixedGap
		case r == '-' && g == noGap:
			g = dashGap
		case isLetter(r):
			t, ok = s.token(j)
			return t, g, ok
		case (r == '\'' || r == '’') && g != noGap: // 't, 's-
			if c, size := s.runeAt(j + n); isLetter(c) && !isUpper(c) {
				if t, ok = s.token(j + n); ok {
					t.start, t.up = j, s.at(j+n+size) == '-' && isCapital(s.at(j+n+size+1)) // 's-Hertogenbosch
				}
				return t, g, ok
			}
			return token{}, g, false
		default:
			return token{}, g, false
		}
		if j += n; j-i > 6 {
			return token{}, g, false
		}
	}
}

// token reads the word at an index: letters, with hyphens and apostrophes between letters, or initials.
func (s *scan) token(i int) (token, bool) {
	t := token{start: i}
	r, _ := s.runeAt(i)
	t.up = isUpper(r)
	t.end, t.hash = s.slowWord(i)
	t.hash = finish(t.hash)
	if t.end == i || s.short {
		return t, false
	}
	if t.up && s.at(t.end) == '.' && s.abbreviated(t) && s.initials(&t) {
		return t, true
	}
	t.role = s.lexicon.roles(t.hash)
	for parts := 0; parts < 5; parts++ {
		c, n := s.runeAt(t.end)
		apostrophe := c == '\'' || c == '’'
		if !apostrophe && c != '-' && c != 0x2010 && c != 0x2011 {
			break
		}
		r, _ := s.runeAt(t.end + n)
		if !isLetter(r) {
			break
		}
		end, h := s.slowWord(t.end + n)
		t.trailing = !apostrophe && !isUpper(r) && s.lexicon.roles(finish(h))&isParticle != 0
		t.compound = t.compound || !apostrophe && !isUpper(r) && !t.trailing
		if apostrophe && t.end-t.start <= 2 { // D'Hondt, l'avenue, O'Brien
			t.hash = finish(h)
			t.role = s.lexicon.roles(t.hash)
			if r, _ := s.runeAt(t.end + n); isUpper(r) {
				t.up = true
			}
		}
		t.end = end
	}
	return t, !s.short
}

// abbreviated tells whether a word is one capital, or one with a small "h" as in "Ch." and "Th.".
func (s *scan) abbreviated(t token) bool {
	_, n := s.runeAt(t.start)
	return t.end == t.start+n || t.end == t.start+2 && s.text[t.start+1] == 'h'
}

// initials extends a token over "J.", "J.P." and "J.-P.".
func (s *scan) initials(t *token) bool {
	j := t.end + 1
	for {
		k := j
		if s.at(k) == '-' {
			k++
		}
		if !isCapital(s.at(k)) || s.at(k+1) != '.' || j-t.start > 12 {
			break
		}
		j = k + 2
	}
	if s.short {
		return false
	}
	t.end, t.initial, t.role = j, true, 0
	return true
}

// named tells whether a capital word can be part of a name: no word that is only an ordinary one.
func (t token) named() bool { return t.up && !t.initial && t.role&isStop == 0 }

// mayName is named, and also what is both an ordinary word and a given or family name.
func (t token) mayName() bool {
	return t.up && !t.initial && (t.role&isStop == 0 || t.role&(isGiven|isFamily) != 0 && t.role&isParticle == 0)
}

// given tells whether a word is a given name.
func (t token) given() bool { return t.up && t.role&isGiven != 0 }

// capitals tells whether a word has no small letters.
func (s *scan) capitals(t token) bool {
	for i := t.start; i < t.end; i++ {
		if isSmall(s.text[i]) {
			return false
		}
	}
	return t.end-t.start > 2
}

// familyLike tells whether a word is a frequent family name or is built as one of the region.
func (s *scan) familyLike(t token) bool {
	if t.role&isFamily != 0 {
		return true
	}
	if t.role&isStop != 0 || t.end-t.start < 6 {
		return false
	}
	w := s.text[t.start:t.end]
	for _, p := range familyBeginnings(w[0]) {
		if len(w) > len(p) && w[:len(p)] == p {
			return true
		}
	}
	for _, e := range familyEndings(w[len(w)-1]) {
		if len(w) > len(e)+1 && w[len(w)-len(e):] == e {
			return true
		}
	}
	return false
}

// familyBeginnings lists how family names of the region begin, by their first letter.
func familyBeginnings(first byte) []string {
	switch first {
	case 'V':
		return vNames[:]
	case 'D':
		return dNames[:]
	case 'O':
		return oNames[:]
	case 'M':
		return mNames[:]
	}
	return nil
}

// familyEndings lists how family names of the region and of its larger groups end, by their last byte.
func familyEndings(last byte) []string {
	switch last {
	case 's':
		return sNames[:]
	case 't':
		return tNames[:]
	case 'x':
		return xNames[:]
	case 'k':
		return kNames[:]
	case 'i':
		return iNames[:]
	case 'n':
		return nNames[:]
	case 'r':
		return rNames[:]
	case 'a':
		return aNames[:]
	case 'o', 'u', 'z', 0x87: // ć
		return otherNames[:]
	}
	return nil
}

// The beginnings and endings of family names.
var (
	vNames     = [...]string{"Vande", "Vanh", "Vanm", "Vans", "Vanb", "Verh", "Verm", "Verst"}
	dNames     = [...]string{"D'H", "D'h", "D’H"}
	oNames     = [...]string{"O'", "O’"}
	mNames     = [...]string{"Mc", "Mac"}
	sNames     = [...]string{"mans", "aerts", "sens", "eys", "huis", "opoulos"}
	tNames     = [...]string{"aert", "ault"}
	xNames     = [...]string{"ckx", "eux"}
	kNames     = [...]string{"inck", "ynck", "chuk"}
	iNames     = [...]string{"ski", "oui"}
	nNames     = [...]string{"mann", "ssen"}
	rNames     = [...]string{"meier", "meyer"}
	aNames     = [...]string{"stra", "sma", "inga", "ińska"}
	otherNames = [...]string{"enko", "escu", "wicz", "ović", "oğlu"}
)

// lineStart tells whether a line begins at an index, behind a mark of quotation or of a list at most.
func (s *scan) lineStart(i int) bool {
	for k := 0; k < 4; k++ {
		r, n := s.before(i)
		if n == 0 || r == '\n' {
			return true
		}
		if r != ' ' && r != '>' && r != '*' && r != '-' {
			return false
		}
		i -= n
	}
	return false
}

// sentenceStart tells whether a word at an index begins a sentence, a line or an item of a list.
func (s *scan) sentenceStart(i int) bool {
	for k := 0; k < 6; k++ {
		r, n := s.before(i)
		if n == 0 {
			return true
		}
		switch r {
		case ' ', 0xa0, '"', '\'', '(', '*', '_', '«', '“', '‘', '„', '\t', '>', '#', '-', '•', '–':
			i -= n
			continue
		case '.', '!', '?', ':', '\n', '…', '|', ';':
			return true
		}
		return false
	}
	return true
}
