package guard

import "strings"

// introduction looks for the name with which somebody says who they are: "ik ben", "mijn naam is", "je m'appelle", "you speak with".
func (s *scan) introduction(t token) {
	j, sure := s.introduced(t)
	if j == 0 || s.short {
		return
	}
	u, g, ok := s.next(j)
	if !ok || g != spaceGap || !u.initial && !u.mayName() && u.role&isParticle == 0 || s.preposition(u) {
		return
	}
	if u.role&(isGiven|isFamily|isParticle) == 0 && u.role != 0 {
		return // of a list, and no name: "Ik ben Voorzitter"
	}
	b := s.name(u, true)
	if s.short || b.given+b.rest == 0 || b.broken || s.notPerson(b.family) && b.rest > 0 || b.family.role&(isBrand|isMonth) != 0 || !s.introduces(u, b, sure, !strings.EqualFold(s.text[t.start:t.end], "bin")) || s.short {
		return
	}
	c := Medium
	if sure || b.known && b.given > 0 {
		c = High
	}
	s.person(u.start, b.end, whyIntroduced, c, Span{s.base + t.start, s.base + t.end}, b.family)
}

// introduced returns where the words end behind which a name can stand, 0 when they are no such words, and whether hardly anything but a name can follow.
func (s *scan) introduced(t token) (end int, sure bool) {
	switch {
	case t.role&isNameLabel != 0: // "mijn naam is"
		if !s.behind(t.start, "mijn", "haar", "mon", "son", "mein", "my", "his", "her") {
			return 0, false
		}
		if c, n := s.runeAt(t.end); c == '\'' || c == '’' { // "my name's"
			if s.at(t.end+n) != 's' {
				return 0, false
			}
			return t.end + n + 1, true
		}
		u, g, ok := s.next(t.end)
		if !ok || g != spaceGap || u.role&isCopula == 0 {
			return 0, false
		}
		return u.end, true
	case t.role&isSpeaking != 0: // "u spreekt met"
		u, g, ok := s.next(t.end)
		if !ok || g != spaceGap || !s.behind(t.start, "u", "je", "jij") {
			return 0, false
		}
		switch s.text[u.start:u.end] {
		case "met", "mit", "with":
			return u.end, false
		}
		return 0, false
	case t.role&isNamed != 0 && (s.prev&isPersonWord != 0 && s.follow(t.start) || s.behind(t.start, "ik", "hij", "zij", "ze", "m", "ich")): // "ik heet", "mijn zoon heet"
		return t.end, true
	case t.role&isBeing != 0 && (!t.up || s.capitals(t)) && s.behind(t.start, "ik", "je", "ich", "i"): // "ik ben", but not "bedank ik Ben"
		return t.end, false
	}
	return 0, false
}

// introduces tells whether a name stands behind the words of an introduction, rather than what somebody is: "Ik ben Belg", "Ik ben Lid van de Raad". One word that is in
// no list is a name (one) but in German, where all nouns have a capital: "Ich bin Lehrerin".
func (s *scan) introduces(u token, b body, sure, one bool) bool {
	if b.given > 0 && b.given+b.rest+b.initials > 1 || b.known || b.initials > 0 {
		return true
	}
	if !sure && (s.capitals(u) || s.capitals(b.family)) {
		return false
	}
	v, g, ok := s.next(u.end)
	if ok && g == spaceGap && v.role&isParticle != 0 && b.end > u.end { // "Ik ben Lid van de Raad"
		return false
	}
	if u.end < b.end || sure {
		return u.role == 0 || b.given > 0
	}
	return one && u.role == 0 && u.end-u.start > 2 && s.clauseEnd(u.end) && !s.calling(u)
}

// clauseEnd tells whether what stands before an index can be all that was said.
func (s *scan) clauseEnd(i int) bool {
	switch s.at(i) {
	case '.', ',', '!', ';', '\n', '\r', 0, '(':
		return true
	}
	u, g, ok := s.next(i)
	if !ok || g != spaceGap {
		return false
	}
	switch s.text[u.start:u.end] {
	case "en", "et", "and", "uit", "van", "from":
		return true
	}
	return false
}

// calling tells whether a word ends as words for what somebody does or where they come from.
func (s *scan) calling(t token) bool {
	for _, x := range [...]string{"er", "aar", "eur", "euse", "rice", "or", "ist", "iste", "ant", "ante", "ent", "ente", "ling", "ees", "aan", "ien", "ienne", "ais", "aise", "ois", "oise", "ain", "aine", "ian", "ish", "ese", "ière",
		"lid", "hoofd", "coach", "kundige", "man", "vrouw", "loog", "logue", "loge"} {
		if s.endsWith(t, x) {
			return true
		}
	}
	return false
}

// behind tells whether one of some words stands just before an index, behind a space or an apostrophe.
func (s *scan) behind(i int, words ...string) bool {
	r, n := s.before(i)
	if r != ' ' && r != 0xa0 && r != '\'' && r != '’' {
		return false
	}
	i -= n
	for _, w := range words {
		if i < len(w) || !strings.EqualFold(s.text[i-len(w):i], w) {
			continue
		}
		if c, _ := s.before(i - len(w)); !isLetter(c) {
			return true
		}
	}
	return false
}

// signedBehind looks for the name behind a closing on the same line: "Met vriendelijke groet, An Peeters".
func (s *scan) signedBehind(t token) {
	if t.role&isStop != 0 && t.role&isCue != 0 { // "namens"
		return
	}
	u, g, ok := s.next(t.end)
	if !ok || g != spaceGap && g != mixedGap || !u.initial && !u.mayName() || u.role&(isClosing|isGreeting|isTitle) != 0 {
		return
	}
	if u.role&(isGiven|isFamily) == 0 && u.role != 0 {
		return
	}
	b := s.name(u, true)
	if s.short || b.given+b.rest == 0 || b.broken || s.notPerson(b.family) || b.given == 0 && !b.known && (s.capitals(u) || s.capitals(b.family)) {
		return
	}
	switch c := s.at(b.end); {
	case c == '\n' || c == '\r' || c == 0:
	case g == mixedGap && (c == ',' || c == '.' || c == '|'):
	default:
		return
	}
	if !s.short {
		s.person(u.start, b.end, whyGreeting, High, Span{s.base + t.start, s.base + t.end}, b.family)
	}
}
