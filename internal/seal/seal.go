// Package seal keeps secrets that must be read again: it seals them with the key of the installation, so that a copy of
// the database alone gives none of them away. It also makes keyed hashes, for secrets too short to be hashed alone.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// KeySize is the length of the key of an installation, in bytes.
const KeySize = 32

// ErrBroken says that something sealed cannot be opened: it was changed, was sealed for another purpose or with another key.
var ErrBroken = errors.New("a sealed value cannot be opened: the key of this installation is another one, or the value was changed")

// Box seals and opens with one key. It is safe for concurrent use.
type Box struct{ key []byte }

// NewKey returns a new random key, written as Parse reads it.
func NewKey() string {
	b := make([]byte, KeySize)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawStdEncoding.EncodeToString(b)
}

// Parse reads a key of 32 bytes in base 64, with or without padding.
func Parse(key string) (*Box, error) {
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.TrimSpace(key), "="))
	if err != nil || len(b) != KeySize {
		return nil, fmt.Errorf("the key of the installation must be %d bytes in base 64; \"tekentafel new-key\" makes one", KeySize)
	}
	return &Box{key: b}, nil
}

// Fingerprint identifies the key without giving it away.
func (b *Box) Fingerprint() string { return hex.EncodeToString(b.Keyed("fingerprint", nil))[:16] }

// Seal encrypts plain for a purpose (AES-256-GCM; a key per purpose by HKDF-SHA256). The result is not the same twice.
func (b *Box) Seal(purpose string, plain []byte) ([]byte, error) {
	c, err := b.cipher(purpose)
	if err != nil {
		return nil, err
	}
	return c.Seal(nil, nil, plain, []byte(purpose)), nil //nolint:gosec // this cipher draws a random nonce itself and puts it in front
}

// Open decrypts what Seal made for the same purpose; ErrBroken when it cannot.
func (b *Box) Open(purpose string, sealed []byte) ([]byte, error) {
	c, err := b.cipher(purpose)
	if err != nil {
		return nil, err
	}
	plain, err := c.Open(nil, nil, sealed, []byte(purpose))
	if err != nil {
		return nil, ErrBroken
	}
	return plain, nil
}

// Keyed returns the HMAC-SHA256 of data with a key of the purpose.
func (b *Box) Keyed(purpose string, data []byte) []byte {
	mac := hmac.New(sha256.New, b.derive("mac:"+purpose))
	mac.Write(data)
	return mac.Sum(nil)
}

func (b *Box) cipher(purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(b.derive("seal:" + purpose))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (b *Box) derive(info string) []byte {
	key, err := hkdf.Key(sha256.New, b.key, nil, "tekentafel/1 "+info, KeySize)
	if err != nil {
		panic(err) // only for lengths that we do not ask for
	}
	return key
}
