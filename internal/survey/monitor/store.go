package monitor

import (
	"context"
	"encoding/json"

	"tekentafel/internal/db"
)

// Releases returns what was shown of a wave, the oldest first.
func Releases(ctx context.Context, r db.Reader, waveID string) ([]Release, error) {
	var list []Release
	err := r.Rows(ctx, `SELECT figures FROM wave_releases WHERE tenant_id = $1 AND wave_id = $2 ORDER BY day`,
		func(scan func(...any) error) error {
			var figures string
			if err := scan(&figures); err != nil {
				return err
			}
			var one Release
			err := json.Unmarshal([]byte(figures), &one)
			list = append(list, one)
			return err
		}, waveID)
	return list, err
}

func counted(ctx context.Context, r db.Reader, waveID, day string) (bool, error) {
	var n int
	err := r.Row(ctx, `SELECT COUNT(*) FROM wave_releases WHERE tenant_id = $1 AND wave_id = $2 AND day = $3`, []any{waveID, day}, &n)
	return n > 0, err
}

// insert keeps the release of a day. Another node that was first keeps its own.
func insert(ctx context.Context, s *db.Scope, waveID string, r Release) error {
	figures, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = s.Exec(ctx, `INSERT INTO wave_releases (tenant_id, wave_id, day, figures) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, wave_id, day) DO NOTHING`, waveID, r.Day, string(figures))
	return err
}

// people returns the frame without names.
func people(ctx context.Context, r db.Reader, waveID string) ([]Person, error) {
	var list []Person
	err := r.Rows(ctx, `SELECT groups, mail <> '', taken FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`,
		func(scan func(...any) error) error {
			var p Person
			var groups string
			if err := scan(&groups, &p.Mail, &p.Taken); err != nil {
				return err
			}
			err := json.Unmarshal([]byte(groups), &p.Groups)
			list = append(list, p)
			return err
		}, waveID)
	return list, err
}

func answers(ctx context.Context, r db.Reader, waveID string) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID}, &n)
	return n, err
}
