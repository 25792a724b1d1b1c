package action

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

// errSame says that something stands already as it is asked.
var errSame = errors.New("it stands already")

// newKey returns a random key of 10 signs (50 bits), which people can type from a poster.
func newKey() string {
	const signs = "23456789abcdefghjkmnpqrstuvwxyz" // 31, without those that look alike
	out := make([]byte, 0, 10)
	for len(out) < cap(out) {
		var b [1]byte
		_, _ = rand.Read(b[:]) // never fails (crypto/rand)
		if b[0] < 8*byte(len(signs)) {
			out = append(out, signs[int(b[0])%len(signs)])
		}
	}
	return string(out)
}

const toldColumns = `SELECT report_id, version, COALESCE(key, ''), published_at, account_id, changed_at, content FROM action_told WHERE tenant_id = $1`

func scanTold(scan func(...any) error) (Told, error) {
	var t Told
	var published, changed int64
	var content string
	if err := scan(&t.Report, &t.Version, &t.Key, &published, &t.Account, &changed, &content); err != nil {
		return t, err
	}
	t.Changed = clock.Time(changed)
	if published > 0 {
		t.Published = clock.Time(published)
	}
	if err := json.Unmarshal([]byte(content), &t.ToldContent); err != nil {
		return t, fmt.Errorf("action: what is told about %s: %w", t.Report, err)
	}
	return t, nil
}

// toldOf returns what is told about a report; the zero value with the report when nothing is kept.
func toldOf(ctx context.Context, r db.Reader, report string) (t Told, err error) {
	t.Report = report
	err = r.Rows(ctx, toldColumns+` AND report_id = $2`, func(scan func(...any) error) (err error) {
		t, err = scanTold(scan)
		return err
	}, report)
	return t, err
}

func allTold(ctx context.Context, r db.Reader) (map[string]Told, error) {
	out := map[string]Told{}
	err := r.Rows(ctx, toldColumns, func(scan func(...any) error) error {
		t, err := scanTold(scan)
		out[t.Report] = t
		return err
	})
	return out, err
}

func putTold(ctx context.Context, tx *db.Scope, t *Told) error {
	content, err := json.Marshal(t.ToldContent)
	if err != nil {
		return err
	}
	var key any
	published := int64(0)
	if t.Key != "" {
		key, published = t.Key, clock.Micros(t.Published)
	}
	_, err = tx.Exec(ctx, `INSERT INTO action_told (tenant_id, report_id, version, key, published_at, account_id, changed_at, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, report_id) DO UPDATE SET version = $3, key = $4, published_at = $5, account_id = $6, changed_at = $7, content = $8 WHERE action_told.tenant_id = $1`,
		t.Report, t.Version, key, published, t.Account, clock.Micros(t.Changed), string(content))
	return err
}

// toldBy finds the published page with a key; ok is false when there is none.
func (s *Service) toldBy(ctx context.Context, key string) (t tenant.ID, report string, ok bool, err error) {
	err = s.DB.System().Row(ctx, `SELECT tenant_id, report_id FROM action_told WHERE key = $1`, []any{key}, &t, &report) //nolint:forbidigo // the key of a page says whose it is
	if errors.Is(err, db.ErrNoRow) || errors.Is(err, db.ErrText) {
		return "", "", false, nil
	}
	return t, report, err == nil, err
}
