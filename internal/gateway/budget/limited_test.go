package budget_test

import (
	"errors"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
)

func TestACallToWhichNoLimitAppliesIsNotHeld(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		call := &budget.Call{ID: "a", Key: "k", Most: budget.Amount{Tokens: 10}, Within: time.Minute}
		for name, c := range map[string]struct {
			limits           limits
			limited, refused bool
		}{
			"none":       {},
			"of another": {limits: limits{{ID: "l", Kind: budget.Key, Subject: "other", Period: budget.Day, Unit: budget.Tokens}}},
			"enough":     {limits: limits{{ID: "l", Kind: budget.Key, Subject: "k", Period: budget.Day, Unit: budget.Tokens, Most: 10}}, limited: true},
			"too little": {limits: limits{{ID: "l", Kind: budget.Organisation, Period: budget.Day, Unit: budget.Tokens, Most: 9}}, limited: true, refused: true},
		} {
			b := budget.New(d, c.limits, clock.System())
			_, limited, err := b.ReserveLimited(t.Context(), dbtest.Ours, call)
			var refused *budget.Refused
			if limited != c.limited || errors.As(err, &refused) != c.refused || !c.refused && err != nil {
				t.Errorf("%s: %v, %v", name, limited, err)
			}
			var n int
			if err := d.Of(dbtest.Ours).Row(t.Context(), `SELECT COUNT(*) FROM budget_calls WHERE tenant_id = $1 AND state = 'held'`, nil, &n); err != nil || n != 0 != (c.limited && !c.refused) {
				t.Errorf("%s: %d held (%v)", name, n, err)
			}
			if limited && err == nil {
				if err := b.Release(t.Context(), dbtest.Ours, call.ID); err != nil {
					t.Error(err)
				}
			}
			call.ID += "a"
		}
	})
}
