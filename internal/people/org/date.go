package org

import (
	"fmt"
	"time"
)

// Date is a day without a time, written as the number 20261129; 0 is a day that nobody knows or that never comes.
type Date int32

// NewDate returns a day, and false when there is no such day (31 April, year 0) or it lies outside 1800 to 2199.
func NewDate(year, month, day int) (Date, bool) {
	if year < 1800 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return 0, false
	}
	return Date(year*10000 + month*100 + day), true
}

// DateOf returns the day on which a moment falls in its own zone.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return 0
	}
	y, m, d := t.Date()
	return Date(y*10000 + int(m)*100 + d)
}

// Year returns the year, 0 for no date.
func (d Date) Year() int { return int(d) / 10000 }

// Time returns midnight UTC of the day; the zero time for no date.
func (d Date) Time() time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
}

// String writes the day as 2026-11-29, and "" for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", int(d)/10000, int(d)/100%100, int(d)%100)
}

// ParseDate reads what String writes; false for anything else. "" is no date.
func ParseDate(s string) (Date, bool) {
	if s == "" {
		return 0, true
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, false
	}
	return NewDate(t.Year(), int(t.Month()), t.Day())
}

// MarshalText writes the day as 2026-11-29.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(b []byte) error {
	v, ok := ParseDate(string(b))
	if !ok {
		return fmt.Errorf("%q is no day; write it as 2026-11-29", b)
	}
	*d = v
	return nil
}

// Span is the days on which something holds: from and including From, up to and not including To. 0 at either side is open.
type Span struct {
	From Date `json:"from,omitempty"`
	To   Date `json:"to,omitempty"`
}

// On tells whether the span holds a day.
func (s Span) On(d Date) bool { return (s.From == 0 || s.From <= d) && (s.To == 0 || d < s.To) }

// Possible tells whether the span does not end before it begins.
func (s Span) Possible() bool { return s.From == 0 || s.To == 0 || s.From <= s.To }
