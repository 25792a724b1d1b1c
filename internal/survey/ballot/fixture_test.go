package ballot

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"sync"
	"testing"
)

// someKeys makes two keys once for all tests: making one takes a while, and nothing in a test changes it.
var someKeys = sync.OnceValues(func() ([2]*Key, error) {
	var keys [2]*Key
	for i := range keys {
		k, err := NewKey()
		if err != nil {
			return keys, err
		}
		keys[i] = k
	}
	return keys, nil
})

// newTestKey returns the key of the tests.
func newTestKey(t testing.TB) *Key {
	t.Helper()
	keys, err := someKeys()
	if err != nil {
		t.Fatal(err)
	}
	return keys[0]
}

// anotherKey returns a key that is not newTestKey.
func anotherKey(t testing.TB) *Key {
	t.Helper()
	newTestKey(t)
	keys, _ := someKeys()
	return keys[1]
}

// private returns the key as the standard library has it.
func (k *Key) private(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	parsed, err := x509.ParsePKCS8PrivateKey(k.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return parsed.(*rsa.PrivateKey)
}

// newBallot makes a ballot as a device and the server do.
func newBallot(t testing.TB, k *Key) Ballot {
	t.Helper()
	b, err := makeBallot(k)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func makeBallot(k *Key) (Ballot, error) {
	r, err := Blind(k.Public(), rand.Reader)
	if err != nil {
		return Ballot{}, err
	}
	signed, err := k.Sign(r.Blinded())
	if err != nil {
		return Ballot{}, err
	}
	return r.Finish(signed)
}
