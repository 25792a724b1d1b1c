package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/identity/passkey"
)

// passkeyRow is a passkey as it is stored.
type passkeyRow struct {
	ID, Account, Name string
	Record            passkey.Record
	CreatedAt, UsedAt time.Time
}

const storedColumns = `id, account_id, name, credential, created_at, used_at`

func scanPasskey(scan func(...any) error) (passkeyRow, error) {
	var row passkeyRow
	var credential string
	var created, used int64
	if err := scan(&row.ID, &row.Account, &row.Name, &credential, &created, &used); err != nil {
		return row, err
	}
	row.CreatedAt, row.UsedAt = clock.Time(created), clock.Time(used)
	if err := json.Unmarshal([]byte(credential), &row.Record); err != nil {
		return row, fmt.Errorf("a passkey of account %s cannot be read: %w", row.Account, err)
	}
	return row, nil
}

// passkeysOf lists the passkeys of an account, the oldest first.
func passkeysOf(ctx context.Context, r db.Reader, account string) ([]passkeyRow, error) {
	var list []passkeyRow
	err := r.Rows(ctx, `SELECT `+storedColumns+` FROM passkeys WHERE tenant_id = $1 AND account_id = $2 ORDER BY created_at, id`,
		func(scan func(...any) error) error {
			row, err := scanPasskey(scan)
			list = append(list, row)
			return err
		}, account)
	return list, err
}

// passkeyAccount returns whose passkey that is; db.ErrNoRow when it is nobody's.
func passkeyAccount(ctx context.Context, r db.Reader, key string) (string, error) {
	var account string
	err := r.Row(ctx, `SELECT account_id FROM passkeys WHERE tenant_id = $1 AND id = $2`, []any{key}, &account)
	return account, err
}

// passkeyTaken tells whether a passkey of that id belongs to anybody, at any organisation (Web Authentication, level 3,
// section 7.1, step 26).
func passkeyTaken(ctx context.Context, sys *db.System, key string) (bool, error) {
	var n int
	err := sys.Row(ctx, `SELECT count(*) FROM passkeys WHERE id = $1`, []any{key}, &n)
	return n > 0, err
}

func addPasskey(ctx context.Context, sc *db.Scope, account, name string, record passkey.Record, now time.Time) error {
	raw, err := json.Marshal(record)
	if err != nil {
		return err
	}
	_, err = sc.Exec(ctx, `INSERT INTO passkeys (tenant_id, id, account_id, name, credential, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		record.ID(), account, name, string(raw), clock.Micros(now))
	return err
}

// usedPasskey keeps a passkey as it is after its use; db.ErrNoRow when it was removed meanwhile.
func usedPasskey(ctx context.Context, sc *db.Scope, record passkey.Record, now time.Time) error {
	raw, err := json.Marshal(record)
	if err != nil {
		return err
	}
	n, err := sc.Exec(ctx, `UPDATE passkeys SET credential = $3, used_at = $4 WHERE tenant_id = $1 AND id = $2`, record.ID(), string(raw), clock.Micros(now))
	return oneRow(n, err)
}

func renamePasskey(ctx context.Context, sc *db.Scope, account, key, name string) error {
	n, err := sc.Exec(ctx, `UPDATE passkeys SET name = $4 WHERE tenant_id = $1 AND account_id = $2 AND id = $3`, account, key, name)
	return oneRow(n, err)
}

func dropPasskey(ctx context.Context, sc *db.Scope, account, key string) error {
	n, err := sc.Exec(ctx, `DELETE FROM passkeys WHERE tenant_id = $1 AND account_id = $2 AND id = $3`, account, key)
	return oneRow(n, err)
}

// oneRow is db.ErrNoRow when nothing was changed.
func oneRow(n int64, err error) error {
	if err == nil && n == 0 {
		return db.ErrNoRow
	}
	return err
}
