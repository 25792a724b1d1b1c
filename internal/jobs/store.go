package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

const columns = `tenant_id, id, kind, subject, args, account_id, state, attempt, run_at, stage, done, total, problem, created_at, started_at, finished_at`

func scanJob(scan func(...any) error) (*Job, error) {
	var j Job
	var t, state, trouble string
	var runAt, created, started, finished int64
	if err := scan(&t, &j.ID, &j.Kind, &j.Subject, &j.args, &j.Account, &state, &j.Attempt, &runAt, &j.Stage, &j.Done, &j.Total,
		&trouble, &created, &started, &finished); err != nil {
		return nil, err
	}
	j.Tenant, j.State = tenant.ID(t), State(state)
	j.RunAt, j.Created, j.Started, j.Finished = clock.Time(runAt), clock.Time(created), clock.Time(started), clock.Time(finished)
	if trouble != "" {
		if err := json.Unmarshal([]byte(trouble), &j.Trouble); err != nil {
			return nil, err
		}
	}
	return &j, nil
}

func insert(ctx context.Context, s *db.Scope, j *Job, unique string, maxAttempts int) (added bool, err error) {
	var key any
	if unique != "" {
		key = unique
	}
	n, err := s.Exec(ctx, `INSERT INTO jobs (tenant_id, id, kind, subject, args, account_id, state, max_attempts, run_at, created_at, unique_key)
VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $9, $10)
ON CONFLICT (tenant_id, kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('waiting', 'running') DO NOTHING`,
		j.ID, j.Kind, j.Subject, j.args, j.Account, maxAttempts, clock.Micros(j.RunAt), clock.Micros(j.Created), key)
	return n == 1, err
}

func byUnique(ctx context.Context, r db.Reader, kind, unique string) (id string, err error) {
	err = r.Row(ctx, `SELECT id FROM jobs WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3 AND state IN ('waiting', 'running')`,
		[]any{kind, unique}, &id)
	return id, err
}

func byID(ctx context.Context, r db.Reader, id string) (*Job, error) {
	var j *Job
	err := r.Rows(ctx, `SELECT `+columns+` FROM jobs WHERE tenant_id = $1 AND id = $2`, func(scan func(...any) error) (err error) {
		j, err = scanJob(scan)
		return err
	}, id)
	if err == nil && j == nil {
		err = db.ErrNoRow
	}
	return j, err
}

// about lists the jobs about a subject, the newest first, at most 50.
func about(ctx context.Context, r db.Reader, subject string) ([]Job, error) {
	var list []Job
	err := r.Rows(ctx, `SELECT `+columns+` FROM jobs WHERE tenant_id = $1 AND subject = $2 ORDER BY id DESC LIMIT 50`, func(scan func(...any) error) error {
		j, err := scanJob(scan)
		if err == nil {
			list = append(list, *j)
		}
		return err
	}, subject)
	return list, err
}

// page lists jobs from the newest on, those before a given one when before is not "".
func page(ctx context.Context, r db.Reader, before, account string, limit int) ([]Job, error) {
	var list []Job
	err := r.Rows(ctx, `SELECT `+columns+` FROM jobs WHERE tenant_id = $1 AND ($2 = '' OR id < $2) AND ($3 = '' OR account_id = $3) ORDER BY id DESC LIMIT $4`,
		func(scan func(...any) error) error {
			j, err := scanJob(scan)
			if err == nil {
				list = append(list, *j)
			}
			return err
		}, before, account, limit)
	return list, err
}

const due = `(state = 'waiting' AND run_at <= $1) OR (state = 'running' AND lease_until < $1)`

// among adds to a condition that a job is of one of these kinds, whose names follow args; nil means any kind.
func among(condition string, args []any, kinds []string) (string, []any) {
	if kinds == nil {
		return condition, args
	}
	holders := make([]string, len(kinds))
	for i, k := range kinds {
		args = append(args, k)
		holders[i] = "$" + strconv.Itoa(len(args))
	}
	return `(` + condition + `) AND kind IN (` + strings.Join(holders, ", ") + `)`, args
}

// anyDue tells whether there is something to claim, without writing.
func anyDue(ctx context.Context, s *db.System, now time.Time, kinds []string) (bool, error) {
	var one int
	condition, args := among(due, []any{clock.Micros(now)}, kinds)
	err := s.Row(ctx, `SELECT 1 FROM jobs WHERE `+condition+` LIMIT 1`, args, &one)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

// claim starts the job that is due longest, or returns nil.
func claim(ctx context.Context, s *db.System, now time.Time, lease time.Duration, kinds []string) (j *Job, maxAttempts int, err error) {
	condition, args := among(due, []any{clock.Micros(now), clock.Micros(now.Add(lease))}, kinds)
	err = s.Rows(ctx, `UPDATE jobs SET state = 'running', attempt = attempt + 1, lease_until = $2, started_at = $1, stage = '', done = 0, total = 0
WHERE id = (SELECT id FROM jobs WHERE `+condition+` ORDER BY run_at, id LIMIT 1) RETURNING `+columns+`, max_attempts`,
		func(scan func(...any) error) (err error) {
			j, err = scanJob(func(dest ...any) error { return scan(append(dest, &maxAttempts)...) })
			return err
		}, args...)
	return j, maxAttempts, err
}

// beat renews the lease of an attempt and keeps its progress; false when the attempt is no longer the one that runs.
func beat(ctx context.Context, s *db.System, j *Job, until time.Time, stage string, done, total int64) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE jobs SET lease_until = $3, stage = $4, done = $5, total = $6 WHERE id = $1 AND attempt = $2 AND state = 'running'`,
		j.ID, j.Attempt, clock.Micros(until), stage, done, total)
	return n == 1, err
}

// settle moves an attempt to its next state; false when the attempt is no longer the one that runs.
func settle(ctx context.Context, s *db.System, j *Job, to State, runAt, finished time.Time, trouble Trouble) (bool, error) {
	text := ""
	if len(trouble) > 0 {
		raw, err := json.Marshal(trouble)
		if err != nil {
			return false, err
		}
		text = string(raw)
	}
	n, err := s.Exec(ctx, `UPDATE jobs SET state = $3, run_at = $4, finished_at = $5, problem = $6, lease_until = 0
WHERE id = $1 AND attempt = $2 AND state = 'running'`, j.ID, j.Attempt, string(to), clock.Micros(runAt), clock.Micros(finished), text)
	return n == 1, err
}

// release gives an attempt back as if it had not started, to be started from runAt on.
func release(ctx context.Context, s *db.System, j *Job, runAt time.Time) error {
	_, err := s.Exec(ctx, `UPDATE jobs SET state = 'waiting', attempt = attempt - 1, lease_until = 0, run_at = $3
WHERE id = $1 AND attempt = $2 AND state = 'running'`, j.ID, j.Attempt, clock.Micros(runAt))
	return err
}

// abandonAll ends the leases of every running job: for an engine that only one program uses, at its start.
func abandonAll(ctx context.Context, s *db.System) error {
	_, err := s.Exec(ctx, `UPDATE jobs SET lease_until = 0 WHERE state = 'running'`)
	return err
}

func cancel(ctx context.Context, s *db.Scope, id string, now time.Time) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE jobs SET state = 'cancelled', finished_at = $3, lease_until = 0
WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running')`, id, clock.Micros(now))
	return n == 1, err
}
