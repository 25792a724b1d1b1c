package record

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
)

func linkedCodec(t testing.TB) *Codec {
	t.Helper()
	c, err := NewLinked(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestALinkStaysWithItsRowThroughTheShuffleAndSaysNothingByLength(t *testing.T) {
	t.Parallel()
	c := linkedCodec(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		parts := []*Collector{c.Collector(n), c.Collector(0)}
		want := map[string]Link{} // by the place that only this respondent gave as hours
		for i := range n {
			var link Link
			answers := map[string]any{"use": "weekly", "tools": []string{"none"}, "hours": float64(i)}
			if rapid.Bool().Draw(t, "linked") {
				copy(link[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "link"))
				if link == (Link{}) {
					link[0] = 1
				}
				answers[LinkID] = hex.EncodeToString(link[:])
			}
			raw, err := json.Marshal(answers)
			if err != nil {
				t.Fatal(err)
			}
			r, err := c.Read(raw)
			if err != nil {
				t.Fatal(err)
			}
			packed := r.Bytes()
			if len(packed) != c.Size() {
				t.Fatalf("a record of %d bytes among records of %d", len(packed), c.Size())
			}
			if err := parts[rapid.IntRange(0, 1).Draw(t, "part")].Add(packed); err != nil {
				t.Fatal(err)
			}
			clear(packed) // the caller may use it again
			want[fmt.Sprint(i)] = link
		}
		if err := parts[0].Merge(parts[1]); err != nil {
			t.Fatal(err)
		}
		a := parts[0].Answers()
		got := map[string]Link{}
		links := parts[0].Links()
		for i, v := range a.Variables {
			if v.ID != "hours" {
				continue
			}
			for row := range a.N {
				got[fmt.Sprint(a.Columns[i].Numbers[a.Columns[i].At(row)-instrument.FirstOption])] = links[row]
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

func TestOnlyAWaveThatLinksTakesALink(t *testing.T) {
	t.Parallel()
	good := strings.Repeat("0a", 32)
	for _, test := range []struct {
		value string
		want  Fault // "" for none
	}{
		{`"` + good + `"`, ""},
		{`null`, ""},
		{`"` + strings.ToUpper(good) + `"`, WrongKind},
		{`"` + strings.Repeat("0", 64) + `"`, WrongKind},
		{`"` + good + `0"`, WrongKind},
		{`"` + good[1:] + `"`, WrongKind},
		{`"` + good[2:] + `xx"`, WrongKind},
		{`""`, WrongKind},
		{`1`, WrongKind},
		{`["` + good + `"]`, WrongKind},
		{`"` + good + `","_link":"` + good + `"`, Twice},
	} {
		raw := []byte(`{"use":"never","_link":` + test.value + `}`)
		_, err := linkedCodec(t).Read(raw)
		var p *Problems
		switch {
		case test.want == "" && err != nil, test.want != "" && (!errors.As(err, &p) || p.List[0] != Problem{LinkID, LinkID, test.want}):
			t.Errorf("%s: %v, want %q", test.value, err, test.want)
		}
		if _, err := codec(t, sample(t)).Read(raw); !errors.As(err, &p) || p.List[0].Fault != Unknown {
			t.Errorf("%s: a wave that links nothing says %v", test.value, err)
		}
	}
	many := `{` + strings.Repeat(`"_link":1,`, 2*MaxProblems) + `"use":"never"}`
	var p *Problems
	if _, err := linkedCodec(t).Read([]byte(many)); !errors.As(err, &p) || len(p.List) > MaxProblems {
		t.Error("a request that repeats a link fills the memory:", err)
	}
}

func TestRecordsWithAndWithoutRoomForALinkAreNotMixed(t *testing.T) {
	t.Parallel()
	plain, linked := codec(t, sample(t)), linkedCodec(t)
	for _, c := range []*Codec{plain, linked} {
		r, err := c.Read([]byte(`{"use":"never"}`))
		if err != nil {
			t.Fatal(err)
		}
		other := linked
		if c == linked {
			other = plain
		}
		if err := other.Collector(1).Add(r.Bytes()); !errors.Is(err, ErrOther) {
			t.Error("taken, or refused for another reason:", err)
		}
		own := c.Collector(1)
		if err := own.Add(r.Bytes()); err != nil {
			t.Fatal(err)
		}
		own.Answers()
		if got := own.Links(); (got != nil) != (c == linked) || len(got) == 1 && !bytes.Equal(got[0][:], make([]byte, 32)) {
			t.Error("who gave no link has one:", got)
		}
	}
}

func FuzzReadLink(f *testing.F) {
	for _, seed := range []string{"", strings.Repeat("0a", 32), strings.Repeat("0A", 32), strings.Repeat("0", 64), strings.Repeat("g", 64), "\xff" + strings.Repeat("0", 63)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, ok := ReadLink(s)
		if ok != (l != Link{}) || ok && hex.EncodeToString(l[:]) != s {
			t.Errorf("%q is read as %x, %t", s, l, ok)
		}
	})
}
