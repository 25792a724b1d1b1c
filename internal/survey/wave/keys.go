package wave

import (
	"context"

	"tekentafel/internal/db"
	"tekentafel/internal/seal"
)

// What keys are sealed for. The wave's id follows, so that what is sealed for one wave opens nothing of another.
const (
	purposeBallot  = "wave-ballot/"
	purposeAnswers = "wave-answers/"
)

// answersKeySize is the length of the key under which the answers of a wave are sealed, in bytes.
const answersKeySize = 32

// sealBallotKey seals the private key of a stratum.
func sealBallotKey(box *seal.Box, waveID, stratum string, pkcs8 []byte) ([]byte, error) {
	return box.Seal(purposeBallot+waveID+"/"+stratum, pkcs8)
}

// PrivateKey opens the private key of a stratum of the wave: PKCS #8 (DER). The error is seal.ErrBroken when the key of the
// installation is another one, and when the wave is closed, because the key is gone then.
func (s *Stratum) PrivateKey(box *seal.Box, waveID string) ([]byte, error) {
	return box.Open(purposeBallot+waveID+"/"+s.Name, s.Private)
}

// AnswersKey opens the key under which the answers of a wave are sealed: 32 random bytes. db.ErrNoRow before the launch and
// seal.ErrBroken once the wave is closed, because the key is gone then.
func AnswersKey(ctx context.Context, r db.Reader, box *seal.Box, waveID string) ([]byte, error) {
	var sealed []byte
	if err := r.Row(ctx, `SELECT answers_key FROM wave_launches WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID}, &sealed); err != nil {
		return nil, err
	}
	return box.Open(purposeAnswers+waveID, sealed)
}
