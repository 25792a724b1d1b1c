package guard

// body is a name as it was read from a first word on.
type body struct {
	end             int
	given, initials int
	rest            int // words that are no given names and no particles
	known           bool
	family          token // the last word of the name
	broken          bool  // a line ends within it
	compound        bool  // what follows is a word such as "More-huis"
}

// name reads a name from its first word on: given names and initials, particles, family names. It stops before what cannot be part of one.
func (s *scan) name(t token, strong bool) body {
	b := body{end: t.start}
	particle := false
	for k := 0; k < 7; k++ {
		switch {
		case t.compound && k > 0 && t.up:
			b.compound = true
			return b
		case t.initial:
			if b.rest > 0 {
				return b
			}
			b.initials++
			b.end = t.end
		case t.role&isParticle != 0:
			particle = true
		case t.up && !t.initial && particle && t.role&(isTitle|isStreet) == 0, t.mayName() && (b.rest == 0 || particle || s.familyLike(t) || strong && k < 4 || t.role&isGiven != 0 && b.given == 0):
			if t.role&isGiven != 0 && !particle && b.rest == 0 {
				b.given++
			} else {
				b.rest++
				b.known = b.known || s.familyLike(t)
			}
			particle = t.trailing
			b.end, b.family = t.end, t
		default:
			return b
		}
		u, g, ok := s.next(t.end)
		if !ok || g != spaceGap && (g != breakGap || u.role&isFamily == 0) && (g != noGap || !t.initial) {
			return b
		}
		if g == breakGap {
			if b.rest > 0 || b.given+b.initials == 0 {
				return b
			}
			b.broken = true
		}
		t = u
	}
	return b
}

// person notes a name.
func (s *scan) person(start, end int, why string, c Confidence, at Span, family token) {
	if s.short {
		return
	}
	s.add(Person, start, end, why, c, worded, at)
	if family.end > family.start && family.end-family.start > 3 && family.role&(isGiven|isStop) == 0 {
		s.family = family.hash
	}
}

// capitalName looks for a name that begins with a capital word. It returns where it ends, 0 when there is none.
func (s *scan) capitalName(t token) int {
	n := len(s.staged)
	s.tryName(t)
	if len(s.staged) > n {
		return s.staged[n].End - s.base
	}
	return 0
}

func (s *scan) tryName(t token) {
	if s.base+t.start < s.nameEnd { // within a name that was found
		return
	}
	if r, n := s.before(t.start); (r == '/' || r == '-' || r == '_' || r == '@') && s.alnumBefore(t.start-n) {
		return
	}
	lead := s.prev&(isLead|isStreet) != 0 && s.follow(t.start) && s.prev&isTitle == 0
	if lead {
		return
	}
	start := s.sentenceStart(t.start)
	if t.role&isClosing != 0 || s.strongPlace(t, start) {
		return
	}
	switch {
	case t.initial:
		s.initialsName(t, start)
	case t.role&isGiven != 0 && (t.role&isStop == 0 || !start):
		s.givenName(t, start)
	case t.role&isParticle != 0:
		s.particleName(t, start)
	case t.role&isStop != 0 && t.role&isFamily == 0:
	default:
		s.familyFirst(t, start)
	}
}

