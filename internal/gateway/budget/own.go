package budget

import (
	"context"
	"maps"
	"slices"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

// OwnDay is what one person used on a day, for models of a group.
type OwnDay struct {
	On    time.Time // midnight UTC of the day on the calendar of the organisation; zero for all earlier days together
	Group string    // of models; "" for all models together, which holds those of groups too
	Used  Amount    // with what is estimated
	Guess Amount    // the part of Used that is an estimate
	Held  Amount    // for calls that run
	Key   string    // of the row in budget_days, behind the organisation
}

// Days returns what a person used by day, the last first. It is for that person and for nobody else.
func (b *Book) Days(ctx context.Context, t tenant.ID, account string) ([]OwnDay, error) {
	return daysOf(ctx, b.db.Of(t), counter(Person, account))
}

// Running returns the names of the calls of a person that run, or lapsed, sorted.
func (b *Book) Running(ctx context.Context, t tenant.ID, account string) ([]string, error) {
	calls, err := callsOf(ctx, b.db.Of(t), counter(Person, account))
	return slices.Sorted(maps.Keys(calls)), err
}

// People returns the accounts of which anything was counted in the period around now: who a sum over people is about. It says of nobody how much.
func (b *Book) People(ctx context.Context, t tenant.ID, p Period, zone *time.Location) ([]string, error) {
	days, _ := p.around(b.now().In(zone))
	return peopleOf(ctx, b.db.Of(t), days)
}

// Foldable counts the days of people and keys that Forget would put together, with the oldest day of any.
func (b *Book) Foldable(ctx context.Context, r db.Reader, before time.Time, zone *time.Location) (n int, oldest time.Time, err error) {
	n, first, err := countDays(ctx, r, b.foldable(before, zone))
	if first > 0 {
		oldest = time.Unix(first*86400, 0).UTC()
	}
	return n, oldest, err
}

// Counted counts all days of people and keys.
func (b *Book) Counted(ctx context.Context, r db.Reader) (int, error) {
	n, _, err := countDays(ctx, r, lastDay)
	return n, err
}
