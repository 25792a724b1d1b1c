package guard

import "unicode/utf8"

const (
	maxDigits = 24
	maxNumber = 192 // bytes
	maxGroups = 14
)

// digits is a row of digits with signs between its groups, as a number is written. Indexes are in the text.
type digits struct {
	n      int // digits
	groups int
	value  [maxDigits]byte     // '0' to '9', whatever the script
	from   [maxDigits]int      // where each digit begins
	to     [maxDigits]int      // and ends
	size   [maxGroups]int      // digits in each group
	total  [maxGroups]int      // digits up to the end of each group
	gap    [maxGroups]gap      // before each group
	shape  [maxGroups]uint64   // sizes up to each group: 0x22232 is 2, 2, 2, 3 and 2
	edge   [maxGroups]edge     // what follows each group
	joined [maxGroups + 1]bool // a sign other than a space stands before the group, with nothing else
}

// edge says what follows a group of digits.
type edge uint8

const (
	clear    edge = iota // a space, a sign that ends, the end
	attached             // a letter, or a sign and more digits: the number is part of something longer
)

// gather reads the digits from an index on: at most 24 in 14 groups, with up to three signs between groups.
func (s *scan) gather(i int) *digits {
	d := &s.digits
	d.n, d.groups = 0, 0
	between, signs := noGap, 0
	brk := false
	for j := i; j-i < maxNumber; {
		r, n := s.runeAt(j)
		if s.short {
			return d
		}
		v := digitOf(r)
		switch {
		case v >= 0:
			if d.n == 0 || signs > 0 {
				if d.groups == maxGroups {
					return d
				}
				g := d.groups
				d.size[g], d.gap[g], d.shape[g], d.total[g] = 0, between, 0, d.n
				d.joined[g] = signs == 1 && (between == dotGap || between == dashGap || between == slashGap)
				if g > 0 {
					d.shape[g] = d.shape[g-1] << 4
				}
				d.groups++
			}
			if d.n == maxDigits {
				d.groups-- // the group goes on; what came before it stands
				if d.groups > 0 {
					d.n = d.total[d.groups-1]
				} else {
					d.n = 0
				}
				return d
			}
			g := d.groups - 1
			d.value[d.n], d.from[d.n], d.to[d.n] = byte('0'+v), j, j+n
			d.n++
			d.size[g]++
			d.total[g]++
			if d.size[g] <= 15 {
				d.shape[g]++
			}
			signs, between, brk = 0, noGap, false
			d.edge[g] = clear
		case n == 0:
			return d
		case d.n > 0 && isInvisible(r):
		case d.n > 0 && r == '&' && s.isNbsp(j):
			n = 6
			signs++
			between = spaceGap
		default:
			if signs == 0 && d.n > 0 && (isLetter(r) || isMark(r)) {
				d.edge[d.groups-1] = attached
			}
			k := gapOf(r)
			if k == noGap || k == parenGap && signs > 1 || k == breakGap && brk && r != '\n' {
				return d
			}
			brk = brk || k == breakGap && r != '\r'
			if r == '\r' {
				j += n
				continue
			}
			if signs++; signs > 3 {
				return d
			}
			switch {
			case between == noGap || between == spaceGap && k != parenGap:
				between = k
			case k != spaceGap && k != between:
				between = mixedGap
			}
		}
		j += n
	}
	return d
}

func (s *scan) isNbsp(j int) bool {
	for k := range len("&nbsp;") {
		if s.at(j+k) != "&nbsp;"[k] {
			return false
		}
	}
	return true
}

// end returns where group g ends.
func (d *digits) end(g int) int { return d.to[d.total[g]-1] }

// whole tells whether a number may end with group g: no letter follows, and no sign with more digits.
func (d *digits) whole(g int) bool {
	return d.edge[g] == clear && (g+1 >= d.groups || !d.joined[g+1])
}

// mod97 returns the number in the digits from a to b modulo 97, with more in front.
func (d *digits) mod97(front, a, b int) int {
	m := front
	for _, c := range d.value[a:b] {
		m = (m*10 + int(c-'0')) % 97
	}
	return m
}

// value10 returns digits a to b as a number.
func (d *digits) value10(a, b int) int {
	n := 0
	for _, c := range d.value[a:b] {
		n = n*10 + int(c-'0')
	}
	return n
}

// same tells whether the gaps before groups a to b are alike.
func (d *digits) same(a, b int) bool {
	for g := a + 1; g <= b; g++ {
		if d.gap[g] != d.gap[a] {
			return false
		}
	}
	return true
}

// number tries what begins with the digit at an index, and returns where to go on: behind its group of digits.
func (s *scan) number(i int) int {
	r, n := s.before(i)
	if isLetter(r) || isMark(r) || digitOf(r) >= 0 || s.base+i < s.numberEnd {
		return s.skipDigits(i) // part of a word, or of a number that was tried
	}
	d := s.gather(i)
	if s.short || d.groups == 0 {
		return s.skipDigits(i)
	}
	next := d.end(0)
	part := r == '+' || r == ',' && s.digitBefore(i-n)
	if gapOf(r) == dotGap || gapOf(r) == dashGap || gapOf(r) == slashGap {
		part = s.digitBefore(i-n) && s.numberEnd != s.base+i-n
	}
	if !part {
		s.tryNumber(i, d)
		if s.short {
			return i
		}
	}
	s.beforeLetters(i, d)
	return next
}

// skipDigits returns where the digits at an index end, without waiting for more text.
func (s *scan) skipDigits(i int) int {
	for i < len(s.text) {
		r, n := utf8.DecodeRuneInString(s.text[i:])
		if digitOf(r) < 0 {
			break
		}
		i += n
	}
	return i
}

// tryNumber asks each matcher of numbers whether one begins here.
func (s *scan) tryNumber(i int, d *digits) {
	s.birthDate(i, d)
	if d.n < 8 {
		if d.n >= 6 {
			s.shortPhone(i, d)
		}
		return
	}
	// the longest first, and one only: what lies within it was tried with it
	for g := d.groups - 1; g >= 0; g-- {
		if d.total[g] < 8 || !d.whole(g) {
			continue
		}
		if s.belgianNumber(i, d, g) || s.card(i, d, g) || s.oldAccount(i, d, g) || s.enterprise(i, d, g) || s.dutchNumber(i, d, g) {
			return
		}
	}
	s.phone(i, d)
}
