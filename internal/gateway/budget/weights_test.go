package budget_test

import (
	"fmt"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
)

func TestWeightsTellHowUseIsSpreadAndOfWhomNot(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, d, _ *db.DB) {
		clock := &hands{at: at("2026-11-10 10:00:00")}
		b := budget.New(d, limits{}, clock.now)
		use := func(c budget.Call, tokens int64) {
			t.Helper()
			c.Most, c.Within = budget.Amount{Tokens: 1000, Euro: euro("1")}, time.Minute
			if _, err := b.Reserve(t.Context(), dbtest.Ours, &c); err != nil {
				t.Fatal(err)
			}
			if err := b.Settle(t.Context(), dbtest.Ours, c.ID, budget.Amount{Tokens: tokens}, false); err != nil {
				t.Fatal(err)
			}
		}
		for i, tokens := range []int64{40, 300, 200, 0} {
			use(budget.Call{ID: fmt.Sprint("chat-", i), Person: fmt.Sprint("person-", i), Group: "large"}, tokens)
		}
		use(budget.Call{ID: "again", Person: "person-0"}, 5)
		use(budget.Call{ID: "program", Key: "key-1"}, 250)
		clock.set(at("2026-12-01 00:10:00"))
		use(budget.Call{ID: "later", Person: "person-1"}, 900)
		w, err := b.Weights(t.Context(), d.Of(dbtest.Ours), at("2026-11-01 00:00:00"), at("2026-12-01 00:00:00"))
		if want := (budget.Weights{Users: 4, Tokens: budget.Weight{Total: 795, First: 300, Second: 250}}); err != nil || w != want {
			t.Errorf("%v %+v, want %+v", err, w, want)
		}
	})
}
