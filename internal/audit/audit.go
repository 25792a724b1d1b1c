// Package audit keeps the log of who did what. An entry is written in the transaction of the change it tells of, so there
// is no change without its entry and no entry without its change.
//
// Entries are append-only: no statement of the program changes one, and the only one that deletes is that of retention,
// which deletes by age (a test reads the whole program for others). A guard inside the database would have to be a
// trigger, and triggers cannot be written in one SQL for both engines; whoever may write to the database past the program
// could drop it anyway. On PostgreSQL an operator who wants more takes UPDATE on audit_log away from the program's user.
package audit

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
)

// Entry is one line of the log.
type Entry struct {
	ID      string
	At      time.Time
	Actor   access.Kind
	ActorID string            // account or key; "" for the program and for visitors
	Action  string            // what was done, in the past: "report.published"
	Subject string            // id of what it was done to, or ""
	Account string            // the account it is about, or ""
	Detail  map[string]string // what one must know beside this; never personal data, never a secret
}

// Log writes and reads the log.
type Log struct {
	db  *db.DB
	now clock.Clock

	mu      sync.RWMutex
	bundles []*i18n.Bundle // in which actions are explained
}

// New returns the log of a store.
func New(d *db.DB, now clock.Clock) *Log {
	return &Log{db: d, now: now, bundles: []*i18n.Bundle{locale()}}
}

// Record adds an entry in the transaction of s. ID and At are set here; the actor stands in the entry as it acts.
func (l *Log) Record(ctx context.Context, s *db.Scope, actor access.Actor, e Entry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return err
	}
	if e.Detail == nil {
		detail = []byte("{}")
	}
	at := l.now()
	_, err = s.Exec(ctx, `INSERT INTO audit_log (tenant_id, id, at, actor, actor_id, action, subject, account, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id.New(at), clock.Micros(at), string(actor.Kind), actor.ID, e.Action, e.Subject, e.Account, string(detail))
	return err
}
