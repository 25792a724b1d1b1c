package ballot

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// someBallots makes, once for all tests, ballots under the two keys of the tests, in the order of a list.
var someBallots = sync.OnceValues(func() ([2][]Ballot, error) {
	keys, err := someKeys()
	if err != nil {
		return [2][]Ballot{}, err
	}
	var all [2][]Ballot
	for i, k := range keys {
		for range 30 {
			b, err := makeBallot(k)
			if err != nil {
				return all, err
			}
			all[i] = append(all[i], b)
		}
	}
	return all, nil
})

// entry is a ballot of a list and its stratum.
type entry struct {
	stratum string
	ballot  Ballot
}

// sorted puts entries in the order of a list.
func sorted(entries []entry) []entry {
	slices.SortFunc(entries, func(a, b entry) int {
		x, y := a.ballot.Key(), b.ballot.Key()
		return bytes.Compare(x[:], y[:])
	})
	return entries
}

// example is a wave with two strata, of which 12 and 7 people answered.
func example(t testing.TB) (Header, []entry) {
	t.Helper()
	first, second := newTestKey(t), anotherKey(t)
	h := Header{
		Organisation: "Stad Voorbeeld", Code: "K7M2P9QX", Title: "GenAI-monitor 2026 <voor iedereen>", Mode: "anonymous",
		Opened: "2026-11-02", Closed: "2026-11-20", Instrument: strings.Repeat("ab", 32),
		GroupSize: 10, People: 60, Issued: 24, Answers: 19,
		Keys: []ListKey{
			{Stratum: "binnendienst", Public: first.Public().Bytes(), People: 40, Issued: 15},
			{Stratum: "buitendienst", Public: second.Public().Bytes(), People: 20, Issued: 9},
		},
	}
	ballots, err := someBallots()
	if err != nil {
		t.Fatal(err)
	}
	var entries []entry
	for _, b := range ballots[0][:12] {
		entries = append(entries, entry{"binnendienst", b})
	}
	for _, b := range ballots[1][:7] {
		entries = append(entries, entry{"buitendienst", b})
	}
	return h, sorted(entries)
}

// write writes a list of entries.
func write(h Header, entries []entry) ([]byte, error) {
	var out bytes.Buffer
	err := WriteList(&out, h, func(put func(string, Ballot) error) error {
		for _, e := range entries {
			if err := put(e.stratum, e.ballot); err != nil {
				return err
			}
		}
		return nil
	})
	return out.Bytes(), err
}

// list writes a list that must be possible to write.
func list(t testing.TB, h Header, entries []entry) []byte {
	t.Helper()
	out, err := write(h, entries)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// check checks a list that must be readable.
func check(t testing.TB, src []byte, expect Expect) *Verdict {
	t.Helper()
	v, err := CheckList(t.Context(), bytes.NewReader(src), expect)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// kinds are the kinds of problems of a verdict, each once, in the order of their names.
func kinds(v *Verdict) []Kind {
	var all []Kind
	for _, p := range v.Problems {
		all = append(all, p.Kind)
	}
	slices.SortFunc(all, cmp.Compare[Kind])
	return slices.Compact(all)
}
