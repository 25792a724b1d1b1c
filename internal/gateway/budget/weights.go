package budget

import (
	"context"
	"time"

	"tekentafel/internal/db"
)

// Weight is how an amount is spread over those who used it: the two who used most, and all together.
type Weight struct{ Total, First, Second int64 }

// Weights is how what was used is spread over people and keys. It names nobody.
type Weights struct {
	Users  int // people and keys that used anything
	Tokens Weight
	Euro   Weight // nano-euro
}

// Weights returns how what was used on the days from and before to, in the zone of the organisation, is spread. It is for judging whether a sum can be shown: who
// used second most must not learn from it what another used. Days that Forget put together are in none.
func (b *Book) Weights(ctx context.Context, r db.Reader, from, to time.Time) (Weights, error) {
	var w Weights
	err := r.Rows(ctx, `SELECT CAST(SUM(used_tokens) AS BIGINT), CAST(SUM(used_euro) AS BIGINT) FROM budget_days
WHERE tenant_id = $1 AND model_group = '' AND day > 0 AND day >= $2 AND day < $3 AND (counter LIKE 'person:%' OR counter LIKE 'key:%') GROUP BY counter`,
		func(scan func(...any) error) error {
			var tokens, euro int64
			if err := scan(&tokens, &euro); err != nil {
				return err
			}
			if tokens > 0 || euro > 0 {
				w.Users++
				w.Tokens.add(tokens)
				w.Euro.add(euro)
			}
			return nil
		}, civil(from), civil(to))
	return w, err
}

func (w *Weight) add(n int64) {
	w.Total += n
	switch {
	case n > w.First:
		w.First, w.Second = n, w.First
	case n > w.Second:
		w.Second = n
	}
}
