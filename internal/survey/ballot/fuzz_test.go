package ballot

import (
	"bytes"
	"errors"
	"testing"
)

func FuzzParseBallot(f *testing.F) {
	f.Add(newBallot(f, newTestKey(f)).String())
	f.Add(Ballot{}.String())
	f.Add(".")
	f.Fuzz(func(t *testing.T, s string) {
		b, err := ParseBallot(s)
		switch {
		case err != nil && !errors.Is(err, ErrNotABallot):
			t.Errorf("%v", err)
		case err == nil && b.String() != s:
			t.Errorf("%q is read and written otherwise", s)
		}
	})
}

func FuzzParseKey(f *testing.F) {
	f.Add(newTestKey(f).Bytes())
	for _, b := range strangeKeys(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := ParseKey(b)
		if err != nil {
			return
		}
		signed, err := k.Sign(append(make([]byte, keyBytes-1), 2))
		if err != nil || len(signed) != keyBytes {
			t.Errorf("a key that was read does not sign: %v", err)
		}
		if again, err := ParseKey(k.Bytes()); err != nil || !bytes.Equal(again.Bytes(), k.Bytes()) {
			t.Errorf("a key that was read is not read again: %v", err)
		}
	})
}

func FuzzParsePublicKey(f *testing.F) {
	f.Add(newTestKey(f).Public().Bytes())
	for _, b := range strangeKeys(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParsePublicKey(b)
		if err != nil {
			return
		}
		if !bytes.Equal(p.Bytes(), b) {
			t.Error("a key has two forms")
		}
		if p.Verify(Ballot{}) == nil {
			t.Error("a ballot of zeros is signed")
		}
	})
}

func FuzzCheckList(f *testing.F) {
	h, entries := example(f)
	good := list(f, h, entries[:19])
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(bytes.Replace(good, []byte(`"issued":24`), []byte(`"issued":4`), 1))
	f.Add(append(bytes.Clone(good), "more\n"...))
	f.Add([]byte(`{"format":"tekentafel-wave/1","keys":[{}]}` + "\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		v, err := CheckList(t.Context(), bytes.NewReader(src), Expect{})
		if err != nil || !v.Holds() {
			return
		}
		// What holds was not changed where it matters: the keys are known to this test alone, so the ballots are of the example.
		var signed int64
		for _, n := range v.Signed {
			signed += n
		}
		if signed != v.Lines || v.Lines != v.Header.Answers || signed > v.Header.Issued || v.Header.Issued > v.Header.People {
			t.Errorf("it holds with %d lines, %d signed, header %+v", v.Lines, signed, v.Header)
		}
	})
}
