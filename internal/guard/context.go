package guard

// context is a word that says what a number beside it is.
type context uint8

const (
	ofNational context = iota
	ofBSN
	ofCompany
	ofKVK
	ofRSIN
	ofPhone
	ofPlate
	ofBirth
	ofPassport
	ofIDCard
	ofCard
	ofAccount
	ofCase
	ofOther // an order, a version, an article: not a phone number
	ofAddress
	contextCount
)

func contextNames() [contextCount]string {
	return [contextCount]string{"national", "bsn", "company", "kvk", "rsin", "phone", "plate", "birth", "passport", "idcard", "card", "account", "case", "otherthing", "address"}
}

func (c context) role() role { return firstContext << c }

const maxColumns = 12

// surroundings is what is known of the text before a place.
type surroundings struct {
	last               [contextCount]Span // where each context stood last, 0 for nowhere; ends are at least 1
	prev               role               // of the word before
	prevStart, prevEnd int                // where that word stood
	closing            int                // lines left in which a letter is signed, below a closing
	nameLine           bool               // the line began with a label for names
	commas             int                // in this line
	lineAt             int                // where this line begins
	numbers            bool               // there are digits in this line
	listed             [maxColumns]role   // what the words between commas of this line say
	line               [maxColumns]role   // what the words of each column of this line say
	heading            [maxColumns]role   // what the heading of each column says
	column             int
	divider            byte // between columns
	rows               int  // lines of the table so far
	seen               [64]uint64
	seenNext           int
}

// see notes the contexts of a word.
func (s *surroundings) see(r role, at Span) {
	for c := range contextCount {
		if r&c.role() != 0 {
			s.last[c] = at
		}
	}
	if s.column < maxColumns {
		s.line[s.column] |= r
	}
	if s.commas < maxColumns {
		s.listed[s.commas] |= r
	}
}

// near returns the word for a context that ends at most distance bytes before a place, or that heads its column.
func (s *surroundings) near(c context, at, distance int) (Span, bool) {
	if w := s.last[c]; w.End > 0 && at-w.End <= distance {
		return w, true
	}
	if s.column < maxColumns && s.heading[s.column]&c.role() != 0 {
		return Span{}, true
	}
	return Span{}, false
}

// otherThing tells whether the nearest word before a place says that a number is an order, a version or the like.
func (s *surroundings) otherThing(at int) bool {
	w := s.last[ofOther]
	if w.End == 0 || at-w.End > 24 {
		return s.column < maxColumns && s.heading[s.column]&ofOther.role() != 0
	}
	for _, c := range []context{ofNational, ofBSN, ofCompany, ofPhone, ofPlate, ofAccount, ofCard, ofPassport, ofIDCard} {
		if s.last[c].End >= w.End {
			return false
		}
	}
	return true
}

// between notes a sign that can stand between columns.
func (s *surroundings) between(sign byte) {
	if s.divider != sign {
		if s.column > 0 && s.divider != 0 || s.divider == ',' && sign == ';' {
			return // the first sign of a table stays its sign
		}
		s.divider, s.heading, s.rows = sign, [maxColumns]role{}, 0
	}
	s.column++
}

// comma notes a comma, which stands between columns only below a line that reads as the headings of such a table.
func (s *surroundings) comma() {
	if s.commas++; s.divider == ',' {
		s.column++
	}
}

// headings tells whether the words between the commas of a line say what columns are: two of them at least, no number, and few words for each.
func (s *surroundings) headings(at int) bool {
	n := 0
	for _, r := range s.listed {
		if r&(contexts|isNameLabel) != 0 {
			n++
		}
	}
	return s.column == 0 && !s.numbers && n >= 2 && at-s.lineAt <= 20*(s.commas+1)
}

// newline ends a line at an absolute place: the first line of a table gives the headings of its columns.
func (s *surroundings) newline(at int) {
	switch {
	case s.commas >= 2 && s.headings(at):
		s.heading, s.divider, s.rows, s.last = s.listed, ',', 1, [contextCount]Span{}
	case s.column == 0 || s.divider == ';' && s.column == 1:
		s.heading, s.divider, s.rows = [maxColumns]role{}, 0, 0
	default:
		if s.rows == 0 {
			s.heading = s.line
			s.last = [contextCount]Span{} // a heading speaks of its column alone
		}
		s.rows++
	}
	if s.column > 0 || s.nameLine || s.line[0] != 0 {
		s.line = [maxColumns]role{}
	}
	if s.commas > 0 || s.listed[0] != 0 {
		s.listed, s.commas = [maxColumns]role{}, 0
	}
	s.column, s.nameLine, s.numbers, s.lineAt = 0, false, false, at+1
	if s.closing > 0 {
		s.closing--
	}
}

// remember notes a family name, so that it is known when it stands alone.
func (s *surroundings) remember(hash uint64) {
	if s.remembers(hash) {
		return
	}
	s.seen[s.seenNext&63] = hash
	s.seenNext++
}

func (s *surroundings) remembers(hash uint64) bool {
	for _, h := range s.seen[:min(s.seenNext, 64)] {
		if h == hash {
			return true
		}
	}
	return false
}
