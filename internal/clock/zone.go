package clock

import (
	"sync"
	"time"
)

// Brussels returns the zone of an organisation that has set none. On a machine without time zones it is UTC, and what is
// shown says so.
func Brussels() *time.Location { return brussels() }

// brussels is read once: calls to models ask for it by the thousand.
var brussels = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		return time.UTC
	}
	return zone
})

// ISO writes a time as people and programs both read it (ISO 8601, to the second, with its offset): "2026-11-24 14:03:07 +01:00".
func ISO(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04:05 -07:00")
}
