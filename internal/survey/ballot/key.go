package ballot

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
)

// Key signs blinded messages. It is safe for concurrent use.
type Key struct {
	signer
	public *PublicKey
	pkcs8  []byte
}

// NewKey makes a key of 2048 bits; it takes some hundred milliseconds.
func NewKey() (*Key, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("a key for ballots could not be made: %w", err)
	}
	return newKey(key)
}

// ParseKey reads what Bytes gives: a private key of RSA with two primes, 2048 bits and the exponent 65537, in PKCS #8 (DER).
// The key is checked whole; what it says is not in the error.
func ParseKey(pkcs8 []byte) (*Key, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, errors.New("the private key of ballots cannot be read: it must be of RSA, in PKCS #8")
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the private key of ballots is of the kind %T; it must be of RSA", parsed)
	}
	return newKey(key)
}

func newKey(key *rsa.PrivateKey) (*Key, error) {
	public, err := newPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	if err := key.Validate(); err != nil {
		return nil, errors.New("the private key of ballots does not belong to its public key")
	}
	s, err := newSigner(key)
	if err != nil {
		return nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("the key of ballots cannot be written: %w", err)
	}
	return &Key{*s, public, pkcs8}, nil
}

// Bytes returns the private key in PKCS #8 (DER); do not change it, and keep it sealed.
func (k *Key) Bytes() []byte { return k.pkcs8 }

// Public returns the key that checks what this one signs.
func (k *Key) Public() *PublicKey { return k.public }

// Sign signs a blinded message of 256 bytes: BlindSign of RFC 9474, section 4.3. Two calls with the same message give the same
// signature. It refuses another length, numbers not below the modulus, 0 and 1 (ErrBlinded). The errors hold nothing of the
// message.
func (k *Key) Sign(blinded []byte) ([]byte, error) { return k.sign(blinded) }
