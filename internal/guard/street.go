package guard

import "sync"

// suffixKind says how surely a word is a street by how it ends.
type suffixKind uint8

// The kinds of endings.
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

// frenchSmall tells whether a small word stands within the name of a street.
func (s *scan) frenchSmall(t token) bool {
	switch s.text[t.start:t.end] {
	case "aux", "au", "sur", "sous", "lez", "et", "à":
		return true
	}
	return false
}

// reads tells whether a word is written so.
func (s *scan) reads(t token, w string) bool { return s.text[t.start:t.end] == w }