// strongPlace looks for a name where one is expected: in a column of names, below a closing, on a line of those present.
func (s *scan) strongPlace(t token, start bool) bool {
	r, _ := s.before(t.start)
	cell := r == '|' || r == '\t' || r == ';' || r == ','
	if r == ' ' {
		if p, _ := s.before(t.start - 1); p == '|' || p == ';' || p == ',' && s.divider == ',' {
			cell = true
		}
	}
	if s.nameColumn() && (cell || s.column == 0 && s.lineStart(t.start)) {
		return s.strongName(t, whyLabel, Span{})
	}
	if s.closing > 0 && (r == '\n' || r == 0) && (t.initial || t.mayName()) {
		b := s.name(t, true)
		if s.short || b.given+b.rest == 0 {
			return false
		}
		if c := s.at(b.end); c != '\n' && c != '\r' && c != 0 && c != ',' && (c != ' ' || s.at(b.end+1) != '\n') {
			return false
		}
		if s.short {
			return false
		}
		s.person(t.start, b.end, whyGreeting, High, Span{}, b.family)
		s.signed = true
		return true
	}
	if t.role&(isGreeting|isTitle) == 0 && (r == ' ' || r == '\n' || r == 0) && (t.initial || t.mayName()) && (s.chatHead(t.start) || r != ' ' && s.blankBefore(t.start)) {
		b := s.name(t, true)
		if s.short {
			return false
		}
		switch c := s.at(b.end); {
		case r == ' ' && c == ':' && b.end > t.start && b.given+b.rest > 0: // "[12/03/2024 09:15] Jan Peeters: …"
			s.person(t.start, b.end, whyLabel, High, Span{}, b.family)
			return true
		case r != ' ' && c == '\n' && b.given+b.rest+b.initials >= 2 && b.rest > 0 && !s.streetName(b.family) && s.addressLine(b.end+1):
			s.person(t.start, b.end, whyGreeting, Medium, Span{}, b.family)
			return true
		}
		if s.short {
			return false
		}
	}
	if s.nameLine && (t.initial || t.named()) {
		b := s.name(t, true)
		if !s.short && b.given+b.rest+b.initials >= 2 {
			s.person(t.start, b.end, whyLabel, Medium, Span{}, b.family)
			return true
		}
	}
	return false
}

// chatHead tells whether the moment of a message in the export of a chat stands before an index: "[12/03/2024 09:15] " or "12/03/2024, 09:15 - ".
func (s *scan) chatHead(i int) bool {
	if i < 12 || s.text[i-1] != ' ' {
		return false
	}
	switch s.text[i-2] {
	case ']':
		return isDigit(s.text[i-3]) && s.text[i-5] == ':'
	case '-':
		return s.text[i-3] == ' ' && isDigit(s.text[i-4]) && isDigit(s.text[i-5]) && s.text[i-6] == ':'
	}
	return false
}

// blankBefore tells whether a line begins at an index behind an empty line, or at the beginning of the text.
func (s *scan) blankBefore(i int) bool {
	if s.base+i == 0 {
		return true
	}
	return i >= 2 && s.text[i-1] == '\n' && (s.text[i-2] == '\n' || i >= 3 && s.text[i-2] == '\r' && s.text[i-3] == '\n')
}

// addressLine tells whether the line that begins at an index is a street and number: it begins with a capital or digit, and a number stands behind a space.
func (s *scan) addressLine(i int) bool {
	if c := s.at(i); !isCapital(c) && !isDigit(c) && c < 0x80 {
		return false
	}
	for k := i; k-i < 60; k++ {
		switch c := s.at(k); {
		case c == '\n' || c == 0 || c == ':' || c == '.' && s.at(k+1) == ' ' && !isDigit(s.at(k+2)):
			return false
		case isDigit(c) && (k == i || s.text[k-1] == ' '):
			return true
		}
	}
	return false
}

// nameColumn tells whether the heading of this column says that names stand in it.
func (s *scan) nameColumn() bool {
	return s.rows > 0 && s.column < maxColumns && s.heading[s.column]&isNameLabel != 0
}

// initialsName finds "J. Peeters" and "A.B. van der Meer".
func (s *scan) initialsName(t token, start bool) {
	b := s.name(t, false)
	if s.short || b.rest+b.given == 0 || b.broken {
		return
	}
	if start && b.initials == 1 && !b.known && t.end-t.start == 2 && b.given == 0 { // "A. Inleiding"
		return
	}
	if b.family.end-b.family.start < 3 || s.streetName(b.family) {
		return
	}
	if !b.known && b.given == 0 && b.initials == 1 { // "zonder de letter U. Kijk na": not to be remembered
		if s.text[t.start:t.end] != "U." {
			s.person(t.start, b.end, whyInitials, Low, Span{}, token{})
		}
		return
	}
	s.person(t.start, b.end, whyInitials, Medium, Span{}, b.family)
}

