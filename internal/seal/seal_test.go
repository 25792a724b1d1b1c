package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func box(t testing.TB, key string) *Box {
	t.Helper()
	b, err := Parse(key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatIsSealedOpensForItsPurposeAlone(t *testing.T) {
	t.Parallel()
	b, other := box(t, NewKey()), box(t, NewKey())
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "plain")
		purpose := rapid.String().Draw(t, "purpose")
		another := rapid.String().Filter(func(s string) bool { return s != purpose }).Draw(t, "another purpose")
		sealed, err := b.Seal(purpose, plain)
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.Open(purpose, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened %x, %v; sealed was %x", got, err, plain)
		}
		if _, err := b.Open(another, sealed); !errors.Is(err, ErrBroken) {
			t.Fatalf("it opens for %q too: %v", another, err)
		}
		if _, err := other.Open(purpose, sealed); !errors.Is(err, ErrBroken) {
			t.Fatalf("it opens with another key too: %v", err)
		}
		if len(plain) > 8 && bytes.Contains(sealed, plain) {
			t.Fatal("the plain text stands in what was sealed")
		}
	})
}

func TestEveryFlippedBitAndEveryCutIsRefused(t *testing.T) {
	t.Parallel()
	b := box(t, NewKey())
	sealed, err := b.Seal("test", []byte("a secret of some length"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		for bit := range 8 {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1 << bit
			if _, err := b.Open("test", bad); !errors.Is(err, ErrBroken) {
				t.Fatalf("bit %d of byte %d can be changed: %v", bit, i, err)
			}
		}
		if _, err := b.Open("test", sealed[:i]); !errors.Is(err, ErrBroken) {
			t.Fatalf("the first %d bytes open alone: %v", i, err)
		}
	}
	if _, err := b.Open("test", append(bytes.Clone(sealed), 0)); !errors.Is(err, ErrBroken) {
		t.Fatalf("a byte can be added: %v", err)
	}
}

func TestSealingTheSameTwiceShowsNothing(t *testing.T) {
	t.Parallel()
	b := box(t, NewKey())
	seen := map[string]bool{}
	for range 200 {
		sealed, err := b.Seal("test", []byte("the same"))
		if err != nil {
			t.Fatal(err)
		}
		if seen[string(sealed)] {
			t.Fatal("the same text was sealed to the same bytes")
		}
		seen[string(sealed)] = true
	}
}

func TestKeyedHashDependsOnKeyPurposeAndData(t *testing.T) {
	t.Parallel()
	key := NewKey()
	b, again, other := box(t, key), box(t, key), box(t, NewKey())
	rapid.Check(t, func(t *rapid.T) {
		purpose, data := rapid.String().Draw(t, "purpose"), rapid.SliceOf(rapid.Byte()).Draw(t, "data")
		h := b.Keyed(purpose, data)
		if len(h) != 32 || !bytes.Equal(h, again.Keyed(purpose, data)) {
			t.Fatal("the same key gives another hash")
		}
		if bytes.Equal(h, b.Keyed(purpose+"x", data)) || bytes.Equal(h, b.Keyed(purpose, append(bytes.Clone(data), 'x'))) || bytes.Equal(h, other.Keyed(purpose, data)) {
			t.Fatal("another purpose, other data or another key gives the same hash")
		}
	})
}

func TestFingerprintTellsKeysApartWithoutGivingThemAway(t *testing.T) {
	t.Parallel()
	key := NewKey()
	raw, err := base64.RawStdEncoding.DecodeString(key)
	if err != nil || len(raw) != KeySize {
		t.Fatalf("a new key of %d bytes: %v", len(raw), err)
	}
	print := box(t, key).Fingerprint()
	if len(print) != 16 || print != box(t, key).Fingerprint() || print == box(t, NewKey()).Fingerprint() {
		t.Errorf("fingerprint %q does not identify the key", print)
	}
}

func TestKeyIsReadAsPeoplePasteIt(t *testing.T) {
	t.Parallel()
	key := NewKey()
	want := box(t, key).Fingerprint()
	for _, written := range []string{key + "=", "  " + key + "\n", key + "=\r\n"} {
		if got := box(t, written).Fingerprint(); got != want {
			t.Errorf("%q is read as another key", written)
		}
	}
	for _, wrong := range []string{"", "=", "short", key[:42], key + "AA", strings.Repeat("A", 44), strings.Repeat("é", 43)} {
		if _, err := Parse(wrong); err == nil {
			t.Errorf("%q is taken for a key", wrong)
		} else if wrong != "" && strings.Contains(err.Error(), wrong) && wrong != "=" {
			t.Errorf("the message gives the key away: %v", err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "AAAA", NewKey(), NewKey() + "=", "\x00", strings.Repeat("A", 43)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := Parse(s)
		if err != nil {
			return
		}
		if len(b.key) != KeySize {
			t.Fatalf("%q is a key of %d bytes", s, len(b.key))
		}
		sealed, err := b.Seal("fuzz", []byte(s))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := b.Open("fuzz", sealed); err != nil || string(plain) != s {
			t.Fatalf("opened %q, %v", plain, err)
		}
	})
}
