package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/problem"
)

// providerRow is a sign-in provider as it is stored.
type providerRow struct {
	Issuer, ClientID string
	Secret           []byte // sealed
	Enabled          bool
	oidc.Settings
}

func provider(ctx context.Context, r db.Reader) (providerRow, error) {
	var p providerRow
	var settings string
	err := r.Row(ctx, `SELECT issuer, client_id, secret, enabled, settings FROM providers WHERE tenant_id = $1`, nil,
		&p.Issuer, &p.ClientID, &p.Secret, &p.Enabled, &settings)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(settings), &p.Settings); err != nil {
		return p, fmt.Errorf("settings of the sign-in provider of %s: %w", r.Tenant(), err)
	}
	return p, nil
}

func putProvider(ctx context.Context, sc *db.Scope, p providerRow, now time.Time) error {
	settings, err := json.Marshal(p.Settings)
	if err != nil {
		return err
	}
	_, err = sc.Exec(ctx, `INSERT INTO providers (tenant_id, issuer, client_id, secret, enabled, settings, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id) DO UPDATE SET issuer = EXCLUDED.issuer, client_id = EXCLUDED.client_id, secret = EXCLUDED.secret,
enabled = EXCLUDED.enabled, settings = EXCLUDED.settings, changed_at = EXCLUDED.changed_at`,
		p.Issuer, p.ClientID, p.Secret, p.Enabled, string(settings), clock.Micros(now))
	return err
}

// dropProvider takes away the provider with what came from it.
func dropProvider(ctx context.Context, sc *db.Scope) error {
	for _, query := range []string{
		`DELETE FROM providers WHERE tenant_id = $1`,
		`DELETE FROM subjects WHERE tenant_id = $1`,
		`DELETE FROM account_roles WHERE tenant_id = $1 AND source = 'oidc'`,
		`DELETE FROM sessions WHERE tenant_id = $1 AND method = 'oidc'`,
	} {
		if _, err := sc.Exec(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// subjectAccount returns the account of a person at a provider; db.ErrNoRow when there is none.
func subjectAccount(ctx context.Context, r db.Reader, issuer, subject string) (string, error) {
	var account string
	err := r.Row(ctx, `SELECT account_id FROM subjects WHERE tenant_id = $1 AND issuer = $2 AND subject = $3`, []any{issuer, subject}, &account)
	return account, err
}

// linkedAt tells whether an account belongs to a person at a provider.
func linkedAt(ctx context.Context, r db.Reader, issuer, account string) (bool, error) {
	var n int
	err := r.Row(ctx, `SELECT count(*) FROM subjects WHERE tenant_id = $1 AND issuer = $2 AND account_id = $3`, []any{issuer, account}, &n)
	return n > 0, err
}

func addSubject(ctx context.Context, sc *db.Scope, issuer, subject, account string) error {
	_, err := sc.Exec(ctx, `INSERT INTO subjects (tenant_id, issuer, subject, account_id) VALUES ($1, $2, $3, $4)`, issuer, subject, account)
	return err
}

// dropSessionsBySID ends the sessions that began with a sign-in at a provider, by the key of how the provider names it.
func dropSessionsBySID(ctx context.Context, sc *db.Scope, key string) (int64, error) {
	return sc.Exec(ctx, `DELETE FROM sessions WHERE tenant_id = $1 AND method = 'oidc' AND provider LIKE $2`, sidPrefix(key)+"%")
}

// dropSessionsOfSubject ends all sessions of an account that began at its provider.
func dropSessionsOfSubject(ctx context.Context, sc *db.Scope, account string) (int64, error) {
	return sc.Exec(ctx, `DELETE FROM sessions WHERE tenant_id = $1 AND method = 'oidc' AND account_id = $2`, account)
}

// keepsAnotherWay refuses to do without the provider while no administrator could sign in in another way.
func keepsAnotherWay(ctx context.Context, sc *db.Scope) error {
	var n int
	err := sc.Row(ctx, `SELECT count(*) FROM accounts a JOIN account_roles r ON r.tenant_id = a.tenant_id AND r.account_id = a.id
WHERE a.tenant_id = $1 AND a.state = 'active' AND r.role = 'administrator' AND r.source = 'local' AND (
EXISTS (SELECT 1 FROM passwords x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id) OR
EXISTS (SELECT 1 FROM passkeys x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id))`, nil, &n)
	if err == nil && n == 0 {
		return sayOIDC(problem.Conflict, "only-way")
	}
	return err
}
