package strategy

import (
	"context"
	"encoding/json"
	"fmt"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
)

const textColumns = `SELECT chapter, language, version, kind, restored, text, account_id, at FROM strategy_texts AS t WHERE t.tenant_id = $1`

func texts(ctx context.Context, r db.Reader, query string, args ...any) ([]Text, error) {
	var out []Text
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		var x Text
		var at int64
		if err := scan(&x.Chapter, &x.Lang, &x.Version, &x.Kind, &x.Restored, &x.Text, &x.By, &at); err != nil {
			return err
		}
		x.At = clock.Time(at)
		out = append(out, x)
		return nil
	}, args...)
	return out, err
}

// newest returns the texts that stand in a language.
func newest(ctx context.Context, r db.Reader, lang instrument.Lang) ([]Text, error) {
	return texts(ctx, r, textColumns+` AND t.language = $2 AND t.version = (SELECT MAX(n.version) FROM strategy_texts AS n WHERE n.tenant_id = t.tenant_id AND n.chapter = t.chapter AND n.language = t.language)`, string(lang))
}

// versionsOf lists what was kept of a chapter in a language, the newest first, at most so many.
func versionsOf(ctx context.Context, r db.Reader, chapter string, lang instrument.Lang, most int) ([]Text, error) {
	return texts(ctx, r, textColumns+` AND t.chapter = $2 AND t.language = $3 ORDER BY t.version DESC LIMIT $4`, chapter, string(lang), most)
}

// versionOf returns one version; db.ErrNoRow when there is none.
func versionOf(ctx context.Context, r db.Reader, chapter string, lang instrument.Lang, version int64) (Text, error) {
	list, err := texts(ctx, r, textColumns+` AND t.chapter = $2 AND t.language = $3 AND t.version = $4`, chapter, string(lang), version)
	if err != nil {
		return Text{}, err
	}
	if len(list) == 0 {
		return Text{}, db.ErrNoRow
	}
	return list[0], nil
}

// lately lists what was kept of all chapters, the newest first.
func lately(ctx context.Context, r db.Reader, skip, most int) ([]Text, error) {
	return texts(ctx, r, textColumns+` ORDER BY t.at DESC, t.chapter, t.language, t.version DESC LIMIT $2 OFFSET $3`, most, skip)
}

// insertText keeps a version; ok is false when that version is there already.
func insertText(ctx context.Context, tx *db.Scope, x *Text) (ok bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO strategy_texts (tenant_id, chapter, language, version, kind, restored, text, account_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING`, x.Chapter, string(x.Lang), x.Version, string(x.Kind), x.Restored, x.Text, x.By, clock.Micros(x.At))
	return n > 0, err
}

// placedOf returns what was placed, the newest first, at most so many.
func placedOf(ctx context.Context, r db.Reader, most int) ([]Placed, error) {
	var out []Placed
	err := r.Rows(ctx, `SELECT number, report_id, account_id, at, content FROM strategy_figures WHERE tenant_id = $1 ORDER BY number DESC LIMIT $2`, func(scan func(...any) error) error {
		var p Placed
		var at int64
		var content, report, by string
		var number int64
		if err := scan(&number, &report, &by, &at, &content); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(content), &p); err != nil {
			return fmt.Errorf("strategy: stored figures %d: %w", number, err)
		}
		p.Number, p.Report, p.By, p.At = number, report, by, clock.Time(at)
		out = append(out, p)
		return nil
	}, most)
	return out, err
}

// insertPlaced keeps what was placed; ok is false when somebody placed something meanwhile.
func insertPlaced(ctx context.Context, tx *db.Scope, p *Placed) (ok bool, err error) {
	content, err := json.Marshal(p)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO strategy_figures (tenant_id, number, report_id, account_id, at, content) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		p.Number, p.Report, p.By, clock.Micros(p.At), string(content))
	return n > 0, err
}
