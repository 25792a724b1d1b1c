package logs

import (
	"time"
)

// clock turns the times of logs into Unix seconds. Lines of one minute follow each other, so the last minute is remembered.
type clock struct {
	zone       *time.Location
	now        time.Time
	monthFirst bool
	minute     [5]int
	base       int64
}

// at returns the Unix seconds of a time in the zone, and whether there is such a time. Times that the zone skips count as time.Date does.
func (c *clock) at(y, mo, d, h, mi, s int) (int64, bool) {
	if minute := [5]int{y, mo, d, h, mi}; minute != c.minute || c.base == 0 {
		if y < 1990 || y > 2200 || mo < 1 || mo > 12 || d < 1 || d > days(y, mo) || h < 0 || h > 23 || mi < 0 || mi > 59 {
			return 0, false
		}
		c.minute, c.base = minute, time.Date(y, time.Month(mo), d, h, mi, 0, 0, c.zone).Unix()
	}
	return c.base + int64(s), s >= 0 && s <= 60
}

func days(y, mo int) int {
	switch mo {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

// utc returns the Unix seconds of a time in UTC less an offset in seconds.
func utc(y, mo, d, h, mi, s, offset int) (int64, bool) {
	if y < 1990 || y > 2200 || mo < 1 || mo > 12 || d < 1 || d > days(y, mo) || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 60 {
		return 0, false
	}
	// Days since 1970-01-01 in the Gregorian calendar, the year counted from March.
	yy, mm := y, mo-3
	if mm < 0 {
		yy, mm = y-1, mm+12
	}
	n := 365*yy + yy/4 - yy/100 + yy/400 + (153*mm+2)/5 + d - 1 - 719468
	return int64(n)*86400 + int64(h*3600+mi*60+s-offset), true
}

// num reads n digits at i; -1 when they are none.
func num(b []byte, i, n int) int {
	if i+n > len(b) {
		return -1
	}
	v := 0
	for _, c := range b[i : i+n] {
		if c < '0' || c > '9' {
			return -1
		}
		v = v*10 + int(c-'0')
	}
	return v
}

// month reads three letters at i.
func month(b []byte, i int) int {
	if i+3 > len(b) {
		return 0
	}
	switch string(b[i : i+3]) {
	case "Jan":
		return 1
	case "Feb":
		return 2
	case "Mar":
		return 3
	case "Apr":
		return 4
	case "May":
		return 5
	case "Jun":
		return 6
	case "Jul":
		return 7
	case "Aug":
		return 8
	case "Sep":
		return 9
	case "Oct":
		return 10
	case "Nov":
		return 11
	case "Dec":
		return 12
	default:
		return 0
	}
}

// hms reads 15:04:05 at i.
func hms(b []byte, i int) (h, mi, s int) {
	if i+8 > len(b) || b[i+2] != ':' || b[i+5] != ':' {
		return -1, -1, -1
	}
	return num(b, i, 2), num(b, i+3, 2), num(b, i+6, 2)
}

// offset reads Z, +0100 or +01:00; ok is false for anything else.
func offset(b []byte) (seconds int, ok bool) {
	if len(b) == 1 && (b[0] == 'Z' || b[0] == 'z') {
		return 0, true
	}
	if len(b) == 6 && b[3] == ':' {
		b = append(append(make([]byte, 0, 5), b[:3]...), b[4:]...)
	}
	if len(b) != 5 || b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	h, m := num(b, 1, 2), num(b, 3, 2)
	if h < 0 || h > 15 || m < 0 || m > 59 {
		return 0, false
	}
	seconds = h*3600 + m*60
	if b[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// parse reads a time as tables have it: seconds or milliseconds since 1970, 2026-11-29T10:00:00 with or without zone and fraction, 2026/11/29 10:00:00,
// 29/11/2026 10:00 (or month first, or with AM and PM), Sun Nov 29 10:00:00 2026, and a day alone.
func (c *clock) parse(b []byte) (int64, bool) {
	b = trimSpace(b)
	switch {
	case len(b) < 8:
		return 0, false
	case num(b, 0, 4) > 0 && (b[4] == '-' || b[4] == '/') && len(b) >= 10 && b[7] == b[4]:
		return c.yearFirst(b)
	case b[0] >= '0' && b[0] <= '9' && (b[1] == '/' || b[2] == '/' || b[1] == '.' || b[2] == '.' || b[2] == '-'):
		return c.dayFirst(b)
	case b[0] >= '0' && b[0] <= '9':
		return epoch(b)
	case len(b) >= 24 && b[3] == ' ' && month(b, 4) > 0: // Sun Nov 29 10:00:00 2026
		d := num(b, 8, 2)
		if b[8] == ' ' {
			d = num(b, 9, 1)
		}
		h, mi, s := hms(b, 11)
		return c.at(num(b, 20, 4), month(b, 4), d, h, mi, s)
	default:
		return 0, false
	}
}

func (c *clock) yearFirst(b []byte) (int64, bool) {
	y, mo, d := num(b, 0, 4), num(b, 5, 2), num(b, 8, 2)
	if len(b) == 10 {
		return c.at(y, mo, d, 0, 0, 0)
	}
	if b[10] != ' ' && b[10] != 'T' {
		return 0, false
	}
	h, mi, s := hms(b, 11)
	if s < 0 {
		return 0, false
	}
	rest := b[19:]
	if len(rest) > 0 && (rest[0] == '.' || rest[0] == ',') {
		i := 1
		for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
			i++
		}
		rest = rest[i:]
	}
	if rest = trimSpace(rest); len(rest) == 0 {
		return c.at(y, mo, d, h, mi, s)
	}
	if off, ok := offset(rest); ok {
		return utc(y, mo, d, h, mi, s, off)
	}
	if string(rest) == "UTC" || string(rest) == "GMT" {
		return utc(y, mo, d, h, mi, s, 0)
	}
	return 0, false
}

// dayFirst reads 29/11/2026 10:00:00, also 9/1/2026 and with dots or hyphens; the month stands first when the columns say so, or with AM and PM.
func (c *clock) dayFirst(b []byte) (int64, bool) {
	var part [6]int
	n, i := 0, 0
	for n < 6 && i < len(b) && b[i] >= '0' && b[i] <= '9' {
		start := i
		for i < len(b) && i-start < 4 && b[i] >= '0' && b[i] <= '9' {
			part[n] = part[n]*10 + int(b[i]-'0')
			i++
		}
		n++
		if i < len(b) && i > start && (b[i] == '/' || b[i] == '.' || b[i] == '-' || b[i] == ':' || b[i] == ' ' || b[i] == ',') {
			i++
			if i < len(b) && b[i] == ' ' {
				i++
			}
		}
	}
	if n != 3 && n < 5 {
		return 0, false
	}
	monthFirst := c.monthFirst
	switch string(trimSpace(b[min(i, len(b)):])) {
	case "":
	case "AM", "am":
		monthFirst = true
		if part[3] == 12 {
			part[3] = 0
		}
	case "PM", "pm":
		monthFirst = true
		if part[3] < 12 {
			part[3] += 12
		}
	default:
		return 0, false
	}
	d, mo := part[0], part[1]
	if monthFirst {
		d, mo = mo, d
	}
	return c.at(part[2], mo, d, part[3], part[4], part[5])
}

// epoch reads seconds, milliseconds, or seconds with a fraction, since 1970.
func epoch(b []byte) (int64, bool) {
	var v int64
	i := 0
	for i < len(b) && i < 14 && b[i] >= '0' && b[i] <= '9' {
		v = v*10 + int64(b[i]-'0')
		i++
	}
	switch {
	case i == 13 && len(b) == 13:
		v /= 1000
	case i != 10 || len(b) > 10 && b[10] != '.':
		return 0, false
	}
	return v, true
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// yearless finds the year of a time without one: the latest that does not lie more than a day and a half ahead of now.
func (c *clock) yearless(mo, d, h, mi, s int) (int64, bool) {
	now := c.now.In(c.zone)
	for y := now.Year() + 1; y > now.Year()-5; y-- {
		if t, ok := c.at(y, mo, d, h, mi, s); ok && t <= c.now.Unix()+129600 {
			return t, true
		}
	}
	return 0, false
}
