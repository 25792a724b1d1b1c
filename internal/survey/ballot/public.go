package ballot

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// PublicKey checks ballots. It is published when a wave opens.
type PublicKey struct {
	rsa  *rsa.PublicKey
	spki []byte
}

// ParsePublicKey reads a key from its SubjectPublicKeyInfo (DER, RFC 5280, section 4.1), with the algorithm rsaEncryption. It
// refuses every key but those of 2048 bits with the exponent 65537, and every other encoding of the same key, so that a key
// has one fingerprint.
func ParsePublicKey(spki []byte) (*PublicKey, error) {
	parsed, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("the public key of ballots cannot be read: %w", err)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the public key of ballots is of the kind %T; it must be of RSA", parsed)
	}
	p, err := newPublicKey(key)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(p.spki, spki) {
		return nil, errors.New("the public key of ballots is not written in the one form of DER")
	}
	return p, nil
}

// newPublicKey wraps a key of the size of ballots.
func newPublicKey(key *rsa.PublicKey) (*PublicKey, error) {
	if key.N.BitLen() != keyBits || key.E != exponent || key.N.Bit(0) == 0 {
		return nil, fmt.Errorf("the key of ballots has %d bits and the exponent %d; it must have an odd modulus of %d bits and the exponent %d",
			key.N.BitLen(), key.E, keyBits, exponent)
	}
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, err
	}
	return &PublicKey{key, spki}, nil
}

// Bytes returns the SubjectPublicKeyInfo in DER; do not change it.
func (p *PublicKey) Bytes() []byte { return p.spki }

// Fingerprint is the SHA-256 of the SubjectPublicKeyInfo in groups of four hexadecimal digits, for people to compare.
func (p *PublicKey) Fingerprint() string {
	sum := sha256.Sum256(p.spki)
	return grouped(sum[:])
}

// grouped writes bytes in hex, four digits at a time.
func grouped(sum []byte) string {
	digits := hex.EncodeToString(sum)
	groups := make([]string, 0, len(digits)/4)
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, " ")
}

// ErrSignature says that a ballot is not signed under the key.
var ErrSignature = errors.New("the ballot is not signed under this key")

// Verify checks the signature of a ballot: RSASSA-PSS-VERIFY with SHA-384 and a salt of 48 bytes (RFC 8017, section 8.1.2, as
// RFC 9474, section 4.5 asks). The error is ErrSignature. It is safe for concurrent use.
func (p *PublicKey) Verify(b Ballot) error { return verify(p.rsa, b.Message[:], b.Signature[:]) }

// verify is Verify for a key of any size and a message of any length.
func verify(key *rsa.PublicKey, message, signature []byte) error {
	digest := sha512.Sum384(message)
	if rsa.VerifyPSS(key, crypto.SHA384, digest[:], signature, pss) != nil {
		return ErrSignature
	}
	return nil
}

// pss are the parameters of RSABSSA-SHA384-PSS-Randomized (RFC 9474, section 5).
var pss = &rsa.PSSOptions{SaltLength: crypto.SHA384.Size(), Hash: crypto.SHA384}
