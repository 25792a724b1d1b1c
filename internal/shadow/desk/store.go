package desk

import (
	"context"
	"encoding/json"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/tally"
)

// Count is one reading of logs: what is known of it beside what it has shown.
type Count struct {
	ID      string
	At      time.Time
	Account string // who had it done; "" for somebody who was erased
	Facts
}

// Facts are what remains of the logs of a count.
type Facts struct {
	K        int           `json:"k"`
	Compiled string        `json:"compiled"` // day of the list of services
	Own      int           `json:"own"`      // services that the organisation had added
	Logs     []logs.Report `json:"logs"`
	Units    string        `json:"units"`   // where departments come from: file, people, or ""
	Unread   int           `json:"unread"`  // rows of the table of departments that were not understood
	Weeks    []string      `json:"weeks"`   // that it has shown
	Before   []string      `json:"before"`  // that an earlier count has shown
	Running  []string      `json:"running"` // that were not over yet
	Thin     []string      `json:"thin"`    // of which too few days were in the logs
}

// Week is what a count has shown of a week.
type Week struct {
	Count string     `json:"-"` // its id
	K     int        `json:"k"` // people of the smallest group that was shown then
	Week  tally.Week `json:"week"`
}

func insertCount(ctx context.Context, s *db.Scope, c *Count) error {
	content, err := json.Marshal(c.Facts)
	if err != nil {
		return err
	}
	_, err = s.Exec(ctx, `INSERT INTO shadow_counts (tenant_id, id, at, account_id, content) VALUES ($1, $2, $3, $4, $5)`, c.ID, clock.Micros(c.At), c.Account, string(content))
	return err
}

// claimWeek keeps what is shown of a week, unless the week was shown before.
func claimWeek(ctx context.Context, s *db.Scope, w *Week) (bool, error) {
	content, err := json.Marshal(w)
	if err != nil {
		return false, err
	}
	n, err := s.Exec(ctx, `INSERT INTO shadow_weeks (tenant_id, week, count_id, content) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, week) DO NOTHING`, w.Week.Week, w.Count, string(content))
	return n > 0, err
}

// shownWeeks returns every week that was ever shown, also those of which nothing is left.
func shownWeeks(ctx context.Context, r db.Reader) (map[string]bool, error) {
	out := map[string]bool{}
	err := r.Rows(ctx, `SELECT week FROM shadow_weeks WHERE tenant_id = $1`, func(scan func(...any) error) error {
		var week string
		if err := scan(&week); err != nil {
			return err
		}
		out[week] = true
		return nil
	})
	return out, err
}

// weekNames lists the weeks that are shown, the newest first.
func weekNames(ctx context.Context, r db.Reader) ([]string, error) {
	var out []string
	err := r.Rows(ctx, `SELECT week FROM shadow_weeks WHERE tenant_id = $1 AND count_id <> '' ORDER BY week DESC`, func(scan func(...any) error) error {
		var week string
		err := scan(&week)
		out = append(out, week)
		return err
	})
	return out, err
}

// weeksUntil reads up to limit weeks that are shown, the newest first, of those that are not after a week; "" is no bound.
func weeksUntil(ctx context.Context, r db.Reader, until string, limit int) ([]Week, error) {
	if until == "" {
		until = "9999"
	}
	var out []Week
	err := r.Rows(ctx, `SELECT count_id, content FROM shadow_weeks WHERE tenant_id = $1 AND count_id <> '' AND week <= $2 ORDER BY week DESC LIMIT $3`, func(scan func(...any) error) error {
		var w Week
		var count, content string
		if err := scan(&count, &content); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(content), &w)
		w.Count = count
		out = append(out, w)
		return err
	}, until, limit)
	return out, err
}

const countColumns = `SELECT id, at, account_id, content FROM shadow_counts WHERE tenant_id = $1`

func scanCount(scan func(...any) error) (Count, error) {
	var c Count
	var at int64
	var content string
	if err := scan(&c.ID, &at, &c.Account, &content); err != nil {
		return c, err
	}
	c.At = clock.Time(at)
	return c, json.Unmarshal([]byte(content), &c.Facts)
}

// countsBefore reads up to limit counts before a moment, the newest first.
func countsBefore(ctx context.Context, r db.Reader, before time.Time, limit int) ([]Count, error) {
	var out []Count
	err := r.Rows(ctx, countColumns+` AND at < $2 ORDER BY at DESC, id DESC LIMIT $3`, func(scan func(...any) error) error {
		c, err := scanCount(scan)
		out = append(out, c)
		return err
	}, clock.Micros(before), limit)
	return out, err
}

func countOf(ctx context.Context, r db.Reader, id string) (Count, error) {
	return scanCount(func(dest ...any) error { return r.Row(ctx, countColumns+` AND id = $2`, []any{id}, dest...) })
}

// deleteCount deletes a count and what it has shown. The names of its weeks stay.
func deleteCount(ctx context.Context, s *db.Scope, id string) (bool, error) {
	n, err := s.Exec(ctx, `DELETE FROM shadow_counts WHERE tenant_id = $1 AND id = $2`, id)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.Exec(ctx, `UPDATE shadow_weeks SET count_id = '', content = '' WHERE tenant_id = $1 AND count_id = $2`, id)
	return true, err
}

// publication is who shows everything to all staff, since when.
type publication struct {
	account string
	at      time.Time
}

func published(ctx context.Context, r db.Reader) (p publication, on bool, err error) {
	err = r.Rows(ctx, `SELECT account_id, at FROM shadow_published WHERE tenant_id = $1`, func(scan func(...any) error) error {
		var at int64
		err := scan(&p.account, &at)
		p.at, on = clock.Time(at), err == nil
		return err
	})
	return p, on, err
}

// setPublished shows everything to all staff, or no longer. It tells whether that is new.
func setPublished(ctx context.Context, s *db.Scope, on bool, p publication) (bool, error) {
	var n int64
	var err error
	if on {
		n, err = s.Exec(ctx, `INSERT INTO shadow_published (tenant_id, account_id, at) VALUES ($1, $2, $3) ON CONFLICT (tenant_id) DO NOTHING`, p.account, clock.Micros(p.at))
	} else {
		n, err = s.Exec(ctx, `DELETE FROM shadow_published WHERE tenant_id = $1`)
	}
	return n > 0, err
}
