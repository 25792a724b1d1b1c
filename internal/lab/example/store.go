package example

import (
	"context"
	"encoding/json"
	"fmt"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

const columns = `SELECT id, version, state, author_id, made_at, changed_at, content FROM lab_examples WHERE tenant_id = $1`

func scanExample(scan func(...any) error) (Example, error) {
	var e Example
	var made, changed int64
	var content string
	if err := scan(&e.ID, &e.Version, &e.State, &e.Author, &made, &changed, &content); err != nil {
		return e, err
	}
	e.Made, e.Changed = clock.Time(made), clock.Time(changed)
	if err := json.Unmarshal([]byte(content), &e.Content); err != nil {
		return e, fmt.Errorf("example: stored content of %s: %w", e.ID, err)
	}
	return e, nil
}

func examples(ctx context.Context, r db.Reader, query string, args ...any) ([]Example, error) {
	var out []Example
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		e, err := scanExample(scan)
		out = append(out, e)
		return err
	}, args...)
	return out, err
}

// inState lists examples in a state, those that changed longest ago first.
func inState(ctx context.Context, r db.Reader, state State) ([]Example, error) {
	return examples(ctx, r, columns+` AND state = $2 ORDER BY changed_at, id`, string(state))
}

// byAuthor lists the examples of an account, the newest first.
func byAuthor(ctx context.Context, r db.Reader, account string) ([]Example, error) {
	return examples(ctx, r, columns+` AND author_id = $2 ORDER BY changed_at DESC, id DESC`, account)
}

// one returns an example; db.ErrNoRow when there is none.
func one(ctx context.Context, r db.Reader, id string) (Example, error) {
	list, err := examples(ctx, r, columns+` AND id = $2`, id)
	if err == nil && len(list) == 0 {
		err = db.ErrNoRow
	}
	if err != nil {
		return Example{}, err
	}
	return list[0], nil
}

// stand says how the shown examples stand: it changes whenever one of them does.
func stand(ctx context.Context, r db.Reader) (at string, err error) {
	var n, sum, last int64
	err = r.Row(ctx, `SELECT COUNT(*), COALESCE(SUM(version), 0), COALESCE(MAX(changed_at), 0) FROM lab_examples WHERE tenant_id = $1 AND state = 'shown'`, nil, &n, &sum, &last)
	return fmt.Sprint(n, " ", sum, " ", last), err
}

// waiting counts what waits: for who reviews, and for an author.
func waiting(ctx context.Context, r db.Reader, account string) (toReview, toChange int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FILTER (WHERE state = 'offered' AND author_id <> $2), COUNT(*) FILTER (WHERE state = 'asked' AND author_id = $2) FROM lab_examples WHERE tenant_id = $1 AND state IN ('offered', 'asked')`,
		[]any{account}, &toReview, &toChange)
	return toReview, toChange, err
}

// unfinished counts the examples of an author that are not shown.
func unfinished(ctx context.Context, r db.Reader, account string) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM lab_examples WHERE tenant_id = $1 AND author_id = $2 AND state <> 'shown'`, []any{account}, &n)
	return n, err
}

func insertExample(ctx context.Context, tx *db.Scope, e *Example) error {
	content, err := json.Marshal(e.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO lab_examples (tenant_id, id, version, state, author_id, made_at, changed_at, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.ID, e.Version, string(e.State), e.Author, clock.Micros(e.Made), clock.Micros(e.Changed), string(content))
	return err
}

func updateExample(ctx context.Context, tx *db.Scope, e *Example) error {
	content, err := json.Marshal(e.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE lab_examples SET version = $3, state = $4, changed_at = $5, content = $6 WHERE tenant_id = $1 AND id = $2`, e.ID, e.Version, string(e.State), clock.Micros(e.Changed), string(content))
	return err
}

func deleteExample(ctx context.Context, tx *db.Scope, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM lab_examples WHERE tenant_id = $1 AND id = $2`, id)
	return err
}

// insertChange keeps an example as it is after a change.
func insertChange(ctx context.Context, tx *db.Scope, e *Example, l *Line) error {
	content, err := json.Marshal(e.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO lab_example_changes (tenant_id, example_id, version, kind, account_id, at, message, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.ID, l.Version, l.Kind, l.Account, clock.Micros(l.At), l.Message, string(content))
	return err
}

// history lists the versions of an example, the newest first.
func history(ctx context.Context, r db.Reader, id string) ([]Line, error) {
	var out []Line
	err := r.Rows(ctx, `SELECT version, kind, account_id, at, message, content FROM lab_example_changes WHERE tenant_id = $1 AND example_id = $2 ORDER BY version DESC`, func(scan func(...any) error) error {
		var l Line
		var at int64
		var content string
		if err := scan(&l.Version, &l.Kind, &l.Account, &at, &l.Message, &content); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(content), &l.Content); err != nil {
			return fmt.Errorf("example: stored version %d of %s: %w", l.Version, id, err)
		}
		l.At = clock.Time(at)
		out = append(out, l)
		return nil
	}, id)
	return out, err
}
