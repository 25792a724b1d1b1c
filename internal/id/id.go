// Package id makes names for rows and secrets for links, cookies and keys.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// alphabet is Crockford's base 32 in small letters: it sorts as the bytes do and has no i, l, o or u.
var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New returns a name of 26 characters that sorts by now (to the millisecond) and otherwise cannot be guessed (80 random bits).
func New(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(b[6:]) // never fails (crypto/rand)
	return alphabet.EncodeToString(b[:])
}

// Series returns a function that makes names as New does, each of which sorts behind the one before: rows that are written in the
// order in which they were named go to the end of an index, and not all over it. A name has 40 random bits and one of a trillion places to start
// from, so names of two series do not meet. It is not safe for concurrent use.
func Series(now time.Time) func() string {
	var start [8]byte
	_, _ = rand.Read(start[:5]) // never fails (crypto/rand)
	count := binary.LittleEndian.Uint64(start[:]) >> 1
	return func() string {
		var b [16]byte
		binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
		count++
		for i := range 5 {
			b[6+i] = byte(count >> (8 * (4 - i)))
		}
		_, _ = rand.Read(b[11:]) // never fails (crypto/rand)
		return alphabet.EncodeToString(b[:])
	}
}

// Token returns a secret of 256 random bits in 43 characters that may stand in an address.
func Token() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Hash returns what the store keeps of a token: its SHA-256 in hex. Tokens are long and random, so a fast hash is enough.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
