package wave

import (
	"context"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
)

// SaveRecipe replaces the recipe of a draft and raises its version. When the wave has another version, or was launched, it is
// a problem of kind Conflict and nothing changes; db.ErrNoRow when there is no such wave.
func SaveRecipe(ctx context.Context, s *db.Scope, waveID string, version int64, recipe []byte) error {
	n, err := s.Exec(ctx, `UPDATE waves SET recipe = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $4 AND state = 'draft'`,
		waveID, string(recipe), version)
	if err != nil || n == 1 {
		return err
	}
	w, err := One(ctx, s.Reader, waveID)
	switch {
	case err != nil:
		return err
	case w.State.Launched():
		return refuse(problem.Conflict, "error.locked", nil)
	default:
		return refuse(problem.Conflict, "error.changed", nil)
	}
}
