package mail

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: the mails to an account, and those to its address.
func (o *Outbox) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	address, err := o.mailbox(ctx, t, account)
	if err != nil {
		return nil, err
	}
	mails, err := collect(ctx, o.DB.Of(t), `SELECT `+mailColumns+` FROM mails
WHERE tenant_id = $1 AND (account_id = $2 OR (recipient = $3 AND recipient <> '')) ORDER BY id DESC`, account, address)
	if err != nil || len(mails) == 0 {
		return nil, err
	}
	section := held.Section{Name: "mails", Title: say("held.title", nil)}
	for _, m := range mails {
		section.Rows = append(section.Rows, held.Row{
			Source: "mails/" + m.ID, Label: say("held."+string(m.State), i18n.Args{"subject": m.Subject}), Value: m.Recipient, When: m.Created,
		})
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (o *Outbox) Effects() held.Effects {
	return held.Effects{
		Goes:  []problem.Message{say("erasure.goes", nil)},
		Stays: []held.Stays{{What: say("erasure.stays", nil), Why: say("erasure.why", nil)}},
	}
}

// Erase implements held.Eraser: what waits is deleted, and what was sent loses its recipient, its text and what the server
// said. Posted in the same transaction with Forget and without Account, a last mail may still go out.
func (o *Outbox) Erase(ctx context.Context, s *db.Scope, account string) error {
	address, err := o.mailbox(ctx, s.Tenant(), account)
	if err != nil {
		return err
	}
	const theirs = `WHERE tenant_id = $1 AND NOT forget AND (account_id = $2 OR (recipient = $3 AND recipient <> ''))`
	if _, err := s.Exec(ctx, `DELETE FROM mails `+theirs+` AND state = 'waiting'`, account, address); err != nil {
		return err
	}
	_, err = s.Exec(ctx, `UPDATE mails SET recipient = '', account_id = '', reply = '', body = $4, forget = TRUE `+theirs, account, address, []byte{})
	return err
}

// mailbox returns the address of an account as it was before this transaction, "" where that is not known.
func (o *Outbox) mailbox(ctx context.Context, t tenant.ID, account string) (string, error) {
	if o.Mailbox == nil {
		return "", nil
	}
	return o.Mailbox(ctx, t, account)
}

// Kept returns how long mails stay: 90 days after they were sent, were refused or became unsure.
func Kept() held.Kept {
	return held.Fill(held.Kept{
		Name: "mails", Label: say("kept.label", nil), Basis: say("kept.basis", nil), Default: 90, Minimum: 7, Maximum: 730,
	}, held.Table{Name: "mails", Key: "id", At: "finished_at", When: "finished_at > 0"})
}

// AfterRestore makes every mail that waits or was being sent unsure: since the backup was made it may have been sent.
// Call it once, after a store was restored and before any worker runs.
func AfterRestore(ctx context.Context, s *db.System, now time.Time) (int64, error) {
	return s.Exec(ctx, `UPDATE mails SET state = 'unsure', lease_until = 0, finished_at = $1, reason = 'restored'
WHERE state IN ('waiting', 'sending')`, clock.Micros(now))
}

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

func text(lang instrument.Lang, key string, args i18n.Args) string {
	return locale().Printer(lang).T(key, args)
}
