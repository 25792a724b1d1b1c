package wave

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"

	"tekentafel/internal/db"
	"tekentafel/internal/seal"
)

// purposeStudy is what the secret of a study is sealed for; the study follows.
const purposeStudy = "wave-study/"

// Study is what waves have in common between which people may link their own answers.
type Study struct {
	ID     string // 32 hexadecimal digits, random; no secret
	sealed []byte
}

// StudyOf returns the study of a wave; db.ErrNoRow where answers cannot be linked, and before the launch.
func StudyOf(ctx context.Context, r db.Reader, waveID string) (Study, error) {
	var s Study
	err := r.Row(ctx, `SELECT study, secret FROM wave_studies WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID}, &s.ID, &s.sealed)
	return s, err
}

// Secret opens the secret of the study. The error is seal.ErrBroken when the key of the installation is another one.
func (s *Study) Secret(box *seal.Box) (Secret, error) {
	key, err := box.Open(purposeStudy+s.ID, s.sealed)
	return Secret{key}, err
}

// insertStudy gives a wave the study of the wave before it, or one of its own where that has none.
func insertStudy(ctx context.Context, tx *db.Scope, box *seal.Box, w *Wave) error {
	study, err := StudyOf(ctx, tx.Reader, w.Previous)
	if errors.Is(err, db.ErrNoRow) {
		study, err = newStudy(box)
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO wave_studies (tenant_id, wave_id, study, secret) VALUES ($1, $2, $3, $4)`, w.ID, study.ID, study.sealed)
	return err
}

func newStudy(box *seal.Box) (Study, error) {
	var name [16]byte
	var secret [32]byte
	_, _ = rand.Read(name[:]) // never fails (crypto/rand)
	_, _ = rand.Read(secret[:])
	s := Study{ID: hex.EncodeToString(name[:])}
	var err error
	s.sealed, err = box.Seal(purposeStudy+s.ID, secret[:])
	return s, err
}
