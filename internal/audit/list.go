package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

// Filter says which entries are wanted. The zero value wants all, the newest first.
type Filter struct {
	Actor    string    // id of the account or key that acted, or ""
	Account  string    // the account that an entry is about, or ""
	Action   string    // the action, or its first words: "mail" and "mail.resent" both find "mail.resent"
	From, To time.Time // from From and before To; zero for no bound

	Before, After string // entries older, or newer, than the one with this id; at most one of both
}

// Listed is a part of the log.
type Listed struct {
	Entries      []Entry // the newest first
	Newer, Older bool    // there are more on that side
}

// List returns at most limit entries of an organisation. It reads from one entry to the next by key, so that a page far back
// costs as much as the first and entries that arrive meanwhile shift nothing.
func (l *Log) List(ctx context.Context, t tenant.ID, f Filter, limit int) (Listed, error) {
	entries, err := f.read(ctx, l.db.Of(t), limit+1)
	if err != nil {
		return Listed{}, err
	}
	more := len(entries) > limit
	if f.After != "" {
		if more {
			entries = entries[1:]
		}
		return Listed{Entries: entries, Newer: more, Older: true}, nil
	}
	if more {
		entries = entries[:limit]
	}
	return Listed{Entries: entries, Newer: f.Before != "", Older: more}, nil
}

const entryColumns = `id, at, actor, actor_id, action, subject, account, detail`

// wanted is the condition of a filter; its arguments are those of args.
const wanted = `tenant_id = $1 AND ($2 = '' OR actor_id = $2) AND ($3 = '' OR account = $3)
AND ($4 = '' OR action = $4 OR SUBSTR(action, 1, LENGTH($5)) = $5) AND at >= $6 AND (at < $7 OR $7 = 0)`

func (f Filter) args() []any {
	return []any{f.Actor, f.Account, f.Action, f.Action + ".", clock.Micros(f.From), clock.Micros(f.To)}
}

func (f Filter) read(ctx context.Context, r db.Reader, limit int) ([]Entry, error) {
	if f.After != "" {
		return collect(ctx, r, `SELECT * FROM (SELECT `+entryColumns+` FROM audit_log WHERE `+wanted+` AND id > $8 ORDER BY id LIMIT $9) AS page
ORDER BY id DESC`, append(f.args(), f.After, limit)...)
	}
	return collect(ctx, r, `SELECT `+entryColumns+` FROM audit_log WHERE `+wanted+` AND ($8 = '' OR id < $8) ORDER BY id DESC LIMIT $9`,
		append(f.args(), f.Before, limit)...)
}

// about returns the entries about an account and those of what it did itself, the newest first.
func about(ctx context.Context, r db.Reader, account string) ([]Entry, error) {
	return collect(ctx, r, `SELECT `+entryColumns+` FROM audit_log
WHERE tenant_id = $1 AND (account = $2 OR actor_id = $2 OR subject = $2) ORDER BY id DESC`, account)
}

// actions lists the actions that stand in the log, sorted.
func actions(ctx context.Context, r db.Reader) ([]string, error) {
	var list []string
	err := r.Rows(ctx, `SELECT DISTINCT action FROM audit_log WHERE tenant_id = $1 ORDER BY action`, func(scan func(...any) error) error {
		var a string
		err := scan(&a)
		list = append(list, a)
		return err
	})
	return list, err
}

func collect(ctx context.Context, r db.Reader, query string, args ...any) ([]Entry, error) {
	var list []Entry
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		var e Entry
		var at int64
		var actor, detail string
		if err := scan(&e.ID, &at, &actor, &e.ActorID, &e.Action, &e.Subject, &e.Account, &detail); err != nil {
			return err
		}
		e.At, e.Actor = clock.Time(at), access.Kind(actor)
		if err := json.Unmarshal([]byte(detail), &e.Detail); err != nil {
			return fmt.Errorf("the entry %s of the audit log: %w", e.ID, err)
		}
		list = append(list, e)
		return nil
	}, args...)
	return list, err
}
