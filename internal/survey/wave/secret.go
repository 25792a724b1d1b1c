package wave

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"

	"tekentafel/internal/seal"
)

// purposeSecret is what the secret of a wave is sealed for; the wave's id follows, so that no secret opens another wave.
const purposeSecret = "wave-secret/"

// newSecret returns a fresh sealed secret for a wave.
func newSecret(box *seal.Box, waveID string) ([]byte, error) {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails (crypto/rand)
	return box.Seal(purposeSecret+waveID, secret[:])
}

// Secret derives things from the secret of one wave that nobody can make from the database alone.
type Secret struct{ key []byte }

// Secret opens the wave's secret. The error is seal.ErrBroken when the key of the installation is another one.
func (w *Wave) Secret(box *seal.Box) (Secret, error) {
	key, err := box.Open(purposeSecret+w.ID, w.secret)
	return Secret{key}, err
}

// Derive returns the HMAC-SHA256 of data for a purpose: 32 bytes that look random to whoever lacks the secret.
func (s Secret) Derive(purpose string, data []byte) []byte {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(purpose))
	m.Write([]byte{0})
	m.Write(data)
	return m.Sum(nil)
}
