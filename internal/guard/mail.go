package guard

import "unicode/utf8"

// maxLocal is how many bytes before "@" are looked at: RFC 5321, section 4.5.3.1.1.
const maxLocal = 64

// isLocal tells whether a byte can stand before the "@" of a mail address; bytes of runes outside ASCII can.
func isLocal(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= utf8.RuneSelf:
		return true
	}
	return c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '\''
}

// local returns where the part of a mail address that ends at an index begins.
func (s *scan) local(end int) int {
	i := end
	for i > 0 {
		r, n := s.before(i)
		if end-(i-n) > maxLocal {
			break
		}
		if r < utf8.RuneSelf {
			if !isLocal(byte(r)) {
				break
			}
		} else if !isLetter(r) && !isMark(r) && !isInvisible(r) {
			break
		}
		i -= n
	}
	for i < end && (s.text[i] == '.' || s.text[i] == '-' || s.text[i] == '\'') {
		i++
	}
	return i
}

// domain returns where the domain that begins at an index ends; ok tells whether it is one, with a name of at least two letters at its end.
func (s *scan) domain(i int) (end int, ok bool) {
	label, dots, letters := i, 0, 0
	for j := i; j-i < 255; {
		r, n := s.runeAt(j)
		if s.short {
			return 0, false
		}
		switch {
		case isLetter(r):
			letters++
			j += n
		case digitOf(r) >= 0 && r < 0x80 || r == '-' && j > label:
			letters = -1 << 20 // not a name at the end
			j += n
		case r == '.' && j > label:
			if letters >= 2 && dots > 0 {
				end, ok = j, true
			}
			dots, label, letters = dots+1, j+1, 0
			j += n
		default:
			if dots > 0 && letters >= 2 {
				return j, true
			}
			return end, ok
		}
	}
	return end, ok
}

// mail finds the mail address around an "@".
func (s *scan) mail(i int) int {
	from := s.local(i)
	if from == i {
		return i + 1
	}
	end, ok := s.domain(i + 1)
	if s.short || !ok {
		return i + 1
	}
	s.add(Mail, from, end, whyShape, High, shaped, Span{})
	return end
}

// writtenMail finds "jan (at) gent.be", in which a person hides an address from programs.
func (s *scan) writtenMail(i int) {
	if s.at(i+1)&^0x20 != 'A' || s.at(i+2)&^0x20 != 'T' {
		return
	}
	if c := s.at(i + 3); c != ')' && c != ']' && c != '}' {
		return
	}
	j, end := i+4, i
	if s.at(j) == ' ' {
		j++
	}
	if i > 0 && s.text[i-1] == ' ' {
		end--
	}
	from := s.local(end)
	if from == end || s.short {
		return
	}
	if to, ok := s.domain(j); ok && !s.short {
		s.add(Mail, from, to, whyShape, High, shaped, Span{})
	}
}
