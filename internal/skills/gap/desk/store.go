package desk

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/jobs"
)

// state is where a gap stands.
type state string

// The states.
const (
	making state = "making"
	ready  state = "ready"
	failed state = "failed"
)

// row is what is kept of the gap of a report.
type row struct {
	report    string
	state     state
	job, file string // file "" before the first result
	facts     *Facts // nil before the first result
	trouble   jobs.Trouble
	account   string
	made      time.Time
	version   int64
}

const selectRow = `SELECT report_id, state, job_id, file_id, facts, problem, account_id, made_at, version FROM skill_gaps WHERE tenant_id = $1`

func scanRow(scan func(...any) error) (row, error) {
	var v row
	var file *string
	var st, facts, trouble string
	var made int64
	if err := scan(&v.report, &st, &v.job, &file, &facts, &trouble, &v.account, &made, &v.version); err != nil {
		return v, err
	}
	v.state, v.made = state(st), clock.Time(made)
	if file != nil {
		v.file = *file
	}
	for text, into := range map[*string]any{&facts: &v.facts, &trouble: &v.trouble} {
		if *text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(*text), into); err != nil {
			return v, err
		}
	}
	return v, nil
}

func rows(ctx context.Context, r db.Reader) (map[string]row, error) {
	out := map[string]row{}
	err := r.Rows(ctx, selectRow, func(scan func(...any) error) error {
		v, err := scanRow(scan)
		out[v.report] = v
		return err
	})
	return out, err
}

// rowOf returns the gap of a report; db.ErrNoRow when there is none.
func rowOf(ctx context.Context, r db.Reader, reportID string) (row, error) {
	var found []row
	err := r.Rows(ctx, selectRow+` AND report_id = $2`, func(scan func(...any) error) error {
		v, err := scanRow(scan)
		found = append(found, v)
		return err
	}, reportID)
	if err == nil && len(found) == 0 {
		err = db.ErrNoRow
	}
	if err != nil {
		return row{}, err
	}
	return found[0], nil
}

// start notes that a gap is computed.
func start(ctx context.Context, s *db.Scope, reportID, job, account string) error {
	_, err := s.Exec(ctx, `INSERT INTO skill_gaps (tenant_id, report_id, state, job_id, account_id) VALUES ($1, $2, 'making', $3, $4)
ON CONFLICT (tenant_id, report_id) DO UPDATE SET state = 'making', job_id = excluded.job_id, account_id = excluded.account_id, problem = '',
version = skill_gaps.version + 1`, reportID, job, account)
	return err
}

// finish puts a result in the place of the one before; false when the gap is gone or another job makes it now.
func finish(ctx context.Context, s *db.Scope, reportID, job, file string, facts []byte, at time.Time) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE skill_gaps SET state = 'ready', file_id = $4, facts = $5, problem = '', made_at = $6, version = version + 1
WHERE tenant_id = $1 AND report_id = $2 AND job_id = $3`, reportID, job, file, string(facts), clock.Micros(at))
	return n == 1, err
}

// fail notes why a gap could not be computed. What was there before stays.
func fail(ctx context.Context, s *db.Scope, reportID, job string, trouble []byte) error {
	_, err := s.Exec(ctx, `UPDATE skill_gaps SET state = 'failed', problem = $4, version = version + 1 WHERE tenant_id = $1 AND report_id = $2 AND job_id = $3`,
		reportID, job, string(trouble))
	return err
}

// drop takes a gap away; its file is the caller's.
func drop(ctx context.Context, s *db.Scope, reportID string) error {
	_, err := s.Exec(ctx, `DELETE FROM skill_gaps WHERE tenant_id = $1 AND report_id = $2`, reportID)
	return err
}

// readingOf returns where HR said that the respondents of answers are; nil when nobody did.
func readingOf(ctx context.Context, r db.Reader, sourceID string) (*kept, error) {
	var text string
	err := r.Row(ctx, `SELECT reading FROM skill_gap_readings WHERE tenant_id = $1 AND source_id = $2`, []any{sourceID}, &text)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil //nolint:nilnil // nobody said it, and that is no error
	}
	if err != nil {
		return nil, err
	}
	k := &kept{}
	return k, json.Unmarshal([]byte(text), k)
}

// keepReading keeps where HR says that respondents are; false when it was said before.
func keepReading(ctx context.Context, s *db.Scope, sourceID string, reading []byte) (bool, error) {
	n, err := s.Exec(ctx, `INSERT INTO skill_gap_readings (tenant_id, source_id, reading) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, source_id) DO NOTHING`, sourceID, string(reading))
	return n == 1, err
}
