package insight

import (
	"time"
)

// Month is a month on the calendar of the organisation, as 2026-11.
type Month string

const monthForm = "2006-01"

func monthOf(t time.Time, zone *time.Location) Month { return Month(t.In(zone).Format(monthForm)) }

// start returns the first moment of the month; the zero time for what is no month.
func (m Month) start(zone *time.Location) time.Time {
	t, err := time.ParseInLocation(monthForm, string(m), zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// end returns the first moment of the next month.
func (m Month) end(zone *time.Location) time.Time { return m.start(zone).AddDate(0, 1, 0) }

// grace is how long after its end a month is closed: what other nodes gathered, and calls that began before midnight, still come.
const grace = 36 * time.Hour

// over tells whether the month can be closed.
func (m Month) over(now time.Time, zone *time.Location) bool {
	return !m.start(zone).IsZero() && !now.Before(m.end(zone).Add(grace))
}
