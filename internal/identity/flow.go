package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// flowCookie holds the secret of a sign-in half way.
const flowCookie = "tt_flow"

// flowLives is how long one may take between two steps of signing in.
const flowLives = 15 * time.Minute

// putFlow keeps what a sign-in half way must remember, as JSON, and returns its secret.
func (s *Service) putFlow(ctx context.Context, t tenant.ID, kind string, data any, lives time.Duration) (string, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	token := id.Token()
	return token, s.db.Write(ctx, t, func(sc *db.Scope) error {
		return addFlow(ctx, sc, token, kind, string(raw), s.now().Add(lives))
	})
}

func addFlow(ctx context.Context, sc *db.Scope, token, kind, data string, ends time.Time) error {
	_, err := sc.Exec(ctx, `INSERT INTO flows (tenant_id, token_hash, kind, data, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		id.Hash(token), kind, data, clock.Micros(ends))
	return err
}

// readFlow reads what putFlow kept. One of another kind, that was taken or has ended is gone.
func (s *Service) readFlow(ctx context.Context, token, kind string, data any) (tenant.ID, error) {
	return readFlow(ctx, s.db.System(), token, kind, data, s.now())
}

func readFlow(ctx context.Context, sys *db.System, token, kind string, data any, now time.Time) (tenant.ID, error) {
	if token == "" {
		return "", say(problem.Gone, "flow-gone")
	}
	var t tenant.ID
	var raw string
	err := sys.Row(ctx, `SELECT tenant_id, data FROM flows WHERE token_hash = $1 AND kind = $2 AND expires_at > $3`,
		[]any{id.Hash(token), kind, clock.Micros(now)}, &t, &raw)
	if errors.Is(err, db.ErrNoRow) {
		return "", say(problem.Gone, "flow-gone")
	}
	if err != nil {
		return "", err
	}
	if err := json.Unmarshal([]byte(raw), data); err != nil {
		return "", fmt.Errorf("a flow of kind %s cannot be read: %w", kind, err)
	}
	return t, nil
}

// takeFlow reads what putFlow kept and takes it away: it works once.
func (s *Service) takeFlow(ctx context.Context, token, kind string, data any) (tenant.ID, error) {
	var t tenant.ID
	err := s.db.System().Write(ctx, func(sys *db.System) (err error) {
		if t, err = readFlow(ctx, sys, token, kind, data, s.now()); err != nil {
			return err
		}
		return dropFlow(ctx, sys, token)
	})
	return t, err
}

// dropFlow takes a flow away; of two that do at once, one finds it gone.
func dropFlow(ctx context.Context, sys *db.System, token string) error {
	n, err := sys.Exec(ctx, `DELETE FROM flows WHERE token_hash = $1`, id.Hash(token))
	if err == nil && n == 0 {
		return say(problem.Gone, "flow-gone")
	}
	return err
}

// setFlow gives the browser the secret of a flow.
func (s *Service) setFlow(w http.ResponseWriter, token string) {
	s.cookies.SetCookie(w, flowCookie, token, flowLives)
}

// Clean removes what has ended and no retention period is about: steps of signing in, of which anyone can begin many, keys a
// month after their end, and links of before the first organisation. It is for a background job.
func (s *Service) Clean(ctx context.Context) error {
	now := clock.Micros(s.now())
	return s.db.System().Write(ctx, func(sys *db.System) error {
		for _, query := range []string{
			`DELETE FROM flows WHERE expires_at <= $1`,
			`DELETE FROM links WHERE tenant_id IS NULL AND expires_at <= $1`,
			`DELETE FROM api_keys WHERE expires_at <= $1 - 2592000000000`,
		} {
			if _, err := sys.Exec(ctx, query, now); err != nil {
				return err
			}
		}
		return nil
	})
}
