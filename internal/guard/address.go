package guard

import "sync"

// suffixKind says how surely a word is a street by how it ends.
type suffixKind uint8

const (
	noSuffix   suffixKind = iota
	weakSuffix            // also the end of many other words
	sureSuffix
)

// sureSuffixes and weakSuffixes are how names of streets end in Dutch and German.
func sureSuffixes() []string {
	return []string{"straat", "laan", "steenweg", "plein", "dreef", "strasse", "straße", "str", "gasse", "platz", "kaai", "gracht", "kade", "singel", "allee", "stwg",
		"steeg", "lei", "straatje", "pleintje", "boulevard", "chaussee", "wegel", "promenade", "weg"}
}

func weakSuffixes() []string {
	return []string{"markt", "vest", "baan", "dijk", "pad", "hof", "berg", "park", "ring", "damm", "ufer", "hoek", "dal", "veld", "plaats", "wal", "dam",
		"poort", "brug", "akker", "bos", "dries", "heide", "kouter", "wijk", "oord", "kamp", "donk", "broek", "meers", "ham", "tuin", "erf", "burg", "kant", "stieg", "graben",
		"feld", "tal", "rain", "wiese", "garten", "horst", "meer", "zand", "loop", "beek", "gang", "waard", "tunnel", "borg", "rode"}
}

// suffix tells how a word ends.
func (s *scan) suffix(t token) suffixKind {
	c := s.text[t.end-1] | 0x20
	if c < 'a' || c > 'z' {
		return noSuffix
	}
	for _, x := range endings()[c-'a'] {
		if s.endsWith(t, x.text) {
			return x.kind
		}
	}
	return noSuffix
}

// ending is how a name of a street can end.
type ending struct {
	text string
	kind suffixKind
}

// endings is the endings by their last letter, the sure ones first.
var endings = sync.OnceValue(func() *[26][]ending {
	var t [26][]ending
	for _, x := range sureSuffixes() {
		t[x[len(x)-1]-'a'] = append(t[x[len(x)-1]-'a'], ending{x, sureSuffix})
	}
	for _, x := range weakSuffixes() {
		t[x[len(x)-1]-'a'] = append(t[x[len(x)-1]-'a'], ending{x, weakSuffix})
	}
	return &t
})

// endsWith tells whether a word ends with small letters and has at least two bytes before them.
func (s *scan) endsWith(t token, x string) bool {
	return t.end-t.start >= len(x)+2 && s.tail(t, x)
}

// tail tells whether the last bytes of a word are these small letters, in whatever case.
func (s *scan) tail(t token, x string) bool {
	n := len(x)
	for k := range n {
		c := s.text[t.end-n+k]
		if isCapital(c) {
			c |= 0x20
		}
		if c != x[k] {
			return false
		}
	}
	return true
}

// streetName tells whether a word surely is a street, not the name of a person.
func (s *scan) streetName(t token) bool { return t.end > t.start && s.suffix(t) == sureSuffix }

// address finds a street and number that begin with a word, and returns where they end, 0 when there is none.
func (s *scan) address(t token) int {
	if t.role&isStreet != 0 {
		return s.frenchAddress(t, t.start)
	}
	if t.role&isStreetStart == 0 && (t.role&isStop != 0 && t.role&(isGiven|isFamily|isParticle) == 0 || t.role&isParticle != 0 && s.sentenceStart(t.start)) {
		return 0
	}
	full, ok := s.token(t.start)
	if !ok {
		return 0
	}
	u := full
	for range 6 {
		j := u.end
		if s.at(j) == '.' {
			j++
		}
		if end := s.houseNumber(j); end > 0 {
			kind := s.suffix(u)
			if u.start > t.start && s.bareStreet(u) {
				kind = sureSuffix
			}
			if j == u.end && u.up || kind != noSuffix {
				return s.street(t.start, end, kind, u)
			}
		}
		if u.role&isStreet != 0 && u.start > t.start {
			return 0 // it begins there
		}
		if s.short {
			return 0
		}
		v, g, ok := s.next(j)
		if !ok || g != spaceGap || j > u.end && s.suffix(u) == noSuffix || !v.up && (v.role&isParticle == 0 || s.preposition(v)) && s.suffix(v) != sureSuffix {
			return 0
		}
		u = v
	}
	return 0
}

// bareStreet tells whether a word is itself one for a street, as in "Grote Markt" and "Aachener Straße".
func (s *scan) bareStreet(t token) bool {
	n := t.end - t.start
	for _, x := range sureSuffixes() {
		if n == len(x) && s.tail(t, x) {
			return true
		}
	}
	for _, x := range weakSuffixes()[:14] {
		if n == len(x) && s.tail(t, x) {
			return true
		}
	}
	return false
}

// preposition tells whether a small word stands before a street rather than in its name.
func (s *scan) preposition(t token) bool {
	switch s.text[t.start:t.end] {
	case "in", "op", "aan", "uit", "bin", "y", "al", "o":
		return true
	}
	return false
}

