package guard

// birthDate finds a date behind a word such as "geboren", written in numbers or with the name of the month.
func (s *scan) birthDate(i int, d *digits) {
	w, ok := s.near(ofBirth, s.base+i, 48)
	if !ok {
		return
	}
	if d.size[0] <= 2 && d.value10(0, d.total[0]) >= 1 && d.value10(0, d.total[0]) <= 31 {
		if end := s.monthYear(d.end(0)); end > 0 && !s.short {
			s.add(BirthDate, i, end, whyContext, High, shaped, w)
			return
		}
		if s.short {
			return
		}
	}
	if d.groups == 1 && d.size[0] == 8 && d.whole(0) && date(d.value10(6, 8), d.value10(4, 6), d.value10(0, 4)) {
		s.add(BirthDate, i, d.end(0), whyContext, Medium, shaped, w)
		return
	}
	if d.groups < 3 || d.edge[2] != clear {
		return
	}
	a, b, c := d.value10(0, d.total[0]), d.value10(d.total[0], d.total[1]), d.value10(d.total[1], d.total[2])
	switch {
	case d.size[0] <= 2 && d.size[1] <= 2 && (d.size[2] == 4 || d.size[2] == 2):
		ok = date(a, b, c) || date(b, a, c)
	case d.size[0] == 4 && d.size[1] <= 2 && d.size[2] <= 2:
		ok = date(c, b, a)
	default:
		ok = false
	}
	if ok && d.gap[1] != breakGap && d.gap[2] != breakGap {
		s.add(BirthDate, i, d.end(2), whyContext, High, shaped, w)
	}
}

// date tells whether three numbers can be the day, month and year, of two or four digits, of a birth.
func date(day, month, year int) bool {
	return day >= 1 && day <= 31 && month >= 1 && month <= 12 && (year < 100 || year >= 1890 && year <= 2100)
}

// monthYear returns where " maart 1985" behind a day ends, 0 when there is none.
func (s *scan) monthYear(j int) int {
	for range 4 { // "1er", "12.", "3rd"
		if c := s.at(j); !isSmall(c) && c != '.' {
			break
		}
		j++
	}
	for range 3 { // "of", "de"
		t, g, ok := s.next(j)
		if !ok || g != spaceGap && g != noGap && g != dashGap {
			return 0
		}
		j = t.end
		if t.role&isMonth != 0 {
			return s.year(j)
		}
	}
	return 0
}

// year returns where a year behind a month ends, 0 when there is none.
func (s *scan) year(j int) int {
	for range 3 {
		if c := s.at(j); c == ' ' || c == ',' || c == '.' || c == '-' {
			j++
		}
	}
	for k := range 4 {
		if !isDigit(s.at(j + k)) {
			return 0
		}
	}
	if isDigit(s.at(j + 4)) {
		return 0
	}
	return j + 4
}

// monthFirst finds "March 3, 1985" behind a word such as "born".
func (s *scan) monthFirst(t token) {
	w, ok := s.near(ofBirth, s.base+t.start, 40)
	if !ok || s.at(t.end) != ' ' || !isDigit(s.at(t.end+1)) {
		return
	}
	j := t.end + 2
	for range 4 {
		if c := s.at(j); !isDigit(c) && !isSmall(c) {
			break
		}
		j++
	}
	if end := s.year(j); end > 0 && !s.short {
		s.add(BirthDate, t.start, end, whyContext, High, shaped, w)
	}
}
