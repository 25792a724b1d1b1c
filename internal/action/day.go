package action

import "time"

// Day is a day without a time, as 2026-11-29; "" for no day. Days compare as their texts do.
type Day string

// ParseDay reads a day as 2026-11-29; ok is false for anything but that or "", and outside 2000 to 2199.
func ParseDay(text string) (d Day, ok bool) {
	if text == "" {
		return "", true
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 2000 || t.Year() > 2199 {
		return "", false
	}
	return Day(text), true
}

// DayOf returns the day of a moment in its own zone.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// Time returns midnight UTC of the day; the zero time for no day.
func (d Day) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Plus returns the day so many days later.
func (d Day) Plus(days int) Day { return DayOf(d.Time().AddDate(0, 0, days)) }
