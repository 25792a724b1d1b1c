package action

import (
	"context"
	"encoding/json"
	"fmt"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

const actionColumns = `SELECT id, version, owner_id, owner_role, made_at, changed_at, content FROM actions WHERE tenant_id = $1`

func scanAction(scan func(...any) error) (Action, error) {
	var a Action
	var made, changed int64
	var content string
	if err := scan(&a.ID, &a.Version, &a.Owner.Account, &a.Owner.Role, &made, &changed, &content); err != nil {
		return a, err
	}
	a.Made, a.Changed = clock.Time(made), clock.Time(changed)
	if err := json.Unmarshal([]byte(content), &a.Content); err != nil {
		return a, fmt.Errorf("action: stored content of %s: %w", a.ID, err)
	}
	return a, nil
}

const inOrder = ` ORDER BY CASE due_on WHEN '' THEN 1 ELSE 0 END, due_on, id`

// actions lists all actions: those that are due first at the top, those without a day at the end, and of these the oldest first.
func actions(ctx context.Context, r db.Reader) ([]Action, error) {
	return actionsOf(ctx, r, actionColumns+inOrder)
}

// owned lists the actions that an account answers for.
func owned(ctx context.Context, r db.Reader, account string) ([]Action, error) {
	return actionsOf(ctx, r, actionColumns+` AND owner_id <> '' AND owner_id = $2`+inOrder, account)
}

func actionsOf(ctx context.Context, r db.Reader, query string, args ...any) ([]Action, error) {
	var out []Action
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		a, err := scanAction(scan)
		out = append(out, a)
		return err
	}, args...)
	return out, err
}

// one returns an action; db.ErrNoRow when there is none.
func one(ctx context.Context, r db.Reader, id string) (a Action, err error) {
	found := false
	err = r.Rows(ctx, actionColumns+` AND id = $2`, func(scan func(...any) error) (err error) {
		a, err = scanAction(scan)
		found = true
		return err
	}, id)
	if err == nil && !found {
		err = db.ErrNoRow
	}
	return a, err
}

// history lists the changes of an action, the newest first.
func history(ctx context.Context, r db.Reader, id string) ([]Line, error) {
	var out []Line
	err := r.Rows(ctx, `SELECT version, kind, account_id, at, owner_id, owner_role, content FROM action_changes WHERE tenant_id = $1 AND action_id = $2 ORDER BY version DESC`,
		func(scan func(...any) error) error {
			var l Line
			var at int64
			var content string
			if err := scan(&l.Version, &l.Kind, &l.Account, &at, &l.Owner.Account, &l.Owner.Role, &content); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(content), &l.Content); err != nil {
				return fmt.Errorf("action: stored version %d of %s: %w", l.Version, id, err)
			}
			l.At, l.State = clock.Time(at), l.Content.State
			out = append(out, l)
			return nil
		}, id)
	return out, err
}

// count returns how many actions there are.
func count(ctx context.Context, r db.Reader) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM actions WHERE tenant_id = $1`, nil, &n)
	return n, err
}

func updateAction(ctx context.Context, tx *db.Scope, a *Action) error {
	content, err := json.Marshal(a.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE actions SET version = $3, state = $4, due_on = $5, owner_id = $6, owner_role = $7, changed_at = $8, content = $9 WHERE tenant_id = $1 AND id = $2`,
		a.ID, a.Version, string(a.State), string(a.Due), a.Owner.Account, a.Owner.Role, clock.Micros(a.Changed), string(content))
	return err
}

func deleteAction(ctx context.Context, tx *db.Scope, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM actions WHERE tenant_id = $1 AND id = $2`, id)
	return err
}

// insertChange keeps an action as it is after a change.
func insertChange(ctx context.Context, tx *db.Scope, a *Action, kind ChangeKind, account string) error {
	content, err := json.Marshal(a.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO action_changes (tenant_id, action_id, version, kind, account_id, at, owner_id, owner_role, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID, a.Version, string(kind), account, clock.Micros(a.Changed), a.Owner.Account, a.Owner.Role, string(content))
	return err
}

func insertAction(ctx context.Context, tx *db.Scope, a *Action) error {
	content, err := json.Marshal(a.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO actions (tenant_id, id, version, state, due_on, owner_id, owner_role, made_at, changed_at, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		a.ID, a.Version, string(a.State), string(a.Due), a.Owner.Account, a.Owner.Role, clock.Micros(a.Made), clock.Micros(a.Changed), string(content))
	return err
}
