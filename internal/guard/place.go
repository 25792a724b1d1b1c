package guard

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
