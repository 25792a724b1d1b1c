package value

import (
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/people/org"
)

// Order is the order in which a source writes day, month and year when the year is not first.
type Order string

// The orders. A date that begins with four digits is year, month, day in both.
const (
	DayFirst   Order = "dmy" // as in Belgium; what "" means too
	MonthFirst Order = "mdy"
)

// Date reads a day: "31/12/2025", "31-12-25", "2025-12-31", "20251231", "31 december 2025", "1er janvier 2025", also with a time
// behind it, and the day numbers of a spreadsheet (45292). The last day that a system knows ("31/12/9999"), zeros
// ("00/00/0000") and "onbepaald" are no day: 0. A year of two digits is the last one that ends so and is not after latest.
// False for what is no day in this order; days and months are never exchanged to make one.
func Date(cell string, order Order, latest int) (org.Date, bool) {
	s := strings.TrimSpace(cell)
	if s == "" || len(s) > 40 {
		return 0, s == ""
	}
	var p [4]string
	n := dateParts(s, &p)
	switch n {
	case 1:
		return oneNumber(p[0], order)
	case 2:
		if len(p[0]) == 5 && digits(p[0]) && digits(p[1]) && !strings.ContainsAny(s, "/-") { // 45292.5: a moment of a spreadsheet
			return serial(p[0])
		}
	case 3:
		return threeParts(&p, order, latest)
	}
	return endless(s)
}

// dateParts cuts a cell at what stands between the parts of a date, without the time behind it. It returns 4 for too many.
func dateParts(s string, p *[4]string) int {
	n, from := 0, -1
	for i := 0; i <= len(s); i++ {
		if i < len(s) && !strings.ContainsRune("/-., \t\u00a0", rune(s[i])) {
			if s[i] == 'T' && n == 2 && from >= 0 && i > from && digits(s[from:i]) { // 2025-12-31T00:00:00
				p[n] = s[from:i]
				if !clockTime(s[i+1:]) {
					return 4
				}
				return 3
			}
			if from < 0 {
				from = i
			}
			continue
		}
		if from < 0 {
			continue
		}
		if n == 3 {
			if strings.IndexByte(s[from:], ':') > 0 && clockTime(s[from:]) {
				return 3
			}
			return 4
		}
		p[n] = s[from:i]
		n, from = n+1, -1
	}
	return n
}

func clockTime(s string) bool {
	s = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(s), "Z"), "AM"), "PM")
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && !strings.ContainsRune(":.+- ", rune(s[i])) {
			return false
		}
	}
	return true
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// oneNumber reads 20251231, 31122025 and 45292.
func oneNumber(s string, order Order) (org.Date, bool) {
	if !digits(s) {
		return endless(s)
	}
	switch len(s) {
	case 5:
		return serial(s)
	case 8:
		if s == "00000000" || s[:4] == "9999" {
			return 0, true
		}
		if d, ok := day(number(s[:4]), number(s[4:6]), number(s[6:])); ok && d.Year() >= 1900 && d.Year() < 2100 {
			return d, true
		}
		if order == MonthFirst {
			return day(number(s[4:]), number(s[:2]), number(s[2:4]))
		}
		return day(number(s[4:]), number(s[2:4]), number(s[:2]))
	}
	return 0, s == "0"
}

// serial reads a day number of a spreadsheet (ECMA-376, 18.17.4.1: 1 is 1 January 1900), between 1927 and 2119.
func serial(s string) (org.Date, bool) {
	n := number(s)
	if n < 10_000 || n > 80_000 {
		return 0, false
	}
	return org.DateOf(time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC)), true
}

