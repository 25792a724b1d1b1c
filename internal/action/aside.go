package action

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Aside is a proposal that was put aside.
type Aside struct {
	Reason  string
	Account string // who did; "" when erased
	At      time.Time
}

// mostKey bounds the key of a proposal, in bytes.
const mostKey = 600

// PutAside puts a proposal of a report aside, with the reason: it does not come back for this report.
func (s *Service) PutAside(ctx context.Context, actor access.Actor, report, proposal, reason string) error {
	if err := allow(actor, access.ChangeActions, nil); err != nil {
		return err
	}
	reason = prose(reason)
	form := newChecker()
	form.bounded("reason", reason, LeastReason, MostReason)
	if err := form.Err(); err != nil {
		return err
	}
	if len(proposal) > mostKey || len(report) > mostKey || proposal == "" {
		return db.ErrNoRow
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		n, err := tx.Exec(ctx, `INSERT INTO action_asides (tenant_id, report_id, proposal, reason, account_id, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
			report, proposal, reason, actor.Owner, clock.Micros(s.Now()))
		if err != nil || n == 0 {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "action.proposal-aside", Subject: report})
	})
}

// TakeBack brings a proposal back that was put aside.
func (s *Service) TakeBack(ctx context.Context, actor access.Actor, report, proposal string) error {
	if err := allow(actor, access.ChangeActions, nil); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		n, err := tx.Exec(ctx, `DELETE FROM action_asides WHERE tenant_id = $1 AND report_id = $2 AND proposal = $3`, report, proposal)
		if err != nil || n == 0 {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "action.proposal-back", Subject: report})
	})
}

// Asides returns the proposals of a report that were put aside, by key.
func (s *Service) Asides(ctx context.Context, actor access.Actor, report string) (map[string]Aside, error) {
	if err := allow(actor, access.ReadActions, nil); err != nil {
		return nil, err
	}
	out := map[string]Aside{}
	err := s.DB.Of(actor.Tenant).Rows(ctx, `SELECT proposal, reason, account_id, at FROM action_asides WHERE tenant_id = $1 AND report_id = $2`, func(scan func(...any) error) error {
		var key string
		var a Aside
		var at int64
		err := scan(&key, &a.Reason, &a.Account, &at)
		a.At = clock.Time(at)
		out[key] = a
		return err
	}, report)
	return out, err
}