// street notes an address when what was read is one.
func (s *scan) street(start, end int, kind suffixKind, last token) int {
	full := s.postcode(end)
	if s.short {
		return 0
	}
	w, named := s.near(ofAddress, s.base+start, 40)
	switch {
	case full > 0 && last.role&isMonth == 0:
		s.add(Address, start, full, whyStreetCity, High, worded, w)
		return full
	case kind == sureSuffix && last.role&isStop == 0 || named && w.End > 0 && s.base+start-w.End <= 4 && last.role&isStop == 0 || kind == weakSuffix && (s.box(end) || s.lineStart(start) && s.lineEnd(end)):
		s.add(Address, start, end, whyStreet, Medium, worded, w)
		return end
	}
	return 0
}

// lineEnd tells whether a line ends at an index.
func (s *scan) lineEnd(i int) bool { c := s.at(i); return c == '\n' || c == '\r' || c == 0 }

// box tells whether the number that ends at a place has a letter or a box, as houses have.
func (s *scan) box(end int) bool { return s.fold[s.text[end-1]] != 0 }

// smallStreet finds "kerkstraat 12" in small letters.
func (s *scan) smallStreet(t token) int {
	j := t.end
	if s.at(j) == '.' {
		j++
	}
	if t.role&isStop == 0 && s.suffix(t) == sureSuffix {
		if end := s.houseNumber(j); end > 0 && !s.short {
			if e := s.street(t.start, end, sureSuffix, t); e > 0 {
				return e
			}
		}
	}
	return t.end
}

// frenchAddress finds "rue de la Paix 12" and, with the number before it, "12, rue de la Paix". Start is where it begins.
func (s *scan) frenchAddress(t token, start int) int {
	u, end, capitals := t, t.end, 0
	if s.at(end) == '.' && end-t.start <= 4 { // "av.", not the end of a sentence
		end++
	}
	for range 7 {
		v, g, ok := s.next(end)
		if !ok || g != spaceGap && g != noGap || g == noGap && s.at(end-1) != '.' {
			break
		}
		if !v.up && v.role&isParticle == 0 && capitals > 0 && start < t.start && !s.frenchSmall(v) {
			break
		}
		if v.up {
			capitals++
		}
		u, end = v, v.end
	}
	if s.short || u.start == t.start {
		return 0
	}
	if start == t.start { // the number follows
		k := end
		if s.at(k) == ',' {
			k++
		}
		n := s.houseNumber(k)
		if n == 0 || capitals == 0 && !t.up || s.short {
			return 0
		}
		return s.street(start, n, sureSuffix, token{})
	}
	if capitals == 0 {
		return 0
	}
	return s.street(start, end, sureSuffix, token{})
}

// frenchSmall tells whether a small word stands within the name of a street.
func (s *scan) frenchSmall(t token) bool {
	switch s.text[t.start:t.end] {
	case "aux", "au", "sur", "sous", "lez", "et", "à":
		return true
	}
	return false
}

// beforeLetters looks at what begins with digits and goes on with letters: "1-ABC-123", "12, rue de la Paix", "12AB34567".
func (s *scan) beforeLetters(i int, d *digits) {
	if d.size[0] > 4 || s.short {
		return
	}
	end := d.end(0)
	c := s.at(end)
	switch {
	case isCapital(c) || (c == '-' || c == ' ' || c == '.') && isCapital(s.at(end+1)) || c == '-' && isSmall(s.at(end+1)):
		if d.size[0] <= 3 && s.plate(i) || s.short {
			return
		}
		if d.size[0] == 2 && isCapital(c) && s.passport(i) || s.short {
			return
		}
	}
	if c == ' ' || c == ',' || c == 'b' || c == 't' {
		j := end
		if s.starts(j, "bis") || s.starts(j, "ter") {
			j += 3
		}
		t, g, ok := s.next(j)
		if ok && t.role&(isOrdinary|isStop) == 0 && t.role&isStreet == 0 && !t.up && g == spaceGap && t.end-t.start == 3 { // "12 bis rue"
			t, g, ok = s.next(t.end)
		}
		if ok && (g == spaceGap || g == mixedGap) && t.role&isStreet != 0 {
			s.frenchAddress(t, i)
		}
	}
}

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
		if !compound && (s.word2(u, "am") || s.word2(u, "sur") || s.word2(u, "lez") || s.word2(u, "aan") || s.word2(u, "an")) {
			v, g, ok := s.next(u.end)
			if ok && g == spaceGap && !v.up && v.role&isParticle != 0 {
				v, g, ok = s.next(v.end)
			} else if s.word2(u, "aan") {
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

// word2 tells whether a token is a word in small letters.
func (s *scan) word2(t token, w string) bool { return s.text[t.start:t.end] == w }