// givenName finds what begins with a given name.
func (s *scan) givenName(t token, start bool) {
	b := s.name(t, false)
	if s.short {
		return
	}
	if b.compound || s.notPerson(b.family) && b.family.start > t.start || b.family.role&isBrand != 0 && b.rest > 0 {
		return
	}
	ordinary := t.role&(isOrdinary|isStop) != 0
	if b.rest == 0 && b.given == 1 && b.initials == 0 {
		if s.at(b.end) == '-' || s.text[t.start:t.end] != s.text[t.start:b.end] && s.streetName(token{start: t.start, end: b.end}) {
			return
		}
		if r, n := s.before(t.start); r == '-' && s.alnumBefore(t.start-n) {
			return
		}
		switch {
		case !ordinary && t.role&isBrand == 0 || s.at(b.end) == ':' && start:
			s.person(t.start, b.end, whyName, Medium, Span{}, token{})
		case t.role&(isStop|isBrand) == 0 && !start:
			s.person(t.start, b.end, whyName, Low, Span{}, token{})
		}
		return
	}
	if ordinary && !b.known && (start || b.given < 2 && b.family.end-b.family.start < 4) {
		return
	}
	c := Medium
	if b.known || !ordinary {
		c = High
	}
	s.person(t.start, b.end, whyName, c, Span{}, b.family)
}

// particleName finds "Van den Broeck Jan" and, within a sentence, "De Smet".
func (s *scan) particleName(t token, start bool) {
	b := s.name(t, false)
	if s.short || b.rest == 0 || s.streetName(b.family) {
		return
	}
	end := b.end
	u, g, ok := s.next(end)
	switch {
	case b.given > 0: // "De Smet Jan"
	case ok && (g == spaceGap || g == mixedGap) && u.given() && u.role&isStop == 0 && b.known:
		end = u.end
	case start || !b.known || b.family.role&isFamily == 0:
		if s.short || !s.remembers(b.family.hash) || start {
			return
		}
	}
	s.person(t.start, end, whyName, Medium, Span{}, b.family)
}

