package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// purpose names what the key of the installation is used for here.
const purpose = "skills/vault/"

// Place is where the content of a code lies, and what opens it.
type Place struct {
	name [16]byte
	key  [32]byte
}

// PlaceOf derives the place of a code in an organisation: HMAC-SHA256 of the code under a key of the installation for the organisation, and
// from it by HKDF-SHA256 (RFC 5869) a name of 16 bytes and a key of 32. So neither the database alone nor, without the code, the
// database with the key of the installation opens anything.
func PlaceOf(box *seal.Box, t tenant.ID, code Code) (Place, error) {
	var p Place
	secret := box.Keyed(purpose+string(t), []byte(code))
	name, err := hkdf.Expand(sha256.New, secret, "tekentafel/1 vault name", len(p.name))
	if err != nil {
		return p, err
	}
	key, err := hkdf.Expand(sha256.New, secret, "tekentafel/1 vault key", len(p.key))
	if err != nil {
		return p, err
	}
	copy(p.name[:], name)
	copy(p.key[:], key)
	return p, nil
}

// Most is the most that content may be, in bytes.
const Most = 1<<16 - overhead - 4

// overhead is what sealing adds: a nonce of 12 bytes and a tag of 16.
const overhead = 28

// lengths are those that sealed content may have: they tell how much there is in three steps, and no more.
var lengths = []int{1 << 12, 1 << 14, 1 << 16}

// ErrTooLong says that content is longer than Most.
var ErrTooLong = fmt.Errorf("more than %d bytes of own content", Most)

// ErrDamaged says that content does not open with the key of its place, or is not what Seal made.
var ErrDamaged = errors.New("the kept content is damaged")

func (p *Place) cipher() (cipher.AEAD, error) {
	block, err := aes.NewCipher(p.key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal encrypts content for a place (AES-256-GCM bound to the name of the place), padded to one of lengths.
func (p *Place) seal(content []byte) ([]byte, error) {
	if len(content) > Most {
		return nil, ErrTooLong
	}
	size := lengths[0]
	for _, size = range lengths {
		if len(content)+4+overhead <= size {
			break
		}
	}
	plain := make([]byte, size-overhead)
	binary.BigEndian.PutUint32(plain, uint32(len(content)))
	copy(plain[4:], content)
	c, err := p.cipher()
	if err != nil {
		return nil, err
	}
	return c.Seal(nil, nil, plain, p.name[:]), nil //nolint:gosec // this cipher draws a random nonce itself and puts it in front
}

// open decrypts what seal made for the same place.
func (p *Place) open(sealed []byte) ([]byte, error) {
	c, err := p.cipher()
	if err != nil {
		return nil, err
	}
	plain, err := c.Open(nil, nil, sealed, p.name[:])
	if err != nil || len(plain) < 4 {
		return nil, ErrDamaged
	}
	n := binary.BigEndian.Uint32(plain)
	rest := plain[4:]
	if int64(n) > int64(len(rest)) || len(bytes.TrimLeft(rest[n:], "\x00")) > 0 {
		return nil, ErrDamaged
	}
	return rest[:n], nil
}
