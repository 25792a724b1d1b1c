package scim

import (
	"context"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// refusedEvery is how often the log tells of the same account: a directory asks again for as long as it is refused.
const refusedEvery = 24 * time.Hour

// refused notes that an account was not for the directory, after the change was undone, and returns the error.
func (g *Registry) refused(ctx context.Context, by access.Actor, err error) error {
	var taken *TakenError
	if !errors.As(err, &taken) || taken.Account == "" {
		return err
	}
	noted := g.DB.Write(ctx, by.Tenant, func(sc *db.Scope) error {
		var before int
		if err := sc.Row(ctx, `SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND account = $2 AND action = $3 AND at >= $4`,
			[]any{taken.Account, UserRefused, clock.Micros(g.Now().Add(-refusedEvery))}, &before); err != nil || before > 0 {
			return err
		}
		return g.Log.Record(ctx, sc, by, audit.Entry{Action: UserRefused, Subject: taken.Account, Account: taken.Account, Detail: map[string]string{"why": taken.Why}})
	})
	return errors.Join(err, noted)
}
