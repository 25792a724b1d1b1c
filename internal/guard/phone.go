package guard

// plan is the numbering of a country: its code, and how many digits follow without the leading 0 (ITU-T E.164 and the plans of BIPT, ACM, Arcep,
// Bundesnetzagentur and ILR; the others as the ITU publishes them).
type plan struct{ code, length, low, high int }

func plans() []plan {
	return []plan{{32, 2, 8, 9}, {31, 2, 9, 9}, {33, 2, 9, 9}, {49, 2, 6, 12}, {352, 3, 5, 9}, {44, 2, 9, 10}, {34, 2, 9, 9}, {39, 2, 8, 11}, {48, 2, 9, 9}, {40, 2, 9, 9},
		{90, 2, 10, 10}, {212, 3, 9, 9}, {243, 3, 9, 9}, {41, 2, 9, 9}, {43, 2, 6, 12}, {351, 3, 9, 9}, {380, 3, 9, 9}, {1, 1, 10, 10}, {30, 2, 10, 10}, {213, 3, 8, 9}, {216, 3, 8, 8}, {359, 3, 8, 9}}
}

// phonePlus finds "+32 …".
func (s *scan) phonePlus(i int) int {
	j := i + 1
	if s.at(j) == ' ' {
		j++
	}
	open := s.at(j) == '('
	if open { // +(32)…
		j++
	}
	if r, _ := s.runeAt(j); digitOf(r) < 1 || s.digitBefore(i) || i > 0 && s.text[i-1] == '+' { // +++090/9337/55493+++ is no phone
		return i + 1
	}
	d := s.gather(j)
	if !s.short && s.international(i, d, 0, true) {
		return d.end(0)
	}
	return i + 1
}

// phoneParenthesis finds "(02) 123 45 67", "(+32) 2…" and "(0032)…".
func (s *scan) phoneParenthesis(i int) int {
	j := i + 1
	if s.at(j) == '+' {
		j++
	}
	if r, _ := s.runeAt(j); digitOf(r) < 0 || s.digitBefore(i) {
		return i + 1
	}
	d := s.gather(j)
	switch {
	case s.short || d.groups < 2 || d.gap[1] != parenGap && d.gap[1] != mixedGap:
	case j == i+2 && s.international(i, d, 0, true), j == i+1 && s.phone(i, d):
		return d.end(0)
	}
	return i + 1
}

// ends tells whether a phone number may end with group g: another may follow behind a slash or dash.
func (d *digits) ends(g int) bool {
	if d.whole(g) {
		return true
	}
	return d.edge[g] == clear && d.value[d.total[g]] == '0' && d.size[g+1] >= 9
}

// international finds a number with a country code that begins at digit a. Plus tells whether it is written with a plus.
func (s *scan) international(start int, d *digits, a int, plus bool) bool {
	if d.n < a+6 || d.value[a] == '0' {
		return false
	}
	p := plan{0, 2, 6, 12}
	for _, q := range plans() {
		if d.n >= a+q.length && d.value10(a, a+q.length) == q.code {
			p = q
			break
		}
	}
	if p.code == 0 && !plus {
		return false
	}
	zero := 0
	if d.n > a+p.length && d.value[a+p.length] == '0' && p.code != 0 { // +32 (0)9…
		zero = 1
	}
	for g := d.groups - 1; g >= 0; g-- {
		n := d.total[g] - a - p.length - zero
		if n < p.low || n > p.high || !d.ends(g) || d.size[g] == 1 && g > 1 || p.low != p.high && d.broken(g) {
			continue
		}
		if p.code == 32 && n == 9 && d.value[a+p.length+zero] != '4' {
			continue
		}
		s.foundPhone(start, d, g)
		return true
	}
	return false
}

// broken tells whether a line break or several signs stand between the groups up to g.
func (d *digits) broken(g int) bool {
	for k := 2; k <= g; k++ {
		if d.gap[k] == breakGap || k > 2 && d.gap[k] == mixedGap {
			return true
		}
	}
	return false
}

