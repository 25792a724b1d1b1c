package guard

import (
	"embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed facts
var facts embed.FS

// role is what a word can be; a word can be several things.
type role uint64

const (
	isGiven role = 1 << iota
	isFamily
	isOrdinary // a given name that is an ordinary word or a brand as well
	isTitle
	isPersonWord
	isNameLabel
	isGreeting
	isClosing
	isParticle
	isConjunction
	isStreet
	isLead
	isStop
	isMonth
	isPassword
	isSecretKey
	isScheme
	isCopula
	isBearer
	isKeyStart
	isBrand
	isStreetStart
	isCue
	isMailLabel
	isCueVerb
	isBeing    // "ben", behind which somebody says who they are
	isNamed    // "heet"
	isSpeaking // "spreekt", before "met"
	isHealth
	isSocial
	isJustice
	firstContext // contexts from here on, in the order of context
)

// contexts is every role that is a context.
const contexts = ^role(firstContext - 1)

// quiet is the roles that mean nothing on a word in small letters.
const quiet = isOrdinary | isParticle | isConjunction | isStop | isMonth | isLead | isFamily | isCopula | isBrand | isStreetStart | isCue | isMailLabel | isCueVerb

// plain is the roles that mean nothing on a word with one capital that begins a sentence.
const plain = isStop | isConjunction | isCue | isCopula

// roleNames is how the lists name the roles.
func roleNames() map[string]role {
	m := map[string]role{
		"title": isTitle, "personword": isPersonWord, "namelabel": isNameLabel, "greeting": isGreeting, "closing": isClosing,
		"particle": isParticle, "conjunction": isConjunction, "street": isStreet, "lead": isLead, "stop": isStop, "month": isMonth,
		"ordinary": isOrdinary, "password": isPassword, "secretkey": isSecretKey, "scheme": isScheme, "copula": isCopula, "bearer": isBearer, "keystart": isKeyStart, "brand": isBrand, "streetstart": isStreetStart, "cue": isCue, "maillabel": isMailLabel, "cueverb": isCueVerb, "being": isBeing, "named": isNamed, "speaking": isSpeaking, "health": isHealth, "social": isSocial,
		"judicial": isJustice,
	}
	for c, name := range contextNames() {
		m[name] = context(c).role()
	}
	return m
}

const (
	seed  uint64 = 14695981039346656037 // FNV-1a, 64 bits
	prime uint64 = 1099511628211

	bitsetBits = 18
	slotBits   = 14
)

// lexicon is the words of all lists by their hash. Two of the few thousand words, or a word and any other, have the same 64 bits with a
// chance below one in 10^15 each.
type lexicon struct {
	bits  [1 << (bitsetBits - 6)]uint64
	slots [1 << slotBits]struct {
		hash uint64
		role role
	}
	months [12]map[uint64]bool
}

// words is the lexicon of this package, read once.
var words = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	l := &lexicon{}
	for file, first := range map[string]role{"given.txt": isGiven, "given_more.txt": isGiven, "family.txt": isFamily, "family_more.txt": isFamily, "words.txt": 0, "sensitive.txt": 0} {
		src, err := facts.ReadFile("facts/" + file)
		if err != nil {
			panic(err) // the lists are part of the program
		}
		l.read(file, string(src), first)
	}
	return l
}

func (l *lexicon) read(file, src string, r role) {
	names := roleNames()
	for line := range strings.Lines(src) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if name, ok := strings.CutPrefix(line, "= "); ok {
			if r = names[name]; r == 0 {
				panic(fmt.Sprintf("guard: facts/%s opens a role %q that the program does not know", file, name))
			}
			continue
		}
		for word := range strings.FieldsSeq(line) {
			l.add(hashOf(word), r)
		}
	}
}

func (l *lexicon) add(h uint64, r role) {
	b := h >> (64 - bitsetBits)
	l.bits[b>>6] |= 1 << (b & 63)
	for i := h & (1<<slotBits - 1); ; i = (i + 1) & (1<<slotBits - 1) {
		if s := &l.slots[i]; s.role == 0 || s.hash == h {
			s.hash = h
			s.role |= r
			return
		}
	}
}

// roles returns what a word can be, by its hash.
func (l *lexicon) roles(h uint64) role {
	b := h >> (64 - bitsetBits)
	if l.bits[b>>6]&(1<<(b&63)) == 0 {
		return 0
	}
	for i := h & (1<<slotBits - 1); ; i = (i + 1) & (1<<slotBits - 1) {
		if s := &l.slots[i]; s.role == 0 || s.hash == h {
			return s.role
		}
	}
}

// hashOf returns the hash of the letters of a word, without case and accents. Signs within it are passed over.
func hashOf(word string) uint64 {
	h := seed
	for _, r := range word {
		h = hashRune(h, r)
	}
	return finish(h)
}

// finish spreads what the last letters did over the high bits.
func finish(h uint64) uint64 { return h ^ h>>29 ^ h<<32 }

// hashRune adds a rune to a hash: its letter without accent in small letters. Marks and signs add nothing.
func hashRune(h uint64, r rune) uint64 {
	if r < utf8.RuneSelf {
		if f := letters()[r]; f != 0 {
			h = (h ^ uint64(f)) * prime
		}
		return h
	}
	base := foldRune(r)
	for i := range len(base) {
		h = (h ^ uint64(base[i])) * prime
	}
	return h
}

// letters returns, for each byte, its small letter when it is an ASCII letter, else 0.
var letters = sync.OnceValue(func() *[256]byte {
	var t [256]byte
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-32] = byte(c), byte(c)
	}
	return &t
})

// latin holds what the letters U+00C0 to U+024F are without accents, in small letters.
var latin = sync.OnceValue(func() *[0x250 - 0xc0]string {
	var t [0x250 - 0xc0]string
	special := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'İ': "i"}
	for r := rune(0xc0); r < 0x250; r++ {
		low := unicode.ToLower(r)
		if s, ok := special[low]; ok {
			t[r-0xc0] = s
			continue
		}
		if s, ok := special[r]; ok {
			t[r-0xc0] = s
			continue
		}
		if unicode.IsLetter(r) {
			base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(low)))
			t[r-0xc0] = string(base)
		}
	}
	return &t
})

// foldRune returns the letters of a rune without accents, in small letters, and "" for what is no letter.
func foldRune(r rune) string {
	if r >= 0xc0 && r < 0x250 {
		return latin()[r-0xc0]
	}
	if r >= 0xff21 && r <= 0xff5a { // fullwidth Latin
		r -= 0xfee0
	}
	if !unicode.IsLetter(r) {
		return ""
	}
	return string(unicode.ToLower(r))
}
