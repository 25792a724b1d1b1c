package guard

import (
	"slices"
	"unicode/utf8"
)

// scan is one pass over a text, of which some may still have to come. Indexes are in text; what is kept is absolute: base + index.
type scan struct {
	surroundings
	text  string
	base  int  // where text begins in the whole text
	pos   int  // index of what is looked at next
	final bool // nothing follows text
	short bool // a matcher touched the end of a text that goes on: it is asked again when more came

	staged    []Finding // what the matcher at pos found
	family    uint64    // the family name in it, to be remembered
	signed    bool      // it is the name below a letter
	pending   []Finding // matches that are not settled, by Start
	digits    digits
	numberEnd int // where the last number found ends, absolute
	noKey     int // the signs up to here are no key, found by the matcher at pos
	keyless   int // the signs up to here are no key
	nameEnd   int // where the last name found ends, absolute
	lexicon   *lexicon
	fold      *[256]byte
	rank      []Finding // used by settle
}

func newScan() *scan { return &scan{lexicon: words(), fold: letters()} }

func (s *scan) reset() {
	s.surroundings = surroundings{}
	s.text, s.base, s.pos, s.final, s.short = "", 0, 0, false, false
	s.pending = s.pending[:0]
	s.numberEnd, s.nameEnd, s.keyless = 0, 0, 0
	s.drop()
}

// at returns the byte at an index, 0 behind the end.
func (s *scan) at(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	s.short = s.short || !s.final
	return 0
}

// runeAt returns the rune at an index and its length, 0 and 0 behind the end.
func (s *scan) runeAt(i int) (rune, int) {
	if i >= len(s.text) {
		s.short = s.short || !s.final
		return 0, 0
	}
	if c := s.text[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	r, n := utf8.DecodeRuneInString(s.text[i:])
	if r == utf8.RuneError && n == 1 && !s.final && !utf8.FullRuneInString(s.text[i:]) {
		s.short = true
	}
	return r, n
}

// before returns the rune that ends at an index and its length.
func (s *scan) before(i int) (rune, int) {
	if i <= 0 {
		return 0, 0
	}
	if c := s.text[i-1]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeLastRuneInString(s.text[:i])
}

// add notes a match; why and context say what it stands on.
func (s *scan) add(t Type, start, end int, why string, c Confidence, r rank, context Span) {
	f := Finding{Type: t, Start: s.base + start, End: s.base + end, Why: why, Confidence: c, Context: context, rank: r}
	s.staged = append(s.staged, f)
}

// commit takes what a matcher found over; one that needs more text leaves nothing behind.
func (s *scan) commit() {
	for _, f := range s.staged {
		i := len(s.pending)
		for i > 0 && s.pending[i-1].Start > f.Start {
			i--
		}
		s.pending = slices.Insert(s.pending, i, f)
		switch f.Type { // a word speaks of one such number
		default:
		case BirthDate:
			s.last[ofBirth] = Span{}
		case Person:
			s.nameEnd = max(s.nameEnd, f.End)
		case Phone:
			s.last[ofPhone] = Span{}
		case Passport, IdentityCard:
			s.last[ofPassport], s.last[ofIDCard] = Span{}, Span{}
		}
		if f.rank < worded {
			s.numberEnd = max(s.numberEnd, f.End)
		}
	}
	s.staged = s.staged[:0]
	if s.family != 0 {
		s.remember(s.family)
		s.family = 0
	}
	s.keyless, s.noKey = max(s.keyless, s.noKey), 0
	if s.signed {
		s.closing, s.signed = 0, false
	}
}

// drop forgets what a matcher found that needs more text.
func (s *scan) drop() { s.staged, s.family, s.signed = s.staged[:0], 0, false; s.noKey = 0 }

// run looks at the text from pos on, until its end or until a matcher needs more.
func (s *scan) run() {
	text, i, fold := s.text, s.pos, s.fold
	for i < len(text) {
		c := text[i]
		if f := fold[c]; f != 0 {
			next := s.lowWord(i, f)
			if next < 0 {
				break
			}
			if len(s.staged) > 0 || s.family != 0 || s.noKey != 0 {
				s.commit()
			}
			i = next
			continue
		}
		s.short = false
		next := i + 1
		switch {
		case c == ' ' || c == '.':
			i = next
			continue
		case c == ',':
			s.comma()
			i = next
			continue
		case c >= '0' && c <= '9':
			s.numbers = true
			next = s.number(i)
		case c >= utf8.RuneSelf:
			next = s.high(i)
		default:
			next = s.sign(i, c)
		}
		if s.short {
			break
		}
		s.commit()
		i = next
	}
	s.drop()
	s.short = false
	s.pos = min(i, len(text))
}
