package guard

// word looks at a word that has a capital or a role, or goes on with digits, and returns where to go on.
func (s *scan) word(t token) int {
	if r, n := s.before(t.start); digitOf(r) >= 0 || r == '_' && n > 0 {
		return t.end
	}
	r := t.role
	if r&(contexts|isNameLabel) != 0 {
		s.see(r&(contexts|isNameLabel), Span{s.base + t.start, s.base + t.end})
	}
	c := s.at(t.end)
	if s.short {
		return t.start
	}
	if end := s.coded(t, c); end > 0 || s.short {
		return end
	}
	if r&(isPassword|isSecretKey) != 0 && s.afterSecretWord(t) || r&isScheme != 0 && s.connection(t) || s.short {
		return s.lastEnd(t)
	}
	if r&ofCase.role() != 0 {
		s.caseNumber(t)
	}
	if r&isMonth != 0 {
		s.monthFirst(t)
	}
	s.sensitive(t)
	if r&isClosing != 0 {
		s.closing = 5
	}
	next := t.end
	if end := s.names(t, c); end > next {
		next = end
	}
	if s.short {
		return t.start
	}
	if t.up || r&isStreet != 0 {
		if end := s.address(t); end > next {
			next = end
		}
	} else if c == ' ' && isDigit(s.at(t.end+1)) {
		s.smallStreet(t)
	}
	return next
}

// lastEnd returns where the last match of this word ends.
func (s *scan) lastEnd(t token) int {
	if len(s.staged) == 0 {
		return t.end
	}
	return s.staged[len(s.staged)-1].End - s.base
}

// names asks each matcher of names, and returns where a name from this word on ends.
func (s *scan) names(t token, c byte) int {
	r := t.role
	if r&(isTitle|isPersonWord) != 0 {
		s.afterTitle(t)
	}
	if r&isNameLabel != 0 || r&isPersonWord != 0 && t.up && (c == ':' || c == ' ') && s.lineStart(t.start) || r&isMailLabel != 0 && t.up && (c == ':' || c == ' ') && s.lineStart(t.start) {
		s.afterLabel(t)
	}
	if r&isGreeting != 0 {
		s.afterGreeting(t)
	}
	if r&isClosing != 0 {
		s.signedBehind(t)
	}
	if r&(isBeing|isNamed|isSpeaking|isNameLabel) != 0 && len(s.staged) == 0 {
		s.introduction(t)
	}
	if len(s.staged) > 0 || s.short {
		return 0
	}
	if !t.up {
		if r&isParticle != 0 && s.nameColumn() {
			if full, ok := s.token(t.start); ok && s.strongPlace(full, s.sentenceStart(t.start)) {
				return s.lastEnd(t)
			}
		}
		if r&isGiven != 0 && r&(isOrdinary|isStop|quiet&^(isFamily|isMonth)) == 0 && c == ' ' {
			s.smallName(t)
		}
		return 0
	}
	if r&isStop != 0 && r&(isGiven|isFamily|isParticle) == 0 && s.closing == 0 && (t.end-t.start > 1 || c != '.') {
		return 0
	}
	full, ok := s.token(t.start)
	if !ok {
		return 0
	}
	return s.capitalName(full)
}

// coded looks for what begins with letters and goes on with digits or signs: accounts, VAT numbers, plates, passports and keys.
func (s *scan) coded(t token, c byte) int {
	n := t.end - t.start
	short := n <= 3 && (isDigit(c) || (c == ' ' || c == '-' || c == '.') && (isDigit(s.at(t.end+1)) || isCapital(s.at(t.end+1))))
	if s.short {
		return 0
	}
	if short {
		if n == 2 && (s.iban(t) || s.short || s.vat(t)) {
			return s.lastEnd(t)
		}
		if !s.short && t.up && s.capitalsOnly(t) && (s.plate(t.start) || s.short) {
			return s.lastEnd(t)
		}
	}
	if s.short {
		return 0
	}
	if t.up && n <= 6 && (isDigit(c) || short) && s.passport(t.start) || s.short {
		return s.lastEnd(t)
	}
	if (c == '-' || c == '_' || c == '.' || isDigit(c) || n >= 16) && s.key(t.start) || s.short {
		return s.lastEnd(t)
	}
	return 0
}

func (s *scan) capitalsOnly(t token) bool {
	for i := t.start; i < t.end; i++ {
		if !isCapital(s.text[i]) {
			return false
		}
	}
	return true
}

// sensitive notes a word about health, social services or justice.
func (s *scan) sensitive(t token) {
	if s.short {
		return
	}
	switch r := t.role; {
	case r&(isHealth|isSocial|isJustice) == 0:
	case r&isHealth != 0:
		s.add(Health, t.start, t.end, whyHealth, Medium, worded, Span{})
	case r&isSocial != 0:
		s.add(SocialServices, t.start, t.end, whySocial, Medium, worded, Span{})
	default:
		s.add(Justice, t.start, t.end, whyJustice, Medium, worded, Span{})
	}
}
