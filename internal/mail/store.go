package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

// claim is the right of one worker to send one mail.
type claim struct {
	tenant    tenant.ID
	id        string
	recipient string
	subject   string
	body      []byte // sealed
	created   time.Time
	until     time.Time
	attempt   int64 // tells this claim from those before and after it
	tries     int
}

func add(ctx context.Context, s *db.Scope, name string, m Message, to, subject string, sealed []byte, now time.Time) error {
	_, err := s.Exec(ctx, `INSERT INTO mails (tenant_id, id, kind, recipient, account_id, subject, body, forget, state, run_at, until, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10, $9)`,
		name, m.Kind, to, m.Account, subject, sealed, m.Forget, clock.Micros(now), clock.Micros(m.Until))
	return err
}

// anyDue tells whether there is something to claim or to recover, without waiting for those who write.
func anyDue(ctx context.Context, s *db.System, now time.Time) (bool, error) {
	var n int
	err := s.Row(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM mails WHERE state = 'waiting' AND run_at <= $1
UNION ALL SELECT 1 FROM mails WHERE state = 'sending' AND lease_until < $1) AS due`, []any{clock.Micros(now)}, &n)
	return n > 0, err
}

// recoverLeases ends claims whose worker is dead: a mail that was not handed over waits again, the others are unsure.
func recoverLeases(ctx context.Context, s *db.System, now time.Time) (unsure int64, err error) {
	at := clock.Micros(now)
	if _, err := s.Exec(ctx, `UPDATE mails SET state = 'waiting', run_at = $1, lease_until = 0, reason = 'died'
WHERE state = 'sending' AND lease_until < $1 AND handed_at = 0`, at); err != nil {
		return 0, err
	}
	return s.Exec(ctx, `UPDATE mails SET state = 'unsure', lease_until = 0, finished_at = $1, reason = 'died-handed'
WHERE state = 'sending' AND lease_until < $1 AND handed_at > 0`, at)
}

// claimDue claims the mail that has been due longest; nil when none is.
func claimDue(ctx context.Context, s *db.System, now time.Time, lease time.Duration) (*claim, error) {
	c := &claim{}
	var t string
	var created, until int64
	at := clock.Micros(now)
	err := s.Row(ctx, `SELECT tenant_id, id, recipient, subject, body, created_at, until, attempts + 1, tries + 1 FROM mails
WHERE state = 'waiting' AND run_at <= $1 ORDER BY run_at, id LIMIT 1`, []any{at},
		&t, &c.id, &c.recipient, &c.subject, &c.body, &created, &until, &c.attempt, &c.tries)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil //nolint:nilnil // nothing to do is no error
	}
	if err != nil {
		return nil, err
	}
	c.tenant, c.created, c.until = tenant.ID(t), clock.Time(created), clock.Time(until)
	_, err = s.Exec(ctx, `UPDATE mails SET state = 'sending', attempts = $3, tries = $4, lease_until = $5, handed_at = 0
WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'`, t, c.id, c.attempt, c.tries, clock.Micros(now.Add(lease)))
	return c, err
}

// markHanded writes down that the message is about to go out. It tells false when the claim has ended.
func markHanded(ctx context.Context, s *db.Scope, c *claim, now time.Time, lease time.Duration) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE mails SET handed_at = $4, lease_until = $5
WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state = 'sending'`, c.id, c.attempt, clock.Micros(now), clock.Micros(now.Add(lease)))
	return n > 0, err
}

// record writes the outcome of a claim. A claim whose lease passed meanwhile may still say what it knows, as long as nobody
// has claimed or resent the mail since. A body that is not needed any more goes, and the recipient with it where it must.
func record(ctx context.Context, s *db.Scope, c *claim, out outcome, now time.Time) error {
	finished := int64(0)
	if out.state != Waiting {
		finished = clock.Micros(now)
	}
	_, err := s.Exec(ctx, `UPDATE mails SET state = $4, reason = $5, reply = $6, run_at = $7, finished_at = $8, lease_until = 0,
  handed_at = CASE WHEN $4 = 'waiting' THEN 0 ELSE handed_at END,
  body = CASE WHEN $4 = 'sent' THEN $9 ELSE body END,
  recipient = CASE WHEN $4 = 'sent' AND forget THEN '' ELSE recipient END
WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state IN ('sending', 'unsure')`,
		c.id, c.attempt, string(out.state), out.reason, out.reply, clock.Micros(out.next), finished, []byte{})
	return err
}

// Mail is what the store shows of a mail: never its text.
type Mail struct {
	ID, Kind, Recipient, Account, Subject string
	State                                 State
	Reason                                string // a word of this package: why it stands as it does
	Reply                                 string // what the server last said
	Tries                                 int
	Created, Due, Until, Finished         time.Time
}

const mailColumns = `id, kind, recipient, account_id, subject, state, reason, reply, tries, created_at, run_at, until, finished_at`

func scanMail(scan func(...any) error) (Mail, error) {
	var m Mail
	var created, due, until, finished int64
	err := scan(&m.ID, &m.Kind, &m.Recipient, &m.Account, &m.Subject, (*string)(&m.State), &m.Reason, &m.Reply, &m.Tries, &created, &due, &until, &finished)
	m.Created, m.Due, m.Until, m.Finished = clock.Time(created), clock.Time(due), clock.Time(until), clock.Time(finished)
	return m, err
}

func collect(ctx context.Context, r db.Reader, query string, args ...any) ([]Mail, error) {
	var list []Mail
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		m, err := scanMail(scan)
		list = append(list, m)
		return err
	}, args...)
	return list, err
}

// list returns mails, the newest first, of one state or of all (""), older than a mail ("" for the newest) or, with newer,
// those right after it.
// Kinds in apart are left out.
func list(ctx context.Context, r db.Reader, apart []string, state State, before, after string, limit int) ([]Mail, error) {
	if after != "" {
		without, args := notAmong(apart, string(state), after, limit)
		return collect(ctx, r, `SELECT * FROM (SELECT `+mailColumns+` FROM mails
WHERE tenant_id = $1 AND ($2 = '' OR state = $2) AND id > $3`+without+` ORDER BY id LIMIT $4) AS page ORDER BY id DESC`, args...)
	}
	without, args := notAmong(apart, string(state), before, limit)
	return collect(ctx, r, `SELECT `+mailColumns+` FROM mails
WHERE tenant_id = $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR id < $3)`+without+` ORDER BY id DESC LIMIT $4`, args...)
}

// notAmong is a condition that leaves kinds out, and the arguments of a statement with those of the condition behind them.
func notAmong(kinds []string, args ...any) (condition string, all []any) {
	for _, k := range kinds {
		args = append(args, k)
		condition += fmt.Sprintf(" AND kind <> $%d", 1+len(args))
	}
	return condition, args
}

// counts returns how many mails there are by state, without the kinds in apart.
func counts(ctx context.Context, r db.Reader, apart []string) (map[State]int, error) {
	out := map[State]int{}
	without, args := notAmong(apart)
	err := r.Rows(ctx, `SELECT state, COUNT(*) FROM mails WHERE tenant_id = $1`+without+` GROUP BY state`, func(scan func(...any) error) error {
		var state State
		var n int
		err := scan((*string)(&state), &n)
		out[state] = n
		return err
	}, args...)
	return out, err
}

// undelivered returns mails of a kind that were refused or are unsure.
func undelivered(ctx context.Context, r db.Reader, kind string) ([]Mail, error) {
	return collect(ctx, r, `SELECT `+mailColumns+` FROM mails WHERE tenant_id = $1 AND kind = $2 AND state IN ('refused', 'unsure') ORDER BY id`, kind)
}

// unsent returns the ids of mails of a kind that wait, were refused or are unsure.
func unsent(ctx context.Context, r db.Reader, kind string) ([]string, error) {
	var ids []string
	err := r.Rows(ctx, `SELECT id FROM mails WHERE tenant_id = $1 AND kind = $2 AND state IN ('waiting', 'refused', 'unsure')`, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, kind)
	return ids, err
}

// withdraw deletes a mail that waits, and empties address and text of one that was refused or is unsure.
func withdraw(ctx context.Context, s *db.Scope, name string) error {
	if _, err := s.Exec(ctx, `DELETE FROM mails WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'`, name); err != nil {
		return err
	}
	_, err := s.Exec(ctx, `UPDATE mails SET recipient = '', body = $3, reply = '' WHERE tenant_id = $1 AND id = $2 AND state IN ('refused', 'unsure')`, name, []byte{})
	return err
}

func find(ctx context.Context, r db.Reader, name string) (Mail, error) {
	list, err := collect(ctx, r, `SELECT `+mailColumns+` FROM mails WHERE tenant_id = $1 AND id = $2`, name)
	if err == nil && len(list) == 0 {
		err = db.ErrNoRow
	}
	if err != nil {
		return Mail{}, err
	}
	return list[0], nil
}

// again puts a mail back among those that wait; false when it was not in a state for that.
func again(ctx context.Context, s *db.Scope, name string, now time.Time) (bool, error) {
	n, err := s.Exec(ctx, `UPDATE mails SET state = 'waiting', tries = 0, run_at = $3, handed_at = 0, reason = 'resent', reply = '', finished_at = 0
WHERE tenant_id = $1 AND id = $2 AND state IN ('unsure', 'refused') AND recipient <> ''`, name, clock.Micros(now))
	return n > 0, err
}
