package guard

// after looks for a name behind a title such as "mevrouw" or a word for a person.
func (s *scan) afterTitle(t token) {
	j := t.end
	if t.role&isTitle != 0 && t.end-t.start == 2 && (!t.up || !isSmall(s.text[t.start+1])) && !s.shortTitle(t) {
		return // "80 ms in Node", "HR Partner"
	}
	if t.role&isTitle != 0 && t.end-t.start <= 5 && s.at(j) == '.' {
		j++
	}
	u, g, ok := s.next(j)
	if !ok || g != spaceGap && g != noGap || g == noGap && j == t.end || s.preposition(u) {
		return
	}
	at := Span{s.base + t.start, s.base + t.end}
	if u.role&isTitle != 0 || u.role&isConjunction != 0 && !u.up {
		return
	}
	if !u.up && u.role&isParticle == 0 {
		if u.role&isFamily != 0 && u.role&(isStop|isOrdinary|isPersonWord) == 0 && t.role&isTitle != 0 { // "mevr peeters"
			s.person(u.start, u.end, whyTitle, Medium, at, u)
		}
		return
	}
	if u.role&isStop != 0 && u.role&(isGiven|isFamily|isParticle) == 0 { // "Herr Direktor Müller"
		v, g, ok := s.next(u.end)
		if !ok || g != spaceGap || !v.named() {
			return
		}
		u = v
	}
	b := s.name(u, t.role&isTitle != 0)
	if b.end == u.start || s.short || b.given+b.rest == 0 {
		return
	}
	start := u.start
	if u.role&isParticle != 0 && u.role&isGiven == 0 && b.rest+b.given == 0 {
		return
	}
	if t.role&isTitle == 0 && b.given == 0 && b.family.role&isStop != 0 && b.family.role&isFamily == 0 { // "inwoner van Gent"
		return
	}
	if t.role&isTitle == 0 && b.given == 0 && !b.known && b.rest+b.initials < 2 && (t.up || b.rest == 0) {
		return
	}
	s.person(start, b.end, whyTitle, High, at, b.family)
}

// shortTitle tells whether a title of two letters is mostly one, also in small letters and without a point.
func (s *scan) shortTitle(t token) bool {
	switch s.text[t.start:t.end] {
	case "mw", "dr", "mr", "ir":
		return true
	}
	return false
}

// afterLabel looks for a name behind "Naam:". It tells whether it found one.
func (s *scan) afterLabel(t token) {
	j := t.end
	for range 3 { // "Naam en voornaam", "Naam (patiënt)"
		if t.role&isNameLabel == 0 {
			break
		}
		u, g, ok := s.next(j)
		if !ok || g != spaceGap || u.up && u.role&isNameLabel == 0 {
			break
		}
		j = u.end
	}
	for s.at(j) == ' ' || s.at(j) == '*' || s.at(j) == ')' || s.at(j) == '_' {
		j++
		if j-t.end > 48 {
			return
		}
	}
	c := s.at(j)
	if c != ':' && c != '=' || s.short {
		return
	}
	s.nameLine = true
	for j++; s.at(j) == ' ' || s.at(j) == '\t' || s.at(j) == '*'; j++ {
		if j-t.end > 56 {
			return
		}
	}
	u, g, ok := s.next(j)
	if !ok || g != noGap {
		return
	}
	s.strongName(u, whyLabel, Span{s.base + t.start, s.base + t.end})
}

// strongName notes the name that begins with a word where only a name is expected.
func (s *scan) strongName(u token, why string, at Span) bool {
	if !u.initial && !u.mayName() && u.role&isParticle == 0 || u.role&contexts != 0 && u.role&(isGiven|isFamily) == 0 {
		return false
	}
	b := s.name(u, true)
	if s.short || b.end == u.start || b.given+b.rest == 0 {
		return false
	}
	column := why == whyLabel && at == Span{} && s.nameColumn()
	if v, g, ok := s.next(b.end); ok && g == mixedGap && v.up && (b.given == 0 || column) && s.divider != ',' { // "Peeters, Jan"
		c := s.name(v, false)
		if c.end > b.end && (v.given() && c.rest == 0 && b.given == 0 || column && s.cellEnd(c.end)) {
			b.end = c.end
		}
	}
	if s.short || column && !s.cellEnd(b.end) {
		return false
	}
	s.person(u.start, b.end, why, High, at, b.family)
	return true
}

// cellEnd tells whether a cell of a table ends at an index, but for a remark in parentheses.
func (s *scan) cellEnd(i int) bool {
	if s.at(i) == ' ' {
		i++
	}
	switch c := s.at(i); c {
	case '|', '\t', ';', '\n', '\r', 0, '(':
		return true
	default:
		return c == ',' && s.divider == ','
	}
}

// afterGreeting looks for a name behind "Beste".
func (s *scan) afterGreeting(t token) {
	if !t.up && !s.lineStart(t.start) { // "de beste Idee"
		return
	}
	u, g, ok := s.next(t.end)
	if !ok || g != spaceGap || u.role&(isTitle|isClosing) != 0 || !u.mayName() || u.role&isPersonWord != 0 {
		return
	}
	b := s.name(u, false)
	if s.short || b.given+b.rest == 0 {
		return
	}
	start := u.start
	if t.role&isGiven != 0 && t.up && b.known { // "Lieve Peeters"
		start = t.start
	}
	switch c := s.at(b.end); {
	case b.given > 0 && u.role&isStop == 0:
	case c == ',' || c == '!' || c == '\n' || c == '\r' || c == 0:
	default:
		return
	}
	if !s.short {
		s.person(start, b.end, whyGreeting, High, Span{s.base + t.start, s.base + t.end}, b.family)
	}
}
