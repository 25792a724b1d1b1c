package kept

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// row is a kept conversation as stored.
type row struct {
	id, account    string
	version        int64
	until          Day
	aged           time.Time
	made, changed  time.Time
	title, content []byte // sealed
}

const keptColumns = `id, account_id, version, until_on, aged_at, made_at, changed_at, title`

func scanKept(scan func(...any) error, more ...any) (row, error) {
	var r row
	var aged, made, changed int64
	err := scan(append([]any{&r.id, &r.account, &r.version, &r.until, &aged, &made, &changed, &r.title}, more...)...)
	r.aged, r.made, r.changed = clock.Time(aged), clock.Time(made), clock.Time(changed)
	return r, err
}

// keptOf lists the conversations of an account without their contents, the last changed first.
func keptOf(ctx context.Context, r db.Reader, account string) ([]row, error) {
	var out []row
	err := r.Rows(ctx, `SELECT `+keptColumns+` FROM lab_kept WHERE tenant_id = $1 AND account_id = $2 ORDER BY changed_at DESC, id DESC`, func(scan func(...any) error) error {
		one, err := scanKept(scan)
		out = append(out, one)
		return err
	}, account)
	return out, err
}

// keptBy returns a conversation of an account; db.ErrNoRow when it is not there or somebody else's.
func keptBy(ctx context.Context, r db.Reader, account, id string) (row, error) {
	var one row
	found := false
	err := r.Rows(ctx, `SELECT `+keptColumns+`, content FROM lab_kept WHERE tenant_id = $1 AND id = $2 AND account_id = $3`, func(scan func(...any) error) (err error) {
		var content []byte
		one, err = scanKept(scan, &content)
		one.content, found = content, true
		return err
	}, id, account)
	if err == nil && !found {
		err = db.ErrNoRow
	}
	return one, err
}

func countKept(ctx context.Context, r db.Reader, account string) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM lab_kept WHERE tenant_id = $1 AND account_id = $2`, []any{account}, &n)
	return n, err
}

func insertKept(ctx context.Context, tx *db.Scope, r *row) error {
	_, err := tx.Exec(ctx, `INSERT INTO lab_kept (tenant_id, id, account_id, version, until_on, aged_at, made_at, changed_at, title, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.id, r.account, r.version, string(r.until), clock.Micros(r.aged), clock.Micros(r.made), clock.Micros(r.changed), r.title, r.content)
	return err
}

// updateKept writes a conversation over the version before it, and returns whether that one was there.
func updateKept(ctx context.Context, tx *db.Scope, r *row) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE lab_kept SET version = $4, until_on = $5, aged_at = $6, changed_at = $7, title = $8, content = $9 WHERE tenant_id = $1 AND id = $2 AND account_id = $3 AND version = $4 - 1`,
		r.id, r.account, r.version, string(r.until), clock.Micros(r.aged), clock.Micros(r.changed), r.title, r.content)
	return n > 0, err
}

func deleteKept(ctx context.Context, tx *db.Scope, account, id string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM lab_kept WHERE tenant_id = $1 AND id = $2 AND account_id = $3`, id, account)
}

func deleteAllKept(ctx context.Context, tx *db.Scope, account string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM lab_kept WHERE tenant_id = $1 AND account_id = $2`, account)
}

const sharedColumns = `id, account_id, until_on, aged_at, made_at, title`

func scanShared(scan func(...any) error, more ...any) (row, error) {
	var r row
	var aged, made int64
	err := scan(append([]any{&r.id, &r.account, &r.until, &aged, &made, &r.title}, more...)...)
	r.aged, r.made = clock.Time(aged), clock.Time(made)
	return r, err
}

// sharedOf lists what an account shares, the newest first.
func sharedOf(ctx context.Context, r db.Reader, account string) ([]row, error) {
	var out []row
	err := r.Rows(ctx, `SELECT `+sharedColumns+` FROM lab_shared WHERE tenant_id = $1 AND account_id = $2 ORDER BY made_at DESC, id DESC`, func(scan func(...any) error) error {
		one, err := scanShared(scan)
		out = append(out, one)
		return err
	}, account)
	return out, err
}

// sharedAt returns a share of anybody; db.ErrNoRow when it is not there.
func sharedAt(ctx context.Context, r db.Reader, id string) (row, error) {
	var one row
	found := false
	err := r.Rows(ctx, `SELECT `+sharedColumns+`, content FROM lab_shared WHERE tenant_id = $1 AND id = $2`, func(scan func(...any) error) (err error) {
		var content []byte
		one, err = scanShared(scan, &content)
		one.content, found = content, true
		return err
	}, id)
	if err == nil && !found {
		err = db.ErrNoRow
	}
	return one, err
}

func countShared(ctx context.Context, r db.Reader, account string) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM lab_shared WHERE tenant_id = $1 AND account_id = $2`, []any{account}, &n)
	return n, err
}

func insertShared(ctx context.Context, tx *db.Scope, r *row) error {
	_, err := tx.Exec(ctx, `INSERT INTO lab_shared (tenant_id, id, account_id, until_on, aged_at, made_at, title, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.id, r.account, string(r.until), clock.Micros(r.aged), clock.Micros(r.made), r.title, r.content)
	return err
}

func deleteShared(ctx context.Context, tx *db.Scope, account, id string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM lab_shared WHERE tenant_id = $1 AND id = $2 AND account_id = $3`, id, account)
}

func deleteAllShared(ctx context.Context, tx *db.Scope, account string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM lab_shared WHERE tenant_id = $1 AND account_id = $2`, account)
}

// deletePast deletes what an account kept until a day before today, ahead of retention, so that it does not count.
func deletePast(ctx context.Context, tx *db.Scope, account string, today Day) error {
	for _, table := range tables() {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE tenant_id = $1 AND account_id = $2 AND until_on < $3`, account, string(today)); err != nil {
			return err
		}
	}
	return nil
}