func threeParts(p *[4]string, order Order, latest int) (org.Date, bool) {
	if len(p[0]) == 4 && digits(p[0]) {
		if m := month(p[1]); m > 0 && digits(p[2]) {
			return day(number(p[0]), m, number(p[2]))
		}
		if !digits(p[1]) || !digits(p[2]) || len(p[1]) > 2 || len(p[2]) > 2 {
			return 0, false
		}
		return day(number(p[0]), number(p[1]), number(p[2]))
	}
	if !digits(p[2]) || len(p[2]) != 4 && len(p[2]) != 2 {
		return 0, false
	}
	year := number(p[2])
	if len(p[2]) == 2 {
		year = century(year, latest)
	}
	first := strings.TrimSuffix(strings.TrimSuffix(p[0], "er"), "e")
	if m := month(p[1]); m > 0 && digits(first) && len(first) <= 2 { // 31 december 2025
		return day(year, m, number(first))
	}
	if m := month(p[0]); m > 0 && digits(p[1]) && len(p[1]) <= 2 { // December 31, 2025
		return day(year, m, number(p[1]))
	}
	if !digits(p[0]) || !digits(p[1]) || len(p[0]) > 2 || len(p[1]) > 2 {
		return 0, false
	}
	d, m := number(p[0]), number(p[1])
	if order == MonthFirst {
		d, m = m, d
	}
	if d == 0 && m == 0 && number(p[2]) == 0 {
		return 0, true
	}
	return day(year, m, d)
}

// day returns a day; no day for the far end of time with which systems write that it never comes.
func day(year, month, d int) (org.Date, bool) {
	if year >= 2900 && month >= 1 && month <= 12 && d >= 1 && d <= 31 || year == 0 && month == 0 && d == 0 {
		return 0, true
	}
	return org.NewDate(year, month, d)
}

// century gives a year of two digits its century: the last one that is not after latest.
func century(yy, latest int) int {
	year := latest/100*100 + yy
	if year > latest {
		year -= 100
	}
	return year
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// endless reads the words for an end that is not known.
func endless(s string) (org.Date, bool) {
	switch Fold(s) {
	case "", "onbepaald", "onbepaalde duur", "onbeperkt", "indetermine", "duree indeterminee", "cdi", "unbefristet", "permanent", "indefinite", "open":
		return 0, true
	}
	return 0, false
}

// month reads the name of a month in four languages, whole or cut short after at least three letters; 0 for none.
func month(s string) int {
	if s == "" || s[0] >= '0' && s[0] <= '9' || len(s) > 20 {
		return 0
	}
	f := Fold(s)
	if len(f) < 3 || f == "jui" { // the beginning of two French months
		return 0
	}
	for i, names := range months {
		for _, n := range names {
			if strings.HasPrefix(n, f) {
				return i + 1
			}
		}
	}
	return 0
}

// months are the folded names of the months.
var months = [12][]string{
	{"januari", "janvier", "january", "januar"},
	{"februari", "fevrier", "february", "februar", "fevr"},
	{"maart", "mars", "march", "marz", "mrt"},
	{"april", "avril", "avr"},
	{"mei", "mai", "may"},
	{"juni", "juin", "june", "jun"},
	{"juli", "juillet", "july", "jul"},
	{"augustus", "aout", "august"},
	{"september", "septembre"},
	{"oktober", "octobre", "october"},
	{"november", "novembre"},
	{"december", "decembre", "dezember"}, //nolint:misspell // Dutch, French, German
}

// Orders tells in which orders a cell is a day whose order matters; both false for cells that are no day in either or one
// in which the order says nothing (2025-12-31).
func Orders(cell string) (dayFirst, monthFirst bool) {
	var p [4]string
	if dateParts(strings.TrimSpace(cell), &p) != 3 || len(p[0]) > 2 || !digits(p[0]) || !digits(p[1]) {
		return false, false
	}
	_, dayFirst = Date(cell, DayFirst, 2099)
	_, monthFirst = Date(cell, MonthFirst, 2099)
	return dayFirst, monthFirst
}

// Year reads a birth year: "1980", "80", or any day that Date reads, of which only the year is kept. 0 and true for no day.
// A year before 1900 or after latest is not understood.
func Year(cell string, order Order, latest int) (int, bool) {
	s := strings.TrimSpace(cell)
	year := 0
	switch {
	case len(s) == 4 && digits(s):
		year = number(s)
	case len(s) == 2 && digits(s):
		year = century(number(s), latest)
	case (len(s) == 6) && s[4] == '.' && s[5] == '0' && digits(s[:4]): // a number of a spreadsheet
		year = number(s[:4])
	default:
		d, ok := Date(s, order, latest)
		if !ok || d == 0 {
			return 0, ok
		}
		year = d.Year()
	}
	if year == 0 {
		return 0, true
	}
	return year, year >= 1900 && year <= latest
}
