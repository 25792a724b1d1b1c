package closing

import (
	"context"

	"tekentafel/internal/db"
)

// sealedYet tells whether the key that opens the answers of a wave is still there.
func sealedYet(ctx context.Context, r db.Reader, waveID string) (bool, error) {
	var there bool
	err := r.Row(ctx, `SELECT answers_key IS NOT NULL FROM wave_launches WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID}, &there)
	return there, err
}

// combination is how many people of the frame have the same groups and stratum.
type combination struct {
	groups  string // JSON
	stratum string
	n       int
}

// combinations counts the frame.
func combinations(ctx context.Context, r db.Reader, waveID string) ([]combination, error) {
	var list []combination
	err := r.Rows(ctx, `SELECT groups, stratum, COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 GROUP BY groups, stratum ORDER BY groups, stratum`,
		func(scan func(...any) error) error {
			var c combination
			err := scan(&c.groups, &c.stratum, &c.n)
			list = append(list, c)
			return err
		}, waveID)
	return list, err
}

// eachTaken calls each for everyone of the frame who took part.
func eachTaken(ctx context.Context, r db.Reader, waveID string, each func(person, groups string) error) error {
	return r.Rows(ctx, `SELECT id, groups FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND taken`, func(scan func(...any) error) error {
		var person, groups string
		if err := scan(&person, &groups); err != nil {
			return err
		}
		return each(person, groups)
	}, waveID)
}

// issued counts by stratum who drew a ballot.
func issued(ctx context.Context, r db.Reader, waveID string) (map[string]int64, error) {
	out := map[string]int64{}
	err := r.Rows(ctx, `SELECT stratum, COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND taken GROUP BY stratum`,
		func(scan func(...any) error) error {
			var stratum string
			var n int64
			err := scan(&stratum, &n)
			out[stratum] = n
			return err
		}, waveID)
	return out, err
}

// ballotsAfter reads up to limit ballots in the order of their keys.
func ballotsAfter(ctx context.Context, r db.Reader, waveID string, last []byte, limit int, each func(key []byte, stratum string, ballot []byte) error) error {
	return r.Rows(ctx, `SELECT key, stratum, ballot FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2 AND key > $3 ORDER BY key LIMIT $4`,
		func(scan func(...any) error) error {
			var key, ballot []byte
			var stratum string
			if err := scan(&key, &stratum, &ballot); err != nil {
				return err
			}
			return each(key, stratum, ballot)
		}, waveID, last, limit)
}

func countAnswers(ctx context.Context, r db.Reader, waveID string) (n int64, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID}, &n)
	return n, err
}

// destroyKeys takes away all that opens answers or tells whose they are: the key of the answers, the keys that sign ballots, and
// the secret from which PINs and the keys of confidential answers follow. One byte stands for a secret that is gone.
func destroyKeys(ctx context.Context, s *db.Scope, waveID string) error {
	for _, statement := range []string{
		`UPDATE wave_launches SET answers_key = NULL WHERE tenant_id = $1 AND wave_id = $2`,
		`UPDATE wave_keys SET private = NULL WHERE tenant_id = $1 AND wave_id = $2`,
		`DELETE FROM wave_drafts WHERE tenant_id = $1 AND wave_id = $2`,
	} {
		if _, err := s.Exec(ctx, statement, waveID); err != nil {
			return err
		}
	}
	_, err := s.Exec(ctx, `UPDATE waves SET secret = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2`, waveID, []byte{0})
	return err
}

// sweepAnswers deletes up to limit sealed answers and returns how many it deleted.
func sweepAnswers(ctx context.Context, s *db.Scope, waveID string, limit int) (int64, error) {
	return s.Exec(ctx, `DELETE FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2 AND key IN
(SELECT key FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2 ORDER BY key LIMIT $3)`, waveID, limit)
}

// sweepPeople takes all that is known of people of the frame whose id comes after last, also in which groups they are and whether
// they took part, and returns the last id it came to; "" when it came to the end. What stays counts people, and how they were
// invited. The report has its margins by then, and the list of ballots how many were issued.
func sweepPeople(ctx context.Context, s *db.Scope, waveID, last string, limit int) (string, error) {
	var to *string
	err := s.Row(ctx, `SELECT MAX(id) FROM (SELECT id FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND id > $3 ORDER BY id LIMIT $4) part`,
		[]any{waveID, last, limit}, &to)
	if err != nil || to == nil {
		return "", err
	}
	_, err = s.Exec(ctx, `UPDATE wave_people SET name = '', mail = '', reference = '', account_id = '', drawn = '', mail_id = '', pin_hash = id,
groups = '{}', stratum = '', taken = FALSE WHERE tenant_id = $1 AND wave_id = $2 AND id > $3 AND id <= $4`, waveID, last, *to)
	return *to, err
}

func insertText(ctx context.Context, s *db.Scope, waveID, item, textID, text string) error {
	_, err := s.Exec(ctx, `INSERT INTO wave_texts (tenant_id, wave_id, item, id, text) VALUES ($1, $2, $3, $4, $5)`, waveID, item, textID, text)
	return err
}

// clearTexts deletes up to limit texts of an attempt that did not get to its end.
func clearTexts(ctx context.Context, s *db.Scope, waveID string, limit int) (int64, error) {
	return s.Exec(ctx, `DELETE FROM wave_texts WHERE tenant_id = $1 AND wave_id = $2 AND id IN
(SELECT id FROM wave_texts WHERE tenant_id = $1 AND wave_id = $2 LIMIT $3)`, waveID, limit)
}

// textRow is a text as it is stored.
type textRow struct {
	id, text         string
	hidden, redacted bool
}

func textsOf(ctx context.Context, r db.Reader, waveID, item string) ([]textRow, error) {
	var list []textRow
	err := r.Rows(ctx, `SELECT id, text, hidden, redacted FROM wave_texts WHERE tenant_id = $1 AND wave_id = $2 AND item = $3 ORDER BY id`,
		func(scan func(...any) error) error {
			var t textRow
			err := scan(&t.id, &t.text, &t.hidden, &t.redacted)
			list = append(list, t)
			return err
		}, waveID, item)
	return list, err
}

func oneText(ctx context.Context, r db.Reader, waveID, item, textID string) (textRow, error) {
	t := textRow{id: textID}
	err := r.Row(ctx, `SELECT text, hidden, redacted FROM wave_texts WHERE tenant_id = $1 AND wave_id = $2 AND item = $3 AND id = $4`,
		[]any{waveID, item, textID}, &t.text, &t.hidden, &t.redacted)
	return t, err
}

// countTexts counts by item what there is and what is hidden.
func countTexts(ctx context.Context, r db.Reader, waveID string) (all, hidden map[string]int, err error) {
	all, hidden = map[string]int{}, map[string]int{}
	err = r.Rows(ctx, `SELECT item, COUNT(*), COUNT(*) FILTER (WHERE hidden) FROM wave_texts WHERE tenant_id = $1 AND wave_id = $2 GROUP BY item`,
		func(scan func(...any) error) error {
			var item string
			var n, h int
			err := scan(&item, &n, &h)
			all[item], hidden[item] = n, h
			return err
		}, waveID)
	return all, hidden, err
}

func setHidden(ctx context.Context, s *db.Scope, waveID, item, textID string, hide bool) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE wave_texts SET hidden = $5 WHERE tenant_id = $1 AND wave_id = $2 AND item = $3 AND id = $4 AND hidden <> $5`,
		waveID, item, textID, hide)
	return n == 1, err
}

// setText puts another text in the place of one that is still as it was.
func setText(ctx context.Context, s *db.Scope, waveID, item, textID, was, becomes string) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE wave_texts SET text = $6, redacted = $7 WHERE tenant_id = $1 AND wave_id = $2 AND item = $3 AND id = $4 AND text = $5`,
		waveID, item, textID, was, becomes, true)
	return n == 1, err
}
