package guard

// address finds a street and number that begin with a word, and returns where they end, 0 when there is none.
func (s *scan) address(t token) int {
	if t.role&isStreet != 0 {
		return s.frenchAddress(t, t.start)
	}
	if t.role&isStreetStart == 0 && (t.role&isStop != 0 && t.role&(isGiven|isFamily|isParticle) == 0 || t.role&isParticle != 0 && s.sentenceStart(t.start)) {
		return 0
	}
	full, ok := s.token(t.start)
	if !ok {
		return 0
	}
	u := full
	for range 6 {
		j := u.end
		if s.at(j) == '.' {
			j++
		}
		if end := s.houseNumber(j); end > 0 {
			kind := s.suffix(u)
			if u.start > t.start && s.bareStreet(u) {
				kind = sureSuffix
			}
			if j == u.end && u.up || kind != noSuffix {
				return s.street(t.start, end, kind, u)
			}
		}
		if u.role&isStreet != 0 && u.start > t.start {
			return 0 // it begins there
		}
		if s.short {
			return 0
		}
		v, g, ok := s.next(j)
		if !ok || g != spaceGap || j > u.end && s.suffix(u) == noSuffix || !v.up && (v.role&isParticle == 0 || s.preposition(v)) && s.suffix(v) != sureSuffix {
			return 0
		}
		u = v
	}
	return 0
}

// street notes an address when what was read is one.
func (s *scan) street(start, end int, kind suffixKind, last token) int {
	full := s.postcode(end)
	if s.short {
		return 0
	}
	w, named := s.near(ofAddress, s.base+start, 40)
	switch {
	case full > 0 && last.role&isMonth == 0:
		s.add(Address, start, full, whyStreetCity, High, worded, w)
		return full
	case kind == sureSuffix && last.role&isStop == 0 || named && w.End > 0 && s.base+start-w.End <= 4 && last.role&isStop == 0 || kind == weakSuffix && (s.box(end) || s.lineStart(start) && s.lineEnd(end)):
		s.add(Address, start, end, whyStreet, Medium, worded, w)
		return end
	}
	return 0
}

// smallStreet finds "kerkstraat 12" in small letters.
func (s *scan) smallStreet(t token) int {
	j := t.end
	if s.at(j) == '.' {
		j++
	}
	if t.role&isStop == 0 && s.suffix(t) == sureSuffix {
		if end := s.houseNumber(j); end > 0 && !s.short {
			if e := s.street(t.start, end, sureSuffix, t); e > 0 {
				return e
			}
		}
	}
	return t.end
}

// frenchAddress finds "rue de la Paix 12" and, with the number before it, "12, rue de la Paix". Start is where it begins.
func (s *scan) frenchAddress(t token, start int) int {
	u, end, capitals := t, t.end, 0
	if s.at(end) == '.' && end-t.start <= 4 { // "av.", not the end of a sentence
		end++
	}
	for range 7 {
		v, g, ok := s.next(end)
		if !ok || g != spaceGap && g != noGap || g == noGap && s.at(end-1) != '.' {
			break
		}
		if !v.up && v.role&isParticle == 0 && capitals > 0 && start < t.start && !s.frenchSmall(v) {
			break
		}
		if v.up {
			capitals++
		}
		u, end = v, v.end
	}
	if s.short || u.start == t.start {
		return 0
	}
	if start == t.start { // the number follows
		k := end
		if s.at(k) == ',' {
			k++
		}
		n := s.houseNumber(k)
		if n == 0 || capitals == 0 && !t.up || s.short {
			return 0
		}
		return s.street(start, n, sureSuffix, token{})
	}
	if capitals == 0 {
		return 0
	}
	return s.street(start, end, sureSuffix, token{})
}

// beforeLetters looks at what begins with digits and goes on with letters: "1-ABC-123", "12, rue de la Paix", "12AB34567".
func (s *scan) beforeLetters(i int, d *digits) {
	if d.size[0] > 4 || s.short {
		return
	}
	end := d.end(0)
	c := s.at(end)
	switch {
	case isCapital(c) || (c == '-' || c == ' ' || c == '.') && isCapital(s.at(end+1)) || c == '-' && isSmall(s.at(end+1)):
		if d.size[0] <= 3 && s.plate(i) || s.short {
			return
		}
		if d.size[0] == 2 && isCapital(c) && s.passport(i) || s.short {
			return
		}
	}
	if c == ' ' || c == ',' || c == 'b' || c == 't' {
		j := end
		if s.starts(j, "bis") || s.starts(j, "ter") {
			j += 3
		}
		t, g, ok := s.next(j)
		if ok && t.role&(isOrdinary|isStop) == 0 && t.role&isStreet == 0 && !t.up && g == spaceGap && t.end-t.start == 3 { // "12 bis rue"
			t, g, ok = s.next(t.end)
		}
		if ok && (g == spaceGap || g == mixedGap) && t.role&isStreet != 0 {
			s.frenchAddress(t, i)
		}
	}
}
