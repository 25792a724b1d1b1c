package guard

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
			if !s.short && b.known && !s.streetName(b.family) && (b.family.role&isFamily != 0 || !start) && !s.capitals(t) && !s.capitals(b.family) {
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

// cued tells whether a word such as "met" stands just before.
func (s *scan) cued(t token) bool { return s.prev&isCue != 0 && s.base+t.start-s.prevEnd == 1 }

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