// familyFirst finds "Peeters Jan", a name with a frequent family name, and a family name that stood before.
func (s *scan) familyFirst(t token, start bool) {
	u, g, ok := s.next(t.end)
	if s.short || t.role&(contexts|isLead|isPersonWord|isTitle|isBrand|isNameLabel|isGreeting|isStreet|isCue|isCueVerb) != 0 {
		return
	}
	like := s.familyLike(t)
	if ok && u.up && (g == spaceGap || g == mixedGap && like) && !s.streetName(u) {
		switch {
		case u.given() && u.role&isStop == 0 && (like || s.capitals(t)):
			end := u.end
			b := s.name(u, false)
			if b.rest == 0 && b.end > end {
				end = b.end
			}
			if b.rest > 0 && g == mixedGap { // "Peeters, Jan Maes" are two
				break
			}
			if u.role&isOrdinary == 0 || like && t.role&isFamily != 0 {
				s.person(t.start, end, whyName, Medium, Span{}, t)
				return
			}
		case g == spaceGap && u.initial && like:
			s.person(t.start, u.end, whyName, Medium, Span{}, t)
			return
		case g == spaceGap && t.named() && t.end-t.start > 2 && (s.familyLike(u) || u.role&isParticle != 0) && !s.foreignParticle(u):
			b := s.name(t, false)
			if !s.short && b.known && !s.streetName(b.family) && (b.family.role&isFamily != 0 || !start) && !s.capitals(t) && s.sameCase(b.family) {
				s.person(t.start, b.end, whyName, Medium, Span{}, b.family)
				return
			}
		}
		if s.short {
			return
		}
	}
	if ok && !u.up && u.role&isParticle != 0 && g == spaceGap && t.named() && !s.foreignParticle(u) { // "Xavi van Dyck", "Indy van den Brink"
		v, _, _ := s.next(u.end)
		two := !v.up && v.role&isParticle != 0 && !s.preposition(v)
		b := s.name(t, false)
		if !s.short && b.rest >= 2 && b.given == 0 && (two || !start && b.family.role&isFamily != 0 && v.role&isGiven == 0) && !s.notPerson(b.family) {
			s.person(t.start, b.end, whyName, Medium, Span{}, b.family)
			return
		}
	}
	if ok && g == spaceGap && t.role == 0 && u.up && u.role&^isFamily == 0 && !u.initial && s.cued(t) { // "met Wubbo Ockels": two words of no list behind such a word
		b := s.name(t, true)
		if !s.short && b.rest >= 2 && b.rest <= 4 && !s.notPerson(b.family) && !s.capitals(b.family) && b.family.end-b.family.start > 2 {
			s.person(t.start, b.end, whyShape, Low, Span{}, b.family)
			return
		}
	}
	if t.role == 0 && !start && s.prev&isCueVerb != 0 && s.base+t.start-s.prevEnd == 1 && (!ok || !u.up) && t.end-t.start > 2 && !s.capitals(t) { // "daarna nam Mads het woord"
		if !s.short {
			s.person(t.start, t.end, whyShape, Low, Span{}, token{})
		}
		return
	}
	if t.end-t.start > 3 && s.remembers(t.hash) {
		s.person(t.start, t.end, whySeen, Low, Span{}, token{})
	}
}

// foreignParticle tells whether a small word is mostly a preposition: behind an unknown word it says no name, "Antrag von Jan".
func (s *scan) foreignParticle(t token) bool {
	switch s.text[t.start:t.end] {
	case "von", "du", "des", "de", "la", "le", "les", "di", "da", "zu", "vom", "zum", "zur", "d", "l", "y", "te", "in", "op", "aan", "uit":
		return true
	}
	return false
}

// notPerson tells whether a word surely is a street or building that bears the name of a person.
//
//nolint:misspell // Dutch and German
func (s *scan) notPerson(t token) bool {
	if t.end <= t.start {
		return false
	}
	if s.streetName(t) {
		return true
	}
	for _, x := range [...]string{"stadion", "zaal", "school", "abdij", "instituut", "tunnel", "ziekenhuis", "kliniek", "college", "museum", "kerk", "brug", "centrum", "theater", "park",
		"bibliotheek", "pad", "stichting", "fonds", "prijs", "schule", "halle", "kirche", "haus", "klinik", "weg"} {
		if s.endsWith(t, x) {
			return true
		}
	}
	return false
}

// cued tells whether a word such as "met" stands just before.
func (s *scan) cued(t token) bool { return s.prev&isCue != 0 && s.base+t.start-s.prevEnd == 1 }

// sameCase tells whether a word is not all in capitals.
func (s *scan) sameCase(t token) bool { return !s.capitals(t) }

// smallName finds "jan peeters" in small letters: a given name that is no ordinary word, and a frequent family name.
func (s *scan) smallName(t token) {
	u, g, ok := s.next(t.end)
	for k := 0; k < 2 && ok && g == spaceGap && !u.up && u.role&isParticle != 0 && u.role&isFamily == 0; k++ { // "willem van damme"
		u, g, ok = s.next(u.end)
	}
	if !ok || g != spaceGap || u.up || u.role&isFamily == 0 || u.role&(isStop|isOrdinary|isPersonWord|isTitle|isParticle) != 0 || s.short {
		return
	}
	s.person(t.start, u.end, whyName, Low, Span{}, u)
}
