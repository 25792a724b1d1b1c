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
	var before body // what stood before a preposition that can be a particle: "Jan uit Gent", "Jan op de Beeck"
	particle, placed := false, false
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
			if !t.up && k > 0 && s.locating(t) {
				before, placed = b, true
			}
			particle = true
		case placed && t.up && s.isPlace(t, before): // "Jan Peeters in de Kerkstraat"
			return before
		case t.up && !t.initial && particle && t.role&(isTitle|isStreet) == 0, t.mayName() && (b.rest == 0 || particle || s.familyLike(t) || strong && k < 4 || t.role&isGiven != 0 && b.given == 0):
			if t.role&isGiven != 0 && !particle && b.rest == 0 {
				b.given++
			} else {
				b.rest++
				b.known = b.known || s.familyLike(t)
			}
			particle, placed = t.trailing, false
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

// locating tells whether a particle is more often a preposition before a place.
func (s *scan) locating(t token) bool {
	switch s.text[t.start:t.end] {
	case "in", "op", "aan", "uit":
		return true
	}
	return false
}

// isPlace tells whether a word behind a preposition and a name is a place, rather than the rest of the name as in "Jan op de Beeck".
func (s *scan) isPlace(t token, before body) bool {
	if t.role&isFamily != 0 {
		return t.role&isLead != 0 // "Koning Albertlaan"
	}
	whole := before.rest > 0 && (before.known || before.given+before.initials > 0)
	return whole || t.role&isStop != 0 || s.streetName(t)
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
