package ballot

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"regexp"
	"sync"
	"testing"
)

func TestAKeyIsReadBackWhole(t *testing.T) {
	t.Parallel()
	k := newTestKey(t)
	again, err := ParseKey(k.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), k.Bytes()) || !bytes.Equal(again.Public().Bytes(), k.Public().Bytes()) {
		t.Error("it is another key")
	}
	if err := k.Public().Verify(newBallot(t, again)); err != nil {
		t.Error(err)
	}
	public, err := ParsePublicKey(k.Public().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := public.Verify(newBallot(t, k)); err != nil {
		t.Error(err)
	}
	private := k.private(t)
	if private.N.BitLen() != 2048 || private.E != 65537 || len(private.Primes) != 2 {
		t.Errorf("%d bits, exponent %d, %d primes", private.N.BitLen(), private.E, len(private.Primes))
	}
}

func TestOnlyKeysOfBallotsAreRead(t *testing.T) {
	t.Parallel()
	for name, spki := range strangeKeys(t) {
		if _, err := ParsePublicKey(spki); err == nil {
			t.Errorf("a public key with %s is read", name)
		}
		if _, err := ParseKey(spki); err == nil {
			t.Errorf("a private key with %s is read", name)
		}
	}
	if _, err := ParsePublicKey(append(bytes.Clone(newTestKey(t).Public().Bytes()), 0)); err == nil {
		t.Error("a public key with a byte behind it is read")
	}
	small, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(small)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseKey(pkcs8); err == nil {
		t.Error("a private key of 3072 bits is read")
	}
}

func TestAFingerprintIsForPeopleToCompare(t *testing.T) {
	t.Parallel()
	f := newTestKey(t).Public().Fingerprint()
	if !regexp.MustCompile(`^[0-9a-f]{4}( [0-9a-f]{4}){15}$`).MatchString(f) {
		t.Errorf("%q", f)
	}
	if f == anotherKey(t).Public().Fingerprint() {
		t.Error("two keys have the same fingerprint")
	}
}

func TestOneKeySignsForManyAtATime(t *testing.T) {
	t.Parallel()
	k := newTestKey(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				r, err := Blind(k.Public(), rand.Reader)
				if err != nil {
					t.Error(err)
					return
				}
				signature, err := k.Sign(r.Blinded())
				if err != nil {
					t.Error(err)
					return
				}
				if b, err := r.Finish(signature); err != nil || k.Public().Verify(b) != nil {
					t.Errorf("%v", err)
				}
			}
		})
	}
	all.Wait()
}
