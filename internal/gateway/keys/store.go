package keys

import (
	"context"
	"errors"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/tenant"
)

const columns = `SELECT k.id, k.name, k.unit_id, k.models, k.account_id, k.made_at, k.ends_at, k.withdrawn, k.used_on,
  COALESCE((SELECT MIN(s.ends_at) FROM gateway_key_secrets s WHERE s.tenant_id = $1 AND s.key_id = k.id AND s.ends_at > $2 AND s.ends_at < k.ends_at), 0)
FROM gateway_keys k WHERE k.tenant_id = $1`

func scanKey(scan func(...any) error, now time.Time) (Key, error) {
	var k Key
	var models string
	var made, ends, used, before int64
	var withdrawn bool
	if err := scan(&k.ID, &k.Name, &k.Unit, &models, &k.MadeBy, &made, &ends, &withdrawn, &used, &before); err != nil {
		return k, err
	}
	k.Models, k.Made, k.Ends, k.State = lines(models), clock.Time(made), clock.Time(ends), Holds
	switch {
	case withdrawn:
		k.State = Withdrawn
	case !now.Before(k.Ends):
		k.State = Expired
	case before > 0:
		k.Before = clock.Time(before)
	}
	if used > 0 {
		k.Used = time.Unix(used*86400, 0).UTC()
	}
	return k, nil
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func list(ctx context.Context, r db.Reader, now time.Time) ([]Key, error) {
	var out, ended []Key
	err := r.Rows(ctx, columns+` ORDER BY CASE WHEN k.ends_at > $2 THEN 0 ELSE k.ends_at END DESC, k.name, k.id`, func(scan func(...any) error) error {
		k, err := scanKey(scan, now)
		if k.State == Holds {
			out = append(out, k)
		} else {
			ended = append(ended, k)
		}
		return err
	}, clock.Micros(now))
	return append(out, ended...), err
}

func one(ctx context.Context, r db.Reader, key string, now time.Time) (k Key, err error) {
	found := false
	err = r.Rows(ctx, columns+` AND k.id = $3`, func(scan func(...any) error) error {
		found = true
		k, err = scanKey(scan, now)
		return err
	}, clock.Micros(now), key)
	if err == nil && !found {
		err = db.ErrNoRow
	}
	return k, err
}

// holding counts the keys that let somebody in.
func holding(ctx context.Context, r db.Reader, now time.Time) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM gateway_keys WHERE tenant_id = $1 AND ends_at > $2`, []any{clock.Micros(now)}, &n)
	return n, err
}

func insertKey(ctx context.Context, s *db.Scope, key string, in *Input, by string, now time.Time) error {
	_, err := s.Exec(ctx, `INSERT INTO gateway_keys (tenant_id, id, name, unit_id, models, account_id, made_at, ends_at, withdrawn, used_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE, 0)`, key, in.Name, in.Unit, strings.Join(in.Models, "\n"), by, clock.Micros(now), clock.Micros(in.Ends))
	return err
}

func insertSecret(ctx context.Context, s *db.Scope, key, hash string, ends time.Time) error {
	_, err := s.Exec(ctx, `INSERT INTO gateway_key_secrets (tenant_id, hash, key_id, ends_at) VALUES ($1, $2, $3, $4)`, hash, key, clock.Micros(ends))
	return err
}

func secretsOf(ctx context.Context, r db.Reader, key string) (hashes []string, err error) {
	err = r.Rows(ctx, `SELECT hash FROM gateway_key_secrets WHERE tenant_id = $1 AND key_id = $2`, func(scan func(...any) error) error {
		hashes = append(hashes, "")
		return scan(&hashes[len(hashes)-1])
	}, key)
	return hashes, err
}

// end withdraws a key; none of its secrets is left.
func end(ctx context.Context, s *db.Scope, key string, now time.Time) error {
	if _, err := s.Exec(ctx, `DELETE FROM gateway_key_secrets WHERE tenant_id = $1 AND key_id = $2`, key); err != nil {
		return err
	}
	_, err := s.Exec(ctx, `UPDATE gateway_keys SET ends_at = $3, withdrawn = TRUE WHERE tenant_id = $1 AND id = $2`, key, clock.Micros(now))
	return err
}

// shorten lets the secrets of a key hold no longer than until; those that are over go.
func shorten(ctx context.Context, s *db.Scope, key string, now, until time.Time) error {
	if _, err := s.Exec(ctx, `UPDATE gateway_key_secrets SET ends_at = $3 WHERE tenant_id = $1 AND key_id = $2 AND ends_at > $3`, key, clock.Micros(until)); err != nil {
		return err
	}
	_, err := s.Exec(ctx, `DELETE FROM gateway_key_secrets WHERE tenant_id = $1 AND key_id = $2 AND ends_at <= $3`, key, clock.Micros(now))
	return err
}

func prolong(ctx context.Context, s *db.Scope, key string, ends time.Time) error {
	_, err := s.Exec(ctx, `UPDATE gateway_keys SET ends_at = $3 WHERE tenant_id = $1 AND id = $2`, key, clock.Micros(ends))
	return err
}

// row is a secret as it is looked up.
type row struct {
	key  *door.Key // nil: there is none
	ends time.Time
	used int64 // the last day
}

// lookUp looks for a secret by its hash.
func (s *Service) lookUp(ctx context.Context, hash string) (row, error) {
	var k door.Key
	var t, models string
	var ends, until, used int64
	all := s.DB.System() //nolint:forbidigo // the secret says whose key it is
	err := all.Row(ctx, `SELECT k.tenant_id, k.id, k.name, k.unit_id, k.models, k.ends_at, s.ends_at, k.used_on
FROM gateway_key_secrets s JOIN gateway_keys k ON k.tenant_id = s.tenant_id AND k.id = s.key_id WHERE s.hash = $1`,
		[]any{hash}, &t, &k.ID, &k.Name, &k.Team, &models, &ends, &until, &used)
	if errors.Is(err, db.ErrNoRow) {
		return row{}, nil
	}
	if err != nil {
		return row{}, err
	}
	k.Tenant, k.Models = tenant.ID(t), lines(models)
	return row{&k, clock.Time(min(ends, until)), used}, nil
}

// markUsed notes the day on which a key was used, once a day.
func (s *Service) markUsed(ctx context.Context, k *door.Key, day int64) error {
	return s.DB.Write(ctx, k.Tenant, func(sc *db.Scope) error {
		_, err := sc.Exec(ctx, `UPDATE gateway_keys SET used_on = $3 WHERE tenant_id = $1 AND id = $2 AND used_on < $3`, k.ID, day)
		return err
	})
}
