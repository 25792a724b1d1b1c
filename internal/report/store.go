package report

import (
	"context"
	"encoding/json"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

func insertSource(ctx context.Context, s *db.Scope, src *Source, instrument, mapping, margins []byte) error {
	quality, err := json.Marshal(src.Quality)
	if err != nil {
		return err
	}
	_, err = s.Exec(ctx, `INSERT INTO report_sources (tenant_id, id, name, instrument, instrument_id, instrument_version, mapping, margins,
file_id, respondents, quality, synthetic, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		src.ID, src.Name, string(instrument), src.Instrument, src.Version, string(mapping), string(margins), src.fileID, src.Respondents,
		string(quality), src.Synthetic, src.CreatedBy, clock.Micros(src.Created))
	return err
}

const selectSource = `SELECT s.id, s.name, s.instrument_id, s.instrument_version, f.name, f.size, s.respondents, s.synthetic, s.mapping <> '', s.margins <> '',
s.quality, s.created_by, s.created_at, s.file_id FROM report_sources s JOIN files f ON f.tenant_id = s.tenant_id AND f.id = s.file_id
WHERE s.tenant_id = $1`

func scanSource(scan func(...any) error) (Source, error) {
	var s Source
	var quality string
	var created int64
	if err := scan(&s.ID, &s.Name, &s.Instrument, &s.Version, &s.FileName, &s.Size, &s.Respondents, &s.Synthetic, &s.Mapped, &s.Weighted,
		&quality, &s.CreatedBy, &created, &s.fileID); err != nil {
		return Source{}, err
	}
	s.Created = clock.Time(created)
	return s, json.Unmarshal([]byte(quality), &s.Quality)
}

func listSources(ctx context.Context, r db.Reader) ([]Source, error) {
	var list []Source
	err := r.Rows(ctx, selectSource+` ORDER BY s.id DESC`, func(scan func(...any) error) error {
		s, err := scanSource(scan)
		list = append(list, s)
		return err
	})
	return list, err
}

func oneSource(ctx context.Context, r db.Reader, sourceID string) (Source, error) {
	var found []Source
	err := r.Rows(ctx, selectSource+` AND s.id = $2`, func(scan func(...any) error) error {
		s, err := scanSource(scan)
		found = append(found, s)
		return err
	}, sourceID)
	if err != nil {
		return Source{}, err
	}
	if len(found) == 0 {
		return Source{}, db.ErrNoRow
	}
	return found[0], nil
}

// parts of a source that are needed to analyse it.
type parts struct{ instrument, mapping, margins []byte }

func sourceParts(ctx context.Context, r db.Reader, sourceID string) (parts, error) {
	var in, mapping, margins string
	err := r.Row(ctx, `SELECT instrument, mapping, margins FROM report_sources WHERE tenant_id = $1 AND id = $2`, []any{sourceID}, &in, &mapping, &margins)
	return parts{[]byte(in), []byte(mapping), []byte(margins)}, err
}

// beingMade tells whether a report is being made from a source.
func beingMade(ctx context.Context, r db.Reader, sourceID string) (bool, error) {
	var n int
	err := r.Row(ctx, `SELECT COUNT(*) FROM reports WHERE tenant_id = $1 AND source_id = $2 AND state = 'making'`, []any{sourceID}, &n)
	return n > 0, err
}

func forgetSource(ctx context.Context, s *db.Scope, sourceID string) error {
	if _, err := s.Exec(ctx, `UPDATE reports SET source_id = NULL WHERE tenant_id = $1 AND source_id = $2`, sourceID); err != nil {
		return err
	}
	_, err := s.Exec(ctx, `DELETE FROM report_sources WHERE tenant_id = $1 AND id = $2`, sourceID)
	return err
}

const selectReport = `SELECT id, source_id, title, wave, options, state, job_id, findings, respondents, synthetic, problem, published_at, created_by,
created_at, version FROM reports WHERE tenant_id = $1`

func scanReport(scan func(...any) error) (Report, error) {
	var r Report
	var source, findings *string
	var options, state, trouble string
	var published, created int64
	if err := scan(&r.ID, &source, &r.Title, &r.Wave, &options, &state, &r.Job, &findings, &r.Respondents, &r.Synthetic, &trouble, &published,
		&r.CreatedBy, &created, &r.Version); err != nil {
		return Report{}, err
	}
	r.State, r.Published, r.Created = State(state), clock.Time(published), clock.Time(created)
	if source != nil {
		r.Source = *source
	}
	if findings != nil {
		r.findings = *findings
	}
	if trouble != "" {
		if err := json.Unmarshal([]byte(trouble), &r.Trouble); err != nil {
			return Report{}, err
		}
	}
	return r, json.Unmarshal([]byte(options), &r.Options)
}

func listReports(ctx context.Context, r db.Reader, publishedOnly bool) ([]Report, error) {
	where := ""
	if publishedOnly {
		where = ` AND published_at > 0 AND state = 'ready'`
	}
	var list []Report
	err := r.Rows(ctx, selectReport+where+` ORDER BY id DESC`, func(scan func(...any) error) error {
		rep, err := scanReport(scan)
		list = append(list, rep)
		return err
	})
	return list, err
}

func oneReport(ctx context.Context, r db.Reader, reportID string) (Report, error) {
	var found []Report
	err := r.Rows(ctx, selectReport+` AND id = $2`, func(scan func(...any) error) error {
		rep, err := scanReport(scan)
		found = append(found, rep)
		return err
	}, reportID)
	if err != nil {
		return Report{}, err
	}
	if len(found) == 0 {
		return Report{}, db.ErrNoRow
	}
	return found[0], nil
}

// optionsOf returns the options of all reports of a source, the newest first.
func optionsOf(ctx context.Context, r db.Reader, sourceID string) ([]Options, error) {
	var list []Options
	err := r.Rows(ctx, `SELECT options FROM reports WHERE tenant_id = $1 AND source_id = $2 ORDER BY id DESC`, func(scan func(...any) error) error {
		var options string
		if err := scan(&options); err != nil {
			return err
		}
		var o Options
		err := json.Unmarshal([]byte(options), &o)
		list = append(list, o)
		return err
	}, sourceID)
	return list, err
}

func insertReport(ctx context.Context, s *db.Scope, r *Report) error {
	options, err := json.Marshal(r.Options)
	if err != nil {
		return err
	}
	_, err = s.Exec(ctx, `INSERT INTO reports (tenant_id, id, source_id, title, wave, options, state, job_id, synthetic, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 'making', $7, $8, $9, $10)`,
		r.ID, r.Source, r.Title, r.Wave, string(options), r.Job, r.Synthetic, r.CreatedBy, clock.Micros(r.Created))
	return err
}

func setReady(ctx context.Context, s *db.Scope, reportID, fileID string, respondents int, synthetic bool) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE reports SET state = 'ready', findings = $3, respondents = $4, synthetic = $5, version = version + 1
WHERE tenant_id = $1 AND id = $2 AND state = 'making'`, reportID, fileID, respondents, synthetic)
	return n == 1, err
}

func setFailed(ctx context.Context, s *db.Scope, reportID string, trouble []byte) error {
	_, err := s.Exec(ctx, `UPDATE reports SET state = 'failed', problem = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND state = 'making'`,
		reportID, string(trouble))
	return err
}

func setPublished(ctx context.Context, s *db.Scope, reportID string, at int64) error {
	_, err := s.Exec(ctx, `UPDATE reports SET published_at = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2`, reportID, at)
	return err
}

func setTitle(ctx context.Context, s *db.Scope, reportID, title string, version int64) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE reports SET title = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $4`, reportID, title, version)
	return n == 1, err
}

func deleteReport(ctx context.Context, s *db.Scope, reportID string) error {
	_, err := s.Exec(ctx, `DELETE FROM reports WHERE tenant_id = $1 AND id = $2`, reportID)
	return err
}

func insertLink(ctx context.Context, s *db.Scope, l *Link, tokenHash string) error {
	_, err := s.Exec(ctx, `INSERT INTO report_links (tenant_id, id, report_id, token_hash, note, created_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, l.ID, l.Report, tokenHash, l.Note, l.CreatedBy, clock.Micros(l.Created), clock.Micros(l.Expires))
	return err
}

