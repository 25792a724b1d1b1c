package budget

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/clock"
)

func TestPeriodsEndAtMidnightOnTheCalendarOfTheOrganisation(t *testing.T) {
	t.Parallel()
	zone := clock.Brussels()
	for _, c := range []struct {
		period         Period
		at, from, next string // in Brussels
		last           string
	}{
		{Day, "2026-10-25 02:30", "2026-10-25", "2026-10-26 00:00", "2026-10-25"}, // 25 hours
		{Day, "2026-03-29 23:59", "2026-03-29", "2026-03-30 00:00", "2026-03-29"}, // 23 hours
		{Day, "2026-12-31 00:00", "2026-12-31", "2027-01-01 00:00", "2026-12-31"},
		{Week, "2026-11-29 23:59", "2026-11-23", "2026-11-30 00:00", "2026-11-29"}, // a Sunday
		{Week, "2026-11-30 00:00", "2026-11-30", "2026-12-07 00:00", "2026-12-06"},
		{Week, "2027-01-02 12:00", "2026-12-28", "2027-01-04 00:00", "2027-01-03"},
		{Month, "2026-02-28 23:59", "2026-02-01", "2026-03-01 00:00", "2026-02-28"},
		{Month, "2028-02-29 00:00", "2028-02-01", "2028-03-01 00:00", "2028-02-29"},
		{Month, "2026-12-31 23:59", "2026-12-01", "2027-01-01 00:00", "2026-12-31"},
		{Month, "2026-01-31 12:00", "2026-01-01", "2026-02-01 00:00", "2026-01-31"},
	} {
		at, _ := time.ParseInLocation("2006-01-02 15:04", c.at, zone)
		days, next := c.period.around(at)
		date := func(day int64) string { return time.Unix(day*86400, 0).UTC().Format(time.DateOnly) }
		if date(days.from) != c.from || date(days.to) != c.last || next.Format("2006-01-02 15:04") != c.next {
			t.Errorf("%s around %s: %s to %s, anew at %v", c.period, c.at, date(days.from), date(days.to), next)
		}
	}
	if days, next := Ever.around(time.Now()); !next.IsZero() || !days.holds(0) || !days.holds(civil(time.Now())) {
		t.Error("ever starts anew, or leaves out what was put together")
	}
}

func TestEachMomentIsInOnePeriodAndTheNextBeginsWhereItEnds(t *testing.T) {
	t.Parallel()
	zone := clock.Brussels()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "second"), 0).In(zone)
		p := rapid.SampledFrom([]Period{Day, Week, Month}).Draw(t, "period")
		days, next := p.around(at)
		if !days.holds(civil(at)) || !next.After(at) || civil(next) != days.to+1 || civil(next.Add(-time.Second)) != days.to {
			t.Fatalf("%s around %v is %+v and ends at %v", p, at, days, next)
		}
		if after, _ := p.around(next); after.from != days.to+1 {
			t.Fatalf("%s after %v begins on day %d", p, next, after.from)
		}
	})
}

func TestALimitWarnsFromFourFifths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		used, most int64
		want       Level
	}{{0, 10, Fine}, {7, 10, Fine}, {8, 10, Near}, {9, 10, Near}, {10, 10, Full}, {11, 10, Full}, {0, 0, Full}, {79, 100, Fine}, {80, 100, Near},
		{3, 4, Fine}, {4e18, 5e18, Near}, {4e18 - 1e15, 5e18, Fine}} {
		if got := (&Limit{Most: c.most}).level(c.used); got != c.want {
			t.Errorf("%d of %d is %d, want %d", c.used, c.most, got, c.want)
		}
	}
}
