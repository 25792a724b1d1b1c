package ballot

import (
	"cmp"
	"slices"
)

// Kind says what does not hold of a list.
type Kind string

// The kinds of problems. What Problem.Have and Problem.Want are stands beside each.
const (
	TooManyIssued      Kind = "too-many-issued"     // ballots issued; people. With a stratum when Key is not 0
	TooManyAnswers     Kind = "too-many-answers"    // ballots in the list; issued. With a stratum when Key is not 0
	WrongPeople        Kind = "wrong-people"        // people of all keys together; people in the header
	WrongIssued        Kind = "wrong-issued"        // issued of all keys together; issued in the header
	WrongAnswers       Kind = "wrong-answers"       // lines of ballots; answers in the header
	SmallStratum       Kind = "small-stratum"       // people of the key; k
	WrongFingerprint   Kind = "wrong-fingerprint"   // the fingerprint beside a key is not its own
	UnknownFingerprint Kind = "unknown-fingerprint" // no key has the fingerprint that the checker knows (its number, from 1, in Have)
	Unreadable         Kind = "unreadable"          // a line is no ballot with the number of a key
	Unsigned           Kind = "unsigned"            // the ballot of a line is not signed under its key
	Twice              Kind = "twice"               // the ballot of a line is that of the line before
	Unsorted           Kind = "unsorted"            // the ballot of a line belongs before that of the line before
	NotCounted         Kind = "not-counted"         // the checker's own ballot is signed under a key and not in the list
	NotOfThisWave      Kind = "not-of-this-wave"    // the checker's own ballot is not signed under any key of the list
)

// Problem is one thing that does not hold.
type Problem struct {
	Kind       Kind
	Line       int64 // of the file, from 1; 0 where it is not about a line
	Key        int   // number of the key, from 1; 0 where it is about all
	Have, Want int64
}

// Verdict is what a check of a list found.
type Verdict struct {
	Header   Header
	Lines    int64   // of ballots, readable or not
	Signed   []int64 // ballots that are signed, for each key
	Compared int     // keys that have a fingerprint that the checker knows
	Own      int64   // the line of the checker's own ballot; 0 when it is not there or none was given
	Problems []Problem
	Left     int64 // further problems with lines, which are not in Problems
}

// Holds tells whether everything that was checked is right.
func (v *Verdict) Holds() bool { return len(v.Problems) == 0 }

// maxProblems bounds the problems with lines of one kind that a verdict names.
const maxProblems = 20

// counts finds what is wrong with the numbers of the header, given the ballots that were found.
func (v *Verdict) counts() {
	h := &v.Header
	var people, issued, signed int64
	for i, k := range h.Keys {
		people += k.People
		issued += k.Issued
		signed += v.Signed[i]
		v.atMost(TooManyIssued, i+1, k.Issued, k.People)
		v.atMost(TooManyAnswers, i+1, v.Signed[i], k.Issued)
		if k.People < h.GroupSize {
			v.add(Problem{Kind: SmallStratum, Key: i + 1, Have: k.People, Want: h.GroupSize})
		}
	}
	v.atMost(TooManyIssued, 0, h.Issued, h.People)
	v.atMost(TooManyAnswers, 0, signed, h.Issued)
	v.equal(WrongPeople, people, h.People)
	v.equal(WrongIssued, issued, h.Issued)
	v.equal(WrongAnswers, v.Lines, h.Answers)
}

func (v *Verdict) atMost(kind Kind, key int, have, limit int64) {
	if have > limit {
		v.add(Problem{Kind: kind, Key: key, Have: have, Want: limit})
	}
}

func (v *Verdict) equal(kind Kind, have, want int64) {
	if have != want {
		v.add(Problem{Kind: kind, Have: have, Want: want})
	}
}

func (v *Verdict) add(p Problem) { v.Problems = append(v.Problems, p) }

// lines adds problems with lines, the first of each kind by name.
func (v *Verdict) lines(found []Problem, left int64) {
	slices.SortStableFunc(found, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	all := faults{left: left}
	for _, p := range found {
		all.add(p.Kind, p.Line)
	}
	v.Problems = append(v.Problems, all.first...)
	v.Left = all.left
}

// faults are problems with lines: the first of each kind, and the number of the others.
type faults struct {
	first []Problem
	kinds map[Kind]int
	left  int64
}

func (f *faults) add(kind Kind, line int64) {
	if f.kinds[kind] >= maxProblems {
		f.left++
		return
	}
	if f.kinds == nil {
		f.kinds = make(map[Kind]int)
	}
	f.kinds[kind]++
	f.first = append(f.first, Problem{Kind: kind, Line: line})
}
