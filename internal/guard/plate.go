package guard

// marks is a row of groups of capitals or digits, as on a licence plate: "1-ABC-123". Each group gives its length and sort.
type marks struct {
	n     int
	size  [5]int
	digit [5]bool
	sign  [5]byte // before each group; 0 for none
	end   [5]int
	low   bool // there are small letters
}

// marksAt reads up to four groups with one sign between them, or none where letters and digits meet.
func (s *scan) marksAt(i int) marks {
	var m marks
	sign := byte(0)
	for j := i; m.n < 5; {
		c := s.at(j)
		k := j
		isNumber := isDigit(c)
		for isNumber && isDigit(c) || !isNumber && s.fold[c] != 0 {
			m.low = m.low || isSmall(c)
			k++
			if k-j > 4 {
				return m
			}
			c = s.at(k)
		}
		if k == j || s.short {
			return m
		}
		m.size[m.n], m.digit[m.n], m.sign[m.n], m.end[m.n] = k-j, isNumber, sign, k
		m.n++
		sign = 0
		j = k
		if c == '-' || c == ' ' {
			sign = c
			j++
		} else if c == 0xc2 && s.at(k+1) == 0xb7 { // middle dot
			sign = '-'
			j += 2
		} else if c >= 0x80 {
			if !isNumber { // the group is the beginning of a word
				m.n--
			}
			return m
		}
	}
	return m
}

// is tells whether the first groups have these sizes: letters as capitals, digits as numbers, as in "1A3".
func (m *marks) is(n int, sizes ...int) bool {
	if m.n < n || len(sizes) != n {
		return false
	}
	for k, size := range sizes { // negative for letters
		if m.digit[k] != (size > 0) || m.size[k] != max(size, -size) {
			return false
		}
	}
	return true
}

// plate finds a licence plate that begins at an index. The Belgian form with dashes stands on its own (Koninklijk besluit van 20 juli 2001); all others
// (Belgian of before, Dutch "sidecodes" of the RDW, French SIV, German) need a word beside them.
func (s *scan) plate(i int) bool {
	if r, n := s.before(i); isLetter(r) || digitOf(r) >= 0 || (r == '-' || r == '.' || r == '/' || r == '_') && s.alnumBefore(i-n) {
		return false
	}
	m := s.marksAt(i)
	if s.short || m.n < 2 {
		return false
	}
	groups, alone := 0, false
	switch {
	case m.is(3, 1, -3, 3):
		groups, alone = 3, m.sign[1] == '-' && m.sign[2] == '-' && !m.low
	case m.is(3, 3, -3, 1), m.is(3, 1, -3, 2), m.is(3, 2, -3, 1), m.is(3, -2, 2, -2), m.is(3, 2, -2, 2), m.is(3, -2, -2, 2), m.is(3, 2, -2, -2),
		m.is(3, -2, 2, 2), m.is(3, 2, 2, -2), m.is(3, -1, 3, -2), m.is(3, -2, 3, -1), m.is(3, -3, 2, -1), m.is(3, -1, 2, -3), m.is(3, -2, 3, -2),
		m.is(3, -2, -2, 3), m.is(3, -2, -1, 3), m.is(3, -3, 2, -2):
		groups = 3
	case m.is(2, -3, 3), m.is(2, 3, -3), m.is(2, -1, 3):
		groups = 2
	case m.n >= 3 && !m.digit[0] && m.size[0] <= 3 && !m.digit[1] && m.size[1] <= 2 && m.digit[2]: // German
		groups = 3
	default:
		return false
	}
	if german := m.n >= 3 && !m.digit[0] && !m.digit[1]; groups == 3 && m.sign[1] != m.sign[2] && !german {
		return false
	}
	end := m.end[groups-1]
	c := s.at(end)
	if s.fold[c] != 0 || isDigit(c) || c >= 0x80 && c != 0xc2 && c != 0xe2 || c == '-' && m.n > groups {
		return false
	}
	if m.sign[1] == ' ' && m.n > groups && m.digit[groups] || s.otherThing(s.base+i) {
		return false
	}
	w, named := s.near(ofPlate, s.base+i, 64)
	if !named && !alone {
		if m.low || m.sign[1] == ' ' && m.sign[2] == ' ' && groups == 2 {
			return false
		}
		if w, named = s.follows(end, firstContext<<ofPlate); !named {
			return false
		}
	}
	if groups == 2 && (m.low || m.sign[1] == ' ') { // "394 EUR"
		return false
	}
	switch {
	case named:
		s.add(Plate, i, end, whyContext, High, shaped, w)
	default:
		s.add(Plate, i, end, whyShape, Medium, shaped, Span{})
	}
	return true
}

func (s *scan) alnumBefore(i int) bool {
	r, _ := s.before(i)
	return isLetter(r) || digitOf(r) >= 0
}

// passport finds the number of a passport or identity card of letters and digits behind the word that names it: Belgian (two letters and six
// digits), Dutch (nine, the last a digit), French (two digits, two letters, five digits) and German (nine, without vowels).
func (s *scan) passport(i int) bool {
	t := Passport
	w, named := s.near(ofPassport, s.base+i, 48)
	if card, ok := s.near(ofIDCard, s.base+i, 48); ok && (!named || s.nearer(ofIDCard, w)) {
		t, w, named = IdentityCard, card, true
	}
	if !named || s.alnumBefore(i) || s.otherThing(s.base+i) {
		return false
	}
	n, digitCount, letterCount := 0, 0, 0
	j := i
	for ; n <= 12; j++ {
		c := s.at(j)
		if c == ' ' && n > 0 && n <= 2 && digitCount == 0 { // "EN 123456"
			continue
		}
		if isDigit(c) {
			digitCount++
		} else if isCapital(c) {
			letterCount++
		} else {
			break
		}
		n++
	}
	if s.short || n < 8 || n > 10 || digitCount < 5 || letterCount == 0 || s.fold[s.at(j)] != 0 {
		return false
	}
	s.add(t, i, j, whyContext, Medium, shaped, w)
	return true
}

// caseNumber finds the number of a file behind a word such as "dossiernummer".
func (s *scan) caseNumber(t token) {
	j := t.end
	for range 3 { // "nr.", "n°", ":", "#"
		for s.at(j) == ' ' || s.at(j) == ':' || s.at(j) == '#' || s.at(j) == '.' || s.at(j) == '=' || s.at(j) == '-' {
			if j++; j-t.end > 12 {
				return
			}
		}
		if s.at(j) == 'n' || s.at(j) == 'N' {
			k := j + 1
			for s.fold[s.at(k)] != 0 || s.at(k) >= 0x80 {
				if k++; k-j > 8 {
					return
				}
			}
			j = k
		}
	}
	if u, g, ok := s.next(t.end); ok && g == spaceGap && u.role&isCopula != 0 && s.at(u.end) == ' ' { // "het dossiernummer is …"
		j = u.end + 1
	}
	digitCount, end := 0, j
	for k := j; k-j < 32; k++ {
		c := s.at(k)
		switch {
		case isDigit(c):
			digitCount++
			end = k + 1
		case isCapital(c):
			end = k + 1
		case c == '/' || c == '-' || c == '.' || c == '_':
		default:
			k = j + 32
			if s.fold[c] != 0 || c >= 0x80 {
				return
			}
		}
	}
	if digitCount >= 4 && !s.short {
		at := Span{s.base + t.start, s.base + t.end}
		s.add(CaseNumber, j, end, whyContext, Medium, worded, at)
	}
}
