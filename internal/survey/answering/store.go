package answering

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/survey/wave"
)

// DraftStore keeps drafts in the database.
type DraftStore struct{ DB *db.DB }

// Load implements Drafts.
func (s DraftStore) Load(ctx context.Context, w *wave.Wave, key string) ([]byte, error) {
	var sealed []byte
	err := s.DB.Of(w.Tenant).Row(ctx, `SELECT sealed FROM wave_drafts WHERE tenant_id = $1 AND wave_id = $2 AND key = $3`,
		[]any{w.ID, key}, &sealed)
	return sealed, err
}

// Save implements Drafts.
func (s DraftStore) Save(ctx context.Context, w *wave.Wave, key string, sealed []byte, now time.Time) error {
	return s.DB.Write(ctx, w.Tenant, func(sc *db.Scope) error {
		_, err := sc.Exec(ctx, `INSERT INTO wave_drafts (tenant_id, wave_id, key, sealed, updated_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, wave_id, key) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
			w.ID, key, sealed, clock.Micros(now.UTC().Truncate(24*time.Hour)))
		return err
	})
}
