package tally

import (
	"fmt"
	"time"
)

// dayCache remembers the bounds of the last day, for lines of one day follow each other.
type dayCache struct {
	from, until int64
	number      int32
}

// day returns the day of a time in a zone, counted from 1970-01-01.
func (c *dayCache) day(at int64, zone *time.Location) int32 {
	if at < c.from || at >= c.until {
		y, m, d := time.Unix(at, 0).In(zone).Date()
		c.from = time.Date(y, m, d, 0, 0, 0, 0, zone).Unix()
		c.until = time.Date(y, m, d+1, 0, 0, 0, 0, zone).Unix()
		c.number = int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	}
	return c.number
}

// monday returns the first day of the week of a day. 1970-01-01 was a Thursday.
func monday(day int32) int32 {
	since := (day + 3) % 7
	if since < 0 {
		since += 7
	}
	return day - since
}

// weekName returns the week that begins on a day as ISO 8601 writes it: 2026-W48.
func weekName(monday int32) string {
	y, w := time.Unix(int64(monday)*86400, 0).UTC().ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, w)
}
