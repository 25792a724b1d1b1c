package guard

// lineEnd tells whether a line ends at an index.
func (s *scan) lineEnd(i int) bool { c := s.at(i); return c == '\n' || c == '\r' || c == 0 }

// box tells whether the number that ends at a place has a letter or a box, as houses have.
func (s *scan) box(end int) bool { return s.fold[s.text[end-1]] != 0 }

// houseNumber returns where the number of a house that stands behind a space ends, with its letter or box; 0 when there is none.
func (s *scan) houseNumber(i int) int {
	j := i
	for s.at(j) == ' ' || s.at(j) == 0xc2 && s.at(j+1) == 0xa0 {
		if s.at(j) == 0xc2 {
			j++
		}
		if j++; j-i > 3 {
			return 0
		}
	}
	if j == i {
		return 0
	}
	if s.at(j) == 'n' && (s.at(j+1) == 'r' || s.at(j+1) == 'o') && s.at(j+2) == '.' { // "nr. 12"
		j += 3
		if s.at(j) == ' ' {
			j++
		}
	}
	n := 0
	for isDigit(s.at(j)) {
		j++
		if n++; n > 4 {
			return 0
		}
	}
	if n == 0 || s.text[j-n] == '0' {
		return 0
	}
	switch c := s.at(j); {
	case s.fold[c] != 0:
		if s.fold[s.at(j+1)] != 0 || s.at(j+1) >= 0x80 { // "12de", "3e"
			if !s.starts(j, "bis") && !s.starts(j, "ter") {
				return 0
			}
			j += 2
		}
		j++
	case c == '%', c == ':' && isDigit(s.at(j+1)), c == 0xe2 && s.at(j+1) == 0x82: // a share, a time, euro
		return 0
	case (c == '.' || c == ',') && isDigit(s.at(j+1)):
		return 0
	case (c == '/' || c == '-') && (isDigit(s.at(j+1)) || isCapital(s.at(j+1))):
		k := j + 1
		for isDigit(s.at(k)) || isCapital(s.at(k)) {
			if k++; k-j > 5 {
				return 0
			}
		}
		if s.at(k) == c { // a date
			return 0
		}
		j = k
	case c == ' ' && isCapital(s.at(j+1)) && (s.at(j+2) == ',' || s.at(j+2) == '\n' || s.at(j+2) == 0):
		j += 2
	}
	return s.boxNumber(j)
}

// boxNumber returns where " bus 3" behind a number ends, or where it was asked when there is none.
func (s *scan) boxNumber(j int) int {
	k := j
	if s.at(k) == ',' {
		k++
	}
	if s.at(k) != ' ' {
		return j
	}
	k++
	for _, w := range [...]string{"bus", "bte", "boîte", "boite", "box", "b", "App", "app", "toev"} {
		if !s.starts(k, w) {
			continue
		}
		e := k + len(w)
		if s.at(e) == '.' {
			e++
		}
		if s.at(e) == ' ' {
			e++
		}
		f := e
		for isDigit(s.at(f)) || f > e && isCapital(s.at(f)) || f == e && isCapital(s.at(f)) && s.fold[s.at(f+1)] == 0 {
			if f++; f-e > 5 {
				return j
			}
		}
		if f > e && s.fold[s.at(f)] == 0 {
			return f
		}
	}
	return j
}

// postcode returns where the postcode and place behind a house number end, 0 when there are none.
func (s *scan) postcode(i int) int {
	j, comma := i, false
	for range 6 {
		c := s.at(j)
		if c != ' ' && c != '\n' && c != '\r' && c != ',' && c != '-' && c != '\t' || c == ',' && comma {
			break
		}
		comma = comma || c == ','
		j++
	}
	if j == i {
		return 0
	}
	for _, p := range [...]string{"B-", "BE-", "NL-", "F-", "D-", "DE-", "L-", "FR-"} {
		if s.starts(j, p) {
			j += len(p)
			break
		}
	}
	n := 0
	for isDigit(s.at(j)) {
		j++
		if n++; n > 5 {
			return 0
		}
	}
	if n < 4 || n == 4 && s.text[j-n] == '0' {
		return 0
	}
	dutch := 0
	if n == 4 {
		k := j
		if s.at(k) == ' ' {
			k++
		}
		if isCapital(s.at(k)) && isCapital(s.at(k+1)) && s.fold[s.at(k+2)] == 0 && !isDigit(s.at(k+2)) {
			j = k + 2
			dutch = j
		}
	}
	t, g, ok := s.next(j)
	if !ok || g != spaceGap && g != mixedGap || !t.up && t.role&isParticle == 0 || t.role&isMonth != 0 {
		return dutch
	}
	end := t.end
	first := t
	for range 3 {
		u, g, ok := s.next(end)
		if !ok || g != spaceGap {
			break
		}
		compound := first.role&(isParticle|isLead) != 0 && first.up && u.up && u.role&isStop == 0 || s.short
		if !compound && (s.reads(u, "am") || s.reads(u, "sur") || s.reads(u, "lez") || s.reads(u, "aan") || s.reads(u, "an")) {
			v, g, ok := s.next(u.end)
			if ok && g == spaceGap && !v.up && v.role&isParticle != 0 {
				v, g, ok = s.next(v.end)
			} else if s.reads(u, "aan") {
				ok = false
			}
			if ok && g == spaceGap && v.up {
				end = v.end
			}
			break
		}
		if !compound {
			break
		}
		end, first = u.end, token{}
	}
	return end
}
