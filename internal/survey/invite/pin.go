package invite

import (
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"errors"

	"tekentafel/internal/crockford"
	"tekentafel/internal/survey/wave"
)

// pinLength is how many characters a PIN has: 50 bits, so that guessing one of 100,000 people's takes 5 billion tries a success.
const pinLength = 10

// maxAttempts bounds the search for the attempt by which a PIN was made. Two people of a million meet in 1 of 2,000 frames,
// three in none.
const maxAttempts = 64

// errNoPIN says that the secret of the wave does not make the PIN of a person.
var errNoPIN = errors.New("the PIN of this person cannot be made again: the secret of the wave or the key of the installation is another one")

// derivePIN returns the PIN of a person of a wave. Attempt is 0 unless two people of the wave got the same.
func derivePIN(secret wave.Secret, personID string, attempt int) string {
	raw := secret.Derive("pin", append([]byte(personID+"/"), byte(attempt)))
	bits := binary.BigEndian.Uint64(raw)
	var b [pinLength]byte
	for i := range b {
		b[i] = crockford.Sign(byte(bits))
		bits >>= 5
	}
	return string(b[:])
}

// hashPIN is what the store keeps of a PIN: keyed with the secret of the wave, so that the database alone gives none away.
func hashPIN(secret wave.Secret, pin string) string {
	return hex.EncodeToString(secret.Derive("pin-hash", []byte(pin)))
}

// newPIN returns the hash of a person's PIN that none in taken has, and adds it there.
func newPIN(secret wave.Secret, personID string, taken map[string]bool) (hash string, err error) {
	for attempt := range maxAttempts {
		hash = hashPIN(secret, derivePIN(secret, personID, attempt))
		if !taken[hash] {
			taken[hash] = true
			return hash, nil
		}
	}
	return "", errNoPIN
}

// againPIN returns the PIN of a person, written in two groups, from what is kept of it.
func againPIN(secret wave.Secret, personID, hash string) (string, error) {
	for attempt := range maxAttempts {
		pin := derivePIN(secret, personID, attempt)
		if subtle.ConstantTimeCompare([]byte(hashPIN(secret, pin)), []byte(hash)) == 1 {
			return WritePIN(pin), nil
		}
	}
	return "", errNoPIN
}

// WritePIN writes a PIN as people read it: "K7M2P-9QX4R".
func WritePIN(pin string) string {
	if len(pin) != pinLength {
		return pin
	}
	return crockford.Write(pin, pinLength/2)
}

// ReadPIN reads a PIN however people type it: small letters, spaces and dashes anywhere, the letter O for 0, I and L for 1.
// The result has ten characters and no dash; false when it can be no PIN.
func ReadPIN(s string) (string, bool) {
	pin, err := crockford.Read(s, pinLength)
	return pin, err == nil
}
