package invite

import (
	"context"

	"tekentafel/internal/survey/wave"
)

// PINs returns the PIN of everyone in the frame of a wave, by the id of the person, for who rehearses a wave on this machine:
// tests and benchmarks. No page or operation shows it.
func (s *Service) PINs(ctx context.Context, w *wave.Wave) (map[string]string, error) {
	secret, err := w.Secret(s.Box)
	if err != nil {
		return nil, err
	}
	pins := map[string]string{}
	err = s.DB.Of(w.Tenant).Rows(ctx, `SELECT id, pin_hash FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) error {
		var id, hash string
		if err := scan(&id, &hash); err != nil {
			return err
		}
		pins[id], err = againPIN(secret, id, hash)
		return err
	}, w.ID)
	return pins, err
}
