package wave

import (
	"context"
	"encoding/json"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// setTerms keeps the terms of a draft. A wave that was launched keeps its own, whatever is asked.
func setTerms(ctx context.Context, s *db.Scope, w *Wave) error {
	_, err := s.Exec(ctx, `UPDATE waves SET title = $3, mode = $4, languages = $5, group_size = $6, retention_days = $7, linked = $8, previous_id = $9, version = version + 1
WHERE tenant_id = $1 AND id = $2 AND state = 'draft'`, w.ID, w.Title, w.Mode, joined(w.Languages), w.GroupSize, w.Retention, w.Linked, w.Previous)
	return err
}

func setTitle(ctx context.Context, s *db.Scope, waveID, title string) error {
	_, err := s.Exec(ctx, `UPDATE waves SET title = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2`, waveID, title)
	return err
}

func setPlan(ctx context.Context, s *db.Scope, w *Wave) error {
	settings, err := json.Marshal(w.Settings)
	if err != nil {
		return err
	}
	_, err = s.Exec(ctx, `UPDATE waves SET opens_at = $3, closes_at = $4, settings = $5, version = version + 1 WHERE tenant_id = $1 AND id = $2`,
		w.ID, micros(w.Opens), micros(w.Closes), string(settings))
	return err
}

// remove deletes a draft; what hangs on it goes with it.
func remove(ctx context.Context, s *db.Scope, waveID string) error {
	_, err := s.Exec(ctx, `DELETE FROM waves WHERE tenant_id = $1 AND id = $2 AND state = 'draft'`, waveID)
	return err
}

func setLaunched(ctx context.Context, s *db.Scope, w *Wave) error {
	_, err := s.Exec(ctx, `UPDATE waves SET state = 'scheduled', instrument_hash = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND state = 'draft'`,
		w.ID, w.InstrumentHash)
	return err
}

// insertLaunch keeps the questionnaire and locks the terms.
func insertLaunch(ctx context.Context, s *db.Scope, w *Wave, yaml []byte, people int, answersKey []byte, at time.Time) error {
	if _, err := s.Exec(ctx, `INSERT INTO wave_questionnaires (tenant_id, wave_id, yaml) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, wave_id) DO UPDATE SET yaml = excluded.yaml`, w.ID, string(yaml)); err != nil {
		return err
	}
	_, err := s.Exec(ctx, `INSERT INTO wave_launches (tenant_id, wave_id, mode, instrument_hash, group_size, retention_days, linked, people, launched_at, answers_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, w.ID, w.Mode, w.InstrumentHash, w.GroupSize, w.Retention, w.Linked, people, clock.Micros(at), answersKey)
	return err
}

func insertKey(ctx context.Context, s *db.Scope, waveID string, k *Stratum) error {
	_, err := s.Exec(ctx, `INSERT INTO wave_keys (tenant_id, wave_id, stratum, public, private, people) VALUES ($1, $2, $3, $4, $5, $6)`,
		waveID, k.Name, k.Public, k.Private, k.People)
	return err
}

// move takes a wave from one state to the next, and tells whether this call did.
func move(ctx context.Context, s *db.Scope, w *Wave, from, to State) (bool, error) {
	settings, err := json.Marshal(w.Settings)
	if err != nil {
		return false, err
	}
	n, err := s.Exec(ctx, `UPDATE waves SET state = $4, opens_at = $5, closes_at = $6, settings = $7, version = version + 1
WHERE tenant_id = $1 AND id = $2 AND state = $3`, w.ID, from, to, micros(w.Opens), micros(w.Closes), string(settings))
	return n == 1, err
}

// SetReport notes where the answers of a closed wave went and which report is made of them. Package closing calls it.
func SetReport(ctx context.Context, s *db.Scope, waveID, sourceID, reportID string) error {
	_, err := s.Exec(ctx, `UPDATE waves SET source_id = $3, report_id = $4, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND state IN ('closed', 'published')`,
		waveID, sourceID, reportID)
	return err
}

// forgetAnswers notes that the answers of a wave are gone, and takes away what people wrote in their own words.
func forgetAnswers(ctx context.Context, s *db.Scope, waveID string) error {
	if _, err := s.Exec(ctx, `UPDATE waves SET source_id = '', version = version + 1 WHERE tenant_id = $1 AND id = $2`, waveID); err != nil {
		return err
	}
	_, err := s.Exec(ctx, `DELETE FROM wave_texts WHERE tenant_id = $1 AND wave_id = $2`, waveID)
	return err
}

// Ended is the condition on waves that may go when they have been kept long enough: they are over and their answers are gone.
const Ended = `state IN ('closed', 'published') AND source_id = '' AND NOT EXISTS
(SELECT 1 FROM wave_answers a WHERE a.tenant_id = waves.tenant_id AND a.wave_id = waves.id)`

// Purge deletes up to limit waves that ended before a time, the oldest first, with all that hangs on them, and returns how
// many. It calls first for each, which takes away what is kept elsewhere; nil for nothing.
func Purge(ctx context.Context, s *db.Scope, before time.Time, limit int, first func(ctx context.Context, s *db.Scope, waveID string) error) (int, error) {
	var ids []string
	err := s.Rows(ctx, `SELECT id FROM waves WHERE tenant_id = $1 AND closes_at < $2 AND `+Ended+` ORDER BY closes_at, id LIMIT $3`, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, clock.Micros(before), limit)
	if err != nil {
		return 0, err
	}
	for i, id := range ids {
		if first != nil {
			if err := first(ctx, s, id); err != nil {
				return i, err
			}
		}
		for _, statement := range []string{
			`DELETE FROM wave_keys WHERE tenant_id = $1 AND wave_id = $2`,
			`DELETE FROM wave_launches WHERE tenant_id = $1 AND wave_id = $2`,
			`DELETE FROM waves WHERE tenant_id = $1 AND id = $2`,
		} {
			if _, err := s.Exec(ctx, statement, id); err != nil {
				return i, err
			}
		}
	}
	return len(ids), nil
}