func (s *scan) foundPhone(start int, d *digits, g int) {
	if w, ok := s.near(ofPhone, s.base+start, 32); ok {
		s.add(Phone, start, d.end(g), whyContext, High, shaped, w)
		return
	}
	s.add(Phone, start, d.end(g), whyShape, Medium, shaped, Span{})
}

// phone finds a number that begins with 0, 00 or, for Belgian mobiles, 32.
func (s *scan) phone(start int, d *digits) bool {
	if d.n < 8 {
		return false
	}
	_, named := s.near(ofPhone, s.base+start, 32)
	if s.otherThing(s.base+start) || d.groups >= 3 && d.shape[2] == 0x224 && d.gap[1] == d.gap[2] && d.gap[1] != spaceGap && date(d.value10(0, 2), d.value10(2, 4), d.value10(4, 8)) {
		return false
	}
	if d.value[0] == '0' && d.value[1] == '0' {
		return s.international(start, d, 2, false)
	}
	if s.mobileWithoutPlus(d) || named && d.value[0] == '3' && (d.value[1] == '2' || d.value[1] == '1') {
		return s.international(start, d, 0, false)
	}
	if d.value[0] != '0' {
		return named && s.localPhone(start, d)
	}
	for g := d.groups - 1; g >= 0; g-- {
		if d.total[g] <= 10 && d.ends(g) && s.national(d, g, named) {
			s.foundPhone(start, d, g)
			return true
		}
	}
	for g := d.groups - 1; g >= 0; g-- { // a German number, of no fixed length
		slash := d.groups > 1 && d.gap[1] == slashGap && d.size[0] >= 3
		if n := d.total[g]; (named || slash && g == 1 && n >= 10) && n >= 8 && n <= 12 && d.ends(g) && !d.broken(g) && d.size[g] > 1 {
			s.foundPhone(start, d, g)
			return true
		}
	}
	return false
}

// national tells whether the digits up to group g are a Belgian, Dutch or French number with its leading 0.
func (s *scan) national(d *digits, g int, named bool) bool {
	n, second := d.total[g], d.value[1]
	mobile := n == 10 && (second == '4' && d.value[2] >= '5' || second == '6' || second == '7' && d.shape[g] != 0x433)
	if g == 0 {
		return mobile && d.size[0] == 10 || named && (n == 9 || n == 10)
	}
	if n != 9 && n != 10 || d.size[0] > 4 && !mobile {
		return false
	}
	ones := 0
	for k := 1; k <= g; k++ {
		if d.size[k] == 1 {
			ones++
		}
	}
	if named {
		return ones == 0 || ones == g || d.size[0] == 1
	}
	if ones > 0 && ones != g || g > 1 && !d.same(1, g) && !d.same(2, g) {
		return false
	}
	if mobile {
		return true
	}
	if d.size[0] < 2 || ones > 0 {
		return false
	}
	if n == 9 { // Belgian zones: 2, 3, 4 and 9 stand alone, the others have two digits
		alone := second == '2' || second == '3' || second == '4' || second == '9'
		switch {
		case d.shape[g] == 0x333:
			return false
		case alone:
			return d.size[0] == 2
		}
		return d.size[0] == 3
	}
	return d.size[0] >= 2 && d.size[0] <= 4 && d.size[0] != 2 || d.shape[g] == 0x22222
}

// localPhone finds a number without a zone, such as those of Luxembourg, behind a word for a phone.
func (s *scan) localPhone(start int, d *digits) bool {
	w, ok := s.near(ofPhone, s.base+start, 10)
	if !ok || w.End == 0 {
		return false
	}
	for g := d.groups - 1; g >= 0; g-- {
		n := d.total[g]
		if n >= 6 && n <= 10 && d.whole(g) && !d.broken(g) && d.size[g] > 1 && d.shape[g] != 0x224 && d.shape[g] != 0x422 {
			s.foundPhone(start, d, g)
			return true
		}
	}
	return false
}

// shortPhone finds six or seven digits behind a word for a phone.
func (s *scan) shortPhone(start int, d *digits) {
	if d.value[0] != '0' && !s.otherThing(s.base+start) {
		s.localPhone(start, d)
	}
}
