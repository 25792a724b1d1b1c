package id

import (
	"encoding/base64"
	"regexp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNewNamesSortByTheirTime(t *testing.T) {
	t.Parallel()
	last := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC).UnixMilli()
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.Int64Range(0, last), 2, 20).Draw(t, "times")
		slices.Sort(times)
		var names []string
		for _, ms := range slices.Compact(times) {
			names = append(names, New(time.UnixMilli(ms)))
		}
		if !slices.IsSorted(names) {
			t.Fatalf("names do not sort by time: %v", names)
		}
	})
}

func TestNewNamesOfOneMomentDiffer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	shape := regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{26}$`)
	for range 50_000 {
		name := New(now)
		if !shape.MatchString(name) {
			t.Fatalf("%q is no name of 26 characters", name)
		}
		if seen[name] {
			t.Fatalf("%q was given out twice", name)
		}
		seen[name] = true
	}
}

func TestTokensAre256BitsThatLookRandom(t *testing.T) {
	t.Parallel()
	const n = 4000
	ones := make([]int, 256)
	seen := map[string]bool{}
	for range n {
		token := Token()
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(token) != 43 || len(raw) != 32 {
			t.Fatalf("%q is no 256 bits in 43 characters: %v", token, err)
		}
		if seen[token] {
			t.Fatal("a token was given out twice")
		}
		seen[token] = true
		for i := range ones {
			ones[i] += int(raw[i/8]>>(i%8)) & 1
		}
	}
	for i, count := range ones {
		// 8 standard deviations of a fair coin: 4000/2 ± 8·√4000/2.
		if count < n/2-253 || count > n/2+253 {
			t.Errorf("bit %d is set in %d of %d tokens", i, count, n)
		}
	}
}

func TestHashIsSHA256InHex(t *testing.T) {
	t.Parallel()
	// FIPS 180-4, example of a one-block message.
	if got := Hash("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("Hash(abc) = %s", got)
	}
}

func TestNamesOfASeriesSortAsTheyWereMadeAndMeetNoOther(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 14, 0, 0, 0, time.UTC)
	seen, last := map[string]bool{}, ""
	for range 20 {
		next := Series(now)
		last = ""
		for range 2000 {
			name := next()
			if len(name) != len(New(now)) || name <= last || seen[name] {
				t.Fatalf("%q after %q; there already: %t", name, last, seen[name])
			}
			seen[name], last = true, name
		}
	}
	if before, after := New(now.Add(-time.Millisecond)), New(now.Add(time.Millisecond)); last < before || last > after {
		t.Errorf("%q lies not between %q and %q, which were made a millisecond earlier and later", last, before, after)
	}
}