const selectLink = `SELECT id, report_id, note, created_by, created_at, expires_at, revoked_at FROM report_links WHERE tenant_id = $1`

func scanLink(scan func(...any) error) (Link, error) {
	var l Link
	var created, expires, revoked int64
	err := scan(&l.ID, &l.Report, &l.Note, &l.CreatedBy, &created, &expires, &revoked)
	l.Created, l.Expires, l.Revoked = clock.Time(created), clock.Time(expires), clock.Time(revoked)
	return l, err
}

func listLinks(ctx context.Context, r db.Reader, reportID string) ([]Link, error) {
	var list []Link
	err := r.Rows(ctx, selectLink+` AND report_id = $2 ORDER BY id DESC`, func(scan func(...any) error) error {
		l, err := scanLink(scan)
		list = append(list, l)
		return err
	}, reportID)
	return list, err
}

func revokeLink(ctx context.Context, s *db.Scope, reportID, linkID string, at int64) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE report_links SET revoked_at = $4 WHERE tenant_id = $1 AND report_id = $2 AND id = $3 AND revoked_at = 0`, reportID, linkID, at)
	return n == 1, err
}

func linkByToken(ctx context.Context, s *db.System, tokenHash string) (owner string, l Link, err error) {
	var created, expires, revoked int64
	err = s.Row(ctx, `SELECT tenant_id, id, report_id, note, created_by, created_at, expires_at, revoked_at FROM report_links WHERE token_hash = $1`, []any{tokenHash},
		&owner, &l.ID, &l.Report, &l.Note, &l.CreatedBy, &created, &expires, &revoked)
	l.Created, l.Expires, l.Revoked = clock.Time(created), clock.Time(expires), clock.Time(revoked)
	return owner, l, err
}
