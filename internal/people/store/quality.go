package store

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Quality is how good the data was at a revision.
type Quality struct {
	Revision int64
	At       time.Time // when it was looked at
	Result   string    // JSON of package quality
}

func scanQuality(scan func(...any) error) (Quality, error) {
	var v Quality
	var at int64
	err := scan(&v.Revision, &at, &v.Result)
	v.At = clock.Time(at)
	return v, err
}

// PutQuality keeps the quality of a revision, in the place of what was kept of it.
func PutQuality(ctx context.Context, s *db.Scope, v Quality) error {
	_, err := s.Exec(ctx, `INSERT INTO people_quality (tenant_id, revision, at, result) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, revision) DO UPDATE SET at = excluded.at, result = excluded.result`, v.Revision, clock.Micros(v.At), v.Result)
	return err
}

// QualityOf returns the quality at the last revision up to one that was looked at; db.ErrNoRow when none was.
func QualityOf(ctx context.Context, r db.Reader, upTo int64) (Quality, error) {
	return one(Qualities(ctx, r, upTo, 1))
}

// Qualities lists at most limit revisions that were looked at, from the newest up to one on backwards: for a trend.
func Qualities(ctx context.Context, r db.Reader, upTo int64, limit int) ([]Quality, error) {
	return list(ctx, r, scanQuality, `SELECT revision, at, result FROM people_quality WHERE tenant_id = $1 AND revision <= $2 ORDER BY revision DESC LIMIT $3`, upTo, limit)
}
