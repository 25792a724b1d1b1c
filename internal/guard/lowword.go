package guard

import "unicode/utf8"

// lowWord passes a word of ASCII letters and returns where it ends, or -1 when more text is needed.
func (s *scan) lowWord(i int, first byte) int {
	text, fold := s.text, s.fold
	if i > 0 && (fold[text[i-1]] != 0 || text[i-1] >= utf8.RuneSelf) {
		if r, _ := s.before(i); isLetter(r) {
			return s.restOfWord(i)
		}
	}
	h := (seed ^ uint64(first)) * prime
	j := i + 1
	for j < len(text) && j-i < maxWord {
		f := fold[text[j]]
		if f == 0 {
			break
		}
		h = (h ^ uint64(f)) * prime
		j++
	}
	s.short = false
	c := s.at(j)
	if c >= utf8.RuneSelf {
		j, h = s.slowWord(i)
		c = s.at(j)
	}
	if s.short {
		return -1
	}
	r := s.lexicon.roles(finish(h))
	capital := text[i] < 'a'
	next := j
	switch {
	case capital && r&isStop != 0 && r&^plain == 0 && (c == ' ' || c == ',') && isSmall(text[i+1]): // "De", "Het", "Volgens"
	case capital || r&^quiet != 0 || isDigit(c) || c == '_' || j-i >= 20:
		next = s.word(token{start: i, end: j, hash: finish(h), role: r, up: capital})
	case r&isParticle != 0 && s.nameColumn():
		next = s.word(token{start: i, end: j, hash: finish(h), role: r})
	case c == ' ' && isDigit(s.at(j+1)) || c == '.' && s.at(j+1) == ' ' && isDigit(s.at(j+2)):
		if !s.short {
			next = s.smallStreet(token{start: i, end: j, hash: finish(h), role: r})
		}
	}
	if s.prev&(isLead|isStreet) != 0 && (capital || r&isParticle != 0) && s.follow(i) {
		r |= s.prev & (isLead | isStreet) // the whole of "rue du Docteur Roux" is a street
	}
	if s.short {
		return -1
	}
	s.prev, s.prevStart, s.prevEnd = r, s.base+i, s.base+j
	return next
}

// follow tells whether the word before stands just before an index: behind one sign, or behind a point and a space when it is short, as in "St. Jan".
func (s *scan) follow(i int) bool {
	n := s.base + i - s.prevEnd
	return n <= 1 || n == 2 && s.prevEnd-s.prevStart <= 3
}

// slowWord passes a word that holds more than ASCII, and returns its end and hash. Marks that combine, soft hyphens and signs without width belong
// to the word when a letter follows.
func (s *scan) slowWord(i int) (int, uint64) {
	h, end := seed, i
	text, fold := s.text, s.fold
	for j := i; j-i < maxWord; {
		for j < len(text) && text[j] < utf8.RuneSelf && j-i < maxWord {
			f := fold[text[j]]
			if f == 0 {
				return end, h
			}
			h = (h ^ uint64(f)) * prime
			j++
			end = j
		}
		r, n := s.runeAt(j)
		switch {
		case n == 0 || s.short:
			return end, h
		case isLetter(r):
			h = hashRune(h, r)
			j += n
			end = j
		case end > i && isMark(r):
			j += n
			end = j
		case end > i && isInvisible(r):
			j += n
		default:
			return end, h
		}
	}
	return end, h
}

// maxWord is the longest word that is looked at, in bytes. Of a longer one, such as a picture in base64, the rest is passed over as it comes.
const maxWord = 64

// restOfWord returns where the letters end of a word of which the beginning was looked at, without waiting for more text.
func (s *scan) restOfWord(i int) int {
	for i < len(s.text) {
		c := s.text[i]
		if c < utf8.RuneSelf {
			if s.fold[c] == 0 {
				break
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s.text[i:])
		if !isLetter(r) {
			break
		}
		i += n
	}
	return i
}

// high looks at what begins with a rune outside ASCII.
func (s *scan) high(i int) int {
	r, n := s.runeAt(i)
	switch {
	case s.short:
		return i
	case isLetter(r):
		if b, _ := s.before(i); isLetter(b) {
			return s.restOfWord(i)
		}
		j, h := s.slowWord(i)
		s.at(j)
		if s.short {
			return i
		}
		h = finish(h)
		t := token{start: i, end: j, hash: h, role: s.lexicon.roles(h), up: isUpper(r)}
		next := j
		if t.up || t.role&^quiet != 0 {
			next = s.word(t)
		}
		if !s.short {
			s.prev, s.prevStart, s.prevEnd = t.role, s.base+i, s.base+j
		}
		return next
	case digitOf(r) >= 0:
		return s.number(i)
	case r == '°':
		if c := s.at(i + n); c != 'C' && c != 'F' {
			s.see(ofBirth.role(), Span{s.base + i, s.base + i + n})
		}
	}
	return i + n
}

// sign looks at an ASCII sign.
func (s *scan) sign(i int, c byte) int {
	switch c {
	case '\n':
		if s.base+i >= s.numberEnd { // not within a number
			s.newline(s.base + i)
		}
	case '|', '\t', ';':
		s.between(c)
	case '@':
		return s.mail(i)
	case '+':
		return s.phonePlus(i)
	case '(':
		return s.parenthesis(i)
	case '[', '{':
		s.writtenMail(i)
	case '-':
		return s.privateKey(i)
	case '&':
		return s.entity(i)
	case '*':
		if isDigit(s.at(i+1)) && !s.digitBefore(i) {
			s.see(ofBirth.role(), Span{s.base + i, s.base + i + 1})
		}
	}
	return i + 1
}

// entity passes over an HTML entity, whose digits are no number.
func (s *scan) entity(i int) int {
	if s.at(i+1) != '#' {
		return i + 1
	}
	for j := i + 2; j < i+10; j++ {
		c := s.at(j)
		if c == ';' {
			return j + 1
		}
		if !isDigit(c) && s.fold[c] == 0 {
			break
		}
	}
	return i + 1
}

// parenthesis looks at "(02) 123 45 67", "(0032)…" and "(at)".
func (s *scan) parenthesis(i int) int {
	switch s.at(i + 1) {
	case '0', '+':
		return s.phoneParenthesis(i)
	case 'a', 'A':
		s.writtenMail(i)
	}
	return i + 1
}

func (s *scan) digitBefore(i int) bool {
	r, _ := s.before(i)
	return digitOf(r) >= 0
}
