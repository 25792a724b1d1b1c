package guard

import "tekentafel/internal/national"

// belgianShapes is the groups in which a rijksregisternummer or bisnummer is written.
func belgianShape(shape uint64) bool {
	switch shape {
	case 0xb, 0x22232, 0x632, 0x65, 0x92, 0x2225, 0x2252, 0x42232, 0x832, 0x2432, 0x4232, 0x335, 0x3332, 0x11111111111:
		return true
	}
	return false
}

// belgianNumber finds a rijksregisternummer or bisnummer in the first groups of digits. The check is that of internal/national, which
// names its sources.
func (s *scan) belgianNumber(i int, d *digits, g int) bool {
	n, first := d.total[g], 0
	if n == 13 && (d.shape[g] == 0x42232 || d.shape[g] == 0x832) {
		first = 2 // the year in four digits
	}
	context, named := s.near(ofNational, s.base+i, 48)
	if n-first != 11 || !named && !belgianShape(d.shape[g]) {
		return false
	}
	if !named && d.shape[g] == 0xb && s.mobileWithoutPlus(d) {
		return false
	}
	v := d.value10(first, n)
	// what is no number of a person is mostly told by its check digits; only what passes is looked at in full
	if nine, check := v/100, v%100; check != 97-nine%97 && check != 97-(2_000_000_000+nine)%97 {
		return false
	}
	var b [11]byte
	copy(b[:], d.value[first:n])
	m, ok := national.RecogniseBelgian(string(b[:]))
	if !ok {
		return false
	}
	t := NationalNumber
	if m.Number.Kind() == national.BIS {
		t = BISNumber
	}
	s.checked(t, i, d.end(g), context, named)
	return true
}

// checked notes a number whose check digits are right.
func (s *scan) checked(t Type, start, end int, context Span, named bool) {
	why := whyCheck
	if named {
		why = whyBoth
	}
	s.add(t, start, end, why, High, checksummed, context)
}

// mobileWithoutPlus tells whether digits begin as a Belgian mobile number without its plus: 32470…; one in a hundred passes as a bisnummer.
func (s *scan) mobileWithoutPlus(d *digits) bool {
	return d.n >= 11 && d.value[0] == '3' && d.value[1] == '2' && d.value[2] == '4' && d.value[3] >= '5'
}

// elevenTest tells whether nine digits pass the elfproef (Logisch Ontwerp BSN: weights 9 to 2, and -1).
func (d *digits) elevenTest(a int) bool {
	sum, any := 0, 0
	for k := range 9 {
		v := int(d.value[a+k] - '0')
		any |= v
		if k == 8 {
			sum -= v
		} else {
			sum += (9 - k) * v
		}
	}
	return any != 0 && sum%11 == 0
}

// dutchNumber finds a burgerservicenummer or RSIN: nine digits that pass the elfproef, of which one in eleven does by chance, so that a word
// must name it, before, behind or at the head of the column.
func (s *scan) dutchNumber(i int, d *digits, g int) bool {
	if d.total[g] != 9 || !d.elevenTest(0) {
		return s.tradeRegister(i, d, g)
	}
	switch d.shape[g] {
	case 0x9, 0x333, 0x423, 0x2223, 0x45, 0x54, 0x111111111, 0x3222, 0x432:
	default:
		return false
	}
	end := d.end(g)
	if w, ok := s.near(ofBSN, s.base+i, 48); ok && !s.nearer(ofRSIN, w) {
		s.checked(BSN, i, end, w, true)
		return true
	}
	if w, ok := s.near(ofRSIN, s.base+i, 32); ok {
		s.checked(Company, i, end, w, true)
		return true
	}
	if w, ok := s.follows(end, isBSN); ok {
		s.checked(BSN, i, end, w, true)
		return true
	}
	return s.tradeRegister(i, d, g)
}

const isBSN = firstContext << ofBSN

// nearer tells whether a context stood after a word.
func (s *scan) nearer(c context, w Span) bool { return w.End > 0 && s.last[c].End > w.End }

// follows returns the word with a role that stands just behind a place, as in "123456782 (BSN)".
func (s *scan) follows(end int, r role) (Span, bool) {
	j := end
	for k := 0; k < 3; k++ {
		switch s.at(j) {
		case ' ', '(', '[', ',', '-', ':', '=':
			j++
		}
	}
	if s.fold[s.at(j)] == 0 {
		return Span{}, false
	}
	t, ok := s.token(j)
	if !ok || t.role&r == 0 {
		return Span{}, false
	}
	return Span{s.base + t.start, s.base + t.end}, true
}
